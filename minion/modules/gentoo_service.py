"""Services (service.*) of OpenRC, on Gentoo and Alpine."""
from __future__ import absolute_import, division, print_function

from minion.helpers import environment, initscripts

__func_alias__ = {'reload_': 'reload'}
__virtualname__ = 'service'


def __virtual__():
    if __grains__.get('os') not in ('Gentoo', 'Alpine') or initscripts.booted_with_systemd():
        return False, 'The gentoo_service execution module cannot be loaded: only available on Gentoo/Open-RC systems.'
    if not environment.which('rc-update'):
        return False, 'The gentoo_service execution module cannot be loaded: rc-update is not there.'
    return __virtualname__


def _retcode(*argv, **options):
    return initscripts.retcode(__salt__, *argv, **options)


def _levels(all_services=False):
    """{service: its run levels} of `rc-update show`."""
    argv = ['rc-update'] + (['-v'] if all_services else []) + ['show']
    found = {}
    for line in __salt__['cmd.run'](argv, python_shell=False, ignore_retcode=True).splitlines():
        name, bar, levels = line.partition('|')
        if bar:
            found[name.strip()] = sorted(levels.split())
    return found


def get_enabled():
    """Services that are started in a run level: name to run levels. CLI: service.get_enabled"""
    return dict((name, levels) for name, levels in _levels().items() if levels)


def get_disabled():
    """Services that no run level starts. CLI: service.get_disabled"""
    return sorted(name for name, levels in _levels(True).items() if not levels)


def available(name):
    """True if there is such a service. CLI: service.available sshd"""
    return name in _levels(True)


def missing(name):
    """True if there is no such service. CLI: service.missing sshd"""
    return not available(name)


def get_all():
    """All services. CLI: service.get_all"""
    return sorted(_levels(True))


def _do(name, action):
    return _retcode('rc-service', name, action) == 0


start, stop, restart, reload_ = initscripts.actions(_do)


def zap(name):
    """Let OpenRC believe that a service is stopped; True on success. CLI: service.zap sshd"""
    return _do(name, 'zap')


def status(name, sig=None):
    """True if a service runs; for a glob a mapping. sig: words of its command line, instead of asking its script.

    CLI: service.status sshd
    """
    return initscripts.status(__salt__, name, sig, get_all,
                              lambda one: initscripts.script_runs(__salt__, 'rc-service', one))


def _wanted(options):
    levels = options.get('runlevels') or ['default']
    return [levels] if isinstance(levels, str) else list(levels)


def enable(name, **kwargs):
    """Have a service started in `runlevels`, default: the run level default; True on success. CLI: service.enable sshd"""
    missing_levels = [level for level in _wanted(kwargs) if level not in get_enabled().get(name, ())]
    return not missing_levels or _retcode('rc-update', 'add', name, *missing_levels) == 0


def disable(name, **kwargs):
    """Have a service not started in `runlevels`, default: in all of its own; True on success. CLI: service.disable sshd"""
    own = get_enabled().get(name, [])
    levels = [level for level in own if level in _wanted(kwargs)] if kwargs.get('runlevels') else own
    return not levels or _retcode('rc-update', 'delete', name, *levels) == 0


def enabled(name, **kwargs):
    """True if a service is started, in all of `runlevels` if they are given. CLI: service.enabled sshd"""
    own = get_enabled().get(name)
    if own is None:
        return False
    return all(level in own for level in _wanted(kwargs)) if kwargs.get('runlevels') else True


def disabled(name):
    """True if no run level starts a service. CLI: service.disabled sshd"""
    return name in get_disabled()
