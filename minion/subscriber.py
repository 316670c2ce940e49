"""The subscriber thread: sole owner of the SUB socket. It decrypts, checks, matches and hands jobs on; it runs none."""
from __future__ import absolute_import, division, print_function

import collections
import logging
import threading
import time

from minion import compat, publication, sub, wake

log = logging.getLogger(__name__)
HELD = 64                        # packages kept while a new AES key is fetched; the oldest goes first
SHORTEST, LONGEST = 1.0, 60.0    # seconds between sign-ins for packages that no key opens (an attacker's, say)
GRACE = 10.0                     # seconds that a broken connection gets to come back before the master counts as lost
REMEMBERED = 30.0                # seconds that signed packages under the AES key before the present one are still taken
OVERLAP = 1.0                    # seconds that an old connection is listened to after its successor stands


class Subscriber(object):
    """Receives publications of one publish address until stop().

    :param zmq.Context context:  :param SessionBoard board:  :param SocketOptions tuning:
    :param str minion_id:  :param bool filtering: `zmq_filtering`.
    :param Gate gate: what happens to a publication that opened; see minion.gate.
    :param float liveness: seconds of silence after which the connection is renewed where no heartbeat proves it; 0: never.
    :param callable ended: called when the thread ends.
    """

    def __init__(self, context, board, tuning, minion_id, filtering, gate, liveness, ended):
        self.bell = wake.Bell()
        self.failure = None                    # what ended the thread; read after stop()
        self.received, self.last_publish = 0, None     # how many publications, and when the last one (Unix seconds)
        self._context, self._board, self._tuning = context, board, tuning
        self._minion_id, self._filtering, self._gate = minion_id, filtering, gate
        self._held = collections.deque(maxlen=HELD)
        self._asked_for, self._pause, self._next_ask = None, SHORTEST, 0.0
        self._complaints = Complaints()
        self._liveness, self._ended = liveness, ended
        self._grace = min(GRACE, liveness) if liveness else GRACE
        self._channel, self._old, self._old_until, self._seen = None, None, 0.0, None
        self._line, self._heard, self._told, self._losses = 0, 0.0, None, 0
        self._ready, self._stands = threading.Event(), threading.Event()
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

    def wait_connected(self, seconds):
        """Wait until the connection stands, so that what is published from now on comes; True if it does."""
        return self._stands.wait(seconds)

    def alive(self):
        """False once the thread has ended, on request or by a failure."""
        return self._thread.is_alive()

    def _run(self):
        try:
            self._channel = self._open_channel(self._board.current())
            self._ready.set()
            while not self.bell.stopping:
                self._follow()
                if self._channel.down_since is None:
                    self._stands.set()
                frame = self._channel.receive(self.bell, self._wait_time())
                if frame is not None:
                    self._take(frame)
                self.bell.hush()
                self._drain_old()
                self._watch()
                self._try_held(self._board.current())
        except Exception as exc:               # the thread's outermost function
            self.failure = exc
            log.exception('the subscriber thread failed')
        finally:
            for channel in (self._channel, self._old):
                if channel is not None:
                    channel.close()
            self._board.ignore(self.bell)
            self._ready.set()
            self._ended()

    def _follow(self):
        """A new session may name another address, or say that the connections were dead."""
        session = self._board.current()
        if session.pub_uri != self._channel.address or session.line != self._line:
            log.info('listening at %s', session.pub_uri)
            self._replace(session)

    def _replace(self, session):
        """Connect anew; the old connection is listened to until a moment after the new one stands."""
        if self._old is not None:
            self._old.close()
        self._old, self._old_until, self._seen = self._channel, None, set()
        self._channel = self._open_channel(session)

    def _open_channel(self, session):
        """Masters of generation 3 bring their own libzmq, which answers heartbeats; others may be of any age."""
        self._line, self._heard = session.line, compat.monotonic()
        return sub.SubChannel(self._context, session.pub_uri, self._tuning, self._minion_id, self._filtering,
                              self._has_heartbeat(session))

    @staticmethod
    def _has_heartbeat(session):
        return session.generation.number >= 3 and sub.HEARTBEATS

    def _take(self, frame):
        self._heard = compat.monotonic()
        digest = hash(frame)
        if self._old is not None and self._seen is not None:
            if digest in self._seen:
                return                         # both connections of a renewal carried it
            self._seen.add(digest)
        self._package(frame)

    # ---- is the connection alive?

    def _watch(self):
        """Tell the main thread of a connection that stays broken; renew a silent one that nothing proves."""
        now, session = compat.monotonic(), self._board.current()
        down = self._channel.down_since
        if down is None:
            self._losses = 0
        elif now - down >= self._patience() and self._told != session.number:
            self._told, self._losses = session.number, self._losses + 1
            self._board.lost(session, 'the connection to %s is broken' % self._channel.address)
        if self._renewal_due(session, now):
            log.debug('nothing heard for %g s, renewing the connection to %s', now - self._heard, session.pub_uri)
            self._replace(session)

    def _patience(self):
        """Seconds for a broken connection; longer each time that a new sign-in did not mend it (port 4505 blocked?)."""
        return self._grace * 2 ** min(self._losses, 6)

    def _renewal_due(self, session, now):
        return (self._liveness and self._old is None and not self._has_heartbeat(session)
                and self._channel.down_since is None and now - self._heard >= self._liveness)

    def _drain_old(self):
        """Listen to the old connection a little longer, so that a renewal loses nothing."""
        if self._old is None:
            return
        frame = self._old.receive(self.bell, 0)
        while frame is not None:
            self._take(frame)
            frame = self._old.receive(self.bell, 0)
        now = compat.monotonic()
        if self._old_until is None:
            if self._channel.down_since is None:
                self._old_until = now + OVERLAP
        elif now >= self._old_until:
            self._old.close()
            self._old = self._seen = None

    def _wait_time(self):
        """Seconds until something other than a publication is to be done, None for never."""
        now, waits = compat.monotonic(), []
        if self._held and self._asked_for is None:
            waits.append(self._next_ask - now)
        if self._old is not None:
            waits.append(0.1)
        session = self._board.current()
        if self._channel.down_since is not None:
            if self._told != session.number:
                waits.append(self._channel.down_since + self._patience() - now)
        elif self._liveness and not self._has_heartbeat(session):
            waits.append(self._heard + self._liveness - now)
        return max(0.01, min(waits)) if waits else None

    # ---- one package

    def _package(self, frame):
        self.received, self.last_publish = self.received + 1, round(time.time(), 3)
        session = self._board.current()
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
            load, signed = publication.open_package(package, session, True)      # sent before the rotation, read after it
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
