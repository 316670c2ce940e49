"""pyenv.*, with a pyenv in a folder of the test's own that only notes its calls."""
from __future__ import absolute_import, division, print_function

import os

import pytest

from tests.support import hostmodules


@pytest.fixture
def pyenv(tmpdir, monkeypatch):
    """pyenv(function, ...); pyenv.ran: every command as [user, words..., what of its environment pyenv reads]."""
    host, root = hostmodules.Host(str(tmpdir.mkdir('host')), monkeypatch), tmpdir.join('root')
    run = host.loader.functions['cmd.run_all']
    module = host.loader.functions['pyenv.versions'].__globals__

    def run_all(argv, runas=None, env=None, **options):
        call.ran.append([runas] + [argv[0].replace(str(root), 'ROOT')] + argv[1:] + sorted(
            '%s=%s' % (name, value.replace(str(root), 'ROOT')) for name, value in (env or {}).items() if name != 'PATH'))
        call.path, call.cwd = (env or {}).get('PATH'), options.get('cwd')
        return run(argv, env=env, **options)

    def call(name, *args):
        return host.loader.functions['pyenv.' + name](*args)
    module['__salt__'] = {'cmd.run_all': run_all, 'config.option': lambda name: str(root) if name == 'pyenv.root' else None}
    call.ran, call.root, call.programs, call.module = [], root, host.programs, module
    return call


@pytest.fixture
def there(pyenv):
    """The same where pyenv is installed."""
    pyenv.programs.add('pyenv', 'git')
    os.makedirs(str(pyenv.root.join('bin')))
    os.symlink(os.path.join(pyenv.programs.bin, 'pyenv'), str(pyenv.root.join('bin', 'pyenv')))
    pyenv.programs.script('pyenv', u'exec %s/real "$@"\n' % pyenv.programs.bin)
    pyenv.programs.add('real')
    return pyenv


def ran(*words):
    return [None, 'ROOT/bin/pyenv'] + list(words) + ['PYENV_ROOT=ROOT']


@pytest.mark.parametrize('call, told', [
    (['is_installed'], False), (['versions'], []), (['list'], []), (['default'], ''), (['default', '2.7'], False),
    (['rehash'], True), (['update'], False), (['install_python', '2.7'], False), (['uninstall_python', '2.7'], False),
    (['do', 'nosuchprogram'], False), (['do', ''], False)])
def test_without_pyenv(pyenv, call, told):
    assert pyenv(*call) == told and pyenv.ran == []


def test_where_it_is(pyenv):
    pyenv.module['__salt__']['config.option'] = lambda name: None
    assert pyenv.module['_root'](None) == '/usr/local/pyenv'
    assert pyenv.module['_root']('root') == os.path.expanduser('~root/.pyenv')


def test_fetching(pyenv, tmpdir):
    pyenv.programs.add('git')
    assert pyenv('install') is True and pyenv('install', None, str(tmpdir)) is True
    pyenv.programs.answer('git', code=128)
    assert pyenv('install', None, '/nonexistent') is False
    assert pyenv.ran == [[None, 'git', 'clone', 'https://github.com/yyuu/pyenv.git', path]
                         for path in (str(pyenv.root), '/nonexistent')]
    assert pyenv('update', None, str(tmpdir)) is False and pyenv.cwd == str(tmpdir)


def test_versions(there):
    there.programs.answer('real versions', '2.7.6\n3.3.2\n')
    there.programs.answer('real install', 'Available versions:\n  2.1.3\n  jython-2.5\n')
    there.programs.answer('real global', '2.7.6\n')
    assert there('is_installed') is True
    assert there('versions') == ['2.7.6', '3.3.2']
    assert there('list') == ['2.1.3', 'jython-2.5']
    assert there('default') == '2.7.6' and there('default', 'python-3.3.2') is True
    assert there.ran == [ran('versions', '--bare'), ran('install', '--list'), ran('global'), ran('global', '3.3.2')]
    there.programs.answer('real', 'x', code=1)
    there.programs.answer('real versions', 'x', code=1)
    assert there('versions') == []
    there.programs.answer('real global', 'x', code=1)
    assert there('default') == '' and there('default', '9') is False


def test_building(there):
    there.programs.answer('real install', err='built\n')
    assert there('install_python', 'python-2.7.6') == 'built'
    assert there.ran == [ran('install', '2.7.6'), ran('rehash')]
    there.programs.answer('real install', err='no\n', code=1)
    del there.ran[:]
    assert there('install_python', '2.7.6') is False
    assert there.ran == [ran('install', '2.7.6'), ran('uninstall', '--force', '2.7.6')]
    assert there('uninstall_python', 'python-2.7.6') is True
    there.programs.answer('real uninstall', code=1)
    assert there('uninstall_python', '2.7.6') is False
    assert there.ran[2:] == [ran('uninstall', '--force', '2.7.6')] * 2


@pytest.mark.parametrize('name', ['install_python', 'uninstall_python', 'default'])
def test_versions_are_no_options(there, name):
    with pytest.raises(Exception) as caught:
        there(name, 'python--x')
    assert 'is no name' in str(caught.value) and there.ran == []


def test_running(there):
    there.programs.answer('tool', 'out\n')
    assert there('do', 'tool "a b" \'c\'; $x') == 'out'
    assert there.programs.calls() == [['tool', 'a b', 'c;', '$x'], ['real', 'rehash']]
    assert there.ran == [[None, 'tool', 'a b', 'c;', '$x', 'PYENV_ROOT=ROOT'], ran('rehash')]
    del there.ran[:]
    assert there('do_with_python', 'python-2.7.6', 'tool') == 'out'
    assert there.ran[0] == [None, 'tool', 'PYENV_ROOT=ROOT', 'PYENV_VERSION=2.7.6']
    del there.ran[:]
    there.programs.answer('tool', 'out\n', code=3)
    assert there('do', 'tool') is False and len(there.ran) == 1
    assert there.path.split(os.pathsep)[0] == str(there.root.join('shims'))
