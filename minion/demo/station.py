"""The two ports of the embedded master and the one thread that owns them."""
from __future__ import absolute_import, division, print_function

import errno
import heapq
import itertools
import logging
import threading

import zmq

from minion import compat, errors
from minion.wake import Bell

log = logging.getLogger(__name__)

HOST = '127.0.0.1'
MARK = 100000                     # messages that wait for one minion; a publishing socket drops what exceeds it, and counts
#                                   as waiting up to half of it that has long been sent: with the usual 1000 a burst is cut
CALL_TIME = 20.0                  # seconds for the thread to do what another one asks, and to end
BIND_TIME = 3.0                   # seconds to bind: a port of a stopped station may still be on its way out


class Station(object):
    """A ROUTER and a publishing socket. Started and stopped as often as needed.

    :param callable arrive: arrive(route, data) for each request, on the thread.
    :param callable subscribed: subscribed(topic) for each subscription, on the thread.
    """

    def __init__(self, arrive, subscribed):
        self._arrive, self._subscribed = arrive, subscribed
        self._order, self._due = itertools.count(), []     # heap of (time, n, function)
        self._lock = threading.Lock()                      # guards _due
        self._thread = self._bell = self._context = self._router = self._publisher = None
        self._failure = None                               # what ended the thread; raised by stop()

    def start(self, ports):
        """Bind (request port, publish port), 0 for any free one, and serve; the two ports bound.

        :raises MinionError: a port cannot be had.
        """
        self._failure, self._bell, self._context = None, Bell(), zmq.Context()
        bound, answer = threading.Event(), []
        self._thread = threading.Thread(target=self._run, args=(ports, bound, answer), name='embedded-master')
        self._thread.daemon = True
        self._thread.start()
        bound.wait(2 * BIND_TIME + CALL_TIME)
        if not answer:
            self.stop()
            raise errors.MinionError('the embedded master did not start')
        return answer[0]

    def stop(self):
        """Close both ports and end the thread; does nothing when it is not running.

        :raises: what broke the thread, if something did.
        """
        if self._thread is None:
            return
        self._bell.stop()
        self._thread.join(CALL_TIME)
        if self._thread.is_alive():
            raise errors.MinionError('the embedded master did not stop within %d s' % CALL_TIME)
        self._thread = None
        self._bell.close()
        self._context.term()
        with self._lock:
            self._due = []
        if self._failure is not None:
            raise self._failure

    def running(self):
        """True between start() and stop()."""
        return self._thread is not None

    # ---- from any thread

    def call(self, function, *args, **named):
        """Run function(*args, **named) on the thread (here, when there is none) and return or raise what it does."""
        if self._thread is None or threading.current_thread() is self._thread:
            return function(*args, **named)
        queue = compat.import_queue()
        box = queue.Queue()
        self.post(lambda: box.put(_outcome(function, args, named)))
        try:
            value, error = box.get(timeout=CALL_TIME)
        except queue.Empty:
            raise errors.MinionError('the embedded master did not react within %d s' % CALL_TIME)
        if error is not None:
            raise error
        return value

    def post(self, function, delay=0.0):
        """Have the thread call function() in `delay` seconds; forgotten when it stops before."""
        with self._lock:
            heapq.heappush(self._due, (compat.monotonic() + delay, next(self._order), function))
        self._bell.ring()

    # ---- on the thread

    def reply(self, route, data):
        """Answer the request that came with `route`."""
        self._router.send_multipart(route + [data])

    def publish(self, frames):
        """Send one message on the publish port; without a started station nobody hears it."""
        if self._publisher is not None:
            self._publisher.send_multipart(frames)

    def _run(self, ports, bound, answer):
        try:
            self._router = self._socket(zmq.ROUTER, ('ROUTER_HANDOVER',))
            self._publisher = self._socket(zmq.XPUB, ('XPUB_VERBOSE',))
            answer.append((self._bind(self._router, ports[0]), self._bind(self._publisher, ports[1])))
            bound.set()
            self._serve()
        except Exception as exc:                 # the outermost function of a thread
            log.exception('the embedded master broke down')
            self._failure = exc
        finally:
            for socket in (self._router, self._publisher):
                if socket is not None:
                    socket.close(linger=0)
            self._router = self._publisher = None
            bound.set()

    def _socket(self, kind, switches):
        socket = self._context.socket(kind)
        socket.set(zmq.LINGER, 0)
        socket.set(zmq.SNDHWM, MARK)
        for name in switches:
            if hasattr(zmq, name):
                socket.set(getattr(zmq, name), 1)
        return socket

    def _bind(self, socket, port):
        """Bind one port and return its number."""
        deadline = compat.monotonic() + BIND_TIME
        while True:
            try:
                socket.bind('tcp://%s:%s' % (HOST, port or '*'))
            except zmq.ZMQError as exc:
                over = compat.monotonic() > deadline or self._bell.stopping
                if exc.errno != errno.EADDRINUSE or over:
                    raise errors.MinionError('%s:%s cannot be bound: %s' % (HOST, port, exc.strerror))
                self._bell.wait(0.05)
            else:
                return int(compat.to_native(socket.get(zmq.LAST_ENDPOINT)).rstrip('\0').rpartition(':')[2])

    def _serve(self):
        poller = zmq.Poller()
        for source in (self._router, self._publisher, self._bell.fileno()):
            poller.register(source, zmq.POLLIN)
        while not self._bell.stopping:
            ready = dict(poller.poll(self._pause()))
            if self._bell.fileno() in ready:
                self._bell.hush()
            for function in self._take_due():
                function()
            if self._router in ready:
                frames = self._router.recv_multipart()
                self._arrive(frames[:-1], frames[-1])
            if self._publisher in ready:
                self._note_subscription(self._publisher.recv())

    def _note_subscription(self, message):
        if message[:1] == b'\x01':
            self._subscribed(message[1:])

    def _pause(self):
        """Milliseconds until something is due, None for nothing."""
        with self._lock:
            if not self._due:
                return None
            return max(0, int(1000 * (self._due[0][0] - compat.monotonic())) + 1)

    def _take_due(self):
        taken, now = [], compat.monotonic()
        with self._lock:
            while self._due and self._due[0][0] <= now:
                taken.append(heapq.heappop(self._due)[2])
        return taken


def _outcome(function, args, named):
    """(value, None) or (None, error): errors belong to the thread that asked."""
    try:
        return function(*args, **named), None
    except Exception as exc:                     # raised again by call()
        return None, exc
