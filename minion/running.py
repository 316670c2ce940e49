"""The jobs that run now: in memory for us, in `proc/` for whoever reads the reference's files."""
from __future__ import absolute_import, division, print_function

import logging
import os
import signal
import threading

from minion import compat, disk, errors, files, payload, publication

log = logging.getLogger(__name__)
ENDING = frozenset((signal.SIGTERM, signal.SIGKILL))


class _Job(object):
    """One running job; `groups` are the process groups that it started.

    `held`: how many hold() are open; `told`: a signal came meanwhile that will end it at the last go_on().
    """

    def __init__(self, load, ident):
        self.load, self.ident = load, ident
        self.groups, self.ended_by, self.busy = set(), None, True
        self.held, self.told = 0, False


class RunningJobs(object):
    """Registry of the jobs that executor threads run; every method may be called from any thread.

    :param str proc_dir: `cachedir/proc`, one msgpack file a job: the whole load and the pid.
    :param callable repair: called as repair(task) with what is to be tried again once the disk works.
    """

    def __init__(self, proc_dir, repair=None):
        self._proc_dir, self._repair = proc_dir, repair
        self._lock = threading.Lock()                # guards _jobs, each job's fields and _undone
        self._jobs = {}
        self._undone = set()                         # jids whose proc files could not be removed
        self._disk = disk.Disk(proc_dir, 'jobs run without their proc files, which tell of them after a crash')

    def enter(self, load):
        """Write the proc file of a job that was taken, so that its return is owed even if this process dies now."""
        path = self._path(load['jid'])
        try:
            files.write(path, payload.pack(dict(load, pid=os.getpid())), sync=False, make_folder=True)
            self._disk.worked()
        except (OSError, IOError) as exc:
            self._disk.failed(exc)

    def begin(self, load):
        """The calling thread is about to run the job."""
        with self._lock:
            self._jobs[load['jid']] = _Job(dict(load, pid=os.getpid()), compat.low_thread.get_ident())

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
        with self._lock:
            job = self._jobs[jid]
            job.busy = False
        if job.ended_by is not None:
            _let_pending_happen()
        return job.ended_by

    def ended_by(self, jid):
        """The signal that a running job was told to end by, or None."""
        with self._lock:
            job = self._jobs.get(jid)
            return job.ended_by if job else None

    def end(self, jid):
        """Forget the job and remove its proc file, before its return is sent."""
        with self._lock:
            self._jobs.pop(jid, None)
        try:
            files.remove(self._path(jid))
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
        with self._lock:
            return [dict(job.load) for job in self._jobs.values() if job.ident != me]

    def find(self, jid):
        """The load and pid of one running job, {} when there is none (shape of saltutil.find_job)."""
        with self._lock:
            job = self._jobs.get(compat.to_native(jid) if compat.is_text(jid) else str(jid))
            return dict(job.load) if job else {}

    def signal(self, jid, signum):
        """Send a signal to the programs of a job; SIGTERM and SIGKILL end its Python code too.

        :return str: `Signal 15 sent to job JID at pid PID`, '' for an unknown job.
        """
        jid, signum = (compat.to_native(jid) if compat.is_text(jid) else str(jid)), int(signum)
        with self._lock:
            job = self._jobs.get(jid)
            if job is None:
                return ''
            groups = list(job.groups)
            if signum in ENDING:
                job.ended_by = signum
                if job.held:
                    job.told = True
                elif job.busy:
                    compat.raise_in_thread(job.ident, errors.JobEnded)
        for group in groups:
            _signal_group(group, signum)
        return 'Signal %d sent to job %s at pid %d' % (signum, jid, job.load['pid'])

    def adopt(self, pid):
        """Tie the process group `pid` to the job of the calling thread, so that a signal to the job reaches it."""
        job = self._mine()
        if job is None:
            return
        with self._lock:
            job.groups.add(pid)
            late = job.ended_by
        if late is not None:                         # the job was told to end before its program had started
            _signal_group(pid, late)

    def release(self, pid):
        """The process group is gone."""
        job = self._mine()
        if job is not None:
            with self._lock:
                job.groups.discard(pid)

    def hold(self):
        """From here to go_on() the job of the calling thread is not interrupted, so that it leaves nothing half done.

        Holds may be nested.  :raises JobEnded: a signal that was on its way; the job is then not held.
        """
        job = self._mine()
        if job is None:
            return
        with self._lock:
            job.held += 1
            ended = job.ended_by is not None
        if ended:
            try:
                _let_pending_happen()
            except errors.JobEnded:
                with self._lock:
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
        with self._lock:
            job.held -= 1
            told = job.told and not job.held
            job.told = job.told and not told
        if told:
            raise errors.JobEnded()

    def _mine(self):
        me = compat.low_thread.get_ident()
        with self._lock:
            for job in self._jobs.values():
                if job.ident == me:
                    return job
        return None

    def __len__(self):
        return len(self._jobs)

    def jids(self):
        """The jids of all running jobs."""
        with self._lock:
            return sorted(self._jobs)


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
