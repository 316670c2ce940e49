"""Where log lines go: handlers that never raise, never buffer and hold no lock over a fork."""
from __future__ import absolute_import, division, print_function

import errno
import fcntl
import logging
import os
import stat
import sys

from minion import compat, files

RETRY = 10.0                                     # seconds before a file that could not be opened is tried again
FACILITY = 'LOG_USER'
REPEATS, WINDOW, REMEMBERED = 3, 3600.0, 256     # equal lines shown, seconds until shown again, how many are remembered


def message(record):
    """The message of a record as a native text, whatever types meet in it on Python 2 and whether its arguments fit."""
    try:
        return compat.to_native(record.getMessage())
    except UnicodeError:
        args = record.args if isinstance(record.args, tuple) else (record.args,)
        return compat.to_native(record.msg) % tuple(
            compat.to_native(arg) if isinstance(arg, (compat.text_type, bytes)) else arg for arg in args)
    except (TypeError, ValueError, KeyError, AttributeError):
        return '%r %r' % (record.msg, record.args)


class Repeats(object):
    """Lets each equal warning or error through a few times, then once an hour with the number of those left out.

    A master that is away for a night must not fill the disk. Info and debug lines pass: they tell what is done.
    """

    def __init__(self, clock=compat.monotonic):
        self._clock, self._seen = clock, {}

    def judge(self, record):
        """What to put behind the line; None: leave it out."""
        if record.levelno < logging.WARNING:
            return ''
        key, now = (record.name, record.levelno, message(record)), self._clock()
        if len(self._seen) >= REMEMBERED and key not in self._seen:
            self._seen.clear()
        count, since, hidden = self._seen.get(key, (0, now, 0))
        if now - since >= WINDOW:
            self._seen[key] = (REPEATS, now, 0)
            return ' (and %d times in the last %d s)' % (hidden, now - since) if hidden else ''
        if count >= REPEATS:
            self._seen[key] = (count, since, hidden + 1)
            return None
        self._seen[key] = (count + 1, since, 0)
        return ''


class Sink(logging.Handler):
    """A handler whose failures are counted in `lost` and hurt nobody: a full disk must not stop the work."""

    def __init__(self):
        logging.Handler.__init__(self)
        self.lost, self.repeats = 0, Repeats()

    def createLock(self):                        # noqa: N802 -- the name belongs to the base class
        """None: each line is one write, and a child of a fork finds no lock held by a thread that it has not got."""
        self.lock = None

    def handle(self, record):
        """Filter and write, without the lock that newer Pythons take for granted here."""
        kept = self.filter(record)
        if kept:
            self.emit(record)
        return kept

    def emit(self, record):
        """Write one record as one piece of bytes."""
        try:
            note = self.repeats.judge(record)
            if note is not None:
                text = self.format(record) + note + '\n'
                self.put(text if isinstance(text, bytes) else text.encode('utf-8', 'backslashreplace'))
        except (EnvironmentError, ValueError, TypeError, KeyError, AttributeError):
            self.lost += 1                       # no space, a closed stream, arguments that do not fit the message

    def put(self, data):
        """Write one line; to be overridden."""
        raise NotImplementedError


class ConsoleSink(Sink):
    """Standard error, whatever encoding it believes in."""

    def __init__(self, stream=None):
        Sink.__init__(self)
        self._stream = stream

    def put(self, data):
        stream = self._stream or sys.stderr
        if stream is None:                       # pythonw and the like
            return
        raw = getattr(stream, 'buffer', None)
        if stream is sys.__stderr__ and stream is not None:
            os.write(stream.fileno(), data)      # what a full disk refuses must not wait in a buffer and fail at the end
        elif raw is not None:
            raw.write(data)
            raw.flush()
        elif compat.PY2:
            stream.write(data)
        else:
            stream.write(data.decode('utf-8', 'replace'))


class FileSink(Sink):
    """A file opened for appending, mode 0640, its folder 0700; put aside when it grows beyond `max_bytes` (0: never).

    :param tuple owner: (uid, gid) for what is made, None: this process.
    """

    def __init__(self, path, owner=None, max_bytes=0, keep=0, clock=compat.monotonic):
        Sink.__init__(self)
        self.path, self.failure = path, None
        self._owner, self._max_bytes, self._keep, self._clock = owner, max_bytes, keep, clock
        self._handle, self._again = None, None
        self._torn, self._told = False, 0            # a line was cut; how many lost lines were told of
        self._open()

    def _open(self):
        """Open the file if it is time to; what is in the way stands in `failure`."""
        now = self._clock()
        if self._again is not None and now < self._again:
            return
        try:
            compat.make_dirs(os.path.dirname(self.path), 0o700, self._owner)
            self._handle = self._created()
            self.failure = self._again = None
        except EnvironmentError as exc:
            self.failure, self._again = files.reason(exc), now + RETRY

    def _created(self):
        flags = os.O_WRONLY | os.O_APPEND | os.O_NOCTTY | getattr(os, 'O_CLOEXEC', 0)
        try:
            return os.open(self.path, flags)
        except OSError as exc:
            if exc.errno != errno.ENOENT:
                raise
        handle = os.open(self.path, flags | os.O_CREAT, 0o640)
        os.fchmod(handle, 0o640)
        if self._owner is not None:
            os.fchown(handle, self._owner[0], self._owner[1])
        return handle

    def put(self, data):
        if self._handle is None:
            self._open()
        if self._handle is None:
            self.lost += 1
            return
        if self._max_bytes:
            self._rotate(len(data))
        lost = self.lost
        if lost > self._told:
            data = b'(%d lines could not be written here)\n' % (lost - self._told) + data
        if self._torn:                               # the disk was full in the middle of a line
            data = b'\n' + data
        self._torn = 0 < os.write(self._handle, data) < len(data)
        self._told = lost

    def _rotate(self, more):
        status = os.fstat(self._handle)
        if not stat.S_ISREG(status.st_mode) or status.st_size + more <= self._max_bytes or not status.st_size:
            return
        for number in range(self._keep - 1, 0, -1):
            older = '%s.%d' % (self.path, number)
            if os.path.exists(older):
                os.rename(older, '%s.%d' % (self.path, number + 1))
        if self._keep:
            os.rename(self.path, self.path + '.1')
            self.reopen()
        else:
            os.ftruncate(self._handle, 0)

    def reopen(self):
        """Go on in the file that now has the name. The descriptor keeps its number: other threads may be writing."""
        old, self._again = self._handle, None
        if old is None:
            self._open()
            return
        try:
            new = self._created()
        except EnvironmentError as exc:
            self.failure = files.reason(exc)         # the old file is better than none
            return
        os.dup2(new, old)
        fcntl.fcntl(old, fcntl.F_SETFD, fcntl.FD_CLOEXEC)
        os.close(new)

    def close(self):
        """Give the descriptor back."""
        handle, self._handle = self._handle, None
        if handle is not None:
            os.close(handle)
        logging.Handler.close(self)


class SyslogSink(Sink):
    """file:///dev/log, file:///dev/log/LOG_DAEMON, udp://host:port/LOG_USER, tcp://host:port."""

    def __init__(self, address):
        Sink.__init__(self)
        self._inner = _syslog_handler(address)
        self._inner.handleError = self._count

    def _count(self, record):
        self.lost += 1

    def emit(self, record):
        """Hand the record to the library's handler, which sends it with the facility and its level."""
        self._inner.formatter = self.formatter
        if self.repeats.judge(record) is not None:
            self._inner.emit(record)

    def close(self):
        """Close the connection."""
        self._inner.close()
        logging.Handler.close(self)


def is_file(address):
    """True for a file:// address of a file, not of the socket of a syslog daemon (with or without a facility)."""
    if not address.startswith('file://'):
        return False
    path = _facility(address[len('file://'):])[0]
    try:
        return not stat.S_ISSOCK(os.stat(path).st_mode)
    except OSError:
        return not path.startswith('/dev/')


def _syslog_handler(address):
    """:raises ValueError, OSError: an address that is none, or that nobody listens at."""
    import socket
    from logging import handlers
    scheme, _, rest = address.partition('://')
    rest, facility = _facility(rest)
    kind = getattr(handlers.SysLogHandler, facility)
    if scheme == 'file':
        return handlers.SysLogHandler(rest, kind)
    host, _, port = rest.partition(':')
    kinds = {'udp': socket.SOCK_DGRAM, 'tcp': socket.SOCK_STREAM}
    if scheme not in kinds or not host or not (port or '514').isdigit():
        raise ValueError('needs the form file:///dev/log, udp://host:port or tcp://host:port')
    return handlers.SysLogHandler((host, int(port or 514)), kind, kinds[scheme])


def _facility(rest):
    from logging import handlers
    head, _, tail = rest.rpartition('/')
    if tail.startswith('LOG_') and hasattr(handlers.SysLogHandler, tail):
        return head, tail
    return rest.rstrip('/') or rest, FACILITY
