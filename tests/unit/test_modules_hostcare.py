"""alternatives.*, kernelpkg.*, system.*, restartcheck.*: with fake programs, so that no host is changed or ended."""
from __future__ import absolute_import, division, print_function

import os
import shutil
import signal
import subprocess

import pytest

from minion.errors import CommandExecutionError, SaltInvocationError
from minion.helpers import clock, kernels, stalefiles
from minion.loader import Loader
from tests.support.fakeprograms import Programs
from tests.support.waiting import wait_until

DEBIAN = {'os': 'Debian', 'os_family': 'Debian', 'osarch': 'amd64', 'cpuarch': 'x86_64', 'kernel': 'Linux',
          'kernelrelease': '6.1.0-37-amd64'}
REDHAT = {'os': 'CentOS', 'os_family': 'RedHat', 'osarch': 'x86_64', 'cpuarch': 'x86_64', 'kernel': 'Linux',
          'osmajorrelease': 7, 'kernelrelease': '3.10.0-1160.el7.x86_64'}


@pytest.fixture
def fake(tmpdir, monkeypatch):
    return Programs(tmpdir.mkdir('bin'), monkeypatch)


def caller(grains):
    functions = Loader({'id': 'm'}, grains, {}, None).functions
    return lambda name, *args, **kwargs: functions[name](*args, **kwargs)


# ---- alternatives

@pytest.mark.skipif(not os.path.isdir('/etc/alternatives'), reason='needs /etc/alternatives')
def test_alternatives(fake):
    fake.add('update-alternatives', '--display e', 'e - auto mode\n/bin/ed - priority 5\n')
    fake.add('update-alternatives', '--display *', code=2, err='update-alternatives: error: no alternatives for x\n')
    fake.add('update-alternatives', out='done\n')
    call = caller(DEBIAN)
    assert call('alternatives.display', 'e').startswith('e - auto') and call('alternatives.check_exists', 'e', '/bin/ed')
    assert call('alternatives.display', 'x') == 'update-alternatives: error: no alternatives for x'
    assert call('alternatives.check_exists', 'x', '/bin/ed') is False
    assert call('alternatives.install', 'e', '/usr/bin/e', '/bin/ed', 5) == 'done'
    assert call('alternatives.set', 'e', '/bin/ed') == call('alternatives.auto', 'e') == 'done'
    call('alternatives.remove', 'e', '/bin/ed;reboot')
    assert fake.calls()[-4:] == [
        'update-alternatives --install /usr/bin/e e /bin/ed 5', 'update-alternatives --set e /bin/ed',
        'update-alternatives --auto e', 'update-alternatives --remove e /bin/ed;reboot']
    assert call('alternatives.show_current', 'nosuch') is call('alternatives.show_link', 'nosuch') is False
    assert call('alternatives.check_installed', 'nosuch', '/x') is False


# ---- kernels

def test_kernels_of_debian(fake):
    fake.add('dpkg-query', out=''.join('install ok installed linux-image-%s 1 amd64\n' % name for name in (
        '6.1.0-37-amd64', '6.1.0-9-amd64', '6.1.0-40-amd64', '6.1.0-40-rt-amd64', 'amd64')))
    fake.add('apt-cache', '-q policy *', 'linux-image-amd64:\n  Candidate: 6.1.158-1\n')
    fake.add('apt-cache', 'show *', 'Package: linux-image-amd64\nVersion: 6.1.158-1\n'
             'Depends: linux-image-6.1.0-41-amd64 (= 1)\n')
    fake.add('apt-get').add('dpkg')
    call = caller(DEBIAN)
    assert call('kernelpkg.list_installed') == ['6.1.0-9-amd64', '6.1.0-37-amd64', '6.1.0-40-amd64']
    assert call('kernelpkg.latest_available') == '6.1.0-41-amd64' and call('kernelpkg.upgrade_available') is True
    assert call('kernelpkg.latest_installed') == '6.1.0-40-amd64' and call('kernelpkg.needs_reboot') is True
    fake.add('dpkg', '--get-selections*')
    assert call('kernelpkg.cleanup') == {'removed': ['linux-image-6.1.0-9-amd64']}
    with pytest.raises(CommandExecutionError) as caught:
        call('kernelpkg.remove', call('kernelpkg.active'))
    assert str(caught.value) == 'Active kernel cannot be removed'
    with pytest.raises(CommandExecutionError):
        call('kernelpkg.remove', '1.2.3')


def test_releases_compare():
    assert kernels.ordered(['4.4.0-210', '4.4.0-21', '4.15.0-1']) == ['4.4.0-21', '4.4.0-210', '4.15.0-1']
    assert kernels.later('4.15', '4.4') and not kernels.later('4.4', '4.4')
    with pytest.raises(CommandExecutionError):
        kernels.later(None, '4.4')


# ---- system

@pytest.fixture
def ending(fake):
    for name in ('shutdown', 'halt', 'poweroff', 'init', 'date', 'hwclock', 'hostnamectl', 'reboot'):
        fake.add(name)
    return fake


def test_how_a_host_ends(ending):
    call = caller(DEBIAN)
    for name, args in (('halt', ()), ('poweroff', ()), ('init', (3,)), ('reboot', ()), ('reboot', (5,)), ('shutdown', ()),
                       ('shutdown', ('23:00; rm x',))):
        assert call('system.' + name, *args) == ''
    assert ending.calls() == ['halt', 'poweroff', 'init 3', 'shutdown -r now', 'shutdown -r 5', 'shutdown -h now',
                              'shutdown -h 23:00; rm x']


def test_how_the_clock_is_set(ending):
    call = caller(DEBIAN)
    assert call('system.set_system_time', '02:03:04 PM') is True
    assert ending.calls()[0].endswith(' 14:03:04') and ending.calls()[1:] == ['hwclock --test --systohc', 'hwclock --systohc']
    ending.forget()
    assert call('system.set_system_date_time', 2026, 11, 25, 14, 3, 4, utc_offset='+0530') is True
    assert ending.calls()[0] == 'date -u -s 2026-11-25 08:33:04'
    ending.forget()
    assert call('system.set_system_date', '11/25/2026') and ending.calls()[0].startswith('date -s 2026-11-25 ')
    for args in (('set_system_time', 'noon'), ('set_system_date', '2026-13-01'), ('get_system_time', '5 hours')):
        with pytest.raises(SaltInvocationError):
            call('system.' + args[0], args[1])


def test_the_clock_is_told(ending):
    call = caller(DEBIAN)
    assert len(call('system.get_system_date_time')) == 19 and call('system.get_system_time')[-2:] in ('AM', 'PM')
    ahead = clock.now('+0200') - clock.now('+0000')
    assert 7198 < ahead.total_seconds() < 7201 and call('system.get_system_date')[3] == ' '


def test_description_of_the_host(ending, tmpdir, monkeypatch):
    path, functions = tmpdir.join('machine-info'), Loader({'id': 'm'}, DEBIAN, {}, None).functions
    path.write('CHASSIS=vm\nPRETTY_HOSTNAME=old\n')
    module = functions['system.set_computer_desc'].__globals__
    assert functions['system.set_computer_desc']('By a program') is True
    assert ending.calls() == ['hostnamectl set-hostname --pretty By a program']
    monkeypatch.setitem(module, 'MACHINE', str(path))
    monkeypatch.setattr(module['environment'], 'which', lambda name: None)
    assert functions['system.set_computer_desc']('Of "Michael"') is True
    assert path.read() == 'CHASSIS=vm\nPRETTY_HOSTNAME="Of \\"Michael\\""\n'
    assert functions['system.get_computer_desc']() == 'Of "Michael"'


# ---- restartcheck

def test_cve_2020_28243_names_of_processes_reach_no_shell(fake, tmpdir, monkeypatch):
    evil = tmpdir.join('x;touch evil;$(touch evil)')
    shutil.copy('/bin/sleep', str(evil))
    os.chmod(str(evil), 0o755)
    process = subprocess.Popen([str(evil), '60'], cwd=str(tmpdir))
    try:
        wait_until(lambda: os.readlink('/proc/%d/exe' % process.pid) == str(evil), 10, 'the process to run')
        os.unlink(str(evil))
        monkeypatch.setattr(stalefiles, 'PASSING', stalefiles.re.compile('\\['))
        fake.add('dpkg-query', code=1)
        monkeypatch.chdir(tmpdir)
        text = caller(DEBIAN)('restartcheck.restartcheck')
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert '\t%d %s (deleted) (file: %s)\n' % (process.pid, evil, evil) in text
    assert 'dpkg-query --search %s (deleted)' % evil in fake.calls()
    assert not tmpdir.join('evil').exists() and text.startswith('System restart required.')


def test_what_can_be_restarted(fake, tmpdir, monkeypatch):
    uses = [stalefiles.Use('a', 5, '/usr/sbin/a', '/lib/x.so'), stalefiles.Use('a', 6, '/usr/sbin/a', '/lib/x.so'),
            stalefiles.Use('b', 7, '/opt/b', '/lib/x.so')]
    monkeypatch.setattr(stalefiles, 'uses', lambda excluded: [use for use in uses if use.pid not in excluded])
    monkeypatch.setattr(os.path, 'exists', lambda path: path == '/etc/init.d/a' or os.path.lexists(path))
    fake.add('dpkg-query', '--search /usr/sbin/a', 'pa: /usr/sbin/a\n').add('dpkg-query', '--listfiles pa', '/etc/init.d/a\n')
    fake.add('dpkg-query', '-W*', 'ii %s\n' % os.uname()[2]).add('dpkg-query', code=1)
    call = caller(DEBIAN)
    assert call('restartcheck.restartcheck', verbose=False) == ['pa', 'b']
    text = call('restartcheck.restartcheck')
    assert text.startswith('Found 2 processes') and '\n\nThese are the initd scripts:\nservice a restart' in text
    assert 'pa:\n\t5 /usr/sbin/a (file: /lib/x.so)\n\t6 ' in text
    assert call('restartcheck.restartcheck', ignorelist='pa', excludepid=[7]) == 'No packages seem to need to be restarted.'
    assert call('restartcheck.restartcheck', blacklist=['/lib/x.so'], verbose=False) == []
