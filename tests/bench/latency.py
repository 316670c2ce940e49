"""From the frame of a publication to the frame of its return, at the embedded master: the minion's own share."""
from __future__ import absolute_import, division, print_function

import os
import select

from tests.bench import sides, timing
from tests.bench.figures import OURS, percentile

CALLS = (('test.ping', ()), ('cmd.run', ('true',)), ('grains.get', ('id',)))
TITLES = dict((fun, ' '.join((fun,) + arg)) for fun, arg in CALLS)
PAUSE = 0.01                     # seconds between two jobs: the minion has cleaned up after the one before


def turn(name, count, python, calls=CALLS, place=None):
    """{function: [milliseconds]} of one minion, `count` jobs of each function; its files in a folder in `place`."""
    found = {}
    with timing.connected(name, python=python, place=place) as (master, _):
        for fun, arg in calls:
            prepared = master.prepare(count + 2, fun, arg)
            took = []
            for one in prepared:
                select.select([], [], [], PAUSE)
                took.append(master.fire([one]) * 1000)
            found[fun] = took[2:]                    # the first ones import what they need
    return found


def run(figures, options):
    """Rows: p50 and p99 of each function, one number a turn."""
    counts = {OURS: 40 if options.quick else 200, 'reference': 10 if options.quick else 30}
    turns = dict((name, []) for name in sides.names())
    for _ in range(3):
        for name in sides.names():
            turns[name].append(turn(name, counts[name], options.python))
    for fun, _ in CALLS:
        for part, share in (('p50', 0.5), ('p99', 0.99)):
            rows = dict((name, [percentile(each[fun], share) for each in turns[name]]) for name in turns)
            goal = 'under 2 ms, 1/20' if (fun, part) == ('test.ping', 'p50') else ''
            figures.add('latency', 'publish to return, %s, %s' % (TITLES[fun], part), 'ms', rows[OURS],
                        rows.get('reference', ()), goal)
    if os.path.isdir(sides.MEMORY):
        ours = [turn(OURS, counts[OURS], options.python, CALLS[:1], sides.MEMORY)['test.ping'] for _ in range(3)]
        figures.add('latency', 'publish to return, test.ping, p50, files on a tmpfs', 'ms',
                    [percentile(each, 0.5) for each in ours])
