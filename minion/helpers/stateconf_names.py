"""Names in high data of the renderer stateconf: `.x` is `FILE::x`, `.other::x` is of a file beside this one."""
from __future__ import absolute_import, division, print_function

import copy

from minion import compat
from minion.helpers.rendererror import SaltRenderError

_REQUISITES = ('require', 'watch', 'prereq', 'onfail', 'onchanges', 'listen', 'use')
REQUISITES = frozenset(_REQUISITES + tuple(name + '_in' for name in _REQUISITES) + (
    'require_any', 'watch_any', 'onfail_any', 'onfail_all', 'onchanges_any'))
NO_STATES = ('include', 'exclude', 'extend')
_BEYOND = 'Attempted relative include goes beyond top level package'


def file_named(name, sls):
    """The name of an SLS file that is relative to another: `.x` lies beside it.  :raises SaltRenderError: above the root."""
    name = compat.to_native(name)
    level = len(name) - len(name.lstrip('.'))
    if not level:
        return name
    above = sls.split('.')
    if level > len(above):
        raise SaltRenderError(_BEYOND)
    return '.'.join(above[:-level] + [name[level:]])


def absolute(id_, sls):
    """An id as it is in the whole run."""
    id_ = compat.to_native(id_) if compat.is_text(id_) else id_
    if not compat.is_text(id_) or not id_.startswith('.'):
        return id_
    other, colons, own = id_.partition('::')
    return file_named(other, sls) + '::' + own if colons else '%s::%s' % (sls, id_[1:])


def is_hidden(key):
    """True for `__sls__` and its like, and for what is about other files."""
    return not compat.is_text(key) or key.startswith('__') or key in NO_STATES


def spelt_out(data):
    """A copy in which `x: test.nop` and `x: {test.nop: [...]}` have the form {x: {test: [..., nop]}}."""
    found = compat.Ordered()
    for id_, body in data.items():
        if is_hidden(id_):
            found[id_] = copy.deepcopy(body)
            continue
        if compat.is_text(body):
            body = {body: []}
        found[id_] = _body(body) if isinstance(body, dict) else body
    return found


def _body(body):
    found = compat.Ordered()
    for state, arguments in body.items():
        arguments = [] if arguments is None else arguments
        name, dot, function = state.partition('.') if compat.is_text(state) else (state, '', '')
        if isinstance(arguments, list):
            arguments = copy.deepcopy(arguments) + ([compat.to_native(function)] if dot else [])
            state = compat.to_native(name) if dot else state
        found[state] = arguments
    return found


def states(data):
    """(id, state module, its list of arguments) of each state of spelt out data."""
    for id_, body in list(data.items()):
        if not is_hidden(id_) and isinstance(body, dict):
            for state, arguments in list(body.items()):
                if isinstance(arguments, list) and not is_hidden(state):
                    yield id_, state, arguments


def states_of(data, module):
    """(id, arguments) of the states of one module."""
    return [(id_, arguments) for id_, state, arguments in states(data) if state == module]


def requisites(arguments):
    """(requisite, kind, id) of all mappings in the requisites of a state."""
    for item in arguments:
        for name, wanted in item.items() if isinstance(item, dict) else ():
            for one in wanted if name in REQUISITES and isinstance(wanted, list) else ():
                for kind, id_ in one.items() if isinstance(one, dict) else ():
                    yield name, kind, id_


# ---- making names absolute

def absolute_files(data, sls):
    """Change `include` and `exclude` so that they name whole SLS files and ids."""
    for key in ('include', 'exclude'):
        if isinstance(data.get(key), list):
            data[key] = [_file_item(item, sls) for item in data[key]]


def _file_item(item, sls):
    if isinstance(item, dict):
        return compat.Ordered((kind, absolute(name, sls) if kind == 'id' else file_named(name, sls))
                              if compat.is_text(name) else (kind, name) for kind, name in item.items())
    return file_named(item, sls) if compat.is_text(item) else item


def renamed(data, sls):
    """Data with absolute ids; those that had another one come last, with their own name as `name`."""
    found, moved = compat.Ordered(), compat.Ordered()
    for id_, body in data.items():
        if not is_hidden(id_) and isinstance(body, dict):
            for state, arguments in body.items():
                if isinstance(arguments, list):
                    _requisites_renamed(arguments, sls)
                    if id_.startswith('.') and state != 'stateconf':
                        _with_name(arguments, id_, sls)
        if is_hidden(id_) or not id_.startswith('.'):
            found[id_] = body
        else:
            moved[absolute(id_, sls)] = body
    found.update(moved)
    return found


def _with_name(arguments, id_, sls):
    if not any(isinstance(item, dict) and 'name' in item for item in arguments):
        arguments.insert(0, {'name': id_[1:] if '::' not in id_ else absolute(id_, sls)})


def _requisites_renamed(arguments, sls):
    for item in arguments:
        for name, wanted in list(item.items()) if isinstance(item, dict) else ():
            if name in REQUISITES and isinstance(wanted, list):
                item[name] = [_required(one, sls) for one in wanted]


def _required(one, sls):
    if isinstance(one, dict):
        return compat.Ordered((kind, file_named(id_, sls) if kind == 'sls' and compat.is_text(id_) else absolute(id_, sls))
                              for kind, id_ in one.items())
    return absolute(one, sls)
