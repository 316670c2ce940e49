"""`__extend__` and `__exclude__`: what SLS files say about the ids of others."""
from __future__ import absolute_import, division, print_function

import fnmatch

from minion import compat
from minion.highstate import words

_UNKNOWN = ("Cannot extend ID '{0}' in '{1}:{2}'. It is not part of the high state.\n"
            "This is likely due to a missing include statement or an incorrectly typed ID.\n"
            "Ensure that a state with an ID of '{0}' is available\n"
            "in environment '{1}' and to SLS '{2}'")


def found_by(high, name, state):
    """[(id, state module)] of what a reference names: an id, the states of an SLS file, or a value like a `name`."""
    if name in high:
        return [(name, state)]
    if state == 'sls':
        return [(id_, _first_state(body)) for id_, body in high.items()
                if not words.is_hidden(id_) and isinstance(body, dict) and body.get('__sls__') == name]
    return [(id_, state) for id_, _, own, run in words.states_of(high) if own == state
            for argument in run if words.single(argument)[1] == name]


def _first_state(body):
    return next((state for state in body if not words.is_hidden(state)), None)


def extended(high):
    """Lay `__extend__` over the ids that it names; returns (high, errors)."""
    parts, errors = high.pop('__extend__', None) or [], []
    for part in parts if isinstance(parts, list) else [parts]:
        for id_, body in (part.items() if isinstance(part, dict) else ()):
            if not isinstance(body, dict) or _first_state(body) is None:
                continue
            there = found_by(high, id_, _first_state(body))
            if len(there) != 1:
                errors.append(unknown(id_, body))
                continue
            _lay_over(high[there[0][0]], body)
    return high, errors


def unknown(id_, body):
    """The error about an id that is to be extended; `body`: of who wants it."""
    return _UNKNOWN.format(id_, body.get('__env__', 'base'), body.get('__sls__', 'base'))


def _lay_over(body, above):
    for state, run in above.items():
        if words.is_hidden(state):
            continue
        if not isinstance(body.get(state), list) or not isinstance(run, list):
            body[state] = run
            continue
        for argument in run:
            if not _replaced(body[state], argument):
                body[state].append(argument)


def _replaced(run, argument):
    """Put a function or argument into the place of what it replaces; requisites come together. True if it has one."""
    done = False
    for number, old in enumerate(run):
        if compat.is_text(argument) and compat.is_text(old):
            run[number], done = argument, True
        elif isinstance(argument, dict) and argument and isinstance(old, dict) and old:
            key, before = next(iter(argument)), next(iter(old))
            if key == before:
                if key in words.REQUISITES and isinstance(old[key], list) and isinstance(argument[key], list):
                    run[number] = {key: old[key] + argument[key]}
                else:
                    run[number] = argument
                done = True
            elif (key, before) == ('name', 'names'):
                run[number] = argument
    return done


def without_excluded(high):
    """High data without what `__exclude__` names: ids, and globs of SLS files."""
    excluded = high.pop('__exclude__', None)
    if not isinstance(excluded, list):
        return high
    ids, files = set(), []
    for item in excluded:
        if compat.is_text(item):
            files.append(item)
        kind, value = words.single(item)
        if kind == 'sls':
            files.append(value)
        elif kind == 'id':
            ids.add(value)
    for id_ in list(high):
        if words.is_hidden(id_):
            continue
        body = high[id_]
        sls = body.get('__sls__') if isinstance(body, dict) else None
        if id_ in ids or compat.is_text(sls) and any(fnmatch.fnmatchcase(sls, name) for name in files):
            del high[id_]
    return high
