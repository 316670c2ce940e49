"""Laying mappings over each other, in the ways that slsutil.*, defaults.* and match.* offer."""
from __future__ import absolute_import, division, print_function

import copy

from minion import compat

STRATEGIES = ('smart', 'aggregate', 'list', 'none', 'overwrite', 'recurse')
_NO_MAPPINGS = 'Cannot update using non-dict types in dictupdate.update()'


def update(below, above, recursive=True, lists=False):
    """Change `below`: the entries of `above` come in or over it, mappings in both level by level.

    :param bool lists: a list in both is made longer by what it lacks, instead of replaced.
    :return: `below`.  :raises TypeError: one of them is no mapping.
    """
    if not isinstance(below, compat.Mapping) or not isinstance(above, compat.Mapping):
        raise TypeError(_NO_MAPPINGS)
    for key in above:
        old, new = below.get(key), above[key]
        if recursive and isinstance(new, compat.Mapping):
            below[key] = update(old if isinstance(old, compat.Mapping) else {}, new, True, lists)
        elif lists and isinstance(old, list) and isinstance(new, list):
            below[key] = old + [item for item in new if item not in old]
        else:
            below[key] = new
    return below


def merged(below, above, strategy='smart', lists=False):
    """A new mapping in one of the STRATEGIES; `smart` is `recurse`.

    overwrite, aggregate: entries of `above` win whole; list: both values in a list, keys of `below` only; none, and any
    other name: recurse whose lists are replaced, whatever `lists` says.
    """
    below, above = copy.deepcopy(below), copy.deepcopy(above)
    if strategy == 'list':
        return dict((key, [below[key], above[key]] if key in above else below[key]) for key in below)
    return update(below, above, strategy not in ('overwrite', 'aggregate'), lists and strategy in ('smart', 'recurse'))
