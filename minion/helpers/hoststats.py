"""Counters of the running system from /proc: processors, memory, disks, network, uptime.

Kernels differ in the columns and lines that they write: what is missing is left out, what is new and without a name
too. `root` is a Root, so that tests can show texts of other kernels.
"""
from __future__ import absolute_import, division, print_function

import os

_CPU = ('user', 'nice', 'system', 'idle', 'iowait', 'irq', 'softirq', 'steal')
_DISK = ('major', 'minor', 'device', 'reads_issued', 'reads_merged', 'sectors_read', 'ms_spent_reading',
         'writes_completed', 'writes_merged', 'sectors_written', 'ms_spent_writing', 'io_in_progress',
         'ms_spent_in_io', 'weighted_ms_spent_in_io')
_NET = ('rx_bytes', 'rx_packets', 'rx_errs', 'rx_drop', 'rx_fifo', 'rx_frame', 'rx_compressed', 'rx_multicast',
        'tx_bytes', 'tx_packets', 'tx_errs', 'tx_drop', 'tx_fifo', 'tx_colls', 'tx_carrier', 'tx_compressed')


def number(text):
    """int, float or the text itself."""
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text


# ---- processors

def processor_info(root):
    """What /proc/cpuinfo says; of several processors the last one's, flags as a list."""
    found = {}
    for line in root.lines('/proc/cpuinfo'):
        name, colon, value = line.partition(':')
        if colon:
            name, value = name.strip(), value.strip()
            found[name] = value.split() if name in ('flags', 'Features') else value
    return found


def processor_times(root):
    """[(name, [ticks as int])] of all processors together (`cpu`) and each."""
    return [(words[0], [int(word) for word in words[1:] if word.isdigit()])
            for words in (line.split() for line in root.lines('/proc/stat')) if words and words[0].startswith('cpu')]


def processor_counters(root):
    """The mapping of status.cpustats."""
    found = {}
    for line in root.lines('/proc/stat'):
        words = line.split()
        if len(words) < 2:
            continue
        name, values = words[0], [number(word) for word in words[1:]]
        if name == 'cpu':
            found[name] = dict(zip(_CPU, values))
        elif name in ('intr', 'softirq'):
            found[name] = {'total': values[0], 'irqs' if name == 'intr' else 'softirqs': values[1:]}
        else:
            found[name] = values[0]
    return found


def load():
    """{'1-min': ..., '5-min': ..., '15-min': ...}"""
    return dict(zip(('1-min', '5-min', '15-min'), os.getloadavg()))


# ---- memory

def memory(root):
    """{name: {'value': text, 'unit': text}} of /proc/meminfo; numbers without a unit have none."""
    found = {}
    for line in root.lines('/proc/meminfo'):
        name, colon, rest = line.partition(':')
        words = rest.split()
        if colon and words:
            found[name] = dict(zip(('value', 'unit'), words))
    return found


def memory_bytes(root):
    """{name: bytes} of /proc/meminfo."""
    return dict((name, int(entry['value']) * (1024 if entry.get('unit') == 'kB' else 1))
                for name, entry in memory(root).items() if entry['value'].isdigit())


def pages(root):
    """{name: number} of /proc/vmstat."""
    rows = [line.split() for line in root.lines('/proc/vmstat')]
    return dict((row[0], number(row[1])) for row in rows if len(row) > 1)


# ---- disks and network

def disks(root):
    """{device: counters} of /proc/diskstats; partitions of kernels before 2.6.25 have no names for their counters."""
    found = {}
    for line in root.lines('/proc/diskstats'):
        words = line.split()
        if len(words) >= len(_DISK):
            found[words[2]] = dict(zip(_DISK, [number(word) for word in words]), device=words[2])
    return found


def cards(root):
    """{interface: counters} of /proc/net/dev; the name may touch the first number."""
    found = {}
    for line in root.lines('/proc/net/dev'):
        name, colon, rest = line.rpartition(':')
        words = rest.split()
        if colon and len(words) >= len(_NET):
            found[name.strip()] = dict(zip(_NET, [number(word) for word in words]), iface=name.strip())
    return found


def protocols(root):
    """{protocol: counters} of /proc/net/netstat: a line of names, a line of numbers; without the last, as in the
    reference."""
    found, names = {}, {}
    for line in root.lines('/proc/net/netstat'):
        title, colon, rest = line.partition(':')
        if title in names:
            found[title] = dict(zip(names.pop(title), [number(word) for word in rest.split()]))
        elif colon:
            names[title] = rest.split()[:-1]
    return found


# ---- time

def uptime(root):
    """Seconds since the start as a float; 0.0 if the kernel does not tell."""
    words = (root.text('/proc/uptime') or '').split()
    try:
        return float(words[0])
    except (IndexError, ValueError):
        return 0.0


def boot_time(root):
    """Seconds since 1970 at which the system started, None if the kernel does not tell."""
    for line in root.lines('/proc/stat'):
        words = line.split()
        if words[:1] == ['btime'] and len(words) > 1 and words[1].isdigit():
            return int(words[1])
    return None
