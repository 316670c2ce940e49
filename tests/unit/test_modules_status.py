"""status.*: texts of /proc as kernel 2.6.32 (CentOS 6) and newer ones write them, programs in stand-ins."""
from __future__ import absolute_import, division, print_function

import contextlib
import os
import re
import socket

import pytest

from minion import compat
from minion.helpers import hoststats, mounted, processes, proctable
from minion.helpers.rootfs import Root
from minion.loader import Loader
from tests.support.standins import Programs

OLD = {
    'stat': 'cpu  4705 150 1120 16250 520 30 45 0 0\ncpu0 2350 75 560 8125 260 15 22 0 0\n'
            'intr 9000 120 3 0\nctxt 1990473\nbtime 1300000000\nprocesses 2915\nprocs_running 1\nprocs_blocked 0\n'
            'softirq 5000 0 700 3\n',
    'cpuinfo': 'processor\t: 0\nmodel name\t: Intel(R) Xeon(R) CPU\nflags\t\t: fpu vme\npower management:\n\n'
               'processor\t: 1\nmodel name\t: Intel(R) Xeon(R) CPU\nflags\t\t: fpu vme de\npower management:\n',
    'meminfo': 'MemTotal:        1020128 kB\nMemFree:          650000 kB\nBuffers:           20000 kB\n'
               'HugePages_Total:       0\nbroken\n',
    'vmstat': 'nr_free_pages 162500\npgpgin 123456\nnr_isolated_anon\n',
    'diskstats': '   8       0 sda 4700 1500 150000 2300 900 1200 18000 5100 0 2000 7400\n'
                 '   8       1 sda1 150 300 600 0\n'
                 ' 259       0 nvme0n1 5 0 40 1 2 0 16 3 0 4 5 0 0 0 0 1 2\n',
    'net/dev': 'Inter-|   Receive                                                |  Transmit\n'
               ' face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls '
               'carrier compressed\n'
               '    lo:1000      10    0    0    0     0          0         0     1000      10    0    0    0     0       0 '
               '         0\neth0:1: 5 1 0 0 0 0 0 0 6 1 0 0 0 0 0 0\n',
    'net/netstat': 'TcpExt: SyncookiesSent SyncookiesRecv TW\nTcpExt: 1 2 3\nIpExt: InNoRoutes InOctets\nIpExt: 4 5\n',
    'uptime': '90061.55 3000.00\n',
    'mounts': 'rootfs / rootfs rw 0 0\n/dev/sda1 / ext4 rw 0 0\n/dev/sdb1 /with\\040blank xfs ro 0 0\nshort\n',
    'filesystems': 'nodev\tsysfs\n\text4\n\txfs\n',
    'version': 'Linux version 2.6.32-754.el6.x86_64 (mockbuild@c6) #1 SMP\n',
}


@pytest.fixture
def old(tmpdir):
    for name, text in OLD.items():
        tmpdir.join('proc', *name.split('/')).write(text, ensure=True)
    return Root(str(tmpdir))


@pytest.fixture
def call():
    loader = Loader({'id': 'ref1', 'status.loadavg.custom': ['1-min', 'nosuch']})
    return lambda name, *args, **kwargs: loader.functions['status.' + name](*args, **kwargs)


@pytest.fixture
def programs(tmpdir, monkeypatch):
    return Programs(str(tmpdir.mkdir('bin')), monkeypatch)


def test_processors_of_an_old_kernel(old):
    found = hoststats.processor_counters(old)
    assert found['cpu'] == {'user': 4705, 'nice': 150, 'system': 1120, 'idle': 16250, 'iowait': 520, 'irq': 30,
                            'softirq': 45, 'steal': 0}
    assert found['cpu0'] == 2350 and found['btime'] == 1300000000
    assert found['intr'] == {'total': 9000, 'irqs': [120, 3, 0]}
    assert found['softirq'] == {'total': 5000, 'softirqs': [0, 700, 3]}
    info = hoststats.processor_info(old)
    assert info['processor'] == '1' and info['flags'] == ['fpu', 'vme', 'de'] and info['power management'] == ''


def test_memory_of_an_old_kernel(old):
    assert hoststats.memory(old) == {
        'MemTotal': {'value': '1020128', 'unit': 'kB'}, 'MemFree': {'value': '650000', 'unit': 'kB'},
        'Buffers': {'value': '20000', 'unit': 'kB'}, 'HugePages_Total': {'value': '0'}}
    assert hoststats.memory_bytes(old)['MemTotal'] == 1020128 * 1024
    assert hoststats.pages(old) == {'nr_free_pages': 162500, 'pgpgin': 123456}


def test_disks_and_cards(old):
    found = hoststats.disks(old)
    assert sorted(found) == ['nvme0n1', 'sda']                      # the short line is of a partition before 2.6.25
    assert found['sda']['device'] == 'sda' and found['sda']['weighted_ms_spent_in_io'] == 7400
    assert len(found['nvme0n1']) == 14
    found = hoststats.cards(old)
    assert found['lo']['rx_bytes'] == 1000 and found['eth0:1']['tx_bytes'] == 6 and len(found['lo']) == 17
    assert hoststats.protocols(old) == {'TcpExt': {'SyncookiesSent': 1, 'SyncookiesRecv': 2}, 'IpExt': {'InNoRoutes': 4}}


def test_time_and_mounts(old):
    assert hoststats.uptime(old) == 90061.55 and hoststats.boot_time(old) == 1300000000
    assert [tuple(mount)[:3] for mount in mounted.listed(old)] == [
        ('rootfs', '/', 'rootfs'), ('/dev/sda1', '/', 'ext4'), ('/dev/sdb1', '/with blank', 'xfs')]
    assert mounted.with_devices(old) == set(['ext4', 'xfs', 'zfs'])


def test_a_system_that_tells_nothing(tmpdir):
    root = Root(str(tmpdir))
    for read in (hoststats.processor_info, hoststats.processor_counters, hoststats.memory, hoststats.pages, hoststats.disks,
                 hoststats.cards, hoststats.protocols):
        assert read(root) == {}
    assert hoststats.uptime(root) == 0.0 and hoststats.boot_time(root) is None and mounted.listed(root) == []


def test_all_at_once(call):
    assert sorted(call('all_status')) == ['cpuinfo', 'cpustats', 'diskstats', 'diskusage', 'loadavg', 'meminfo', 'netdev',
                                          'netstats', 'uptime', 'vmstats', 'w']


def test_custom(call):
    found = call('custom')
    assert found['nosuch'] == 'UNKNOWN' and isinstance(found['1-min'], float) and len(found) == 2


def test_disk_usage(call, tmpdir):
    folder = str(tmpdir)
    assert sorted(call('diskusage', folder, '/nosuch')) == [folder]
    assert call('diskusage', folder)[folder]['total'] >= call('diskusage', folder)[folder]['available'] > 0
    assert call('diskusage', 'nosuchkind*') == {}
    assert '/proc' in call('diskusage', 'pro?')


def test_who_is_there(call, programs):
    programs.add('w', 'root     pts/0     Mon10    2:00   0.10s  0.05s -bash\n'
                 'bob      tty1      10:22   10days 0.00s  0.00s vim a b\n\n')
    programs.add('who', 'root pts/0\nbob tty1\n')
    assert call('w') == [
        {'user': 'root', 'tty': 'pts/0', 'login': 'Mon10', 'idle': '2:00', 'jcpu': '0.10s', 'pcpu': '0.05s', 'what': '-bash'},
        {'user': 'bob', 'tty': 'tty1', 'login': '10:22', 'idle': '10days', 'jcpu': '0.00s', 'pcpu': '0.00s',
         'what': 'vim a b'}]
    assert programs.calls('w') == ['-fh']
    assert call('uptime')['users'] == 2


def test_uptime(call, monkeypatch):
    monkeypatch.setattr(hoststats, 'uptime', lambda root: 90061.55)
    monkeypatch.setattr('time.time', lambda: 1300090061.0)
    found = call('uptime')
    assert (found['seconds'], found['days'], found['time']) == (90061, 1, '1:01')
    assert (found['since_t'], found['since_iso']) == (1300000000, '2011-03-13T07:06:40')


# ---- processes

def test_processes(call):
    mine = call('procs')[str(os.getpid())]
    assert 'pytest' in mine['cmd'] and mine['user']
    assert str(os.getpid()) in call('pid', 'pytest').splitlines()
    assert call('pid', 'no such program') == ''
    with pytest.raises(re.error):
        call('pid', '[')


def test_a_command_line_as_programs_write_it():
    lines = (b'', b'\0\0', b'a\0b c\0', b'sshd: x [priv]\0', b'one\0', b'a b', b'\xff\0x\0')
    assert [proctable.words_of(data) for data in lines] == [
        [], [], ['a', 'b c'], ['sshd:', 'x', '[priv]'], ['one'], ['a b'], [compat.to_native(u'\ufffd'), 'x']]


def row(pid, parent, words=(), state='S', name='x'):
    return proctable.Row(pid, parent, 'root', name, state, list(words))


def test_threads_of_the_kernel_and_zombies_in_brackets():
    assert [proctable.shown(one) for one in (row(1, 0, ['/sbin/init', 'a  b']), row(2, 0), row(3, 1, state='Z'))] == [
        '/sbin/init a b', '[x]', '[x] <defunct>']


def test_tree_order():
    found = [row(1, 0), row(2, 0), row(3, 2), row(4, 1), row(5, 4), row(6, 1), row(7, 99)]
    assert [one.pid for one in proctable.tree_order(found)] == [1, 4, 5, 6, 2, 3, 7]


def test_a_process_that_ends_while_it_is_looked_at(monkeypatch):
    gone = processes.Process(999999999, 'gone', 'S', 1, 1, 1, 0)
    monkeypatch.setattr(processes, 'listed', lambda: [gone])
    assert proctable.rows() == []


# ---- masters

def test_masters(call):
    assert call('master') is None and call('master', '127.0.0.1') is False
    with contextlib.closing(socket.socket()) as server:
        server.bind(('127.0.0.1', 0))
        server.listen(5)
        port = server.getsockname()[1]
        loader = Loader({'id': 'ref1', 'publish_port': port, 'master_port': port})
        with contextlib.closing(socket.create_connection(('127.0.0.1', port))):
            assert loader.functions['status.master']('127.0.0.1') is True
        assert loader.functions['status.ping_master']('127.0.0.1') is True
    assert loader.functions['status.ping_master']('127.0.0.1') is False
