"""The main thread: keys, sign-in, retry loop; then it blocks until there is control work. It alone signs in."""
from __future__ import absolute_import, division, print_function

import collections
import logging
import os
import signal
import time

import zmq

from minion import (auth, compat, connector, errors, execution, jobs, link, pki, protocol, recent, request, returner, returns,
                    running, session, sockets, spool, states, subscriber, trust, wake)

log = logging.getLogger(__name__)


class Control(object):
    """Requests of other threads to the main thread; bounded, one of a kind at a time.

    :param Bell bell: of the main thread.
    """

    def __init__(self, bell):
        self._bell = bell
        self._requests = collections.deque(maxlen=64)

    def sign_in(self, stale, reason):
        """The session with number `stale` no longer works."""
        if not any(number == stale for number, _ in list(self._requests)):
            self._requests.append((stale, reason))
        self._bell.ring()

    def take(self, current):
        """The reason of a wish for a session newer than number `current`, None when there is none."""
        wanted = None
        while self._requests:
            stale, reason = self._requests.popleft()
            if stale >= current:
                wanted = reason
        return wanted


class Agent(object):
    """One minion, from its keys to its end.

    :param Config config:  :param str minion_id:
    """

    def __init__(self, config, minion_id):
        self._config, self._minion_id = config, minion_id
        self.bell = wake.Bell()
        self._control = Control(self.bell)
        self._machine = states.Machine()
        self._context = None
        self._identity = self._connector = self._trust = None
        self._board = session.SessionBoard(self._control.sign_in)
        self._subscriber = self._returner = self._spool = self._jobs = self._running = None
        self._left = []

    def stop(self):
        """End; may be called from a signal handler or another thread."""
        self.bell.stop()

    def abandoned(self):
        """Names of threads that did not end in time."""
        return list(self._left)

    def run(self):
        """Block until told to stop.

        :return int: the exit code.  :raises KeyFileError, UnsafePermissions: the keys cannot be used.
        :raises KeyRejected, MasterUnusable: only where the settings ask to end on that.
        """
        self._machine.on('prepared')
        self._context = zmq.Context(1)
        try:
            self._look_at_keys()
            self._machine.on('keys ready')
            self._connect()
            self._start()
            self._listen()
        except errors.Interrupted:
            return 0
        finally:
            self._end()
        return 0

    # ---- keys

    def _look_at_keys(self):
        config = self._config
        pki_dir = config['pki_dir']
        pair = pki.load_or_create(pki_dir, int(config['keysize']), self._key_progress())
        self._identity = protocol.Identity(
            self._minion_id, pair.private, pair.pem, pair.private.sign_x931(b'salt'),
            config['encryption_algorithm'], config['signing_algorithm'])
        self._trust = trust.Trust(pki_dir, config['master_sign_key_name'])
        rules = auth.Rules(
            int(config['minimum_auth_version']), config['master_finger'], config['hash_type'],
            config['verify_master_pubkey_sign'], config['always_verify_signature'], config['open_mode'],
            execution.autosign_grains(config))
        self._connector = connector.Connector(self._context, config, self._identity, self._trust, rules, self.bell)
        log.info('this minion is %s, the fingerprint of its key is %s', self._minion_id, self._connector.fingerprint())

    def _key_progress(self):
        """Says that a key is being made, once and then every few seconds: an old host can take long."""
        told = [None]

        def progress():
            if self.bell.stopping:
                raise errors.Interrupted('stopped while making the key')
            now = compat.monotonic()
            if told[0] is None or now - told[0] >= 5.0:
                log.info('making a key of %s bits%s', self._config['keysize'], '' if told[0] is None else ', still at it')
                told[0] = now
        return progress

    # ---- sign-in

    def _connect(self):
        made = self._connector.connect(_first_master(self._config))
        self._board.put(made)
        self._machine.on('signed in', '%s speaks protocol version %d' % (made.master, made.generation.number))

    def _listen(self):
        while not self.bell.stopping:
            self.bell.wait()
            wanted = self._control.take(self._board.current().number)
            if self.bell.stopping:
                return
            if wanted is not None:
                self._machine.on('sign in again', wanted)
                self._connector.pause(self._connector.spread())
                self._connect()
            if not self._subscriber.alive():
                self._revive()

    def _revive(self):
        """A subscriber that failed has logged why; another takes its place, never faster than once a second."""
        self._connector.pause(1.0)
        self._subscriber.bell.close()
        self._subscriber = self._new_subscriber()
        self._subscriber.start()

    # ---- threads

    def _start(self):
        config, cachedir = self._config, self._config['cachedir']
        tuning = sockets.options(config)
        pauses = float(config['return_retry_timer']), float(config['return_retry_timer_max'])
        self._returner = returner.Returner(self._context, self._board, self._identity, tuning, pauses)
        self._spool = spool.Spool(
            os.path.join(cachedir, 'spool'), self._owner(), int(config['spool_max_size']) << 20,
            float(config['spool_max_age']) * 3600, self._returner.bell.ring)
        self._spool.load()
        self._running = running.RunningJobs(os.path.join(cachedir, 'proc'))
        way = link.Link(self._minion_id, self._running, self._spool, self._board, self._requester,
                        float(config['auth_timeout']) * int(config['auth_tries']))
        world = execution.Execution(config, self._minion_id, way)
        way.on_refresh(world.refresh)
        self._jobs = jobs.Jobs(
            self._minion_id, world, self._running,
            recent.RecentJobs(os.path.join(cachedir, 'jobs', 'recent'), max(1000, int(config['minion_jid_queue_hwm']))),
            self._spool, self._trust, self._threads(), int(config['job_queue_size']),
            config['sign_pub_messages'], self.bell.ring)
        self._subscriber = self._new_subscriber()
        self._subscriber.start()
        self._returner.start(self._spool)
        self._jobs.first(lambda: self._get_ready(world))

    def _get_ready(self, world):
        """Grains and pillar, then the start events; on an executor's thread, while jobs are taken already."""
        world.prepare()
        master = self._board.current().master_key.fingerprint()
        for event in returns.start_events(self._minion_id, self._config['enable_legacy_startup_events'], time.time()):
            self._spool.put(event, master)
        log.info('minion is ready to receive jobs')

    def _owner(self):
        return '%s %s' % (self._minion_id, self._identity.private.public.fingerprint())

    def _requester(self, bell):
        return request.Requester(self._context, self._board, self._identity, sockets.options(self._config), bell,
                                 float(self._config['request_channel_timeout']))

    def _new_subscriber(self):
        return subscriber.Subscriber(self._context, self._board, sockets.options(self._config), self._minion_id,
                                     self._config['zmq_filtering'], self._jobs)

    def _threads(self):
        configured = int(self._config['process_count_max'])
        return configured if configured > 0 else int(self._config['executor_max'])

    # ---- the end

    def _end(self):
        """Stop in the order of the design; each step has its deadline, and who overruns it is named."""
        self._machine.on('stop')
        if self._subscriber is not None and not self._subscriber.stop(1.0):
            self._left.append('subscriber')
        if self._jobs is not None:
            self._jobs.close()
            self._left += self._jobs.end(float(self._config['stop_timeout']), signal.SIGTERM)
        if self._returner is not None:
            self._returner.drain(1.0)
            if not self._returner.stop(1.0):
                self._left.append('returner')
        if self._left:
            log.warning('threads that did not end in time: %s', ', '.join(self._left))
            return                                   # they may hold sockets and bells; the process ends now anyhow
        for owner in (self._subscriber, self._returner, self):
            if owner is not None:
                owner.bell.close()
        if self._context is not None:
            self._context.term()


def _first_master(config):
    master = config['master']
    return master if compat.is_text(master) else master[0]
