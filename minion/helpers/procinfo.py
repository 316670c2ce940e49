"""One process in all its details, as ps.proc_info and ps.top show them; read from /proc.

ATTRIBUTES names what can be asked for; None stands for what this user may not see or this kernel does not tell.
"""
from __future__ import absolute_import, division, print_function

import ctypes
import errno
import glob
import os
import re
import socket
from collections import OrderedDict

from minion import compat
from minion.helpers import hoststats, procnet, proctable
from minion.helpers.rootfs import Root

STATUS = {'R': 'running', 'S': 'sleeping', 'D': 'disk-sleep', 'T': 'stopped', 't': 'tracing-stop', 'Z': 'zombie',
          'X': 'dead', 'x': 'dead', 'K': 'wake-kill', 'W': 'waking', 'I': 'idle', 'P': 'parked'}
TICKS, PAGE = os.sysconf('SC_CLK_TCK'), os.sysconf('SC_PAGE_SIZE')
_IOPRIO_GET = {'x86_64': 252, 'i686': 290, 'i386': 290, 'aarch64': 31, 'ppc64le': 274, 'ppc64': 274, 's390x': 283}
_MAP = ('Rss', 'Size', 'Pss', 'Shared_Clean', 'Shared_Dirty', 'Private_Clean', 'Private_Dirty', 'Referenced',
        'Anonymous', 'Swap')
_FAMILIES = {'tcp': (socket.AF_INET, socket.SOCK_STREAM), 'udp': (socket.AF_INET, socket.SOCK_DGRAM),
             'tcp6': (socket.AF_INET6, socket.SOCK_STREAM), 'udp6': (socket.AF_INET6, socket.SOCK_DGRAM)}


class NoSuchProcess(Exception):
    """It is not there, or not any more."""


class Details(object):
    """Reads one process.

    :raises NoSuchProcess: here and in every reading.
    """

    def __init__(self, pid):
        self.pid = pid
        self._fields = self._stat_fields('stat')
        self._status = dict((name, rest.split()) for name, _, rest in
                            (line.partition(':') for line in self._text('status').splitlines()))

    def _path(self, *parts):
        return os.path.join('/proc', str(self.pid), *parts)

    def _bytes(self, *parts):
        try:
            with open(self._path(*parts), 'rb') as stream:
                return stream.read()
        except (IOError, OSError) as exc:
            if exc.errno in (errno.ENOENT, errno.ESRCH) and not os.path.isdir(self._path()):
                raise NoSuchProcess(self.pid)
            raise

    def _text(self, *parts):
        return compat.to_native(compat.decode_lossy(self._bytes(*parts)))

    def _stat_fields(self, *parts):
        """The name and the fields after it; the name may hold blanks and brackets."""
        try:
            head, _, rest = self._text(*parts).rpartition(')')
        except (IOError, OSError):
            raise NoSuchProcess(self.pid)
        return [head.partition('(')[2]] + rest.split()

    def _link(self, *parts):
        try:
            return compat.to_native(os.readlink(self._path(*parts)))
        except OSError as exc:
            if exc.errno == errno.ENOENT and os.path.isdir(self._path()):     # a thread of the kernel
                return ''
            raise

    def get(self, name):
        """The value of one attribute, None if it cannot be read."""
        try:
            return getattr(self, name)()
        except (IOError, OSError) as exc:
            if exc.errno in (errno.ENOENT, errno.ESRCH) and not os.path.isdir(self._path()):
                raise NoSuchProcess(self.pid)
            return None
        except (KeyError, IndexError, ValueError):      # this kernel does not tell
            return None

    # ---- who and what

    def name(self):
        """The kernel's name; the longer one of the command line where the kernel's was cut."""
        short, words = self._fields[0], self.cmdline()
        longer = words[0].rpartition('/')[2] if words else ''
        return longer if len(short) >= 15 and longer.startswith(short) else short

    def cmdline(self):
        return proctable.command_line(self.pid)

    def exe(self):
        return self._link('exe')

    def cwd(self):
        return self._link('cwd')

    def environ(self):
        words = self._text('environ').split('\0')
        return dict(word.split('=', 1) for word in words if '=' in word)

    def ppid(self):
        return int(self._fields[2])

    def status(self):
        return STATUS.get(self._fields[1], '?')

    def username(self):
        return proctable.user_name(self.uids()[0])

    def uids(self):
        return [int(word) for word in self._status['Uid'][:3]]

    def gids(self):
        return [int(word) for word in self._status['Gid'][:3]]

    def terminal(self):
        """The device that the process was started at."""
        number = int(self._fields[5])
        for path in glob.glob('/dev/tty*') + glob.glob('/dev/pts/*') if number else ():
            try:
                if os.stat(path).st_rdev == number:
                    return path
            except OSError:                             # closed meanwhile
                continue
        return None

    # ---- time

    def create_time(self):
        return float(self._fields[20]) / TICKS + (hoststats.boot_time(Root()) or 0)

    def cpu_times(self):
        """user, system, those of its children, waiting for disks; seconds."""
        places = (12, 13, 14, 15, 40)
        return [float(self._fields[at]) / TICKS if at < len(self._fields) else 0.0 for at in places]

    def cpu_percent(self):
        return 0.0                                      # needs two looks; one alone is nothing

    def cpu_num(self):
        return int(self._fields[37])

    def cpu_affinity(self):
        if hasattr(os, 'sched_getaffinity'):
            return sorted(os.sched_getaffinity(self.pid))
        return numbers(self._status['Cpus_allowed_list'][0])

    def nice(self):
        return int(self._fields[17])

    def ionice(self):
        """[class, value] of the disk scheduler."""
        number = _IOPRIO_GET.get(os.uname()[4])
        value = -1 if number is None else ctypes.CDLL(None).syscall(number, 1, self.pid)
        return None if value < 0 else [value >> 13, value & 0x1fff]

    def num_threads(self):
        return int(self._status['Threads'][0])

    def threads(self):
        """[[number, user, system], ...]"""
        found = []
        for name in sorted(os.listdir(self._path('task')), key=int):
            try:
                fields = self._stat_fields('task', name, 'stat')
            except NoSuchProcess:                       # the thread only
                continue
            found.append([int(name), float(fields[12]) / TICKS, float(fields[13]) / TICKS])
        return found

    def num_ctx_switches(self):
        return [int(self._status[name][0]) for name in ('voluntary_ctxt_switches', 'nonvoluntary_ctxt_switches')]

    # ---- memory

    def memory_info(self):
        """rss, vms, shared, text, lib, data, dirty; bytes."""
        size, resident, shared, text, lib, data, dirty = [int(word) * PAGE for word in self._text('statm').split()[:7]]
        return [resident, size, shared, text, lib, data, dirty]

    def memory_percent(self):
        total = hoststats.memory_bytes(Root()).get('MemTotal')
        return self.memory_info()[0] / total * 100 if total else 0.0

    def memory_full_info(self):
        """memory_info and: only its own, its share, swapped out."""
        known = self._maps()
        own = sum(entry['Private_Clean'] + entry['Private_Dirty'] for entry in known.values())
        return self.memory_info() + [own] + [sum(entry[name] for entry in known.values()) for name in ('Pss', 'Swap')]

    def memory_maps(self):
        """[[file, rss, size, pss, ...], ...], one a file."""
        return [[path] + [entry[name] for name in _MAP] for path, entry in self._maps().items()]

    def _maps(self):
        found, entry = OrderedDict(), None
        for line in self._text('smaps').splitlines():
            name, colon, rest = line.partition(':')
            words = rest.split()
            if re.match(r'[0-9a-f]+-[0-9a-f]+ ', line):
                parts = line.split(None, 5)
                entry = found.setdefault(parts[5].strip() if len(parts) > 5 else '[anon]', dict.fromkeys(_MAP, 0))
            elif name in _MAP and words:
                entry[name] += int(words[0]) * 1024
        return found

    # ---- files

    def num_fds(self):
        return len(os.listdir(self._path('fd')))

    def _descriptors(self):
        for name in sorted(os.listdir(self._path('fd')), key=int):
            try:
                yield int(name), os.readlink(self._path('fd', name))
            except OSError as exc:
                if exc.errno != errno.ENOENT:           # ENOENT: closed meanwhile
                    raise

    def open_files(self):
        """[[path, descriptor, position, mode, flags], ...] of regular files."""
        found = []
        for number, path in self._descriptors():
            if path.startswith('/') and os.path.isfile(path):
                known = dict(line.split()[:2] for line in self._text('fdinfo', str(number)).splitlines()[:2])
                flags = int(known.get('flags:', '0'), 8)
                found.append([compat.to_native(path), number, int(known.get('pos:', 0)), _mode(flags), flags])
        return found

    def io_counters(self):
        """read calls, write calls, bytes read and written on disks, bytes read and written at all."""
        known = dict(line.split(': ') for line in self._text('io').splitlines() if ': ' in line)
        return [int(known[name]) for name in ('syscr', 'syscw', 'read_bytes', 'write_bytes', 'rchar', 'wchar')]

    def net_connections(self):
        """[[descriptor, family, type, [address, port], [address, port], state], ...]; [] for no end."""
        mine = dict((int(target[8:-1]), number) for number, target in self._descriptors()
                    if target.startswith('socket:['))
        found = []
        for one in procnet.sockets(Root()):
            if one.inode in mine:
                state = procnet.STATES[one.state] if one.protocol.startswith('tcp') else 'NONE'
                ends = [list(end) if end[1] else [] for end in (one.local, one.remote)]
                family, kind = _FAMILIES[one.protocol]
                found.append([mine[one.inode], int(family), int(kind)] + ends + [state])
        return found


def _mode(flags):
    """What open() would have been called with."""
    mode = {os.O_RDONLY: 'r', os.O_WRONLY: 'w', os.O_RDWR: 'w+'}.get(flags & (os.O_RDONLY | os.O_WRONLY | os.O_RDWR), '')
    if flags & os.O_APPEND:
        mode = mode.replace('w', 'a', 1)
    return mode.replace('w+', 'r+')


def numbers(text):
    """[0, 1, 4] of `0-1,4`."""
    found = []
    for part in text.split(','):
        first, dash, last = part.partition('-')
        found.extend(range(int(first), int(last if dash else first) + 1))
    return found


ATTRIBUTES = ('cmdline', 'cpu_affinity', 'cpu_num', 'cpu_percent', 'cpu_times', 'create_time', 'cwd', 'environ', 'exe',
              'gids', 'io_counters', 'ionice', 'memory_full_info', 'memory_info', 'memory_maps', 'memory_percent',
              'name', 'net_connections', 'nice', 'num_ctx_switches', 'num_fds', 'num_threads', 'open_files', 'pid',
              'ppid', 'status', 'terminal', 'threads', 'uids', 'username')


def everything(pid, wanted=None):
    """{attribute: value} of all ATTRIBUTES, or those wanted.  :raises NoSuchProcess:"""
    details = Details(pid)
    return dict((name, pid if name == 'pid' else details.get(name)) for name in wanted or ATTRIBUTES)
