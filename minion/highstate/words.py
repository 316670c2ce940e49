"""Tags of states, names of requisites, and the keys of a chunk that belong to the engine and not to the state."""
from __future__ import absolute_import, division, print_function

from minion import compat

SEPARATOR = '_|-'

# Requisites that are looked at while a run is under way, in the order in which they are.
RUNTIME = ('require', 'require_any', 'watch', 'watch_any', 'prereq', 'onchanges', 'onchanges_any', 'onfail', 'onfail_any',
           'onfail_all')
REQUISITES = RUNTIME + ('listen', 'use')
REQUISITES_IN = tuple(name + '_in' for name in REQUISITES)

_CONDITIONS = ('unless', 'onlyif', 'creates', 'check_cmd')
_GLOBAL = ('fail_with_changes', 'failhard', 'fire_event', 'order', 'parallel', 'umask', 'retry', 'reload_modules',
           'reload_grains', 'reload_pillar', 'runas', 'runas_password', 'saltenv', 'onfail_stop', 'ignore_missing')
_OF_THE_CHUNK = ('state', 'fun', '__id__', '__sls__', '__env__', '__sls_included_from__', 'name_order', '__agg__',
                 '__prereq__', '__prerequired__', '__reqs__', '__aggregate__')
INTERNAL = frozenset(REQUISITES + REQUISITES_IN + _CONDITIONS + _GLOBAL + _OF_THE_CHUNK + ('prerequired', 'extend'))


def tag_of(chunk):
    """The key of a chunk's result: 'state_|-id_|-name_|-function'."""
    return SEPARATOR.join(compat.to_native(chunk[key]) if compat.is_text(chunk[key]) else str(chunk[key])
                          for key in ('state', '__id__', 'name', 'fun'))


def is_internal(key):
    """True for a key that no state function gets to see, unless it names such an argument."""
    return key in INTERNAL or compat.is_text(key) and compat.to_native(key).startswith('__pub_')
