"""Small files that are over are kept to be written anew: a file system may search long for the place of a new one.

ext4 passes over inodes that were freed in the last minutes, one by one. After some hundred jobs, or beside a neighbour that
makes and removes many files, a new file took 0.8 ms there; to write a spare one and to rename it takes a tenth of that.
"""
from __future__ import absolute_import, division, print_function

import collections
import itertools
import logging
import os
import stat

from minion import chance, compat, files

log = logging.getLogger(__name__)
MOST, LARGEST = 200, 1 << 16         # files that are kept, and bytes of one; further ones are removed
STOCK = 2                            # files that a job takes


class Spares(object):
    """Makes and removes files; any thread, without a lock, as a job that is ended may be ended in here.

    :param str folder: `cachedir/jobs/spare`, on the file system of what is made; made when it is missing.
    """

    def __init__(self, folder):
        self._folder, self._numbers = folder, itertools.count()
        self._mark, self._free = '%08x' % chance.getrandbits(32), collections.deque()
        try:
            compat.make_dirs(folder)
            found = [os.path.join(folder, name) for name in os.listdir(folder)]
            self._free.extend(found[:MOST])
            for path in found[MOST:]:
                files.remove(path)
        except OSError as exc:                       # without spares all goes on as well
            log.debug('%s: cannot be used (%s)', folder, files.reason(exc))

    def remove(self, path):
        """Remove a file, or keep it; True unless it was not there.  :raises OSError: as files.remove."""
        if len(self._free) >= MOST:
            return files.remove(path)
        spare = self._name()
        try:
            status = os.lstat(path)
            if not stat.S_ISREG(status.st_mode) or status.st_nlink != 1 or status.st_size > LARGEST:
                return files.remove(path)
            os.rename(path, spare)
        except OSError:                              # not there; no such folder; another file system: remove() tells
            return files.remove(path)
        self._free.append(spare)
        return True

    def _name(self):
        return os.path.join(self._folder, '%s-%d' % (self._mark, next(self._numbers)))

    def stock(self):
        """Make what the next job takes, at a moment when nobody waits."""
        while len(self._free) < STOCK:
            spare = self._name()
            try:
                files.create(spare, b'')
            except OSError as exc:                   # create() tells
                log.debug('%s: cannot be made (%s)', spare, files.reason(exc))
                return
            self._free.append(spare)

    def create(self, path, data, whole=False):
        """As files.create; a spare file is whole when it gets its name.  :raises OSError:"""
        try:
            spare = self._free.pop()
        except IndexError:
            spare = None
        if spare is None or not self._used(spare, path, data):
            files.create(path, data, whole)

    @staticmethod
    def _used(spare, path, data):
        """True if the spare file holds the data now and is at the path; one that is of no use is gone."""
        try:
            files.reuse(spare, path, data)
            return True
        except OSError as exc:
            log.debug('%s: of no use (%s)', spare, files.reason(exc))
        try:
            files.remove(spare)
        except OSError as exc:
            log.debug('%s: cannot be removed (%s)', spare, files.reason(exc))
        return False
