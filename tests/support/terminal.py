"""A command in a terminal of its own: 80 columns, keys as somebody types them, everything that it shows."""
from __future__ import absolute_import, division, print_function

import errno
import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import termios

from minion import compat
from tests.support.waiting import wait_until

COLOUR = re.compile('\033\\[([0-9;]*)m')


class Terminal(object):
    """Starts `words`; use it in a `with`, which ends what is left of them.

    :param list words: program and arguments.  :param dict env: variables to set, None takes one away.
    """

    def __init__(self, words, env=None, columns=80, cwd=None):
        self._seen = b''
        self._end, other = pty.openpty()
        fcntl.ioctl(other, termios.TIOCSWINSZ, struct.pack('HHHH', 50, columns, 0, 0))
        environment = dict(os.environ, TERM='xterm', **(env or {}))
        environment = dict((name, value) for name, value in environment.items() if value is not None)
        self.process = subprocess.Popen(words, stdin=other, stdout=other, stderr=other, close_fds=True, env=environment,
                                        cwd=cwd, preexec_fn=self._lead)
        os.close(other)

    @staticmethod
    def _lead():
        signal.signal(signal.SIGINT, signal.SIG_DFL)     # ignored where the tests themselves were started with `&`
        os.setsid()
        fcntl.ioctl(0, termios.TIOCSCTTY, 0)

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        os.close(self._end)

    def type(self, keys):
        """Press keys: b'\\x03' is Ctrl-C."""
        os.write(self._end, keys)

    def until(self, text, patience=60):
        """Read until `text` was shown; all that was shown.  :raises AssertionError: it never was."""
        deadline = compat.monotonic() + patience
        while text not in self.shown():
            left = deadline - compat.monotonic()
            assert left > 0 and self._read(left), 'never shown: %r, but: %s' % (text, self.shown())
        return self.shown()

    def end(self, patience=60):
        """(exit code, all that was shown), once it has ended.  :raises AssertionError: it does not end."""
        deadline = compat.monotonic() + patience
        while self._read(max(0, deadline - compat.monotonic())):
            pass
        wait_until(lambda: self.process.poll() is not None, max(1, deadline - compat.monotonic()),
                   lambda: 'end of the command, which showed: %s' % self.shown())
        return self.process.returncode, self.shown()

    def _read(self, seconds):
        if not select.select([self._end], [], [], seconds)[0]:
            return False
        try:
            data = os.read(self._end, 65536)
        except OSError as exc:                   # how Linux says that nobody has the other end any more
            if exc.errno != errno.EIO:
                raise
            return False
        self._seen += data
        return bool(data)

    def shown(self):
        """What the terminal got, with its codes for colours."""
        return compat.to_native(self._seen).replace('\r\n', '\n')


def plain(text):
    """The text without codes for colours."""
    return COLOUR.sub('', text)


def show(words, **more):
    """(exit code, shown) of a command that ends by itself."""
    with Terminal(words, **more) as terminal:
        return terminal.end()
