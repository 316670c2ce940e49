"""Pythons that pyenv builds (pyenv.*). runas: this user's, in ~/.pyenv; else those in /usr/local/pyenv.

The setting pyenv.root is another folder, whoever's.
"""
from __future__ import absolute_import, division, print_function

import os
import shlex

from minion import compat
from minion.helpers import environment, notoption, tool

__func_alias__ = {'list_': 'list'}

_SOURCE = 'https://github.com/yyuu/pyenv.git'
_TITLE = 'Available versions:'


def _root(runas):
    given = __salt__['config.option']('pyenv.root')
    return given or (os.path.expanduser('~%s/.pyenv' % runas) if runas else '/usr/local/pyenv')


def _program(runas):
    return os.path.join(_root(runas), 'bin', 'pyenv')


def _run(runas, *words):
    """What cmd.run_all answers, None without pyenv."""
    if not is_installed(runas):
        return None
    return tool.run(__salt__, [_program(runas)] + list(words), runas=runas, env={'PYENV_ROOT': _root(runas)})


def _printed(runas, *words):
    answer = _run(runas, *words)
    return '' if answer is None or answer['retcode'] else answer['stdout']


def _done(answer):
    return answer is not None and not answer['retcode']


def _version(python):
    """The name of a version as pyenv has it: what other tools call python-2.7.6 is 2.7.6."""
    python = compat.to_native(compat.shown(python))
    python = python[len('python-'):] if python.startswith('python-') else python
    notoption.names(python=python)
    return python


# ---- pyenv itself

def install(runas=None, path=None):
    """Fetch pyenv with git, unless the folder is there; True if it is. CLI: pyenv.install"""
    path = path or _root(runas)
    notoption.names(path=path)
    return os.path.isdir(path) or tool.succeeds(__salt__, ['git', 'clone', _SOURCE, path], runas=runas)


def update(runas=None, path=None):
    """Fetch the newest pyenv; True if that was done. CLI: pyenv.update"""
    path = path or _root(runas)
    return os.path.isdir(path) and tool.succeeds(__salt__, ['git', 'pull'], runas=runas, cwd=path)


def is_installed(runas=None):
    """True if pyenv is there. CLI: pyenv.is_installed"""
    return os.path.isfile(_program(runas))


# ---- versions of Python

def install_python(python, runas=None):
    """Build a version of Python; what pyenv says of it, False if it cannot be done. CLI: pyenv.install_python 2.7.6"""
    python = _version(python)
    answer = _run(runas, 'install', python)
    if not _done(answer):
        uninstall_python(python, runas)              # what is left of it
        return False
    rehash(runas)
    return answer['stderr'] or answer['stdout'] or True


def uninstall_python(python, runas=None):
    """Remove a version of Python; True if that was done. CLI: pyenv.uninstall_python 2.7.6"""
    return _done(_run(runas, 'uninstall', '--force', _version(python)))


def versions(runas=None):
    """The versions that are installed. CLI: pyenv.versions"""
    return _printed(runas, 'versions', '--bare').splitlines()


def list_(runas=None):
    """The versions that can be installed. CLI: pyenv.list"""
    lines = [line.strip() for line in _printed(runas, 'install', '--list').splitlines()]
    return [line for line in lines if line and line != _TITLE]


def default(python=None, runas=None):
    """The version that is used where nothing else is said; or set it, True if that was done. CLI: pyenv.default 2.7.6"""
    if python:
        return _done(_run(runas, 'global', _version(python)))
    return _printed(runas, 'global').strip()


def rehash(runas=None):
    """Have all programs of all versions found; True. CLI: pyenv.rehash"""
    _run(runas, 'rehash')
    return True


# ---- running their programs

def do(cmdline=None, runas=None):
    """Run a command with the programs of pyenv's versions first; what it prints, False if it fails.

    No shell reads it. CLI: pyenv.do 'pip list' deploy
    """
    return _do(cmdline, runas, {})


def do_with_python(python, cmdline, runas=None):
    """The same with a certain version. CLI: pyenv.do_with_python 2.7.6 'pip list' deploy"""
    return _do(cmdline, runas, {'PYENV_VERSION': _version(python)} if python else {})


def _do(cmdline, runas, env):
    argv = [compat.to_native(word) for word in shlex.split(compat.to_native(cmdline or ''))]
    if not argv:
        return False
    shims = os.path.join(_root(runas), 'shims')
    env = dict(env, PYENV_ROOT=_root(runas), PATH=os.pathsep.join([shims, environment.base()['PATH']]))
    if environment.which(argv[0], env['PATH']) is None:
        return False
    answer = tool.run(__salt__, argv, runas=runas, env=env)
    if answer['retcode']:
        return False
    rehash(runas)
    return answer['stdout']
