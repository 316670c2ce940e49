"""From exec to listening at one real master, with a warm and a cold cache; the parts of our start at the embedded master.

Cold: the files of program and libraries are dropped from the page cache (posix_fadvise), except what another running
process has mapped.
"""
from __future__ import absolute_import, division, print_function

import json
import os
import shutil
import subprocess
import time

from minion import compat
from tests.bench import sides, timing
from tests.bench.figures import OURS, REFERENCE
from tests.support import realmaster
from tests.support.minionprocess import ROOT
from tests.support.waiting import wait_until

STAGED = os.path.join(ROOT, 'tests', 'bench', 'staged.py')


def drop_cache(folders):
    """Take all files below some folders out of the page cache."""
    for folder in folders:
        for path, _, names in os.walk(folder):
            for name in names:
                try:
                    handle = os.open(os.path.join(path, name), os.O_RDONLY | os.O_NONBLOCK)
                except OSError:                      # a link to nowhere
                    continue
                os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_DONTNEED)
                os.close(handle)


def folders(python):
    """Where a Python keeps itself and its libraries."""
    script = 'import os, sys; print(os.path.realpath(sys.prefix)); print(os.path.realpath(getattr(sys, "base_prefix", "")))'
    found = compat.to_native(subprocess.check_output([python, '-c', script], cwd=os.sep)).split()
    return sorted(set(os.path.join(each, part) for each in found for part in ('lib', 'bin')))


def listening(master, minion):
    """Milliseconds from the exec until the connection to the publish port stands."""
    begun = compat.monotonic()
    minion.start()
    try:
        wait_until(lambda: master.subscribers() >= 1, 60, minion.tail, pause=0.003)
        took = (compat.monotonic() - begun) * 1000
        wait_until(lambda: sides.answers(master, minion.minion_id), 60, minion.tail)
        return took
    finally:
        minion.stop(seconds=60)
        wait_until(lambda: master.subscribers() == 0, 60, 'end of the connection')


def beside(figures, options):
    """Rows of exec to listening."""
    version, home = sides.reference()
    folder = sides.new_folder('start')
    master = realmaster.RealMaster(version, {'auto_accept': True}, home)
    pythons = {REFERENCE: os.path.join(home, 'bin', 'python'), OURS: options.python}
    try:
        master.start()
        minions = dict((name, sides.minion(name, folder, master, options.python)) for name in sides.names())
        for name in minions:                         # a key and caches, not counted
            listening(master, minions[name])
        for cold in (False, True):
            found = dict((name, []) for name in minions)
            for _ in range(3 if options.quick else 7):
                for name in found:
                    if cold:
                        drop_cache(folders(pythons[name]) + ([sides.installed(options.python)] if name == OURS else []))
                    found[name].append(listening(master, minions[name]))
            figures.add('start', 'exec to listening, %s cache' % ('cold' if cold else 'warm'), 'ms', found[OURS],
                        found[REFERENCE], '' if cold else 'under 300 ms, 1/5')
    finally:
        master.stop()
        shutil.rmtree(folder, ignore_errors=True)


def stages(master, folder, python):
    """{part: milliseconds} of one start of ours."""
    told = os.path.join(folder, 'stages')
    if os.path.exists(told):
        os.unlink(told)
    process = sides.minion(OURS, folder, master, python, 'staged', STAGED)
    process.environment.update(MINION_BENCH_BEGUN=repr(time.time()), MINION_BENCH_STAGES=told)
    with process:
        wait_until(lambda: os.path.exists(told), 60, process.tail)
    with open(told) as stream:
        return json.load(stream)


def parts(figures, options):
    """Rows of the parts of our start."""
    folder = sides.new_folder('stages')
    try:
        with timing.TimingMaster(os.path.join(folder, 'master')) as master:
            stages(master, folder, options.python)
            found = [stages(master, folder, options.python) for _ in range(5 if options.quick else 11)]
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    names = set(name for each in found for name in each if name != 'all')
    for name in sorted(names, key=lambda one: -sum(each.get(one, 0) for each in found)):
        figures.add('start', 'of our start: ' + name, 'ms', [each.get(name, 0.0) for each in found])
    figures.add('start', 'our start, up to the connection, at the embedded master', 'ms', [each['all'] for each in found])


def run(figures, options):
    """All rows."""
    if sides.reference() is not None:
        beside(figures, options)
    parts(figures, options)
