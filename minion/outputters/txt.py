"""Each line of a return behind the name that it belongs to."""
from __future__ import absolute_import, division, print_function

from minion import compat
from minion.helpers import showing


def output(data, **kwargs):
    """`name: line` for each line of each value."""
    if not isinstance(data, compat.Mapping):
        return showing.native(data)
    return '\n'.join('%s: %s' % (showing.native(name), line) for name in data
                     for line in showing.native(data[name]).splitlines())
