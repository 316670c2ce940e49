"""What a process holds: descriptors, threads, children, memory. Linux only."""
from __future__ import absolute_import, division, print_function

import os
from collections import namedtuple

from tests.support import leaks

# memory in KiB: pss: its share of all pages; anonymous: pages without a file behind them, where growth shows best
Holding = namedtuple('Holding', 'descriptors threads children pss anonymous')


def take(pid):
    """Holding of a process.  :raises IOError, OSError: it is gone, or the kernel does not tell (before 4.14)."""
    sizes = {}
    with open('/proc/%d/smaps_rollup' % pid) as stream:
        for line in stream:
            words = line.split()
            if len(words) == 3 and words[2] == 'kB':
                sizes[words[0]] = int(words[1])
    return Holding(len(os.listdir('/proc/%d/fd' % pid)), len(os.listdir('/proc/%d/task' % pid)),
                   len(leaks.children(pid)), sizes['Pss:'], sizes['Anonymous:'])
