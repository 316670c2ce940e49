"""Texts that file.accumulated collects in a run of states, for file.managed and file.blockreplace of the same run.

They live in `__context__` of the run, so that no run sees those of another.
"""
from __future__ import absolute_import, division, print_function

from minion import compat

_KEY = 'state_accumulators'


def _store(context, filename):
    """(texts by name of the accumulator, ids of the states that each is for) of one file."""
    store = context.setdefault(_KEY, {})
    return store.setdefault(filename, ({}, {}))


def add(context, filename, name, texts, wanted_by):
    """Add texts to an accumulator; those that are in it already are not added again.

    :param list wanted_by: requisites as in `require_in`, {'file': id} each.
    :return: True if something was added.
    """
    collected, ids = _store(context, filename)
    for entry in wanted_by:
        ids.setdefault(name, []).extend(entry.values() if isinstance(entry, compat.Mapping) else entry)
    held = collected.setdefault(name, [])
    before = len(held)
    for text in texts:
        if text not in held:
            held.append(text)
    return len(held) > before


def of_file(context, filename):
    """{name of the accumulator: list of texts} of a file, {} if there is none: what templates see as `accumulator`."""
    return context.get(_KEY, {}).get(filename, ({}, {}))[0]


def lines_for(context, filename, state_id):
    """The texts for one state: those of the accumulators that name it, or of all if none does."""
    collected, ids = context.get(_KEY, {}).get(filename, ({}, {}))
    chosen = [name for name in collected if state_id in ids.get(name, ())] or list(collected)
    return [text for name in chosen for text in collected[name]]
