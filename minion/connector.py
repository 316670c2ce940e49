"""Blocks until a master has signed us in: the retry loop of the main thread, with a named answer to every outcome."""
from __future__ import absolute_import, division, print_function

import hashlib
import logging
import time

from minion import (auth, compat, crypticle, errors, keys, liveness, outgoing, protocol, req, resolver, session,
                    sockets)
from minion.address import parse_address

log = logging.getLogger(__name__)
HOURLY = 3600.0
SMALL_FLEET_SPREAD = 1.5         # seconds; spread of re-sign-ins unless random_reauth_delay is set
SHORTEST_PAUSE = 1.0             # seconds between rounds where acceptance_wait_time is 0
VERDICTS = errors.KeyPending, errors.KeyRejected, errors.MasterFull          # a master answered, and it is ours


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
    """Signs in at one of the masters it was given. One thread only.

    :param Office office: see minion.masterlink.  :param Bell bell: of that thread.
    :param list masters: in the order of preference, each `host` or `host:port`.
    :param callable changed: called when `trouble` has changed.
    """

    def __init__(self, office, bell, masters, changed=None):
        self.masters = list(masters)
        self.trouble, self._changed = None, changed          # why the last try failed, None once signed in
        self._order, self._line = list(masters), 0
        self._office, self._config, self._bell = office, office.config, bell
        self._identity, self._tuning = office.identity, office.tuning
        self._source = outgoing.Source(self._config['source_interface_name'], self._tuning.source_ip)
        self._sign_in = auth.SignIn(office.identity, office.trust, office.rules)
        self._announcers = {}
        self._number, self._names_failed = 0, 0
        self._address, self._dead = None, None           # of the current session; the one that was lost
        self._looked_back, self._came_back, self._relapses = 0.0, None, 0

    def connect(self, lost=False):
        """Block until a master has signed us in: the current one first, or last when it was lost.

        :param bool lost: the connections are dead: all are made anew, and the address that they led to is tried last.
        :return Session:  :raises Interrupted: told to stop.
        :raises KeyRejected, MasterUnusable: only where the settings ask to end on that.
        """
        if lost:
            self._note_loss()
        failed, pause = 0, float(self._config['acceptance_wait_time']) or SHORTEST_PAUSE
        while True:
            made, errors_met = self._any_master(lost)
            if made is not None:
                self._looked_back, self._dead = compat.monotonic(), None
                self.trouble = None
                return made
            if not any(isinstance(error, VERDICTS) for error in errors_met):
                failed += 1
                self._give_up_where_asked(failed, errors_met[-1])
            if len(self.masters) == 1 and isinstance(errors_met[-1], resolver.NameNotResolved):
                self.pause(float(self._config['retry_dns']))
            else:
                self.pause(pause * (0.75 + 0.5 * liveness.share(self._identity.minion_id)))
                pause = self._longer(pause)

    def once(self):
        """A Session of the first master that signs us in, in one round.  :raises MinionError: why the last one did not."""
        made, errors_met = self._any_master(False)
        if made is None:
            raise errors_met[-1]
        return made

    def _note_loss(self):
        self._line += 1
        self._dead = self._address
        if self._came_back is not None:                  # was it worth while to go back to the first master?
            stayed, self._came_back = compat.monotonic() - self._came_back, None
            self._relapses = 0 if stayed > 2 * self._failback_gap() else self._relapses + 1
        self._order.append(self._order.pop(0))

    def _any_master(self, lost):
        """(Session or None, list of errors) of one round: the first master in order that signs us in."""
        met = []
        for master in list(self._order):
            try:
                made = self._round(master, self._tries(master, lost))
            except errors.Interrupted:
                raise
            except errors.MinionError as exc:
                met.append(exc)
                self._report(master, exc)
            else:
                while self._order[0] != master:
                    self._order.append(self._order.pop(0))
                return made, met
        asked = self._config.origin('rejected_retry') is not None and not self._config['rejected_retry']
        for error in met:
            if asked and isinstance(error, errors.KeyRejected) and error.signed:
                raise error
        return None, met

    def _tries(self, master, lost):
        """One for each of several masters; one that is merely asked for a new key is not left for one lost answer."""
        wanted = max(1, int(self._config['auth_tries']))
        if len(self.masters) == 1:
            return wanted
        return min(2, wanted) if self._number and not lost and master == self._order[0] else 1

    def _give_up_where_asked(self, failed, error):
        """:raises MasterUnusable: before the first sign-in, after as many rounds as the settings allow."""
        if self._number or self._config['auth_safemode']:
            return
        if self._names_failed and self._config['retry_dns_count'] is not None and len(self.masters) == 1:
            if self._names_failed > int(self._config['retry_dns_count']):
                raise errors.MasterUnusable('%s; looked up %d times (retry_dns_count)' % (error, self._names_failed))
        for name in ('master_tries', 'auth_retries'):
            limit = int(self._config[name]) if self._config.origin(name) is not None else 0
            if 0 < limit <= failed:
                raise errors.MasterUnusable('master %s: %s; tried %d times (%s)'
                                            % (', '.join(self.masters), error, failed, name))

    # ---- failback

    def until_failback(self):
        """Seconds until the first master is to be looked at again, None: never."""
        if not self._config['master_failback'] or self._order[0] == self.masters[0]:
            return None
        return max(0.0, self._looked_back + self._failback_gap() - compat.monotonic())

    def _failback_gap(self):
        """Seconds between looks; longer each time that the first master was lost again soon after."""
        interval = float(self._config['master_failback_interval'] or self._config['master_alive_interval'] or 60)
        return max(interval, min(HOURLY, interval * 2 ** self._relapses))

    def failback_due(self):
        """True when it is time to look at the first master."""
        return self.until_failback() == 0.0

    def failback(self):
        """A Session of the first master if it signs us in now, else None."""
        try:
            made = self._round(self.masters[0], 1)
        except errors.Interrupted:
            raise
        except errors.MinionError as exc:
            log.debug('master %s does not take us back yet: %s', self.masters[0], exc)
            return None
        finally:
            self._looked_back = compat.monotonic()
        self._order = list(self.masters)
        self._came_back = self._looked_back
        return made

    # ---- pauses

    def _longer(self, pause):
        """The pause after this one: twice as long, up to acceptance_wait_time_max where that is set."""
        return max(pause, min(float(self._config['acceptance_wait_time_max']), pause * 2))

    def pause(self, seconds):
        """Wait, heedless of other rings than a stop.  :raises Interrupted: told to stop."""
        deadline = compat.monotonic() + seconds
        while True:
            if self._bell.stopping:
                raise errors.Interrupted('stopped while signing in')
            self._office.chores()
            left = deadline - compat.monotonic()
            if left <= 0:
                return
            self._bell.wait(left)

    def spread(self):
        """Seconds to wait before signing in again, the same for this id each time: a fleet never moves at once."""
        scale = SMALL_FLEET_SPREAD
        if self._config.origin('random_reauth_delay') is not None:
            scale = float(self._config['random_reauth_delay'])
        return scale * liveness.share(self._identity.minion_id)

    # ---- one round: every address, as often as auth_tries says

    def _round(self, master, tries):
        """A Session of this master.  :raises MinionError: what came of it, a verdict or a fault before a silence."""
        host, port = parse_address(master, self._config['master_port'], self._config['master_uri_format'])
        if self._bell.stopping:
            raise errors.Interrupted('stopped while signing in')
        silence = fault = None
        for _ in compat.range_(tries):
            for address in self._addresses(host):
                try:
                    return self._try(master, address, port)
                except VERDICTS:
                    raise
                except errors.RequestTimeout as exc:
                    silence = exc
                except (errors.SignInError, errors.WireError) as exc:       # another address may be the master's
                    fault = exc
            if fault is not None:
                raise fault
        raise silence

    def _addresses(self, host):
        try:
            found = resolver.addresses(host, self._bell, self._config['ipv6'], self._office.lookup)
        except resolver.NameNotResolved:
            if self._config['retry_dns'] or len(self.masters) > 1:           # of several masters the next one is tried
                self._names_failed += 1
                raise
            return ['127.0.0.1']
        self._names_failed = 0
        return sorted(found, key=lambda address: address == self._dead)

    def _try(self, master, address, port):
        uri = sockets.uri(address, port, self._source.address_for(address), self._tuning.source_ret_port)
        made = self._session(master, address, uri, self._grant(uri))
        self._address = address
        return made

    def _grant(self, uri):
        channel = req.ReqChannel(self._office.context, uri, self._tuning, self._bell)
        nonce = protocol.new_nonce()
        try:
            answer = channel.exchange(self._sign_in.request(nonce), float(self._config['auth_timeout']), self._identity.token)
        finally:
            channel.close()
        return self._sign_in.read(answer, nonce)

    def _session(self, master, address, ret_uri, grant):
        port = grant.publish_port
        configured = self._config['publish_port']
        if configured and configured != 4506 and self._config.origin('publish_port') is not None:
            port = configured                        # as minions from 3000 on do
        self._number += 1
        session_key = crypticle.Crypticle(grant.session) if grant.session is not None else None
        return session.Session(
            self._number, master, ret_uri,
            sockets.uri(address, port, self._source.address_for(address), self._tuning.source_publish_port),
            grant.generation, crypticle.Crypticle(grant.aes), session_key, grant.master_key,
            grant.master_key.fingerprint().replace(':', '')[:16], hashlib.sha256(grant.aes).hexdigest()[:16],
            self._line, time.time())

    # ---- outcomes

    def _announcer(self, master):
        return self._announcers.setdefault(master, Announcer())

    def _report(self, master, error):
        trouble = '%s: %s' % (master, error)
        if trouble != self.trouble:
            self.trouble = trouble
            if self._changed is not None:
                self._changed()
        if isinstance(error, errors.KeyPending):
            new_form = keys.text_fingerprint(self._identity.pem, self._config['hash_type'])
            self._announcer(master).say(
                log.warning, 'master %s: %s; this minion\'s fingerprint is %s (salt-key of a 3008 master shows %s), '
                'accept it on the master with: salt-key -a %s'
                % (master, error, self.fingerprint(), new_form, self._identity.minion_id))
        elif isinstance(error, resolver.NameNotResolved):
            self._announcer(master).say(log.error, 'master %s: %s; check the setting master and the name service'
                                        % (master, error))
        elif isinstance(error, errors.KeyRejected):
            self._announcer(master).say(
                log.error, 'master %s: %s; on the master see salt-key -L, then remove the stale key: salt-key -d %s'
                % (master, error, self._identity.minion_id))
        else:
            self._announcer(master).say(log.error, 'master %s: %s' % (master, error))

    def fingerprint(self):
        """What `salt-key -F` of masters before 3008 shows for our key."""
        return keys.fingerprint(self._identity.pem, self._config['hash_type'])
