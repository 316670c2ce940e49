"""Atomic files: what is written is whole or absent, what is read is bounded, what is damaged is set aside."""
from __future__ import absolute_import, division, print_function

import errno
import os
import stat
import tempfile
import time

from minion import compat


def write(path, data, mode=0o600, sync=True):
    """Put `data` (bytes) at `path` through a temporary file in the same folder and a rename.

    :param int mode: permissions of the file, whatever the umask.
    :param bool sync: wait until the data is on the disk (fsync of file and folder): for keys and identity.
    :raises OSError: when it cannot be written; the old file is then untouched and no temporary file is left.
    """
    folder = os.path.dirname(os.path.abspath(path))
    handle, temporary = tempfile.mkstemp(prefix='.' + os.path.basename(path) + '.', dir=folder)
    try:
        try:
            _write_all(handle, data)
            os.fchmod(handle, mode)
            if sync:
                os.fsync(handle)
        finally:
            os.close(handle)
        os.rename(temporary, path)
    except BaseException:
        remove(temporary)
        raise
    if sync:
        sync_folder(folder)


def _write_all(handle, data):
    view = memoryview(data)
    while view:
        view = view[os.write(handle, view):]


def sync_folder(folder):
    """Make renames in `folder` durable; file systems that cannot sync a folder are let off."""
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError:                       # a folder that we may write but not read
        return
    try:
        os.fsync(handle)
    except OSError as exc:
        if exc.errno not in (errno.EINVAL, errno.EBADF, errno.ENOTSUP):
            raise
    finally:
        os.close(handle)


def read(path, limit=1 << 20):
    """Bytes of a regular file, None when there is none.

    :param int limit: bytes; a longer file is an error.
    :raises OSError: unreadable, too long (EFBIG), or not a regular file (EISDIR, EINVAL).
    """
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | getattr(os, 'O_CLOEXEC', 0))
    except OSError as exc:
        if exc.errno == errno.ENOENT:
            return None
        raise
    try:
        status = os.fstat(handle)
        if not stat.S_ISREG(status.st_mode):
            code = errno.EISDIR if stat.S_ISDIR(status.st_mode) else errno.EINVAL
            raise OSError(code, 'not a regular file', path)
        stream = os.fdopen(handle, 'rb')         # not earlier: for a folder it fails and leaves the descriptor open
    except OSError:
        os.close(handle)
        raise
    with stream:
        data = stream.read(limit + 1)
    if len(data) > limit:
        raise OSError(errno.EFBIG, 'longer than %d bytes' % limit, path)
    return data


def remove(path):
    """Remove a file; True unless it was not there.

    :raises OSError: for any reason but absence.
    """
    try:
        os.unlink(path)
    except OSError as exc:
        if exc.errno == errno.ENOENT:
            return False
        raise
    return True


def set_aside(path, now=None):
    """Rename a damaged file or folder to `NAME.corrupt-TIME` and return that name.

    :raises OSError: when it cannot be renamed.
    """
    stamp = time.strftime('%Y%m%dT%H%M%S', time.gmtime(now))
    aside = '%s.corrupt-%s' % (path, stamp)
    number = 0
    while os.path.lexists(aside):
        number += 1
        aside = '%s.corrupt-%s-%d' % (path, stamp, number)
    os.rename(path, aside)
    return aside


def reason(error):
    """The short text of an OSError or IOError, without number and path."""
    return compat.to_native(error.strerror or str(error))
