"""The publish channel: one SUB socket of one thread."""
from __future__ import absolute_import, division, print_function

import errno
import hashlib
import struct

import zmq

from minion import compat, sockets

BROADCAST = b'broadcast'
HEARTBEATS = hasattr(zmq, 'HEARTBEAT_IVL') and zmq.zmq_version_info() >= (4, 2)


def topics(minion_id):
    """The two topics that concern a minion when the master filters (PROTOCOL section 1.3)."""
    return BROADCAST, compat.to_bytes(hashlib.sha1(compat.to_bytes(minion_id)).hexdigest())


class SubChannel(object):
    """Receives publications. Made, used and closed on one thread.

    `down_since`: monotonic seconds of the moment when the connection broke or was first tried, None while it stands or
    where this pyzmq cannot tell.

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
            self._monitor = _monitor(self._socket)
            self.down_since = None if self._monitor is None else compat.monotonic()
            self._socket.connect(address)
        except zmq.ZMQError:
            self.close()
            raise
        self._poller = zmq.Poller()
        self._poller.register(self._socket, zmq.POLLIN)
        if self._monitor is not None:
            self._poller.register(self._monitor, zmq.POLLIN)

    def receive(self, bell, seconds=None):
        """The next package for us (bytes), or None when the bell rang or `seconds` passed.

        One frame is the package itself; two are topic and package, of which other minions' are dropped.
        """
        if bell.fileno() not in self._poller:
            self._poller.register(bell.fileno(), zmq.POLLIN)
        try:
            ready = dict(self._poller.poll(None if seconds is None else int(seconds * 1000 + 0.999)))
        except zmq.ZMQError as exc:
            if exc.errno != errno.EINTR:
                raise
            return None
        if self._monitor in ready:
            self._note()
        if self._socket not in ready:
            return None
        return self._package(self._socket.recv_multipart(zmq.NOBLOCK))

    def _package(self, frames):
        if len(frames) == 1:
            return frames[0]
        if len(frames) == 2 and frames[0] in self._topics:
            return frames[1]
        return None

    def _note(self):
        """Read what the monitor has to say; each message is two frames, the first holds the kind of event."""
        while self._monitor.poll(0):
            event = struct.unpack('=hi', self._monitor.recv_multipart()[0])[0]
            if event == zmq.EVENT_CONNECTED:
                self.down_since = None
            elif self.down_since is None:
                self.down_since = compat.monotonic()

    def close(self):
        """Close the socket; what was not read is lost."""
        monitor = getattr(self, '_monitor', None)
        if monitor is not None:
            self._socket.disable_monitor()
            monitor.close(linger=0)
        self._socket.close(linger=0)


def _monitor(socket):
    """A socket that tells of connections made and broken, None where pyzmq or libzmq are too old for it."""
    if not hasattr(socket, 'get_monitor_socket') or zmq.zmq_version_info() < (4, 0):
        return None
    return socket.get_monitor_socket(zmq.EVENT_CONNECTED | zmq.EVENT_DISCONNECTED)
