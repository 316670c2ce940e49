"""`minion demo`: a master and a minion on this host, from the first key to the last return, told as it happens."""
from __future__ import absolute_import, division, print_function

import os
import time

from minion import compat, errors, keys
from minion.demo import keystore as states
from minion.demo.child import Child
from minion.demo.master import Master
from minion.demo.words import indented, say, shown

ID = 'demo'
JOBS = (('test.ping', []), ('cmd.run', ['uname -sr']), ('grains.item', ['os', 'osrelease', 'num_cpus']))
START_TIME = 300.0                # seconds for the minion to make a key and start: old hosts are slow
JOB_TIME = 60.0
LOOK = 0.25                       # seconds between two looks at the minion's process and log


class Show(object):
    """:param str folder: of the demo, mode 0700; made when missing.
    :param int port: of the master's request channel, 0 for any.  :param int generation: of the protocol.
    :param words: command of another minion (see Child).
    """

    def __init__(self, folder, port=0, generation=3, words=None):
        self._folder, self._port, self._generation, self._words = folder, port, generation, words
        self.master = self.child = None
        self._finger = ''                        # of the minion's key, once known

    def run(self):
        """Show everything once; the number of jobs whose return did not come or says that they failed.

        :raises MinionError: the minion does not get as far as its first job.
        """
        start = compat.monotonic()
        say('folder    %s' % self._folder)
        self._start_master()
        self._start_minion()
        failed = sum(not self._job(fun, arg) for fun, arg in JOBS)
        say('%d jobs, %d good returns, %.1f s' % (len(JOBS), len(JOBS) - failed, compat.monotonic() - start))
        return failed

    def stop(self):
        """End minion and master."""
        if self.child is not None and not self.child.stop():
            say('minion    did not stop by itself and was killed')
        if self.master is not None:
            self.master.stop()

    def keep(self):
        """Stay until a signal comes, telling what the minion warns of. :raises MinionError: the minion ended."""
        while True:
            self._look_at_child()
            time.sleep(LOOK)

    def call(self, request, stopping):
        """Answer one request of another terminal: {return, retcode} or {error}.

        :param dict request: fun, arg, timeout (seconds).  :param callable stopping: True when the demo ends.
        """
        jid = self.master.publish(request['fun'], request['arg'], tgt=ID)
        deadline = compat.monotonic() + request['timeout']
        while compat.monotonic() < deadline and not stopping():
            try:
                back = self.master.wait_return(jid, ID, LOOK)
            except errors.RequestTimeout:
                continue
            return {'return': back['return'], 'retcode': back.get('retcode', 0)}
        return {'error': 'no return for job %s within %d s' % (jid, request['timeout'])}

    # ---- the steps

    def _start_master(self):
        folder = os.path.join(self._folder, 'master')
        known = os.path.exists(os.path.join(folder, 'pki', 'master.pem'))
        say('master    %s' % ('has its key from before' if known else 'makes a key of 2048 bits'))
        self.master = Master(folder, self._generation, ret_port=self._port,
                             pillar={'greeting': 'hello from the embedded master'})
        self.master.start()
        say('master    fingerprint %s' % self.master.fingerprint)
        say('master    listens at %s, requests at port %d, jobs at port %d, protocol version %d' % (
            self.master.host, self.master.ret_port, self.master.publish_port, self._generation))

    def _start_minion(self):
        self.child = Child(os.path.join(self._folder, 'minion'), {
            'id': ID, 'master': self.master.host, 'master_port': self.master.ret_port,
            'master_finger': self.master.fingerprint, 'acceptance_wait_time': 1,
            'minimum_auth_version': min(self._generation, 2),
        }, self._words)
        say('minion    starts as %s, process %d' % (ID, self.child.start()))
        self._wait(lambda: self.master.key_state(ID) is not None, START_TIME, 'the first sign-in')
        state = self.master.key_state(ID)
        self._finger = keys.fingerprint(self.master.key_pem(ID))
        say('minion    fingerprint %s' % self._finger)
        say('minion    signs in, its key is %s' % state)
        if self._finger not in (self.child.fingerprints() or ()):
            raise errors.MinionError('the key that signed in is not the one in the minion\'s folder')
        if state == states.PENDING:
            self.master.accept(ID)
            say('master    accepts the key')
        self._wait(lambda: self.master.journal.subscriptions, START_TIME, 'the minion to listen for jobs')
        say('minion    signed in, listens for jobs')
        self._wait(self._started, START_TIME, 'the start event')
        say('minion    is ready')

    def _started(self):
        return any(event.get('tag') == 'salt/minion/%s/start' % ID for event in self.master.events)

    def _job(self, fun, arg):
        """Publish one job and show its return; False if it failed."""
        start = compat.monotonic()
        jid = self.master.publish(fun, arg, tgt=ID)
        say('job       %s' % ' '.join([fun] + [repr(one) if ' ' in one else one for one in arg]))
        try:
            back = self._wait(lambda: self._returned(jid), JOB_TIME, 'the return of ' + fun)
        except errors.RequestTimeout as exc:
            say('          %s' % exc)
            return False
        say('return    after %d ms, retcode %s' % (1000 * (compat.monotonic() - start), back.get('retcode')))
        say(indented(shown(back['return']), ' ' * 10))
        return not back.get('retcode')

    def _returned(self, jid):
        return next((load for load in list(self.master.returns) if load.get('jid') == jid), None)

    def _wait(self, find, seconds, what):
        deadline = compat.monotonic() + seconds
        while True:
            try:
                return self.master.wait(find, LOOK, what)
            except errors.RequestTimeout:
                self._look_at_child()
                if compat.monotonic() > deadline:
                    raise errors.RequestTimeout('waited %d s in vain for %s; the minion\'s log: %s' % (
                        seconds, what, self.child.log))

    def _look_at_child(self):
        for level, text in self.child.news():
            known = self._finger and self._finger in text        # that its key waits: we say so ourselves
            if level in ('WARNING', 'ERROR', 'CRITICAL') and not known:
                say('minion    says: %s' % text)
        self.child.check()
