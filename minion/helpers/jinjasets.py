"""Filters for lists, sets and truth that Salt adds to Jinja."""
from __future__ import absolute_import, division, print_function

from minion import compat


def unique(values):
    """The values without repetitions: a list in its order, anything else as a set."""
    if isinstance(values, list) or not _hashable(values):
        kept = []
        for value in values:
            if value not in kept:
                kept.append(value)
        return kept
    return set(values)


def _hashable(values):
    try:
        set(values)
    except TypeError:
        return False
    return True


def _combined(name):
    """A filter over two collections: a set of sets, else a list without repetitions."""
    def combine(one, other):
        if isinstance(one, (set, frozenset)) and isinstance(other, (set, frozenset)):
            return getattr(set(one), name)(other)
        first, second = list(one), list(other)
        return unique(_PICKED[name](first, second))
    return combine


_PICKED = {
    'union': lambda one, other: one + other,
    'intersection': lambda one, other: [value for value in one if value in other],
    'difference': lambda one, other: [value for value in one if value not in other],
    'symmetric_difference': lambda one, other: ([value for value in one if value not in other]
                                                + [value for value in other if value not in one]),
}


def average(values):
    return float(sum(values)) / len(values) if isinstance(values, (list, tuple, set)) else float(values)


def flatten(values, levels=None, preserve_nulls=False):
    flat = []
    for value in values:
        if value in (None, 'None', 'null') and not preserve_nulls:
            continue
        if isinstance(value, (list, tuple)) and (levels is None or levels >= 1):
            flat += flatten(value, None if levels is None else levels - 1, preserve_nulls)
        else:
            flat.append(value)
    return flat


def to_bool(value):
    if value is None:
        return False
    if isinstance(value, bool):
        return value
    if compat.is_text(value):
        return value.lower() in ('yes', '1', 'true')
    if isinstance(value, compat.integer_types):
        return value > 0
    if isinstance(value, float):
        return False
    return len(value) > 0


def is_iterable(value):
    return hasattr(value, '__iter__') and not isinstance(value, (bytes, type(u'')))


def sequence(value):
    """A list of a value that is none."""
    return value if isinstance(value, (list, tuple, set, dict)) else [value]


def exactly_true(count):
    return lambda values: sum(1 for value in values if value) == count


FILTERS = {
    'unique': unique, 'union': _combined('union'), 'intersect': _combined('intersection'),
    'difference': _combined('difference'), 'symmetric_difference': _combined('symmetric_difference'),
    'min': min, 'max': max, 'avg': average, 'flatten': flatten, 'to_bool': to_bool,
    'is_list': lambda value: isinstance(value, list), 'is_iter': is_iterable, 'sequence': sequence,
    'exactly_one_true': exactly_true(1),
    'exactly_n_true': lambda values, amount=1: exactly_true(amount)(values),
}
