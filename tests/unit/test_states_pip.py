"""pip.installed, virtualenv.managed and virtualenv.*, with a pip that is a mapping and no real environment but one."""
from __future__ import absolute_import, division, print_function

import os
import sys

import pytest

from minion.errors import CommandExecutionError
from minion.helpers import environment
from tests.support.hoststates import States

ALL_THERE = 'All specified packages are already installed'
PIP = '''
from minion.errors import CommandExecutionError

__func_alias__ = {'list_': 'list'}
THERE = {'pip': '23.2.1', 'django': '1.6'}


def _look(bin_env):
    if bin_env == '/nowhere':
        raise CommandExecutionError('no pip')


def list_(bin_env=None, **kwargs):
    _look(bin_env)
    return dict(THERE)


def list_all_versions(name, **kwargs):
    return ['1.5', '1.6', '1.7', '2.0']


def list_upgrades(bin_env=None, **kwargs):
    _look(bin_env)
    return {'django': '2.0 [wheel]'}


def upgrade(**kwargs):
    THERE['django'] = '2.0'
    return {'django': {'old': '1.6', 'new': '2.0'}}


def freeze(**kwargs):
    return ['%s==%s' % item for item in sorted(THERE.items())]


def install(pkgs=None, requirements=None, editable=None, **kwargs):
    if 'bad' in (pkgs or '') or requirements == '/bad':
        return {'retcode': 1, 'stdout': '', 'stderr': 'ERROR: no'}
    for one in pkgs.split(',') if not isinstance(pkgs, list) else pkgs:
        if one and one != 'ghost':
            THERE[one.partition('=')[0].strip().lower()] = '3.0'
    out = 'Requirement already satisfied: x' if requirements == '/same' else 'Installing'
    return {'retcode': 0, 'stdout': out, 'stderr': ''}


def uninstall(pkgs=None, **kwargs):
    THERE.pop(pkgs)
    return {'retcode': 0}
'''


@pytest.fixture
def host(tmpdir, monkeypatch):
    found = States(str(tmpdir), monkeypatch)
    tmpdir.mkdir('mods').join('pip.py').write(PIP)
    found.loader.opts['module_dirs'] = [str(tmpdir.join('mods'))]
    return found


def told(host, fun, name, **kwargs):
    ret = host.state(fun, name, **kwargs)
    return ret['result'], ret['comment'], ret['changes']


@pytest.mark.parametrize('options, expected', [
    ({'name': 'pip'}, (True, 'Python package pip was already installed\n' + ALL_THERE, {})),
    ({'name': 'Django >= 1.5, < 1.7'}, (True, 'Python package Django >= 1.5, < 1.7 was already installed\n' + ALL_THERE, {})),
    ({'name': 'django==1.6', 'upgrade': True}, (
        True, 'Python package django==1.6 was already installed\n%s and up-to-date' % ALL_THERE, {})),
    ({'name': 'django<1.7', 'upgrade': True}, (
        True, 'Python package django<1.7 was already installed\n%s and up-to-date' % ALL_THERE, {})),
    ({'name': 'django', 'upgrade': True}, (True, 'All packages were successfully installed', {'django==3.0': 'Installed'})),
    ({'name': 'x', 'pkgs': ['pip', 'six']}, (
        True, 'Python package pip was already installed\nAll packages were successfully installed', {'six==3.0': 'Installed'})),
    ({'name': 'git+https://x.invalid/y.git#egg=y'}, (
        True, 'All packages were successfully installed', {'git+https://x.invalid/y.git#egg=y==???': 'Installed'})),
    ({'name': 'ghost'}, (True, "There was no error installing package 'ghost' although it does not show when calling "
                         "'pip.freeze'.", {})),
    ({'name': 'bad'}, (False, 'Failed to install packages: bad. Error:  ERROR: no', {})),
    ({'name': 'pip', 'bin_env': '/nowhere'}, (False, "Error installing 'pip': no pip", {})),
    ({'name': 'odd name!'}, (
        False, "pip raised an exception while parsing 'odd name!': Invalid requirement: 'odd name!'", {})),
    ({'name': 'x', 'pkgs': 'pip'}, (False, 'pkgs argument must be formatted as a list', {})),
    ({'name': 'django==2', 'test': True}, (None, 'Python package django==2 is set to be installed', {})),
    ({'name': 'x', 'pkgs': ['pip', 'six'], 'test': True}, (None, 'Python package(s) set to be installed:\npip\nsix', {})),
    ({'name': 'x', 'requirements': '/r', 'test': True}, (None, "Requirements file '/r' will be processed.", {})),
    ({'name': 'x', 'editable': '/e', 'test': True}, (
        None, 'Package will be installed in editable mode (i.e. setuptools "develop mode") from /e.', {})),
    ({'name': 'x', 'requirements': '/r'}, (True, 'Successfully processed requirements file /r.', {'requirements': True})),
    ({'name': 'x', 'requirements': '/same'}, (True, 'Requirements were already installed.', {})),
    ({'name': 'x', 'requirements': '/bad'}, (
        False, 'Unable to process requirements file "/bad" Error:  ERROR: no', {})),
])
def test_pip_installed(host, options, expected):
    assert told(host, 'pip.installed', **options) == expected


def test_pip_removed_and_uptodate(host):
    assert told(host, 'pip.removed', 'none') == (True, 'Package is not installed.', {})
    assert told(host, 'pip.removed', 'django', test=True) == (None, 'Package django is set to be removed', {})
    assert told(host, 'pip.removed', 'django') == (True, 'Package was successfully removed.', {'django': 'Removed'})
    assert told(host, 'pip.removed', 'x', bin_env='/nowhere')[:2] == (False, "Error uninstalling 'x': no pip")
    assert told(host, 'pip.uptodate', 'x', test=True) == (None, 'System update will be performed', {})
    assert told(host, 'pip.uptodate', 'x')[:2] == (True, 'Upgrade successful.')


def test_a_virtual_environment(host, tmpdir):
    made = tmpdir.mkdir('made').join('env')
    assert told(host, 'virtualenv.managed', str(made), test=True) == (
        None, 'Virtualenv %s is set to be created' % made, {})
    made.ensure('bin', 'python').write('#!/bin/sh\nexit 0\n')
    made.join('bin', 'python').chmod(0o755)
    assert told(host, 'virtualenv.managed', str(made)) == (True, 'virtualenv exists', {})
    assert told(host, 'virtualenv.managed', str(made), test=True)[1] == 'Virtualenv %s is already created' % made
    assert told(host, 'virtualenv.managed', str(made), clear=True, test=True) == (
        None, 'Virtualenv %s is set to be cleared' % made, {'old': '', 'cleared_packages': ['django==1.6', 'pip==23.2.1']})
    result, comment, changes = told(host, 'virtualenv.managed', str(made), pip_pkgs=['six'])
    assert (result, comment) == (True, 'virtualenv exists') and 'new' in changes['packages']
    assert told(host, 'virtualenv.managed', str(made), requirements='/bad')[:2] == (False, 'virtualenv exists\nERROR: no')


def test_programs_that_make_environments(host):
    host.programs.add('virtualenv', 'python3.9')
    seen, good = [], {'retcode': 0, 'stdout': '', 'stderr': ''}
    host.loader.functions['cmd.run_all']             # loaded before it is replaced
    host.loader._table['cmd.run_all'] = (None, lambda argv, **kwargs: seen.append(argv) or good)
    host.call('virtualenv.create', '/e', python='python3.9', clear=True, distribute=True, prompt='p',
              extra_search_dir='/a,/b', venv_bin='virtualenv')
    host.call('virtualenv.create', '/e', venv_bin='venv', upgrade=True, system_site_packages=True)
    host.call('virtualenv.create', '/e', venv_bin='python3.9')
    assert seen[0] == ['virtualenv', '--distribute', '--python=python3.9', '--extra-search-dir=/a', '--extra-search-dir=/b',
                       '--prompt', 'p', '--clear', '/e']
    assert seen[1] == [sys.executable, '-m', 'venv', '--upgrade', '--system-site-packages', '/e']
    assert seen[2] == [environment.which('python3.9'), '-m', 'venv', '/e']
    for options in ({'venv_bin': 'venv', 'never_download': True}, {'venv_bin': 'virtualenv', 'symlinks': True},
                    {'python': 'no-such-python', 'venv_bin': 'virtualenv'}, {'python': 'no-such-python', 'venv_bin': 'venv'}):
        with pytest.raises(CommandExecutionError):
            host.call('virtualenv.create', '/e', **options)


def test_looking_into_an_environment(host, tmpdir):
    tmpdir.mkdir('e').mkdir('bin')
    os.symlink(sys.executable, str(tmpdir.join('e', 'bin', 'python')))
    assert host.call('virtualenv.get_site_packages', str(tmpdir.join('e'))).endswith('-packages')
    with pytest.raises(CommandExecutionError) as caught:
        host.call('virtualenv.get_site_packages', '/nowhere')
    assert str(caught.value) == "Path '/nowhere' does not appear to be a virtualenv: '/nowhere/bin/python' not found."
    with pytest.raises(CommandExecutionError):
        host.call('virtualenv.get_resource_path', str(tmpdir.join('e')), 'no_such_package', 'x')
    with pytest.raises(CommandExecutionError):
        host.call('virtualenv.get_resource_content', str(tmpdir.join('e')))
