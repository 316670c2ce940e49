"""Making, moving, copying and removing files, folders, links and devices (file.mkdir, copy, remove, symlink, ...)."""
from __future__ import absolute_import, division, print_function

import errno
import os
import shutil
import time
import uuid

from minion import compat
from minion.errors import CommandExecutionError, SaltInvocationError
from minion.helpers import file_open, file_status
from minion.helpers.file_paths import absolute, checked, expand


# ---- removing

def remove(path, **kwargs):
    """Remove a file, link, device, or a folder with all that is in it. False if nothing is there.

    Fails for a relative path. CLI: file.remove /tmp/foo
    """
    path = absolute(path, 'File path must be absolute: %s')
    if os.path.realpath(path) == '/' and not os.path.islink(path):
        raise CommandExecutionError("Could not remove '%s': it is the root of all files" % path)
    try:
        if os.path.isdir(path) and not os.path.islink(path):
            shutil.rmtree(path)
            return True
        if os.path.lexists(path):
            os.remove(path)
            return True
    except (OSError, IOError) as exc:
        raise CommandExecutionError("Could not remove '%s': %s" % (path, told(exc, path)))
    return False


def told(error, *paths):
    """`[Errno N] Reason: 'path'`, or with two paths `'one' -> 'other'`: what Python 3 makes of an OSError."""
    if error.errno is None:
        return compat.to_native(compat.error_text(error))
    return '[Errno %s] %s: %s' % (error.errno, error.strerror, ' -> '.join("'%s'" % path for path in paths))


def rmdir(path, recurse=False, verbose=False, older_than=None):
    """Remove an empty folder. True if it is gone.

    recurse: also the empty folders below. older_than: only those changed longer than this number of days ago.
    verbose: return what was removed and what not, and why. CLI: file.rmdir /tmp/foo recurse=True
    """
    path = absolute(path, 'File path must be absolute.')
    if not os.path.isdir(path):
        raise SaltInvocationError('A valid directory was not specified: %s' % path)
    limit = _days(older_than)
    folders = [path]
    if recurse:
        folders = [os.path.join(where, name) for where, names, _ in os.walk(path, topdown=False) for name in names]
        folders.append(path)
    deleted, errors = [], []
    for folder in folders:
        try:
            if limit is None or os.path.getmtime(folder) < limit:
                os.rmdir(folder)
                deleted.append(folder)
        except OSError as exc:
            errors.append([folder, told(exc, folder)])
    if verbose:
        return {'deleted': deleted, 'errors': errors, 'result': not errors if recurse else bool(deleted)}
    return not errors if recurse else bool(deleted)


def _days(older_than):
    """The time before which a folder must have been changed, or None."""
    try:
        return time.time() - int(older_than) * 86400 if older_than else None
    except (TypeError, ValueError):
        return None


# ---- moving and copying

def rename(src, dst):
    """Rename a file or folder; what lies at `dst` is replaced as the system does it. CLI: file.rename /a/src /a/dst"""
    src, dst = expand(src), expand(dst)
    if not os.path.isabs(src):
        raise SaltInvocationError('File path must be absolute.')
    try:
        os.rename(src, dst)
    except OSError:
        raise CommandExecutionError("Could not rename '%s' to '%s'" % (src, dst))
    return True


def move(src, dst, disallow_copy_and_unlink=False):
    """Move a file or folder, to another file system if need be, or into the folder `dst`.

    disallow_copy_and_unlink: as file.rename, which never copies. CLI: file.move /a/src /a/dst
    """
    src, dst = expand(src), expand(dst)
    if not os.path.isabs(src):
        raise SaltInvocationError('Source path must be absolute.')
    if not os.path.isabs(dst):
        raise SaltInvocationError('Destination path must be absolute.')
    if disallow_copy_and_unlink:
        return rename(src, dst)
    try:
        if os.path.isdir(src) and not os.path.islink(src) and os.path.isfile(dst):
            raise OSError(errno.EEXIST, os.strerror(errno.EEXIST), dst)
        shutil.move(src, dst)
    except (OSError, IOError, shutil.Error) as exc:
        text = told(exc, exc.filename or src) if exc.errno else compat.error_text(exc)
        raise CommandExecutionError("Unable to move '%s' to '%s': %s" % (src, dst, text))
    return {'result': True, 'comment': "'%s' moved to '%s'" % (src, dst)}


def copy(src, dst, recurse=False, remove_existing=False):
    """Copy a file with its owner and mode, or with `recurse` a folder into what is at `dst`.

    remove_existing: remove what is there before. CLI: file.copy /etc/hosts /tmp/hosts
    """
    src, dst = expand(src), expand(dst)
    if not os.path.isabs(src):
        raise SaltInvocationError('File path must be absolute.')
    if not os.path.exists(src):
        raise CommandExecutionError("No such file or directory '%s'" % src)
    was = file_status.stats(src)
    try:
        if os.path.isdir(src) or os.path.isdir(dst):
            if not recurse:
                raise SaltInvocationError('Cannot copy overwriting a directory without recurse flag set to true!')
            _copy_tree(src, dst, remove_existing)
        else:
            _copy_file(src, dst)
    except (OSError, IOError, shutil.Error):
        raise CommandExecutionError("Could not copy '%s' to '%s'" % (src, dst))
    os.chown(dst, was['uid'], was['gid'])
    os.chmod(dst, int(was['mode'], 8))
    return True


def _copy_file(src, dst):
    if os.path.exists(dst) and os.path.samefile(src, dst):
        raise shutil.Error('%s is the same file' % dst)
    with open(src, 'rb') as source, file_open.opened(dst, 'wb') as target:
        shutil.copyfileobj(source, target, 1 << 20)


def _copy_tree(src, dst, remove_existing):
    if remove_existing:
        if not os.path.isdir(src):
            raise OSError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), src)
        if os.path.exists(dst):
            shutil.rmtree(dst)
        shutil.copytree(src, dst)
        return
    if not os.path.isdir(src) or os.path.exists(dst) and not os.path.isdir(dst):
        raise OSError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), dst)
    for where, folders, names in list(os.walk(src)):
        to = os.path.normpath(os.path.join(dst, os.path.relpath(where, src)))
        for folder in [to] + [os.path.join(to, name) for name in folders]:
            if not os.path.isdir(folder):
                compat.make_dirs(folder, file_open.FOLDER_MODE)
        for name in names:
            _copy_file(os.path.join(where, name), os.path.join(to, name))


# ---- links

def link(src, path):
    """Give the file `src` a second name. CLI: file.link /path/to/file /path/to/link"""
    src = expand(src)
    if not os.path.isabs(src):
        raise SaltInvocationError('File path must be absolute.')
    _text_for('link', 'dst', path)
    try:
        os.link(src, path)
    except OSError as exc:
        raise CommandExecutionError("Could not create '%s': %s" % (path, told(exc, src, path)))
    return True


def _text_for(call, name, path):
    if not isinstance(path, compat.string_types):
        raise TypeError('%s: %s should be string, bytes or os.PathLike, not %s' % (call, name, type(path).__name__))


def symlink(src, path, force=False, atomic=False, follow_symlinks=True):
    """Make the symbolic link `path` that leads to `src`.

    force: replace a file or link that is there. atomic: the same, without a moment in which nothing is there.
    follow_symlinks: what counts as there. CLI: file.symlink /path/to/file /path/to/link
    """
    path = expand(path)
    if not os.path.isabs(path):
        raise SaltInvocationError('Link path must be absolute: %s' % path)
    if os.path.islink(path):
        if os.path.normpath(os.readlink(path)) == os.path.normpath(checked(src)):
            return True
        if not force and not atomic:
            raise CommandExecutionError('Found existing symlink: %s' % path)
    elif (os.path.exists if follow_symlinks else os.path.lexists)(path) and not force and not atomic:
        raise CommandExecutionError('Existing path is not a symlink: %s' % path)
    _text_for('symlink', 'src', src)
    if atomic:
        return _replace_with_link(src, path)
    if force and os.path.lexists(path):
        if os.path.isdir(path) and not os.path.islink(path):
            raise _os_error(errno.EISDIR, path)
        os.unlink(path)
    try:
        os.symlink(src, path)
    except OSError:
        raise CommandExecutionError("Could not create '%s'" % path)
    return True


def _os_error(number, path):
    """The OSError of an errno, of the right class on Python 3."""
    return OSError(number, os.strerror(number), path)


def _replace_with_link(src, path):
    temporary = os.path.join(os.path.dirname(path), '.%s.%s' % (os.path.basename(path), uuid.uuid4().hex[:12]))
    try:
        os.symlink(src, temporary)
        try:
            os.rename(temporary, path)
        except OSError:
            os.unlink(temporary)
            raise
    except OSError:
        raise CommandExecutionError("Could not create '%s'" % path)
    return True
