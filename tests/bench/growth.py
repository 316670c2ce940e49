"""What thousands of jobs leave behind in the process: memory without a file behind it, PSS, descriptors, threads."""
from __future__ import absolute_import, division, print_function

import select

from tests.bench import measure, timing
from tests.bench.figures import OURS

CHUNK = 500
COUNT = 10000
TURNS = 3                        # each with a minion of its own


def run(figures, options):
    """Rows: growth between the state after the first jobs and the one after the last."""
    turns = [_turn(options.python) for _ in range(TURNS)]
    for name, title, unit, goal in (('anonymous', 'anonymous memory after %d jobs more' % COUNT, 'KiB', 'under 1024'),
                                    ('descriptors', 'descriptors after them, more or less', '', '0'),
                                    ('threads', 'threads after them, more or less', '', '0')):
        figures.add('growth', title, unit, [getattr(after, name) - getattr(before, name) for before, after, _ in turns],
                    goal=goal)
    figures.add('growth', 'jobs a second over all of them', '', [COUNT / took for _, _, took in turns])


def _turn(python):
    """(Holding after the first jobs, Holding after the last, seconds that those in between took)"""
    with timing.connected(OURS, python=python) as (master, process):
        _work(master, COUNT // 4)                    # rings of recent jobs and returns fill up
        before = _settled(process.pid)
        took = _work(master, COUNT)
        return before, _settled(process.pid), took


def _work(master, count):
    """Seconds that the jobs took, the time to sign them left out."""
    took = 0.0
    for _ in range(max(1, count // CHUNK)):
        took += master.fire(master.prepare(min(count, CHUNK), 'test.ping'))
        del master.returns[:]
        master.sent.clear()
        master.arrived.clear()
    return took


def _settled(pid):
    """Holding, the least of each over a few seconds: threads that wait for nothing have ended by then."""
    seen = []
    for _ in range(30):
        select.select([], [], [], 0.3)
        seen.append(measure.take(pid))
    return measure.Holding(*[min(column) for column in zip(*seen)])
