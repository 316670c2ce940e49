"""The databases of users and groups: of this system, or the files of another one below `root`."""
from __future__ import absolute_import, division, print_function

import grp
import io
import os
import pwd
from collections import namedtuple

from minion import compat, spawning

User = namedtuple('User', 'pw_name pw_passwd pw_uid pw_gid pw_gecos pw_dir pw_shell')
Group = namedtuple('Group', 'gr_name gr_passwd gr_gid gr_mem')

GECOS = ('fullname', 'roomnumber', 'workphone', 'homephone', 'other')


# ---- users

def users(root=None):
    """All users, in the order of the database."""
    if root is None:
        return pwd.getpwall()
    return [User(name, password, int(uid), int(gid), gecos, home, shell)
            for name, password, uid, gid, gecos, home, shell in records(root, '/etc/passwd', 7)]


def user(name, root=None):
    """The entry of a user, None if there is none."""
    return _named(name, pwd.getpwnam, users, 'pw_name', root)


def _named(name, ask, entries, field, root):
    name = compat.to_native(name if compat.is_text(name) else compat.shown(name))
    if root is not None:
        return next((entry for entry in entries(root) if getattr(entry, field) == name), None)
    try:
        return ask(name)
    except (KeyError, ValueError, TypeError):            # ValueError, TypeError: a NUL
        return None


def need_text(what, name):
    """Raise as Python 3 does for a name that is no text.

    :raises TypeError: `what` must be str.
    """
    if not compat.is_text(name):
        raise TypeError('%s must be str, not %s' % (what, 'None' if name is None else type(name).__name__))


def records(root, path, width):
    """The lines of a file of fields between colons, those with another number of fields left out.

    :raises IOError: it cannot be read.
    """
    with io.open(os.path.join(root, path.lstrip('/')), encoding='utf-8', errors='replace') as stream:
        split = [compat.to_native(line.rstrip(u'\n')).split(':') for line in stream]
    return [fields for fields in split if len(fields) == width]


def shown_user(entry, root=None):
    """What user.info and user.getent tell of an entry."""
    shown = {'gid': entry.pw_gid, 'groups': group_names(entry.pw_name, root, entry), 'home': entry.pw_dir,
             'name': entry.pw_name, 'passwd': entry.pw_passwd, 'shell': entry.pw_shell, 'uid': entry.pw_uid}
    shown.update(gecos(entry.pw_gecos))
    return shown


def gecos(text):
    """The parts of the comment of a user, '' for what it does not hold."""
    parts = text.split(',', 4)
    return dict(zip(GECOS, parts + [''] * (5 - len(parts))))


def gecos_text(parts):
    """The comment of a user from a mapping of its parts, without commas at its end."""
    return ','.join(compat.to_native(compat.shown(parts.get(name) or '')) for name in GECOS).rstrip(',')


# ---- groups

def groups(root=None):
    """All groups, in the order of the database."""
    if root is None:
        return grp.getgrall()
    return [Group(name, password, int(gid), [member for member in members.split(',') if member])
            for name, password, gid, members in records(root, '/etc/group', 4)]


def group(name, root=None):
    """The entry of a group, None if there is none."""
    return _named(name, grp.getgrnam, groups, 'gr_name', root)


def shown_group(entry):
    """What group.info and group.getent tell of an entry."""
    return {'name': entry.gr_name, 'passwd': entry.gr_passwd, 'gid': entry.gr_gid, 'members': list(entry.gr_mem)}


def group_names(name, root=None, entry=None):
    """Sorted names of all groups of a user, the first one included; empty for an unknown user.

    :param entry: of the user, if it is known already.
    """
    entry = entry or user(name, root)
    if entry is None:
        return []
    if root is None:
        gids = set(spawning.group_list(entry.pw_name, entry.pw_gid)) | set([entry.pw_gid])
        named = [_group_name(gid) for gid in gids]
    else:
        named = [one.gr_name for one in groups(root) if one.gr_gid == entry.pw_gid or entry.pw_name in one.gr_mem]
    return sorted(set(name for name in named if name is not None))


def _group_name(gid):
    try:
        return grp.getgrgid(gid).gr_name
    except KeyError:
        return None
