"""How much of this host is in use: memory, swap, disks, network, processors; who is signed in. Shapes of ps.*."""
from __future__ import absolute_import, division, print_function

import os
import struct

from minion import compat, files
from minion.helpers import hoststats, mounted

TICKS = os.sysconf('SC_CLK_TCK')
_SECTOR = 512
_CPU = ('user', 'nice', 'system', 'idle', 'iowait', 'irq', 'softirq', 'steal', 'guest', 'guest_nice')
# type, pid, line, id, user, host, exit status, session, seconds, microseconds, address
_UTMP = (struct.Struct('=hxxi32s4s32s256shhiii16x20x'), struct.Struct('=hxxi32s4s32s256shhqqq16x24x'))
_USER_PROCESS = 7


def percent(part, whole):
    """Rounded to one digit; 0.0 of nothing."""
    return round(part / whole * 100, 1) if whole else 0.0


# ---- memory

def memory(root):
    """total, available, percent, used, free, active, inactive, buffers, cached, shared, slab; bytes."""
    known = hoststats.memory_bytes(root)
    total, free = known.get('MemTotal', 0), known.get('MemFree', 0)
    available = known['MemAvailable'] if 'MemAvailable' in known else _available(root, known)
    return {'total': total, 'available': available, 'percent': percent(total - available, total),
            'used': total - available, 'free': free, 'active': known.get('Active', 0),
            'inactive': known.get('Inactive', 0), 'buffers': known.get('Buffers', 0),
            'cached': known.get('Cached', 0) + known.get('SReclaimable', 0),
            'shared': known.get('Shmem', known.get('MemShared', 0)), 'slab': known.get('Slab', 0)}


def _available(root, known):
    """What kernels before 3.14 do not tell, in the way in which later ones reckon: free, and most of what is cached."""
    low = sum(int(words[1]) for words in (line.split() for line in root.lines('/proc/zoneinfo'))
              if len(words) == 2 and words[0] == 'low' and words[1].isdigit()) * os.sysconf('SC_PAGE_SIZE')
    cached = known.get('Active(file)', known.get('Cached', 0)) + known.get('Inactive(file)', 0)
    slab = known.get('SReclaimable', 0)
    sure = known.get('MemFree', 0) - low + cached - min(cached // 2, low) + slab - min(slab // 2, low)
    return max(0, min(sure, known.get('MemTotal', 0)))


def swap(root):
    """total, used, free, percent; sin, sout: bytes that went in and out since the start."""
    known, counters, page = hoststats.memory_bytes(root), hoststats.pages(root), os.sysconf('SC_PAGE_SIZE')
    total, free = known.get('SwapTotal', 0), known.get('SwapFree', 0)
    return {'total': total, 'used': total - free, 'free': free, 'percent': percent(total - free, total),
            'sin': counters.get('pswpin', 0) * page, 'sout': counters.get('pswpout', 0) * page}


# ---- disks

def disk(path):
    """total, used, free, percent of the file system that a path is on.  :raises OSError: there is no such path."""
    room = os.statvfs(path)
    total, used = room.f_blocks * room.f_frsize, (room.f_blocks - room.f_bfree) * room.f_frsize
    free = room.f_bavail * room.f_frsize
    return {'total': total, 'used': used, 'free': free, 'percent': percent(used, used + free)}


def partitions(root, everything):
    """[{device, mountpoint, fstype, opts}, ...] of file systems on devices, or really of everything."""
    on_devices = mounted.with_devices(root)
    return [{'device': '' if mount.device == 'none' else mount.device, 'mountpoint': mount.folder,
             'fstype': mount.kind, 'opts': mount.options} for mount in mounted.listed(root)
            if everything or mount.device != 'none' and mount.kind in on_devices]


def disk_counters(root, device=None):
    """Counters of one block device, None if there is no such one; or of all disks together, without partitions."""
    known = hoststats.disks(root)
    if device is not None:
        return _counters([known[device]]) if device in known else None
    return _counters([entry for name, entry in known.items() if root.has('/sys/block/' + name.replace('/', '!'))])


def _counters(entries):
    def total(name):
        return sum(entry[name] for entry in entries)
    return {'read_count': total('reads_issued'), 'write_count': total('writes_completed'),
            'read_bytes': total('sectors_read') * _SECTOR, 'write_bytes': total('sectors_written') * _SECTOR,
            'read_time': total('ms_spent_reading'), 'write_time': total('ms_spent_writing'),
            'read_merged_count': total('reads_merged'), 'write_merged_count': total('writes_merged'),
            'busy_time': total('ms_spent_in_io')}


# ---- network

_TRAFFIC = (('bytes_sent', 'tx_bytes'), ('bytes_recv', 'rx_bytes'), ('packets_sent', 'tx_packets'),
            ('packets_recv', 'rx_packets'), ('errin', 'rx_errs'), ('errout', 'tx_errs'), ('dropin', 'rx_drop'),
            ('dropout', 'tx_drop'))


def traffic(root, interface=None):
    """Counters of one interface, None if there is no such one; or of all together."""
    known = hoststats.cards(root)
    if interface is not None and interface not in known:
        return None
    entries = known.values() if interface is None else [known[interface]]
    return dict((name, sum(entry[source] for entry in entries)) for name, source in _TRAFFIC)


# ---- processors

def cpu_times(root):
    """[{user, nice, ...} in seconds]: of all processors together, then of each."""
    return [dict((name, values[at] / TICKS if at < len(values) else 0.0) for at, name in enumerate(_CPU))
            for _, values in hoststats.processor_times(root)]


def busy_percent(before, after):
    """How busy one processor, or all, was between two looks, each an entry of cpu_times()."""
    passed = dict((name, max(0.0, after[name] - before[name])) for name in _CPU)
    total = sum(passed.values()) - passed['guest'] - passed['guest_nice']
    return percent(total - passed['idle'] - passed['iowait'], total)


# ---- users

def users(root):
    """[{name, terminal, host, started, pid}, ...] of who is signed in, from utmp."""
    for path in ('/var/run/utmp', '/run/utmp'):
        try:
            data = files.read(root.at(path))
        except (IOError, OSError):                     # not for us
            data = None
        if data:
            return _users(data)
    return []


def _users(data):
    """Records of 64-bit systems are longer where time is not kept in 32 bits."""
    form = next((form for form in _UTMP if len(data) % form.size == 0), _UTMP[0])
    found = []
    for at in range(0, len(data) - form.size + 1, form.size):
        kind, pid, line, _, user, host, _, _, _, seconds, _ = form.unpack_from(data, at)
        if kind == _USER_PROCESS:
            name, line, host = [compat.to_native(compat.decode_lossy(text.split(b'\0')[0])) for text in (user, line, host)]
            found.append({'name': name, 'terminal': line or None, 'pid': pid, 'started': float(seconds),
                          'host': 'localhost' if host in (':0', ':0.0') else host})
    return found
