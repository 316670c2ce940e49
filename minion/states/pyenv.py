"""Pythons that pyenv builds (pyenv.*), of a user or of all; see the execution module of this name."""
from __future__ import absolute_import, division, print_function

from minion.helpers.state_return import returned as _returned


def _version(name):
    return name[len('python-'):] if name.startswith('python-') else name


def _call(function, *args):
    return __salt__['pyenv.' + function](*args)


def installed(name, default=False, user=None):
    """A version of Python is there, and pyenv. default: it is the one that is used where nothing else is said.

    python-2.7.6:
      pyenv.installed:
        - default: True
    """
    version = _version(name)
    there = _call('is_installed', user)
    found, current = _found(version, user) if there else (False, False)
    if __opts__['test'] and not found:
        return _returned(name, None, 'python %s is set to be installed' % version)
    if __opts__['test'] and default and not current:
        return _returned(name, None, 'python %s is set to be the default' % version)
    if not there and not _fetched(user):
        return _returned(name, False, 'pyenv could not be installed')
    if not found and not _call('install_python', version, user):
        return _returned(name, False, 'Could not install python.')
    changes = {} if found else {version: 'Installed'}
    if default and not current:
        changes, current = dict(changes, default=version) if found else changes, True
        if not _call('default', version, user):
            return _returned(name, False, 'python %s could not be made the default' % version, changes)
    comment = 'Requested python exists.' if found else 'Successfully installed python'
    return dict(_returned(name, True, comment, changes), default=current)


def _found(version, user):
    """(it is installed, it is the default)"""
    current = version in _call('default', None, user).split()
    return version in _call('versions', user), current


def _fetched(user):
    return _call('install', user) and _call('is_installed', user)


def absent(name, user=None):
    """A version of Python is not there. If it is the default, that of the system becomes it.

    python-2.7.6:
      pyenv.absent
    """
    version = _version(name)
    if not _call('is_installed', user):
        return _returned(name, True, 'pyenv not installed, %s not either' % version)
    found, current = _found(version, user)
    if not found:
        return _returned(name, True, 'python %s is already absent' % version)
    if __opts__['test']:
        return _returned(name, None, 'python %s is set to be uninstalled' % version)
    if current:
        _call('default', 'system', user)
    if not _call('uninstall_python', version, user):
        return _returned(name, False, 'Could not uninstall python.')
    return dict(_returned(name, True, 'Successfully removed python', {version: 'Uninstalled'}), default=current)


def install_pyenv(name, user=None):
    """pyenv itself is there; name: any.

    pyenv:
      pyenv.install_pyenv
    """
    if _call('is_installed', user):
        return _returned(name, True, 'pyenv is already installed')
    if __opts__['test']:
        return _returned(name, None, 'pyenv is set to be installed')
    if not _fetched(user):
        return _returned(name, False, 'pyenv could not be installed')
    return _returned(name, True, 'pyenv installed', {name: 'Installed'})
