"""Atomic files: what is written is whole or absent, what is read is bounded, what is damaged is set aside."""
from __future__ import absolute_import, division, print_function

import errno
import fcntl
import os
import re
import stat
import time

from minion import chance, compat, lean

# what a disk answers that is full, read-only or broken: it may pass
DISK = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO)
NEW = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, 'O_NOFOLLOW', 0) | getattr(os, 'O_CLOEXEC', 0)
OLD = os.O_WRONLY | os.O_NONBLOCK | getattr(os, 'O_NOFOLLOW', 0) | getattr(os, 'O_CLOEXEC', 0)
STALE = 60.0                         # seconds after which a temporary file is what a dead process left


def write(path, data, mode=0o600, sync=True, make_folder=False):
    """Put `data` (bytes) at `path` through a temporary file in the same folder and a rename.

    :param int mode: permissions of the file, whatever the umask.
    :param bool sync: wait until the data is on the disk (fsync of file and folder): for keys and identity.
    :param bool make_folder: make the folder (0700) if it is missing, as after an administrator emptied the cache.
    :raises OSError: when it cannot be written; the old file is then untouched and no temporary file is left.
    """
    folder, name = os.path.split(path)
    folder = folder or os.curdir
    handle, temporary = _temporary(folder, '.' + name + '.', make_folder)
    try:
        try:
            _write_all(handle, data)
            if mode != 0o600:                    # which it has from its making
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


def create(path, data, whole=False):
    """Put `data` (bytes) into a new file (0600), its folder too if that is missing; what is there is replaced as by write().

    On the way of each job: a rename takes as long as all else that makes a small file. So a process that is killed within
    this call may leave a file that is cut short: for what tells by itself whether it is whole.

    :param bool whole: write it as write() does.  :raises OSError: when it cannot be written; nothing new is left then.
    """
    if whole:
        write(path, data, sync=False, make_folder=True)
        return
    try:
        handle = os.open(path, NEW, 0o600)
    except (OSError, IOError) as exc:
        if exc.errno not in (errno.EEXIST, errno.ENOENT):
            raise
        write(path, data, sync=False, make_folder=True)
        return
    _close_on_exec(handle)
    try:
        try:
            _write_all(handle, data)
        finally:
            os.close(handle)
    except BaseException:
        remove(path)
        raise


def reuse(spare, path, data):
    """Write `data` (bytes) into the file `spare` and give it the name `path`.

    :raises OSError: when that fails, or it is no regular file of one name only, whose content may be another's.
    """
    handle = os.open(spare, OLD)
    try:
        _close_on_exec(handle)
        status = os.fstat(handle)
        if not stat.S_ISREG(status.st_mode) or status.st_nlink != 1:
            raise OSError(errno.EMLINK, 'in use under another name', spare)
        _write_all(handle, data)
        if status.st_size > len(data):
            os.ftruncate(handle, len(data))
    finally:
        os.close(handle)
    os.rename(spare, path)


def _temporary(folder, prefix, make_folder):
    try:
        return new_file(folder, prefix)
    except (OSError, IOError) as exc:
        if not make_folder or exc.errno != errno.ENOENT:
            raise
    compat.make_dirs(folder)
    return new_file(folder, prefix)


def new_file(folder, prefix, ending=''):
    """A new file (0600) with a name that nobody has; (descriptor, path). The module tempfile takes 0.5 to 1 MB.

    On the way of each job: few system calls, as each one is a chance for another thread to take the interpreter.

    :raises OSError: it cannot be made.
    """
    for _ in range(100):
        path = os.path.join(folder, '%s%08x%s' % (prefix, chance.getrandbits(32), ending))
        try:
            handle = os.open(path, NEW, 0o600)
        except OSError as exc:
            if exc.errno != errno.EEXIST:
                raise
            continue
        _close_on_exec(handle)
        return handle, path
    raise OSError(errno.EEXIST, 'no free name', folder)


def _close_on_exec(handle):
    if not hasattr(os, 'O_CLOEXEC'):             # Python 2
        fcntl.fcntl(handle, fcntl.F_SETFD, fcntl.FD_CLOEXEC)


def sweep(path, now=None):
    """Remove what processes that died while they wrote `path` left beside it; what cannot be removed stays."""
    folder, name = os.path.split(os.path.abspath(path))
    pattern = re.compile(re.escape('.' + name + '.') + r'[A-Za-z0-9_]{6,8}\Z')
    now = time.time() if now is None else now
    try:
        for found in filter(pattern.match, os.listdir(folder)):
            one = os.path.join(folder, found)
            if stat.S_ISREG(os.lstat(one).st_mode) and os.lstat(one).st_mtime < now - STALE:
                remove(one)
    except OSError:                       # no folder, no right to remove: it only takes a little space
        return


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


def digest(path, kind):
    """Hex digest of a file, read in pieces.

    :param str kind: name of a hash.  :raises OSError, IOError: unreadable.  :raises ValueError: no such hash.
    """
    made = lean.full_hashlib().new(compat.to_native(kind))
    with open(path, 'rb') as stream:
        for chunk in iter(lambda: stream.read(1 << 18), b''):
            made.update(chunk)
    return made.hexdigest()


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


def out_of_the_way(path):
    """Set aside what is not a regular file where one is to be written: its new name, None when nothing is in the way.

    :raises OSError: when it cannot be renamed.
    """
    try:
        regular = stat.S_ISREG(os.stat(path).st_mode)
    except OSError:                       # nothing there; or it cannot be looked at, which the next read tells
        return None
    return None if regular else set_aside(path)


def reason(error):
    """The short text of an OSError or IOError, without number and path."""
    return compat.to_native(error.strerror or str(error))
