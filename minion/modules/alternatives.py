"""The alternatives system of Debian and RHEL (alternatives.*)."""
from __future__ import absolute_import, division, print_function

import logging
import os

from minion import compat, files

log = logging.getLogger(__name__)

__func_alias__ = {'set_': 'set'}
LINKS = '/etc/alternatives'
DATABASES = {'Debian': '/var/lib/dpkg/alternatives', 'Suse': '/var/lib/rpm/alternatives',
             'RedHat': '/var/lib/alternatives'}


def __virtual__():
    if os.path.isdir(LINKS):
        return True
    return False, 'Cannot load alternatives module: /etc/alternatives dir not found'


def _run(*argv, **options):
    program = 'alternatives' if __grains__.get('os_family') == 'RedHat' else 'update-alternatives'
    reply = __salt__['cmd.run_all']([program] + [compat.to_native(compat.shown(word)) for word in argv],
                                    python_shell=False, **options)
    return reply, reply['stderr'] if reply['retcode'] > 0 and reply['stderr'] else reply['stdout']


def display(name):
    """What the system tells of a group of alternatives. CLI: alternatives.display editor"""
    return _run('--display', name, ignore_retcode=True)[1]


def show_link(name):
    """The path that programs use for a group, False if there is no such group. CLI: alternatives.show_link editor"""
    path = os.path.join(DATABASES.get(__grains__.get('os_family'), DATABASES['RedHat']), os.path.basename(name))
    try:
        lines = compat.to_native(compat.decode_lossy(files.read(path) or b'')).splitlines()
    except (IOError, OSError) as exc:
        log.error('%s: cannot be read: %s', path, files.reason(exc))
        return False
    return lines[1] if len(lines) > 1 else False


def show_current(name):
    """The path that a group points at, False if there is no such group. CLI: alternatives.show_current editor"""
    try:
        return os.readlink(os.path.join(LINKS, name))
    except OSError:
        log.error('alternative %s does not exist', name)
        return False


def check_exists(name, path):
    """True if a path is one of the alternatives of a group. CLI: alternatives.check_exists editor /usr/bin/vim"""
    reply, text = _run('--display', name, ignore_retcode=True)
    return reply['retcode'] == 0 and any(line.startswith(path) for line in text.splitlines())


def check_installed(name, path):
    """True if a group points at a path. CLI: alternatives.check_installed editor /usr/bin/vim"""
    return show_current(name) == path


def install(name, link, path, priority):
    """Add an alternative to a group; what the program says. CLI: alternatives.install editor /usr/bin/editor /bin/ed 5"""
    return _run('--install', link, name, path, priority)[1]


def remove(name, path):
    """Take an alternative out of a group; what the program says. CLI: alternatives.remove editor /bin/ed"""
    return _run('--remove', name, path)[1]


def auto(name):
    """Let the highest priority decide; what the program says. CLI: alternatives.auto editor"""
    return _run('--auto', name)[1]


def set_(name, path):
    """Point a group at a path by hand; what the program says. CLI: alternatives.set editor /bin/ed"""
    return _run('--set', name, path)[1]
