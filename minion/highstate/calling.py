"""One chunk to its result: the arguments that the state function takes, the call, the form of what it returns."""
from __future__ import absolute_import, division, print_function

import datetime
import sys

from minion import compat
from minion.errors import SaltInvocationError
from minion.highstate import words

_EXCEPTION = 'An exception occurred in this state: '


def refused(world, chunk):
    """What is wrong with a chunk, so that it cannot be called: list of texts, empty if it can.

    :raises KeyError: it has no `name`.
    """
    found = []
    if 'state' not in chunk:
        found.append('Missing "state" data')
    if 'fun' not in chunk:
        found.append('Missing "fun" data')
    if 'name' not in chunk and not found:
        raise KeyError('name')
    if found:
        return found
    where = " in SLS '%s'" % chunk['__sls__'] if '__sls__' in chunk else ''
    if chunk['name'] and not compat.is_text(chunk['name']):
        return ["ID '%s'%s is not formed as a string, but is a %s" % (chunk['name'], where, type(chunk['name']).__name__)]
    name = '%s.%s' % (chunk['state'], chunk['fun'])
    if name not in world.states:
        if where:
            return ["State '%s' was not found%s" % (name, where), 'Reason: ' + world.missing_state(name)]
        return ["Specified state '%s' was not found" % name]
    spec = compat.getargspec(world.states[name])
    required = spec.args[:len(spec.args) - len(spec.defaults or ())]
    return ['Missing parameter %s for state %s' % (arg, name) for arg in required if arg not in chunk]


def arguments(function, chunk):
    """The keywords for a state function.  :raises SaltInvocationError: what it does not take is in the chunk."""
    spec = compat.getargspec(function)
    name = '%s.%s' % (chunk['state'], chunk['fun'])
    given = dict((key, chunk[key]) for key in spec.args if key in chunk)
    rest = dict((key, value) for key, value in chunk.items() if key not in given and not words.is_internal(key))
    if spec.keywords:
        given.update(rest)
    elif rest:
        raise SaltInvocationError(_invalid(sorted(rest, key=str), name))
    return given


def _invalid(keys, name):
    shown = ["'%s'" % key for key in keys]
    if len(shown) == 1:
        return "%s is an invalid keyword argument for '%s'" % (shown[0], name)
    return "%s and %s are invalid keyword arguments for '%s'" % (', '.join(shown[:-1]), shown[-1], name)


def attempt(function, given, chunk):
    """What the state function returns, in its proper form; an exception of it is a failed result."""
    try:
        return shaped(function(**given))
    except Exception as exc:                         # foreign code: a state function, or what it returned
        kind, _, trace = sys.exc_info()
        try:
            text = compat.traceback_text(kind, exc, trace)
        finally:
            del trace
    return {'name': chunk['name'], 'result': False, 'changes': {}, 'comment': _EXCEPTION + text}


def shaped(returned):
    """The return of a state function with a list of comments joined and its result one of True, False, None.

    :raises SaltInvocationError: it is no return of a state.
    """
    if not isinstance(returned, dict):
        raise SaltInvocationError('Malformed state return, return must be a dict')
    return returned


def now():
    """The local time as `start_time` has it, and a clock for durations."""
    return datetime.datetime.now().time().isoformat(), compat.monotonic()
