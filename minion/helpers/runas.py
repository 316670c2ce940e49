"""Running a program as somebody else: who that is, and what the environment of their login holds."""
from __future__ import absolute_import, division, print_function

import binascii
import grp
import logging
import os
import pwd
from collections import namedtuple

from minion import compat, spawning
from minion.errors import CommandExecutionError
from minion.helpers import command, environment

log = logging.getLogger(__name__)

LOGIN_TIMEOUT = 10.0      # seconds that the profile of a user may take
LOGIN_LIMIT = 1 << 20     # bytes that it may print
NOT_OF_LOGIN = ('PWD', 'OLDPWD', 'SHLVL', '_')

Identity = namedtuple('Identity', 'uid gid groups')


def account(name):
    """The entry of the user database for a name, or the number of a user.

    :raises CommandExecutionError: there is none.
    """
    try:
        return pwd.getpwuid(name) if isinstance(name, compat.integer_types) else pwd.getpwnam(compat.to_native(name))
    except (KeyError, ValueError, TypeError, OverflowError):     # TypeError: a NUL on Python 2
        raise CommandExecutionError("User '%s' is not available" % (name,))


def identity(user=None, group=None):
    """The Identity that a program must take on; None if it is ours already.

    :param user: entry from account(), None for the one we run as.
    :param group: name of the group that becomes its first one; None: that of the user.
    :raises CommandExecutionError: unknown group, or we may not change.
    """
    uid = os.geteuid() if user is None else user.pw_uid
    gid = (os.getegid() if user is None else user.pw_gid) if group is None else _group(group)
    if (uid, gid) == (os.geteuid(), os.getegid()):
        return None
    if os.geteuid() != 0:
        raise CommandExecutionError('the minion runs as user %d and cannot run a program as user %d, group %d: only '
                                    'root may do that' % (os.geteuid(), uid, gid))
    groups = os.getgroups() if user is None else spawning.group_list(user.pw_name, user.pw_gid)
    return Identity(uid, gid, sorted(set(groups) | set([gid])))


def _group(name):
    try:
        return grp.getgrnam(compat.to_native(name)).gr_gid
    except (KeyError, ValueError, TypeError):
        raise CommandExecutionError("Group '%s' is not available" % (name,))


def login_environment(user, shell):
    """What `su - USER` gives a program, {str: str}; what the user database says where that fails or takes too long.

    :param user: entry from account().  :param str shell: the shell that reads the user's profile.
    """
    env = environment.about(user)
    if os.geteuid() == 0:
        env.update(_ask_login(user, shell))
    return env


def _ask_login(user, shell):
    su, mark = environment.which('su'), compat.to_native(binascii.hexlify(os.urandom(16)))
    if su is None:
        log.warning('su is not installed: the profile of user %s is not read', user.pw_name)
        return {}
    argv = [su, '-s', shell, '-', user.pw_name, '-c', 'echo %s; cat /proc/self/environ; echo %s' % (mark, mark)]
    try:
        result = command.run(argv, timeout=LOGIN_TIMEOUT, limit=LOGIN_LIMIT)
    except (OSError, CommandExecutionError) as exc:
        log.warning('the environment of user %s cannot be asked for: %s', user.pw_name, exc)
        return {}
    parts = result.stdout.split(compat.to_bytes(mark))
    if len(parts) != 3:
        log.warning('the profile of user %s %s: the environment is made from the user database', user.pw_name,
                    'takes longer than %g s' % LOGIN_TIMEOUT if result.timed_out else 'prevents a command')
        return {}
    pairs = (compat.to_escaped(pair).partition('=') for pair in parts[1].strip(b'\r\n').split(b'\0') if pair)
    return dict((name, value) for name, _, value in pairs if name not in NOT_OF_LOGIN)
