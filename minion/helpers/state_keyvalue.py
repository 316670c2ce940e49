"""Lines of the form key=value in a file (file.keyvalue)."""
from __future__ import absolute_import, division, print_function

from minion import compat


class Pairs(object):
    """The lines of a file after an edit, and what that changed.

    :param list lines: of the file, native text with their ends.  :param dict wanted: arguments of file.keyvalue.
    :param pairs: mapping of keys to values.
    """

    def __init__(self, lines, pairs, wanted):
        self.changed, self.deleted, self.diff, self.lines = 0, 0, [], []
        self._pairs, self._wanted = pairs, wanted
        self._left = dict((key, wanted['count']) for key in pairs)
        self._seen = set()
        for line in lines:
            self._line(line)
        absent = [key for key in pairs if key not in self._seen]
        if absent and wanted['append_if_not_found']:
            self._append(absent)
        elif absent and wanted['prepend_if_not_found']:
            self._prepend(absent)

    def _line(self, line):
        bare = line.lstrip(self._wanted['uncomment'])
        hidden = len(bare) < len(line)              # behind a comment sign, or indented if none is named
        for key in self._pairs:
            held = self._value(bare if hidden else line, key)
            if held is not None:
                self._keep(self._edited(line, key, held, hidden))
                return
        if self._wanted['prune']:
            self.diff.insert(1, '- ' + line)
            self.deleted += 1
        else:
            self._keep(line)

    def _keep(self, line):
        if line:
            self.lines.append(line)

    def _value(self, line, key):
        """The value of a line that is about this key, else None."""
        found, separator, value = line.partition(self._wanted['separator'])
        if not separator or not self._same(found, key, self._wanted['key_ignore_case']):
            return None
        return value.strip()

    @staticmethod
    def _same(one, other, fold):
        return one.lower() == other.lower() if fold else one == other

    def _edited(self, line, key, held, hidden):
        """The line as it is to be, '' if it goes."""
        value, left = self._pairs[key], self._left[key]
        self._seen.add(key)
        same = self._same(held, _text(value).strip(), self._wanted['value_ignore_case'])
        stays = left <= 0 if hidden else same and left != 0
        if stays:
            self._used(key)
            return line
        self.diff.append('- ' + line)
        new = ''
        if left != 0:
            found = (line.lstrip(self._wanted['uncomment']) if hidden else line).partition(self._wanted['separator'])[0]
            new = '%s%s%s\n' % (found, self._wanted['separator'], _text(value))
            kind = '' if compat.is_text(value) else ' (from %s type)' % type(value).__name__
            self.diff.append('+ %s%s\n' % (new.rstrip(), kind))
        self.changed += 1
        self._used(key)
        return new

    def _used(self, key):
        if self._left[key] > 0:
            self._left[key] -= 1

    def _made(self, keys):
        return ['%s%s%s\n' % (key, self._wanted['separator'], _text(self._pairs[key])) for key in keys]

    def _append(self, keys):
        if self.lines and not self.lines[-1].endswith('\n'):
            self.lines[-1] += '\n'
        made = self._made(keys)
        self.lines += made
        self.changed += len(made)
        self.diff += ['- <EOF>\n'] + ['+ ' + line for line in made] + ['+ <EOF>\n']

    def _prepend(self, keys):
        made = self._made(keys)
        self.lines[:0] = made
        self.changed += len(made)
        self.diff[:0] = ['  <SOF>\n'] + ['+ ' + line for line in made]


def _text(value):
    return compat.to_native(compat.shown(value))


def wrong(name, key, value, pairs):
    """(what is wrong with the arguments or None, mapping of keys to values)"""
    if not name:
        return 'Must provide name to file.keyvalue', None
    if key is not None and value is not None:
        if isinstance(pairs, compat.Mapping):
            return 'file.keyvalue can not combine key_values with key and value', None
        pairs = {str(key): value}
    if not pairs:
        return 'file.keyvalue key and value not supplied and key_values is empty', None
    if not isinstance(pairs, compat.Mapping):
        return 'file.keyvalue key and value not supplied and key_values is not a dictionary', None
    return None, pairs
