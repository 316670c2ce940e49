"""Copies of files that were there before a change, below CACHEDIR/file_backup (file.list_backups, restore_backup, ...)."""
from __future__ import absolute_import, division, print_function

import errno
import os
import re
import shutil
import time

from minion import compat
from minion.helpers import file_tree
from minion.helpers.file_paths import expand

_NAME = re.compile(r'(.+)_(\w{3}_\w{3}_\d{2}_\d{2}:\d{2}:\d{2})_(\d{6})_(\d{4})\Z')


def root(opts):
    """The folder of all backups."""
    return os.path.join(opts.get('cachedir') or '/var/cache/salt/minion', 'file_backup')


def _folder_of(folder, opts):
    return os.path.join(root(opts), os.path.abspath(folder).lstrip('/'))


def keep(path, opts):
    """Copy a file to where its backups are, with its owner, mode and times; nothing is done where no file is.

    :raises OSError, IOError: it cannot be copied.
    """
    if not os.path.isfile(path):
        return
    folder, name = os.path.split(os.path.abspath(path))
    where = _folder_of(folder, opts)
    now = time.time()
    parts = time.strftime('%a_%b_%d_%H:%M:%S', time.localtime(now)), '%06d' % (now % 1 * 1000000), time.strftime('%Y')
    compat.make_dirs(where, 0o700)
    target = os.path.join(where, '%s_%s_%s_%s' % ((name,) + parts))
    shutil.copy2(path, target)
    found = os.stat(path)
    os.chown(target, found.st_uid, found.st_gid)


def _time_of(name):
    """(name of the file, (seconds, microseconds)) of the name of a backup, or None."""
    found = _NAME.match(name)
    if found is None:
        return None
    try:
        when = time.strptime('%s_%s' % (found.group(2), found.group(4)), '%a_%b_%d_%H:%M:%S_%Y')
    except ValueError:
        return None
    return found.group(1), (time.mktime(when), int(found.group(3)))


def _all(folder, opts):
    """{name of a file: [(time, path)], the newest first} of the backups of files of a folder."""
    where, found = _folder_of(folder, opts), {}
    try:
        names = os.listdir(where)
    except OSError as exc:
        if exc.errno not in (errno.ENOENT, errno.ENOTDIR):
            raise
        return found
    for name in names:
        told = _time_of(name)
        if told and os.path.isfile(os.path.join(where, name)):
            found.setdefault(told[0], []).append((told[1], os.path.join(where, name)))
    for copies in found.values():
        copies.sort(reverse=True)
    return found


def _numbered(copies, limit):
    shown = {}
    for number, (when, path) in enumerate(copies[:limit] if limit is not None else copies):
        local = time.localtime(when[0])
        shown[number] = {'Backup Time': time.strftime('%a %b %d %Y %H:%M:%S', local) + '.%06d' % when[1],
                         'Size': os.stat(path).st_size, 'Location': path}
    return shown


def _limit(limit):
    try:
        return None if limit is None else int(limit)
    except (TypeError, ValueError):
        return None


def list_backups(path, limit, opts):
    """See file.list_backups."""
    folder, name = os.path.split(expand(path))
    return _numbered(_all(folder, opts).get(name, []), _limit(limit))


def list_backups_dir(path, limit, opts):
    """See file.list_backups_dir."""
    copies = _all(expand(path), opts)
    return dict((name, _numbered(copies[name], _limit(limit))) for name in copies)


def _chosen(path, backup_id, opts):
    """(path of a backup, None), or (None, what the caller gets)."""
    ret = {'result': False, 'comment': "Invalid backup_id '%s'" % (backup_id,)}
    try:
        number = int(backup_id)
    except (TypeError, ValueError):
        return None, ret
    if str(number) != str(backup_id):
        return None, ret
    found = list_backups(path, None, opts).get(number)
    if found is None:
        return None, dict(ret, comment="backup_id '%s' does not exist for %s" % (backup_id, path))
    return found['Location'], None


def restore(path, backup_id, opts):
    """See file.restore_backup."""
    path = expand(path)
    location, refusal = _chosen(path, backup_id, opts)
    if refusal:
        return refusal
    try:
        keep(path, opts)
        shutil.copyfile(location, path)
        was = os.stat(location)
        os.chown(path, was.st_uid, was.st_gid)
    except (OSError, IOError, shutil.Error) as exc:
        text = file_tree.told(exc, exc.filename or path) if getattr(exc, 'errno', None) else compat.error_text(exc)
        return {'result': False, 'comment': 'Unable to restore %s to %s: %s' % (location, path, text)}
    return {'result': True, 'comment': 'Successfully restored %s to %s' % (location, path)}


def delete(path, backup_id, opts):
    """See file.delete_backup."""
    path = expand(path)
    location, refusal = _chosen(path, backup_id, opts)
    if refusal:
        return refusal
    try:
        os.remove(location)
    except OSError as exc:
        return {'result': False, 'comment': 'Unable to remove %s: %s' % (location, exc.strerror)}
    return {'result': True, 'comment': 'Successfully removed %s' % location}
