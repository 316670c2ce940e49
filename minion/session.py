"""The record that a sign-in makes, and the board where all threads find the current one."""
from __future__ import absolute_import, division, print_function

import threading

from minion import compat, errors
from minion.record import record

Session = record('Session', 'number master ret_uri pub_uri generation publish_crypticle session_crypticle '
                            'master_key master_id aes_digest line since')
# What one sign-in gave, never changed.
#
# number: counts sign-ins of this process; master: name as configured; generation: object of minion.protocol;
# master_id: 16 hex digits that name the master's key; aes_digest: short hash that tells AES keys apart without holding
# one; line: counts how often the connections were given up as dead, each time both are made anew; since: Unix seconds.


class SessionBoard(object):
    """Holds the one current Session. The main thread puts it; others read it or ask for a newer one.

    :param Control control: takes wishes for another session from any thread; must not block.
    """

    def __init__(self, control):
        self._control = control
        self._session = None                  # replaced by one assignment
        self._before = None, 0.0              # the session with another AES key before it, and when it was replaced
        self._lock = threading.Lock()         # guards _bells
        self._bells = []

    def wish(self):
        """Owner of the control only: see Control.take."""
        return self._control.take(self._session.number if self._session else 0)

    def current(self):
        """The Session in force, None before the first sign-in."""
        return self._session

    def put(self, session):
        """Main thread only: make `session` the current one and wake who waits for it."""
        old = self._session
        if old is not None and old.aes_digest != session.aes_digest and old.master_id == session.master_id:
            self._before = old, compat.monotonic()
        self._session = session
        with self._lock:
            bells = list(self._bells)
        for bell in bells:
            bell.ring()

    def replaced(self, seconds):
        """The session with the AES key before the present one, if it was replaced less than `seconds` ago."""
        session, at = self._before
        return session if session is not None and compat.monotonic() - at < seconds else None

    def listen(self, bell):
        """Ring `bell` whenever a session is put, until `ignore(bell)`."""
        with self._lock:
            self._bells.append(bell)

    def ignore(self, bell):
        """Undo `listen`."""
        with self._lock:
            self._bells.remove(bell)

    def ask(self, stale, reason):
        """Ask the main thread to sign in again, because `stale` (a Session) no longer works; returns at once."""
        self._control.sign_in(stale.number if stale else 0, reason)

    def lost(self, session, reason):
        """Tell the main thread that the connections of `session` seem dead; returns at once."""
        self._control.lost(session.number, reason)

    def renewed(self, stale, reason, bell, seconds):
        """Ask for a newer session than `stale` and wait for it at `bell`, which must be listening.

        :raises RequestTimeout: none within `seconds`.  :raises Interrupted: the bell's owner is to stop.
        """
        self.ask(stale, reason)
        deadline = compat.monotonic() + seconds
        while True:
            session = self._session
            if session is not None and (stale is None or session.number > stale.number):
                return session
            if bell.stopping:
                raise errors.Interrupted('stopped while waiting for a sign-in')
            left = deadline - compat.monotonic()
            if left <= 0:
                raise errors.RequestTimeout('no new sign-in within %g s' % seconds)
            bell.wait(left)
