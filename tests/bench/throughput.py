"""Many jobs at once and large returns, at the embedded master; publications are made and signed beforehand."""
from __future__ import absolute_import, division, print_function

import os

from tests.bench import measure, sides, timing
from tests.bench.figures import OURS

BURST = {OURS: 1000, 'reference': 50}            # the reference forks a process a job: a thousand of them do not fit here
SLEEPERS = 20
MEGABYTES = (1, 10, 50)                          # of one return; a message ends at 64


def burst_on_tmpfs(quick, python):
    """Jobs a second of a burst at a minion whose files lie on a tmpfs."""
    with timing.connected(OURS, python=python, place=sides.MEMORY) as (master, _):
        burst = master.prepare(BURST[OURS] // (2 if quick else 1), 'test.ping')
        return len(burst) / master.fire(burst)


def turn(name, quick, python):
    """{what: number} of one minion."""
    found = {}
    with timing.connected(name, python=python) as (master, process):
        burst = master.prepare(BURST[name] // (2 if quick else 1), 'test.ping')
        begun = sides.cpu(process.pid)
        found['burst'] = len(burst) / master.fire(burst)
        found['cpu'] = (sides.cpu(process.pid) - begun) * 1000 / len(burst)
        if name == OURS and hasattr(os, 'sched_setaffinity'):
            with measure.on_one_core(process.pid):
                found['one core'] = len(burst) / master.fire(master.prepare(len(burst), 'test.ping'))
        found['sleep'] = master.fire(master.prepare(SLEEPERS, 'test.sleep', (2,)))
        found['peak'] = sum(measure.peak(pid) for pid in sides.tree(process.pid)) / 1024
        if name == OURS:                             # the reference cuts what is larger than a megabyte
            for size in MEGABYTES:
                found[size] = _large(master, process.folder, size)
    return found


def _large(master, folder, size):
    """Seconds for a return of so many MiB; the content of a file, since arguments are returned, too."""
    path = os.path.join(folder, 'large')
    with open(path, 'w') as stream:
        stream.write('x' * (size << 20))
    took = master.fire(master.prepare(1, 'file.read', (path,)))
    last = master.returns.pop()['return']
    if len(last) != size << 20:
        raise AssertionError('a return of %d MiB came back with %d bytes: %r' % (size, len(last), last[:100]))
    return took


def run(figures, options):
    """Rows: jobs a second and CPU of each, sleepers, large returns."""
    turns = dict((name, []) for name in sides.names())
    for _ in range(3 if options.quick else 4):
        for name in turns:
            turns[name].append(turn(name, options.quick, options.python))

    def row(title, unit, key, goal='', note=''):
        sides_of_it = dict((name, [each[key] for each in turns[name] if key in each]) for name in turns)
        figures.add('throughput', title, unit, sides_of_it[OURS], sides_of_it.get('reference', ()), goal, note)
    row('burst of 1 000 test.ping', 'jobs a second', 'burst', 'at least 600',
        'the reference: a burst of %d' % BURST['reference'])
    row('CPU of one test.ping in a burst', 'ms', 'cpu')
    row('the same burst with all threads on one core', 'jobs a second', 'one core')
    if os.path.isdir(sides.MEMORY):
        figures.add('throughput', 'the same burst with its files on a tmpfs', 'jobs a second',
                    [burst_on_tmpfs(options.quick, options.python) for _ in turns[OURS]])
    row('20 x test.sleep 2 at once', 's', 'sleep')
    row('peak RSS after these', 'MB', 'peak')
    for size in MEGABYTES:
        row('publish to return, a file of %d MB' % size, 's', size)
