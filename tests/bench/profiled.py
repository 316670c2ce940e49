"""Runs the minion as bin/minion does, every thread under cProfile; the environment variable MINION_PROFILE names the file
for the sums. Started by the bench `costs`."""
from __future__ import absolute_import, division, print_function

import os
import sys

sys.path[0] = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

import minion.lean  # noqa: E402,F401  first, as in bin/minion

import cProfile  # noqa: E402
import pstats  # noqa: E402
import threading  # noqa: E402

from minion.cli import main  # noqa: E402

FOUND = []                       # (kind of thread, Profile)
ORIGINAL = threading.Thread.run


def _run(thread):
    profile = cProfile.Profile()
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
