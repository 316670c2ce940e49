"""What the subscriber listens to: one SUB channel, for a moment two, so that changing the connection loses nothing."""
from __future__ import absolute_import, division, print_function

import collections
import errno

import zmq

from minion import compat, sub

OVERLAP = 1.0 if sub.HANDSHAKES else 5.0     # seconds that an old connection is listened to after its successor stands:
#                                              until the subscription has reached the master; longer where libzmq tells
#                                              of the TCP connection only
REMEMBERED = 1000                            # publications of the old connection that are known again on the new one
EARLY = 1000                                 # publications of the new one that wait for the old one to end


class Feed(object):
    """One thread only.

    While there are two connections, what the new one brings waits: the old one may still bring older publications, and
    serials must not go back.

    :param callable open_channel: open_channel(session) -> SubChannel.  :param Session session:
    """

    def __init__(self, open_channel, session):
        self._open, self._channel = open_channel, open_channel(session)
        self._session, self._old = session, None
        self.old_until = None                # when the older of two is closed (monotonic); None: not known yet
        self._seen, self._early, self._ready = collections.deque(maxlen=REMEMBERED), [], []
        self._poller, self._polled = None, None
        self.heard = compat.monotonic()      # when the last publication came or the connection was made

    def serves(self, session):
        """True if the connection is the one that `session` asks for."""
        return session.pub_uri == self._channel.address and session.line == self._session.line

    def overlapping(self):
        """True while there are two connections."""
        return self._old is not None

    @property
    def down_since(self):
        """See SubChannel."""
        return self._channel.down_since

    @property
    def stood(self):
        """See SubChannel."""
        return self._channel.stood

    def renew(self, session):
        """Connect anew; an old connection to the same master is listened to until the new one stands."""
        if self._old is not None and self._channel.down_since is not None:
            self._channel.close()            # it never stood; the older one may
        else:
            self._drop_old()
            self._old = self._channel
        self.old_until, self._polled = None, None
        if not _same_master(self._session, session):
            self._drop_old()
        self._channel, self._session = self._open(session), session
        self.heard = compat.monotonic()

    def receive(self, bell, seconds):
        """Packages (list of bytes) in their order; [] when the bell rang or `seconds` passed (None: wait for ever).

        The ring is taken back.
        """
        self._wait(bell, 0 if self._ready else seconds)
        if self._old is None:
            self._ready += self._channel.packages()
        else:
            older = self._old.packages()
            self._seen.extend(hash(package) for package in older)
            self._ready += older
            self._early += self._channel.packages()
            self._end_overlap(compat.monotonic())
        found, self._ready = self._ready, []
        if found:
            self.heard = compat.monotonic()
        return found

    def _wait(self, bell, seconds):
        channels = [self._channel] + ([self._old] if self._old is not None else [])
        if self._polled != (bell, channels):
            self._poller, self._polled = zmq.Poller(), (bell, channels)
            for each in [bell.fileno()] + [socket for channel in channels for socket in channel.sockets()]:
                self._poller.register(each, zmq.POLLIN)
        try:
            ready = dict(self._poller.poll(None if seconds is None else int(seconds * 1000 + 0.999)))
        except zmq.ZMQError as exc:
            if exc.errno != errno.EINTR:
                raise
            return
        if bell.fileno() in ready:
            bell.hush()

    def _end_overlap(self, now):
        if self.old_until is None and self._channel.down_since is None:
            self.old_until = now + OVERLAP
        if len(self._early) >= EARLY or self.old_until is not None and now >= self.old_until:
            self._drop_old()

    def _drop_old(self):
        """Close the old connection; what waited for that and did not come over it is ready now."""
        if self._old is not None:
            self._old.close()
        self._ready += [package for package in self._early if hash(package) not in self._seen]
        self._old, self.old_until, self._polled, self._early = None, None, None, []
        self._seen.clear()

    def close(self):
        """Close all connections."""
        self._drop_old()
        self._channel.close()


def _same_master(before, now):
    """True if what the connection of one session brings can be read under the other one."""
    return before.pub_uri == now.pub_uri or (before.master_id, before.aes_digest) == (now.master_id, now.aes_digest)
