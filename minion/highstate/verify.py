"""The form of high data: what must be a mapping, a list, a name. Texts: tests/unit/test_highstate_verify.py."""
from __future__ import absolute_import, division, print_function

from minion import compat
from minion.highstate import words

_LISTS = words.RUNTIME + ('listen', 'use')
_SHORT = ("ID '%s' in SLS '%s' contains a short declaration (%s) with a trailing colon. When not passing any arguments to a "
          "state, the colon must be omitted.")


def errors_of(high):
    """List of texts, one for each thing that is wrong."""
    if not isinstance(high, dict):
        return ['High data is not a dictionary and is invalid']
    found = []
    for id_ in compat.in_order(high):
        body = high[id_]
        if words.is_hidden(id_):
            continue
        sls = body.get('__sls__') if isinstance(body, dict) else None
        if not compat.is_text(id_):
            found.append("ID '%s' in SLS '%s' is not formed as a string, but is type %s. It may need to be quoted."
                         % (id_, sls, type(id_).__name__))
        if not isinstance(body, dict):
            found.append('The type %s in %s is not formatted as a dictionary' % (id_, compat.shown(body)))
            continue
        for state in compat.in_order(body):
            if not words.is_hidden(state):
                found += _of_state(id_, sls, state, body[state])
    return found


def _of_state(id_, sls, state, run):
    """What is wrong with one id and state module."""
    where = "state '%s' in SLS '%s'" % (id_, sls)
    if run is None:
        return [_SHORT % (id_, sls, state)]
    if not isinstance(run, list):
        return ['S%s is not formed as a list' % where[1:]]
    found, functions = [], []
    for argument in run:
        if compat.is_text(argument):
            functions.append(argument)
            if ' ' in argument.strip():
                found.append('The function "%s" in state "%s" in SLS "%s" has whitespace, a function with whitespace is not '
                             'supported, perhaps this is an argument that is missing a ":"' % (argument, id_, sls))
        elif isinstance(argument, dict):
            found += _of_argument(id_, sls, where, argument)
    many = len(functions) + ('.' in str(state))
    if not many and state not in ('require', 'watch'):
        found.append('No function declared in %s' % where)
    elif many > 1:
        found.append("Too many functions declared in %s. Please choose one of the following: %s"
                     % (where, ", ".join(functions)))
    return found


def _of_argument(id_, sls, where, argument):
    """What is wrong with one argument: `names` and requisites have a form."""
    if not argument:
        return []
    key = next(iter(argument))
    value = argument[key]
    if key == 'names':
        return [] if isinstance(value, list) else ["The 'names' argument in %s needs to be formed as a list" % where]
    if key not in _LISTS:
        return []
    if not isinstance(value, list):
        return ['The %s statement in %s needs to be formed as a list' % (key, where)]
    found = [text for text in (_of_requisite(id_, sls, item) for item in value) if text]
    if len(argument) != 1:
        found.append('Multiple dictionaries defined in argument of %s' % where)
    return found


def _of_requisite(id_, sls, item):
    if compat.is_text(item):
        return None
    if not isinstance(item, dict) or len(item) != 1:
        return ('Requisite declaration %s in state %s in SLS %s is not formed as a single key dictionary'
                % (compat.shown(item), id_, sls))
    kind, target = words.single(item)
    if '.' in str(kind):
        return ("Invalid requisite type '%s' in state '%s', in SLS '%s'. Requisite types must not contain dots, did you mean "
                "'%s'?" % (kind, id_, sls, kind.split('.')[0]))
    if isinstance(target, (list, dict)):
        return 'Illegal requisite "%s" in SLS "%s", please check your syntax.\n' % (compat.shown(target), sls)
    return None
