"""Lists of lists or of mappings as tables; mappings around them as titles."""
from __future__ import absolute_import, division, print_function

from minion import compat
from minion.helpers import colors, showing

RULE = '----------'


def output(data, **kwargs):
    """The lines of all tables in `data`; other values are left out."""
    paint = colors.painter(__opts__)
    return '\n'.join(_shown(data, 0, paint))


def _shown(data, indent, paint):
    lines = []
    if isinstance(data, compat.Mapping):
        for name in showing.ordered(data):
            lines.append(' ' * indent + paint('bold black', showing.native(name)) + ':')
            lines.append(' ' * indent + paint('bold black', RULE))
            inside = isinstance(data[name], compat.Mapping)
            lines += _shown(data[name], indent + 4 if inside else indent, paint)
    elif isinstance(data, (list, tuple)) and data and len(set(_kind(row) for row in data)) == 1:
        lines = [' ' * (indent + 4) + line for line in _table(data, paint)]
    return lines


def _kind(row):
    return 'text' if compat.is_text(row) else type(row)


def _table(data, paint):
    """The lines of one table: a title row for mappings, a rule around each row."""
    if isinstance(data[0], compat.Mapping):
        names = list(data[0])
        rows = [[name.replace('_', ' ').title() for name in names]] + [list(row.values()) for row in data]
    else:
        rows = [[row] if compat.is_text(row) else list(row) for row in data]
        if not all(compat.is_text(cell) for row in rows for cell in row):
            raise TypeError('a table of lists holds texts only')
    cells = [[_split(cell) for cell in row] for row in rows]
    widths = [max(len(line) for cell in column for line in cell) for column in zip(*cells)]
    if not widths:
        raise TypeError('a table without columns')
    rule = paint('white', '-' * (sum(widths) + 3 * len(widths) + 1))
    lines = [rule]
    for row in cells:
        height = max(len(cell) for cell in row[:len(widths)])
        padded = [cell + [u''] * (height - len(cell)) for cell in row]
        for texts in zip(*padded[:len(widths)]):
            middle = u' | '.join(text.center(width) for text, width in zip(texts, widths))
            lines.append(paint('bold white', compat.to_native(u'| %s |' % middle)))
        lines.append(rule)
    return lines


def _split(cell):
    return compat.to_text(showing.native(cell)).split(u'\n')
