"""Which wheels a bundle is made of, for another Python than this one; what lies in the archive."""
from __future__ import absolute_import, division, print_function

import hashlib
import json
import os
import tarfile

import pytest

import minion
import setup
from minion.bundle import archive, cli, targets, wheels
from tests.support.wheelmaker import make_wheel

M1, M2014 = 'manylinux1_x86_64', 'manylinux2014_x86_64'


@pytest.mark.parametrize('python, abi, platform, glibc', [
    ('2.7', 'cp27mu', M1, (2, 5)), ('3.6', 'cp36m', M1, (2, 5)), ('3.8', 'cp38', M2014, (2, 17)),
    ('3.11', 'cp311', M2014, (2, 17)), ('3.14', 'cp314', 'manylinux_2_26_x86_64', (2, 26)),
])
def test_the_usual_host_of_a_python(python, abi, platform, glibc):
    assert targets.target(python) == targets.Target(python, abi, platform, glibc, 'x86_64')


@pytest.mark.parametrize('python', targets.PYTHONS)
def test_every_python_has_requirements_and_a_platform(python):
    version = [int(part) for part in python.split('.')]
    assert setup.requirements('options', 'install_requires', version)
    assert targets.platforms(targets.target(python))[0].startswith('manylinux_2_')


@pytest.mark.parametrize('words', [('2.6', None), ('4', None), ('3.11', 'win_amd64'), ('2.7', 'manylinux3_x86_64'), ('', M1)])
def test_what_there_is_no_bundle_for(words):
    with pytest.raises(targets.UnknownTarget):
        targets.target(*words)


def test_platforms_that_a_host_takes():
    assert targets.platforms(targets.target('2.7', M1)) == ['manylinux_2_5_x86_64', M1]
    found = targets.platforms(targets.target('3.6', M2014))
    assert found[:2] == ['manylinux_2_17_x86_64', M2014] and found[-1] == M1 and 'manylinux2010_x86_64' in found
    assert targets.platforms(targets.target('3.11', 'manylinux_2_28_aarch64'))[0] == 'manylinux_2_28_aarch64'


@pytest.mark.parametrize('name, glibc', [
    ('click-7.1.2-py2.py3-none-any.whl', None), ('msgpack-0.6.2-cp27-cp27mu-manylinux1_x86_64.whl', (2, 5)),
    ('pyzmq-26.4.0-cp311-cp311-manylinux_2_17_x86_64.manylinux2014_x86_64.whl', (2, 17)),
    ('x-1-cp311-cp311-manylinux_2_17_x86_64.manylinux_2_28_x86_64.whl', (2, 17)),
])
def test_glibc_that_a_wheel_needs(name, glibc):
    assert targets.needed_glibc(name) == glibc


@pytest.mark.parametrize('marker, on_2_7, on_3_6, on_3_11', [
    ('python_version < "3"', True, False, False), ('python_version<\'3.8\'', True, True, False),
    ('python_version >= "3.7" and python_version < "3.10"', False, False, False),
    ('python_version == "2.7" or (python_version > "3.9" and os_name == "posix")', True, False, True),
    ('implementation_name == "pypy"', False, False, False), ('extra == "test"', False, False, False),
    ('platform_system == "Windows" or sys_platform == "win32"', False, False, False),
    ('sys_platform in "linux linux2"', True, True, True), ('platform_machine not in "i686 arm"', True, True, True),
    ('platform.machine == "x86_64"', True, True, True), ('python_full_version > "3.6.0"', False, True, True),
])
def test_markers_for_another_python(marker, on_2_7, on_3_6, on_3_11):
    found = [targets.holds(marker, targets.environment(targets.target(python))) for python in ('2.7', '3.6', '3.11')]
    assert found == [on_2_7, on_3_6, on_3_11]


@pytest.mark.parametrize('marker', ['python_version', 'nonsense == "x"', 'python_version < "3" and', '(os_name == "posix"',
                                    'os_name == "posix" os_name', 'python_version ~= "3"', 'os_name & "x"'])
def test_markers_that_are_not_understood(marker):
    with pytest.raises(ValueError):
        targets.holds(marker, targets.environment(targets.target('3.11')))


def test_what_wheels_still_ask_for(tmpdir):
    make_wheel(str(tmpdir), 'one', requires=['Two_x (>=1.0)', 'three>=2 ; python_version < "3.8"', 'four; extra == "z"'])
    make_wheel(str(tmpdir), 'two.x')
    assert wheels.lacking(targets.target('3.6'), str(tmpdir)) == ['three>=2']
    assert wheels.lacking(targets.target('3.11'), str(tmpdir)) == []
    make_wheel(str(tmpdir), 'three')
    assert wheels.lacking(targets.target('2.7'), str(tmpdir)) == []


def test_a_damaged_wheel_is_named(tmpdir):
    tmpdir.join('bad-1-py3-none-any.whl').write('x')
    with pytest.raises(wheels.NoWheels) as told:
        wheels.lacking(targets.target('3.11'), str(tmpdir))
    assert 'bad-1-py3-none-any.whl' in str(told.value)


@pytest.fixture(scope='module')
def laid_out(tmpdir_factory):
    place = tmpdir_factory.mktemp('bundle')
    make_wheel(str(place.mkdir('wheels')), 'one', tag='cp27-cp27mu-manylinux1_x86_64')
    folder = place.join('whole')
    return folder, archive.lay_out(targets.target('2.7'), str(place.join('wheels')), str(folder))


def test_what_lies_in_the_archive(laid_out):
    folder, about = laid_out
    assert about == json.loads(folder.join('bundle.json').read()) and about['glibc'] == '2.5'
    assert (about['version'], about['abi']) == (minion.__version__, 'cp27mu')
    names = archive.files(str(folder))
    for name in ('install.sh', 'install.py', 'README', 'wheels/one-1.0-cp27-cp27mu-manylinux1_x86_64.whl',
                 'program/minion/cli.py', 'program/minion/keeper.sh', 'program/minion/modules/test.py',
                 'program/conf/minion', 'program/conf/init.d/minion', 'program/LICENSE'):
        assert name in names
    assert not [name for name in names if 'minion/bundle' in name or name.endswith('.pyc')]
    rows = [line.split('  ') for line in folder.join('SHA256SUMS').read().splitlines()]
    assert [name for _, name in rows] == [name for name in names if name != 'SHA256SUMS']
    for known, name in rows[:5]:
        assert hashlib.sha256(folder.join(name).read('rb')).hexdigest() == known
    assert "want=2.7\n" in folder.join('install.sh').read()


def test_the_same_content_makes_the_same_bytes(laid_out, tmpdir):
    folder, _ = laid_out
    paths = [str(tmpdir.join(name)) for name in ('a.tar.gz', 'b.tar.gz')]
    archive.pack(str(folder), paths[0], 1500000000)
    for name in ('install.sh', 'README'):
        os.utime(str(folder.join(name)), (1, 1))
    archive.pack(str(folder), paths[1], 1500000000)
    assert archive.digest(paths[0]) == archive.digest(paths[1])
    with tarfile.open(paths[0]) as packed:
        entries = packed.getmembers()
    assert set((entry.uid, entry.mtime) for entry in entries) == set([(0, 1500000000)])
    assert all(entry.name.startswith('whole/') for entry in entries)
    assert [entry.name for entry in entries if entry.mode == 0o755 and '/program/' not in entry.name] == ['whole/install.sh']


@pytest.mark.parametrize('words, code, told', [
    (['--python', '2.6'], 64, 'no bundle for Python 2.6'), ([], 64, '--python'),
    (['--python', '3.11', '--nosuch'], 64, 'nosuch'),
    (['--python', '3.11', '--pip', '/nonexistent/python'], 69, 'cannot be run'),
    (['--python', '3.11', '--pip', '/bin/true'], 69, 'has no pip'),
])
def test_errors_are_one_line_and_a_code(words, code, told, capsys, tmpdir):
    assert cli.main(words + (['--output', str(tmpdir)] if words else [])) == code
    lines = [line for line in capsys.readouterr()[1].splitlines() if line]
    assert len(lines) == 1 and told in lines[0]
    assert tmpdir.listdir() == []


def test_help_fits_a_terminal(capsys, monkeypatch):
    monkeypatch.setenv('COLUMNS', '80')
    assert cli.main(['--help']) == 0
    text = capsys.readouterr()[0]
    assert 'bin/bundle --python 2.7' in text and max(len(line) for line in text.splitlines()) <= 80


def test_an_old_pip_is_refused(monkeypatch, tmpdir):
    monkeypatch.setattr(wheels, 'pip_version', lambda python: (9, 0))
    with pytest.raises(wheels.NoWheels) as told:
        wheels.fetch(targets.target('2.7'), [], str(tmpdir), 'python2.7')
    assert 'pip 9.0 of python2.7 is too old' in str(told.value)
