"""Questions about paths and what lies there (file.*), answered without changing anything."""
from __future__ import absolute_import, division, print_function

import errno
import glob
import os
import stat as statmodule

from minion import compat
from minion.errors import CommandExecutionError, SaltInvocationError

_WAYS = {'f': os.F_OK, 'r': os.R_OK, 'w': os.W_OK, 'x': os.X_OK}


def checked(path):
    """The path itself.  :raises TypeError: it is no text; with the words of Python 3."""
    if not isinstance(path, compat.string_types):
        raise TypeError('expected str, bytes or os.PathLike object, not %s' % type(path).__name__)
    return path


def expand(path):
    """`path` with a leading ~ or ~user written out.  :raises TypeError: see checked()."""
    return os.path.expanduser(checked(path))


def absolute(path, message):
    """expand(), for what must be absolute.

    :param str message: of the error; a %s in it becomes the path.
    :raises SaltInvocationError: it is relative.
    """
    path = expand(path)
    if not os.path.isabs(path):
        raise SaltInvocationError(message % path if '%s' in message else message)
    return path


def reason(error):
    """The text of an OSError or IOError without number and path."""
    return error.strerror or compat.error_text(error)


# ---- words about paths

def basename(path):
    """The last part of a path. CLI: file.basename /etc/hosts"""
    return os.path.basename(checked(path))


def dirname(path):
    """A path without its last part. CLI: file.dirname /etc/hosts"""
    return os.path.dirname(checked(path))


def join(*args):
    """The parts joined to one path; an absolute one drops those before it. CLI: file.join / usr local bin"""
    if not args:
        raise TypeError("join() missing 1 required positional argument: 'a'")
    checked(args[0])
    for part in args[1:]:
        if not isinstance(part, compat.string_types):
            raise TypeError("join() argument must be str, bytes, or os.PathLike object, not %r" % type(part).__name__)
    return os.path.join(*args)


def normpath(path):
    """A path without double slashes, `.` and `..`; links are not looked at. CLI: file.normpath /a/../b"""
    return os.path.normpath(checked(path))


def pardir():
    """What stands for the folder above, `..`. CLI: file.pardir"""
    return os.path.pardir


# ---- what is there

def file_exists(path):
    """True for a regular file, or a link to one. CLI: file.file_exists /etc/passwd"""
    return os.path.isfile(expand(path))


def directory_exists(path):
    """True for a folder, or a link to one. CLI: file.directory_exists /etc"""
    return os.path.isdir(expand(path))


def path_exists_glob(path):
    """True if anything fits the pattern. CLI: file.path_exists_glob '/etc/pam*/pass*'"""
    return bool(glob.glob(expand(path)))


def access(path, mode):
    """True if this process may access the path.

    mode: f (it is there), r, w or x; or the number of one. CLI: file.access /etc/passwd r
    """
    path = absolute(path, 'Path to link must be absolute.')
    if isinstance(mode, (list, dict)):
        raise TypeError("unhashable type: '%s'" % type(mode).__name__)
    if mode in _WAYS:
        return os.access(path, _WAYS[mode])
    if mode in _WAYS.values():
        return os.access(path, mode)
    raise SaltInvocationError('Invalid mode specified.')


def is_link(path, nostat=False):
    """True for a symbolic link, wherever it leads. `nostat` changes nothing here. CLI: file.is_link /etc/mtab"""
    return os.path.islink(expand(path))


def readlink(path, canonicalize=False):
    """Where a link leads, as it is written; with `canonicalize` the path that is reached. CLI: file.readlink /etc/mtab

    Fails for what is not a link.
    """
    path = absolute(path, 'Path to link must be absolute: %s')
    if not os.path.islink(path):
        raise SaltInvocationError('A valid link was not specified: %s' % path)
    if canonicalize:
        return os.path.realpath(path)
    try:
        return os.readlink(path)
    except OSError as exc:
        if exc.errno == errno.EINVAL:
            raise CommandExecutionError('Not a symbolic link: %s' % path)
        raise CommandExecutionError(compat.error_text(exc))


def readdir(path):
    """The names in a folder, with `.` and `..`. CLI: file.readdir /etc"""
    path = absolute(path, 'Dir path must be absolute.')
    if not os.path.isdir(path):
        raise SaltInvocationError('A valid directory was not specified: %s' % path)
    return ['.', '..'] + os.listdir(path)


def diskusage(path):
    """The bytes of the files at or below a path; what has several names or links counts once. CLI: file.diskusage /etc"""
    path = expand(path)
    if os.path.isfile(path):
        return os.path.getsize(path)
    total, seen = 0, set()
    for folder, _, names in os.walk(path):
        for name in names:
            try:
                found = os.stat(os.path.join(folder, name))
            except OSError:                        # a link to nowhere, or gone meanwhile: no bytes
                continue
            if found.st_ino not in seen:
                seen.add(found.st_ino)
                total += found.st_size
    return total


def statvfs(path):
    """The state of the file system that a path lies on. CLI: file.statvfs /"""
    path = absolute(path, 'File path must be absolute.')
    try:
        found = os.statvfs(path)
    except OSError:
        raise CommandExecutionError("Could not statvfs '%s'" % path)
    return dict((name, getattr(found, name)) for name in (
        'f_bavail', 'f_bfree', 'f_blocks', 'f_bsize', 'f_favail', 'f_ffree', 'f_files', 'f_flag', 'f_frsize',
        'f_namemax'))


def _status_of(name):
    """os.stat(), or None where nothing lies."""
    try:
        return os.stat(expand(name))
    except OSError as exc:
        if exc.errno == errno.ENOENT:
            return None
        raise


def is_blkdev(name):
    """True for a block device. CLI: file.is_blkdev /dev/sda"""
    found = _status_of(name)
    return found is not None and statmodule.S_ISBLK(found.st_mode)


def is_chrdev(name):
    """True for a character device. CLI: file.is_chrdev /dev/null"""
    found = _status_of(name)
    return found is not None and statmodule.S_ISCHR(found.st_mode)


def is_fifo(name):
    """True for a named pipe. CLI: file.is_fifo /run/initctl"""
    found = _status_of(name)
    return found is not None and statmodule.S_ISFIFO(found.st_mode)


def get_devmm(name):
    """Major and minor number of a device, [0, 0] for anything else. CLI: file.get_devmm /dev/null"""
    found = _status_of(name)
    if found is None or not (statmodule.S_ISBLK(found.st_mode) or statmodule.S_ISCHR(found.st_mode)):
        return (0, 0)
    return (os.major(found.st_rdev), os.minor(found.st_rdev))


# ---- status

def lstat(path):
    """The lstat fields of a path, {} where nothing lies. CLI: file.lstat /etc/passwd"""
    path = absolute(path, 'Path to file must be absolute.')
    try:
        found = os.lstat(path)
    except OSError:
        return {}
    return dict((name, getattr(found, name)) for name in (
        'st_atime', 'st_mtime', 'st_ctime', 'st_gid', 'st_mode', 'st_nlink', 'st_size', 'st_uid'))


def is_hardlink(path):
    """True if what lies there has more than one name. CLI: file.is_hardlink /etc/passwd"""
    found = lstat(path)
    return found and found['st_nlink'] > 1
