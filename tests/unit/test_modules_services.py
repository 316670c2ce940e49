"""service.* of systems that the test host is not: with fake programs, and folders of their own."""
from __future__ import absolute_import, division, print_function

import pytest

from minion import compat
from minion.errors import CommandExecutionError
from minion.helpers import environment, initscripts, pkgtools, systemdunits
from minion.loader import Loader
from tests.support.fakeprograms import Programs


@pytest.fixture
def fake(tmpdir, monkeypatch):
    """Fake programs; init scripts, jobs of upstart and links of run levels are those of this test."""
    for name in ('init.d', 'init'):
        tmpdir.mkdir(name)
    monkeypatch.setattr(initscripts, 'SCRIPTS', str(tmpdir.join('init.d')))
    real_jobs, real_manual, real_set = initscripts.jobs, initscripts.is_manual, initscripts.set_manual
    monkeypatch.setattr(initscripts, 'jobs', lambda: real_jobs(str(tmpdir.join('init'))))
    monkeypatch.setattr(initscripts, 'is_manual', lambda name: real_manual(name, str(tmpdir.join('init'))))
    monkeypatch.setattr(initscripts, 'set_manual', lambda name, on: real_set(name, on, str(tmpdir.join('init'))))
    monkeypatch.setattr(initscripts, 'booted_with_systemd', lambda: False)
    scripts = initscripts.scripts
    monkeypatch.setattr(initscripts, 'scripts', lambda folder=None: scripts(folder or str(tmpdir.join('init.d'))))
    programs = Programs(tmpdir.mkdir('bin'), monkeypatch)
    programs.add('runlevel', out='N 3\n')
    return programs


def script(tmpdir, name, text='#!/bin/sh\nexit 0\n'):
    path = tmpdir.join('init.d', name)
    path.write(text)
    path.chmod(0o755)


def caller(system, family, **grains):
    functions = Loader({'id': 'm'}, dict({'os': system, 'os_family': family, 'kernel': 'Linux'}, **grains), {}, None).functions
    return lambda name, *args, **kwargs: functions['service.' + name](*args, **kwargs)


# ---- RHEL 6

CHKCONFIG = ('auditd         \t0:off\t1:off\t2:on\t3:on\t4:on\t5:on\t6:off\n'
             'netfs          \t0:off\t1:off\t2:off\t3:off\t4:on\t5:on\t6:off\n\n'
             'xinetd based services:\n\tchargen-dgram: \toff\n')


@pytest.fixture
def rhel(fake, tmpdir):
    for name in ('auditd', 'netfs', 'functions2'):
        script(tmpdir, name)
    tmpdir.join('init', 'tty.conf').write('respawn\n')
    tmpdir.join('init', 'odd.conf').write('start on x\n manual \n')
    fake.add('chkconfig', '--list', CHKCONFIG).add('chkconfig').add('initctl')
    fake.add('service', 'netfs status', code=3).add('service', 'bad *', code=1).add('service')
    fake.add('status', 'tty', 'tty start/running, process 7\n').add('status', 'odd', 'odd stop/waiting\n')
    fake.add('start').add('stop')
    return fake


def test_rhel_6(rhel):
    call = caller('CentOS', 'RedHat')
    assert call('get_enabled') == ['auditd', 'tty'] and call('get_disabled') == ['netfs', 'odd']
    assert call('get_enabled', limit='upstart') == ['tty'] and call('get_all', limit='upstart') == ['odd', 'tty']
    assert call('get_all') == ['auditd', 'functions2', 'netfs', 'odd', 'tty']
    assert call('available', 'auditd') and call('missing', 'nosuch') and call('enabled', 'tty') and call('disabled', 'odd')
    assert call('status', 'auditd') and not call('status', 'netfs') and call('status', 'tty')
    assert call('status', '*t*') == {'auditd': True, 'functions2': True, 'netfs': False, 'tty': True}
    rhel.forget()
    assert call('start', 'auditd') and call('stop', 'tty') and not call('restart', 'bad') and call('reload', 'auditd')
    assert rhel.calls() == ['service auditd start', 'stop tty', 'service bad restart', 'service auditd reload']


def test_rhel_6_at_boot(rhel, tmpdir):
    call = caller('CentOS', 'RedHat')
    assert call('enable', 'functions2') and call('enable', 'auditd') and call('disable', 'netfs') and call('delete', 'netfs')
    assert [line for line in rhel.calls() if line.startswith('chkconfig') and '--list' not in line] == [
        'chkconfig --add functions2', 'chkconfig functions2 on', 'chkconfig auditd on', 'chkconfig netfs off',
        'chkconfig --del netfs']
    assert call('enable', 'nosuch') is False and call('disable', 'nosuch') is False
    assert call('disable', 'tty') and tmpdir.join('init', 'tty.override').read() == 'manual\n'
    assert not call('enabled', 'tty') and call('enable', 'tty') and not tmpdir.join('init', 'tty.override').exists()


# ---- Ubuntu 14.04, OpenRC, others

def test_upstart(fake, tmpdir, monkeypatch):
    script(tmpdir, 'apache2')
    script(tmpdir, 'rsync')
    tmpdir.join('init', 'ssh.conf').write('start on x\n')
    monkeypatch.setattr(initscripts, 'linked', lambda level: {'3': set(['apache2'])}[level])
    monkeypatch.setattr(environment, 'which', lambda name: None)
    fake.add('service', 'rsync *', code=1).add('service').add('status', out='ssh start/running\n').add('update-rc.d')
    call = caller('Ubuntu', 'Debian')
    assert call('get_all') == ['apache2', 'rsync', 'ssh']
    assert call('get_enabled') == ['apache2', 'ssh'] and call('get_disabled') == ['rsync']
    assert call('status', 's*') == {'ssh': True} and not call('status', 'rsync') and call('full_restart', 'ssh')
    assert call('disable', 'ssh') and call('disabled', 'ssh') and call('enable', 'ssh') and call('enabled', 'ssh')
    assert call('enable', 'rsync') and call('disable', 'rsync') and not call('enable', 'nosuch')
    assert fake.calls()[-2:] == ['update-rc.d -f rsync defaults 99', 'update-rc.d -f rsync remove']


def test_openrc(fake):
    fake.add('rc-update', 'show', '   sshd | default\n   root |      boot\n')
    fake.add('rc-update', '-v show', '   sshd | default\n   root |      boot\n  ntpd |\n').add('rc-update')
    fake.add('rc-service', 'ntpd status', code=3).add('rc-service')
    call = caller('Gentoo', 'Gentoo')
    assert call('get_enabled') == {'sshd': ['default'], 'root': ['boot']} and call('get_disabled') == ['ntpd']
    assert call('status', 'sshd') and not call('status', 'ntpd') and call('available', 'ntpd') and call('start', 'ntpd')
    assert call('enable', 'sshd') and call('enable', 'ntpd') and call('disable', 'root') and call('enabled', 'sshd')
    assert [line for line in fake.calls() if 'show' not in line and line.startswith('rc-update')] == [
        'rc-update add ntpd default', 'rc-update delete root boot']


def test_a_system_that_nobody_knows(fake, tmpdir, monkeypatch):
    script(tmpdir, 'a', '#!/bin/sh\ntest "$1" = status\n')
    monkeypatch.setattr(environment, 'which', lambda name: None)
    call = caller('Odd', 'Odd')
    assert call('get_all') == ['a'] and call('status', 'a') and not call('start', 'a') and not call('status', '../a/b')
    assert call('run', 'a', 'status') and call('missing', 'b')


# ---- systemd

UNIT_FILES = ('sshd.service enabled enabled\nntpd.service disabled disabled\ndbus.service static -\nx.timer enabled enabled\n'
              'odd.slice enabled enabled\n')


@pytest.fixture
def systemd(fake, monkeypatch):
    monkeypatch.setattr(initscripts, 'booted_with_systemd', lambda: True)
    monkeypatch.setattr(systemdunits, 'files', lambda root='': set(['sshd', 'ntpd', 'dbus', 'x.timer']))
    fake.add('systemctl', '--full --no-legend --no-pager list-unit-files', UNIT_FILES)
    fake.add('systemctl', '--full --no-legend --no-pager', 'sshd.service loaded active running OpenSSH\n'
             'x.timer loaded active waiting X\n')
    fake.add('systemctl', 'is-active ntpd.service', 'inactive\n', 3).add('systemctl', 'is-enabled ntpd.service', '', 1)
    fake.add('systemctl', 'status -n 0 nosuch.service', code=4)
    fake.add('systemctl', 'start bad.service', code=1, err='Running scope as unit x\nJob failed.\n')
    fake.add('systemctl', 'show sshd.service', 'Id=sshd.service\nAfter=a.target b.service\n'
             'ExecStart={ path=/usr/sbin/sshd ; argv[]=/usr/sbin/sshd -D ; status=0/0 }\n')
    fake.add('systemctl', 'show -p *', 'NeedDaemonReload=no\n').add('systemctl')
    return fake


def test_systemd(systemd):
    call = caller('CentOS', 'RedHat')
    assert call('get_enabled') == ['sshd', 'x.timer'] and call('get_disabled') == ['ntpd'] and call('get_static') == ['dbus']
    assert call('get_running') == ['sshd'] and call('get_all') == ['dbus', 'ntpd', 'sshd', 'x.timer']
    assert call('available', 'sshd') and call('missing', 'nosuch') and call('offline') is False
    assert call('status', '*d') == {'sshd': True, 'ntpd': False} and call('enabled', 'sshd') and call('disabled', 'ntpd')
    assert call('show', 'sshd')['After'] == ['a.target', 'b.service']
    assert call('execs')['sshd'] == '/usr/sbin/sshd' and not call('masked', 'sshd')


def test_systemd_changes(systemd, monkeypatch):
    call = caller('CentOS', 'RedHat')
    monkeypatch.setattr(pkgtools, 'isolated', lambda argv, functions: list(argv))
    systemd.forget()
    assert call('start', 'a', unmask=True) and call('stop', 'x.timer') and call('restart', 'a', no_block=True)
    assert call('reload', 'a') and call('force_reload', 'a') and call('enable', 'a') and call('disable', 'a')
    assert call('mask', 'a', runtime=True) and call('systemctl_reload')
    assert [line for line in systemd.calls() if ' show ' not in line] == [
        'systemctl start a.service', 'systemctl stop x.timer', 'systemctl --no-block restart a.service',
        'systemctl reload a.service', 'systemctl --no-block force-reload a.service', 'systemctl enable a.service',
        'systemctl disable a.service', 'systemctl mask --runtime a.service', 'systemctl --system daemon-reload']
    with pytest.raises(CommandExecutionError) as caught:
        call('start', 'bad')
    assert str(caught.value) == 'Job failed.'


def test_what_is_shown_of_running_units():
    text = u'\u25cf sshd.service loaded active running X\n  a.mount loaded active mounted Y\nb.slice loaded active running\n'
    assert systemdunits.running(compat.to_native(text)) == set(['sshd'])
