"""Who else could change a file: for what root reads and believes."""
from __future__ import absolute_import, division, print_function

import os
import stat

from minion import errors, files

WORLD, GROUP = 0o002, 0o020


def check(path, label, owners, group_may=()):
    """Refuse a file or folder that others could change, themselves or by exchanging a folder or link above it.

    :param str label: stands in front of the message.
    :param owners: numbers of the accounts that may own it.
    :param group_may: paths that their group may write.
    :raises UnsafePermissions: names the path at fault and the remedy. A missing path passes.
    """
    path = os.path.abspath(path)
    if not os.path.lexists(path):
        return
    for one in [path] + _chain(path):
        _check_one(one, label, owners, WORLD if one in group_may else WORLD | GROUP)


def _chain(path):
    """The folders and links that lead to `path`, by name and by where the links point."""
    real = os.path.realpath(path)
    found = []
    for start in (path, real):
        above = os.path.dirname(start)
        while above not in found:
            found.append(above)
            above = os.path.dirname(above)
    return found


def _check_one(path, label, owners, forbidden):
    try:
        entry = os.lstat(path)
        if stat.S_ISLNK(entry.st_mode):
            _check_owner(path, label, entry, owners)
            entry = os.stat(path)
    except OSError as exc:
        raise errors.Forbidden('%s: %s cannot be examined: %s' % (label, path, files.reason(exc)))
    _check_owner(path, label, entry, owners)
    if stat.S_ISDIR(entry.st_mode) and entry.st_mode & stat.S_ISVTX:
        return                                       # as /tmp: what others own there, they cannot exchange for ours
    if entry.st_mode & forbidden:
        raise errors.UnsafePermissions('%s: %s can be written by others (mode %04o): see who changed it, then run: '
                                       'chmod go-w %s' % (label, path, stat.S_IMODE(entry.st_mode), path))


def _check_owner(path, label, entry, owners):
    if entry.st_uid not in owners:
        raise errors.UnsafePermissions('%s: %s belongs to the account number %d, not to root: see what it holds, then '
                                       'run: chown root %s' % (label, path, entry.st_uid, path))


def hand_over(folder, owner):
    """Give a folder and what root owns inside to `owner` (uid, gid), never what a link leads to.

    The walk goes from folder to folder by descriptor and changes only files with one name, so that whoever may already
    write there cannot make root give away a file of the system.

    :raises OSError: a folder that cannot be entered.
    """
    here = os.open('.', os.O_RDONLY)
    try:
        _hand_over(folder, owner)
    finally:
        os.fchdir(here)
        os.close(here)


def _hand_over(name, owner):
    try:
        handle = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:                                  # a link, a socket, or gone
        return
    try:
        entry = os.fstat(handle)
        if stat.S_ISDIR(entry.st_mode):
            os.fchdir(handle)
            for inner in os.listdir('.'):
                _hand_over(inner, owner)
                os.fchdir(handle)
        elif not stat.S_ISREG(entry.st_mode) or entry.st_nlink != 1:
            return
        if entry.st_uid == 0:
            os.fchown(handle, owner[0], owner[1])
    finally:
        os.close(handle)
