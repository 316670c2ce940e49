"""Values that come with a formula, and mappings laid over each other (defaults.*)."""
from __future__ import absolute_import, division, print_function

import copy
import json
import logging

from minion import compat, files
from minion.helpers import merging, traverse

log = logging.getLogger(__name__)


def get(key, default=''):
    """The value at `formula:a:b` in salt://formula/defaults.json or .yaml; of `formula` alone all, None without a file.

    CLI: defaults.get core:users:root
    """
    formula, colon, path = key.partition(':')
    known = _load(formula)
    return traverse.get(known, path, default) if colon else known


def _load(formula):
    for ending, read in (('json', json.loads), ('yaml', compat.import_yaml().safe_load)):
        path = __salt__['cp.cache_file']('salt://%s/defaults.%s' % (formula, ending))
        text = files.read(path, limit=16 << 20) if path else None
        if text is not None:
            log.debug('defaults of %s: %s', formula, path)
            return compat.native_tree(read(compat.to_text(text)))
    return None


def merge(dest, src, merge_lists=False, in_place=True, convert_none=True):
    """`dest` with the entries of `src` in or over it. convert_none: None counts as an empty mapping.

    CLI: defaults.merge '{a: 1}' '{b: 2}'
    """
    if dest is None and in_place and convert_none:
        raise TypeError("Can't perform in-place merge into NoneType")
    dest, src = [{} if one is None and convert_none else one for one in (dest, src)]
    return merging.update(dest if in_place else copy.deepcopy(dest), src, True, merge_lists)


def deepcopy(source):
    """A copy of a value that shares nothing with it. CLI: defaults.deepcopy '{a: [1]}'"""
    return copy.deepcopy(source)


def update(dest, defaults, merge_lists=True, in_place=True, convert_none=True):
    """`dest`, a mapping of mappings, each of them laid over `defaults`. CLI: defaults.update '{h: {a: 1}}' '{b: 2}'"""
    found = dest if in_place else {}
    for name, entry in list(dest.items()):
        found[name] = merge(copy.deepcopy(defaults), entry, merge_lists, True, convert_none)
    return found
