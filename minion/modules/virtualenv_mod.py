"""Virtual environments of Python (virtualenv.*): by the program virtualenv, or by the module venv of a Python."""
from __future__ import absolute_import, division, print_function

import os
import re
import sys

from minion import compat
from minion.errors import CommandExecutionError
from minion.helpers import environment, pkgtools

__virtualname__ = 'virtualenv'

_PLACE = 'import sysconfig; print(sysconfig.get_path("purelib"))'
_PLACE_OLD = 'from distutils import sysconfig; print(sysconfig.get_python_lib())'
_DISTRIBUTION = ('import sys, pkg_resources; from_name = pkg_resources.get_distribution(sys.argv[1]); '
                 'sys.stdout.write(from_name.location)')
_RESOURCE = 'import sys, pkg_resources; sys.stdout.write(pkg_resources.resource_filename(sys.argv[1], sys.argv[2]))'
_CONTENT = 'import sys, pkg_resources; print(pkg_resources.resource_string(sys.argv[1], sys.argv[2]))'
_PYTHON = re.compile(r'python[0-9.]*\Z')


def __virtual__():
    return __virtualname__


def _run(argv, user=None, **options):
    return __salt__['cmd.run_all'](argv, runas=user, python_shell=False, **options)


def _program(venv_bin):
    """What makes environments: of the caller, of the settings, or virtualenv where there is one, else venv."""
    return venv_bin or __opts__.get('venv_bin') or __opts__.get('virtualenv.venv_bin') or (
        'virtualenv' if environment.which('virtualenv') else 'venv')


def virtualenv_ver(venv_bin, user=None, **kwargs):
    """The version of the program virtualenv, as a list of numbers. CLI: virtualenv.virtualenv_ver virtualenv"""
    reply = _run([venv_bin, '--version'], user)
    found = re.search(r'(\d+(?:\.\d+)*)', reply['stdout'])
    if reply['retcode'] or not found:
        raise CommandExecutionError("Unable to get the virtualenv version output using '%s --version'. Returned data: %s"
                                    % (venv_bin, reply))
    return [int(number) for number in found.group(1).split('.')]


def create(path, venv_bin=None, system_site_packages=False, distribute=False, clear=False, python=None,
           extra_search_dir=None, never_download=None, prompt=None, pip=False, symlinks=None, upgrade=None, user=None,
           use_vt=False, saltenv='base', **kwargs):
    """Make a virtual environment; what cmd.run_all answers.

    venv_bin: virtualenv, venv, or a Python whose venv is used. python: of the environment. pip: install it where it is
    missing. system_site_packages, clear, prompt, symlinks, upgrade, never_download, extra_search_dir: as those have them.

    CLI: virtualenv.create /path/to/new/virtualenv
    """
    program = compat.to_native(_program(venv_bin))
    if program == 'venv' or _PYTHON.match(os.path.basename(program)):
        unsupported = [('extra_search_dir', extra_search_dir), ('never_download', never_download)]
        words = _venv(program, python) + _switches(symlinks=symlinks, upgrade=upgrade)
    else:
        unsupported = [('symlinks', symlinks), ('upgrade', upgrade)]
        words = [program] + _of_virtualenv(distribute, python, extra_search_dir, never_download)
    for name, value in unsupported:
        if value:
            option = '--' + name.replace('_', '-')
            raise CommandExecutionError("The `%s`(`%s`) option is not supported by '%s'" % (name, option, program))
    words += ['--prompt', prompt] if prompt else []
    words += _switches(clear=clear, system_site_packages=system_site_packages)
    reply = _run(words + [path], user, use_vt=use_vt, saltenv=saltenv)
    if reply['retcode'] or not pkgtools.is_true(pip):
        return reply
    return _with_pip(reply, path, user)


def _switches(**wanted):
    return ['--' + name.replace('_', '-') for name in sorted(wanted) if wanted[name]]


def _venv(program, python):
    """The words that call the module venv: of `python`, or of the Python that is named or, without one, ours."""
    wanted = python or (sys.executable if program == 'venv' else program)
    found = environment.which(wanted) if '/' not in wanted else wanted if os.access(wanted, os.X_OK) else None
    if not found:
        raise CommandExecutionError('Cannot find requested python (%s).' % wanted)
    return [found, '-m', 'venv']


def _of_virtualenv(distribute, python, extra_search_dir, never_download):
    if python and python.strip() and not (os.access(python, os.X_OK) or environment.which(python)):
        raise CommandExecutionError('Cannot find requested python (%s).' % python)
    words = (['--distribute'] if distribute else []) + (['--python=%s' % python] if python else [])
    folders = [extra_search_dir] if compat.is_text(extra_search_dir) else extra_search_dir or []
    words += ['--extra-search-dir=%s' % folder for entry in folders for folder in entry.split(',')]
    return words + (['--never-download'] if never_download else [])


def _with_pip(reply, path, user):
    """`reply`, or that of installing pip into the environment."""
    python = os.path.join(path, 'bin', 'python')
    if os.path.exists(os.path.join(path, 'bin', 'pip')):
        return reply
    return _run([python, '-m', 'ensurepip'], user)


# ---- looking into one

def _python(venv):
    path = os.path.join(venv, 'bin', 'python')
    if not os.path.exists(path):
        raise CommandExecutionError("Path '%s' does not appear to be a virtualenv: '%s' not found." % (venv, path))
    return path


def _ask(venv, source, *args):
    reply = _run([_python(venv), '-c', source] + list(args))
    if reply['retcode']:
        raise CommandExecutionError('%s\n%s' % (reply['stdout'], reply['stderr']))
    return reply['stdout']


def get_site_packages(venv):
    """The folder of an environment's packages. CLI: virtualenv.get_site_packages /path/to/my/venv"""
    return _run([_python(venv), '-c', _PLACE], ignore_retcode=True)['stdout'] or _ask(venv, _PLACE_OLD)


def get_distribution_path(venv, distribution):
    """The folder in which a distribution is. CLI: virtualenv.get_distribution_path /path/to/my/venv my_distribution"""
    return _ask(venv, _DISTRIBUTION, distribution)


def _whole(package, resource):
    if not package or not resource:
        raise CommandExecutionError('package and resource are needed')


def get_resource_path(venv, package=None, resource=None):
    """The path of a file of a package. CLI: virtualenv.get_resource_path /path/to/my/venv my_package my/resource.xml"""
    _whole(package, resource)
    return _ask(venv, _RESOURCE, package, resource)


def get_resource_content(venv, package=None, resource=None):
    """A file of a package. CLI: virtualenv.get_resource_content /path/to/my/venv my_package my/resource.xml"""
    _whole(package, resource)
    return _ask(venv, _CONTENT, package, resource)
