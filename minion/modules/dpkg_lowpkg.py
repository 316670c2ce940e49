"""Packages and their files as dpkg knows them (lowpkg.*), on Debian and its kin."""
from __future__ import absolute_import, division, print_function

import logging
import os
import re

from minion.errors import CommandExecutionError, SaltInvocationError
from minion.helpers import dpkgquery, pkgtools

log = logging.getLogger(__name__)

__virtualname__ = 'lowpkg'
_FIELD = re.compile(r'\s*(Package|Version|Architecture)\s*:\s*(.*\S)')
_NAMES = {'Package': 'name', 'Version': 'version', 'Architecture': 'arch'}


def __virtual__():
    if __grains__.get('os_family') == 'Debian':
        return __virtualname__
    return False, 'The dpkg execution module cannot be loaded: only works on Debian family systems.'


def _ask(*argv):
    return dpkgquery.ask(__salt__['cmd.run_all'], *argv)


def bin_pkg_info(path, saltenv='base'):
    """Name, version and architecture of a .deb file, which may be an address. CLI: lowpkg.bin_pkg_info /tmp/foo.deb"""
    if '://' in path:
        found = pkgtools.cached(path, saltenv, __salt__)
        if not found:
            raise CommandExecutionError("Unable to retrieve %s from saltenv '%s'" % (path, saltenv))
        path = found
    elif not os.path.isabs(path):
        raise SaltInvocationError('%s does not exist on minion' % path)
    elif not os.path.exists(path):
        raise CommandExecutionError('%s does not exist on minion' % path)
    reply = _ask('dpkg', '-I', path)
    if reply['retcode'] != 0:
        raise CommandExecutionError('Unable to get info for %s: %s' % (path, reply['stderr'] or reply['stdout']))
    return _header(path, reply['stdout'])


def _header(path, text):
    found = {}
    for line in text.splitlines():
        field = _FIELD.match(line)
        if field:
            found.setdefault(_NAMES[field.group(1)], field.group(2))
    missing = [name for name in ('name', 'version', 'arch') if name not in found]
    if missing:
        raise CommandExecutionError('Unable to get %s for %s' % (', '.join(missing), path))
    native = __grains__.get('osarch', '')
    if __grains__.get('cpuarch') == 'x86_64' and native == 'amd64' and found['arch'] not in ('all', native):
        found['name'] += ':' + found['arch']
    return found


def unpurge(*packages):
    """Change what is marked for purging to be installed; the changes. CLI: lowpkg.unpurge curl"""
    if not packages:
        return {}
    old = __salt__['pkg.list_pkgs'](purge_desired=True)
    __salt__['cmd.run'](['dpkg', '--set-selections'], stdin=''.join('%s install\n' % name for name in packages),
                        python_shell=False, output_loglevel='trace')
    __context__.pop('pkg.list_pkgs', None)
    return pkgtools.changes(old, __salt__['pkg.list_pkgs'](purge_desired=True))


def list_pkgs(*packages, **kwargs):
    """Installed packages and their versions, all without a name; a text that begins with Error if one is not there.

    CLI: lowpkg.list_pkgs hostname
    """
    reply = _ask('dpkg', '-l', *packages)
    return dpkgquery.installed(reply) if reply['retcode'] == 0 else _error(reply)


def _error(reply):
    text = 'Error:  ' + reply['stderr']
    log.error('dpkg: %s', reply['stderr'])
    return text


def _files(packages):
    """(error text, None) or (None, {package: lines of `dpkg -L`})."""
    reply = _ask('dpkg', '-l', *packages)
    if reply['retcode'] != 0:
        return _error(reply), None
    return None, dict((name, _ask('dpkg', '-L', name)['stdout'].splitlines()) for name in dpkgquery.installed(reply))


def file_list(*packages, **kwargs):
    """The files of packages, of all without a name, in one sorted list. CLI: lowpkg.file_list hostname"""
    error, found = _files(packages)
    return error or {'errors': [], 'files': sorted(set(line for lines in found.values() for line in lines))}


def file_dict(*packages, **kwargs):
    """The files of packages, of all without a name, by package. CLI: lowpkg.file_dict hostname"""
    error, found = _files(packages)
    return error or {'errors': [], 'packages': found}


def info(*packages, **kwargs):
    """Details of installed packages, of all without a name.

    failhard: False: {} instead of an error if a package is not installed. CLI: lowpkg.info apache2 bash
    """
    kwargs = pkgtools.public(kwargs)
    failhard = kwargs.pop('failhard', True)
    pkgtools.refuse(kwargs)
    reply, found = dpkgquery.details(__salt__['cmd.run_all'], packages)
    if reply['retcode'] != 0:
        if failhard:
            raise CommandExecutionError('Error getting packages information: ' + reply['stderr'])
        return {}
    return found
