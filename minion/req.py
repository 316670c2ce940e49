"""The request channel: one REQ socket of one thread, one question and one answer at a time."""
from __future__ import absolute_import, division, print_function

import errno

import zmq

from minion import compat, errors, sockets


class ReqChannel(object):
    """Asks one master address. Made, used and closed on one thread.

    :param zmq.Context context:  :param str address: `tcp://...`  :param SocketOptions tuning:
    :param Bell bell: ends a wait early when its owner is told to stop (None: nothing does).
    """

    def __init__(self, context, address, tuning, bell=None):
        self.address = address
        self._context, self._tuning, self._bell = context, tuning, bell
        self._socket = self._poller = None

    def exchange(self, data, seconds, meanwhile=None):
        """Send one frame and return the answer's only frame.

        :param callable meanwhile: called without arguments once it is sent.

        A REQ socket whose answer did not come is of no use any more: it is closed here and made anew by the next call.

        :raises RequestTimeout: no answer within `seconds`.  :raises Interrupted: the bell's owner is to stop.
        :raises RequestRefused: an answer of several frames.
        """
        try:
            if self._socket is None:
                self._socket = self._open()
            self._socket.send(data, zmq.NOBLOCK)
            if meanwhile is not None:
                meanwhile()
            self._await(seconds)
            frames = self._socket.recv_multipart(zmq.NOBLOCK)
        except zmq.ZMQError as exc:
            self.close()
            raise errors.RequestTimeout('%s: %s' % (self.address, exc))
        except errors.MinionError:
            self.close()
            raise
        if len(frames) != 1:
            raise errors.RequestRefused('%d frames instead of one' % len(frames))
        return frames[0]

    def _open(self):
        socket = sockets.open_socket(self._context, zmq.REQ, self._tuning, '[' in self.address)
        try:
            socket.connect(self.address)
        except zmq.ZMQError:
            socket.close(linger=0)
            raise
        self._poller = zmq.Poller()
        self._poller.register(socket, zmq.POLLIN)
        if self._bell is not None:
            self._poller.register(self._bell.fileno(), zmq.POLLIN)
        return socket

    def _await(self, seconds):
        deadline = compat.monotonic() + seconds
        while True:
            left = deadline - compat.monotonic()
            if left <= 0:
                raise errors.RequestTimeout('no answer from %s within %g s' % (self.address, seconds))
            ready = dict(_poll(self._poller, left))
            if self._socket in ready:
                return
            if ready:
                if self._bell.stopping:
                    raise errors.Interrupted('stopped while waiting for %s' % self.address)
                self._bell.hush()          # a ring for other news: its owner looks at its lists after this call

    def close(self):
        """Close the socket, unsent data with it."""
        if self._socket is not None:
            self._socket.close(linger=0)
            self._socket = self._poller = None


def _poll(poller, seconds):
    """poll() that a signal does not end; pyzmq before 14.7 lets EINTR through."""
    try:
        return poller.poll(max(1, int(seconds * 1000)))
    except zmq.ZMQError as exc:
        if exc.errno != errno.EINTR:
            raise
        return []
