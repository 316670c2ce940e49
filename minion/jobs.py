"""From an accepted publication to its one return: the gate, the queue, the executor threads, the proc files."""
from __future__ import absolute_import, division, print_function

import logging
import threading

from minion import compat, errors, executors, pool, publication, returns

log = logging.getLogger(__name__)

QUICK = frozenset(('test.ping', 'saltutil.find_job', 'saltutil.running', 'saltutil.is_running', 'saltutil.kill_job',
                   'saltutil.term_job', 'saltutil.signal_job', 'saltutil.kill_all_jobs', 'saltutil.term_all_jobs',
                   'test.version'))
QUICK_THREADS = 4


class Jobs(object):
    """Takes jobs from the subscriber and sees each to its return.

    :param str minion_id:  :param Execution execution: matches and runs.  :param RunningJobs running:
    :param RecentJobs recent:  :param Spool spool:  :param Trust trust:
    :param int threads: how many jobs run at once.  :param int bound: how many may wait.
    :param bool must_sign: `sign_pub_messages`.  :param callable wake_main: rings the main thread.
    """

    def __init__(self, minion_id, execution, running, recent, spool, trust, threads, bound, must_sign, wake_main):
        self._minion_id, self._execution, self._running = minion_id, execution, running
        self._recent, self._spool, self._trust = recent, spool, trust
        self._must_sign, self.wake_main = must_sign, wake_main
        self._serials = publication.Serials()
        self._serials.resume(*recent.last_serial())
        self._lock = threading.Lock()                # guards _at_work
        self._at_work = {}                           # jid: (load, master) of jobs that owe their return
        self._pool = pool.Pool('executor', threads, bound, self._run)
        self._quick = pool.Pool('quick', QUICK_THREADS, bound, self._run)

    # ---- the gate: called by the subscriber

    def must_sign(self, session):
        """True when an unsigned publication of this master is to be refused."""
        return self._must_sign or self._trust.signs(session.master_key)

    def note_signed(self, session):
        """The master signs what it publishes; from now on it has to."""
        self._trust.note_signed(session.master_key)

    def offer(self, load, session):
        """Take a job that is for us and new.  :raises Refused: a replayed serial."""
        self._serials.check(load, session.aes_digest)
        if self._execution.matches(load) is False:
            return
        jid = load['jid']
        if jid in self._recent:
            log.info('job %s has been taken before and is not run again', jid)
            return
        self._recent.add(jid, *self._serials.current())
        log.info('job %s from %s: %s', jid, load.get('user', 'an unnamed user'), names(load['fun']))
        self.submit(load, session.master_key.fingerprint())

    def submit(self, load, master):
        """Queue a job, or return it as refused when the queue is full.

        :param str master: fingerprint of the key of the master that is to get the return.
        """
        lane = self._pool
        if lane.busy() and isinstance(load['fun'], compat.string_types) and compat.to_native(load['fun']) in QUICK:
            lane = self._quick
        if not lane.submit((load, master)):
            self._give_back(load, master, executors.refusal(
                load, 'this minion is busy: every executor runs a job and the queue is full'))

    # ---- executor threads

    def _run(self, item):
        """One job, on a thread of the pool; False when this thread is not to be used again."""
        if callable(item):
            return self._run_task(item)
        load, master = item
        jid = load['jid']
        if not self._is_ours(load):
            return True
        with self._lock:
            self._at_work[jid] = item
        self._running.begin(load)
        ended_by = None
        try:
            try:
                outcome = self._execution.run(load, self._progress(load, master))
            finally:
                ended_by = self._running.leave(jid)
        except errors.JobEnded:
            ended_by = ended_by or self._running.ended_by(jid)
            outcome = executors.refusal(load, 'the job was interrupted by signal %s' % ended_by)
        except Exception:                            # around one job
            log.exception('job %s could not be run', jid)
            outcome = executors.refusal(load, 'the minion failed to run the job; its log has the reason')
        self._running.end(jid)
        if self._claim(jid):
            self._give_back(load, master, outcome)
        return ended_by is None

    def _claim(self, jid):
        """True for the one who is to return the job: its thread, or the main thread that waits for it no longer."""
        with self._lock:
            return self._at_work.pop(jid, None) is not None

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

    def _progress(self, load, master):
        """What a generator's items are announced with."""
        count = [0]

        def announce(item):
            tag = 'salt/job/%s/prog/%s/%d' % (load['jid'], self._minion_id, count[0])
            count[0] += 1
            self._spool.put(returns.event(self._minion_id, tag, {'return': item}), master)
        return announce

    def _give_back(self, load, master, outcome):
        log.info('job %s done, retcode %s', load['jid'], outcome.retcode)
        try:
            self._spool.put(returns.job_return(self._minion_id, load, outcome), master)
        except errors.BadPayload as exc:
            log.error('job %s: its return cannot be sent as it is: %s', load['jid'], exc)
            self._spool.put(returns.job_return(self._minion_id, load, executors.refusal(load, str(exc))), master)

    # ---- the end

    def close(self):
        """Take no more jobs; those that never began are returned as refused."""
        for lane in (self._pool, self._quick):
            for load, master in [item for item in lane.close() if not callable(item)]:
                self._give_back(load, master, executors.refusal(load, 'the minion stopped before the job began'))

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
            owed = list(self._at_work.values())
        for load, master in owed:                    # its thread is stuck outside of Python code
            if self._claim(load['jid']):
                self._give_back(load, master, executors.refusal(load, 'the job was interrupted: the minion stops'))
        return left

    def _join(self, seconds):
        deadline = compat.monotonic() + seconds
        return self._pool.join(deadline, compat.monotonic) + self._quick.join(deadline, compat.monotonic)


def names(fun):
    """The function or functions of a job, for the log."""
    return compat.to_native(fun) if compat.is_text(fun) else ', '.join(compat.to_native(name) for name in fun)
