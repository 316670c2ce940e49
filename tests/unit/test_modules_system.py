"""hosts, aliases, sysctl, sysfs, pam, logrotate, kmod, locale, timezone, at and rsync: files of the host and programs."""
from __future__ import absolute_import, division, print_function

import os

import pytest

from minion.errors import CommandExecutionError, SaltInvocationError
from minion.modules import sysfs
from tests.support.hostmodules import Host

PROGRAMS = ('newaliases', 'sysctl', 'lsmod', 'modprobe', 'rmmod', 'locale', 'locale-gen', 'update-locale', 'timedatectl',
            'date', 'hwclock', 'at', 'atq', 'rsync')
HOSTS = '# top\n127.0.0.1 localhost vm # loc\n10.0.0.1\ta.x a\n10.0.0.1  b.x\n\n#10.0.0.9 off\n'
LOGROTATE = ('# c\nweekly\nrotate\t4\ninclude %s\n/var/log/wtmp /var/log/btmp {\n  monthly\n  create 0664 root utmp\n'
             '  rotate 1\n  postrotate\n    rotate it\n  endscript\n}\n')
LSMOD = 'Module                  Size  Used by\nnf_nat                 57344  3 xt_M,nft\next4                  999424  1\n'
ATQ = '1\tThu Nov 26 10:00:00 2026 a root\n5\tFri Nov 27 09:30:00 2026 = bob\nodd\n'


@pytest.fixture
def host(tmpdir, monkeypatch):
    made = Host(str(tmpdir), monkeypatch)
    made.programs.add(*PROGRAMS)
    made.programs.add('at', stdin=True)
    return made


def module(host, name, **attributes):
    """Give constants of a module other values: paths below the folder of the test."""
    host.loader.entry(name)[0].fill(attributes)


# ---- hosts

@pytest.fixture
def hosts(host, tmpdir):
    tmpdir.join('hosts').write(HOSTS)
    host.loader.opts['hosts.file'] = str(tmpdir.join('hosts'))
    return tmpdir.join('hosts')


def test_hosts_are_told(host, hosts):
    assert host.call('hosts.list_hosts') == {
        '127.0.0.1': {'aliases': ['localhost', 'vm'], 'comment': 'loc'}, '10.0.0.1': {'aliases': ['a.x', 'a', 'b.x']},
        'comment-0': ['# top'], 'comment-1': ['#10.0.0.9 off']}
    assert host.call('hosts.get_ip', 'b.x') == '10.0.0.1' and host.call('hosts.get_ip', 'nosuch') == ''
    assert host.call('hosts.get_alias', '10.0.0.1') == ['a.x', 'a', 'b.x'] and host.call('hosts.get_alias', '9.9.9.9') == []
    assert host.call('hosts.has_pair', '10.0.0.1', ['a', 'b.x']) is True
    assert host.call('hosts.has_pair', '10.0.0.1', 'x') is False


@pytest.mark.parametrize('name, args, line, gone', [
    ('set_host', ['10.0.0.2', 'c.x d'], '10.0.0.2\t\tc.x d', 0),
    ('set_host', ['10.0.0.1', 'c.x', 'hi'], '10.0.0.1\t\tc.x\t\t# hi', 2),
    ('set_host', ['10.0.0.1', ''], None, 2), ('add_host', ['10.0.0.1', 'a'], None, 0),
    ('add_host', ['127.0.0.1', 'n'], '127.0.0.1\t\tlocalhost vm n\t\t# loc', 1), ('add_host', ['::1', 'n'], '::1\t\tn', 0),
    ('rm_host', ['10.0.0.1', 'a'], '10.0.0.1\t\ta.x b.x', 2), ('rm_host', ['10.0.0.1', 'nosuch'], None, 0),
    ('set_comment', ['127.0.0.1', 'new'], '127.0.0.1\t\tlocalhost vm\t\t# new', 1),
])
def test_hosts_are_changed_line_by_line(name, args, line, gone, host, hosts):
    assert host.call('hosts.' + name, *args) is True
    after, before = hosts.read().splitlines(), HOSTS.splitlines()
    assert [one for one in after if one not in before] == ([line] if line else [])
    assert len([one for one in before if one not in after]) == gone
    assert [one for one in after if one in before] == [one for one in before if one in after]


def test_hosts_that_cannot_be_set(host, hosts):
    assert host.call('hosts.set_comment', '9.9.9.9', 'x') is False
    for args, error in ((['10.0.0.1', ['a']], TypeError), (['10.0.0.1', 'a', 'x\n1.2.3.4 evil'], SaltInvocationError)):
        with pytest.raises(error):
            host.call('hosts.set_host', *args)
    with pytest.raises(SaltInvocationError):
        host.call('hosts.add_host', '10.0.0.1', 'x\n1.2.3.4 evil')
    assert hosts.read() == HOSTS
    os.unlink(str(hosts))
    assert host.call('hosts.list_hosts') == {} and host.call('hosts.set_host', '1.1.1.1', 'x') is False
    assert host.call('hosts.add_host', '1.1.1.1', 'x') is True and hosts.read() == '1.1.1.1\t\tx\n'


# ---- aliases

def test_aliases(host, tmpdir):
    path, call = tmpdir.join('aliases'), host.call
    host.loader.opts['aliases.file'] = str(path)
    assert call('aliases.list_aliases') == {} and call('aliases.get_target', 'x') == ''
    assert call('aliases.set_target', 'x', 'a@b') is True and call('aliases.set_target', 'x', 'a@b') is True
    assert host.programs.calls() == [['newaliases']]
    path.write('# c\npostmaster:    root # keep\nx: a@b')
    assert call('aliases.set_target', 'postmaster', ['a', 'b']) is True and call('aliases.set_target', 'y', '|/bin/z') is True
    assert path.read() == '# c\npostmaster: a, b # keep\nx: a@b\ny: |/bin/z\n'
    assert call('aliases.has_target', 'postmaster', ['a', 'b']) is True and call('aliases.has_target', 'x', 'b') is False
    assert call('aliases.rm_alias', 'x') is True and call('aliases.rm_alias', 'x') is True
    assert call('aliases.list_aliases') == {'postmaster': 'a, b', 'y': '|/bin/z'}
    for args in (['', 'x'], ['x', ''], ['x', 'a\nroot: evil']):
        with pytest.raises(SaltInvocationError):
            call('aliases.set_target', *args)


# ---- sysctl and sysfs

def test_sysctl_now(host):
    host.programs.answer('sysctl -a', 'a.b = 1\nc.d = x\n\ty\nbad\n')
    host.programs.answer('sysctl -w', 'kernel.ostype = Linux\n')
    host.programs.answer('sysctl -n', 'Linux\n')
    assert host.call('sysctl.show') == {'a.b': '1', 'c.d': 'x\n\ty'} and host.call('sysctl.get', 'kernel.ostype') == 'Linux'
    assert host.call('sysctl.assign', 'kernel.ostype', 'Linux') == {'kernel.ostype': 'Linux'}
    assert host.programs.calls()[-1] == ['sysctl', '-w', 'kernel.ostype=Linux']
    for name in ('no.such', '../../etc/passwd'):
        assert host.job('sysctl.assign', name, 5) == ('ERROR: sysctl %s does not exist' % name, 1)
    host.programs.answer('sysctl -w', err='sysctl: setting key "x": Invalid argument\n', code=255)
    assert host.job('sysctl.assign', 'kernel.ostype', 5) == (
        'ERROR: sysctl -w failed: sysctl: setting key "x": Invalid argument', 1)
    assert host.call('sysctl.default_config').startswith('/etc/sysctl.')


def test_sysctl_after_the_next_boot(host, tmpdir):
    path = tmpdir.join('new', 'sysctl.conf')
    host.programs.answer('sysctl', 'x = 5\n')
    assert host.call('sysctl.show', str(path)) == []
    assert host.call('sysctl.persist', 'kernel.ostype', 5, str(path)) == 'Updated'
    assert path.read() == '#\n# Kernel sysctl configuration\n#\nkernel.ostype = 5\n'
    path.write('# c\n; d\nkernel.ostype=1  2\nbad\nnet.x = 1')
    host.programs.answer('sysctl -n', '1\t2\n')
    host.programs.calls()
    assert host.call('sysctl.persist', 'kernel.ostype', '1 2', str(path)) == 'Already set'
    assert host.programs.calls() == [['sysctl', '-n', 'kernel.ostype']]
    assert host.call('sysctl.persist', 'kernel.ostype', '1 3', str(path)) == 'Updated'
    assert host.call('sysctl.persist', 'kernel.osrelease', '1', str(path)) == 'Updated'
    assert path.read() == '# c\n; d\nkernel.ostype = 1 3\nbad\nnet.x = 1\nkernel.osrelease = 1\n'
    assert host.call('sysctl.show', str(path)) == {'kernel.ostype': '1 3', 'net.x': '1', 'kernel.osrelease': '1'}
    with pytest.raises(SaltInvocationError):
        host.call('sysctl.persist', 'kernel.ostype', '1\nkernel.core_pattern = |/x', str(path))


def test_sysfs(host):
    call = host.call
    assert call('sysfs.target', 'class/net/lo', full=False) == 'lo'
    mtu = call('sysfs.read', 'class/net/lo/mtu')
    assert isinstance(mtu, int) and call('sysfs.attr', 'class/net/lo/mtu') == mtu
    assert call('sysfs.read', ['mtu', 'nosuch'], 'class/net/lo') == {'mtu': mtu}
    assert call('sysfs.read', 'class/net/lo')['mtu'] == mtu
    assert 'mtu' in sum(call('sysfs.interfaces', 'class/net/lo').values(), [])
    for name in ('nosuch', '../etc/hostname', '/etc/hostname', '/sys/../etc/hostname'):
        for function in ('target', 'read', 'attr', 'interfaces'):
            assert call('sysfs.' + function, name) is False
        assert call('sysfs.write', name, 'x') is False
    assert call('sysfs.write', 'class/net/lo/ifindex', 1) is False


def test_a_file_that_has_its_readers_wait_is_no_value(tmpdir):
    """As trace_pipe below /sys/kernel/tracing; a FIFO that somebody writes to, and has not yet."""
    path = str(tmpdir.join('pipe'))
    os.mkfifo(path)
    reader = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    writer = os.open(path, os.O_WRONLY)
    try:
        assert sysfs._value(path) is False
        os.write(writer, b'12')
        assert sysfs._value(path) == 12
    finally:
        os.close(reader)
        os.close(writer)


# ---- pam and logrotate

def test_pam(host, tmpdir):
    path = tmpdir.join('login')
    path.write('# c\n@include common\nauth  required pam_unix.so nullok\nauth [success=1 default=ignore] pam_x.so a b\nbad\n')
    rule = {'interface': 'auth', 'control_flag': 'required', 'module': 'pam_unix.so', 'arguments': ['nullok']}
    assert host.call('pam.read_file', str(path)) == [
        rule, dict(rule, control_flag='success=1 default=ignore', module='pam_x.so', arguments=['a', 'b'])]
    assert host.call('pam.read_file', '/no/such') is False


def test_logrotate(host, tmpdir):
    tmpdir.mkdir('d').join('x').write('/var/log/x {\n size 5M\n}\n')
    path, call = tmpdir.join('logrotate.conf'), host.call
    path.write(LOGROTATE % tmpdir.join('d'))
    block = {'monthly': True, 'create': '0664 root utmp', 'rotate': 1, 'postrotate': ['rotate it']}
    assert call('logrotate.show_conf', str(path)) == {
        'weekly': True, 'rotate': 4, 'include': str(tmpdir.join('d')), 'include files': {'x': ['/var/log/x']},
        '/var/log/wtmp': block, '/var/log/btmp': block, '/var/log/x': {'size': '5M'}}
    conf = {'conf_file': str(path)}
    assert call('logrotate.get', 'rotate', **conf) == 4 and call('logrotate.get', 'nosuch', **conf) is False
    assert call('logrotate.get', '/var/log/wtmp', 'rotate', **conf) == 1
    for args in (['rotate', 5], ['dateext', True], ['weekly', False], ['/var/log/wtmp', 'rotate', 2],
                 ['/var/log/wtmp', 'missingok', True], ['/var/log/btmp', 'monthly', False], ['/var/log/new', 'rotate', 3]):
        assert call('logrotate.set', *args, **conf) is True
    assert path.read() == ('dateext\n# c\nrotate 5\ninclude %s\n/var/log/wtmp /var/log/btmp {\n'
                           '  create 0664 root utmp\n'
                           '  rotate 2\n  postrotate\n    rotate it\n  endscript\n    missingok\n}\n'
                           '/var/log/new {\n    rotate 3\n}\n'
                           % tmpdir.join('d'))
    for args in (['/var/log/wtmp', 'rotate'], ['rotate', 'x', 'y']):
        with pytest.raises(SaltInvocationError, match='Error: '):
            call('logrotate.set', *args, **conf)
    with pytest.raises(IOError):
        call('logrotate.show_conf', '/no/such')


# ---- kmod

def test_modules_of_the_kernel(host, tmpdir):
    host.programs.answer('lsmod', LSMOD)
    module(host, 'kmod.lsmod', _path=lambda: str(tmpdir.join('modules')), available=lambda: ['ext4', 'loop'])
    assert host.call('kmod.lsmod') == [{'module': 'nf_nat', 'size': '57344', 'depcount': '3', 'deps': ['xt_M', 'nft']},
                                       {'module': 'ext4', 'size': '999424', 'depcount': '1', 'deps': []}]
    assert host.call('kmod.mod_list') == ['ext4', 'nf_nat'] and host.call('kmod.is_loaded', 'ext4') is True
    assert host.call('kmod.load', 'nosuch', persist=True) == [] and host.call('kmod.mod_list', True) == []
    tmpdir.join('modules').write('# c\n# loop\n')
    assert host.call('kmod.load', 'loop', persist=True) == ['loop'] and host.call('kmod.load', 'loop', persist=True) == []
    assert host.call('kmod.load', 'ext4', persist=True) == ['ext4']
    assert tmpdir.join('modules').read() == '# c\nloop\next4\n'
    assert host.call('kmod.remove', 'loop', persist=True) == ['loop']
    assert host.call('kmod.remove', 'ext4', persist=True, comment=False) == ['ext4']
    assert tmpdir.join('modules').read() == '# c\n#loop\n'
    host.programs.answer('modprobe', err='not found\n', code=1)
    host.programs.answer('rmmod', err='in use\n', code=1)
    assert host.job('kmod.load', 'x') == ('Error loading module x: not found', 1)
    assert host.job('kmod.remove', 'x') == ('Error removing module x: in use', 1)


def test_modules_that_the_kernel_has(host):
    assert isinstance(host.call('kmod.available'), list) and host.call('kmod.check_available', 'no-such-module') is False


def test_without_lsmod(host, monkeypatch):
    monkeypatch.setattr('minion.helpers.environment.which', lambda program, path=None: None)
    assert host.job('kmod.lsmod') == ("ERROR: Command 'lsmod' cannot be found", 1)


# ---- locale

@pytest.fixture
def locales(host, tmpdir):
    tmpdir.join('SUPPORTED').write('en_US.UTF-8 UTF-8\nde_DE ISO-8859-1\n')
    tmpdir.join('locale.gen').write('# c\n# en_US.UTF-8 UTF-8\n')
    module(host, 'locale.avail', _has_systemd=lambda: False, _FILES={'Debian': (str(tmpdir.join('default')), 'LANG')},
           _SUPPORTED=str(tmpdir.join('SUPPORTED')), _WANTED=str(tmpdir.join('locale.gen')))
    return tmpdir


def test_locale(host, locales):
    host.programs.answer('locale', 'C\nen_US.utf8\nPOSIX\n')
    assert host.call('locale.list_avail') == ['C', 'en_US.utf8', 'POSIX']
    for name, there in (('en_US.UTF-8', True), ('en_US', False), ('C', True), ('', False), ('en_US.utf8@euro', False)):
        assert host.call('locale.avail', name) is there
    assert host.job('locale.get_locale') == ('', 1)
    locales.join('default').write('#x\nLANG=C\nLC_ALL=C\n')
    assert host.call('locale.set_locale', 'en_US.UTF-8') is True and host.job('locale.get_locale') == ('en_US.UTF-8', 0)
    assert locales.join('default').read() == '#x\nLANG="en_US.UTF-8"\nLC_ALL=C\n'
    assert host.programs.calls()[-1] == ['update-locale']


def test_locale_with_systemd(host, monkeypatch):
    module(host, 'locale.avail', _has_systemd=lambda: True)
    host.programs.answer('localectl', '   System Locale: LANG=de_DE.UTF-8\n       VC Keymap: n/a\n')
    assert host.call('locale.get_locale') == 'de_DE.UTF-8' and host.call('locale.set_locale', 'C') is True
    assert host.programs.calls() == [['localectl'], ['localectl', 'set-locale', 'LANG=C']]


def test_making_a_locale(host, locales):
    assert host.call('locale.gen_locale', 'nosuch') is False and host.call('locale.gen_locale', '') is False
    assert host.call('locale.gen_locale', 'en_US.utf8') is True and host.call('locale.gen_locale', 'de_DE ISO-8859-1') is True
    assert host.call('locale.gen_locale', 'de_DE', verbose=True)['retcode'] == 0
    assert locales.join('locale.gen').read() == '# c\nen_US.UTF-8 UTF-8\nde_DE ISO-8859-1\n'
    assert host.programs.calls()[0] == ['locale-gen', 'en_US.UTF-8 UTF-8']


# ---- timezone

TIMEDATECTL = '    Time zone: America/Denver (MST, -0700)\n  RTC in local TZ: yes\n'


def test_time_zone_by_timedatectl(host):
    host.programs.answer('timedatectl', TIMEDATECTL)
    host.programs.answer('date +%Z', 'MST\n')
    host.programs.answer('date +%z', '-0700\n')
    assert host.call('timezone.get_zone') == 'America/Denver' and host.call('timezone.get_hwclock') == 'localtime'
    assert host.call('timezone.get_zonecode') == 'MST' and host.call('timezone.get_offset') == '-0700'
    assert host.call('timezone.set_hwclock', 'localtime') is True
    assert host.programs.calls()[-1] == ['timedatectl', 'set-local-rtc', 'true']
    host.programs.answer('timedatectl', err='no bus\n', code=1)
    assert host.job('timezone.get_zone') == ('ERROR: timedatectl failed: no bus', 1)
    host.programs.answer('timedatectl', 'odd\n')
    assert host.job('timezone.get_zone') == (
        'ERROR: Failed to parse timedatectl output: odd\nPlease file an issue with SaltStack', 1)


@pytest.fixture
def zones(host, tmpdir):
    folder = tmpdir.mkdir('zoneinfo')
    for name in ('UTC', 'CET'):
        folder.join(name).write('rules of ' + name)
    os.symlink(str(folder.join('UTC')), str(tmpdir.join('localtime')))
    module(host, 'timezone.get_zone', _has_timedatectl=lambda: False, _ZONES=str(folder), _LOCAL=str(tmpdir.join('localtime')),
           _NAME=str(tmpdir.join('timezone')), _CLOCK=str(tmpdir.join('clock')), _ADJTIME=str(tmpdir.join('adjtime')),
           _RCS=str(tmpdir.join('rcS')))
    return tmpdir


def test_time_zone_by_files(host, zones):
    assert host.call('timezone.get_zone') == 'UTC' and host.call('timezone.zone_compare', 'UTC') is True
    zones.join('clock').write('UTC=true\nZONE="UTC"\n')
    assert host.call('timezone.set_zone', 'CET') is True
    assert zones.join('timezone').read() == 'CET\n' and zones.join('clock').read() == 'UTC=true\nZONE="CET"\n'
    assert os.readlink(str(zones.join('localtime'))) == str(zones.join('zoneinfo', 'CET'))
    assert host.call('timezone.zone_compare', 'UTC') is False and host.call('timezone.get_zone') == 'CET'
    os.unlink(str(zones.join('timezone')))
    assert host.call('timezone.get_zone') == 'CET'
    assert host.call('timezone.set_zone', '../timezone') == 'Zone does not exist: %s/../timezone' % zones.join('zoneinfo')
    with pytest.raises(SaltInvocationError, match='Can\'t find a local timezone "../hosts"'):
        host.call('timezone.zone_compare', '../hosts')


def test_hardware_clock_by_files(host, zones):
    assert host.call('timezone.get_hwclock') == 'UTC'
    zones.join('rcS').write('UTC=no\n')
    assert host.call('timezone.get_hwclock') == 'localtime'
    zones.join('adjtime').write('0 0 0\n0\nLOCAL\n')
    assert host.call('timezone.get_hwclock') == 'localtime' and host.call('timezone.set_hwclock', 'UTC') is True
    assert host.programs.calls() == [['hwclock', '--systohc', '--utc']]
    with pytest.raises(SaltInvocationError):
        host.call('timezone.set_hwclock', 'x')


# ---- at and rsync

def test_at(host):
    host.programs.answer('atq', ATQ)
    host.programs.answer('at -c 5', '#!/bin/sh\n### SALT: my tag\necho hi\n')
    host.programs.answer('at', err='warning: commands will be executed using /bin/sh\njob 5 at Fri Nov 27 09:30:00 2026\n')
    job = {'job': 5, 'date': '2026-11-27', 'time': '09:30:00', 'queue': '=', 'user': 'bob', 'tag': 'my tag'}
    assert host.call('at.atq', 'my tag') == host.call('at.atq', 5) == {'jobs': [job]} and len(host.call('at.atq')['jobs']) == 2
    assert host.call('at.at', '09:30', 'echo', 'hi', tag='my tag') == {'jobs': [job]}
    assert host.programs.given('at').endswith('### SALT: my tag\necho hi\n') and host.call('at.at', 'now') == {'jobs': []}
    assert host.call('at.jobcheck', runas='bob', hour=9, day='27', __pub_user='x') == {'jobs': [job]}
    assert host.call('at.jobcheck', minute='xx') == {'jobs': [], 'note': 'No match jobs or time format error'}
    assert '### SALT' in host.call('at.atc', 5)
    host.programs.calls()
    assert host.call('at.atrm', 5, 99) == {'jobs': {'removed': ['5'], 'tag': None}}
    assert host.programs.calls()[-1] == ['at', '-d', '5']
    assert host.call('at.atrm', 'all', 'my tag') == {'jobs': {'removed': ['5'], 'tag': 'my tag'}}
    assert host.call('at.atrm', 'all')['jobs']['removed'] == ['1', '5']
    assert host.call('at.atrm') == {'jobs': {'removed': [], 'tag': None}}
    host.programs.answer('at', err='Garbled time\n', code=1)
    assert host.job('at.at', 'x', 'y') == ({'jobs': [], 'error': 'invalid timespec'}, 1)


def test_rsync(host, tmpdir):
    assert host.call('rsync.rsync', '/a', '/b', True, True, True, '/p', ['x', 'y'], None, True, 'ssh')['retcode'] == 0
    assert host.call('rsync.rsync', '/a', '/b', excludefrom='/e', exclude='x', additional_opts=['--foo'])['retcode'] == 0
    assert host.programs.calls() == [
        ['rsync', '-avz', '--delete', '--force', '--update', '--rsh=ssh', '--password-file', '/p', '--exclude', 'x',
         '--exclude', 'y', '--dry-run', '/a', '/b'], ['rsync', '-avz', '--exclude-from', '/e', '--foo', '/a', '/b']]
    host.programs.answer('rsync', 'rsync  version 3.2.7  protocol version 31\n')
    assert host.call('rsync.version') == '3.2.7'
    tmpdir.join('conf').write('x\n')
    assert host.call('rsync.config', str(tmpdir.join('conf'))) == 'x\n'
    for name, args, error in (('rsync', ['', '/b'], SaltInvocationError), ('config', ['/no/such'], CommandExecutionError)):
        with pytest.raises(error):
            host.call('rsync.' + name, *args)
