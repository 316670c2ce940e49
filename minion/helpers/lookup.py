"""Choosing a value by what a host is: grains.filter_by and its like; merging mappings level by level."""
from __future__ import absolute_import, division, print_function

import copy
import fnmatch

from minion import compat
from minion.errors import SaltException
from minion.helpers import traverse


def filter_by(table, path, known, merge=None, default='default', base=None):
    """The value in `table` whose key, a glob, fits what `known` has at `path`.

    :param dict table: globs to values.
    :param str path: into `known`; where a list lies there, its first item that fits counts.
    :param known: grains or pillar.
    :param dict merge: laid over the value found.
    :param str default: key in `table` of the value when none fits.
    :param str base: key in `table` of a mapping that the value found is laid over.
    :raises SaltException: something that is to be merged is no mapping.
    """
    found = _fitting(table, traverse.get(known, path, []))
    if found is None:
        found = table.get(default)
    if base and base in table:
        found = _over(table[base], found)
    if merge:
        if not isinstance(merge, compat.Mapping):
            raise SaltException('filter_by merge argument must be a dictionary.')
        found = copy.deepcopy(merge) if found is None else merged(found, merge)
    return found


def _fitting(table, value):
    for item in value if isinstance(value, list) else [value]:
        text = compat.to_native(compat.shown(item))
        for key in table:
            if table[key] is not None and fnmatch.fnmatchcase(text, compat.to_native(compat.shown(key))):
                return table[key]
    return None


def _over(below, found):
    if found is None or not isinstance(below, compat.Mapping):
        return below if found is None else found
    if not isinstance(found, compat.Mapping):
        raise SaltException('filter_by default and look-up values must both be dictionaries.')
    return merged(below, found)


def merged(below, above):
    """A new mapping: `below` with the entries of `above` in or over it, mappings in both level by level.

    :raises TypeError: `below` is no mapping.
    """
    if not isinstance(below, compat.Mapping):
        raise TypeError('a mapping cannot be merged into a value of the type %s' % type(below).__name__)
    result = dict(below)
    for key in above:
        both = isinstance(above[key], compat.Mapping) and isinstance(result.get(key), compat.Mapping)
        result[key] = merged(result[key], above[key]) if both else copy.deepcopy(above[key])
    return result
