"""Moves bytes between us and a child's standard streams, in one thread, every call bounded in time."""
from __future__ import absolute_import, division, print_function

import errno
import fcntl
import os
import select

CHUNK = 65536


class Pump(object):
    """Feeds `data` to the stdin of a subprocess.Popen and keeps what it writes.

    :param process: Popen with pipes at the streams that are to be served.
    :param int limit: bytes of output, both streams together; beyond it nothing is kept and `over` is True.
    """

    def __init__(self, process, data=b'', limit=None):
        self.over = False
        self._limit, self._kept = limit, 0
        self._data = memoryview(data)
        self._poll = select.poll()
        self._streams, self._chunks = {}, {}
        self._ends = [stream for stream in (process.stdout, process.stderr) if stream is not None]
        for stream in self._ends:
            self._streams[stream.fileno()] = stream
            self._chunks[stream] = []
            self._poll.register(stream, select.POLLIN)
        if process.stdin is not None:
            self._begin_feeding(process.stdin)

    def _begin_feeding(self, stdin):
        handle = stdin.fileno()
        fcntl.fcntl(handle, fcntl.F_SETFL, fcntl.fcntl(handle, fcntl.F_GETFL) | os.O_NONBLOCK)
        self._streams[handle] = stdin
        self._poll.register(handle, select.POLLOUT)

    @property
    def reading(self):
        """The descriptors that the child, or whoever inherited them, has not closed yet."""
        return [stream.fileno() for stream in self._ends if not stream.closed]

    def turn(self, seconds):
        """Move what can be moved now, or within `seconds`; True if something was."""
        try:
            ready = self._poll.poll(int(seconds * 1000 + 0.999))
        except select.error as exc:                     # Python 2: a signal ended the call
            if exc.args[0] != errno.EINTR:
                raise
            return False
        for handle, _ in ready:
            stream = self._streams[handle]
            if stream in self._chunks:
                self._read(stream)
            else:
                self._write(stream)
        return bool(ready)

    def _read(self, stream):
        try:
            data = os.read(stream.fileno(), CHUNK)
        except OSError as exc:
            if exc.errno not in (errno.EINTR, errno.EAGAIN):
                raise
            return
        if not data:
            self._close(stream)
            return
        self._kept += len(data)
        self.over = self.over or (self._limit is not None and self._kept > self._limit)
        if not self.over:
            self._chunks[stream].append(data)

    def _write(self, stream):
        try:
            self._data = self._data[os.write(stream.fileno(), self._data[:CHUNK]):]
        except OSError as exc:
            if exc.errno in (errno.EINTR, errno.EAGAIN):
                return
            if exc.errno != errno.EPIPE:                # EPIPE: the child does not want to read on
                raise
            self._data = self._data[:0]
        if not self._data:
            self._close(stream)

    def _close(self, stream):
        self._poll.unregister(stream)
        del self._streams[stream.fileno()]
        stream.close()

    def output(self, stream):
        """All bytes of `stream` so far, b'' for None (a stream that was not asked for)."""
        return b''.join(self._chunks.get(stream, ()))

    def close(self):
        """Give all pipes back, whoever still holds their other ends."""
        for stream in list(self._streams.values()):
            self._close(stream)
