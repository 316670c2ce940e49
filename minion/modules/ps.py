"""Processes and what they use (ps.*), read from /proc in the shapes that psutil made customary; it is not needed.

Results: tests/data/parity/returns/system.json.
"""
from __future__ import absolute_import, division, print_function

import datetime
import errno
import os
import re
import time

from minion import compat
from minion.errors import CommandExecutionError, SaltInvocationError
from minion.helpers import hostusage, hoststats, procinfo, processes
from minion.helpers.rootfs import Root

_TERM = 15


def _wait(seconds):
    """In short steps: a job that is told to end can do so only between two of them."""
    deadline = compat.monotonic() + seconds
    while compat.monotonic() < deadline:
        time.sleep(max(0, min(0.1, deadline - compat.monotonic())))


# ---- processes

def get_pid_list():
    """Sorted numbers of all processes. CLI: ps.get_pid_list"""
    return sorted(process.pid for process in processes.listed())


def proc_info(pid, attrs=None):
    """Mapping of what is known of one process; attrs: list of names, default all. CLI: ps.proc_info 1 attrs='[name]'"""
    if attrs is not None and not isinstance(attrs, (list, tuple, set)):
        raise TypeError("invalid attrs type <class '%s'>" % type(attrs).__name__)
    strange = [name for name in attrs or () if name not in procinfo.ATTRIBUTES]
    if strange:
        raise ValueError('invalid attr name %s' % ', '.join("'%s'" % (name,) for name in strange))
    _check_number(pid)
    try:
        return procinfo.everything(pid, attrs)
    except procinfo.NoSuchProcess:
        raise CommandExecutionError('process PID not found (pid=%s)' % pid)


def _check_number(pid):
    if not isinstance(pid, compat.integer_types):
        raise TypeError("'<' not supported between instances of '%s' and 'int'" % type(pid).__name__)
    if pid < 0:
        raise ValueError('pid must be a positive integer (got %d)' % pid)


def top(num_processes=5, interval=3):
    """List of the busiest processes within `interval` seconds: command, user, status, cpu, mem. CLI: ps.top 5 10"""
    before = _busy()
    _wait(interval)
    used = sorted(((after - before[key], key) for key, after in _busy().items() if key in before), reverse=True)
    found = []
    for _, (pid, _) in used:
        if len(found) >= num_processes:
            break
        try:
            found.append(_top_entry(procinfo.Details(pid)))
        except procinfo.NoSuchProcess:                   # it ended meanwhile
            continue
    return found


def _busy():
    """{(pid, start): processor time in seconds} of all processes."""
    found = {}
    for process in processes.listed():
        try:
            times = procinfo.Details(process.pid).cpu_times()
        except procinfo.NoSuchProcess:
            continue
        found[process.pid, process.started] = times[0] + times[1]
    return found


def _top_entry(details):
    names = ('user', 'system', 'children_user', 'children_system', 'iowait')
    memory = ('rss', 'vms', 'shared', 'text', 'lib', 'data', 'dirty')
    return {'cmd': details.cmdline() or details.name(), 'user': details.get('username'), 'status': details.status(),
            'pid': details.pid, 'create_time': details.create_time(),
            'cpu': dict(zip(names, details.cpu_times())), 'mem': dict(zip(memory, details.get('memory_info') or ()))}


def status(status):
    """List of pid and name of the processes in a state: running, sleeping, zombie ... CLI: ps.status zombie"""
    if not status:
        raise SaltInvocationError('Filter is required for ps.status')
    return [{'pid': details.pid, 'name': details.name()} for details in _all() if details.status() == status]


def _all():
    for process in processes.listed():
        try:
            yield procinfo.Details(process.pid)
        except procinfo.NoSuchProcess:                   # it ended meanwhile
            continue


# ---- finding and ending

def pgrep(pattern, user=None, full=False, pattern_is_regex=False):
    """Numbers of the processes with `pattern`, a text or regular expression, in their name; None if there is none.

    user: only this user's. full: in the command line. CLI: ps.pgrep httpd full=True
    """
    return [pid for pid in _matching(pattern, user, full, pattern_is_regex)] or None


def _matching(pattern, user, full, pattern_is_regex=False):
    if not compat.is_text(pattern):
        raise TypeError("'in <string>' requires string as left operand, not %s" % type(pattern).__name__)
    expression = re.compile(str(pattern) if pattern_is_regex else re.escape(str(pattern)))
    for details in _all():
        text = ' '.join(details.cmdline()) if full else details.name()
        if expression.search(text) and (user is None or details.get('username') == user):
            yield details.pid


def kill_pid(pid, signal=_TERM):
    """Send a signal to a process; False if there is none. CLI: ps.kill_pid 2000 signal=9"""
    _check_number(pid)
    return _signalled(pid, signal)


def _signalled(pid, number):
    try:
        os.kill(pid, number)
    except OverflowError:                                # larger than any process number
        return False
    except OSError as exc:
        if exc.errno not in (errno.ESRCH, errno.EPERM):
            raise
        return False
    return True


def pkill(pattern, user=None, signal=_TERM, full=False):
    """Send a signal to all processes that ps.pgrep finds: {'killed': numbers}, None if there is none.

    CLI: ps.pkill httpd signal=9
    """
    killed = [pid for pid in _matching(pattern, user, full) if pid != os.getpid() and _signalled(pid, signal)]
    return {'killed': killed} if killed else None


# ---- processors and memory

def cpu_percent(interval=0.1, per_cpu=False):
    """How busy the processors are within `interval` seconds, in percent; a list with per_cpu. CLI: ps.cpu_percent"""
    if interval is not None and not isinstance(interval, (int, float)):
        raise TypeError("'>' not supported between instances of '%s' and 'float'" % type(interval).__name__)
    if interval is not None and interval < 0:
        raise ValueError('interval is not positive (got %s)' % interval)
    before = hostusage.cpu_times(Root())
    _wait(interval or 0)
    busy = [hostusage.busy_percent(*pair) for pair in zip(before, hostusage.cpu_times(Root()))]
    return busy[1:] if per_cpu else busy[0]


def cpu_times(per_cpu=False):
    """Seconds that the processors spent on what; a list with per_cpu. CLI: ps.cpu_times"""
    found = hostusage.cpu_times(Root())
    return found[1:] if per_cpu else found[0]


def num_cpus():
    """Number of processors. CLI: ps.num_cpus"""
    return len(hostusage.cpu_times(Root())) - 1


def virtual_memory():
    """Bytes of memory: total, available, used, free ... CLI: ps.virtual_memory"""
    return hostusage.memory(Root())


def swap_memory():
    """Bytes of swap space: total, used, free, percent, sin, sout. CLI: ps.swap_memory"""
    return hostusage.swap(Root())


def total_physical_memory():
    """Bytes of memory. CLI: ps.total_physical_memory"""
    return hostusage.memory(Root())['total']


# ---- disks and network

def disk_partitions(all=False):
    """List of device, mountpoint, fstype, opts of file systems on devices; all: of the others, too.

    CLI: ps.disk_partitions all=True
    """
    return hostusage.partitions(Root(), all)


def disk_usage(path):
    """Bytes of the file system that a path is on: total, used, free; percent. CLI: ps.disk_usage /home"""
    return hostusage.disk(path)


def disk_partition_usage(all=False):
    """ps.disk_partitions with the usage of each. CLI: ps.disk_partition_usage"""
    return [dict(entry, **hostusage.disk(entry['mountpoint'])) for entry in disk_partitions(all)]


def disk_io_counters(device=None):
    """Counters of all disks, or of one block device, False if there is none. CLI: ps.disk_io_counters sda1"""
    return hostusage.disk_counters(Root(), device or None) or False


def network_io_counters(interface=None):
    """Counters of all interfaces, or of one, False if there is none. CLI: ps.network_io_counters eth0"""
    return hostusage.traffic(Root(), interface or None) or False


# ---- start and users

def boot_time(time_format=None):
    """When the system started, in seconds since 1970, or as text in a format of strftime. CLI: ps.boot_time '%F %T'"""
    started = hoststats.boot_time(Root())
    if started is None:
        raise CommandExecutionError('the kernel does not tell when the system started')
    if not time_format:
        return started
    try:
        return datetime.datetime.fromtimestamp(started).strftime(time_format)
    except TypeError as exc:
        raise SaltInvocationError('Invalid format string: %s' % exc)


def get_users():
    """List of who is signed in: name, terminal, host, started, pid. CLI: ps.get_users"""
    return hostusage.users(Root())


# ---- programs

def _output(*words):
    return __salt__['cmd.run'](list(words), python_shell=False)


def _lines_with(name, *words):
    return [line for line in _output(*words).splitlines() if str(name) in line]


def lsof(name):
    """[name, what `lsof -c name` prints]. CLI: ps.lsof apache2"""
    return [str(name), _output('lsof', '-c', str(name))]


def netstat(name):
    """[name, lines of `netstat -nap` that hold it]. CLI: ps.netstat apache2"""
    return [str(name), _lines_with(name, 'netstat', '-nap')]


def ss(name):
    """[name, lines of `ss -neap` that hold it]. CLI: ps.ss apache2"""
    return [str(name), _lines_with(name, 'ss', '-neap')]


def psaux(name):
    """[name, lines of `ps aux` in which this regular expression is found, how many]. CLI: ps.psaux www-data.+apache2"""
    expression = re.compile(str(name))
    found = [line for line in _output('ps', 'aux').splitlines()
             if 'salt' not in line and 'ps.psaux' not in line and expression.search(line)]
    return [str(name), found, '%d occurrence(s).' % len(found)]
