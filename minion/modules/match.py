"""Does a target mean this minion? (match.*) The same matchers decide as for publications."""
from __future__ import absolute_import, division, print_function

import copy

from minion import matchers
from minion.errors import SaltException
from minion.helpers import cidr, keywords, merging

__func_alias__ = {'list_': 'list'}


def _view(minion_id=None):
    return matchers.make_view(minion_id or __opts__['id'], lambda: __grains__, lambda: __pillar__,
                              __opts__.get('nodegroups') or {})


def _fits(tgt_type, tgt, minion_id=None, delimiter=':'):
    return matchers.matches(tgt_type, tgt, _view(minion_id), delimiter, published=False)


def compound(tgt, minion_id=None):
    """True if the compound target means this minion, or `minion_id`. CLI: match.compound 'L@cheese,foo and *'"""
    return _fits('compound', tgt, minion_id)


def ipcidr(tgt):
    """True if an address of this minion is, or is in, `tgt`. CLI: match.ipcidr '192.168.44.0/24'"""
    try:
        cidr.parse_network(tgt) if not isinstance(tgt, int) else None
    except ValueError:
        return []                                      # what callers of the reference get for what is no network
    return _fits('ipcidr', tgt)


def pillar_pcre(tgt, delimiter=':'):
    """True if the value in the pillar fits a regular expression. CLI: match.pillar_pcre 'cheese:(swiss|american)'"""
    return _fits('pillar_pcre', tgt, delimiter=delimiter)


def pillar(tgt, delimiter=':'):
    """True if the value in the pillar fits a glob. CLI: match.pillar 'cheese:foo'"""
    return _fits('pillar', tgt, delimiter=delimiter)


def data(tgt):
    """True if the data store has this value. CLI: match.data 'spam:eggs'"""
    return _fits('data', tgt)


def grain_pcre(tgt, delimiter=':'):
    """True if a grain fits a regular expression. CLI: match.grain_pcre 'os:Fedo.*'"""
    return _fits('grain_pcre', tgt, delimiter=delimiter)


def grain(tgt, delimiter=':'):
    """True if a grain fits a glob. CLI: match.grain 'os:Ubuntu'"""
    return _fits('grain', tgt, delimiter=delimiter)


def list_(tgt, minion_id=None):
    """True if the id is in the list, or the text with commas. CLI: match.list 'server1,server2'"""
    return _fits('list', tgt, minion_id)


def pcre(tgt, minion_id=None):
    """True if the id fits a regular expression. CLI: match.pcre '.*'"""
    return _fits('pcre', tgt, minion_id)


def glob(tgt, minion_id=None):
    """True if the id fits a glob. CLI: match.glob '*'"""
    return _fits('glob', tgt, minion_id)


# ---- choosing by target

def filter_by(lookup, tgt_type='compound', minion_id=None, merge=None, merge_lists=False, default='default'):
    """The value in `lookup` whose key, a target, means this minion; else that of the key `default`, else None.

    merge: mapping that is laid over the value. CLI: match.filter_by '{web*: 1, default: 2}'
    """
    _known(tgt_type)
    found = next((lookup[key] for key in lookup if _fits(tgt_type, key, minion_id)), None)
    return _with(lookup.get(default) if found is None else found, merge, merge_lists)


def _known(tgt_type):
    if tgt_type not in matchers.known_types():
        raise KeyError(tgt_type)


def _with(value, merge, merge_lists):
    if not merge:
        return value
    if not isinstance(merge, dict):
        raise SaltException('filter_by merge argument must be a dictionary.')
    return None if value is None else merging.update(copy.deepcopy(value), copy.deepcopy(merge), True, merge_lists)


def search_by(lookup, tgt_type='compound', minion_id=None):
    """Keys of `lookup` with a target in their list that means this minion, None without any.

    CLI: match.search_by '{web: [node1, node2], db: [node2]}'
    """
    _known(tgt_type)
    found = []
    for key, targets in lookup.items():
        found += [key for target in ([targets] if not isinstance(targets, (list, tuple)) else targets)
                  if _fits(tgt_type, target, minion_id)]
    return found or None


@keywords.only((('tgt_type', 'compound'), ('minion_id', None), ('merge', None), ('merge_lists', False)))
def ifelse(args, tgt_type, minion_id, merge, merge_lists):
    """The value behind the first target that means this minion: target, value, target, value ..., value for the rest.

    CLI: match.ifelse 'foo*' 'a' 'bar*' 'b' 'c'
    """
    if len(args) % 2 == 0:
        raise SaltException('The ifelse function must have an odd number of arguments!')
    found = next((value for target, value in zip(args[:-1:2], args[1::2]) if _fits(tgt_type, target, minion_id)), args[-1])
    return _with(found, merge, merge_lists)
