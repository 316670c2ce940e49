"""The `arg` of a publication into the arguments of a Python call, and what is wrong with such a call.

Pure; nothing here runs a function. Facts: tests/data/parity/returns/dispatch.json.
"""
from __future__ import absolute_import, division, print_function

import re

from minion import compat
from minion.errors import SaltInvocationError

MARK = '__kwarg__'
# Keys of a decrypted publication that belong to the transport, not to the job.
_OF_THE_WIRE = frozenset(('serial', 'nonce', 'sig', 'sig_algo', 'cmd'))

_NAMED = re.compile(u'([^\\d\\W][\\w.-]*)=(?!=)(.*)\\Z', re.UNICODE | re.DOTALL)


def split_name(text):
    """('k', 'v') for the text `k=v` if k can name an argument (letters, digits, _ . -), else (None, text).

    `k==v`, `1=2`, `=x` and `a b=c` have no name. The results are native text.
    """
    found = _NAMED.match(compat.to_text(text, errors='replace')) if compat.is_text(text) else None
    if not found:
        return None, text
    return compat.to_native(found.group(1)), compat.to_native(found.group(2))


def from_words(words):
    """The `arg` list for a command line: values typed, all `name=value` words in one keyword mapping at the end.

    :param words: texts, as the shell gives them.  :return list: as a master publishes it.
    """
    from minion.yamlvalue import value_of
    values, named = [], {}
    for word in words:
        name, value = split_name(word)
        if name is None:
            values.append(value_of(value))
        else:
            named[name] = value_of(value)
    return values + [dict(named, **{MARK: True})] if named else values


def parse(arg, spec):
    """Positional and keyword arguments for a function.

    Values pass as they came; on Python 2 text becomes str. A raw text `name=value` is a keyword, its value read as on
    a command line; so are the entries of a mapping marked with `__kwarg__: True`.

    :param list arg: `arg` of a publication, decoded.
    :param ArgSpec spec: of the function; None takes everything.
    :return: (list, dict).
    :raises SaltInvocationError: naming the keywords that the function does not take.
    """
    values, named, invalid = [], {}, {}
    for item in arg if isinstance(arg, (list, tuple)) else [arg]:
        keywords = _keywords(item)
        if keywords is None:
            values.append(compat.native_tree(_without_mark(item)))
        for name, value in (keywords or {}).items():
            known = spec is None or spec.keywords or name in spec.args
            (named if known else invalid)[name] = value
    if invalid:
        shown = ', '.join('%s=%s' % (name, invalid[name]) for name in sorted(invalid, key=str))
        raise SaltInvocationError('The following keyword arguments are not valid: ' + shown)
    return values, named


def _keywords(item):
    """The keywords that one element of `arg` holds, None if it is a positional argument."""
    if isinstance(item, dict) and item.get(MARK) is True:
        return dict((compat.to_native(name) if compat.is_text(name) else str(name), compat.native_tree(value))
                    for name, value in item.items() if name != MARK)
    name, value = split_name(item)
    if name is None:
        return None
    from minion.yamlvalue import value_of        # few jobs have such words
    return {name: value_of(value)}


def _without_mark(item):
    if isinstance(item, dict) and MARK in item and item[MARK] is not True:
        return dict((key, value) for key, value in item.items() if key != MARK)
    return item


def echo(arg):
    """What a return holds as `fun_args`: the published list, without marks that are not True."""
    if not isinstance(arg, (list, tuple)):
        return arg
    return [echo(item) if isinstance(item, (list, tuple)) else _without_mark(item) for item in arg]


def published(load):
    """The `__pub_*` keywords that a function with **kwargs gets: every key of the job's load that is a name."""
    found = {}
    for key, value in load.items():
        if compat.is_text(key) and key not in _OF_THE_WIRE:
            found['__pub_' + compat.to_native(key)] = compat.native_tree(echo(value) if key == 'arg' else value)
    return found


def mismatch(function, spec, values, named):
    """Why a call cannot fit the signature, in the words of Python 3; None where it fits or Python knows better.

    :param ArgSpec spec: of `function`.  :return str: "ping() takes 0 positional arguments but 1 was given".
    """
    code = getattr(function, '__code__', None)
    if spec is None or code is None or getattr(code, 'co_kwonlyargcount', 0) or hasattr(function, '__argspec__'):
        return None
    name = getattr(function, '__qualname__', function.__name__)
    twice = [arg for arg in spec.args[:len(values)] if arg in named]
    if twice:
        return "%s() got multiple values for argument '%s'" % (name, twice[0])
    strange = [key for key in named if key not in spec.args]
    if strange and not spec.keywords:
        return "%s() got an unexpected keyword argument '%s'" % (name, strange[0])
    if len(values) > len(spec.args) and not spec.varargs:
        were = 'was' if len(values) == 1 else 'were'
        return '%s() takes %s but %d %s given' % (name, _taken(spec), len(values), were)
    required = spec.args[len(values):len(spec.args) - len(spec.defaults or ())]
    missing = ["'%s'" % arg for arg in required if arg not in named]
    if missing:
        return '%s() missing %d required positional argument%s: %s' % (
            name, len(missing), '' if len(missing) == 1 else 's', _enumerated(missing))
    return None


def _taken(spec):
    most, least = len(spec.args), len(spec.args) - len(spec.defaults or ())
    if least == most:
        return '%d positional argument%s' % (most, '' if most == 1 else 's')
    return 'from %d to %d positional arguments' % (least, most)


def _enumerated(names):
    if len(names) < 3:
        return ' and '.join(names)
    return '%s, and %s' % (', '.join(names[:-1]), names[-1])
