"""Services that run or not, and are started at boot or not, whatever starts them."""
from __future__ import absolute_import, division, print_function

import time

from minion import compat
from minion.errors import CommandExecutionError
from minion.helpers import initscripts, state_service

OFFLINE = 'Running in OFFLINE mode. Nothing to do'


def __virtual__():
    if 'service.start' in __salt__:
        return 'service'
    return False, 'No service execution module loaded: check support for service management on %s' % __grains__.get('os')


def _answer(name, result=True, comment='', changes=None):
    return {'name': name, 'result': result, 'comment': comment, 'changes': changes or {}}


def _test():
    return __opts__.get('test')


def _wrong_option(name):
    return _answer(name, False, 'Service %s uses non-existent option "enabled".  Perhaps "enable" option was intended?' % name)


def _there(name):
    if 'service.available' in __salt__:
        return __salt__['service.available'](name)
    return name in __salt__['service.get_all']()


def _boot(name, wanted, runs, result, options):
    """Changes to the return of a state; see state_service.at_boot."""
    if not _there(name):
        return {'result': False, 'comment': 'The named service %s is not available' % name}
    return state_service.at_boot(name, wanted, runs, result, __salt__, _test(), options)


def _at_boot(name):
    """True or False; None: nobody can tell."""
    return __salt__['service.enabled'](name) if 'service.enabled' in __salt__ else None


def _begin(name, enable, options, missing):
    """(what to return at once or None, `enable` as True, False or None)."""
    if 'enabled' in options:
        return _wrong_option(name), None
    if compat.is_text(enable):
        enable = state_service.is_true(enable)
    if 'service.offline' in __salt__ and __salt__['service.offline']():
        return _answer(name, True, OFFLINE), None
    if _there(name):
        return None, enable
    if _test():
        return _answer(name, None, 'Service %s not present; if created in this state run, it would have been %s'
                       % (name, missing)), None
    return _answer(name, missing == 'stopped', 'The named service %s is not available' % name), None


def _joined(*texts):
    return '\n'.join(text for text in texts if text)


def _options(function, options):
    return state_service.systemd_only(function, options, initscripts.booted_with_systemd())


def running(name, enable=None, sig=None, init_delay=None, **kwargs):
    """The service runs. enable: True or False: it is started at boot, or not. sig: words of its command line.

    unmask, unmask_runtime: also if it is masked. no_block: do not wait for it. init_delay: seconds to wait afterwards.

        redis:
          service.running:
            - enable: True
            - watch:
              - file: /etc/redis.conf
    """
    early, enable = _begin(name, enable, kwargs, 'started')
    if early:
        return early
    runs, boots = __salt__['service.status'](name, sig), _at_boot(name)
    mask = ''
    if kwargs.get('unmask') or kwargs.get('unmask_runtime'):
        mask = unmasked(name, kwargs.get('unmask_runtime', False))['comment']
    if runs:
        ret = _answer(name, True, _joined('The service %s is already running' % name, mask))
        return _boot_if_needed(ret, enable, boots, kwargs)
    if _test():
        return _answer(name, None, _joined('Service %s is set to start' % name, mask))
    options, warnings = _options(__salt__['service.start'], kwargs)
    ret = _start(name, enable, options, kwargs)
    if ret is None:
        if init_delay:
            time.sleep(init_delay)
        ret = _started(name, enable, boots, kwargs)
        if init_delay:
            ret['comment'] += '\nDelayed return for %s seconds' % init_delay
    ret['comment'] = _joined(ret['comment'], mask)
    return dict(ret, warnings=warnings) if warnings else ret


def _boot_if_needed(ret, enable, boots, options):
    if enable is True and not boots or enable is False and boots is not False:
        ret.update(_boot(ret['name'], enable, None, True, options))
    return ret


def _start(name, enable, options, given):
    """What to return if it does not start, else None."""
    try:
        if __salt__['service.start'](name, **options):
            return None
    except CommandExecutionError as exc:
        return _answer(name, False, exc.strerror)
    ret = _answer(name, False, 'Service %s failed to start' % name)
    if enable is not None:
        ret.update(_boot(name, enable, False, False, given))
    return ret


def _started(name, enable, boots, options):
    runs, boots_now = __salt__['service.status'](name), _at_boot(name)
    ret = _answer(name, bool(runs), 'Started service %s' % name if runs else 'Service %s failed to start' % name)
    if runs or boots != boots_now:
        ret['changes'] = {name: runs}
    if enable is not None:
        ret.update(_boot(name, enable, bool(runs), bool(runs), options))
    return ret


def dead(name, enable=None, sig=None, init_delay=None, **kwargs):
    """The service does not run. enable: True or False: it is started at boot, or not. sig: words of its command line.

    no_block: do not wait for it. init_delay: seconds to wait afterwards.

        apache2:
          service.dead:
            - enable: False
    """
    early, enable = _begin(name, enable, kwargs, 'stopped')
    if early:
        return early
    runs, boots = __salt__['service.status'](name, sig), _at_boot(name)
    if not runs:
        return _boot_if_needed(_answer(name, True, 'The service %s is already dead' % name), enable, boots, kwargs)
    if _test():
        return _answer(name, None, 'Service %s is set to be killed' % name)
    options, warnings = _options(__salt__['service.stop'], kwargs)
    done = __salt__['service.stop'](name, **options)
    if done and init_delay:
        time.sleep(init_delay)
    runs = __salt__['service.status'](name) if done else True
    ret = _answer(name, not runs, 'Service %s failed to die' % name if runs else 'Service %s was killed' % name)
    if done and (not runs or boots != _at_boot(name)):
        ret['changes'] = {name: runs}
    if enable is not None:
        ret.update(_boot(name, enable, bool(runs), not runs, kwargs))
    return dict(ret, warnings=warnings) if warnings else ret


def enabled(name, **kwargs):
    """The service is started at boot.

        sshd:
          service.enabled: []
    """
    if not _there(name) and _test():
        return _answer(name, None, 'Service %s not present; if created in this state run, it would have been enabled' % name)
    return dict(_answer(name), **_boot(name, True, None, True, kwargs))


def disabled(name, **kwargs):
    """The service is not started at boot."""
    if not _there(name):
        return _answer(name, True, 'The named service %s is not available' % name)
    return dict(_answer(name), **_boot(name, False, None, True, kwargs))


def masked(name, runtime=False):
    """The service cannot be started at all (systemd). runtime: until the next boot."""
    return _mask(name, runtime, True)


def unmasked(name, runtime=False):
    """The service can be started (systemd). runtime: what was masked until the next boot."""
    return _mask(name, runtime, False)


def _mask(name, runtime, wanted):
    if 'service.masked' not in __salt__:
        return _answer(name, not wanted, 'Service masking not available on this minion')
    kind = 'runtime masked' if runtime else 'masked'
    state, action = (kind, 'mask') if wanted else (kind.replace('masked', 'unmasked'), 'unmask')
    changes = {kind: {'old': not wanted, 'new': wanted}}
    try:
        if bool(__salt__['service.masked'](name, runtime)) is wanted:
            return _answer(name, True, 'Service %s %s already %s' % (name, 'is' if wanted else 'was', state))
        if _test():
            return _answer(name, None, 'Service %s would be %s' % (name, state), changes)
        __salt__['service.' + action](name, runtime)
        if bool(__salt__['service.masked'](name, runtime)) is wanted:
            return _answer(name, True, 'Service %s was %s' % (name, state), changes)
        return _answer(name, True, 'Failed to %s service %s' % (action, name))
    except CommandExecutionError as exc:
        return _answer(name, False, exc.strerror)


def mod_watch(name, sfun=None, sig=None, reload=False, full_restart=False, init_delay=None, force=False, **kwargs):
    """What a watched change does: restart or, with `reload`, reload a service that runs, start or stop another."""
    runs = sfun in ('running', 'dead') and __salt__['service.status'](name, sig)
    if sfun == 'dead':
        if not runs:
            return _answer(name, True, 'Service is already stopped')
        act, verb, past = __salt__['service.stop'], 'stop', 'stopped'
    elif sfun == 'running':
        act, verb, past = __salt__['service.start'], 'start', 'started'
        if runs:
            act, verb, past = state_service.triggered(reload, force, full_restart, __salt__)
    else:
        return _answer(name, False, 'Unable to trigger watch for service.%s' % sfun)
    if _test():
        return _answer(name, None, 'Service is set to be %s' % past)
    if verb == 'start':
        __salt__['service.stop'](name)
    options, warnings = _options(act, kwargs)
    ret = _trigger(name, act, options, verb, past, init_delay)
    return dict(ret, warnings=warnings) if warnings else ret


def _trigger(name, act, options, verb, past, init_delay):
    try:
        done = act(name, **options)
    except CommandExecutionError as exc:
        return _answer(name, False, exc.strerror)
    if init_delay:
        time.sleep(init_delay)
    return _answer(name, done, 'Service %s' % past if done else 'Failed to %s the service' % verb, {name: done})


def mod_beacon(name, **kwargs):
    """Watch the service with a beacon, as the requisite `beacon: True` of running and dead asks for."""
    sfun = kwargs.get('sfun')
    if sfun not in ('running', 'dead'):
        return _answer(name, False, 'service.%s does not work with the beacon state function' % sfun)
    if not kwargs.get('beacon'):
        return _answer(name, True, 'Not adding beacon.')
    data = dict(kwargs.get('beacon_data') or {})
    watched = {'onchangeonly': data.pop('onchangeonly', True), 'delay': data.pop('delay', 0),
               'emitatstartup': data.pop('emitatstartup', False), 'uncleanshutdown': data.pop('uncleanshutdown', None)}
    return __states__['beacon.present'](name='beacon_service_%s' % name, beacon_module='service',
                                        services={name: watched}, **data)
