"""Processes of this host as /proc shows them: who is in a session or group, who holds a pipe; and signals to groups."""
from __future__ import absolute_import, division, print_function

import errno
import os
from collections import namedtuple

from minion import compat

Process = namedtuple('Process', 'pid name state parent group session started')
"""`name` as the kernel cut it, `state` one letter, `started` in ticks after boot."""

DEAD = ('Z', 'X')


def look(pid):
    """The Process `pid`, None when there is none."""
    try:
        with open('/proc/%s/stat' % pid, 'rb') as stream:
            head, _, rest = stream.read().rpartition(b')')
    except (IOError, OSError):                          # it has ended
        return None
    fields = rest.split()
    name = compat.to_native(head.partition(b'(')[2])
    return Process(int(pid), name, compat.to_native(fields[0]), *[int(fields[at]) for at in (1, 2, 3, 19)])


def listed():
    """Yield every Process of this host; none where /proc is not mounted."""
    for name in os.listdir('/proc') if os.path.isdir('/proc/self') else ():
        process = look(name) if name.isdigit() else None
        if process is not None:
            yield process


def members(leader):
    """The living processes of the session or group that `leader` (a pid) began."""
    return [process for process in listed()
            if leader in (process.group, process.session) and process.state not in DEAD]


def lives(leader):
    """True while the session or group `leader` has a member; one that only waits to be reaped does not count."""
    return bool(members(leader)) if os.path.isdir('/proc/self') else _send(os.killpg, leader, 0)


def signal_session(leader, signum):
    """Signal the group `leader`, and the other groups of its session, which a shell with job control makes."""
    _send(os.killpg, leader, signum)
    for process in members(leader):
        if process.group != leader:
            _send(os.kill, process.pid, signum)


def signal_one(pid, signum):
    """Signal one process; True if it is there."""
    return _send(os.kill, pid, signum)


def rooted(root):
    """The other living processes whose root folder is `root`, a real path; none if that is our own."""
    if _target('/proc/self/root') == root:
        return []
    return [process for process in listed()
            if process.state not in DEAD and _target('/proc/%d/root' % process.pid) == root]


def _send(way, target, signum):
    try:
        way(target, signum)
    except OSError as exc:
        if exc.errno == errno.ESRCH:
            return False
        if exc.errno != errno.EPERM:                    # EPERM: it is there, and another user's
            raise
    return True


def holders(descriptors):
    """The other processes that have one of our pipes open.

    :param descriptors: numbers of descriptors of this process.
    """
    pipes = set(_target('/proc/self/fd/%d' % number) for number in descriptors) - set([None])
    return [process for process in listed()
            if process.pid != os.getpid() and process.state not in DEAD
            and pipes.intersection(_open_files(process.pid))]


def _open_files(pid):
    folder = '/proc/%d/fd' % pid
    try:
        names = os.listdir(folder)
    except OSError:                                     # it has ended, or is another user's
        return
    for name in names:
        yield _target(os.path.join(folder, name))


def _target(link):
    try:
        return os.readlink(link)
    except OSError:                                     # closed meanwhile
        return None


def described(processes):
    """'12 (sleep), 13 (sh)' for a message."""
    return ', '.join('%d (%s)' % (process.pid, process.name) for process in processes)
