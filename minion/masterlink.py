"""One connection to a master, or to whichever of several answers: its sign-in loop, its threads, its spool.

The first connection runs on the main thread; each further master of a list (`master_type: str`) has a thread of its own
that does the same, so that a master that is away never holds up the others.
"""
from __future__ import absolute_import, division, print_function

import collections
import hashlib
import logging
import os

from minion import (compat, connector, desk, gate, liveness, phases, request, returner, returns, session, spool,
                    subscriber)
from minion.record import record

log = logging.getLogger(__name__)

# What all connections of a process share. rules: of minion.auth; timing: of minion.liveness; tuning: SocketOptions;
# lookup: instead of socket.getaddrinfo, or None; started: called as started(link, moved) when its threads run, moved
# False, and whenever another of its masters has signed us in, moved True; changed: called as changed(link) after each
# change of state; repairs: of minion.repairs; chores: called now and then by the threads that sign in;
# touched: called without arguments when the status has changed in a way that need not be told at once; spares: Spares.
Office = record('Office', 'context config minion_id identity trust rules timing tuning lookup jobs started changed '
                          'repairs chores touched spares')


class Control(object):
    """Wishes of other threads to the thread that signs in; bounded, one of a kind at a time.

    :param Bell bell: of that thread.
    """

    def __init__(self, bell):
        self._bell = bell
        self._wishes = collections.deque(maxlen=64)

    def sign_in(self, stale, reason):
        """The session with number `stale` no longer works."""
        self._add(('stale', stale, reason))

    def lost(self, number, reason):
        """The connections of session `number` seem dead."""
        self._add(('lost', number, reason))

    def _add(self, wish):
        if not any(known[:2] == wish[:2] for known in list(self._wishes)):
            self._wishes.append(wish)
        self._bell.ring()

    def take(self, current):
        """(kind, reason) of a wish about session `current` or a later one, None when there is none; lost goes first."""
        found = None
        while self._wishes:
            kind, number, reason = self._wishes.popleft()
            if number >= current and (found is None or kind == 'lost'):
                found = kind, reason
        return found


class MasterLink(object):
    """:param Office office:  :param list masters: candidates, in order; several with `master_type: failover`.
    :param Bell bell: of the thread that will call run().
    """

    def __init__(self, office, masters, bell):
        self.office, self.bell = office, bell
        self.tag = tag(masters[0] if len(masters) == 1 else 'failover')
        self.machine = phases.Machine(lambda state, detail: office.changed(self), phases.KEYS)
        self.connector = connector.Connector(office, bell, masters, lambda: office.changed(self))
        self.board = session.SessionBoard(Control(bell))
        self.subscriber = None
        config = office.config
        shortest = liveness.shortest_wait(config)
        pauses = shortest, max(shortest, float(config['return_retry_timer_max']))
        self.returner = returner.Returner(office.context, self.board, office.identity, office.tuning, pauses,
                                          office.timing, bell.ring, office.spares.stock)
        self.spool = spool.Spool(
            os.path.join(config['cachedir'], 'spool'), owner(office.identity), self.tag,
            int(config['spool_max_size']) << 20, float(config['spool_max_age']) * 3600, self.returner.bell.ring,
            max_entry=int(float(config['max_return_size']) * 1048576), changed=self._disk_changed,
            spares=office.spares)
        self._gate = gate.Gate(office.jobs, office.trust, config['sign_pub_messages'], self.desk)

    def desk(self, current=None):
        """The Desk for a session's master; without one: for whichever master this connection finds."""
        if current is None:
            return self.desk_of(None)
        return desk.Desk(self, self.tag, current.master, current.master_id, self.spool)

    def desk_of(self, master_id):
        """The Desk for a master whose key is known by its id only, None: whichever this connection finds."""
        return desk.Desk(self, self.tag, self.connector.masters[0], master_id or '', self.spool)

    def _disk_changed(self, reason):
        """The spool's folder cannot be written any more, or (None) can be again: the master is to know."""
        if reason is not None:
            self.office.repairs.add(self.spool.flush)
        self.spool.put(returns.disk_event(self.office.minion_id, self.spool.folder, reason), '')
        self.office.changed(self)

    def describe(self):
        """What the status file says of this connection."""
        current, listener = self.board.current(), self.subscriber
        return {'master': current.master if current else self.connector.masters[0], 'state': self.machine.state,
                'protocol': current.generation.number if current else None,
                'since': round(current.since, 3) if current else None,
                'last_publish': listener.last_publish if listener else None, 'spool': len(self.spool),
                'disk': self.spool.disk_trouble, 'trouble': self.connector.trouble,
                'last_jid': self._gate.last_job[0], 'last_job_at': self._gate.last_job[1],
                'ready': self.machine.state == phases.LISTENING and listener is not None and listener.connected()}

    def requester(self, bell):
        """A Requester for a job's thread, whose `bell` listens at the board."""
        return request.Requester(self.office.context, self.board, self.office.identity, self.office.tuning, bell,
                                 float(self.office.config['request_channel_timeout']),
                                 int(self.office.config['request_channel_tries']))

    # ---- the loop

    def run(self):
        """Sign in, start the threads, and block on control work until the bell says stop.

        :raises Interrupted: stopped while signing in.
        :raises KeyRejected, MasterUnusable: only where the settings ask to end on that.
        """
        self._connect('keys ready')
        self._start()
        while not self.bell.stopping:
            if not self._work():
                self.bell.wait(self.connector.until_failback())

    def _connect(self, event, reason='', lost=False):
        self.machine.on(event, reason)
        self._listen_to(self.connector.connect(lost))

    def _listen_to(self, made):
        before = self.board.current()
        self.board.put(made)
        self.machine.on('signed in', '%s speaks protocol version %d' % (made.master, made.generation.number))
        if before is not None and made.master != before.master:
            self.office.started(self, True)

    def _work(self):
        """Do what is to be done; False when there was nothing. Rings are lost meanwhile, so the caller asks again."""
        self.office.chores()
        wish = self.board.wish()
        if self.bell.stopping:
            return False
        if wish is not None:
            self._meet(*wish)
        elif self.connector.failback_due():
            made = self.connector.failback()
            if made is not None:
                self.machine.on('sign in again', 'the first master answers again')
                self._listen_to(made)
        elif not self.subscriber.alive() or not self.returner.alive():
            self._revive()
        else:
            return False
        return True

    def _meet(self, kind, reason):
        if kind == 'stale':
            self.connector.pause(self.connector.spread())
            self._connect('sign in again', reason)
        else:
            self._connect('master lost' if len(self.connector.masters) > 1 else 'sign in again', reason, True)

    def _revive(self):
        """A thread that failed has logged why; another takes its place, never faster than once a second."""
        self.connector.pause(1.0)
        if not self.returner.alive():
            self.returner.start(self.spool)
        if not self.subscriber.alive():
            self.subscriber.bell.close()
            self.subscriber = self._new_subscriber()
            self.subscriber.start()

    # ---- threads

    def _start(self):
        self.subscriber = self._new_subscriber()
        self.subscriber.start()
        self.returner.start(self.spool)
        self.office.started(self, False)

    def _new_subscriber(self):
        config = self.office.config
        return subscriber.Subscriber(
            self.office.context, self.board, self.office.tuning, self.office.minion_id, config['zmq_filtering'],
            self._gate, self.office.timing, self.bell.ring, lambda: self.office.changed(self))

    def stop_listening(self, seconds):
        """End the subscriber; [] or the name of the thread that did not end."""
        if self.subscriber is None or self.subscriber.stop(seconds):
            return []
        return ['subscriber']

    def stop_returning(self, seconds):
        """Deliver what can be delivered now, then end the returner; [] or the name of the thread that did not end."""
        self.returner.drain(seconds)
        ended = self.returner.stop(seconds)
        self.spool.close()
        return [] if ended else ['returner']

    def close(self):
        """Give the bells back, once all threads have ended."""
        for part in (self.subscriber, self.returner, self):
            if part is not None:
                part.bell.close()


def tag(name):
    """Hex digits that name a connection in files."""
    return hashlib.sha1(compat.to_bytes(name)).hexdigest()[:8]


def owner(identity):
    """Names our id and key in spool files: what belongs to an old key is never sent under a new one."""
    return '%s %s' % (identity.minion_id, identity.private.public.fingerprint())
