"""Indented lines, as people read them best; what is used when nothing else is asked for."""
from __future__ import absolute_import, division, print_function

from minion import compat
from minion.helpers import colors, showing

RULE = '----------'


def output(data, **kwargs):
    """The lines of `data`; names are red where the return code (`_retcode`) says that the command failed."""
    paint = colors.painter(__opts__)
    shown = Lines(paint, 'red' if kwargs.get('_retcode') else 'cyan', __opts__.get('strip_colors', True) is not False)
    shown.add(data, kwargs.get('nested_indent', 0), '')
    return '\n'.join(shown.lines)


class Lines(object):
    """Collects the lines."""

    def __init__(self, paint, names, strip):
        self.lines = []
        self._paint, self._names, self._strip = paint, names, strip

    def add(self, value, indent, mark):
        """Add the lines of a value; `mark` ('- ' for an item of a list) stands before its first one."""
        if value is None or isinstance(value, (bool, float) + compat.integer_types):
            self._line(indent, 'bold yellow', '%s%s' % (mark, value))
        elif isinstance(value, compat.Mapping):
            self._add_mapping(value, indent)
        elif isinstance(value, (list, tuple)):
            self._add_list(value, indent)
        else:
            self._add_text(value, indent, mark)

    def _line(self, indent, color, text, end=''):
        self.lines.append(' ' * indent + self._paint(color, text) + end)

    def _add_text(self, value, indent, mark):
        try:
            text = compat.to_text(value) if isinstance(value, compat.string_types) else compat.to_text(str(value))
        except UnicodeDecodeError:                   # bytes that are no text have no lines
            return
        if self._strip:
            text = text.replace(u'\033', u'?')
        for line in text.splitlines():
            self._line(indent, 'green', mark + compat.to_native(line))
            mark = ' ' * len(mark)

    def _add_list(self, value, indent):
        for item in value:
            if isinstance(item, (list, tuple, compat.Mapping)):
                self._line(indent, 'green', '|_')
                self.add(item, indent + 2, '')
            else:
                self.add(item, indent, '- ')

    def _add_mapping(self, value, indent):
        if indent:
            self._line(indent, 'cyan', RULE)
        for name in showing.ordered(value):
            self._line(indent, self._names, showing.native(name), ':')
            self.add(value[name], indent + 4, '')
