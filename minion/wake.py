"""A bell between threads: a pipe that signals and threads may ring and one thread waits at.

On Python 2.7 a timed Queue.get polls twenty times a second and an untimed one holds signals back. A select on a pipe
does neither.
"""
from __future__ import absolute_import, division, print_function

import contextlib
import errno
import fcntl
import os
import select
import signal

from minion import compat, errors


class Bell(object):
    """Rung from any thread or signal handler; heard by its one owner.

    `stopping` is set once, by `stop()`, and never taken back: whoever waits at the bell looks at it.
    """

    def __init__(self):
        self.stopping, self._signals = False, False
        self._ear, self._hammer = os.pipe()
        for handle in (self._ear, self._hammer):
            fcntl.fcntl(handle, fcntl.F_SETFL, fcntl.fcntl(handle, fcntl.F_GETFL) | os.O_NONBLOCK)
            fcntl.fcntl(handle, fcntl.F_SETFD, fcntl.fcntl(handle, fcntl.F_GETFD) | fcntl.FD_CLOEXEC)

    def ring(self):
        """Wake the owner; never blocks. A full pipe already holds a ring, a closed one has no owner."""
        try:
            os.write(self._hammer, b'.')
        except OSError as exc:
            if exc.errno not in (errno.EAGAIN, errno.EBADF, errno.EPIPE):
                raise

    def listen_to_signals(self):
        """Have every signal ring, so that its handler runs soon. Main thread only, which has to be the owner.

        The kernel may interrupt any thread for a signal, yet Python runs handlers on the main thread only: without a
        ring that one would sleep on in its select. So it would when the signal came just before the select.
        """
        compat.set_wakeup_fd(self._hammer)
        self._signals = True

    def stop(self):
        """Tell the owner to end."""
        self.stopping = True
        self.ring()

    def fileno(self):
        """The descriptor that becomes readable when the bell was rung."""
        return self._ear

    def hush(self):
        """Take back all rings so far."""
        try:
            while len(os.read(self._ear, 512)) == 512:
                pass
        except OSError as exc:
            if exc.errno not in (errno.EAGAIN, errno.EINTR):
                raise

    def wait(self, seconds=None):
        """Wait for a ring, at most `seconds` (None: for ever); True if it rang. Takes the ring back."""
        deadline = None if seconds is None else compat.monotonic() + seconds
        while True:
            left = None if deadline is None else max(0.0, deadline - compat.monotonic())
            try:
                rang = bool(select.select([self._ear], [], [], left)[0])
            except select.error as exc:                  # Python 2: a signal ends the call; its handler has rung
                if exc.args[0] != errno.EINTR:
                    raise
                continue
            if rang:
                self.hush()
            return rang

    def close(self):
        """Give both descriptors back; only the owner calls this, after its last wait."""
        if self._signals:
            signal.set_wakeup_fd(-1)             # the number of the descriptor may soon be another file's
            self._signals = False
        ear, hammer = self._ear, self._hammer
        self._ear = self._hammer = -1
        if hammer >= 0:
            os.close(hammer)
            os.close(ear)


@contextlib.contextmanager
def ctrl_c_rings(bell):
    """Within, Ctrl-C stops the owner of `bell`; KeyboardInterrupt comes at the end. On other threads it changes nothing.

    For the time in which commands make sockets, and import what makes them: raised between the making of a socket and its
    being known to anybody, KeyboardInterrupt leaves a context that waits for ever for the end of that socket.
    """
    told = []

    def stop(signum, frame):
        told.append(signum)
        bell.stop()

    try:
        before = signal.signal(signal.SIGINT, stop)
    except ValueError:                                   # not the main thread, where alone signals are heard
        yield
        return
    try:
        yield
    except errors.Interrupted:
        if not told:
            raise
    finally:
        signal.signal(signal.SIGINT, before)
        if told:
            raise KeyboardInterrupt()
