"""The installer of a bundle, under every shell that is here, on systems in folders."""
from __future__ import absolute_import, division, print_function

import fcntl
import json
import os
import shutil
import subprocess
import sys

import pytest

import minion
from minion import compat
from tests.support import bundles
from tests.support.bundles import run
from tests.support.initscript import SHELLS
from tests.support.smalldisk import SmallDisk

OURS = '--python=' + sys.executable
NEXT = '0.9.9'                                   # the version that an update brings


@pytest.fixture(scope='module')
def bundle(tmpdir_factory):
    """Folder of an unpacked bundle."""
    folder = tmpdir_factory.mktemp('bundle').join('whole')
    bundles.lay_out(str(folder))
    return folder


@pytest.fixture
def copy(bundle, tmpdir):
    """One that a test may spoil."""
    folder = tmpdir.join('copy')
    shutil.copytree(str(bundle), str(folder))
    return folder


@pytest.fixture
def root(tmpdir):
    return tmpdir.mkdir('root')


def said(outcome, code, *words):
    """That exit code; the words in the output, or in the one line of an error."""
    assert outcome[0] == code, outcome
    assert len(outcome[2]) == (1 if code else 0), outcome
    text = outcome[2][0] if code else outcome[1]
    assert all(word in text for word in words), outcome
    return True


def ask(root, *words):
    """What the installed program prints."""
    process = subprocess.Popen([str(root.join('opt/minion/bin/minion'))] + list(words), stdout=subprocess.PIPE)
    output = compat.to_native(process.communicate()[0])
    assert process.returncode == 0
    return output


@pytest.mark.parametrize('shell', SHELLS)
def test_no_python_is_found(copy, shell, tmpdir):
    script = copy.join('install.sh')
    script.write(script.read().replace('want=' + bundles.PYTHON, 'want=2.6'))
    assert said(run(str(copy), shell, '--check'), 69, 'found no Python 2.6')
    copy.join('install.py').remove()
    assert said(run(str(copy), shell, '--check'), 65, 'unpack the whole archive')


@pytest.mark.parametrize('shell', SHELLS)
def test_the_first_look_under_every_shell(bundle, shell, tmpdir):
    outcome = run(str(bundle), shell, '--check', '--python', sys.executable)
    assert said(outcome, 0, 'is whole and suits ' + sys.executable)
    assert said(run(str(bundle), shell, '--check', OURS), 0)
    assert said(run(str(bundle), shell, '--check', '--python', '/bin/true'), 69, '/bin/true is not a Python')
    path = os.pathsep.join([str(tmpdir), os.environ['PATH']])
    os.symlink(sys.executable, str(tmpdir.join('python' + bundles.PYTHON)))
    assert said(run(str(bundle), shell, '--check', PATH=path), 0, 'is whole')
    code, output, trouble = run(str(bundle), shell, '--help', OURS)
    assert code == 0 and not trouble and '--uninstall' in output and 'exit codes' in output


@pytest.mark.parametrize('words, told', [(['--nosuch'], 'nosuch'), (['--check', '--uninstall'], 'not allowed with'),
                                         (['--prefix', 'opt'], '--prefix must be'),
                                         (['--config-dir', '/'], '--config-dir must be')])
def test_a_wrong_command_line(bundle, words, told):
    code, _, trouble = run(str(bundle), SHELLS[0], OURS, *words)
    assert code == 64 and told in trouble[-1]


def test_a_life(bundle, copy, root):
    where = ['--root', str(root), OURS, '--init', 'sysv']
    home = root.join('opt/minion')
    assert said(run(str(bundle), SHELLS[-1], *where), 0, 'etc/salt/minion', 'etc/init.d/minion', 'next:')
    first = home.join('current').readlink()
    assert first.startswith(minion.__version__ + '-') and not home.join('previous').check(link=1)
    assert ask(root, '--version').strip() == 'minion ' + minion.__version__
    assert root.join('usr/bin/minion').readlink() == '/opt/minion/bin/minion'
    assert 'DAEMON="/opt/minion/bin/minion"' in root.join('etc/default/minion').read()
    lib = home.join('current/lib')
    assert lib.join('mtst_lib.py').check() and lib.join('mtst_more.py').check() and not lib.join('mtst-tool').check()
    assert [name for name in os.listdir(str(lib.join('minion'))) if name in ('__init__.pyc', '__pycache__')]

    root.join('etc/salt/minion').write('master: kept\n')
    assert said(run(str(bundle), SHELLS[0], *where), 0, 'which is this version', 'kept:')
    assert home.join('current').readlink() == first and root.join('etc/salt/minion').read() == 'master: kept\n'

    renew(copy)
    assert said(run(str(copy), SHELLS[0], *where), 0, 'next:')
    assert home.join('current').readlink().startswith(NEXT) and home.join('previous').readlink() == first
    assert ask(root, '--version').strip() == 'minion ' + NEXT
    installed = str(home.join('current'))
    assert said(run(installed, SHELLS[0], '--rollback', *where), 0, 'current -> ' + first)
    assert ask(root, '--version').strip() == 'minion ' + minion.__version__
    assert home.join('previous').readlink().startswith(NEXT)

    assert said(run(str(bundle), SHELLS[0], '--force', *where), 0, first + '-2')
    names = sorted(path.basename for path in home.listdir())
    assert names == ['.lock', first, first + '-2', 'bin', 'current', 'previous']      # the oldest is gone
    assert said(run(str(home.join('current')), SHELLS[0], '--uninstall', *where), 0, 'removed:', 'kept:    /etc/salt')
    assert not home.check() and root.join('etc/salt/minion').check()
    for name in ('usr/bin/minion', 'etc/init.d/minion', 'etc/default/minion'):
        assert not os.path.lexists(str(root.join(name)))
    assert said(run(str(bundle), SHELLS[0], '--uninstall', *where), 1, 'no minion is installed')
    assert said(run(str(bundle), SHELLS[0], '--rollback', *where), 1, 'no version before')


def renew(folder):
    """Make the bundle in `folder` one of the next version."""
    path = folder.join('program/minion/__init__.py')
    path.write(path.read().replace(minion.__version__, NEXT))
    path = folder.join('bundle.json')
    path.write(json.dumps(dict(json.loads(path.read()), version=NEXT)))
    bundles.sign(str(folder))


def test_only_the_program(bundle, root, tmpdir):
    root.mkdir('usr').mkdir('bin').join('minion').write('of somebody else')
    where = ['--root', str(root), OURS, '--no-service', '--prefix', '/srv/a b/minion', '--config-dir', '/etc/minion']
    assert said(run(str(bundle), SHELLS[0], *where), 0, 'kept:    %s/usr/bin/minion, which is not ours' % root)
    assert sorted(path.basename for path in root.join('etc').listdir()) == ['minion']
    assert root.join('srv/a b/minion/bin/minion').check() and root.join('etc/minion/minion').check()


@pytest.mark.parametrize('name', ['program/minion/cli.py', 'bundle.json', 'wheels/mtst_lib-1.0-py2.py3-none-any.whl'])
def test_a_damaged_archive_changes_nothing(copy, root, name):
    copy.join(name).write(copy.join(name).read('rb') + b' ', 'wb')
    where = ['--root', str(root), OURS]
    assert said(run(str(copy), SHELLS[0], *where), 65, name + ' of the archive is damaged')
    copy.join(name).remove()
    assert said(run(str(copy), SHELLS[0], *where), 65, os.path.basename(name))
    assert root.listdir() == []


@pytest.mark.parametrize('content', ['', 'nonsense\n', b'\xff\xfe', '0' * 64 + '  caf\xe9\n',
                                     '0' * 64 + '  ../outside\n', '0' * 64 + '  /etc/passwd\n'])
def test_damaged_sums(copy, root, content):
    copy.join('SHA256SUMS').write(content if isinstance(content, bytes) else content.encode('latin-1'), 'wb')
    assert said(run(str(copy), SHELLS[0], '--root', str(root), OURS), 65, 'SHA256SUMS is damaged')
    assert root.listdir() == []


@pytest.mark.parametrize('changes, told', [
    ({'abi': 'cp27m'}, 'built as cp27m'), ({'machine': 'mtst'}, 'of kind mtst'), ({'python': '3.5'}, 'for Python 3.5'),
    ({'glibc': '9.99'}, 'needs glibc 9.99 or newer, and this host has '),
])
def test_another_host(copy, root, changes, told):
    path = copy.join('bundle.json')
    path.write(json.dumps(dict(json.loads(path.read()), **changes)))
    bundles.sign(str(copy))
    assert said(run(str(copy), SHELLS[0], '--root', str(root), OURS), 69, told)
    assert root.listdir() == []


def test_a_full_disk_leaves_the_version_before(bundle, copy, root):
    home = root.join('opt/minion').ensure(dir=1)
    disk = SmallDisk(home, '7m')
    try:
        where = ['--root', str(root), OURS, '--no-service']
        assert said(run(str(bundle), SHELLS[0], *where), 0)
        first = home.join('current').readlink()
        renew(copy)
        disk.fill()
        assert said(run(str(copy), SHELLS[0], *where), 1, 'No space left on device')
        assert home.join('current').readlink() == first and not home.join('previous').check(link=1)
        assert sorted(path.basename for path in home.listdir()) == sorted(['.lock', 'ballast', first, 'bin', 'current'])
        assert ask(root, '--version').strip() == 'minion ' + minion.__version__
    finally:
        disk.close()


def test_two_at_once(bundle, root):
    home = root.join('opt/minion').ensure(dir=1)
    with open(str(home.join('.lock')), 'ab') as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert said(run(str(bundle), SHELLS[0], '--root', str(root), OURS), 1, 'another installation works on /opt/minion')
    assert [path.basename for path in home.listdir()] == ['.lock']


def test_a_program_that_does_not_start_is_not_put_in_place(bundle, copy, root):
    where = ['--root', str(root), OURS, '--no-service']
    assert said(run(str(bundle), SHELLS[0], *where), 0)
    first = root.join('opt/minion/current').readlink()
    copy.join('program/minion/lean.py').write('import mtst_missing\n')
    bundles.sign(str(copy))
    assert said(run(str(copy), SHELLS[0], *where), 69, 'does not start here, nothing was changed', 'mtst_missing')
    assert root.join('opt/minion/current').readlink() == first
    assert sorted(path.basename for path in root.join('opt/minion').listdir()) == ['.lock', first, 'bin', 'current']


def test_not_permitted(bundle, tmpdir):
    if os.geteuid() == 0:
        pytest.skip('root may write everywhere')
    assert said(run(str(bundle), SHELLS[0], '--root', '/', OURS), 77, '/opt')
