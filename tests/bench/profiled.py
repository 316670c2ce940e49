"""Runs the minion as bin/minion does, every thread under cProfile; the environment variable MINION_PROFILE names the file
for the sums, MINION_BENCH_ROOT the folder of the program. Started by the bench `costs`."""
from __future__ import absolute_import, division, print_function

import os
import sys

sys.path[0] = os.environ['MINION_BENCH_ROOT']

import minion.lean  # noqa: E402,F401  first, as in bin/minion

import cProfile  # noqa: E402
import pstats  # noqa: E402
import threading  # noqa: E402
import time  # noqa: E402

from minion.cli import main  # noqa: E402

FOUND = []                       # (kind of thread, Profile)
CLOCK = getattr(time, 'thread_time', None)        # CPU of the thread, from Python 3.7 on; else the time that passes
ORIGINAL = threading.Thread.run


def _run(thread):
    profile = cProfile.Profile(CLOCK) if CLOCK else cProfile.Profile()
    FOUND.append((thread.name.rstrip('-0123456789'), profile))
    profile.runcall(ORIGINAL, thread)


def _save():
    """One file for each kind of thread: MINION_PROFILE.KIND."""
    sums = {}
    for kind, profile in FOUND:
        profile.create_stats()
        if kind in sums:
            sums[kind].add(profile)
        elif profile.stats:
            sums[kind] = pstats.Stats(profile)
    for kind, stats in sums.items():
        stats.dump_stats('%s.%s' % (os.environ['MINION_PROFILE'], kind))


if __name__ == '__main__':
    threading.Thread.run = _run
    sys.argv[0] = 'minion'
    try:
        code = main()
    finally:
        _save()
    sys.exit(code)
