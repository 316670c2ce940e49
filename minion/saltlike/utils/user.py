"""`salt.utils.user`: accounts."""
from __future__ import absolute_import, division, print_function

import grp
import os
import pwd

from minion import compat


def get_user():
    """Name of the account that this process runs as."""
    return pwd.getpwuid(os.geteuid()).pw_name


def get_uid(user=None):
    """Number of an account, None if there is none; without a name our own."""
    if not user:
        return os.geteuid()
    try:
        return pwd.getpwnam(user).pw_uid
    except KeyError:                             # no such account
        return None


def get_gid(group=None):
    """Number of a group, None if there is none; without a name our own."""
    if not group:
        return os.getegid()
    try:
        return grp.getgrnam(group).gr_gid
    except KeyError:                             # no such group
        return None


def get_group_list(user, include_default=True):
    """Sorted names of the groups of an account."""
    known = pwd.getpwnam(user)
    numbers = compat.group_list(user, known.pw_gid)
    return sorted(grp.getgrgid(number).gr_name for number in numbers if include_default or number != known.pw_gid)


def get_group_dict(user=None, include_default=True):
    """{name: number} of the groups of an account."""
    return dict((name, grp.getgrnam(name).gr_gid) for name in get_group_list(user or get_user(), include_default))
