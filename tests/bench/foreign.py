"""What a publication for other minions costs: a master that does not filter sends every job to everyone."""
from __future__ import absolute_import, division, print_function

from tests.bench import sides, timing
from tests.bench.figures import OURS

CHUNK = 400


def turn(name, count, python):
    """CPU milliseconds for each of `count` signed publications that name another minion."""
    with timing.connected(name, python=python) as (master, process):
        chunks = [master.prepare(CHUNK, 'test.ping', (), 'somebody-else') + master.prepare(1, 'test.ping')
                  for _ in range(count // CHUNK)]
        begun = sides.cpu(process.pid)
        for chunk in chunks:                         # the last one of each is for us and tells that all were read
            master.send_only(chunk[:-1])
            master.fire(chunk[-1:])
        return (sides.cpu(process.pid) - begun) * 1000 / (len(chunks) * CHUNK)


def run(figures, options):
    """One row."""
    count = 400 if options.quick else 2000
    turns = dict((name, []) for name in sides.names())
    for _ in range(3):
        for name in turns:
            turns[name].append(turn(name, count, options.python))
    figures.add('foreign', 'CPU for a publication to others, signature checked', 'ms', turns[OURS],
                turns.get('reference', ()), 'under 0.6 ms')
