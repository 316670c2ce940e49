"""Blocks until a master has signed us in: the retry loop of the main thread, with a named answer to every outcome."""
from __future__ import absolute_import, division, print_function

import hashlib
import logging
import time

from minion import auth, compat, config as settings, crypticle, errors, keys, protocol, req, resolver, session, sockets

log = logging.getLogger(__name__)
HOURLY = 3600.0
SMALL_FLEET_SPREAD = 1.5         # seconds; spread of re-sign-ins unless random_reauth_delay is set


class Announcer(object):
    """Logs a message when it is new, and again at doubling intervals up to an hour while it stays the same."""

    def __init__(self, monotonic=compat.monotonic):
        self._monotonic, self._text = monotonic, None
        self._next, self._gap, self._count = 0.0, 0.0, 0

    def say(self, emit, text):
        """Log `text` through `emit` if it is due."""
        now = self._monotonic()
        if text != self._text:
            self._text, self._gap, self._count = text, 30.0, 0
        elif now < self._next:
            self._count += 1
            return
        emit('%s%s', text, ' (%d more times since the last such line)' % self._count if self._count else '')
        self._next, self._gap, self._count = now + self._gap, min(HOURLY, self._gap * 2), 0


class Connector(object):
    """Signs in at the configured master. Main thread only.

    :param zmq.Context context:  :param Config config:  :param Identity identity:  :param Trust trust_store:
    :param Rules rules:  :param Bell bell: of the main thread.
    """

    def __init__(self, context, config, identity, trust_store, rules, bell):
        self._context, self._config, self._identity = context, config, identity
        self._trust, self._bell = trust_store, bell
        self._tuning = sockets.options(config)
        self._sign_in = auth.SignIn(identity, trust_store, rules)
        self._hash_type = config['hash_type']
        self._announcer = Announcer()
        self._number = 0

    def connect(self, master):
        """Block until `master` has signed us in.

        :param str master: as configured, `host` or `host:port`.
        :return Session:  :raises Interrupted: told to stop.
        :raises KeyRejected, MasterUnusable: only where the settings ask to end on that.
        """
        host, port = settings.parse_address(master, self._config['master_port'])
        rounds, pause, names_failed = 0, float(self._config['acceptance_wait_time']), 0
        while True:
            try:
                return self._round(master, host, port)
            except errors.Interrupted:
                raise
            except resolver.NameNotResolved as exc:
                names_failed += 1
                self._unresolved(host, exc, names_failed)
                continue
            except errors.MinionError as exc:
                rounds += 1
                self._report(master, exc)
                self._give_up_where_asked(master, exc, rounds)
            self.pause(pause)
            pause = self._longer(pause)

    def _longer(self, pause):
        limit, step = float(self._config['acceptance_wait_time_max']), float(self._config['acceptance_wait_time'])
        return min(limit, pause + step) if limit > 0 else pause

    def pause(self, seconds):
        """Wait, heedless of other rings than a stop.  :raises Interrupted: told to stop."""
        deadline = compat.monotonic() + seconds
        while True:
            if self._bell.stopping:
                raise errors.Interrupted('stopped while signing in')
            left = deadline - compat.monotonic()
            if left <= 0:
                return
            self._bell.wait(left)

    def spread(self):
        """Seconds to wait before signing in again, the same for this id each time: a fleet never moves at once."""
        scale = SMALL_FLEET_SPREAD
        if self._config.origin('random_reauth_delay') is not None:
            scale = float(self._config['random_reauth_delay'])
        digest = hashlib.sha256(compat.to_bytes(self._identity.minion_id)).digest()
        return scale * bytearray(digest)[0] / 256.0

    # ---- one round: every address, as often as auth_tries says

    def _round(self, master, host, port):
        if self._bell.stopping:
            raise errors.Interrupted('stopped while signing in')
        error = None
        for _ in compat.range_(max(1, int(self._config['auth_tries']))):
            for address in self._addresses(host):
                try:
                    return self._try(master, address, port)
                except errors.RequestTimeout as exc:
                    error = exc
        raise error

    def _addresses(self, host):
        try:
            return resolver.addresses(host, self._bell, self._config['ipv6'])
        except resolver.NameNotResolved:
            if not self._config['retry_dns']:
                return ['127.0.0.1']
            raise

    def _try(self, master, address, port):
        uri = sockets.uri(address, port, self._tuning.source_ip, self._tuning.source_ret_port)
        channel = req.ReqChannel(self._context, uri, self._tuning, self._bell)
        nonce = protocol.new_nonce()
        try:
            answer = channel.exchange(self._sign_in.request(nonce), float(self._config['auth_timeout']))
        finally:
            channel.close()
        return self._session(master, address, uri, self._sign_in.read(answer, nonce))

    def _session(self, master, address, ret_uri, grant):
        port = grant.publish_port
        configured = self._config['publish_port']
        if configured and configured != 4506 and self._config.origin('publish_port') is not None:
            port = configured                        # as minions from 3000 on do
        self._number += 1
        session_key = crypticle.Crypticle(grant.session) if grant.session is not None else None
        return session.Session(
            self._number, master, ret_uri,
            sockets.uri(address, port, self._tuning.source_ip, self._tuning.source_publish_port),
            grant.generation, crypticle.Crypticle(grant.aes), session_key, grant.master_key,
            hashlib.sha256(grant.aes).hexdigest()[:16], time.time())

    # ---- outcomes

    def _report(self, master, error):
        if isinstance(error, errors.KeyPending):
            new_form = keys.text_fingerprint(self._identity.pem, self._hash_type)
            self._announcer.say(log.warning, 'master %s: %s; this minion\'s fingerprint is %s (salt-key of a 3008 '
                                'master shows %s), accept it on the master with: salt-key -a %s'
                                % (master, error, self.fingerprint(), new_form, self._identity.minion_id))
        elif isinstance(error, errors.KeyRejected):
            self._announcer.say(log.error, 'master %s: %s; on the master look at salt-key -L, then remove the stale key '
                                'with: salt-key -d %s' % (master, error, self._identity.minion_id))
        else:
            self._announcer.say(log.error, 'master %s: %s' % (master, error))

    def fingerprint(self):
        """What `salt-key -F` of masters before 3008 shows for our key."""
        return keys.fingerprint(self._identity.pem, self._hash_type)

    def _unresolved(self, host, error, count):
        limit = self._config['retry_dns_count']
        if limit and count >= int(limit):
            raise errors.MasterUnusable('master %s: %s; tried %d times (retry_dns_count)' % (host, error, count))
        self._announcer.say(log.error, 'master %s: %s; check the setting master and the name service' % (host, error))
        self.pause(float(self._config['retry_dns']))

    def _give_up_where_asked(self, master, error, rounds):
        asked = self._config.origin('rejected_retry') is not None and not self._config['rejected_retry']
        if isinstance(error, errors.KeyRejected) and asked and error.signed:
            raise error
        limit = int(self._config.get('auth_retries') or 0)
        if limit and rounds >= limit and not isinstance(error, errors.KeyPending):
            raise errors.MasterUnusable('master %s: %s; tried %d rounds (auth_retries)' % (master, error, rounds))
