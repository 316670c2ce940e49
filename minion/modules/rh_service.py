"""Services (service.*) of RHEL 5 and 6, SLES 11 and their kin: init scripts and, where it is there, upstart's jobs.

`limit` is 'sysvinit' or 'upstart' and leaves the other kind out.
"""
from __future__ import absolute_import, division, print_function

import os

from minion.helpers import environment, initscripts

__func_alias__ = {'reload_': 'reload'}
__virtualname__ = 'service'


def __virtual__():
    if __grains__.get('os_family') not in ('RedHat', 'Suse'):
        return False, 'Cannot load rh_service module: OS not in the families RedHat and Suse'
    if initscripts.booted_with_systemd():
        return False, 'Cannot load rh_service module: systemd starts the services'
    if not environment.which('chkconfig'):
        return False, 'Cannot load rh_service module: chkconfig is not there'
    return __virtualname__


def _retcode(*argv, **options):
    return initscripts.retcode(__salt__, *argv, **options)


def _jobs():
    return initscripts.jobs() if environment.which('initctl') else []


def _is_job(name):
    return name in _jobs()


def _scripts():
    """{name: True if the current run level starts it} of chkconfig."""
    level = initscripts.runlevel(__salt__, '3')
    text = __salt__['cmd.run'](['chkconfig', '--list'], python_shell=False, ignore_retcode=True)
    found = {}
    for words in (line.split() for line in text.splitlines()):
        if len(words) > 2 and words[1].startswith('0:'):
            found[words[0]] = '%s:on' % level in words
    return found


def _chosen(limit, enabled):
    """Names of services, all if `enabled` is None."""
    found = []
    if limit in ('', 'upstart'):
        found += [name for name in _jobs() if enabled is None or enabled != initscripts.is_manual(name)]
    if limit in ('', 'sysvinit'):
        scripts = _scripts()
        found += [name for name in scripts if enabled is None or scripts[name] == enabled]
    return sorted(set(found))


def get_enabled(limit=''):
    """Services that are started at boot. CLI: service.get_enabled limit=upstart"""
    return _chosen(limit, True)


def get_disabled(limit=''):
    """Services that are not started at boot. CLI: service.get_disabled"""
    return _chosen(limit, False)


def get_all(limit=''):
    """All services. CLI: service.get_all"""
    return sorted(set(_chosen(limit, None)) | set(initscripts.scripts() if limit in ('', 'sysvinit') else ()))


def available(name, limit=''):
    """True if there is such a service. CLI: service.available sshd"""
    return name in get_all(limit)


def missing(name, limit=''):
    """True if there is no such service. CLI: service.missing sshd"""
    return name not in get_all(limit)


def _do(name, action):
    if _is_job(name):
        return _retcode(action, name) == 0
    return _retcode('service', name, action) == 0


start, stop, restart, reload_ = initscripts.actions(_do)


def status(name, sig=None):
    """True if a service runs; for a glob a mapping. sig: words of its command line, instead of asking its script.

    CLI: service.status sshd
    """
    return initscripts.status(__salt__, name, sig, get_all, _runs)


def _runs(name):
    return initscripts.job_runs(__salt__, name) if _is_job(name) else initscripts.script_runs(__salt__, 'service', name)


def enable(name, **kwargs):
    """Have a service started at boot; True on success. CLI: service.enable sshd"""
    if _is_job(name):
        initscripts.set_manual(name, False)
        return not initscripts.is_manual(name)
    if not os.path.exists(os.path.join(initscripts.SCRIPTS, name)):
        return False
    if name not in _scripts() and _retcode('chkconfig', '--add', name) != 0:
        return False
    return _retcode('chkconfig', name, 'on') == 0


def disable(name, **kwargs):
    """Have a service not started at boot; True on success. CLI: service.disable sshd"""
    if _is_job(name):
        initscripts.set_manual(name, True)
        return True
    if not os.path.exists(os.path.join(initscripts.SCRIPTS, name)):
        return False
    return _retcode('chkconfig', name, 'off') == 0


def delete(name, **kwargs):
    """Let chkconfig forget a service; True on success. CLI: service.delete sshd"""
    return not _is_job(name) and _retcode('chkconfig', '--del', name) == 0


def enabled(name, **kwargs):
    """True if a service is started at boot. CLI: service.enabled sshd"""
    return name in get_enabled()


def disabled(name):
    """True if a service is not started at boot. CLI: service.disabled sshd"""
    return name in get_disabled()
