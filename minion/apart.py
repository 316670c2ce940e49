"""Work that a child does, so that what it imports and builds never burdens this process. Before any thread runs."""
from __future__ import absolute_import, division, print_function

import errno
import marshal
import os
import select
import signal

from minion import compat, errors


class Apart(object):
    """A child that works from now on, and its answer.

    :param callable work: gives a tree of mappings, lists, texts, numbers, bools and None.
    """

    def __init__(self, work):
        self._work, self._pid, self._ear = work, None, None
        ear, mouth = os.pipe()
        try:
            pid = os.fork()
        except OSError:                              # no room for a process: result() does it here
            os.close(ear)
            os.close(mouth)
            return
        if not pid:
            os.close(ear)
            _answer(mouth, work)
        os.close(mouth)
        self._pid, self._ear = pid, ear

    def result(self, seconds=None, instead=None):
        """What `work` gave; without an answer from the child within `seconds` (None: for ever), instead() or work() here.

        :raises MinionError: as `work`.
        """
        data = self._collect(seconds)
        if not data:
            return (instead or self._work)()
        kind, value = marshal.loads(data)
        if kind:
            raise getattr(errors, kind)(value)
        return value

    def _collect(self, seconds):
        """The child's answer, whole, or b''; the child is gone afterwards."""
        if self._ear is None:
            return b''
        data, deadline = b'', None if seconds is None else compat.monotonic() + seconds
        while True:
            left = None if deadline is None else max(0.0, deadline - compat.monotonic())
            if not _ready(self._ear, left):
                data = b''
                break
            more = os.read(self._ear, 1 << 16)
            if not more:
                break
            data += more
        self.end()
        return data

    def end(self):
        """End the child, if it is still there."""
        if self._pid is None:
            return
        pid, self._pid = self._pid, None
        os.close(self._ear)
        self._ear = None
        try:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
        except OSError as exc:
            if exc.errno not in (errno.ESRCH, errno.ECHILD):
                raise


def call(work):
    """What work() gives, done by a child; see Apart."""
    return Apart(work).result()


def _ready(handle, seconds):
    while True:
        try:
            return bool(select.select([handle], [], [], seconds)[0])
        except select.error as exc:                  # Python 2: a signal
            if exc.args[0] != errno.EINTR:
                raise


def _answer(mouth, work):
    """In the child: write what `work` gives, or its error, and end. Anything odd ends without an answer."""
    status = 1
    try:
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, signal.SIG_DFL)
        try:
            data = marshal.dumps(('', work()))
        except errors.MinionError as exc:
            data = marshal.dumps((type(exc).__name__, str(exc)))
        while data:
            data = data[os.write(mouth, data):]
        status = 0
    finally:
        os._exit(status)
