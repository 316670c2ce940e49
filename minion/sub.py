"""The publish channel: one SUB socket of one thread."""
from __future__ import absolute_import, division, print_function

import errno
import hashlib

import zmq

from minion import compat, sockets

BROADCAST = b'broadcast'


def topics(minion_id):
    """The two topics that concern a minion when the master filters (PROTOCOL section 1.3)."""
    return BROADCAST, compat.to_bytes(hashlib.sha1(compat.to_bytes(minion_id)).hexdigest())


class SubChannel(object):
    """Receives publications. Made, used and closed on one thread.

    :param bool filtering: subscribe to our two topics only (`zmq_filtering` on both ends), else to everything.
    :param bool heartbeat: see sockets.open_socket.
    """

    def __init__(self, context, address, tuning, minion_id, filtering=False, heartbeat=False):
        self.address = address
        self._topics = topics(minion_id)
        self._socket = sockets.open_socket(context, zmq.SUB, tuning, '[' in address, heartbeat)
        try:
            self._socket.setsockopt(zmq.IDENTITY, compat.to_bytes(minion_id)[:255])
            for topic in self._topics if filtering else (b'',):
                self._socket.setsockopt(zmq.SUBSCRIBE, topic)
            self._socket.connect(address)
        except zmq.ZMQError:
            self._socket.close(linger=0)
            raise

    def receive(self, bell, seconds=None):
        """The next package for us (bytes), or None when the bell rang or `seconds` passed.

        One frame is the package itself; two are topic and package, of which other minions' are dropped.
        """
        poller = zmq.Poller()
        poller.register(self._socket, zmq.POLLIN)
        poller.register(bell.fileno(), zmq.POLLIN)
        try:
            ready = dict(poller.poll(None if seconds is None else max(1, int(seconds * 1000))))
        except zmq.ZMQError as exc:
            if exc.errno != errno.EINTR:
                raise
            return None
        if self._socket not in ready:
            return None
        return self._package(self._socket.recv_multipart(zmq.NOBLOCK))

    def _package(self, frames):
        if len(frames) == 1:
            return frames[0]
        if len(frames) == 2 and frames[0] in self._topics:
            return frames[1]
        return None

    def close(self):
        """Close the socket; what was not read is lost."""
        self._socket.close(linger=0)
