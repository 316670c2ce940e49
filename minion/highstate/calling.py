"""One chunk to its result: the arguments that the state function takes, the call, the form of what it returns.

State functions are somebody's code: what they raise becomes a failed result here, and nowhere else.
"""
from __future__ import absolute_import, division, print_function

import datetime
import sys

from minion import compat
from minion.errors import SaltInvocationError
from minion.highstate import conditions, slots, words

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
    if 'name' not in chunk:
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
    found = ['Missing parameter %s for state %s' % (arg, name) for arg in required if arg not in chunk]
    if 'umask' in chunk and not _is_octal(chunk['umask']):
        found.append('Invalid umask: %s' % (chunk['umask'],))
    return found


def _is_octal(umask):
    try:
        int(str(umask), 8)
    except ValueError:
        return False
    return True


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


def call(world, chunk):
    """The result of a chunk: of its state function, or of the conditions that keep it from being called.

    :raises SaltInvocationError: it has arguments that the state function does not take.
    """
    function = world.states['%s.%s' % (chunk['state'], chunk['fun'])]
    given = arguments(function, chunk)
    return attempt(lambda: _done(world, function, given, chunk), chunk)


def _done(world, function, given, chunk):
    result = None
    if any(name in chunk for name in words.CONDITIONS) and '%s.mod_run_check' % chunk['state'] not in world.states:
        result = conditions.held_back(world.functions, chunk)
    if result is None:
        result = shaped(function(**slots.filled(given, world.functions)), chunk)
    if 'check_cmd' in chunk and '%s.mod_run_check_cmd' % chunk['state'] not in world.states:
        result = conditions.checked(world.functions, chunk, result)
    return result


def attempt(step, chunk):
    """What step() returns; an exception is a failed result."""
    try:
        return step()
    except Exception as exc:                         # foreign code: a state function, or one that a condition calls
        kind, _, trace = sys.exc_info()
        try:
            text = compat.to_native(compat.traceback_text(kind, exc, trace))
        finally:
            del trace
    return _excepted(chunk, text)


def _excepted(chunk, text):
    return {'name': chunk['name'], 'result': False, 'changes': {}, 'comment': _EXCEPTION + text}


def shaped(returned, chunk):
    """The return of a state function, its result True, False or None and a list of comments one text; a failed result
    that says so if it is none."""
    if not isinstance(returned, dict):
        return _excepted(chunk, 'Malformed state return. Data must be a dictionary type.')
    lacking = [name for name in ('name', 'result', 'changes', 'comment') if name not in returned]
    if lacking:
        return _excepted(chunk, 'The following keys were not present in the state return: %s.' % ','.join(lacking))
    if not isinstance(returned['changes'], dict):
        return _excepted(chunk, "'Changes' should be a dictionary.")
    comment = returned['comment']
    if isinstance(comment, list):
        strange = [type(line).__name__ for line in comment if not compat.is_text(line)]
        if strange:
            return _excepted(chunk, "expected str, bytes, or bytearray not <class '%s'>" % strange[0])
        comment = '\n'.join(compat.to_native(line) for line in comment)
    result = returned['result']
    return dict(returned, comment=comment, result=result if result is None else bool(result))


def now():
    """The local time as `start_time` has it, and a clock for durations."""
    return datetime.datetime.now().time().isoformat(), compat.monotonic()
