"""Requisites that are declared at the other end (`require_in` and its like), and `use`: into `__extend__`."""
from __future__ import absolute_import, division, print_function

from minion import compat
from minion.highstate import extend, words

_INJECTED = frozenset(words.IN) - frozenset(('listen_in',)) | frozenset(('use',))      # listening.py sees to listen_in
# `listen` and those with _any and _all are taken over as arguments are, as in the reference
_NOT_USED = frozenset(['name', 'names']) | frozenset(
    name for name in words.REQUISITES + words.IN if name != 'listen' and not name.endswith(('_any', '_all')))
_DOTS = "Invalid requisite in %s: %s for %s, in SLS '%s'. Requisites must not contain dots, did you mean '%s'?"


def injected(high):
    """Lay what the `_in` requisites and `use` of high data say over it; returns (high, errors)."""
    additions, errors = [], []
    for id_, body, state, run in words.states_of(high):
        for argument in list(run):
            key, value = words.single(argument)
            for kind, name in _references(value) if key in _INJECTED else ():
                if kind is not None and '.' in str(kind):
                    errors.append(_DOTS % (key.replace('_in', ''), kind, name, body.get('__sls__'), kind.split('.')[0]))
                added = _additions(high, key, (id_, body, state, run), kind, name)
                if not added and kind not in (None, 'sls') and not key.startswith('use'):
                    errors.append(extend.unknown(name, body))
                additions += added
    high['__extend__'] = additions
    high, more = extend.extended(high)
    return high, errors + more


def _references(value):
    """(kind or None, name) of what a requisite names."""
    items = [value] if isinstance(value, (dict,)) or compat.is_text(value) else value
    for item in items if isinstance(items, list) else ():
        if compat.is_text(item):
            yield None, item
        elif isinstance(item, dict) and item:
            kind = next(iter(item))
            if not isinstance(item[kind], (list, dict)):
                yield kind, item[kind]


def _additions(high, key, here, kind, name):
    """What is to be laid over the high data for one reference: list of mappings as in `__extend__`."""
    id_, body, state, run = here
    there = _targets(high, kind, name)
    if key == 'use':
        return [_part(body, id_, state, _arguments(high[other][its], run))
                for other, its in there if isinstance(high[other].get(its), list)]
    if key == 'use_in':
        return [_part(body, other, its, _arguments(run, high[other][its]))
                for other, its in there if isinstance(high[other].get(its), list)]
    return [_part(body, other, its, [{key[:-len('_in')]: [{state: id_}]}]) for other, its in there]


def _targets(high, kind, name):
    """[(id, state module)]; an id alone names all states of it."""
    if kind is None:
        return [(name, state) for id_, _, state, _ in words.states_of(high) if id_ == name]
    there = extend.found_by(high, name, kind)
    return [(id_, state) for id_, state in there if kind == 'sls' or state in (high.get(id_) or ())]


def _part(body, id_, state, run):
    return {id_: {'__sls__': body.get('__sls__'), '__env__': body.get('__env__', 'base'), state: run}}


def _arguments(source, target):
    """The arguments of `source` that `target` lacks, without requisites, names and order."""
    own = set(words.single(argument)[0] for argument in target)
    return [argument for argument in source
            if isinstance(argument, dict) and words.single(argument)[0] not in own | _NOT_USED | set([None])]
