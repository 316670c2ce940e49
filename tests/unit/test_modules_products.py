"""pip.*, npm.*, sqlite3.*, supervisord.*: answers of 3008.3, with fake programs."""
from __future__ import absolute_import, division, print_function

import json
import os

import pytest

from minion.errors import CommandExecutionError, CommandNotFoundError
from minion.helpers import supervisorconf
from tests.support.hostmodules import Host

PIP = [{'name': 'PyYAML', 'version': '6.0'}, {'name': 'jaraco.text', 'version': '4.3'}]
STATUS = ('web                    RUNNING   pid 12, uptime 1:02:03\n'
          'worker:w_00            STOPPED   Nov 25 10:00 AM\nbad    FATAL\n')


@pytest.fixture
def host(tmpdir, monkeypatch):
    return Host(str(tmpdir), monkeypatch)


# ---- pip

@pytest.fixture
def pip(host):
    host.programs.answer('pip --version', 'pip 23.2.1 from /x (python 3.11)')
    host.programs.answer('pip list', json.dumps(PIP))
    host.programs.answer('pip freeze', '-e git+https://x/y@z#egg=Own\nFoo_Bar==1.0\n# comment\njaraco.text==4.3')
    path = os.path.join(host.programs.bin, 'pip')
    return lambda name, *args, **kwargs: host.call('pip.' + name, *args, bin_env=path, **kwargs)


def last(host):
    return host.programs.calls()[-1]


@pytest.mark.parametrize('wanted, expected', [
    ({'pkgs': 'a,b'}, ['a', 'b']),
    ({'pkgs': ['a', 'b==1']}, ['a', 'b==1']),
    ({'pkgs': 'a[x,y]>=1,<2'}, ['a[x,y]>=1,<2']),
    ({'editable': 'git+https://x/y#egg=z'}, ['--editable', 'git+https://x/y#egg=z']),
    ({'requirements': '/r.txt'}, ['--requirement', '/r.txt']),
    ({'pkgs': 'a', 'upgrade': True, 'no_deps': True, 'timeout': 5, 'log': '/l', 'proxy': 'p'},
     ['--log', '/l', '--proxy', 'p', '--timeout', '5', '--upgrade', '--no-deps', 'a']),
    ({'pkgs': 'a', 'find_links': 'http://x', 'index_url': 'http://y', 'target': '/t', 'global_options': 'g'},
     ['--find-links', 'http://x', '--index-url', 'http://y', '--target', '/t', '--global-option', 'g', 'a']),
    ({'pkgs': 'a', 'trusted_host': 'h', 'no_cache_dir': True, 'extra_args': ['--x', {'y': 'z'}], 'cache_dir': '/c',
      'no_binary': 'a,b', 'disable_version_check': True},
     ['--no-binary', 'a,b', '--disable-pip-version-check', '--cache-dir', '/c', '--no-cache-dir', 'a', '--trusted-host', 'h',
      '--x', 'y', 'z']),
])
def test_pip_install(pip, host, wanted, expected):
    assert pip('install', **wanted)['retcode'] == 0
    assert last(host) == ['pip', 'install'] + expected


@pytest.mark.parametrize('wanted, message', [
    ({'pkgs': 'a', 'find_links': 'x'}, "'x' is not a valid URL or path"),
    ({'pkgs': 'a', 'index_url': 'x'}, "'x' is not a valid URL"),
    ({'pkgs': 'a', 'no_index': True, 'index_url': 'http://x'},
     "'no_index' and ('index_url' or 'extra_index_url') are mutually exclusive."),
    ({'editable': 'x'}, 'You must specify an egg for this editable'),
    ({'pkgs': 'a', 'exists_action': 'z'},
     "The exists_action pip option only supports the values s, i, w, and b. 'z' is not valid."),
])
def test_pip_install_that_cannot_be(pip, wanted, message):
    with pytest.raises(CommandExecutionError) as caught:
        pip('install', **wanted)
    assert str(caught.value) == message
    with pytest.raises(ValueError):
        pip('install', 'a', timeout='x')


def test_pip_looking(pip, host):
    assert host.call('pip.install') == {'retcode': 0, 'stdout': 'No packages to install.'}
    assert pip('version') == '23.2.1' and host.call('pip.normalize', 'Foo_Bar.baz') == 'foo-bar-baz'
    assert pip('list') == {'pyyaml': '6.0', 'jaraco-text': '4.3'} and pip('list', 'Py') == {'pyyaml': '6.0'}
    assert pip('is_installed', 'PyYAML') is True and pip('is_installed', 'nosuch') is False
    assert pip('freeze')[1] == 'Foo_Bar==1.0'
    assert last(host) == ['pip', 'freeze', '--all', '--disable-pip-version-check']
    assert pip('list_freeze_parse') == {'pip': '23.2.1', 'own': 'git+https://x/y@z#egg=Own', 'foo-bar': '1.0',
                                        'jaraco-text': '4.3'}
    pip('uninstall', 'a,b', extra_args=['--x'])
    assert last(host) == ['pip', 'uninstall', '-y', 'a', 'b', '--x']
    host.programs.answer(
        'pip install', err='ERROR: Could not find a version that satisfies x (from versions: 1.0, 1.1b1, 2.0rc1)', code=1)
    assert pip('list_all_versions', 'x') == ['1.0'] and pip('list_all_versions', 'x', include_beta=True) == ['1.0', '1.1b1']
    host.programs.answer('pip list', 'no json')
    with pytest.raises(CommandExecutionError) as caught:
        pip('list')
    assert 'Invalid JSON' in str(caught.value)


def test_pip_upgrades(pip, host):
    host.programs.answer('pip list --outdated --disable-pip-version-check --format=json', json.dumps(
        [{'name': 'PyYAML', 'version': '6.0', 'latest_version': '7.0', 'latest_filetype': 'wheel'}]))
    assert pip('list_upgrades') == {'PyYAML': '7.0 [wheel]'}
    assert pip('upgrade_available', 'PyYAML') is True and pip('upgrade_available', 'x') is False
    assert pip('upgrade') == {} and ['pip', 'install', '-U', 'PyYAML'] in host.programs.calls()


def test_pip_that_is_not_there(host, tmpdir):
    for path, message in ((str(tmpdir), 'Could not find a pip binary in virtualenv %s' % tmpdir),
                          ('/nosuch', 'Access denied to /nosuch, could not find a pip binary')):
        with pytest.raises(CommandNotFoundError) as caught:
            host.call('pip.version', path)
        assert str(caught.value) == message


# ---- sqlite3

def test_sqlite3(host, tmpdir):
    pytest.importorskip('sqlite3')
    path, call = str(tmpdir.join('a.db')), host.call
    assert call('sqlite3.modify', path, 'CREATE TABLE t (a int, b text)') is True
    assert call('sqlite3.modify', path, "INSERT INTO t VALUES (1, 'x')")
    assert call('sqlite3.modify', path, 'CREATE INDEX i ON t (a)')
    assert [tuple(row) for row in call('sqlite3.fetch', path, 'SELECT * FROM t')] == [(1, u'x')]
    assert [tuple(row) for row in call('sqlite3.tables', path)] == [(u't',)]
    assert call('sqlite3.indices', path) == call('sqlite3.indexes', path) != []
    assert [call('sqlite3.' + name) for name in ('fetch', 'modify', 'tables', 'indices')] == [False] * 4
    assert call('sqlite3.version') == '2.6.0' and call('sqlite3.sqlite_version')[0] == '3'
    value, retcode = host.job('sqlite3.fetch', path, 'SELECT * FROM nosuch')
    assert 'no such table: nosuch' in value and retcode == 1


# ---- supervisord

def test_supervisord(host):
    host.programs.answer('supervisorctl status', STATUS)
    host.programs.answer('supervisorctl start fail', 'fail: ERROR (no such process)', code=2)
    host.programs.answer('supervisorctl start', 'web: started')
    assert host.job('supervisord.start', 'web') == ('web: started', 0)
    assert host.job('supervisord.start', 'fail') == ('fail: ERROR (no such process)', 2)
    assert host.call('supervisord.status') == {
        'web': {'state': 'RUNNING', 'reason': 'pid 12, uptime 1:02:03'},
        'worker:w_00': {'state': 'STOPPED', 'reason': 'Nov 25 10:00 AM'}, 'bad': {'state': 'FATAL', 'reason': ''}}
    assert host.call('supervisord.status_raw') == STATUS.strip()
    assert host.call('supervisord.status_bool', 'bad') is True and host.call('supervisord.status_bool', 'bad', 'FATAL') is True
    assert host.call('supervisord.status_bool', 'bad', 'RUNNING') is False
    assert host.call('supervisord.status_bool', 'nosuch') is False


@pytest.mark.parametrize('name, arguments, expected', [
    ('stop', [], ['stop', 'all']), ('restart', ['web'], ['restart', 'web']), ('add', ['web:*'], ['add', 'web']),
    ('remove', ['web'], ['remove', 'web']), ('reread', [], ['reread']), ('update', [], ['update']),
    ('custom', ['mstop web*'], ['mstop web*']), ('update', [None, '/x.conf', None, 'web'], ['-c', '/x.conf', 'update', 'web']),
])
def test_words_for_supervisorctl(host, name, arguments, expected):
    host.programs.add('supervisorctl')
    host.call('supervisord.' + name, *arguments)
    assert last(host) == ['supervisorctl'] + expected


def test_supervisord_options(host, tmpdir, monkeypatch):
    conf = tmpdir.join('s.conf')
    conf.write('[supervisord]\n; c\n[program:web]\n'
               'command=/bin/x %(here)s ; c\nautostart=true\npriority=10\nenv=A="b",\n  C="d"\n')
    assert host.call('supervisord.options', 'web', str(conf)) == {
        'command': '/bin/x %(here)s', 'autostart': True, 'priority': 10, 'env': 'A="b",\nC="d"'}
    with pytest.raises(CommandExecutionError) as caught:
        host.call('supervisord.options', 'nosuch', str(conf))
    assert str(caught.value) == "Process 'nosuch' not found"
    monkeypatch.setattr(supervisorconf, 'PATHS', ())
    with pytest.raises(CommandExecutionError) as caught:
        host.call('supervisord.options', 'web')
    assert str(caught.value) == 'No suitable config file found'


def test_no_supervisorctl(host, tmpdir):
    with pytest.raises(CommandNotFoundError) as caught:
        host.call('supervisord.status', bin_env=str(tmpdir))
    assert str(caught.value) == 'Could not find a `supervisorctl` binary'


# ---- npm

def test_npm(host):
    host.programs.answer('npm list', json.dumps({'name': 'lib', 'dependencies': {'npm': {'version': '11'}}}))
    host.programs.answer('npm install', 'added 1 package\n' + json.dumps({'added': 1}))
    host.programs.answer('npm config', '/root/.npm')
    assert host.call('npm.list') == {'npm': {'version': '11'}}
    assert last(host) == ['npm', 'list', '--silent', '--json', '--global']
    host.call('npm.list', 'x', dir='/', depth=2)
    assert last(host) == ['npm', 'list', '--silent', '--json', '--depth=2', 'x']
    assert host.call('npm.install', 'x', registry='http://r') == {'added': 1}
    assert last(host) == ['npm', 'install', '--silent', '--global', '--registry=http://r', '--json', 'x']
    assert host.call('npm.uninstall', 'x') is True and host.call('npm.cache_path') == '/root/.npm'
    assert host.call('npm.cache_clean', force=True) is True and last(host) == ['npm', 'cache', 'clean', '--force']
    host.programs.answer('npm cache', err='no', code=1)
    assert host.call('npm.cache_clean') is False
    with pytest.raises(CommandExecutionError):
        host.call('npm.cache_list')
