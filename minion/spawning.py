"""Differences between the Pythons in starting programs; minion.compat has all others."""
from __future__ import absolute_import, division, print_function

import errno
import fcntl
import os
import signal
import sys

from minion import compat

PIPE, STDOUT = -1, -2                                           # of subprocess, which is loaded when first needed


def popen(argv, **options):
    """subprocess.Popen, whose module is loaded when first needed.

    :raises OSError: the program cannot be started; nothing else for well-formed arguments.
    """
    import subprocess
    try:
        return subprocess.Popen(argv, **options)
    except getattr(subprocess, 'SubprocessError', ()) as exc:   # the function between fork and exec failed
        raise OSError(errno.EPERM, str(exc))


def child_options(identity=None, umask=None, detached=False):
    """Popen keywords: a session of its own, another user and umask, default signals, no descriptor of ours but 0 to 2.

    Python 3.9+ does it in C. Before that a function runs in the child between fork and exec. It makes system calls
    only, because at the fork any other thread may have held any lock.

    :param identity: object with `uid`, `gid` and `groups` (list of int), or None to stay who we are.
    :param bool detached: the program becomes a child of init, its pid is written to its stdout, which is then closed.
    """
    by_proc = compat.PY2 and os.path.isdir('/proc/self/fd')
    if not compat.PY2 and sys.version_info >= (3, 9) and not detached:
        options = {'close_fds': True, 'start_new_session': True, 'umask': -1 if umask is None else umask}
        if identity is not None:
            options.update(user=identity.uid, group=identity.gid, extra_groups=identity.groups)
        return options

    def prepare():
        if detached and os.fork():
            os._exit(0)
        os.setsid()
        if compat.PY2:
            for signum in (signal.SIGPIPE, signal.SIGXFSZ):
                signal.signal(signum, signal.SIG_DFL)
        if by_proc:
            _close_at_exec()
        if detached:
            os.write(1, str(os.getpid()).encode('ascii'))
            os.dup2(2, 1)
        _become(identity, umask)
    return {'close_fds': not by_proc, 'preexec_fn': prepare}


def _become(identity, umask):
    if umask is not None:
        os.umask(umask)
    if identity is not None:
        os.setgroups(identity.groups)
        os.setgid(identity.gid)
        os.setuid(identity.uid)


def _close_at_exec():
    """Mark all descriptors above 2; Python 2 would close every possible one: seconds where millions are allowed."""
    for name in os.listdir('/proc/self/fd'):
        try:
            if int(name) > 2:
                fcntl.fcntl(int(name), fcntl.F_SETFD, fcntl.FD_CLOEXEC)
        except (IOError, OSError):                              # the one of this listing, closed again
            pass


def group_list(name, gid):
    """Numbers of all groups of a user, `gid` among them, as the system's databases know them.

    :raises OSError: when they cannot be asked.
    """
    if hasattr(os, 'getgrouplist'):
        return os.getgrouplist(name, gid)
    import ctypes
    ask, size = ctypes.CDLL(None).getgrouplist, 64
    while True:
        room, count = (ctypes.c_uint * size)(), ctypes.c_int(size)
        if ask(compat.to_bytes(name), ctypes.c_uint(gid), room, ctypes.byref(count)) >= 0:
            return [int(number) for number in room[:count.value]]
        if size > 65536:
            raise OSError(errno.E2BIG, 'the groups of %s cannot be listed' % name)
        size *= 4
