"""Finds the Python interpreters of this host: 2.7 and 3.6 to 3.14."""
from __future__ import absolute_import, division, print_function

import glob
import os
import sys
from collections import namedtuple

from minion import compat
from tests.support import groups

WANTED = ('2.7',) + tuple('3.%d' % minor for minor in range(6, 15))
SECONDS = 20
ASK = ('import sys; v = sys.version_info; '
       'print("%d.%d %d.%d.%d %s" % (v[0], v[1], v[0], v[1], v[2], sys.executable))')

Interpreter = namedtuple('Interpreter', 'name version path')      # as '3.11', '3.11.7', '/usr/bin/python3.11'


def candidates():
    """Paths worth asking, in the order of preference: those on PATH, then those of pyenv, then the one running this."""
    names = ['python' + name for name in WANTED] + ['python3', 'python2', 'python']
    for folder in os.environ.get('PATH', '').split(os.pathsep):
        for name in names:
            yield os.path.join(folder, name)
    if os.environ.get('PYENV_ROOT'):
        for path in sorted(glob.glob(os.path.join(os.environ['PYENV_ROOT'], 'versions', '*', 'bin', 'python'))):
            yield path
    yield sys.executable


def ask(path):
    """The Interpreter behind a path, None if it does not run, takes too long, or is a Python that we do not support."""
    try:
        status, output = groups.call([path, '-E', '-c', ASK], os.devnull, None, seconds=SECONDS)
    except (OSError, AssertionError):                # cannot be started, or does not end
        return None
    words = compat.to_native(output).split()
    if status or len(words) != 3 or words[0] not in WANTED:
        return None
    return Interpreter(*words)


def find():
    """{name: Interpreter} of what this host has; the first candidate of each version is taken."""
    found, seen = {}, set()
    for path in candidates():
        if not os.access(path, os.X_OK) or os.path.isdir(path) or os.path.realpath(path) in seen:
            continue
        if '/shims/' not in path:                # one shim script stands behind all names of pyenv
            seen.add(os.path.realpath(path))
        interpreter = ask(path)
        if interpreter and interpreter.name not in found:
            found[interpreter.name] = interpreter
    return found


def nearest(name, found):
    """The found version nearest to the wanted one (a newer one wins a tie), of the same major version; None if none."""
    major, minor = (int(number) for number in name.split('.'))
    same = [other for other in found if int(other.split('.')[0]) == major]
    if not same:
        return None
    return min(same, key=lambda other: (abs(int(other.split('.')[1]) - minor), -int(other.split('.')[1])))
