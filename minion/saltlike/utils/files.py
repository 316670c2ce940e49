"""`salt.utils.files`: opening, removing, temporary files."""
from __future__ import absolute_import, division, print_function

import contextlib
import errno
import fcntl
import io
import os
import shutil
import stat
import tempfile

from minion.helpers.draft import Draft

TEMPFILE_PREFIX = '__salt.tmp.'
PY2 = str is bytes


def fopen(*args, **kwargs):
    """open() whose text is UTF-8 whatever the locale, and whose descriptor no child inherits."""
    args = list(args)
    mode = kwargs.get('mode', args[1] if len(args) > 1 else 'r')
    binary = kwargs.pop('binary', None)
    if binary is not None and 'b' not in mode:
        mode = mode + 'b' if binary else mode
        if len(args) > 1:
            args[1] = mode
        else:
            kwargs['mode'] = mode
    if PY2:
        for name in ('encoding', 'errors', 'newline'):
            kwargs.pop(name, None)
    elif 'b' not in mode and len(args) < 4:
        kwargs.setdefault('encoding', 'utf-8')
    stream = open(*args, **kwargs)
    flags = fcntl.fcntl(stream.fileno(), fcntl.F_GETFD)
    fcntl.fcntl(stream.fileno(), fcntl.F_SETFD, flags | fcntl.FD_CLOEXEC)
    return stream


@contextlib.contextmanager
def flopen(*args, **kwargs):
    """fopen() with a lock (flock) held on the file."""
    with fopen(*args, **kwargs) as stream:
        fcntl.flock(stream.fileno(), fcntl.LOCK_SH)
        try:
            yield stream
        finally:
            fcntl.flock(stream.fileno(), fcntl.LOCK_UN)


@contextlib.contextmanager
def fpopen(*args, **kwargs):
    """fopen() that sets owner and mode (`uid`, `gid`, `mode`) of the file."""
    uid, gid, mode = kwargs.pop('uid', -1), kwargs.pop('gid', -1), kwargs.pop('mode', None)
    with fopen(*args, **kwargs) as stream:
        path = args[0]
        if mode is not None and stat.S_IMODE(os.stat(path).st_mode) != mode:
            os.chmod(path, mode)
        if uid is not None and gid is not None and (uid, gid) != (-1, -1):
            os.chown(path, uid, gid)
        yield stream


@contextlib.contextmanager
def set_umask(mask):
    """The umask of this process is `mask` within; None changes nothing."""
    before = None if mask is None else os.umask(mask)
    try:
        yield
    finally:
        if before is not None:
            os.umask(before)


def mkstemp(*args, **kwargs):
    """Path of a new temporary file; with close_fd=False (descriptor, path)."""
    kwargs.setdefault('prefix', TEMPFILE_PREFIX)
    close = kwargs.pop('close_fd', True)
    handle, path = tempfile.mkstemp(*args, **kwargs)
    if not close:
        return handle, path
    os.close(handle)
    return path


def safe_rm(path):
    """Remove a file if it is there and can be removed."""
    try:
        os.remove(path)
    except OSError:                              # that is what the name promises
        return


def remove(path):
    """Remove a file if it is there."""
    try:
        os.remove(path)
    except OSError as exc:
        if exc.errno != errno.ENOENT:
            raise


def rm_rf(path):
    """Remove a file, or a folder with all in it."""
    if os.path.isdir(path) and not os.path.islink(path):
        shutil.rmtree(path)
    elif os.path.lexists(path):
        os.remove(path)


def rename(source, target):
    """Give a file another name; what was there goes."""
    os.rename(source, target)


def copyfile(source, dest, backup_mode='', cachedir=''):
    """Copy a file whole; what was there is replaced at once."""
    if not os.path.isfile(source):
        raise IOError(errno.ENOENT, '%s is no file' % source)
    if not os.path.isdir(os.path.dirname(dest)):
        raise IOError(errno.ENOENT, 'no folder for %s' % dest)
    with open(source, 'rb') as stream, Draft(dest, 0o600) as draft:
        for piece in iter(lambda: stream.read(1 << 18), b''):
            draft.write(piece)
        draft.keep()


def list_files(directory):
    """Paths of all files and folders below a folder, and of itself."""
    found = set([directory])
    for root, folders, names in os.walk(directory):
        found.update(os.path.join(root, name) for name in folders + names)
    return list(found)


def is_binary(path):
    """Does a file begin with bytes that are no text?"""
    if not os.path.isfile(path):
        return False
    with io.open(path, 'rb') as stream:
        head = stream.read(2048)
    try:
        head.decode('utf-8')
    except UnicodeDecodeError:
        return True
    return b'\0' in head


def is_text(path, blocksize=512):
    """The contrary of is_binary."""
    return os.path.isfile(path) and not is_binary(path)


def is_fcntl_available(check_sunos=False):
    """True: this program runs on systems with fcntl only."""
    return True


def normalize_mode(mode):
    """A file mode as a text of octal digits, such as 0644."""
    if mode is None:
        return None
    digits = str(mode).replace('0o', '').strip('"\'').lstrip('0')
    return digits.zfill(4) if digits.isdigit() or not digits else str(mode)


def get_umask():
    """The umask of this process."""
    mask = os.umask(0)
    os.umask(mask)
    return mask
