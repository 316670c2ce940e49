"""The returns of recent jobs, kept after their delivery: a job that is published again is answered, not run again.

A kept return is a second name (hard link) of its spool file, so keeping one costs no second write.
"""
from __future__ import absolute_import, division, print_function

import collections
import errno
import logging
import os
import threading

from minion import compat, errors, files, spool

log = logging.getLogger(__name__)


class Returned(object):
    """Up to `count` returns and `max_bytes` of them, the oldest dropped first; any thread.

    :param str folder: `cachedir/jobs/returned`; made when it is missing and can be made.
    :param spares: removes the files: Spares, or the module files.
    """

    def __init__(self, folder, count=200, max_bytes=32 << 20, spares=files):
        self._folder, self._count, self._max_bytes, self._spares = folder, count, max_bytes, spares
        self._lock = threading.Lock()                # guards all below
        self._sizes, self._sum = collections.OrderedDict(), 0        # jid: bytes; of all
        self._find()

    def _find(self):
        try:
            compat.make_dirs(self._folder)
            found = [(os.lstat(os.path.join(self._folder, jid)), jid) for jid in os.listdir(self._folder)]
        except OSError as exc:
            log.warning('%s: cannot be used (%s); a job that is published twice is not answered twice',
                        self._folder, files.reason(exc))
            return
        for status, jid in sorted(found, key=lambda pair: pair[0].st_mtime):
            self._sizes[jid] = status.st_size
        self._sum = sum(self._sizes.values())

    def keep(self, jid, path, size):
        """Give the spool file at `path` (`size` bytes) a second name for this job."""
        with self._lock:
            try:
                self._link(path, os.path.join(self._folder, jid))
            except OSError as exc:                   # no disk, no hard links: a duplicate is then only not run again
                log.debug('the return of job %s is not kept: %s', jid, files.reason(exc))
                return
            self._sum += size - self._sizes.pop(jid, 0)
            self._sizes[jid] = size
            while len(self._sizes) > self._count or self._sum > self._max_bytes:
                self._forget(next(iter(self._sizes)))

    def _link(self, path, name):
        try:
            os.link(path, name)
        except OSError as exc:
            if exc.errno != errno.ENOENT:
                raise
            compat.make_dirs(self._folder)           # an administrator has emptied the cache
            os.link(path, name)

    def _forget(self, jid):
        self._sum -= self._sizes.pop(jid, 0)
        try:
            self._spares.remove(os.path.join(self._folder, jid))
        except OSError as exc:
            log.warning('%s: cannot be removed (%s)', os.path.join(self._folder, jid), files.reason(exc))

    def load(self, jid):
        """The `_return` load of a recent job, None when it is not kept or does not hold any more."""
        path = os.path.join(self._folder, jid)
        try:
            data = files.read(path, limit=self._max_bytes)
            load = None if data is None else spool.checked(data)['load']
            if load is not None and load.get('jid') != compat.to_bytes(jid):     # dropped, and written anew, meanwhile
                raise errors.BadPayload('it is the return of another job')
            return load
        except (OSError, IOError) as exc:
            log.warning('%s: cannot be read (%s)', path, files.reason(exc))
        except errors.BadPayload as exc:
            log.warning('%s: damaged (%s), removed', path, exc)
            with self._lock:
                self._forget(jid)
        return None
