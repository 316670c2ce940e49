"""Lists of keys, as the programs of a master show them."""
from __future__ import absolute_import, division, print_function

from minion import compat
from minion.helpers import colors, showing

TITLES = {'local': ('Local', 'magenta'), 'minions': ('Accepted', 'green'), 'minions_denied': ('Denied', 'magenta'),
          'minions_pre': ('Unaccepted', 'red'), 'minions_rejected': ('Rejected', 'blue')}


def output(data, **kwargs):
    """A title for each kind of key and its names below, with the fingerprint behind where there is one."""
    paint, lines = colors.painter(__opts__), []
    if not isinstance(data, compat.Mapping):
        raise TypeError('no lists of keys')
    for kind in sorted(data):
        title, color = TITLES[kind]
        lines.append(paint('bold ' + color, title + ' Keys:'))
        for name in _ordered(data[kind]):
            if isinstance(data[kind], compat.Mapping):
                lines.append(paint(color, '%s:  %s' % (showing.native(name), showing.native(data[kind][name]))))
            elif isinstance(data[kind], list):
                lines.append(paint(color, showing.native(name)))
    return '\n'.join(lines)


def _ordered(names):
    """The names in order; what has no order fails on Python 2 as well."""
    names = list(names)
    if len(names) > 1 and (len(set(showing.native(type(name)) for name in names)) > 1 or isinstance(names[0], dict)):
        raise TypeError('names of several types')
    return sorted(names)
