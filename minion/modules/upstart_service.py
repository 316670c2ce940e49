"""Services (service.*) where upstart is process 1 (Ubuntu up to 14.10): its jobs, and init scripts."""
from __future__ import absolute_import, division, print_function

import os

from minion.helpers import initscripts

__func_alias__ = {'reload_': 'reload'}
__virtualname__ = 'service'
SYSTEMS = ('Ubuntu', 'Linaro', 'elementary OS', 'Mint')


def __virtual__():
    if initscripts.booted_with_systemd():
        return False, 'The upstart_service module failed to load: systemd starts the services.'
    if __grains__.get('os') in SYSTEMS:
        return __virtualname__
    return False, 'The upstart_service module failed to load: only available on Ubuntu and its kin.'


def _retcode(*argv, **options):
    return initscripts.retcode(__salt__, *argv, **options)


def _is_job(name):
    return name in initscripts.jobs()


def _linked():
    return initscripts.linked(initscripts.runlevel(__salt__, '2'))


def _chosen(enabled):
    jobs = [name for name in initscripts.jobs() if enabled != initscripts.is_manual(name)]
    linked = _linked()
    scripts = [name for name in initscripts.scripts() if not _is_job(name) and enabled == (name in linked)]
    return sorted(set(jobs + scripts))


def get_enabled():
    """Services that are started at boot. CLI: service.get_enabled"""
    return _chosen(True)


def get_disabled():
    """Services that are not started at boot. CLI: service.get_disabled"""
    return _chosen(False)


def available(name):
    """True if there is such a service. CLI: service.available sshd"""
    return name in get_all()


def missing(name):
    """True if there is no such service. CLI: service.missing sshd"""
    return name not in get_all()


def get_all():
    """All services. CLI: service.get_all"""
    return sorted(set(initscripts.jobs() + initscripts.scripts()))


def _do(name, action):
    return _retcode('service', name, action) == 0


start, stop, restart, reload_ = initscripts.actions(_do)


def full_restart(name):
    """Stop and start a service, so that a changed job counts; True on success. CLI: service.full_restart ssh"""
    _do(name, 'stop')
    return _do(name, 'start')


def force_reload(name):
    """Reload a service, or restart it where it cannot; True on success. CLI: service.force_reload ssh"""
    return _do(name, 'force-reload')


def status(name, sig=None):
    """True if a service runs; for a glob a mapping. sig: words of its command line, instead of asking for it.

    CLI: service.status ssh
    """
    return initscripts.status(__salt__, name, sig, get_all, _runs)


def _runs(name):
    return initscripts.job_runs(__salt__, name) if _is_job(name) else initscripts.script_runs(__salt__, 'service', name)


def enable(name, **kwargs):
    """Have a service started at boot; True on success. CLI: service.enable ssh"""
    if _is_job(name):
        initscripts.set_manual(name, False)
        return not initscripts.is_manual(name)
    if not os.path.exists(os.path.join(initscripts.SCRIPTS, name)):
        return False
    return _retcode('update-rc.d', '-f', name, 'defaults', '99') == 0


def disable(name, **kwargs):
    """Have a service not started at boot; True on success. CLI: service.disable ssh"""
    if _is_job(name):
        initscripts.set_manual(name, True)
        return True
    return _retcode('update-rc.d', '-f', name, 'remove') == 0


def enabled(name, **kwargs):
    """True if a service is started at boot. CLI: service.enabled ssh"""
    return name in get_enabled()


def disabled(name):
    """True if a service is not started at boot. CLI: service.disabled ssh"""
    return name in get_disabled()
