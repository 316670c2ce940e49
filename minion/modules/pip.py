"""Packages of Python, through pip (pip.*). bin_env: a virtual environment, or a pip; without it the minion's own Python."""
from __future__ import absolute_import, division, print_function

import json
import os
import re

from minion import compat
from minion.errors import CommandExecutionError
from minion.helpers import pipcommand

__func_alias__ = {'list_': 'list'}


def _run(words, bin_env=None, cwd=None, user=None, env_vars=None, use_vt=False, saltenv='base', **options):
    """What cmd.run_all answers."""
    environment = dict(env_vars) if env_vars else {}
    if bin_env and os.path.isdir(bin_env):
        environment.setdefault('VIRTUAL_ENV', bin_env)
    given = {'runas': user, 'use_vt': use_vt, 'saltenv': saltenv, 'python_shell': False}
    given.update((name, value) for name, value in (('cwd', cwd), ('env', environment)) if value)
    return __salt__['cmd.run_all'](pipcommand.program(bin_env) + [_word(word) for word in words], **dict(given, **options))


def _word(word):
    return word if compat.is_text(word) else compat.shown(word)


def _output(words, *args, **options):
    """What pip prints.  :raises CommandExecutionError: it failed."""
    result = _run(words, *args, **options)
    if result['retcode']:
        raise CommandExecutionError(result['stderr'] or result['stdout'])
    return result['stdout']


def _quiet(words, bin_env, cwd, user):
    """The words with the option that pip knows from 1.5 on."""
    known = _numbers(version(bin_env, cwd, user))
    return words + (['--disable-pip-version-check'] if known >= (1, 5, 0) else [])


def _numbers(text):
    return tuple(int(part) for part in re.findall(r'\d+', text)[:3])


# ---- changing

def install(pkgs=None, requirements=None, bin_env=None, use_wheel=False, no_use_wheel=False, log=None, proxy=None,
            timeout=None, editable=None, find_links=None, index_url=None, extra_index_url=None, no_index=False,
            mirrors=None, build=None, target=None, download=None, download_cache=None, source=None, upgrade=False,
            force_reinstall=False, ignore_installed=False, exists_action=None, no_deps=False, no_install=False,
            no_download=False, global_options=None, install_options=None, user=None, cwd=None, pre_releases=False,
            cert=None, allow_all_external=False, allow_external=None, allow_unverified=None,
            process_dependency_links=False, saltenv='base', env_vars=None, use_vt=False, trusted_host=None,
            no_cache_dir=False, extra_args=None, cache_dir=None, no_binary=None, disable_version_check=False, **kwargs):
    """Install packages, files of requirements or editable sources; what cmd.run_all answers. The arguments are pip's options.

    CLI: pip.install numpy,scipy bin_env=/path/to/virtualenv
    """
    if not (pkgs or requirements or editable):
        return {'retcode': 0, 'stdout': 'No packages to install.'}
    wanted = locals()
    pipcommand.program(bin_env)                  # a missing one is told before a wrong argument
    words = pipcommand.install(wanted, saltenv, __salt__)
    return _run(words, bin_env, cwd, user, env_vars, use_vt, saltenv)


def uninstall(pkgs=None, requirements=None, bin_env=None, log=None, proxy=None, timeout=None, user=None, cwd=None,
              saltenv='base', use_vt=False, extra_args=None):
    """Remove packages, or those of files of requirements; what cmd.run_all answers. CLI: pip.uninstall numpy,scipy"""
    words = ['uninstall', '-y'] + pipcommand.requirements(requirements, saltenv, __salt__) + pipcommand.common(locals())
    words += pipcommand.listed(pkgs) + pipcommand.extra(extra_args)
    return _run(words, bin_env, cwd, user, None, use_vt, saltenv)


def upgrade(bin_env=None, user=None, cwd=None, use_vt=False):
    """Bring all packages to their newest versions; mapping of the changed ones to old and new. CLI: pip.upgrade"""
    before = list_(bin_env=bin_env, user=user, cwd=cwd)
    outdated = sorted(list_upgrades(bin_env=bin_env, user=user, cwd=cwd))
    if not outdated:
        return {}
    result = _run(['install', '-U'] + outdated, bin_env, cwd, user, None, use_vt)
    after = list_(bin_env=bin_env, user=user, cwd=cwd)
    changes = dict((name, {'old': before.get(name, ''), 'new': after.get(name, '')})
                   for name in set(before) | set(after) if before.get(name) != after.get(name))
    if result['retcode']:
        raise CommandExecutionError('Problem encountered upgrading packages', info={'changes': changes, 'result': result})
    return changes


# ---- looking

def version(bin_env=None, cwd=None, user=None):
    """The version of pip. CLI: pip.version"""
    text = _output(['--version'], bin_env, cwd, user)
    found = re.match(r'pip (\S+)', text)
    if not found:
        raise CommandExecutionError("Could not run 'pip --version'")
    return found.group(1)


def freeze(bin_env=None, user=None, cwd=None, use_vt=False, env_vars=None, **kwargs):
    """The lines name==version of all packages. CLI: pip.freeze bin_env=/home/code/path/to/virtualenv"""
    words = ['freeze'] + (['--all'] if _numbers(version(bin_env, cwd, user)) >= (8, 0, 3) else [])
    return _output(_quiet(words, bin_env, cwd, user), bin_env, cwd, user, env_vars, use_vt).splitlines()


def list_freeze_parse(prefix=None, bin_env=None, user=None, cwd=None, env_vars=None, **kwargs):
    """Mapping of packages, whose names begin with `prefix`, to versions, as freeze has them. CLI: pip.list_freeze_parse"""
    start, found = prefix and pipcommand.normalized(prefix), {}
    if not start or 'pip'.startswith(start):
        found['pip'] = version(bin_env, cwd, user)
    for line in freeze(bin_env, user, cwd, env_vars=env_vars):
        name, number = _frozen(line)
        if name and (not start or name.startswith(start)):
            found[name] = number
    return found


def _frozen(line):
    if line.startswith('-e'):
        source, _, egg = line[2:].strip().rpartition('#egg=')
        return (pipcommand.normalized(egg), line[2:].strip()) if source else (None, None)
    name, equals, number = line.partition('==')
    return (pipcommand.normalized(name.strip()), number.strip()) if equals and not line.startswith('#') else (None, None)


def list_(prefix=None, bin_env=None, user=None, cwd=None, env_vars=None, **kwargs):
    """Mapping of packages, whose names begin with `prefix`, to versions. CLI: pip.list salt"""
    words = _quiet(['list', '--format=json'], bin_env, cwd, user)
    start = prefix and pipcommand.normalized(prefix)
    rows = [(pipcommand.normalized(row['name']), row) for row in _json(words, bin_env, cwd, user, env_vars)]
    found = {}
    for name, row in rows:
        if not start or name.startswith(start):
            place = row.get('editable_project_location')
            found[name] = place if place else row['version']
    return found


def _json(words, bin_env, cwd, user, env_vars=None):
    result = _run(words, bin_env, cwd, user, env_vars)
    if result['retcode']:
        raise CommandExecutionError(result['stderr'] or result['stdout'], info=result)
    try:
        return compat.native_tree(json.loads(result['stdout']))
    except ValueError:
        raise CommandExecutionError('Invalid JSON', info=result)


def list_upgrades(bin_env=None, user=None, cwd=None):
    """Mapping of packages that have a newer version to that. CLI: pip.list_upgrades"""
    words = _quiet(['list', '--outdated'], bin_env, cwd, user) + ['--format=json']
    return dict((row['name'], '%s [%s]' % (row['latest_version'], row['latest_filetype']))
                for row in _json(words, bin_env, cwd, user))


def is_installed(pkgname, bin_env=None, user=None, cwd=None):
    """True if a package is installed. CLI: pip.is_installed salt"""
    return pipcommand.normalized(pkgname) in list_(bin_env=bin_env, user=user, cwd=cwd)


def upgrade_available(pkg, bin_env=None, user=None, cwd=None):
    """True if a package has a newer version. CLI: pip.upgrade_available requests"""
    return pkg in list_upgrades(bin_env=bin_env, user=user, cwd=cwd)


def list_all_versions(pkg, bin_env=None, include_alpha=False, include_beta=False, include_rc=False, user=None, cwd=None,
                      index_url=None, extra_index_url=None):
    """The versions of a package that pip could install, None if it does not tell. CLI: pip.list_all_versions requests"""
    words = ['install', '%s==versions' % pkg]
    for option, url in (('--index-url', index_url), ('--extra-index-url', extra_index_url)):
        if url:
            words += [option, url]
    result = _run(words, bin_env, cwd, user, ignore_retcode=True)
    found = re.search(r'\s*Could not find a version.* \(from versions: (.*)\)', result['stderr'] + result['stdout'])
    if not found:
        return None
    numbers = [one.strip() for one in found.group(1).split(',') if one.strip() and one.strip() != 'none']
    unwanted = [sign for sign, wanted in (('a', include_alpha), ('b', include_beta), ('rc', include_rc)) if not wanted]
    return [one for one in numbers if not any(sign in one for sign in unwanted)]


def normalize(name):
    """The name of a package in the form that all its spellings share. CLI: pip.normalize Foo_Bar"""
    return pipcommand.normalized(name)
