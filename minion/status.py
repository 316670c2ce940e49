"""The status file: what a monitor or `minion status` reads without asking the process. JSON, readable for all.

It lies beside the pid file (salt-minion.pid, salt-minion.status), a folder that everybody may enter, which cachedir is not.
"""
from __future__ import absolute_import, division, print_function

import errno
import json
import logging
import os
import threading
import time

import minion
from minion import compat, disk, files

log = logging.getLogger(__name__)
GAP = 1.0                                            # seconds between two writes that may wait


def path(pidfile):
    """Where the status file of the minion with this pid file lies."""
    return (pidfile[:-len('.pid')] if pidfile.endswith('.pid') else pidfile) + '.status'


def give(name, owner):
    """Make the file for the account that this process becomes, which may not make files in /var/run.

    :param tuple owner: (uid, gid), None when the account stays.
    """
    if owner is None:
        return
    try:
        handle = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW, 0o644)
        os.fchown(handle, owner[0], owner[1])
        os.close(handle)
    except EnvironmentError as exc:
        log.warning('%s: the status file cannot be made: %s', name, files.reason(exc))


class Status(object):
    """Writes the file; any thread.

    Keys: minion_id, pid, version, state, written (Unix seconds), masters (list of {master, state, protocol, since, ready:
    jobs are received, last_publish, last_jid, last_job_at, spool, disk: null or why the spool cannot be written, trouble:
    null or why the last sign-in failed}), jobs {running, waiting}, descriptors, rss_kb.

    :param callable repair: called as repair(task) with what is to be tried again once the disk works.
    """

    def __init__(self, path, minion_id, repair=None):
        self._path, self._minion_id, self._repair = path, minion_id, repair
        self._lock = threading.Lock()                # guards the file and _facts
        self._facts, self._late = None, None
        self._next = 0.0                             # when soon() may write again (monotonic)
        self._disk = disk.Disk(path, 'it tells nothing new until it can')
        files.sweep(path)

    def soon(self, links, jobs):
        """update() at once, or in a few seconds where it has just been: a thousand jobs are not a thousand writes."""
        if compat.monotonic() >= self._next:
            self.update(links, jobs)
        elif self._repair is not None:
            self._late = links, jobs
            self._repair(self._catch_up)

    def _catch_up(self):
        self.update(*self._late)
        return True

    def update(self, links, jobs):
        """Write what is so now.

        :param list links: of MasterLink.  :param Jobs jobs:
        """
        self._next = compat.monotonic() + GAP
        masters = [way.describe() for way in links]
        self._write({'state': masters[0]['state'] if masters else 'without master', 'masters': masters,
                     'jobs': jobs.counts()})

    def stopped(self):
        """The process ends."""
        self._write({'state': 'stopped', 'masters': [], 'jobs': {'running': 0, 'waiting': 0}})

    def _write(self, facts):
        with self._lock:
            self._facts = facts
            written = self._put(facts)
        if not written and self._repair is not None:
            self._repair(self.again)

    def again(self):
        """Write the last facts anew; True when that worked."""
        with self._lock:
            return self._put(self._facts)

    def _put(self, facts):
        facts = dict(facts, minion_id=compat.to_native(self._minion_id), pid=os.getpid(), version=minion.__version__,
                     written=round(time.time(), 3), descriptors=_descriptors(), rss_kb=_rss_kb())
        try:
            text = json.dumps(facts, sort_keys=True, indent=1, separators=(',', ': '))
            _replace(self._path, compat.to_bytes(text + '\n'))
        except (OSError, IOError) as exc:
            self._disk.failed(exc)
            return False
        self._disk.worked()
        return True


def _replace(name, data):
    """The new content, by a rename where the account may make files beside it, else in one write."""
    try:
        files.write(name, data, mode=0o644, sync=False, make_folder=True)
    except (OSError, IOError) as exc:
        if exc.errno not in (errno.EACCES, errno.EPERM):
            raise
        handle = os.open(name, os.O_WRONLY | os.O_NOFOLLOW)
        try:
            os.write(handle, data + b' ' * max(0, os.fstat(handle).st_size - len(data)))     # never half empty
        finally:
            os.close(handle)


def read(name):
    """The facts in a status file, None where there is none.

    :raises ValueError: damaged.  :raises EnvironmentError: it cannot be read.
    """
    data = files.read(name)
    if not data:
        return None
    facts = json.loads(compat.to_text(data))
    if not isinstance(facts, dict) or not isinstance(facts.get('masters'), list):
        raise ValueError('holds no status')
    return compat.native_tree(facts)


def _descriptors():
    try:
        return len(os.listdir('/proc/self/fd')) - 1          # not the one of this listing
    except OSError:                                          # no /proc
        return None


def _rss_kb():
    try:
        with open('/proc/self/statm') as stream:
            return int(stream.read().split()[1]) * os.sysconf('SC_PAGE_SIZE') // 1024
    except (EnvironmentError, IndexError, ValueError):       # no /proc
        return None
