"""What service.running and its like say: whether a service is started at boot, and whether it runs."""
from __future__ import absolute_import, division, print_function

from minion import compat
from minion.errors import CommandExecutionError

ONLY_SYSTEMD = ('no_block', 'unmask', 'unmask_runtime')
# What follows a comment, by whether the service runs; None: nothing was done about that.
_IS = {True: 'and is running', False: 'and is dead', None: 'and is in the desired state'}
_NOTHING = {True: 'service %s started', False: 'service %s is dead', None: 'service %s is in the desired state'}
_FAILED = {True: {True: ', but the service is running', False: ', and the service is dead',
                  None: ', but the service was already running'},
           False: {True: ', and is running', False: ', and the service is dead',
                   None: ', but the service was already running'}}


def is_true(value):
    """What the states take for True: no other words than true and numbers above 0."""
    if compat.is_text(value):
        try:
            return float(value) > 0
        except ValueError:
            return value.lower() == 'true'
    return bool(value)


def at_boot(name, wanted, runs, result, functions, test, options):
    """What is to be changed in the return of a state that has a service started at boot (`wanted`), or not.

    :param runs: True or False: the service was just started or stopped, and this is how it is now; None: neither.
    :param bool result: of the state, where this succeeds.  :raises CommandExecutionError: it cannot be disabled.
    """
    action, question = ('enable', 'enabled') if wanted else ('disable', 'disabled')
    if 'service.' + action not in functions or 'service.' + question not in functions:
        rest = _NOTHING[runs] % name
        return {'comment': '%s is not available on this minion, %s' % (action.capitalize(), rest), 'result': result}
    takes = options if accepts(functions['service.' + question]) else {}
    before = functions['service.' + question](name, **takes)
    if before:
        return {'comment': 'Service %s is already %s, %s' % (name, question, _IS[runs]), 'result': result}
    if test:
        return {'comment': 'Service %s set to be %s' % (name, question), 'result': None}
    reason = None
    try:
        if functions['service.' + action](name, **(options if accepts(functions['service.' + action]) else {})):
            after = functions['service.' + question](name, **takes)
            return {'comment': 'Service %s has been %s, %s' % (name, question, _IS[runs]), 'result': result,
                    'changes': {} if bool(before) == bool(after) else {name: bool(after)}}
    except CommandExecutionError as exc:
        if not wanted:
            raise
        reason = exc.strerror
    return {'comment': 'Failed when setting service %s to %s%s%s' % (
        name, 'start at boot' if wanted else 'not start at boot', _FAILED[wanted][runs],
        '. Additional information follows:\n\n%s' % reason if reason else ''), 'result': False}


def accepts(function, name=None):
    """True if a function has an argument of that name; without one, if it takes any keyword."""
    code = getattr(function, '__code__', None)
    if code is None:
        return False
    if name is None:
        return bool(code.co_flags & 0x08)
    return name in code.co_varnames[:code.co_argcount]


def systemd_only(function, options, booted):
    """(those of `options` that only systemd has, to be given to the function, warnings about the others)."""
    given, warnings = {}, []
    for name in ONLY_SYSTEMD:
        if options.get(name) and accepts(function, name):
            if booted:
                given[name] = options[name]
            else:
                warnings.append("The '%s' argument is not supported by this platform" % name)
    return given, warnings


def triggered(reload, force, full_restart, functions):
    """(function, 'restart', 'restarted') for a service that runs and is to notice a change."""
    if reload:
        if force and 'service.force_reload' in functions:
            return functions['service.force_reload'], 'forcefully reload', 'forcefully reloaded'
        if 'service.reload' in functions:
            return functions['service.reload'], 'reload', 'reloaded'
    elif full_restart and 'service.full_restart' in functions:
        return functions['service.full_restart'], 'fully restart', 'fully restarted'
    return functions['service.restart'], 'restart', 'restarted'
