"""Tags of states, names of requisites, and the keys of a chunk that belong to the engine and not to the state."""
from __future__ import absolute_import, division, print_function

from minion import compat

SEPARATOR = '_|-'

# Requisites that a run looks at, in the order in which their targets are looked up.
RUNTIME = ('require', 'require_any', 'watch', 'watch_any', 'prereq', 'onfail', 'onfail_any', 'onfail_all', 'onchanges',
           'onchanges_any')
REQUISITES = RUNTIME + ('listen', 'use')
IN = ('require_in', 'watch_in', 'prereq_in', 'onchanges_in', 'onfail_in', 'listen_in', 'use_in')
WITHOUT_MOD_WATCH = {'watch': 'require', 'watch_any': 'require_any'}

CONDITIONS = ('unless', 'onlyif', 'creates')
_GLOBAL = ('check_cmd', 'failhard', 'fire_event', 'order', 'parallel', 'umask', 'retry', 'reload_modules', 'reload_grains',
           'reload_pillar', 'runas', 'runas_password', 'saltenv', 'onfail_stop')
_OF_THE_CHUNK = ('state', 'fun', '__id__', '__sls__', '__env__', '__sls_included_from__', 'name_order', '__agg__', '__prereq__',
                 '__prerequiring__', '__orchestration_jid__', 'prerequired')
INTERNAL = frozenset(REQUISITES + IN + CONDITIONS + _GLOBAL + _OF_THE_CHUNK)


def tag_of(chunk):
    """The key of a chunk's result: 'state_|-id_|-name_|-function'."""
    return SEPARATOR.join(compat.to_native(chunk[key]) if compat.is_text(chunk[key]) else str(chunk[key])
                          for key in ('state', '__id__', 'name', 'fun'))


def is_internal(key):
    """True for a key that no state function gets to see, unless it names such an argument."""
    return key in INTERNAL or compat.is_text(key) and compat.to_native(key).startswith('__pub_')


def is_hidden(key):
    """True for `__sls__` and its like, which are about an id or about high data as a whole."""
    return compat.is_text(key) and compat.to_native(key).startswith('__')


def states_of(high):
    """(id, body, state module, list of function and arguments) of everything in high data that has the right form."""
    for id_ in compat.in_order(high):
        body = high[id_]
        if is_hidden(id_) or not isinstance(body, dict):
            continue
        for state in compat.in_order(body):
            if not is_hidden(state) and isinstance(body[state], list):
                yield id_, body, state, body[state]


def single(argument):
    """(key, value) of an argument in high data, (None, None) for a function or what is no mapping of one key."""
    return next(iter(argument.items())) if isinstance(argument, dict) and len(argument) == 1 else (None, None)
