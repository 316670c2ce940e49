"""What a process holds: descriptors, threads, children, memory. Linux only."""
from __future__ import absolute_import, division, print_function

import contextlib
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


def children(pid):
    """Pids of the direct children of a process."""
    return sorted(leaks.children(pid))


def rss(pid):
    """Resident KiB of a process."""
    with open('/proc/%d/statm' % pid) as stream:
        return int(stream.read().split()[1]) * (os.sysconf('SC_PAGE_SIZE') // 1024)


def switches(pid):
    """Context switches of all threads of a process so far, voluntary or not."""
    total = 0
    for thread in os.listdir('/proc/%d/task' % pid):
        with open('/proc/%d/task/%s/status' % (pid, thread)) as stream:
            total += sum(int(line.split()[1]) for line in stream if 'ctxt_switches' in line)
    return total


def peak(pid):
    """The most resident KiB that a process ever had; 0 for one that has ended."""
    try:
        with open('/proc/%d/status' % pid) as stream:
            return sum(int(line.split()[1]) for line in stream if line.startswith('VmHWM:'))
    except (IOError, OSError):
        return 0


def ended_children(pid):
    """CPU seconds of the children of a process that have ended and were waited for."""
    with open('/proc/%d/stat' % pid) as stream:
        fields = stream.read().rpartition(')')[2].split()
    return (int(fields[13]) + int(fields[14])) / os.sysconf('SC_CLK_TCK')


def cpu(pid):
    """CPU seconds of a process so far: of the threads that live now in nanoseconds where the kernel counts them."""
    try:
        return sum(_scheduled(pid, thread) for thread in os.listdir('/proc/%d/task' % pid)) / 1e9
    except (IOError, OSError):
        return _ticks(pid)


def _scheduled(pid, thread):
    with open('/proc/%d/task/%s/schedstat' % (pid, thread)) as stream:
        return int(stream.read().split()[0])


def _ticks(pid):
    with open('/proc/%d/stat' % pid) as stream:
        fields = stream.read().rpartition(')')[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf('SC_CLK_TCK')


@contextlib.contextmanager
def on_one_core(pid):
    """Within, all threads that a process has, and those that they make, run on one core. Not on Python 2."""
    cores = os.sched_getaffinity(pid)
    _bind(pid, {max(cores)})
    try:
        yield
    finally:
        _bind(pid, cores)


def _bind(pid, cores):
    for thread in os.listdir('/proc/%d/task' % pid):
        try:
            os.sched_setaffinity(int(thread), cores)
        except OSError:                              # it has ended
            continue
