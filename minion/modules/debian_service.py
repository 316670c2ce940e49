"""Services (service.*) of Debian and its kin where scripts in /etc/init.d start them."""
from __future__ import absolute_import, division, print_function

import os

from minion.helpers import environment, initscripts

__func_alias__ = {'reload_': 'reload'}
__virtualname__ = 'service'
SYSTEMS = ('Debian', 'Raspbian', 'Devuan', 'NILinuxRT')
DEFAULT_LEVEL = '2'


def __virtual__():
    if __grains__.get('os') not in SYSTEMS:
        return False, 'The debian_service module could not be loaded: unsupported OS.'
    if initscripts.booted_with_systemd():
        return False, 'The debian_service module could not be loaded: systemd starts the services.'
    return __virtualname__


def _retcode(argv, **options):
    return __salt__['cmd.retcode'](argv, python_shell=False, **options)


def _service(name, action):
    return _retcode(['service', name, action]) == 0


def get_enabled():
    """Services that the current run level starts. CLI: service.get_enabled"""
    return sorted(initscripts.linked(initscripts.runlevel(__salt__, DEFAULT_LEVEL)))


def get_disabled():
    """Services that the current run level does not start. CLI: service.get_disabled"""
    return sorted(set(get_all()) - set(get_enabled()))


def available(name):
    """True if there is such a service. CLI: service.available sshd"""
    return name in get_all()


def missing(name):
    """True if there is no such service. CLI: service.missing sshd"""
    return name not in get_all()


def get_all():
    """All services. CLI: service.get_all"""
    return sorted(set(initscripts.scripts()) | set(get_enabled()))


def start(name):
    """Start a service; True if its script says so. CLI: service.start ssh"""
    return _service(name, 'start')


def stop(name):
    """Stop a service; True if its script says so. CLI: service.stop ssh"""
    return _service(name, 'stop')


def restart(name):
    """Restart a service; True if its script says so. CLI: service.restart ssh"""
    return _service(name, 'restart')


def reload_(name):
    """Let a service read its configuration; True if its script says so. CLI: service.reload ssh"""
    return _service(name, 'reload')


def force_reload(name):
    """Reload a service, or restart it where it cannot. CLI: service.force_reload ssh"""
    return _service(name, 'force-reload')


def status(name, sig=None):
    """True if a service runs; for a glob a mapping. sig: words of its command line, instead of asking its script.

    CLI: service.status ssh
    """
    if sig:
        return initscripts.by_signature(__salt__, sig)
    return initscripts.answer(
        name, get_all, lambda one: _retcode(['service', one, 'status'], ignore_retcode=True) == 0)


def enable(name, **kwargs):
    """Have a service started at boot; True on success. CLI: service.enable ssh"""
    if not os.path.exists(os.path.join(initscripts.SCRIPTS, name)):
        __context__['retcode'] = 127
        return False
    if environment.which('insserv') and _retcode(['insserv', name]) != 0:
        return False
    return _retcode(['update-rc.d', name, 'defaults']) == 0 and _retcode(['update-rc.d', name, 'enable']) == 0


def disable(name, **kwargs):
    """Have a service not started at boot; True on success. CLI: service.disable ssh"""
    return _retcode(['update-rc.d', name, 'disable']) == 0


def enabled(name, **kwargs):
    """True if a service is started at boot. CLI: service.enabled ssh"""
    return name in get_enabled()


def disabled(name):
    """True if a service is there and not started at boot. CLI: service.disabled ssh"""
    return name in get_disabled()
