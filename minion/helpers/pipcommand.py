"""The command lines of pip (pip.*): which pip, and what the arguments of its functions become."""
from __future__ import absolute_import, division, print_function

import os
import re
import sys

from minion import compat
from minion.errors import CommandExecutionError, CommandNotFoundError

_URL = re.compile(r'(?:https?|ftp|ssh|git|file)(?:\+\w+)?://', re.IGNORECASE)
_SWITCHES = (('upgrade', '--upgrade'), ('force_reinstall', '--force-reinstall'), ('ignore_installed', '--ignore-installed'))
_SWITCHES_MORE = (('no_deps', '--no-deps'), ('no_install', '--no-install'), ('no_download', '--no-download'),
                  ('pre_releases', '--pre'))


def program(bin_env):
    """The words that begin a command of pip.

    :param bin_env: a virtual environment, a Python or a pip; None: the Python of the minion.
    :raises CommandNotFoundError: there is no pip.
    """
    if not bin_env:
        return [sys.executable, '-m', 'pip']
    bin_env = compat.to_native(bin_env)
    if os.path.isdir(bin_env):
        for folder in ('bin', ''):
            for name in ('python', 'python3', 'python2'):
                path = os.path.join(bin_env, folder, name)
                if os.path.isfile(path) and os.access(path, os.X_OK):
                    return [path, '-m', 'pip']
        raise CommandNotFoundError('Could not find a pip binary in virtualenv %s' % bin_env)
    if os.path.isfile(bin_env) and os.access(bin_env, os.X_OK):
        return [bin_env, '-m', 'pip'] if os.path.basename(bin_env).startswith('python') else [bin_env]
    raise CommandNotFoundError('Access denied to %s, could not find a pip binary' % bin_env)


def normalized(name):
    """foo-bar of Foo_Bar."""
    return re.sub(r'[-_.]+', '-', name).lower()


def listed(value):
    """Words of a list, or of a text with commas; commas inside of brackets and between versions stay."""
    if isinstance(value, (list, tuple)):
        return [compat.shown(one) for one in value]
    if value in (None, ''):
        return []
    text = compat.shown(value)
    return [part.strip() for part in re.split(r',(?![^\[]*\])(?!\s*[<>=!~])', text) if part.strip()]


def _timeout(value):
    try:
        int(value)
    except ValueError:
        raise ValueError("'%s' is not a valid timeout, must be an integer" % value)
    return ['--timeout', value]


def common(wanted):
    """Words of log, proxy and timeout, which uninstalling has, too."""
    words = ['--log', wanted['log']] if wanted['log'] else []
    words += ['--proxy', wanted['proxy']] if wanted['proxy'] else []
    return words + (_timeout(wanted['timeout']) if wanted['timeout'] else [])


def requirements(value, saltenv, functions):
    """Words of files of requirements, which may be files of the master.  :raises CommandExecutionError: one is not there."""
    words = []
    for name in listed(value):
        path = functions['cp.cache_file'](name, saltenv) if '://' in name else name
        if not path:
            raise CommandExecutionError("pip requirements file '%s' not found" % name)
        words += ['--requirement', path]
    return words


def extra(value):
    """Words of `extra_args`: each a text, or a mapping of an option to its value."""
    words = []
    for one in [value] if compat.is_text(value) else value or []:
        words += [word for pair in one.items() for word in pair] if isinstance(one, dict) else [one]
    return words


def install(wanted, saltenv, functions):
    """The words of pip.install behind `pip`; [] of packages: nothing to do.  :param dict wanted: its arguments."""
    _check(wanted)
    words = ['install'] + common(wanted) + _sources(wanted) + _places(wanted)
    words += [word for name, word in _SWITCHES + _SWITCHES_MORE if wanted[name]]
    words += _options(wanted) + requirements(wanted['requirements'], saltenv, functions)
    named = listed(wanted['pkgs'])
    for one in listed(wanted['editable']):
        named += ['--editable', one]
    named += ['--allow-all-external'] if wanted['allow_all_external'] else []
    for name in ('allow_external', 'allow_unverified'):
        for one in listed(wanted[name]):
            named += ['--' + name.replace('_', '-'), one]
    named += ['--process-dependency-links'] if wanted['process_dependency_links'] else []
    for one in listed(wanted['trusted_host']):
        named += ['--trusted-host', one]
    return words + named + extra(wanted['extra_args'])


def _check(wanted):
    for name in ('index_url', 'extra_index_url'):
        if wanted[name] and not _URL.match(wanted[name]):
            raise CommandExecutionError("'%s' is not a valid URL" % wanted[name])
    if wanted['no_index'] and (wanted['index_url'] or wanted['extra_index_url']):
        raise CommandExecutionError("'no_index' and ('index_url' or 'extra_index_url') are mutually exclusive.")
    if wanted['mirrors']:
        raise CommandExecutionError(
            'pip >= 7.0.0 does not support mirror argument: use index_url and/or extra_index_url instead')
    if wanted['exists_action'] and wanted['exists_action'].lower() not in ('s', 'i', 'w', 'b'):
        raise CommandExecutionError("The exists_action pip option only supports the values s, i, w, and b. '%s' is not valid."
                                    % wanted['exists_action'].lower())
    for one in listed(wanted['editable']):
        if 'egg' not in one and not one.startswith('/') and one != '.':
            raise CommandExecutionError('You must specify an egg for this editable')


def _sources(wanted):
    words = []
    for link in listed(wanted['find_links']):
        if not _URL.match(link) and not os.path.exists(link):
            raise CommandExecutionError("'%s' is not a valid URL or path" % link)
        words += ['--find-links', link]
    for name in ('index_url', 'extra_index_url'):
        words += ['--' + name.replace('_', '-'), wanted[name]] if wanted[name] else []
    return words + (['--no-index'] if wanted['no_index'] else [])


def _places(wanted):
    words = []
    for name in listed(wanted['no_binary']) and ['no_binary'] or []:
        words += ['--no-binary', ','.join(listed(wanted[name]))]
    for name, option in (('build', 'build'), ('target', 'target'), ('download', 'download'), ('download_cache', 'cache-dir'),
                         ('source', 'source')):
        words += ['--' + option, wanted[name]] if wanted[name] else []
    return words


def _options(wanted):
    words = ['--exists-action', wanted['exists_action'].lower()] if wanted['exists_action'] else []
    words += ['--disable-pip-version-check'] if wanted['disable_version_check'] else []
    words += ['--cert', wanted['cert']] if wanted['cert'] else []
    words += ['--cache-dir', wanted['cache_dir']] if wanted['cache_dir'] else []
    words += ['--no-cache-dir'] if wanted['no_cache_dir'] else []
    for name in ('global_options', 'install_options'):
        for one in listed(wanted[name]):
            words += ['--' + name.replace('_', '-')[:-1], one]
    return words
