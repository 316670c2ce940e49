"""For hosts that did not answer: names, and texts below them; other values are left out."""
from __future__ import absolute_import, division, print_function

from minion import compat
from minion.helpers import colors, showing


def output(data, **kwargs):
    """The lines of names and texts."""
    return '\n'.join(_lines(data, 0, colors.painter(__opts__)))


def _lines(value, indent, paint):
    if isinstance(value, compat.text_type if not compat.PY2 else compat.string_types):
        return [paint('red', ' ' * indent + line) for line in compat.to_native(value).split('\n')]
    lines = []
    if isinstance(value, compat.Mapping):
        for name in showing.ordered(value):
            lines.append(paint('cyan', ' ' * indent + showing.native(name)) + ':')
            lines += _lines(value[name], indent + 4, paint)
    return lines
