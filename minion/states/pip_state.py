"""Packages of Python, through pip."""
from __future__ import absolute_import, division, print_function

import re

from minion.errors import CommandExecutionError, CommandNotFoundError
from minion.helpers import looseversion, pipcommand, pkgtools, state_pkg

__virtualname__ = 'pip'

_NAME = re.compile(r'\s*([A-Za-z0-9](?:[\w.-]*[A-Za-z0-9])?)\s*(?:\[[^\]]*\])?\s*'
                   r'((?:(?:===|[<>]=?|[=!~]=)\s*[\w.*+!-]+\s*,?\s*)*)(?:;.*)?\Z')
_URL = re.compile(r'\w+(?:\+\w+)?://|git\+|\.{0,2}/')
_NO_CHANGE = ('Requirement already satisfied', 'Requirement already up-to-date', 'Collecting', 'Cloning', 'Cleaning up...',
              'Looking in')
FAILED = (CommandExecutionError, CommandNotFoundError)


def __virtual__():
    if 'pip.list' in __salt__:
        return __virtualname__
    return False, 'The pip_state module could not be loaded: there is no execution module pip'


def _answer(name, result, comment, changes=None):
    return state_pkg.answer(name, result, comment, changes)


def pip_has_internal_exceptions_mod(ver):
    """True for versions of pip whose exceptions stand in pip._internal."""
    return looseversion.compare(str(ver), '10.0') in (0, 1)


def pip_has_exceptions_mod(ver):
    """True for versions of pip whose exceptions stand in pip.exceptions."""
    return not pip_has_internal_exceptions_mod(ver) and looseversion.compare(str(ver), '1.0') in (0, 1)


def purge_pip():
    """Nothing: pip is never imported, it is always run as a program."""


def installed(name, pkgs=None, pip_bin=None, requirements=None, bin_env=None, use_wheel=False, no_use_wheel=False, log=None,
              proxy=None, timeout=None, repo=None, editable=None, find_links=None, index_url=None, extra_index_url=None,
              no_index=False, mirrors=None, build=None, target=None, download=None, download_cache=None, source=None,
              upgrade=False, force_reinstall=False, ignore_installed=False, exists_action=None, no_deps=False,
              no_install=False, no_download=False, install_options=None, global_options=None, user=None, cwd=None,
              pre_releases=False, cert=None, allow_all_external=False, allow_external=None, allow_unverified=None,
              process_dependency_links=False, env_vars=None, use_vt=False, trusted_host=None, no_cache_dir=False,
              cache_dir=None, no_binary=None, extra_args=None, **kwargs):
    """Packages are installed. bin_env: in this virtual environment. pkgs: more of them. The others are pip's options.

        django:
          pip.installed:
            - name: django >= 1.6, <= 1.7
            - bin_env: /srv/app/env
    """
    wanted = dict(locals())
    for key in ('name', 'pip_bin', 'repo', 'kwargs', 'pkgs'):
        wanted.pop(key)
    wanted['bin_env'] = bin_env or pip_bin
    if pkgs is not None and not isinstance(pkgs, list):
        return _answer(name, False, 'pkgs argument must be formatted as a list')
    if requirements or editable:
        return _from_files(name, wanted)
    given = [str(one) for one in pkgs] if pkgs else [repo or name]
    if pkgs and __opts__.get('test'):
        return _answer(name, None, '\n'.join(['Python package(s) set to be installed:'] + given))
    try:
        missing, already = _missing(given, wanted)
    except FAILED as exc:
        return _answer(name, False, "Error installing '%s': %s" % (name, exc))
    except ValueError as exc:
        return _answer(name, False, str(exc))
    if not missing:
        return _answer(name, True, '\n'.join(already + ['All specified packages are already installed%s'
                                                        % (' and up-to-date' if upgrade else '')]))
    if __opts__.get('test'):
        return _answer(name, None, '\n'.join(already + ['Python package %s is set to be installed' % one for one in missing]))
    return _install(name, missing, already, wanted)


def _missing(given, wanted):
    """(packages to be installed, comments on the others).  :raises ValueError: a text that names no package."""
    there = __salt__['pip.list'](bin_env=wanted['bin_env'], user=wanted['user'], cwd=wanted['cwd'],
                                 env_vars=wanted['env_vars'])
    missing, already = [], []
    for one in given:
        prefix, conditions = _parsed(one)
        fine = prefix and prefix in there and not wanted['force_reinstall'] and not wanted['ignore_installed'] and all(
            pkgtools.fits(*_compared(there[prefix], condition)) for condition in conditions)
        if fine and wanted['upgrade'] and not any(condition.startswith('==') for condition in conditions):
            fine = not _newer(prefix, there[prefix], conditions, wanted)
        if fine:
            already.append('Python package %s was already installed' % one)
        else:
            missing.append(one)
    return missing, already


def _parsed(text):
    """(normal name or '' for an address, ['>=1.0', ...])"""
    if _URL.match(text):
        return '', []
    found = _NAME.match(text)
    if not found:
        raise ValueError("pip raised an exception while parsing '%s': Invalid requirement: '%s'" % (text, text))
    return pipcommand.normalized(found.group(1)), [part.strip() for part in found.group(2).split(',') if part.strip()]


def _compared(version, condition):
    operator, number = pkgtools.split_condition(condition.replace('~=', '>=').replace('===', '=='))
    if number.endswith('.*'):
        return '==', 0 if (version + '.').startswith(number[:-1]) == (operator != '!=') else 1
    return operator, looseversion.compare(version, number)


def _newer(prefix, version, conditions, wanted):
    """True if there is a version that may be upgraded to."""
    found = __salt__['pip.list_all_versions'](
        prefix, bin_env=wanted['bin_env'], user=wanted['user'], cwd=wanted['cwd'], index_url=wanted['index_url'],
        extra_index_url=wanted['extra_index_url'], include_alpha=wanted['pre_releases'],
        include_beta=wanted['pre_releases'], include_rc=wanted['pre_releases'])
    fitting = [one for one in found or () if all(pkgtools.fits(*_compared(one, condition)) for condition in conditions)]
    return any(looseversion.compare(one, version) == 1 for one in fitting)


def _pip(pkgs, wanted):
    return __salt__['pip.install'](pkgs=','.join(pkgs), saltenv=__env__, **wanted)


def _install(name, missing, already, wanted):
    try:
        made = _pip(missing, wanted)
    except FAILED as exc:
        return _answer(name, False, "Error installing '%s': %s" % (name, exc))
    if made['retcode']:
        return _answer(name, False, '\n'.join(already + ['Failed to install packages: %s. %s' % (
            ', '.join(missing), _error(made))]))
    there = __salt__['pip.list'](bin_env=wanted['bin_env'], user=wanted['user'], cwd=wanted['cwd'],
                                 env_vars=wanted['env_vars'])
    changes, comments = {}, []
    for one in missing:
        prefix = _parsed(one)[0]
        if prefix and prefix not in there:
            comments.append("There was no error installing package '%s' although it does not show when calling 'pip.freeze'."
                            % one)
        else:
            changes['%s==%s' % (prefix or one, there[prefix] if prefix else '???')] = 'Installed'
    return _answer(name, True, '\n'.join(already + (comments or ['All packages were successfully installed'])), changes)


def _error(made):
    return 'Error: %s %s' % (made.get('stdout', ''), made.get('stderr', ''))


def _from_files(name, wanted):
    """The return for files of requirements and editable sources: pip alone knows what they need."""
    requirements, editable = wanted['requirements'], wanted['editable']
    if __opts__.get('test'):
        comments = []
        if requirements:
            comments.append('Requirements list [%s] will be processed.' % ','.join(requirements) if isinstance(
                requirements, list) else "Requirements file '%s' will be processed." % requirements)
        if editable:
            comments.append('Package will be installed in editable mode (i.e. setuptools "develop mode") from %s.' % editable)
        return _answer(name, None, ' '.join(comments))
    try:
        made = _pip([], wanted)
    except FAILED as exc:
        return _answer(name, False, "Error installing '%s': %s" % (name, exc))
    if made['retcode']:
        comments = ['Unable to process requirements file "%s"' % requirements] if requirements else []
        comments += ['Unable to install from VCS checkout %s.' % editable] if editable else []
        return _answer(name, False, ' '.join(comments + [_error(made)]))
    changes, comments = {}, []
    if requirements:
        lines = [line.strip() for line in made['stdout'].splitlines() if line.strip()]
        if any(not line.startswith(_NO_CHANGE) for line in lines):
            changes['requirements'] = True
        comments.append('Successfully processed requirements file %s.' % requirements if changes
                        else 'Requirements were already installed.')
    if editable:
        changes['editable'] = True
        comments.append('Package successfully installed from VCS checkout %s.' % editable)
    return _answer(name, True, ' '.join(comments), changes)


def removed(name, requirements=None, bin_env=None, log=None, proxy=None, timeout=None, user=None, cwd=None, use_vt=False):
    """A package is not installed."""
    try:
        there = __salt__['pip.list'](bin_env=bin_env, user=user, cwd=cwd)
    except FAILED as exc:
        return _answer(name, False, "Error uninstalling '%s': %s" % (name, exc))
    if pipcommand.normalized(name) not in there:
        return _answer(name, True, 'Package is not installed.')
    if __opts__.get('test'):
        return _answer(name, None, 'Package %s is set to be removed' % name)
    made = __salt__['pip.uninstall'](pkgs=name, requirements=requirements, bin_env=bin_env, log=log, proxy=proxy,
                                     timeout=timeout, user=user, cwd=cwd, use_vt=use_vt)
    if made['retcode']:
        return _answer(name, False, 'Could not remove package.')
    return _answer(name, True, 'Package was successfully removed.', {name: 'Removed'})


def uptodate(name, bin_env=None, user=None, cwd=None, use_vt=False):
    """All packages are in their newest versions."""
    try:
        found = __salt__['pip.list_upgrades'](bin_env=bin_env, user=user, cwd=cwd)
    except FAILED as exc:
        return _answer(name, False, str(exc))
    if not found:
        return _answer(name, True, 'System is already up-to-date.')
    if __opts__.get('test'):
        return _answer(name, None, 'System update will be performed')
    try:
        changed = __salt__['pip.upgrade'](bin_env=bin_env, user=user, cwd=cwd, use_vt=use_vt)
    except FAILED as exc:
        return state_pkg.failure(name, exc, 'updating')
    if not changed:
        return _answer(name, False, 'Upgrade failed.')
    return _answer(name, True, 'Upgrade successful.', changed)
