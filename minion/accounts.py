"""Accounts of this host: who we are, who we are to become."""
from __future__ import absolute_import, division, print_function

import os
import pwd

from minion import compat, errors


def lookup(name):
    """The passwd entry of an account, by name or number.

    :raises UnknownUser: nobody has that name.
    """
    try:
        return pwd.getpwuid(int(name)) if name.isdigit() else pwd.getpwnam(compat.to_native(name))
    except (KeyError, OverflowError, UnicodeError):
        raise errors.UnknownUser('user: %s: The user is not available.' % name)


def current():
    """Name of the account of this process, or its number where it has no name."""
    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        return str(os.geteuid())


def new_owner(name):
    """(uid, gid) that files should get because this process is root and is to become `name`; None: they are ours.

    :raises UnknownUser: nobody has that name.
    """
    if name == current():                            # also for a number without a name, as in many containers
        return None
    entry = lookup(name)
    return (entry.pw_uid, entry.pw_gid) if os.geteuid() == 0 and entry.pw_uid != 0 else None
