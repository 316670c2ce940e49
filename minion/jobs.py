"""From an accepted publication to its one return: the queue, the executor threads, the proc files."""
from __future__ import absolute_import, division, print_function

import logging
import threading

from minion import compat, errors, executors, pool, recent, returns

log = logging.getLogger(__name__)

QUICK = frozenset(('test.ping', 'saltutil.find_job', 'saltutil.running', 'saltutil.is_running', 'saltutil.kill_job',
                   'saltutil.term_job', 'saltutil.signal_job', 'saltutil.kill_all_jobs', 'saltutil.term_all_jobs',
                   'test.version'))
QUICK_THREADS = 4


class _Job(object):
    """A job that owes its return; `desks` are those of all masters that asked for it.

    `own`: of a job of our own, (called when it is over, entry of the schedule); else None.
    `ours`: True once it is known to be for this minion.
    """

    def __init__(self, load, desk, own=None, ours=True):
        self.load, self.own, self.ours = load, own, ours
        self.desks = [] if desk is None or own and own[1].get('return_job', True) is False else [desk]


def _of_the_minion(load):
    """The load with what a 3008 minion adds about its resources, a kind of host behind it; ours has none."""
    return dict(load, minion_is_target=True, pure_resource_target=False, resource_targets=[])


class Jobs(object):
    """Takes jobs from the subscribers of all masters and sees each to its return, once.

    :param str minion_id:  :param Execution execution: matches and runs.  :param RunningJobs running:
    :param RecentJobs recent_jobs:  :param Returned returned: returns of recent jobs.
    :param int threads: how many jobs run at once.  :param int bound: how many may wait.
    :param callable no_room: no_room() -> why no job can begin now, '' when one can.
    :param callable keep: called as keep(load) with each return, before it may be sent (`cache_jobs`), or None.
    :param bool publish: send returns to masters (`pub_ret`).
    """

    def __init__(self, minion_id, execution, running, recent_jobs, returned, threads, bound, no_room=lambda: '',
                 keep=None, publish=True):
        self._minion_id, self._execution, self._running = minion_id, execution, running
        self._no_room, self._keep, self._publish = no_room, keep, publish
        self._recent, self._returned = recent_jobs, returned
        self._lock = threading.Lock()                # guards _recent and _owed
        self._owed = {}                              # jid: _Job
        self._pool = pool.Pool('executor', threads, bound, self._run)
        self._quick = pool.Pool('quick', QUICK_THREADS, bound, self._run)
        self.changed = None                          # called without arguments when a job has come or ended

    def last_serial(self, digest):
        """See RecentJobs.last_serial."""
        with self._lock:
            return self._recent.last_serial(digest)

    # ---- on a subscriber's thread

    def offer(self, load, desk, digest, serial, for_us=None):
        """Take a job that is for us and new; one that is known is answered by its return, whenever it is there.

        :param dict load: the publication.  :param Desk desk: of the master that asks.
        :param str digest: of the AES key.  :param int serial: of the publication, 0 without.
        :param callable for_us: called first, unless another minion is meant.
        """
        ours = self._execution.matches(load)
        if ours is False:
            return
        if for_us is not None:
            for_us()
        jid = load['jid']
        with self._lock:
            known = jid in self._recent
            if not known:
                self._recent.add(jid, recent.Seen(digest, serial, desk.link, desk.master_id))
                self._owed[jid] = _Job(_of_the_minion(load), desk, ours=ours)
            elif jid in self._owed and desk not in self._owed[jid].desks:
                self._owed[jid].desks.append(desk)
                log.info('job %s is asked for by %s too; it runs once', jid, desk.master)
        if known:
            self._answer_again(jid, desk)
            return
        log.info('job %s from %s at %s: %s', jid, load.get('user', 'an unnamed user'), desk.master, names(load['fun']))
        self._submit(self._owed[jid])

    def start(self, load, desk, ended, entry):
        """Take a job of our own.

        :param dict load: as a master would publish it, with `schedule`.  :param Desk desk: where its return goes, or None.
        :param callable ended: called without arguments once it is over.  :param dict entry: of the schedule.
        """
        job = _Job(load, desk, (ended, entry))
        with self._lock:
            self._owed[load['jid']] = job
        self._submit(job)

    def _answer_again(self, jid, desk):
        """The stored return for a job that was taken before and has ended."""
        with self._lock:
            if jid in self._owed:
                return
        load = self._returned.load(jid)
        log.info('job %s has been taken before and is not run again%s', jid,
                 '' if load is None else '; its return is sent once more')
        if load is not None:
            desk.put(load)

    def _submit(self, job):
        load, lane = job.load, self._pool
        quick = compat.is_text(load['fun']) and compat.to_native(load['fun']) in QUICK
        trouble = '' if quick else self._no_room()   # what tells of jobs and ends them needs no room, and may make some
        if trouble:
            self._refuse(load, trouble)
            return
        if quick and job.ours and not self._quick.busy():        # one that may have to wait for grains goes to the others
            lane = self._quick
        if job.desks:                                # without one nobody waits for the return after a crash
            self._running.enter(load)
        if not lane.submit(job):
            self._running.end(load['jid'])
            self._refuse(load, 'this minion is busy: every executor runs a job and the queue is full')
        self._tell()

    def _tell(self):
        if self.changed is not None:
            self.changed()

    def _refuse(self, load, why):
        log.warning('job %s is refused: %s', load['jid'], why)
        self._settle(load['jid'], executors.refusal(load, why))

    # ---- executor threads

    def _run(self, job):
        """One job or task, on a thread of the pool; False when this thread is not to be used again."""
        if callable(job):
            return self._run_task(job)
        load = job.load
        jid = load['jid']
        if not job.ours and not self._is_ours(load):
            self._running.end(jid)
            with self._lock:
                self._owed.pop(jid, None)
            return True
        self._running.begin(load)
        ended_by = None
        try:
            try:
                outcome = self._execution.run(load, self._progress(load, job.desks), (job.desks or [None])[0])
            finally:
                ended_by = self._running.leave(jid)
        except errors.JobEnded:
            ended_by = ended_by or self._running.ended_by(jid)
            outcome = executors.refusal(load, 'the job was interrupted by signal %s' % ended_by)
        except Exception:                            # around one job
            log.exception('job %s could not be run', jid)
            outcome = executors.refusal(load, 'the minion failed to run the job; its log has the reason')
        ret = self._settle(jid, outcome)
        self._running.end(jid)
        if ret is not None:
            self._execution.hand_on(load, ret, job.own and job.own[1])
        self._tell()
        return ended_by is None

    def first(self, task):
        """Run a callable without arguments on an executor's thread, before any job."""
        self._pool.submit(task)

    def _run_task(self, task):
        try:
            task()
        except errors.Interrupted:
            log.info('stopped while getting ready')
        except Exception:                            # the thread's outermost function
            log.exception('getting ready failed')
        return True

    def _is_ours(self, load):
        """Targets that need grains or pillar are decided here when those were not there at the gate."""
        decision = self._execution.matches(load)
        if decision is None:
            self._execution.await_ready()
            decision = self._execution.matches(load)
        if not decision:
            log.info('job %s is not for this minion', load['jid'])
        return decision

    def _progress(self, load, desks):
        """What a generator's items are announced with."""
        count = [0]

        def announce(item):
            tag = 'salt/job/%s/prog/%s/%d' % (load['jid'], self._minion_id, count[0])
            count[0] += 1
            for desk in desks[:1]:
                desk.put(returns.event(self._minion_id, tag, {'return': item}))
        return announce

    def _settle(self, jid, outcome):
        """Put the return of a job into the spool of each master that asked; the first caller for a jid wins.

        :return dict: the return, None for the second caller.
        """
        with self._lock:
            job = self._owed.pop(jid, None)
        if job is None:                              # its thread came too late: the minion stopped meanwhile
            return None
        log.info('job %s done, retcode %s', jid, outcome.retcode)
        load = self._made(job, outcome)
        if self._keep is not None:
            self._keep(load)
        for desk in job.desks if self._publish else ():
            try:
                desk.put(load, lambda path, size: self._returned.keep(jid, path, size))
            except errors.BadPayload as exc:
                log.error('job %s: its return cannot be sent as it is: %s', jid, exc)
                desk.put(self._made(job, executors.refusal(job.load, str(exc))))
        if job.own is not None:
            job.own[0]()
        return load

    def _made(self, job, outcome):
        made = returns.job_return(self._minion_id, job.load, outcome)
        return made if job.own is None else returns.scheduled(made, job.load)

    # ---- what an earlier process left

    def interrupted(self, load, desk, waiting):
        """Return a job that was under way when an earlier process died.

        :param dict waiting: of the spools, see Spool.waiting.
        """
        jid = load['jid']
        if jid in waiting:
            self._returned.keep(jid, *waiting[jid])
        if jid in waiting or self._returned.load(jid) is not None:   # it had ended; only its proc file was still there
            log.info('job %s had been returned before the minion ended', jid)
            return
        with self._lock:
            if jid not in self._recent:
                self._recent.add(jid, recent.Seen(None, 0, desk.link, desk.master_id))
        log.warning('job %s (%s) was interrupted when the minion ended; it is returned as failed', jid, names(load['fun']))
        if not self._publish:
            return
        desk.put(returns.job_return(self._minion_id, load, executors.refusal(
            load, 'the job was interrupted: the minion ended while it ran')))

    def asked_by(self, jid):
        """The Seen of a job, None when it is not known."""
        with self._lock:
            return self._recent.of(jid)

    def save_recent(self):
        """Write the list of recent jobs anew; True when that worked."""
        with self._lock:
            return self._recent.save()

    # ---- the end

    def close(self):
        """Take no more jobs; those that never began are returned as refused."""
        for lane in (self._pool, self._quick):
            for job in [item for item in lane.close() if not callable(item)]:
                self._settle(job.load['jid'], executors.refusal(job.load, 'the minion stopped before the job began'))
                self._running.end(job.load['jid'])

    def end(self, seconds, signum):
        """Wait for running jobs, then end them with a signal and wait a little more; the names of threads left.

        :param float seconds: what a running job gets to finish by itself (`stop_timeout`).
        """
        left = self._join(seconds)
        if not left:
            return []
        for jid in self._running.jids():
            log.warning('job %s is interrupted: the minion stops', jid)
            self._running.signal(jid, signum)
        left = self._join(2.0)
        with self._lock:
            owed = list(self._owed.values())
        for job in owed:                             # its thread is stuck outside of Python code
            self._settle(job.load['jid'], executors.refusal(job.load, 'the job was interrupted: the minion stops'))
            self._running.end(job.load['jid'])
        return left

    def _join(self, seconds):
        deadline = compat.monotonic() + seconds
        return self._pool.join(deadline, compat.monotonic) + self._quick.join(deadline, compat.monotonic)

    def counts(self):
        """{'running', 'waiting'}: for the status file."""
        lanes = [self._pool.counts(), self._quick.counts()]
        return {'running': len(self._running), 'waiting': sum(waiting for _, waiting in lanes)}


def names(fun):
    """The function or functions of a job, for the log."""
    return compat.to_native(fun) if compat.is_text(fun) else ', '.join(compat.to_native(name) for name in fun)
