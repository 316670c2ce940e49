"""Opening files of others for a change: what is created has mode 0644, links that strangers laid are not followed."""
from __future__ import absolute_import, division, print_function

import errno
import io
import os
import stat
import tempfile

from minion import compat
from minion.helpers.file_paths import checked

FILE_MODE, FOLDER_MODE = 0o644, 0o755        # of what is made without a wish for a mode, whatever our own umask is


def opened(path, mode):
    """A binary stream: 'r+b', 'ab' or 'wb', as io.open.

    :raises IOError, OSError: as io.open; ELOOP for a link in a folder that everybody may write to, unless it belongs
        to us or to the owner of the folder.
    """
    checked(path)
    new = mode != 'r+b' and not os.path.exists(path)
    flags = {'r+b': os.O_RDWR, 'ab': os.O_WRONLY | os.O_APPEND | os.O_CREAT,
             'wb': os.O_WRONLY | os.O_TRUNC | os.O_CREAT}[mode]
    handle = _open(path, flags | getattr(os, 'O_CLOEXEC', 0) | _no_follow(path))
    try:
        if stat.S_ISDIR(os.fstat(handle).st_mode):
            raise OSError(errno.EISDIR, os.strerror(errno.EISDIR), path)
        if new:
            os.fchmod(handle, FILE_MODE)
        return io.open(handle, mode)
    except BaseException:
        os.close(handle)
        raise


def _open(path, flags):
    return os.open(path, flags, 0o600)


def _no_follow(path):
    """O_NOFOLLOW where the last part of the path may be a trap: a link in a folder for everybody."""
    try:
        folder = os.stat(os.path.dirname(path) or '.')
        if not folder.st_mode & stat.S_IWOTH:
            return 0
        link = os.lstat(path)
    except OSError:                            # nothing there: a link that appears now is one too much
        return os.O_NOFOLLOW if os.path.isdir(os.path.dirname(path) or '.') else 0
    trusted = link.st_uid in (os.geteuid(), folder.st_uid)
    return 0 if stat.S_ISLNK(link.st_mode) and trusted else os.O_NOFOLLOW


def write_over(path, data):
    """Put `data` (bytes) into a file that is kept: its owner, mode, other names and whoever has it open stay."""
    with opened(path, 'wb') as stream:
        stream.write(data)


def read_bytes(path):
    """All bytes of a file."""
    with io.open(checked(path), 'rb') as stream:
        return stream.read()


def read_text(path, encoding='utf-8', errors='strict'):
    """All text of a file, as `str` of this Python; line ends stay as they are.

    :raises UnicodeDecodeError: other bytes than text in this encoding.
    """
    data = read_bytes(path)
    text = compat.to_text(data, encoding, errors)
    return data if compat.PY2 and encoding.lower() in ('utf-8', 'utf8') else compat.to_native(text)


def replace_with(path, data):
    """Put `data` (bytes) at `path` by a rename, with the owner and mode of what is there."""
    before = os.stat(path)
    handle, temporary = tempfile.mkstemp(prefix='.' + os.path.basename(path) + '.', dir=os.path.dirname(path) or '.')
    try:
        with io.open(handle, 'wb') as stream:
            stream.write(data)
        os.chown(temporary, before.st_uid, before.st_gid)
        os.chmod(temporary, stat.S_IMODE(before.st_mode))
        os.rename(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise
