"""A TCP relay between minion and master whose connections can be cut, swallowed, held and delayed by direction."""
from __future__ import absolute_import, division, print_function

import collections
import select
import socket
import struct
import threading

from minion import compat
from minion.wake import Bell
from tests.support.waiting import wait_until

PASS, SWALLOW, HOLD = 'pass', 'swallow', 'hold'
TO_MASTER, TO_MINION = 'to master', 'to minion'
CHUNK = 1 << 16


class _Flow(object):
    """Bytes from one socket to another."""

    def __init__(self, direction, source, sink):
        self.direction, self.source, self.sink = direction, source, sink
        self.waiting = collections.deque()       # (time due, bytes)
        self.twin = None
        self.broken = False
        self.forgotten = False                   # swallows for good, whatever the mode

    def send_due(self, now):
        """Send what is due; the time when the next bytes are, None without any."""
        while self.waiting and self.waiting[0][0] <= now and not self.broken:
            try:
                self.sink.sendall(self.waiting.popleft()[1])
            except (OSError, socket.error):      # the other side went away: what was due is lost, as on a network
                self.broken = True
        return self.waiting[0][0] if self.waiting else None


class Proxy(object):
    """Listens on a port of its own and relays to `target_port` of the same host.

    `mode` maps each direction to PASS, SWALLOW (read and forget), HOLD (do not read) or seconds of delay;
    change it with `set`. One thread, no limit on connections.

    :param str listen: address to listen on.  :param int port: there; 0: any.
    """

    def __init__(self, target_port, host='127.0.0.1', listen='127.0.0.1', port=0):
        self.target = (host, target_port)
        self.mode = {TO_MASTER: PASS, TO_MINION: PASS}
        self.refusing = False                    # True: new connections are closed at once
        self.accepted, self.moved = 0, {TO_MASTER: 0, TO_MINION: 0}
        self._bell, self._flows = Bell(), []
        self._cut = self._forget = False
        self._listener = socket.socket()
        self._listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            self._listener.bind((listen, port))
        except (OSError, socket.error):          # the port is taken on this address
            self._listener.close()
            self._bell.close()
            raise
        self._listener.listen(64)
        self.port = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._run, name='proxy')
        self._thread.daemon = True

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, kind, error, trace):
        self._bell.stop()
        self._thread.join(10)
        self._bell.close()

    def set(self, to_master=None, to_minion=None):
        """Change the mode of one or both directions."""
        for direction, mode in ((TO_MASTER, to_master), (TO_MINION, to_minion)):
            if mode is not None:
                self.mode[direction] = mode
        self._bell.ring()

    def cut(self, seconds=5.0):
        """Reset all connections and wait until that is done; the listener stays."""
        self._cut = True
        self._bell.ring()
        wait_until(lambda: not self._cut, seconds, 'connections reset', 0.005)

    def swallow(self):
        """Forget all bytes from now on, of new connections too; nothing is closed."""
        self.set(to_master=SWALLOW, to_minion=SWALLOW)

    def heal(self, seconds=5.0):
        """Relay new connections again; those that stand are forgotten for good, but not closed."""
        self._forget = True
        self.set(to_master=PASS, to_minion=PASS)
        wait_until(lambda: not self._forget, seconds, 'connections forgotten', 0.005)

    def wait_accepted(self, count, seconds):
        """Wait until `count` connections were accepted in all."""
        wait_until(lambda: self.accepted >= count, seconds, '%d connections through the proxy' % count, 0.01)

    # ---- on the thread

    def _run(self):
        try:
            while not self._bell.stopping:
                self._turn()
        finally:
            self._close_all()
            self._listener.close()

    def _turn(self):
        now = compat.monotonic()
        due = [at for at in [flow.send_due(now) for flow in self._flows] if at is not None]
        for flow in list(self._flows):
            if flow.broken and flow in self._flows:
                self._close(flow)
        sources = [flow.source for flow in self._flows if self.mode[flow.direction] != HOLD]
        pause = max(0.0, min(due) - now) if due else None
        ready = select.select([self._bell, self._listener] + sources, [], [], pause)[0]
        if self._bell in ready:
            self._bell.hush()
        if self._forget:
            for flow in self._flows:
                flow.forgotten = True
            self._forget = False
            return
        if self._cut:
            self._close_all()
            self._cut = False
            return
        for flow in list(self._flows):
            if flow.source in ready and flow in self._flows:
                self._read(flow)
        if self._listener in ready:
            self._accept()

    def _accept(self):
        minion = self._listener.accept()[0]
        self.accepted += 1
        master = socket.socket()
        try:
            if self.refusing:
                raise socket.error('refused on purpose')
            master.connect(self.target)
        except (OSError, socket.error):          # the minion sees it as a connection closed at once
            _reset(minion)
            master.close()
            return
        there, back = _Flow(TO_MASTER, minion, master), _Flow(TO_MINION, master, minion)
        there.twin, back.twin = back, there
        self._flows += [there, back]

    def _read(self, flow):
        try:
            data = flow.source.recv(CHUNK)
        except (OSError, socket.error):          # reset by the other side: the end, like an empty read
            data = b''
        if not data:
            self._close(flow)
            return
        mode = self.mode[flow.direction]
        if mode == SWALLOW or flow.forgotten:
            return
        self.moved[flow.direction] += len(data)
        delay = mode if isinstance(mode, (int, float)) else 0.0
        flow.waiting.append((compat.monotonic() + delay, data))

    def _close(self, flow):
        for one in (flow, flow.twin):
            self._flows.remove(one)
            _reset(one.source)

    def _close_all(self):
        while self._flows:
            self._close(self._flows[0])


def _reset(connection):
    """Close at once, unsent bytes forgotten."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
    connection.close()
