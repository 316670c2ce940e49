"""The publish channel: one SUB socket of one thread."""
from __future__ import absolute_import, division, print_function

import errno
import hashlib
import struct

import zmq

from minion import compat, sockets

BROADCAST = b'broadcast'
HEARTBEATS = hasattr(zmq, 'HEARTBEAT_IVL') and zmq.zmq_version_info() >= (4, 2)
HANDSHAKES = hasattr(zmq, 'EVENT_HANDSHAKE_SUCCEEDED') and zmq.zmq_version_info() >= (4, 3)
AT_ONCE = 64                     # packages read in one go, before the thread looks at anything else


def topics(minion_id):
    """The two topics that concern a minion when the master filters (docs/protocol.md section 1.3)."""
    return BROADCAST, compat.to_bytes(hashlib.sha1(compat.to_bytes(minion_id)).hexdigest())


class SubChannel(object):
    """Receives publications. Made, used and closed on one thread.

    `down_since`: monotonic seconds of the moment when the connection broke or was first tried, None while it stands or
    where this pyzmq cannot tell. `stood`: seconds for which it had stood when it broke.

    :param bool filtering: subscribe to our two topics only (`zmq_filtering` on both ends), else to everything.
    :param bool heartbeat: see sockets.open_socket.
    """

    def __init__(self, context, address, tuning, minion_id, filtering=False, heartbeat=False):
        self.address, self._monitor = address, None
        self._topics = topics(minion_id)
        self._socket = sockets.open_socket(context, zmq.SUB, tuning, '[' in address, heartbeat)
        try:
            self._socket.setsockopt(zmq.IDENTITY, compat.to_bytes(minion_id)[:255])
            for topic in self._topics if filtering else (b'',):
                self._socket.setsockopt(zmq.SUBSCRIBE, topic)
            self._monitor = _monitor(self._socket)
            self.stood, self._up_since = 0.0, None
            self.down_since = None if self._monitor is None else compat.monotonic()
            self._socket.connect(address)
        except zmq.ZMQError:
            self.close()
            raise

    def sockets(self):
        """What to poll: when one of them is readable, packages() has something to do."""
        return [self._socket] + ([] if self._monitor is None else [self._monitor])

    def packages(self):
        """The packages for us (bytes) that have come, without waiting; a limited number in one call.

        One frame is the package itself; two are topic and package, of which other minions' are dropped.
        """
        if self._monitor is not None:
            self._note()
        found = []
        for _ in compat.range_(AT_ONCE):
            if not _readable(self._socket):
                break
            try:
                frames = self._socket.recv_multipart(zmq.NOBLOCK)
            except zmq.ZMQError as exc:
                if exc.errno not in (errno.EAGAIN, errno.EINTR):
                    raise
                break
            if len(frames) == 1 or len(frames) == 2 and frames[0] in self._topics:
                found.append(frames[-1])
        return found

    def _note(self):
        """Read what the monitor has to say; each message is two frames, the first holds the kind of event."""
        while _readable(self._monitor):
            event = struct.unpack('=hi', self._monitor.recv_multipart()[0])[0]
            now = compat.monotonic()
            if event != zmq.EVENT_DISCONNECTED:
                self.down_since, self._up_since = None, now
            elif self.down_since is None:
                self.down_since, self.stood = now, now - self._up_since

    def close(self):
        """Close the socket; what was not read is lost."""
        monitor, self._monitor = self._monitor, None
        if monitor is not None:
            self._socket.disable_monitor()
            monitor.close(linger=0)
        self._socket.close(linger=0)


def _readable(socket):
    """True if a message waits: cheaper than a poll or a try, and without giving the interpreter away."""
    try:
        return socket.getsockopt(zmq.EVENTS) & zmq.POLLIN
    except zmq.ZMQError as exc:
        if exc.errno != errno.EINTR:
            raise
        return False                             # the next poll tells again


def _monitor(socket):
    """A socket that tells of connections made and broken, None where pyzmq or libzmq are too old for it.

    A peer that takes a TCP connection and then says nothing is no master: where libzmq can tell, a connection stands
    once both ends have greeted each other.
    """
    if not hasattr(socket, 'get_monitor_socket') or zmq.zmq_version_info() < (4, 0):
        return None
    return socket.get_monitor_socket((zmq.EVENT_HANDSHAKE_SUCCEEDED if HANDSHAKES else zmq.EVENT_CONNECTED)
                                     | zmq.EVENT_DISCONNECTED)
