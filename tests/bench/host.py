"""What the host gives while it is measured: three yardsticks that have nothing of a minion in them.

A sample is taken before the first bench and after each, so that the spread of the rows tells whether the host stayed the
same over the run, and their medians how two runs' hosts compare.
"""
from __future__ import absolute_import, division, print_function

import os
import shutil
import threading

from minion import compat
from tests.bench import sides
from tests.bench.figures import median

LOOPS = 100000                   # additions of one sum
HANDS = 200                      # times that two threads wake each other for one number
FILES = 100                      # files for one number
YARDSTICKS = (('computation', 'a sum of %d numbers' % LOOPS, 'ms'),
              ('threads', 'from one thread to another and back', 'us'),
              ('files', 'a new file of 200 bytes under its final name', 'us'))


class Host(object):
    """Samples of one run: {yardstick: [numbers]}."""

    def __init__(self):
        self.samples = dict((name, []) for name, _, _ in YARDSTICKS)

    def sample(self):
        """Take each yardstick once: the median of some tries, a quarter of a second in all."""
        self.samples['computation'].append(median([_computation() for _ in range(9)]) * 1e3)
        self.samples['threads'].append(median([_threads() for _ in range(9)]) * 1e6)
        self.samples['files'].append(_files() * 1e6)

    def tell(self, figures):
        """Add the rows."""
        for name, title, unit in YARDSTICKS:
            figures.add('host', 'the host: ' + title, unit, self.samples[name])


def _computation():
    begun = compat.monotonic()
    sum(range(LOOPS))
    return compat.monotonic() - begun


def _threads():
    """Seconds of one way there and back between two threads that wait for each other."""
    (here, answer), (question, there) = os.pipe(), os.pipe()

    def echo():
        for _ in range(HANDS):
            os.write(answer, os.read(question, 1))

    thread = threading.Thread(target=echo)
    thread.start()
    begun = compat.monotonic()
    for _ in range(HANDS):
        os.write(there, b'x')
        os.read(here, 1)
    took = compat.monotonic() - begun
    thread.join()
    for each in (here, answer, question, there):
        os.close(each)
    return took / HANDS


def _files():
    """Seconds of one new file, the median of many, where minions of the benches have theirs."""
    folder, took = sides.new_folder('host'), []
    try:
        for number in range(FILES):
            begun = compat.monotonic()
            descriptor = os.open(os.path.join(folder, 'new'), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            os.write(descriptor, b'x' * 200)
            os.close(descriptor)
            os.rename(os.path.join(folder, 'new'), os.path.join(folder, str(number)))
            took.append(compat.monotonic() - begun)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return median(took)
