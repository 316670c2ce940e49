"""The values alone, one a line, for the loops of a shell."""
from __future__ import absolute_import, division, print_function

from minion import compat
from minion.helpers import showing


def output(data, **kwargs):
    """Every value inside of mappings and lists."""
    return '\n'.join(_values(data))


def _values(data):
    if isinstance(data, compat.Mapping):
        data = data.values()
    elif not isinstance(data, (list, tuple)):
        return [showing.native(data)]
    return [line for value in data for line in _values(value)]
