"""What setup.cfg and setup.py declare, also to a setuptools that reads only the latter."""
from __future__ import absolute_import, division, print_function

import os
import re
import stat
import types

import pytest

import minion
import setup

ROOT = os.path.dirname(os.path.abspath(setup.__file__))
PYTHONS = [(2, 7)] + [(3, minor) for minor in range(6, 15)]
LIBRARIES = ['PyYAML', 'click', 'msgpack', 'pycryptodomex', 'pyzmq', 'rsa']
TOP_LEVEL = set(['bin', 'conf', 'docs', 'minion', 'tests', 'setup.cfg', 'setup.py', 'README.md', 'CHANGELOG.md', 'LICENSE'])
MADE_BY_TOOLS = ('build', 'dist', '__pycache__')


def names(requirements):
    """Names of requirements, sorted; one that is there twice shows up twice."""
    return sorted(re.match(r'[A-Za-z0-9_.-]+', line).group() for line in requirements)


@pytest.mark.parametrize('version', PYTHONS, ids=str)
def test_every_python_gets_each_library_once(version):
    assert names(setup.requirements('options', 'install_requires', version)) == LIBRARIES


@pytest.mark.parametrize('version, expected', [
    ((2, 7), ['rsa>=3.4,<4.6', 'click>=3.0,<8', 'msgpack>=0.5.2,<1.0', 'PyYAML>=3.10,<6']),
    ((3, 6), ['click>=6.7,<8.1']),
    ((3, 9), ['click>=6.7,<8.2']),
    ((3, 10), ['click>=6.7', 'rsa>=4.0']),
], ids=str)
def test_last_lines_for_old_pythons_are_capped(version, expected):
    assert set(expected) <= set(setup.requirements('options', 'install_requires', version))


@pytest.mark.parametrize('version', PYTHONS, ids=str)
def test_extras_hold_for_every_python(version):
    for extra in ('jinja', 'states'):
        assert names(setup.requirements('options.extras_require', extra, version)) == ['Jinja2']
    tools = names(setup.requirements('options.extras_require', 'test', version))
    assert set(['pytest', 'hypothesis', 'Jinja2']) <= set(tools) and len(set(tools)) == len(tools)


@pytest.mark.parametrize('marker, version, expected', [
    ('python_version < "3"', (2, 7), True),
    ('python_version < "3"', (3, 6), False),
    ('python_version >= "3.7" and python_version < "3.10"', (3, 9), True),
    ('python_version >= "3.7" and python_version < "3.10"', (3, 10), False),
    ("python_version == '2.7'", (2, 7), True),
])
def test_markers(marker, version, expected):
    assert setup.holds(marker, version) is expected


@pytest.mark.parametrize('marker', ['sys_platform == "linux"', 'python_version < "3" or python_version > "4"', ''])
def test_marker_that_is_not_understood_is_an_error(marker):
    with pytest.raises(ValueError):
        setup.holds(marker, (3, 6))


def run_setup(monkeypatch, version):
    """Keyword arguments that setup.main() passes to a setuptools of a version."""
    passed = []
    fake = types.ModuleType('setuptools')
    fake.__version__ = version
    fake.setup = lambda **arguments: passed.append(arguments)
    monkeypatch.setitem(setup.sys.modules, 'setuptools', fake)
    setup.main()
    assert len(passed) == 1
    return passed[0]


@pytest.mark.parametrize('version', ['0.6.24', '0.9.8', '5.5.1', '20.7.0', '28.8.0', '30.2.1'])
def test_old_setuptools_is_told_everything_in_plain_lists(monkeypatch, version):
    told = run_setup(monkeypatch, version)
    assert (told['name'], told['version'], told['scripts']) == ('minion', minion.__version__, ['bin/minion'])
    assert 'minion.modules' in told['packages']
    assert names(told['install_requires']) == LIBRARIES
    assert ';' not in ''.join(told['install_requires'] + sum(told['extras_require'].values(), []))


@pytest.mark.parametrize('version', ['30.3.0', '33.1.1', '44.1.1', '69.5.1', '84.0.0.post1'])
def test_newer_setuptools_reads_setup_cfg_with_its_markers(monkeypatch, version):
    assert run_setup(monkeypatch, version) == {}


def test_every_package_is_listed():
    there = [os.path.relpath(folder, ROOT).replace(os.sep, '.') for folder, _, files in
             os.walk(os.path.join(ROOT, 'minion')) if '__init__.py' in files]
    assert sorted(setup.items('options', 'packages')) == sorted(there)


def test_program_is_installed_as_a_plain_script():
    for name in setup.items('options', 'scripts'):
        path = os.path.join(ROOT, name)
        with open(path, 'rb') as stream:
            assert re.match(br'#!.*python', stream.readline())        # what installers replace by their own Python
        assert os.stat(path).st_mode & stat.S_IXUSR
    assert not setup.config().has_option('options.entry_points', 'console_scripts')


def test_wheel_suits_both_pythons():
    assert setup.config().get('bdist_wheel', 'python_tag') == 'py2.py3'


def test_top_level_holds_nothing_else():
    there = set(name for name in os.listdir(ROOT)
                if not name.startswith('.') and not name.endswith(('.egg-info', '.pyc')))
    assert there - set(MADE_BY_TOOLS) == TOP_LEVEL


@pytest.mark.parametrize('name', ['bin/bundle', 'bin/check', 'bin/quickstart', '.ci/run'])
def test_commands_can_be_run(name):
    assert os.stat(os.path.join(ROOT, name)).st_mode & stat.S_IXUSR


def test_recommended_versions_are_of_our_libraries():
    lines = [line.split('#')[0].strip() for line in setup.read('conf/constraints.txt').splitlines()]
    assert set(names([line for line in lines if line])) <= set(LIBRARIES + ['pyasn1'])
