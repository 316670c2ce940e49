"""Packages of Node.js, through npm (npm.*). dir: the folder to work in; without it packages are global."""
from __future__ import absolute_import, division, print_function

import json
import re

from minion import compat
from minion.errors import CommandExecutionError
from minion.helpers import environment

__func_alias__ = {'list_': 'list'}


def __virtual__():
    if environment.which('npm') is None:
        return False, 'npm execution module could not be loaded because the npm binary could not be located'
    return True


def _run(words, cwd=None, runas=None, env=None, **options):
    """What cmd.run_all answers; a user's own settings are found by the user's id."""
    env = dict(env) if env else {}
    if runas:
        identity = __salt__['user.info'](runas)
        if identity:
            env.update({'SUDO_UID': compat.shown(identity['uid']), 'SUDO_USER': ''})
    return __salt__['cmd.run_all'](['npm'] + [compat.shown(word) for word in words], runas=runas, cwd=cwd, env=env or None,
                                   python_shell=False, **options)


def _checked(result):
    if result['retcode']:
        raise CommandExecutionError(result['stderr'])
    return result['stdout']


def install(pkg=None, pkgs=None, dir=None, runas=None, registry=None, env=None, dry_run=False, silent=True):
    """Install packages, or what package.json in `dir` asks for; what npm answers. CLI: npm.install coffee-script"""
    words = ['install'] + (['--silent'] if silent else []) + ([] if dir else ['--global'])
    words += ['--registry=%s' % registry] if registry else []
    words += ['--dry-run'] if dry_run else []
    words += ['--json'] + (list(pkgs) if pkgs else [pkg] if pkg else [])
    text = _checked(_run(words, dir, runas, env))
    return _json(text) or text


def _json(text):
    """The value of the JSON in a text, which npm may put lines around; None without any."""
    for start in (found.start() for found in re.finditer(r'(?m)^[\[{]', text)):
        try:
            return compat.native_tree(json.JSONDecoder().raw_decode(text[start:])[0])
        except ValueError:
            continue
    return None


def uninstall(pkg, dir=None, runas=None, env=None):
    """Remove a package; True if npm could. CLI: npm.uninstall coffee-script"""
    result = _run(['uninstall'] + ([] if dir else ['--global']) + [pkg], dir, runas, env)
    return not result['retcode']


def list_(pkg=None, dir=None, runas=None, env=None, depth=None):
    """Mapping of the installed packages to what npm tells of them. CLI: npm.list"""
    words = ['list', '--silent', '--json'] + ([] if dir else ['--global'])
    words += ['--depth=%d' % int(depth)] if depth is not None else []
    result = _run(words + ([pkg] if pkg else []), dir, runas, env, ignore_retcode=True)
    if result['retcode'] and result['stderr']:
        raise CommandExecutionError(result['stderr'])
    return compat.native_tree(json.loads(result['stdout'] or '{}')).get('dependencies', {})


def cache_clean(path=None, runas=None, env=None, force=False):
    """Empty npm's cache; True if npm could. CLI: npm.cache_clean force=True"""
    words = ['cache', 'clean'] + ([path] if path else []) + (['--force'] if force is True else [])
    return not _run(words, None, runas, env)['retcode']


def cache_list(path=None, runas=None, env=None):
    """What is in npm's cache, as npm prints it. CLI: npm.cache_list"""
    result = _run(['cache', 'ls'] + ([path] if path else []), None, runas, env)
    if result['retcode'] and result['stderr']:
        raise CommandExecutionError(result['stderr'])
    return result['stdout']


def cache_path(runas=None, env=None):
    """The folder of npm's cache. CLI: npm.cache_path"""
    result = _run(['config', 'get', 'cache'], None, runas, env, ignore_retcode=True)
    return result['stdout'] or result['stderr']
