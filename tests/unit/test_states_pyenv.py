"""pyenv.* states over execution functions that a test holds in its hands."""
from __future__ import absolute_import, division, print_function

import pytest

from tests.support import hoststates


class Pyenv(object):
    """Where 2.7.6, the default, and 3.3.2 are installed, of nobody; notes what is done."""

    def __init__(self):
        self.told = {'is_installed': True, 'versions': ['2.7.6', '3.3.2'], 'default': '2.7.6'}
        self.done, self.broken = [], ()

    def __getitem__(self, name):
        name = name.partition('.')[2]

        def call(*args):
            assert args[-1] is None                              # the user
            if name in self.told and not (name == 'default' and args[0]):
                return self.told[name]
            self.done.append([name] + list(args[:-1]))
            if name == 'install' and name not in self.broken:
                self.told['is_installed'] = True
            return name not in self.broken
        return call


@pytest.fixture
def pyenv(tmpdir, monkeypatch):
    """pyenv(state, ...) -> (result, comment, changes); pyenv.made: the Pyenv."""
    host = hoststates.States(str(tmpdir.mkdir('host')), monkeypatch)

    def run(name, *args, **kwargs):
        return host.over(run.made, 'pyenv.' + name, *args, **kwargs)
    run.made = Pyenv()
    return run


@pytest.mark.parametrize('call, kwargs, told', [
    (['installed', '2.7.6'], {}, (True, 'Requested python exists.', {})),
    (['installed', 'python-2.7.6'], {'default': True}, (True, 'Requested python exists.', {})),
    (['absent', '9'], {}, (True, 'python 9 is already absent', {})),
    (['install_pyenv', 'x'], {}, (True, 'pyenv is already installed', {}))])
def test_as_it_should_be(pyenv, call, kwargs, told):
    assert pyenv(*call, **kwargs) == pyenv(*call, test=True, **kwargs) == told and pyenv.made.done == []


@pytest.mark.parametrize('call, kwargs, before, told, done', [
    (['installed', 'python-9'], {}, 'python 9 is set to be installed',
     (True, 'Successfully installed python', {'9': 'Installed'}), [['install_python', '9']]),
    (['installed', '9'], {'default': True}, 'python 9 is set to be installed',
     (True, 'Successfully installed python', {'9': 'Installed'}), [['install_python', '9'], ['default', '9']]),
    (['installed', '3.3.2'], {'default': True}, 'python 3.3.2 is set to be the default',
     (True, 'Requested python exists.', {'default': '3.3.2'}), [['default', '3.3.2']]),
    (['absent', 'python-3.3.2'], {}, 'python 3.3.2 is set to be uninstalled',
     (True, 'Successfully removed python', {'3.3.2': 'Uninstalled'}), [['uninstall_python', '3.3.2']]),
    (['absent', '2.7.6'], {}, 'python 2.7.6 is set to be uninstalled',
     (True, 'Successfully removed python', {'2.7.6': 'Uninstalled'}), [['default', 'system'], ['uninstall_python', '2.7.6']])])
def test_changes(pyenv, call, kwargs, before, told, done):
    assert pyenv(*call, test=True, **kwargs) == (None, before, {}) and pyenv.made.done == []
    assert pyenv(*call, **kwargs) == told and pyenv.made.done == done


def test_pyenv_is_not_there(pyenv):
    pyenv.made.told['is_installed'] = False
    assert pyenv('absent', '2.7.6') == (True, 'pyenv not installed, 2.7.6 not either', {})
    assert pyenv('install_pyenv', 'x', test=True) == (None, 'pyenv is set to be installed', {})
    assert pyenv('installed', '9', test=True) == (None, 'python 9 is set to be installed', {}) and pyenv.made.done == []
    pyenv.made.broken = ('install',)
    assert pyenv('installed', '9') == pyenv('install_pyenv', 'x') == (False, 'pyenv could not be installed', {})
    pyenv.made.broken, pyenv.made.done = (), []
    assert pyenv('install_pyenv', 'x') == (True, 'pyenv installed', {'x': 'Installed'})
    pyenv.made.told['is_installed'] = False
    assert pyenv('installed', '9')[0] is True and pyenv.made.done == [['install'], ['install'], ['install_python', '9']]


@pytest.mark.parametrize('broken, call, told', [
    ('install_python', ['installed', '9'], 'Could not install python.'),
    ('default', ['installed', '3.3.2', True], 'python 3.3.2 could not be made the default'),
    ('uninstall_python', ['absent', '2.7.6'], 'Could not uninstall python.')])
def test_it_fails(pyenv, broken, call, told):
    pyenv.made.broken = (broken,)
    assert pyenv(*call)[:2] == (False, told)
