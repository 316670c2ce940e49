"""What a test may leave behind: nothing. Threads, descriptors and children before and after are compared."""
from __future__ import absolute_import, division, print_function

import gc
import os
import sys
import threading
from collections import namedtuple

from minion import compat
from tests.support.waiting import wait_until

RUN = 'MINION_TEST_RUN'                          # variable that tests/conftest.py gives each run, and all it starts
GRACE = 3.0                                      # seconds for what is on its way out
HARMLESS = ('/dev/urandom', '/dev/null')         # kept open by the interpreter for good

Snapshot = namedtuple('Snapshot', 'threads descriptors children')


def take():
    """Snapshot of this process: set of Thread, {descriptor: what it is}, {pid: command}."""
    return Snapshot(set(threading.enumerate()), descriptors(), children(os.getpid()))


def descriptors(pid='self'):
    """{number: target} of the open descriptors of a process."""
    found, folder = {}, '/proc/%s/fd' % pid
    for name in os.listdir(folder):
        try:
            target = os.readlink(os.path.join(folder, name))
        except OSError:                          # closed meanwhile, such as the one of this listing
            continue
        if target not in HARMLESS and not target.startswith('/proc/'):
            found[int(name)] = target
    return found


def children(pid):
    """{pid: name and state} of the direct children of a process, zombies too."""
    found = {}
    for child in _pids_below(pid):
        status = _status(child)
        if status is not None and status[1] == pid:
            found[child] = status[0]
    return found


def _pids_below(pid):
    """Pids that may be children: from the list that the kernel keeps, since looking at all takes ten times longer."""
    folder, found = '/proc/%s/task' % pid, []
    if not os.path.exists('%s/%s/children' % (folder, pid)):
        return [int(name) for name in os.listdir('/proc') if name.isdigit()]
    for thread in os.listdir(folder):
        try:
            with open('%s/%s/children' % (folder, thread)) as stream:
                found += [int(word) for word in stream.read().split()]
        except (IOError, OSError):               # the thread ended meanwhile
            continue
    return found


def _status(pid):
    """(name and state, parent) of a process, None if it is gone."""
    try:
        with open('/proc/%d/stat' % pid) as stream:
            head, _, rest = stream.read().rpartition(')')
    except (IOError, OSError):
        return None
    state, parent = rest.split()[:2]
    return '%s %s' % (head.partition('(')[2], state), int(parent)


def left(before):
    """Text about what is there now and was not in the Snapshot `before`; '' if nothing is."""
    now = take()
    new = ['thread %s' % thread.name for thread in now.threads - before.threads]
    new += ['descriptor %d: %s' % item for item in sorted(now.descriptors.items())
            if before.descriptors.get(item[0]) != item[1]]
    new += ['child %d: %s' % item for item in sorted(now.children.items()) if item[0] not in before.children]
    return '; '.join(new)


def check(before):
    """:raises AssertionError: something is still there GRACE seconds after a test."""
    if left(before):
        gc.collect()                             # what only a cycle of dead objects holds is no leak of the program
        wait_until(lambda: not left(before), GRACE, lambda: 'end of what the test left behind: ' + left(before))


def marked(setting):
    """{pid: command line} of the living processes of ours that inherited a variable: native text NAME=VALUE, or its start."""
    wanted, found = compat.to_bytes(setting), {}
    for name in os.listdir('/proc') if sys.platform.startswith('linux') else ():
        if name.isdigit() and int(name) != os.getpid():
            try:
                with open('/proc/%s/environ' % name, 'rb') as stream:
                    if not any(each.startswith(wanted) for each in stream.read().split(b'\0')):
                        continue
                with open('/proc/%s/cmdline' % name, 'rb') as stream:
                    found[int(name)] = compat.to_native(stream.read().replace(b'\0', b' ')).strip()
            except (IOError, OSError):               # it ended meanwhile, or belongs to another user
                continue
    return found


def of_this_run():
    """{pid: command line} of the living processes that tests of this run started; another run beside it does not count."""
    return marked('%s=%s' % (RUN, os.environ[RUN]))
