"""The two minions that are measured, ours and the reference, each in a folder of its own that lasts over all turns."""
from __future__ import absolute_import, division, print_function

import atexit
import os
import shutil
import subprocess
import sys
import tempfile

from tests.bench import measure
from tests.bench.figures import OURS, REFERENCE
from tests.support import realmaster, testkeys
from tests.support.minionprocess import ROOT, MinionProcess

MEMORY = '/dev/shm'              # a tmpfs: what the file system that is measured on takes shows beside it
QUIET = {'log_level': 'warning', 'log_level_logfile': 'warning'}


def reference():
    """(version, folder of its environment), None where MINION_REAL_MASTERS names none."""
    found = realmaster.installed()
    return found[0] if found else None


def installed(python):
    """Folder of a copy of the program with its bytecode, as an installation has it; removed when the bench ends."""
    if python not in _INSTALLED:
        folder = new_folder('installed')
        atexit.register(shutil.rmtree, folder, True)
        for part in ('bin', 'minion'):
            shutil.copytree(os.path.join(ROOT, part), os.path.join(folder, part),
                            ignore=shutil.ignore_patterns('__pycache__', '*.pyc'))
        shutil.copy(os.path.join(ROOT, 'setup.cfg'), folder)
        subprocess.check_call([python, '-m', 'compileall', '-q', os.path.join(folder, 'minion')], env=environment())
        _INSTALLED[python] = folder
    return _INSTALLED[python]


_INSTALLED = {}                  # {Python: folder}


def environment():
    """What minions get: nothing that keeps a Python from using bytecode."""
    return dict(item for item in os.environ.items() if not item[0].startswith('PYTHON'))


def minion(name, folder, master, python=None, minion_id=None, script=None):
    """The MinionProcess of a side, not started.

    :param str name: 'ours' or 'reference'; the minion's id, too, unless that is given.
    :param str python: that ours runs on.  :param str script: path of what is run instead of our bin/minion.
    """
    python = python or sys.executable
    if name == REFERENCE:
        home = reference()[1]
        program, key = (os.path.join(home, 'bin', 'python'), os.path.join(home, 'bin', 'salt-minion')), None
    else:
        program, key = (python, script or os.path.join(installed(python), 'bin', 'minion')), testkeys.path('minion')
    minion_id = minion_id or name
    made = MinionProcess(os.path.join(folder, minion_id), master, minion_id, program, key, **QUIET)
    made.environment = dict(environment(), MINION_BENCH_ROOT=installed(python))
    return made


def names():
    """Sides in the order of their turns."""
    return (REFERENCE, OURS) if reference() else (OURS,)


def answers(master, minion_id, seconds=5):
    """True if a minion answers a real master; False also while that master is too busy to take the job."""
    try:
        return master.salt(minion_id, 'test.ping', timeout=seconds) == {minion_id: True}
    except AssertionError:
        return False


def new_folder(what, place=None):
    """A new short folder, in the folder `place`; paths of sockets in it must stay below 108 bytes."""
    return tempfile.mkdtemp(prefix=what + '-', dir=place or ('/tmp' if len(tempfile.gettempdir()) > 50 else None))


def tree(pid):
    """The pid of a process and those of all its descendants."""
    found = [pid]
    for child in measure.children(pid):
        found += tree(child)
    return found


def cpu(pid):
    """CPU seconds of a whole tree so far, of those that have ended, too."""
    spent = 0.0
    for each in tree(pid):
        try:
            spent += measure.cpu(each) + measure.ended_children(each)
        except (IOError, OSError):                   # it has just ended
            continue
    return spent
