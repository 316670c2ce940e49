"""Names and numbers of users and groups, as file.* takes and gives them."""
from __future__ import absolute_import, division, print_function

import grp
import os
import pwd

from minion import compat


def uid_to_user(uid):
    """The name of the user with this number; the number itself if there is none. CLI: file.uid_to_user 0"""
    if not isinstance(uid, compat.integer_types):
        raise TypeError('uid should be integer, not %s' % ('str' if compat.is_text(uid) else type(uid).__name__))
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return uid


def user_to_uid(user):
    """The number of a user, '' if there is none; a number passes, None is who we are. CLI: file.user_to_uid root"""
    if user is None:
        return os.geteuid()
    return _number(user, pwd.getpwnam, 'pw_uid')


def gid_to_group(gid):
    """The name of the group with this number; the number itself if there is none. CLI: file.gid_to_group 0"""
    try:
        number = int(gid)
    except ValueError:
        number = group_to_gid(gid)
    if number == '':
        return ''
    try:
        return grp.getgrgid(number).gr_name
    except KeyError:
        return number


def group_to_gid(group):
    """The number of a group, '' if there is none; a number passes. CLI: file.group_to_gid root"""
    if group is None:
        return ''
    return _number(group, grp.getgrnam, 'gr_gid')


def _number(name, look_up, field):
    if isinstance(name, compat.integer_types):
        return name
    if not compat.is_text(name):
        raise TypeError('%s() argument must be str, not %s' % (look_up.__name__, type(name).__name__))
    try:
        return getattr(look_up(compat.to_native(name)), field)
    except KeyError:
        return ''
