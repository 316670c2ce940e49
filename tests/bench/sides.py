"""The two minions that are measured, ours and the reference, each in a folder of its own that lasts over all turns."""
from __future__ import absolute_import, division, print_function

import os
import sys
import tempfile

from tests.bench import measure
from tests.bench.figures import OURS, REFERENCE
from tests.support import realmaster, testkeys
from tests.support.minionprocess import ROOT, MinionProcess

QUIET = {'log_level': 'warning', 'log_level_logfile': 'warning'}


def reference():
    """(version, folder of its environment), None where MINION_REAL_MASTERS names none."""
    found = realmaster.installed()
    return found[0] if found else None


def minion(name, folder, master, python=None, **settings):
    """The MinionProcess of a side, not started.

    :param str name: 'ours' or 'reference'; it is the minion's id, too.
    :param str python: that ours runs on.
    """
    if name == REFERENCE:
        home = reference()[1]
        program, key = (os.path.join(home, 'bin', 'python'), os.path.join(home, 'bin', 'salt-minion')), None
    else:
        program, key = (python or sys.executable, os.path.join(ROOT, 'bin', 'minion')), testkeys.path('minion')
    return MinionProcess(os.path.join(folder, name), master, name, program, key, **dict(QUIET, **settings))


def names(both=True):
    """Sides in the order of their turns."""
    return (REFERENCE, OURS) if both and reference() else (OURS,)


def new_folder(what):
    """A new short folder; paths of sockets in it must stay below 108 bytes."""
    return tempfile.mkdtemp(prefix=what + '-', dir='/tmp' if len(tempfile.gettempdir()) > 50 else None)


def tree(pid):
    """The pid of a process and those of all its descendants."""
    found = [pid]
    for child in measure.children(pid):
        found += tree(child)
    return found


def cpu(pid):
    """CPU seconds of a whole tree so far."""
    return sum(measure.cpu(each) for each in tree(pid))
