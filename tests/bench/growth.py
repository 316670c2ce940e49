"""What thousands of jobs leave behind in the process: memory without a file behind it, PSS, descriptors, threads."""
from __future__ import absolute_import, division, print_function

import select

from tests.bench import measure, timing
from tests.bench.figures import OURS

CHUNK = 500


def run(figures, options):
    """Rows: growth between the state after the first jobs and the one after the last."""
    count = 10000
    with timing.connected(OURS, python=options.python) as (master, process):
        _work(master, count // 4)                    # rings of recent jobs and returns fill up
        before = _settled(process.pid)
        took = _work(master, count)
        after = _settled(process.pid)
    words = '%d jobs' % count
    figures.add('growth', 'anonymous memory after %s more' % words, 'KiB',
                [after.anonymous - before.anonymous], goal='under 1024')
    figures.add('growth', 'descriptors after them, more or less', '', [after.descriptors - before.descriptors], goal='0')
    figures.add('growth', 'threads after them, more or less', '', [after.threads - before.threads], goal='0')
    figures.add('growth', 'jobs a second over all of them', '', [count / took])


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
