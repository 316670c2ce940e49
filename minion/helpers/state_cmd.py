"""What states of commands have in common: the result of a command that reports its own changes, and checks of arguments."""
from __future__ import absolute_import, division, print_function

import json
import shlex

from minion import compat

_UNREADABLE = 'Failed parsing script output! Stdout must be JSON or a line of name=value pairs.'
_NO_OBJECT = 'script JSON output must be a JSON object (e.g., {})!'


def reported(ret):
    """The return of a stateful command: what it printed says whether it changed anything.

    It prints a JSON object, or a last line like: changed=yes comment='all is well' other=1

    :param dict ret: return of a state, `changes` is what cmd.run_all returned; it is changed and returned.
    :raises ValueError: `changed` is neither true nor false.
    """
    changes, ret['comment'] = ret['changes'], ''
    stdout = changes.get('stdout') or ''
    if not stdout.strip():
        ret['changes'] = {}
        return ret
    try:
        said, printed = _json(stdout), ''
    except ValueError:
        said, printed = _pairs(stdout)
    if not isinstance(said, dict):
        ret['result'], ret['comment'] = False, _UNREADABLE if said is None else _NO_OBJECT
        ret['changes'] = changes if said is None else {}
        return ret
    said = dict(said)
    ret['comment'] = said.pop('comment', '')
    ret['changes'] = dict(changes, stdout=printed, **said) if 'changed' in said and _is_true(said['changed']) else {}
    return ret


def _json(text):
    """A value, never None: JSON's null is False here."""
    value = compat.native_tree(json.loads(text))
    return False if value is None else value


def _pairs(stdout):
    """({name: value}, what was printed before it), (None, '') when the last line is not made of pairs."""
    lines = stdout.rstrip()
    try:
        pairs = [word.split('=') for word in shlex.split(lines[lines.rfind('\n') + 1:])]
    except ValueError:
        return None, ''
    if any(len(pair) != 2 for pair in pairs):
        return None, ''
    # A single line loses its last letter here: states of the reference show it so.
    return dict(pairs), stdout[:lines.rfind('\n')]


def _is_true(value):
    word = compat.to_native(compat.shown(value)).lower()
    if word in ('true', 'yes', '1'):
        return True
    if word in ('false', 'no', '0'):
        return False
    raise ValueError('Failed parsing boolean value: %s' % compat.to_native(compat.shown(value)))


def test_name(stateful):
    """(is it stateful, what to run instead in test mode or None) of the argument `stateful`."""
    if isinstance(stateful, list):
        first = stateful[0]
        return True, first['test_name'] if isinstance(first, dict) and 'test_name' in first else None
    return stateful is True, None


def bad_environment(env):
    """The comment on an argument `env` that is none, None for one that can be used."""
    return None if env is None or isinstance(env, (list, dict)) else "Invalidly-formatted 'env' parameter. See documentation."


def bad_variables(**given):
    """The comment on the first of the arguments that is no mapping, None when all are, or are None."""
    for name in sorted(given):
        if given[name] is not None and not isinstance(given[name], dict):
            return "Invalidly-formatted '%s' parameter. Must be formed as a dict." % name
    return None


def answer(name, result):
    """The return of cmd.call for what the function returned."""
    ret = {'name': name, 'result': True if result is None else bool(result), 'changes': {}, 'comment': ''}
    if isinstance(result, dict):
        ret.update(result, changes=result.get('changes', {}))
        return ret
    ret['changes'] = {'retval': result}
    if compat.is_text(result):
        ret['comment'] = result
    return ret
