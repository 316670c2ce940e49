"""The master of a call: one sign-in with the host's keys, requests on the calling thread, the return at the end."""
from __future__ import absolute_import, division, print_function

import zmq

from minion import (agent, connector, credentials, errors, link, liveness, masterlink, pillar, request, session,
                    settingcall, sockets, wake)


class Board(session.SessionBoard):
    """Signs in on the thread that needs another session; there is no other."""

    def __init__(self, sign_in):
        session.SessionBoard.__init__(self, None)
        self._sign_in = sign_in

    def renewed(self, stale, reason, bell, seconds):
        """A session newer than `stale`.  :raises MinionError: no master signs us in."""
        self.put(self._sign_in())
        return self.current()

    def ask(self, stale, reason):
        """Nobody but renewed() signs in."""

    lost = ask


class Requester(request.Requester):
    """As any other, but Ctrl-C waits until its socket is in a known state."""

    def _exchange(self, session, frame, seconds=None):
        with wake.ctrl_c_rings(self._bell):
            return request.Requester._exchange(self, session, frame, seconds)


class Way(object):
    """The connection: what Link takes for a MasterLink, and for its Desk.

    :param Config config: with the id in it.  :param Bell bell: ends the sign-in; closed with this object.
    :raises MinionError: keys or masters that cannot be used.
    """

    def __init__(self, config, jobs, bell):
        minion_id = config['id']
        self._config, self._context, self.bell = config, zmq.Context(1), bell
        self.identity = credentials.identity(config, minion_id)
        timing = liveness.timing(config, minion_id)
        self._tuning = sockets.options(config, timing.ping, timing.pong)
        office = masterlink.Office(*[None] * len(masterlink.Office._fields))._replace(
            context=self._context, config=config, minion_id=minion_id, identity=self.identity,
            trust=credentials.store(config), rules=credentials.rules(config), timing=timing, tuning=self._tuning,
            chores=lambda: None, touched=lambda: None)
        groups = agent.master_groups(config, minion_id, lambda name: settingcall.call(config, name, {}))
        masters = [master for group in groups for master in group]
        if not masters:
            raise errors.ConfigError('master_type: disable leaves no master to call with: use --local')
        self._connector = connector.Connector(office, self.bell, masters)
        self.board = Board(self._signed_in)
        self.door = link.Link(minion_id, jobs, float(config['auth_timeout']), int(config['max_event_size']))
        self.door.default(self)
        self.way = self
        self._requester = self.requester(self.bell)

    def sign_in(self):
        """:raises MinionError: no master signs us in now; the log says why for each."""
        self.board.put(self._signed_in())

    def _signed_in(self):
        with wake.ctrl_c_rings(self.bell):
            return self._connector.once()

    def requester(self, bell):
        """A Requester."""
        return Requester(self._context, self.board, self.identity, self._tuning, bell,
                                 float(self._config['request_channel_timeout']),
                                 int(self._config['request_channel_tries']))

    def put(self, load, kept=None):
        """Send a return or an event now.  :raises MinionError: the master does not take it."""
        self._requester.ask(load, float(self._config['auth_timeout']))

    def pillar(self, grains):
        """The pillar.  :raises MinionError: no answer."""
        return pillar.fetch(self.door.pillar, self._config['id'], grains, self._config.get('saltenv'),
                            self._config.get('pillarenv'))

    def close(self):
        """Close sockets and bell."""
        self.door.close_channel()
        self._requester.close()
        self.bell.close()
        self._context.term()
