"""The environment of commands: the same however the minion was started, and what a login adds."""
from __future__ import absolute_import, division, print_function

import os
import pwd

import pytest

from minion.errors import CommandExecutionError, SaltInvocationError
from minion.helpers import command, environment, runas

ME = pwd.getpwuid(os.geteuid())
STANDARD = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'
STARTS = {
    'boot': {'PATH': '/sbin:/usr/sbin:/bin:/usr/bin', 'RUNLEVEL': '3', 'PREVLEVEL': 'N', 'CONSOLE': '/dev/console'},
    'cron': {'PATH': '/usr/bin:/bin', 'HOME': '/', 'SHELL': '/bin/sh', 'LOGNAME': 'root', 'MAILTO': 'root'},
    'ssh': {'PATH': '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', 'HOME': '/root', 'USER': 'admin',
            'SSH_CONNECTION': '1.2.3.4 5 6.7.8.9 22', 'SSH_AUTH_SOCK': '/tmp/x', 'TERM': 'xterm', 'XDG_SESSION_ID': '4',
            'MAIL': '/var/mail/root', 'SHLVL': '2', 'PWD': '/srv', 'OLDPWD': '/', '_': '/usr/bin/minion'},
    'sudo': {'PATH': STANDARD, 'SUDO_USER': 'admin', 'SUDO_UID': '1000', 'USER': 'root', 'LS_COLORS': 'x'},
    'systemd': {'PATH': '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin', 'NOTIFY_SOCKET': '/run/systemd/notify',
                'INVOCATION_ID': 'a', 'JOURNAL_STREAM': '8:1', 'LISTEN_FDS': '1', 'SYSTEMD_EXEC_PID': '4'},
    'bundle': {'PATH': STANDARD, 'LD_LIBRARY_PATH': '/opt/x/lib', 'LD_PRELOAD': 'x.so', 'PYTHONPATH': '/x',
               'PYTHONHOME': '/y', 'VIRTUAL_ENV': '/opt/minion'},
    'hostile': {'PATH': '.::bin:/usr/bin', 'BASH_ENV': '/tmp/evil', 'ENV': '/tmp/evil', 'IFS': '/', 'CDPATH': '/tmp',
                'BASH_FUNC_ls%%': '() { rm -rf /; }', 'LC_ALL': 'tr_TR.UTF-8', 'SHELLOPTS': 'noexec'},
    'empty': {},
}


@pytest.mark.parametrize('start', sorted(STARTS))
def test_the_same_however_we_were_started(start):
    env = environment.base(STARTS[start])
    env.pop('LC_ALL', None)
    assert env == {'PATH': STANDARD, 'HOME': ME.pw_dir, 'SHELL': ME.pw_shell or '/bin/sh', 'USER': ME.pw_name,
                   'LOGNAME': ME.pw_name}


def test_settings_of_the_administrator_stay():
    env = environment.base({'PATH': '/opt/a/bin:/usr/bin:/opt/b/bin:/opt/a/bin', 'http_proxy': 'http://p', 'LANG': 'C'})
    assert env['PATH'] == '/opt/a/bin:/opt/b/bin:' + STANDARD
    assert (env['http_proxy'], env['LANG']) == ('http://p', 'C')


def test_locale_of_a_command(monkeypatch):
    for name in ('LC_ALL', 'LC_TIME', 'LANG'):
        monkeypatch.setenv(name, 'de_DE.ISO-8859-1')
    env = environment.for_command({'LC_NAME': 'x'})
    assert 'LC_ALL' not in env and env['LANG'] == 'de_DE.ISO-8859-1'
    assert (env['LC_TIME'], env['LANGUAGE'], env['LC_NAME']) == ('C', 'C', 'x')
    assert environment.for_command(reset_locale=False)['LC_ALL'] == 'de_DE.ISO-8859-1'
    assert sorted(environment.for_command(clean=True)) == sorted(environment.LOCALE)


def test_bytes_of_the_environment_reach_the_command(monkeypatch):
    name, value = 'ODD', b'\xe9\xff'
    if hasattr(os, 'environb'):
        os.environb[name.encode('ascii')] = value
    else:
        os.environ[name] = value
    try:
        assert command.run(['sh', '-c', 'printf "%s" "$ODD"']).stdout == value
    finally:
        del os.environ[name]


@pytest.mark.parametrize('given, expected', [
    (None, {}), ({}, {}), ([], {}), ('A=1', {}), (5, {}), (['A', 'B'], {}),
    ({'A': None, 'B': True, 3: 1.5}, {'A': '', 'B': 'True', '3': '1.5'}),
    ([{'A': 1}, {'A': 2}, {'B': [1, 2]}], {'A': '2', 'B': '[1, 2]'}),
])
def test_parse(given, expected):
    assert environment.parse(given) == expected


@pytest.mark.parametrize('name', ['', 'A=B', 'A\0'])
def test_parse_refuses_names(name):
    with pytest.raises(SaltInvocationError):
        environment.parse({name: 'x'})


def test_which(tmpdir):
    program = tmpdir.join('prog')
    program.write('x')
    assert environment.which('prog', str(tmpdir)) is None
    program.chmod(0o755)
    assert environment.which('prog', '/nowhere:' + str(tmpdir)) == str(program)
    assert environment.which(str(program)) == str(program)
    for name in ('', '.', '..', '../bin/sh', 'a\0b', None, 'nosuchprogram', str(tmpdir)):
        assert environment.which(name) is None


# ---- somebody else's

@pytest.mark.parametrize('name', ['nosuchuser', '', 'a\0b', -1, 1 << 70])
def test_unknown_user(name):
    with pytest.raises(CommandExecutionError) as caught:
        runas.account(name)
    assert 'is not available' in str(caught.value)


def test_identity_of_ourselves_is_none():
    assert runas.identity() is None
    assert runas.identity(runas.account(ME.pw_name)) is None
    assert runas.account(os.geteuid()) == ME


@pytest.mark.skipif(os.geteuid() != 0, reason='changes the user')
class TestAsRoot(object):
    def test_all_ids_change(self):
        nobody = runas.account('nobody')
        identity = runas.identity(nobody, 'daemon')
        status = command.run(['cat', '/proc/self/status'], identity=identity).stdout.decode('utf-8').splitlines()
        fields = dict((line.split(':')[0], line.split()[1:]) for line in status)
        assert fields['Uid'] == [str(nobody.pw_uid)] * 4
        assert fields['Gid'] == [str(identity.gid)] * 4 and identity.gid != nobody.pw_gid
        assert sorted(int(number) for number in fields['Groups']) == identity.groups

    def test_background_ids_change(self, tmpdir):
        nobody = runas.account('nobody')
        pid = command.start(['sleep', '300'], identity=runas.identity(nobody))
        try:
            assert os.stat('/proc/%d' % pid).st_uid == nobody.pw_uid
        finally:
            os.kill(pid, 9)

    @pytest.mark.parametrize('profile, told', [
        ('sleep 300', 'takes longer'),
        ('exit 0', 'prevents a command'),
        ('while :; do echo noise; done', 'cannot be asked for'),
    ])
    def test_a_broken_profile_is_no_obstacle(self, profile, told, tmpdir, monkeypatch, caplog):
        monkeypatch.setattr(runas, 'LOGIN_TIMEOUT', 0.5)
        monkeypatch.setattr(runas, 'LOGIN_LIMIT', 1000)
        shell = tmpdir.join('shell')
        shell.write('#!/bin/sh\n%s\n' % profile)
        shell.chmod(0o755)
        assert runas.login_environment(ME, str(shell)) == environment.about(ME)
        assert told in caplog.text

    def test_a_talking_profile_is_understood(self, tmpdir):
        shell = tmpdir.join('shell')
        shell.write('#!/bin/sh\necho Welcome; MINE="a\nb" HOME=/srv; export MINE HOME; exec /bin/sh "$@"\n')
        shell.chmod(0o755)
        env = runas.login_environment(ME, str(shell))
        assert (env['MINE'], env['HOME'], env['USER']) == ('a\nb', '/srv', ME.pw_name)
        assert not set(runas.NOT_OF_LOGIN) & set(env)

    def test_no_su(self, monkeypatch):
        monkeypatch.setattr(environment, 'STANDARD_PATH', ('/nowhere',))
        monkeypatch.setenv('PATH', '/nowhere')
        assert runas.login_environment(ME, '/bin/sh') == environment.about(ME)


def test_only_root_may_change(monkeypatch):
    monkeypatch.setattr(os, 'geteuid', lambda: 12345)
    with pytest.raises(CommandExecutionError) as caught:
        runas.identity(runas.account(0))
    assert 'only root' in str(caught.value)
