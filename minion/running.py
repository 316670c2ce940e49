"""The jobs that run now: in memory for us, in `proc/` for whoever reads the reference's files."""
from __future__ import absolute_import, division, print_function

import logging
import os
import signal
import threading
import time

from minion import compat, disk, errors, files, payload, publication

log = logging.getLogger(__name__)
ENDING = frozenset((signal.SIGTERM, signal.SIGKILL))


class _Job(object):
    """One running job; `groups` are the process groups that it started.

    `held`: how many hold() are open; `told`: a signal came meanwhile that will end it at the last go_on().

    JobEnded can be raised between any two steps of the job's thread, also just before a lock would be released. So that thread
    takes no lock for its job: it writes `groups`, `held` and `busy`, a signal writes `ended_by` and `told`, each of them first
    writes and then looks at what the other wrote, and the thread waits while `signalling`.
    """

    def __init__(self, load, ident):
        self.load, self.ident = load, ident
        self.groups, self.ended_by, self.busy = set(), None, True
        self.held, self.told, self.signalling = 0, False, False

    def settle(self):
        """On the job's thread: wait for a signal that is being sent, so that what it brings is there."""
        while self.signalling:
            time.sleep(0.001)


class RunningJobs(object):
    """Registry of the jobs that executor threads run; every method may be called from any thread.

    :param str proc_dir: `cachedir/proc`, one msgpack file a job: the whole load and the pid.
    :param callable repair: called as repair(task) with what is to be tried again once the disk works.
    :param spares: makes and removes the files: Spares, or the module files.
    """

    def __init__(self, proc_dir, repair=None, spares=files):
        self._proc_dir, self._repair, self._spares = proc_dir, repair, spares
        self._lock = threading.Lock()                # guards changes of _jobs, _threads and _undone; one signal at a time
        self._jobs, self._threads = {}, {}           # by jid, and by thread
        self._undone = set()                         # jids whose proc files could not be removed
        self._disk = disk.Disk(proc_dir, 'jobs run without their proc files, which tell of them after a crash')

    def enter(self, load):
        """Write the proc file of a job that was taken, so that its return is owed even if this process dies now."""
        path = self._path(load['jid'])
        try:
            self._spares.create(path, payload.pack_known(dict(load, pid=os.getpid())), whole=True)
            self._disk.worked()
        except (OSError, IOError) as exc:
            self._disk.failed(exc)

    def begin(self, load):
        """The calling thread is about to run the job."""
        job = _Job(dict(load, pid=os.getpid()), compat.low_thread.get_ident())
        with self._lock:
            self._threads[job.ident] = self._jobs[load['jid']] = job

    def leftovers(self):
        """The loads of jobs that an earlier process had taken and not returned; their files stay until `end`.

        What cannot be read is set aside and logged.
        """
        found = []
        try:
            names = sorted(os.listdir(self._proc_dir))
        except OSError as exc:
            log.warning('%s: cannot be read (%s)', self._proc_dir, files.reason(exc))
            return found
        for name in names:
            path = self._path(name)
            try:
                if name.startswith('.'):
                    files.remove(path)               # half-written when the process died
                elif '.corrupt-' not in name:
                    found.append(_leftover(path, name))
            except (OSError, IOError) as exc:
                log.error('%s: cannot be read or removed (%s)', path, files.reason(exc))
            except errors.BadPayload as exc:
                _set_aside(path, exc)
        return found

    def leave(self, jid):
        """The function is over: from here on the thread is not interrupted any more.

        :return: the signal that ended it, None for a job that ended by itself.
        :raises JobEnded: a signal that was on its way; call within the handler for it.
        """
        job = self._jobs[jid]
        job.busy = False
        job.settle()
        if job.ended_by is not None:
            _let_pending_happen()
        return job.ended_by

    def ended_by(self, jid):
        """The signal that a running job was told to end by, or None."""
        job = self._jobs.get(jid)
        return job.ended_by if job else None

    def end(self, jid):
        """Forget the job and remove its proc file, before its return is sent."""
        with self._lock:
            job = self._jobs.pop(jid, None)
            if job is not None and self._threads.get(job.ident) is job:
                del self._threads[job.ident]
        try:
            self._spares.remove(self._path(jid))
        except (OSError, IOError) as exc:            # left there, it would be returned as interrupted at the next start
            with self._lock:
                self._undone.add(jid)
            self._disk.failed(exc)
            if self._repair is not None:
                self._repair(self.tidy)

    def tidy(self):
        """Remove the proc files that could not be removed; True when all are gone."""
        with self._lock:
            undone = list(self._undone)
        try:
            for jid in undone:
                files.remove(self._path(jid))
                with self._lock:
                    self._undone.discard(jid)
        except (OSError, IOError) as exc:
            self._disk.failed(exc)
            return False
        return True

    def _path(self, jid):
        return os.path.join(self._proc_dir, jid)

    # ---- what execution modules see

    def running(self):
        """The loads of all running jobs with their pid, the asking job left out (shape of saltutil.running)."""
        me = compat.low_thread.get_ident()
        return [dict(job.load) for job in list(self._jobs.values()) if job.ident != me]

    def find(self, jid):
        """The load and pid of one running job, {} when there is none (shape of saltutil.find_job)."""
        job = self._jobs.get(compat.to_native(jid) if compat.is_text(jid) else str(jid))
        return dict(job.load) if job else {}

    def signal(self, jid, signum):
        """Send a signal to the programs of a job; SIGTERM and SIGKILL end its Python code too.

        :return str: `Signal 15 sent to job JID at pid PID`, '' for an unknown job.
        """
        jid, signum = (compat.to_native(jid) if compat.is_text(jid) else str(jid)), int(signum)
        self.hold()                                  # a job that ends others may be ended itself, but not with the lock in hand
        try:
            with self._lock:
                job = self._jobs.get(jid)
                groups = [] if job is None else self._end(job, signum)
        finally:
            self.go_on()
        for group in groups:
            _signal_group(group, signum)
        return '' if job is None else 'Signal %d sent to job %s at pid %d' % (signum, jid, job.load['pid'])

    @staticmethod
    def _end(job, signum):
        """Interrupt the job's thread where that is asked for; the process groups that it has."""
        job.signalling = True
        try:
            if signum in ENDING:
                job.ended_by = signum
                if job.held:
                    job.told = True
                elif job.busy:
                    compat.raise_in_thread(job.ident, errors.JobEnded)
            return list(job.groups)
        finally:
            job.signalling = False

    def adopt(self, pid):
        """Tie the process group `pid` to the job of the calling thread, so that a signal to the job reaches it."""
        job = self._mine()
        if job is None:
            return
        job.groups.add(pid)
        late = job.ended_by
        if late is not None:                         # the job was told to end before its program had started
            _signal_group(pid, late)

    def release(self, pid):
        """The process group is gone."""
        job = self._mine()
        if job is not None:
            job.groups.discard(pid)

    def hold(self):
        """From here to go_on() the job of the calling thread is not interrupted, so that it leaves nothing half done.

        Holds may be nested.  :raises JobEnded: a signal that was on its way; the job is then not held.
        """
        job = self._mine()
        if job is None:
            return
        job.held += 1
        try:
            job.settle()
            if job.ended_by is not None:
                _let_pending_happen()
        except errors.JobEnded:
            job.held -= 1
            raise

    def told(self):
        """True if the job of the calling thread was told to end since it is held."""
        job = self._mine()
        return job is not None and job.told

    def go_on(self):
        """Take one hold() back.  :raises JobEnded: the job was told to end meanwhile."""
        job = self._mine()
        if job is None:
            return
        job.held -= 1
        job.settle()
        if job.told and not job.held:
            job.told = False
            raise errors.JobEnded()

    def _mine(self):
        return self._threads.get(compat.low_thread.get_ident())

    def __len__(self):
        return len(self._jobs)

    def jids(self):
        """The jids of all running jobs."""
        return sorted(list(self._jobs))


def _leftover(path, name):
    if os.path.isdir(path):
        raise errors.BadPayload('it is a folder')
    load = payload.to_text_tree(payload.unpack(files.read(path, limit=64 << 20) or b''))
    if not _is_job(load, name):
        raise errors.BadPayload('it is no job of this name')
    return dict((key, value) for key, value in load.items() if key != 'pid')


def _is_job(load, name):
    """True for what enter() has written: it is going to be returned as interrupted."""
    return (isinstance(load, dict) and compat.is_text(load.get('jid')) and compat.to_native(load['jid']) == name
            and publication.JID.match(name) is not None and publication.is_function(load.get('fun'))
            and isinstance(load.get('arg'), list))


def _set_aside(path, error):
    try:
        log.error('%s: damaged (%s), set aside as %s', path, error, files.set_aside(path))
    except OSError as exc:
        log.error('%s: damaged (%s) and cannot be moved (%s)', path, error, files.reason(exc))


def _let_pending_happen():
    """A JobEnded that is on its way to this thread is raised in here, not later."""
    for _ in compat.range_(1000):
        pass


def _signal_group(group, signum):
    try:
        os.killpg(group, signum)
    except OSError:                                  # it ended in between
        return
