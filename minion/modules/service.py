"""Services (service.*) of systems with init scripts that no other module knows: no more than the scripts themselves."""
from __future__ import absolute_import, division, print_function

import os

from minion.helpers import initscripts

__func_alias__ = {'reload_': 'reload'}
OTHERS = ('Debian', 'RedHat', 'Suse', 'Gentoo', 'Arch', 'Alpine')


def __virtual__():
    if __grains__.get('os_family') in OTHERS or initscripts.booted_with_systemd():
        return False, 'Your OS is on the disabled list'
    if not os.path.isdir(initscripts.SCRIPTS):
        return False, 'The service module could not be loaded: there is no /etc/init.d'
    return 'service'


def run(name, action):
    """Call an init script with an action; True on success. CLI: service.run apache2 reload"""
    return _retcode(name, action) == 0


def _retcode(name, action, **options):
    path = os.path.join(initscripts.SCRIPTS, os.path.basename(name))
    return __salt__['cmd.retcode']([path, action], python_shell=False, **options) if os.path.exists(path) else 127


def start(name):
    """Start a service; True on success. CLI: service.start sshd"""
    return run(name, 'start')


def stop(name):
    """Stop a service; True on success. CLI: service.stop sshd"""
    return run(name, 'stop')


def restart(name):
    """Restart a service; True on success. CLI: service.restart sshd"""
    return run(name, 'restart')


def reload_(name):
    """Let a service read its configuration; True on success. CLI: service.reload sshd"""
    return run(name, 'reload')


def status(name, sig=None):
    """True if a service runs; for a glob a mapping. sig: words of its command line, instead of asking its script.

    CLI: service.status sshd
    """
    if sig:
        return initscripts.by_signature(__salt__, sig)
    return initscripts.answer(name, get_all, lambda one: _retcode(one, 'status', ignore_retcode=True) == 0)


def available(name):
    """True if there is such a service. CLI: service.available sshd"""
    return name in get_all()


def missing(name):
    """True if there is no such service. CLI: service.missing sshd"""
    return name not in get_all()


def get_all():
    """All services. CLI: service.get_all"""
    return initscripts.scripts()
