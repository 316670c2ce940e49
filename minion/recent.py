"""The jobs seen last, in memory and on disk: a job runs once, over reconnects, resends, several masters and restarts.

The file is a log of lines `jid aes-digest serial link master`, appended to and now and then written anew; a torn line
is passed over.
"""
from __future__ import absolute_import, division, print_function

import collections
import errno
import logging
import os
import re

from minion import compat, disk, files
from minion.record import record

log = logging.getLogger(__name__)
LINE = re.compile(r'([A-Za-z0-9][A-Za-z0-9_.:-]{0,127}) ([0-9a-f]{1,64}|-) ([0-9]{1,18}) ([0-9a-f]{1,16}|-) '
                  r'([0-9a-f]{1,16}|-)\Z')

# digest, serial: of the publish, None and 0 without; link, master: who asked: tag of the connection, id of the key.
Seen = record('Seen', 'digest serial link master')


class RecentJobs(object):
    """Ring of `size` job ids (at least `minion_jid_queue_hwm`). Callers share one lock, see minion.jobs.

    :param str path: the file.  :param int size: how many ids are remembered.
    :param callable repair: called without arguments when the file cannot be written; somebody is to call save() then.
    """

    def __init__(self, path, size, repair=None):
        self._path, self._size, self._repair = path, size, repair
        self._order, self._known = collections.deque(), {}
        self._lines, self._whole = 0, True           # whole: the file holds all, so that a line can be appended
        self._disk = disk.Disk(path, 'recent jobs are remembered until this process ends')
        files.sweep(path)
        self._load()

    def __contains__(self, jid):
        return jid in self._known

    def of(self, jid):
        """The Seen of a job, None for an unknown one."""
        return self._known.get(jid)

    def last_serial(self, digest):
        """The highest serial that a job under this AES key had, 0 when there was none."""
        return max([0] + [seen.serial for seen in self._known.values() if seen.digest == digest])

    def add(self, jid, seen):
        """Remember a job; on disk too, as far as that can be written."""
        self._remember(jid, seen)
        try:
            if self._whole and self._lines < 2 * self._size:
                self._append(_line(jid, seen))
                return
        except (OSError, IOError) as exc:
            log.debug('%s: no line can be added (%s), it is written anew', self._path, files.reason(exc))
        self.save()

    def save(self):
        """Write the whole file; True when that worked."""
        text = ''.join(_line(jid, self._known[jid]) for jid in self._order)
        try:
            files.write(self._path, compat.to_bytes(text), sync=False, make_folder=True)
        except (OSError, IOError) as exc:
            self._whole = False
            self._disk.failed(exc)
            if self._repair is not None:
                self._repair()
            return False
        self._lines, self._whole = len(self._order), True
        self._disk.worked()
        return True

    def _remember(self, jid, seen):
        if jid not in self._known:
            self._order.append(jid)
        self._known[jid] = seen
        while len(self._order) > self._size:
            del self._known[self._order.popleft()]

    def _append(self, line):
        data = compat.to_bytes(line)
        handle = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            if os.write(handle, data) < len(data):   # the last free bytes
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        finally:
            os.close(handle)
        self._lines += 1

    def _load(self):
        try:
            aside = files.out_of_the_way(self._path)
            if aside is not None:
                log.warning('%s: not a file, set aside as %s; jobs of an earlier run may be taken twice', self._path, aside)
            data = files.read(self._path, limit=16 << 20) or b''
        except (OSError, IOError) as exc:
            log.warning('%s: cannot be read (%s); jobs of an earlier run may be taken twice', self._path, files.reason(exc))
            self._whole = False
            return
        lines = data.decode('ascii', 'replace').split('\n')
        torn = lines.pop()                               # '' behind the last line end
        for line in lines:
            found = LINE.match(line)
            if found:
                jid, digest, serial, link, master = [None if part == '-' else compat.to_native(part)
                                                     for part in found.groups()]
                self._remember(jid, Seen(digest, int(serial), link, master))
            else:
                torn = True
        if torn:
            self._whole = False                          # the next job has the file written anew
            log.warning('%s: damaged lines are passed over; jobs they named may be taken twice', self._path)
        self._lines = len(lines)


def _line(jid, seen):
    return '%s %s %d %s %s\n' % (jid, seen.digest or '-', seen.serial, seen.link or '-', seen.master or '-')
