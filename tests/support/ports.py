"""Loopback ports for servers that go away and come back in a test: nobody else takes them meanwhile."""
from __future__ import absolute_import, division, print_function

import errno
import os
import random
import socket
import tempfile

from minion import compat
from tests.support import locks

FIRST, LAST = 20000, 30000            # below the range from which kernels take the ports of outgoing connections
TRIES = 1000


class Port(object):
    """One port (`number`), kept from the other test runs of this host until `close`."""

    def __init__(self):
        for _ in range(TRIES):
            self.number = random.randint(FIRST, LAST)
            self._lock = _lock(self.number)
            if self._lock is not None:
                if _unused(self.number):
                    return
                self.close()
        raise AssertionError('no free port from %d to %d' % (FIRST, LAST))

    def close(self):
        """Give it back."""
        self._lock.close()


def _lock(number):
    folder = os.path.join(tempfile.gettempdir(), 'minion-test-ports-%d' % os.getuid())
    compat.make_dirs(folder)
    return locks.take(os.path.join(folder, str(number)))


def _unused(number):
    probe = socket.socket()
    try:
        probe.bind(('127.0.0.1', number))
        return True
    except (IOError, OSError) as exc:
        if exc.errno != errno.EADDRINUSE:
            raise
        return False
    finally:
        probe.close()
