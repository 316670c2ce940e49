"""service.* of a test: services that are nothing but their names, in the world that __context__ is not shared for."""
from __future__ import absolute_import, division, print_function

from minion.errors import CommandExecutionError
from tests.support.fakeworld import WORLD

__func_alias__ = {'reload_': 'reload'}


def _note(what, name, **options):
    WORLD['calls'].append((what, name) + ((options,) if any(options.values()) else ()))
    if what in WORLD['broken']:
        raise CommandExecutionError('%s is broken' % what)
    return what not in WORLD['failing']


def _set(kind, name, wanted):
    (WORLD[kind].add if wanted else WORLD[kind].discard)(name)
    return True


def available(name):
    return name in WORLD['all']


def offline():
    return WORLD['offline']


def status(name, sig=None):
    return name in WORLD['running']


def enabled(name, **kwargs):
    return name in WORLD['enabled']


def disabled(name, **kwargs):
    return name not in WORLD['enabled']


def masked(name, runtime=False):
    return name in WORLD['masked']


def start(name, no_block=False, unmask=False, unmask_runtime=False):
    return _note('start', name, no_block=no_block, unmask=unmask) and _set('running', name, 'start' not in WORLD['idle'])


def stop(name, no_block=None):
    return _note('stop', name) and _set('running', name, 'stop' in WORLD['idle'])


def restart(name):
    return _note('restart', name)


def reload_(name):
    return _note('reload', name)


def force_reload(name):
    return _note('force_reload', name)


def full_restart(name):
    return _note('full_restart', name)


def enable(name, **kwargs):
    return _note('enable', name, **kwargs) and _set('enabled', name, True)


def disable(name, **kwargs):
    return _note('disable', name, **kwargs) and _set('enabled', name, False)


def mask(name, runtime=False):
    return _note('mask', name) and _set('masked', name, True)


def unmask(name, runtime=False):
    return _note('unmask', name) and _set('masked', name, False)
