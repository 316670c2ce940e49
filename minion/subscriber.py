"""The subscriber thread: sole owner of the SUB socket. It decrypts, checks, matches and hands jobs on; it runs none."""
from __future__ import absolute_import, division, print_function

import collections
import logging
import threading
import time

from minion import compat, feed, publication, sub, wake

log = logging.getLogger(__name__)
HELD = 64                        # packages kept while a new AES key is fetched; the oldest goes first
SHORTEST, LONGEST = 1.0, 60.0    # seconds between sign-ins for packages that no key opens (an attacker's, say)
REMEMBERED = 30.0                # seconds that signed packages under the AES key before the present one are still taken
MOST_DOUBLINGS = 6               # of the time for a broken connection, while new sign-ins do not mend it


class Subscriber(object):
    """Receives publications of one publish address until stop().

    :param zmq.Context context:  :param SessionBoard board:  :param SocketOptions tuning:
    :param str minion_id:  :param bool filtering: `zmq_filtering`.
    :param Gate gate: what happens to a publication that opened; see minion.gate.
    :param Timing timing: when a connection counts as dead.
    :param callable ended: called when the thread ends.  :param callable changed: when the connection comes or goes.
    """

    def __init__(self, context, board, tuning, minion_id, filtering, gate, timing, ended, changed=None):
        self.bell = wake.Bell()
        self.failure = None                    # what ended the thread; read after stop()
        self.received, self.last_publish = 0, None     # how many publications, and when the last one (Unix seconds)
        self._context, self._board, self._tuning = context, board, tuning
        self._minion_id, self._filtering, self._gate = minion_id, filtering, gate
        self._held = collections.deque(maxlen=HELD)
        self._asked_for, self._pause, self._next_ask = None, SHORTEST, 0.0
        self._complaints = Complaints()
        self._timing, self._ended, self._changed_state = timing, ended, changed
        self._feed, self._told, self._losses = None, None, 0
        self._ready = threading.Event()
        self._standing = None                  # (address, line) of the connection while it stands
        self._changed = threading.Condition()  # guards _standing
        self._thread = threading.Thread(target=self._run, name='subscriber')
        self._thread.daemon = True

    def start(self):
        """Connect and listen; returns when the socket is connecting or failed (see `failure`)."""
        self._board.listen(self.bell)
        self._thread.start()
        self._ready.wait()

    def stop(self, grace):
        """Ring, wait up to `grace` seconds; True if the thread has ended."""
        self.bell.stop()
        self._thread.join(grace)
        return not self._thread.is_alive()

    def wait_connected(self, session, seconds):
        """Wait until the connection of `session` stands, so that what is published now comes; True if it does."""
        deadline, wanted = compat.monotonic() + seconds, (session.pub_uri, session.line)
        with self._changed:
            while self._standing != wanted and not self.bell.stopping:
                left = deadline - compat.monotonic()
                if left <= 0:
                    return False
                self._changed.wait(left)
            return self._standing == wanted

    def connected(self):
        """True while the publish connection stands."""
        return self._standing is not None

    def alive(self):
        """False once the thread has ended, on request or by a failure."""
        return self._thread.is_alive()

    def _run(self):
        try:
            session = self._board.current()
            self._feed = feed.Feed(self._open_channel, session)
            self._ready.set()
            while not self.bell.stopping:
                session = self._follow(session)
                self._tell((session.pub_uri, session.line) if self._feed.down_since is None else None)
                packages = self._feed.receive(self.bell, self._wait_time(session))
                newest = self._board.current()
                if self._feed.serves(newest):
                    session = newest
                self._try_held(session)        # before the new ones, and under the same keys: serials must not go back
                for package in packages:
                    self._package(package, session)
                self._watch(session)
        except Exception as exc:               # the thread's outermost function
            self.failure = exc
            log.exception('the subscriber thread failed')
        finally:
            if self._feed is not None:
                self._feed.close()
            self._board.ignore(self.bell)
            self._ready.set()
            self._tell(None)
            self._ended()

    def _tell(self, standing):
        with self._changed:
            different = standing != self._standing
            if different or self.bell.stopping:
                self._standing = standing
                self._changed.notify_all()
        if different and self._changed_state is not None and not self.bell.stopping:
            self._changed_state()

    def _follow(self, before):
        """The session in force. A new one may name another address, or say that the connections were dead."""
        session = self._board.current()
        if not self._feed.serves(session):
            if session.master != before.master:
                for package in self._feed.receive(self.bell, 0):     # the last words of the master that we leave
                    self._package(package, before)
            log.info('listening at %s', session.pub_uri)
            self._feed.renew(session)
        return session

    def _open_channel(self, session):
        return sub.SubChannel(self._context, session.pub_uri, self._tuning, self._minion_id, self._filtering,
                              _has_heartbeat(session))

    # ---- is the connection alive?

    def _watch(self, session):
        """Tell the main thread of a connection that stays broken; renew a silent one that nothing proves."""
        now, down = compat.monotonic(), self._feed.down_since
        if down is not None and now - down >= self._patience() and self._told != session.number:
            self._told, self._losses = session.number, self._losses_in_a_row() + 1
            self._board.lost(session, 'the connection to %s is broken' % session.pub_uri)
        if self._renewed_at(session) is not None and now >= self._renewed_at(session):
            log.debug('nothing heard for %g s, renewing the connection to %s', now - self._feed.heard, session.pub_uri)
            self._feed.renew(session)

    def _patience(self):
        """Seconds for a broken connection; longer each time that a new sign-in did not mend it (port 4505 blocked?)."""
        return self._timing.grace * 2 ** self._losses_in_a_row()

    def _losses_in_a_row(self):
        """How often a connection broke before it had stood firmly."""
        losses = min(self._losses, MOST_DOUBLINGS)
        return 0 if self._feed.stood > 2 * self._timing.grace * 2 ** losses else losses

    def _renewed_at(self, session):
        """When a silent connection is to be replaced (monotonic), None where it is not."""
        if not self._timing.quiet or _has_heartbeat(session) or self._feed.overlapping() or self._feed.down_since:
            return None
        return self._feed.heard + self._timing.quiet

    def _wait_time(self, session):
        """Seconds until something other than a publication is to be done, None for never."""
        now = compat.monotonic()
        dates = [self._renewed_at(session), self._feed.old_until]
        if self._held and self._asked_for is None:
            dates.append(self._next_ask)
        if self._feed.down_since is not None and self._told != session.number:
            dates.append(self._feed.down_since + self._patience())
        dates = [date for date in dates if date is not None]
        return max(0.0, min(dates) - now) if dates else None

    # ---- one package

    def _package(self, frame, session):
        self.received, self.last_publish = self.received + 1, round(time.time(), 3)
        self._try_held(session)                # what came before goes first, or its serials would look like replays
        try:
            package = publication.read_package(frame)
            self._open_package(package, session)
        except publication.Undecipherable as exc:
            self._complaints.add(log.info, 'a publication cannot be read: %s; signing in for a new key', exc)
            self._held.append(package)
        except publication.Refused as exc:
            self._complaints.add(log.warning, 'a publication is refused: %s', exc)

    def _open_package(self, package, session):
        try:
            load, signed = publication.open_package(package, session, self._gate.must_sign(session))
        except publication.Undecipherable:
            session = self._board.replaced(REMEMBERED)
            if session is None or package.signature is None:
                raise
            load, signed = publication.open_package(package, session, True)  # sent before the rotation, read after it
        if signed:
            self._gate.note_signed(session)
        self._gate.offer(load, session)

    # ---- packages that wait for a new key

    def _try_held(self, session):
        """Ask for a new session once for all that is held; when it is there, open them or drop them.

        :param Session session: the current one, the same for what is opened right after.
        """
        if not self._held:
            return
        now = compat.monotonic()
        if self._asked_for is None:
            if now > self._next_ask + LONGEST:           # quiet for a while: what comes now is most likely a rotation
                self._pause = SHORTEST
            if now >= self._next_ask:
                self._asked_for = session
                self._board.ask(session, 'a publication did not open under the AES key')
            return
        if session.number == self._asked_for.number:
            return
        changed = session.aes_digest != self._asked_for.aes_digest
        self._asked_for = None
        self._pause = SHORTEST if changed else min(LONGEST, self._pause * 2)
        self._next_ask = now if changed else now + self._pause
        held = list(self._held)
        self._held.clear()
        for package in held:
            self._again(package, session)

    def _again(self, package, session):
        try:
            self._open_package(package, session)
        except (publication.Undecipherable, publication.Refused) as exc:
            self._complaints.add(log.warning, 'a publication is refused, after a new sign-in too: %s', exc)


def _has_heartbeat(session):
    """Masters of generation 3 bring their own libzmq, which answers heartbeats; others may be of any age."""
    return session.generation.number >= 3 and sub.HEARTBEATS


class Complaints(object):
    """Logs the first of a kind at once and later ones of the same kind at doubling counts."""

    def __init__(self):
        self._counts = {}

    def add(self, emit, words, detail):
        """Count one complaint and log it if it is the 1st, 2nd, 4th, 8th... of its words and detail."""
        key = (words, str(detail).split('(check of')[-1])
        if len(self._counts) > 200:
            self._counts.clear()
        count = self._counts[key] = self._counts.get(key, 0) + 1
        if count & (count - 1) == 0:
            emit(words + (' (%d times so far)' % count if count > 1 else ''), detail)
