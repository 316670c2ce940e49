"""The subscriber thread: sole owner of the SUB socket. It decrypts, checks, matches and hands jobs on; it runs none."""
from __future__ import absolute_import, division, print_function

import collections
import logging
import threading

from minion import compat, publication, sub, wake

log = logging.getLogger(__name__)
HELD = 64                        # packages kept while a new AES key is fetched; the oldest goes first
SHORTEST, LONGEST = 1.0, 60.0    # seconds between sign-ins for packages that no key opens (an attacker's, say)


class Subscriber(object):
    """Receives publications of one publish address until stop().

    :param zmq.Context context:  :param SessionBoard board:  :param SocketOptions tuning:
    :param str minion_id:  :param bool filtering: `zmq_filtering`.
    :param Gate gate: decides whether a job is for us and takes it; see minion.jobs.
    """

    def __init__(self, context, board, tuning, minion_id, filtering, gate):
        self.bell = wake.Bell()
        self.failure = None                    # what ended the thread; read after stop()
        self.received = 0
        self._context, self._board, self._tuning = context, board, tuning
        self._minion_id, self._filtering, self._gate = minion_id, filtering, gate
        self._held = collections.deque(maxlen=HELD)
        self._asked_for, self._pause, self._next_ask = None, SHORTEST, 0.0
        self._complaints = Complaints()
        self._ready = threading.Event()
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

    def alive(self):
        """False once the thread has ended, on request or by a failure."""
        return self._thread.is_alive()

    def _run(self):
        channel = None
        try:
            channel = self._open_channel(self._board.current())
            self._ready.set()
            while not self.bell.stopping:
                channel = self._follow(channel)
                frame = channel.receive(self.bell, self._wait_time())
                if frame is None:
                    self.bell.hush()
                else:
                    self._package(frame)
                self._try_held()
        except Exception as exc:               # the thread's outermost function
            self.failure = exc
            log.exception('the subscriber thread failed')
        finally:
            if channel is not None:
                channel.close()
            self._board.ignore(self.bell)
            self._ready.set()
            self._gate.wake_main()

    def _follow(self, channel):
        """A new session may name another address."""
        session = self._board.current()
        if session.pub_uri == channel.address:
            return channel
        log.info('listening at %s now', session.pub_uri)
        channel.close()
        return self._open_channel(session)

    def _open_channel(self, session):
        """Masters of generation 3 bring their own libzmq, which answers heartbeats; others may be of any age."""
        return sub.SubChannel(self._context, session.pub_uri, self._tuning, self._minion_id, self._filtering,
                              session.generation.number >= 3)

    # ---- one package

    def _package(self, frame):
        self.received += 1
        session = self._board.current()
        try:
            package = publication.read_package(frame)
            self._open_package(package, session)
        except publication.Undecipherable as exc:
            self._complaints.add(log.info, 'a publication cannot be read: %s; signing in for a new key', exc)
            self._held.append(package)
        except publication.Refused as exc:
            self._complaints.add(log.warning, 'a publication is refused: %s', exc)

    def _open_package(self, package, session):
        load, signed = publication.open_package(package, session, self._gate.must_sign(session))
        if signed:
            self._gate.note_signed(session)
        self._gate.offer(load, session)

    # ---- packages that wait for a new key

    def _wait_time(self):
        if not self._held or self._asked_for is not None:
            return None
        return max(0.01, self._next_ask - compat.monotonic())

    def _try_held(self):
        """Ask for a new session once for all that is held; when it is there, open them or drop them."""
        if not self._held:
            return
        session, now = self._board.current(), compat.monotonic()
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
