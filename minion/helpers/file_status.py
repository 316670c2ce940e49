"""Owner, mode and kind of what lies at a path, and changing them (file.stats, chown, set_mode, ...)."""
from __future__ import absolute_import, division, print_function

import os
import stat as statmodule

from minion import compat
from minion.errors import CommandExecutionError
from minion.helpers import file_hash
from minion.helpers.file_accounts import gid_to_group, group_to_gid, uid_to_user, user_to_uid
from minion.helpers.file_paths import expand

_KINDS = ((statmodule.S_ISDIR, 'dir'), (statmodule.S_ISCHR, 'char'), (statmodule.S_ISBLK, 'block'),
          (statmodule.S_ISREG, 'file'), (statmodule.S_ISLNK, 'link'), (statmodule.S_ISFIFO, 'pipe'),
          (statmodule.S_ISSOCK, 'socket'))


def normal_mode(mode):
    """Octal digits of a mode with at least four of them, whatever it was given as; None for None.

    A number counts by its decimal digits: 644 is the mode 0644.
    """
    if mode is None:
        return None
    text = compat.to_native(compat.shown(mode)) if not isinstance(mode, str) else mode
    text = text.replace('0o', '0').strip('"').strip('\'').lstrip('0')
    return text.zfill(4)


def stats(path, hash_type=None, follow_symlinks=True):
    """Kind, owner, mode, size and times of what lies at a path.

    hash_type: adds the checksum of this type as `sum`. follow_symlinks: of what a link leads to; for a link to nowhere
    of the link. CLI: file.stats /etc/passwd md5
    """
    path = expand(path)
    try:
        found = (os.stat if follow_symlinks and os.path.exists(path) else os.lstat)(path)
    except OSError:
        raise CommandExecutionError('Path not found: %s' % path)
    told = {'inode': found.st_ino, 'uid': found.st_uid, 'gid': found.st_gid, 'group': gid_to_group(found.st_gid),
            'user': uid_to_user(found.st_uid), 'atime': found.st_atime, 'mtime': found.st_mtime,
            'ctime': found.st_ctime, 'size': found.st_size, 'mode': octal(found.st_mode)}
    if hash_type:
        told['sum'] = file_hash.get_hash(path, hash_type)
    told['type'] = next((name for test, name in _KINDS if test(found.st_mode)), 'file')
    told['target'] = os.path.realpath(path) if follow_symlinks else path
    return told


def octal(mode):
    """The permission bits of st_mode as four octal digits."""
    return '%04o' % statmodule.S_IMODE(mode)


def get_uid(path, follow_symlinks=True):
    """The number of the owner. CLI: file.get_uid /etc/passwd"""
    return stats(path, follow_symlinks=follow_symlinks).get('uid', -1)


def get_user(path, follow_symlinks=True):
    """The name of the owner, its number if it has none. CLI: file.get_user /etc/passwd"""
    return stats(path, follow_symlinks=follow_symlinks).get('user', False)


def get_gid(path, follow_symlinks=True):
    """The number of the group. CLI: file.get_gid /etc/passwd"""
    return stats(path, follow_symlinks=follow_symlinks).get('gid', -1)


def get_group(path, follow_symlinks=True):
    """The name of the group, its number if it has none. CLI: file.get_group /etc/passwd"""
    return stats(path, follow_symlinks=follow_symlinks).get('group', False)


def get_mode(path, follow_symlinks=True):
    """The mode in octal digits. CLI: file.get_mode /etc/passwd"""
    return stats(path, follow_symlinks=follow_symlinks).get('mode', '')


def set_mode(path, mode):
    """Set the mode, given in octal digits, and return it as it is then. CLI: file.set_mode /etc/passwd 0644"""
    path = expand(path)
    mode = compat.to_native(compat.shown(mode)).lstrip('0Oo') or '0'
    if not os.path.exists(path):
        raise CommandExecutionError('%s: File not found' % path)
    try:
        os.chmod(path, int(mode, 8))
    except (ValueError, OSError, OverflowError):
        return 'Invalid Mode %s' % mode
    return get_mode(path)


# ---- owners

def owners(user, group):
    """(uid, gid, one line for each that there is not); -1 for '': leave it; '' for what there is not."""
    uid, gid, wrong = user_to_uid(user), group_to_gid(group), ''
    if uid == '':
        uid, wrong = ('', wrong + 'User does not exist\n') if user else (-1, wrong)
    if gid == '':
        gid, wrong = ('', wrong + 'Group does not exist\n') if group else (-1, wrong)
    return uid, gid, wrong


def _lchown(path, uid, gid):
    for name, number in (('uid', uid), ('gid', gid)):
        if number == '':
            raise TypeError('%s should be integer, not str' % name)
    os.lchown(path, uid, gid)


def chown(path, user, group):
    """Give what a path leads to to a user and a group, by names or numbers.

    Returns None, or a text that says what there is not. CLI: file.chown /etc/passwd root root
    """
    path = expand(path)
    uid, gid, wrong = owners(user, group)
    if not os.path.exists(path):
        try:                                         # a link to nowhere is changed itself
            _lchown(path, uid, gid)
            return None
        except OSError:
            wrong += 'File not found'
    if wrong:
        return wrong
    os.chown(path, uid, gid)
    return None


def lchown(path, user, group):
    """file.chown that changes a link itself. CLI: file.lchown /etc/mtab root root"""
    path = expand(path)
    uid, gid, wrong = owners(user, group)
    _lchown(path, uid, gid)
    return wrong or None


def chgrp(path, group):
    """Give what a path leads to to a group; see file.chown. CLI: file.chgrp /etc/passwd root"""
    return chown(path, get_user(expand(path)), group)
