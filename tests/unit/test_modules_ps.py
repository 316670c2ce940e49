"""ps.*: processes that the test starts itself, /proc of other kernels in captured texts, programs in stand-ins."""
from __future__ import absolute_import, division, print_function

import contextlib
import os
import signal
import socket
import struct
import subprocess
import sys

import pytest

from minion.errors import CommandExecutionError, SaltInvocationError
from minion.helpers import hostusage, processes, procinfo
from minion.helpers.rootfs import Root
from minion.loader import Loader
from tests.support import waiting
from tests.support.standins import Programs

# CentOS 6, kernel 2.6.32: no MemAvailable, nine columns of processor time.
OLD = {
    'meminfo': 'MemTotal:        1000000 kB\nMemFree:          400000 kB\nBuffers:           20000 kB\n'
               'Cached:           100000 kB\nActive:           80000 kB\nInactive:         70000 kB\n'
               'Active(file):     60000 kB\nInactive(file):   40000 kB\nSwapTotal:       200000 kB\n'
               'SwapFree:        150000 kB\nShmem:              5000 kB\nSlab:             30000 kB\n'
               'SReclaimable:     10000 kB\n',
    'zoneinfo': 'Node 0, zone      DMA\n  pages free     3900\n        min      80\n        low      250\n',
    'vmstat': 'pswpin 3\npswpout 5\n',
    'stat': 'cpu  4705 150 1120 16250 520 30 45 0 0\ncpu0 4705 150 1120 16250 520 30 45 0 0\nbtime 1300000000\n',
    'diskstats': '   8       0 sda 10 1 100 5 20 2 200 6 0 7 11\n   8       1 sda1 10 1 100 5 20 2 200 6 0 7 11\n',
    'net/dev': 'Inter-|\n face |\n    lo:1000 10 1 2 0 0 0 0 2000 20 3 4 0 0 0 0\n  eth0: 1 1 0 0 0 0 0 0 2 2 0 0 0 0 0 0\n',
    'mounts': 'rootfs / rootfs rw 0 0\n/dev/sda1 / ext4 rw 0 0\nnone /x ext4 rw 0 0\nproc /proc proc rw 0 0\n',
    'filesystems': 'nodev\tproc\n\text4\n',
}
CHILD = """
import socket, sys
ear = socket.socket(); ear.bind(('127.0.0.1', 0)); ear.listen(1)
file = open(%r, 'a+')
print('up'); sys.stdout.flush()
sys.stdin.read()
"""


@pytest.fixture
def old(tmpdir):
    for name, text in OLD.items():
        tmpdir.join('proc', *name.split('/')).write(text, ensure=True)
    tmpdir.join('sys', 'block', 'sda').ensure(dir=True)
    return Root(str(tmpdir))


@pytest.fixture
def call():
    loader = Loader({'id': 'ref1'})
    return lambda name, *args, **kwargs: loader.functions['ps.' + name](*args, **kwargs)


@pytest.fixture
def programs(tmpdir, monkeypatch):
    return Programs(str(tmpdir.mkdir('bin')), monkeypatch)


@pytest.fixture
def child(tmpdir):
    """A process with a socket and a file; its command line holds the folder of the test."""
    process = subprocess.Popen([sys.executable, '-c', CHILD % str(tmpdir.join('open'))], stdin=subprocess.PIPE,
                               stdout=subprocess.PIPE, close_fds=True)
    try:
        assert process.stdout.readline() == b'up\n'
        waiting.wait_until(lambda: processes.look(process.pid).state == 'S', 10, 'the child reads', 0.005)
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()
        process.stdin.close()
        process.stdout.close()


# ---- one process

def test_details_of_a_process(call, child, tmpdir):
    found = call('proc_info', child.pid)
    assert sorted(found) == sorted(procinfo.ATTRIBUTES)
    assert (found['pid'], found['ppid'], found['status']) == (child.pid, os.getpid(), 'sleeping')
    assert found['cmdline'][0] == sys.executable and found['uids'] == [os.getuid()] * 3
    assert found['name'] and found['cwd'] == os.getcwd() and found['num_threads'] == len(found['threads']) == 1
    assert found['environ']['PATH'] == os.environ['PATH'] and os.path.isabs(found['exe'])
    assert [one[3] for one in found['open_files'] if one[0] == str(tmpdir.join('open'))] == ['a+']
    assert [one[5] for one in found['net_connections']] == ['LISTEN']
    assert found['memory_info'][1] > found['memory_info'][0] > 0 < found['memory_percent'] < 100
    assert len(found['memory_full_info']) == 10 and [one for one in found['memory_maps'] if one[0] == '[heap]']
    assert len(found['cpu_times']) == 5 and found['num_fds'] >= 4 and found['create_time'] > 1e9


def test_some_details_only(call, child):
    assert call('proc_info', child.pid, attrs=['pid', 'ppid']) == {'pid': child.pid, 'ppid': os.getpid()}


@pytest.mark.parametrize('pid, attrs, error, text', [
    (99999999, None, CommandExecutionError, 'process PID not found (pid=99999999)'),
    ('foo', None, TypeError, "'<' not supported between instances of 'str' and 'int'"),
    (-5, None, ValueError, 'pid must be a positive integer (got -5)'),
    (1, 'name', TypeError, "invalid attrs type <class 'str'>"),
    (1, ['nosuch'], ValueError, "invalid attr name 'nosuch'"),
])
def test_details_that_cannot_be(call, pid, attrs, error, text):
    with pytest.raises(error) as caught:
        call('proc_info', pid, attrs)
    assert str(caught.value) == text


def test_what_this_kernel_does_not_tell_is_none(child):
    details = procinfo.Details(child.pid)
    details._status.clear()
    del details._fields[30:]
    assert [details.get(name) for name in ('uids', 'num_ctx_switches', 'cpu_num')] == [None] * 3
    assert details.cpu_times()[4] == 0.0


def test_a_name_that_the_kernel_cut(child):
    details = procinfo.Details(child.pid)
    details._fields[0], details.cmdline = 'a-very-long-nam', lambda: ['/usr/sbin/a-very-long-name-indeed', '-x']
    assert details.name() == 'a-very-long-name-indeed'


@pytest.mark.parametrize('flags, mode', [(os.O_RDONLY, 'r'), (os.O_WRONLY, 'w'), (os.O_RDWR, 'r+'),
                                         (os.O_WRONLY | os.O_APPEND, 'a'), (os.O_RDWR | os.O_APPEND, 'a+')])
def test_modes_of_files(flags, mode):
    assert procinfo._mode(flags) == mode


def test_lists_of_processors():
    assert procinfo.numbers('0-2,5,7-8') == [0, 1, 2, 5, 7, 8]


# ---- finding and ending

def test_finding_processes(call, child, tmpdir):
    assert call('pgrep', str(tmpdir), full=True) == [child.pid]
    assert call('pgrep', 'no such process') is None and call('pgrep', str(tmpdir), user='nosuch', full=True) is None
    name = call('proc_info', child.pid, ['name'])['name']
    assert child.pid in call('pgrep', name) and child.pid in call('pgrep', '^' + name[:3] + '.', pattern_is_regex=True)
    assert child.pid in call('get_pid_list') and child.pid in [one['pid'] for one in call('status', 'sleeping')]
    with pytest.raises(TypeError):
        call('pgrep', 5)
    with pytest.raises(SaltInvocationError) as caught:
        call('status', '')
    assert str(caught.value) == 'Filter is required for ps.status'


def test_ending_processes(call, child, tmpdir):
    assert call('kill_pid', child.pid, 0) is True and call('kill_pid', 99999999) is False
    assert call('pkill', 'no such process') is None
    assert call('pkill', str(tmpdir), full=True) == {'killed': [child.pid]}
    assert child.wait() == -signal.SIGTERM


def test_the_busiest(call):
    found = call('top', num_processes=2, interval=0)
    assert len(found) == 2
    assert sorted(found[0]) == ['cmd', 'cpu', 'create_time', 'mem', 'pid', 'status', 'user']
    assert sorted(found[0]['cpu']) == ['children_system', 'children_user', 'iowait', 'system', 'user']


# ---- the host

def test_memory_of_an_old_kernel(old):
    found = hostusage.memory(old)
    low = 250 * os.sysconf('SC_PAGE_SIZE')
    assert found['available'] == (400000 + 100000 + 10000) * 1024 - 3 * low
    assert (found['total'], found['cached'], found['shared']) == (1024000000, 110000 * 1024, 5000 * 1024)
    assert found['used'] == found['total'] - found['available']
    swap, page = hostusage.swap(old), os.sysconf('SC_PAGE_SIZE')
    assert (swap['percent'], swap['used'], swap['sin'], swap['sout']) == (25.0, 51200000, 3 * page, 5 * page)


def test_processors_of_an_old_kernel(old):
    found = hostusage.cpu_times(old)
    assert len(found) == 2 and found[0]['user'] == 4705 / hostusage.TICKS and found[0]['guest_nice'] == 0.0
    later = dict(found[0], user=found[0]['user'] + 3, idle=found[0]['idle'] + 1)
    assert hostusage.busy_percent(found[0], later) == 75.0 and hostusage.busy_percent(later, later) == 0.0


def test_disks_and_traffic(old):
    whole = hostusage.disk_counters(old)
    assert (whole['read_count'], whole['read_bytes'], whole['busy_time']) == (10, 51200, 7)
    assert hostusage.disk_counters(old, 'sda1') == whole and hostusage.disk_counters(old, 'nosuch') is None
    assert hostusage.traffic(old)['bytes_sent'] == 2002 and hostusage.traffic(old, 'lo')['dropout'] == 4
    assert hostusage.traffic(old, 'nosuch') is None
    assert hostusage.partitions(old, False) == [{'device': '/dev/sda1', 'mountpoint': '/', 'fstype': 'ext4', 'opts': 'rw'}]
    assert len(hostusage.partitions(old, True)) == 4


def test_who_is_signed_in(tmpdir):
    record = struct.Struct('=hxxi32s4s32s256shhiii16x20x')
    data = record.pack(2, 0, b'~', b'', b'reboot', b'6.18', 0, 0, 0, 1, 0)
    data += record.pack(7, 4711, b'pts/0', b'ts/0', b'bob', b'10.0.0.1', 0, 0, 0, 1300000000, 5)
    tmpdir.join('run', 'utmp').write_binary(data, ensure=True)
    assert hostusage.users(Root(str(tmpdir))) == [
        {'name': 'bob', 'terminal': 'pts/0', 'host': '10.0.0.1', 'started': 1300000000.0, 'pid': 4711}]
    assert hostusage.users(Root(str(tmpdir.mkdir('empty')))) == []


def test_start(call, monkeypatch):
    monkeypatch.setattr('minion.helpers.hoststats.boot_time', lambda root: 1300000000)
    assert call('boot_time') == 1300000000 and call('boot_time', '%Y') == '2011'
    with pytest.raises(SaltInvocationError) as caught:
        call('boot_time', 5)
    assert 'Invalid format string: ' in str(caught.value)
    monkeypatch.setattr('minion.helpers.hoststats.boot_time', lambda root: None)
    with pytest.raises(CommandExecutionError):
        call('boot_time')


def test_usage(call):
    assert sorted(call('disk_usage', '/')) == ['free', 'percent', 'total', 'used']
    with pytest.raises(OSError):
        call('disk_usage', '/nosuch')
    assert 0 <= call('cpu_percent', 0.01) <= 100 and len(call('cpu_percent', 0, True)) == call('num_cpus')
    with pytest.raises(TypeError):
        call('cpu_percent', 'foo')
    with pytest.raises(ValueError):
        call('cpu_percent', -1)


def test_our_connection(call):
    with contextlib.closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as ear:
        ear.bind(('127.0.0.1', 0))
        mine = call('proc_info', os.getpid(), ['net_connections'])['net_connections']
        assert [ear.fileno(), int(socket.AF_INET), int(socket.SOCK_DGRAM), list(ear.getsockname()), [], 'NONE'] in mine


# ---- programs

def test_programs(call, programs):
    for name in ('lsof', 'netstat', 'ss', 'ps'):
        programs.add(name, 'HEAD\nroot myname x\nps.psaux myname\nother MYNAME\n')
    assert call('lsof', 'myname') == ['myname', 'HEAD\nroot myname x\nps.psaux myname\nother MYNAME']
    assert call('netstat', 'myname') == call('ss', 'myname') == ['myname', ['root myname x', 'ps.psaux myname']]
    assert call('psaux', 'my.ame') == ['my.ame', ['root myname x'], '1 occurrence(s).']
    assert [programs.calls(name) for name in ('lsof', 'netstat', 'ss', 'ps')] == [
        ['-c myname'], ['-nap'], ['-neap'], ['aux']]
