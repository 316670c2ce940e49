"""`salt.utils.dictupdate`: mappings laid over one another."""
from __future__ import absolute_import, division, print_function

import copy

from minion import compat


def update(dest, upd, recursive_update=True, merge_lists=False):
    """Lay `upd` over `dest`, which changes, and return it."""
    if not isinstance(dest, compat.Mapping) or not isinstance(upd, compat.Mapping):
        raise TypeError('Cannot update using non-dict types in dictupdate.update()')
    for key in list(upd):
        value, old = upd[key], dest.get(key)
        if recursive_update and isinstance(value, compat.Mapping) and isinstance(old, compat.Mapping):
            dest[key] = update(old, value, merge_lists=merge_lists)
        elif merge_lists and isinstance(value, list) and isinstance(old, list):
            dest[key] = old + [item for item in value if item not in old]
        else:
            dest[key] = value
    return dest


def merge_recurse(obj_a, obj_b, merge_lists=False):
    """A new mapping: `obj_b` over `obj_a`, level by level."""
    return update(copy.deepcopy(obj_a), obj_b, merge_lists=merge_lists)


def merge_overwrite(obj_a, obj_b, merge_lists=False):
    """A new mapping: each key of `obj_b` in the place of that of `obj_a`."""
    return dict(copy.deepcopy(obj_a), **dict(obj_b))


def merge_list(obj_a, obj_b):
    """A new mapping in which both values of a key are a list."""
    return dict((key, [obj_a[key], obj_b[key]] if key in obj_a and key in obj_b else
                 copy.deepcopy(obj_a.get(key, obj_b.get(key)))) for key in list(obj_a) + list(obj_b))


def merge(obj_a, obj_b, strategy='smart', renderer='yaml', merge_lists=False):
    """Both mappings in one, by the name of a strategy."""
    if strategy == 'none':
        return obj_a
    if strategy == 'list':
        return merge_list(obj_a, obj_b)
    if strategy == 'overwrite':
        return merge_overwrite(obj_a, obj_b, merge_lists)
    return merge_recurse(obj_a, obj_b, merge_lists)


def ensure_dict_key(in_dict, keys, delimiter=':', ordered_dict=False):
    """Have nested mappings at `a:b`."""
    here = in_dict
    for key in keys.split(delimiter):
        if not isinstance(here.get(key), compat.Mapping):
            here[key] = {}
        here = here[key]
    return in_dict


def set_dict_key_value(in_dict, keys, value, delimiter=':', ordered_dict=False):
    """Set the value at `a:b`, making the mappings on the way."""
    above, _, last = keys.rpartition(delimiter)
    here = in_dict
    for key in above.split(delimiter) if above else ():
        if not isinstance(here.get(key), compat.Mapping):
            here[key] = {}
        here = here[key]
    here[last] = value
    return in_dict
