"""How far a long transfer is: one line on the terminal, gone when the file is there."""
from __future__ import absolute_import, division, print_function

from minion import compat

PATIENCE = 1.0                                   # seconds after which a transfer is a long one
PAUSE = 0.25                                     # seconds between two lines


class Progress(object):
    """`progress` of a FileClient.

    :param stream: standard error.  :param callable clock: seconds.
    """

    def __init__(self, stream, clock=compat.monotonic):
        self._stream, self._clock = stream, clock
        self._path = self._began = self._shown = None

    @classmethod
    def on(cls, stream):
        """One for a terminal, None for anything else."""
        return cls(stream) if stream is not None and stream.isatty() else None

    def __call__(self, path, done, size):
        now = self._clock()
        if path != self._path:
            self._path, self._began, self._shown = path, now, None
        over = size is not None and done >= size
        if over:
            self._clear()
        elif now - self._began >= PATIENCE and (self._shown is None or now - self._shown >= PAUSE):
            self._shown = now
            self._show('%s: %s' % (path, _so_far(done, size)))

    def _clear(self):
        if self._shown is not None:
            self._show('')
        self._path = None

    def _show(self, text):
        try:
            self._stream.write('\r\x1b[K' + text)
            self._stream.flush()
        except (EnvironmentError, UnicodeError):     # nobody looks, or the terminal cannot show the name: no progress then
            self._began = float('inf')


def _so_far(done, size):
    text = '%.1f MB' % (done / 1048576.0)
    return text if not size else '%s of %.1f MB (%d %%)' % (text, size / 1048576.0, 100 * done // size)
