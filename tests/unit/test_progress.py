"""The line about a long transfer: only on terminals, only when it is long, gone at the end."""
from __future__ import absolute_import, division, print_function

from minion.caller.progress import Progress


class Terminal(object):
    def __init__(self, tty=True, fails=False):
        self.text, self._tty, self._fails = '', tty, fails

    def isatty(self):
        return self._tty

    def write(self, text):
        if self._fails:
            raise IOError(5, 'gone')
        self.text += text

    def flush(self):
        pass


def run(terminal, steps, size=100 << 20):
    now = [0.0]
    progress = Progress(terminal, lambda: now[0])
    for seconds, done in steps:
        now[0] = seconds
        progress('/x', done << 20, size)
    return terminal.text


def test_a_short_transfer_says_nothing():
    assert run(Terminal(), [(0, 1), (0.9, 50), (0.95, 100)]) == ''


def test_a_long_one_shows_how_far_it_is_and_goes():
    text = run(Terminal(), [(0, 1), (1.1, 10), (1.2, 11), (1.4, 50), (2, 100)])
    assert text == '\r\x1b[K/x: 10.0 MB of 100.0 MB (10 %)\r\x1b[K/x: 50.0 MB of 100.0 MB (50 %)\r\x1b[K'


def test_without_a_known_size():
    assert run(Terminal(), [(0, 1), (1.5, 2)], None) == '\r\x1b[K/x: 2.0 MB'


def test_a_terminal_that_goes_away_ends_no_transfer():
    assert run(Terminal(fails=True), [(0, 1), (2, 50), (3, 60), (4, 100)]) == ''


def test_only_on_terminals():
    assert Progress.on(Terminal(False)) is None and Progress.on(None) is None
    assert isinstance(Progress.on(Terminal()), Progress)
