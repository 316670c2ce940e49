"""Reading and writing whole files and pieces of them (file.read, write, append, prepend, touch, truncate, seek_*)."""
from __future__ import absolute_import, division, print_function

import errno
import os
import time

from minion import compat
from minion.errors import CommandExecutionError, SaltInvocationError
from minion.helpers import file_open
from minion.helpers.file_paths import expand, reason


def read(path, binary=False):
    """The text of a file; with `binary` its bytes. CLI: file.read /etc/hosts"""
    return file_open.read_bytes(path) if binary is True else file_open.read_text(path)


def _lines(args, kwargs):
    """The texts that file.append and its like are given: positional ones, or those of the keyword `args`."""
    if 'args' in kwargs:
        args = kwargs['args'] if isinstance(kwargs['args'], list) else [kwargs['args']]
    return [compat.to_bytes(compat.shown(line)) + b'\n' for line in args]


def write(path, *args, **kwargs):
    """Make the arguments, or the list `args`, the lines of a file. CLI: file.write /etc/motd 'first' 'second'"""
    path = expand(path)
    lines = _lines(args, kwargs)
    file_open.write_over(path, b''.join(lines))
    return 'Wrote %d lines to "%s"' % (len(lines), path)


def append(path, *args, **kwargs):
    """Add the arguments, or the list `args`, as lines at the end of a file. CLI: file.append /etc/motd 'first' 'second'

    A last line without an end gets one.
    """
    path = expand(path)
    lines = _lines(args, kwargs)
    with file_open.opened(path, 'r+b') as stream:
        stream.seek(0, os.SEEK_END)
        start = b''
        if stream.tell():
            stream.seek(-1, os.SEEK_END)
            start = b'' if stream.read(1) == b'\n' else b'\n'
            stream.seek(0, os.SEEK_END)
        stream.write(start + b''.join(lines))
    return 'Wrote %d lines to "%s"' % (len(lines), path)


def prepend(path, *args, **kwargs):
    """Put the arguments, or the list `args`, as lines before the text of a file. CLI: file.prepend /etc/motd 'first'"""
    path = expand(path)
    lines = _lines(args, kwargs)
    try:
        old = compat.to_bytes(file_open.read_text(path))
    except (IOError, OSError) as exc:
        if exc.errno != errno.ENOENT:
            raise
        old = b''
    file_open.write_over(path, b''.join(lines) + old)
    return 'Prepended %d lines to "%s"' % (len(lines), path)


def truncate(path, length):
    """Cut a file to `length` bytes, or fill it up with zeros to them. CLI: file.truncate /var/log/some.log 512"""
    path = expand(path)
    with file_open.opened(path, 'r+b') as stream:
        stream.truncate(whole(length))


def whole(number):
    """int() of a text or number, with the words of Python 3 for None."""
    if number is None or isinstance(number, (list, dict)):
        raise TypeError("int() argument must be a string, a bytes-like object or a real number, not '%s'"
                        % type(number).__name__)
    return int(number)


def seek_read(path, size, offset):
    """Up to `size` bytes of a file from `offset` on. CLI: file.seek_read /etc/hosts 4096 0"""
    path = expand(path)
    handle = os.open(path, os.O_RDONLY | getattr(os, 'O_CLOEXEC', 0))
    try:
        os.lseek(handle, int(offset), os.SEEK_SET)
        return os.read(handle, whole(size))
    finally:
        os.close(handle)


def seek_write(path, data, offset):
    """Write bytes into a file from `offset` on; the number of bytes written. A text is refused.

    CLI: file.seek_write /some/file 'some data' 4096
    """
    path = expand(path)
    handle = os.open(path, os.O_WRONLY | getattr(os, 'O_CLOEXEC', 0))
    try:
        os.lseek(handle, int(offset), os.SEEK_SET)
        if not isinstance(data, bytes):
            raise TypeError("a bytes-like object is required, not '%s'" % type(data).__name__)
        done = os.write(handle, data)
        os.fsync(handle)
        return done
    finally:
        os.close(handle)


def touch(name, atime=None, mtime=None):
    """Make a file if it is not there, and set its times, in seconds since 1970, to now or to what is given.

    True if the file is there then. CLI: file.touch /var/log/emptyfile
    """
    name = expand(name)
    times = _times(atime, mtime)
    try:
        if not os.path.exists(name):
            file_open.opened(name, 'ab').close()
        os.utime(name, times)
    except (IOError, OSError) as exc:
        raise CommandExecutionError(reason(exc))
    return os.path.exists(name)


def _times(atime, mtime):
    try:
        atime, mtime = _seconds(atime), _seconds(mtime)
    except (TypeError, ValueError):
        raise SaltInvocationError('atime and mtime must be integers')
    if atime is None and mtime is None:
        return None
    now = time.time()
    return (now if atime is None else atime, now if mtime is None else mtime)


def _seconds(value):
    return int(value) if compat.is_text(value) else value if value is None else value + 0
