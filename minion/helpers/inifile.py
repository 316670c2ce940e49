"""Files of sections and options, `[name]` and `key = value`: everything that is not an option stays where it is."""
from __future__ import absolute_import, division, print_function

import os
import re

from minion import compat, files
from minion.errors import CommandExecutionError
from minion.helpers import file_tree

_HEADER = re.compile(u'\\s*\\[(.+?)\\]\\s*\\Z')
_COMMENT = re.compile(u'\\s*[#;]')


class Section(object):
    """`entries`: [key or None, text] rows; a row without a key is a line that is no option."""

    def __init__(self, name):
        self.name, self.entries = name, []

    def row(self, key):
        return next((row for row in self.entries if row[0] == key), None)

    def options(self):
        """{key: value}, as `str`."""
        return dict((compat.to_native(key), compat.to_native(text)) for key, text in self.entries if key is not None)

    def set(self, key, value):
        """The value before, None if there was none."""
        row = self.row(key)
        if row is None:
            self.entries.append([key, value])
            return None
        before, row[1] = row[1], value
        return compat.to_native(before)

    def remove(self, key):
        """The value that it had, or None."""
        row = self.row(key)
        if row is None:
            return None
        self.entries.remove(row)
        return compat.to_native(row[1])

    def parse(self, lines, pattern):
        row = None
        for line in lines:
            if line[:1].isspace() and line.strip() and row is not None:
                row[1] += u'\n' + line
                continue
            found = None if _COMMENT.match(line) else pattern.match(line)
            if found is None:
                row = [None, line]
                self.entries.append(row)
                continue
            self.set(found.group(1), found.group(2))
            row = self.row(found.group(1))


class IniFile(object):
    """One file, read at once.

    :param str separator: between key and value.  :param encoding: of the file, None: UTF-8.
    :param bool no_spaces: write none around the separator.
    :raises CommandExecutionError: it is there and cannot be read.
    """

    def __init__(self, path, separator, encoding=None, no_spaces=False):
        if not isinstance(path, compat.string_types):
            raise TypeError('stat: path should be string, bytes, os.PathLike or integer, not %s' % type(path).__name__)
        self._path, self._encoding = path, encoding or 'utf-8'
        self._between = separator if no_spaces or separator == ' ' else ' %s ' % separator
        self._pattern = re.compile(u'\\s*(.+?)\\s*%s\\s*(.*?)\\s*\\Z' % compat.to_text(re.escape(separator)))
        self.sections = [Section(None)]
        self._read()

    def _read(self):
        if not os.path.exists(self._path):
            return
        try:
            with open(self._path, 'rb') as stream:
                text = compat.to_text(stream.read(), self._encoding)
        except (IOError, OSError) as exc:
            raise self._error('open', exc)
        body = []
        for line in text.replace(u'\r\n', u'\n').split(u'\n'):
            found = _HEADER.match(line)
            if found:
                self._end(body)
                self.sections.append(self.section(found.group(1)) or Section(found.group(1)))
                body = []
            else:
                body.append(line)
        self._end(body)
        kept = []
        for section in self.sections:
            if section not in kept:
                kept.append(section)
        self.sections = kept

    def _end(self, body):
        """Give the last section its lines, less the empty ones around them."""
        while body and not body[-1].strip():
            body.pop()
        while body and not body[0].strip():
            body.pop(0)
        self.sections[-1].parse(body, self._pattern)

    def _error(self, what, exc):
        return CommandExecutionError("Unable to %s file '%s'. Exception: %s"
                                     % (what, self._path, file_tree.told(exc, self._path)))

    def section(self, name):
        """The section of this name, None if there is none; None: what stands before the first."""
        name = None if name is None else compat.to_text(name)
        return next((section for section in self.sections if section.name == name), None)

    def add(self, name):
        self.sections.append(Section(compat.to_text(name)))
        return self.sections[-1]

    def tree(self):
        """Options of the top and sections, {name: {key: value}}."""
        found = self.sections[0].options()
        found.update((compat.to_native(section.name), section.options()) for section in self.sections[1:])
        return found

    def write(self):
        """Put the file there, with the mode and owner that it had.  :raises CommandExecutionError: it cannot be."""
        parts = []
        for section in self.sections:
            rows = u''.join(
                (text if key is None else u'%s%s%s' % (key, compat.to_text(self._between), text)) + u'\n'
                for key, text in section.entries)
            if section.name is not None:
                rows = u'[%s]\n%s' % (section.name, rows)
            parts += [rows] if rows else []
        data = u'\n'.join(parts).encode(self._encoding)
        try:
            path = os.path.realpath(self._path)
            before = os.stat(path) if os.path.exists(path) else None
            files.write(path, data, before.st_mode & 0o7777 if before else 0o644, sync=False)
            if before:
                os.chown(path, before.st_uid, before.st_gid)
                os.chmod(path, before.st_mode & 0o7777)
        except (IOError, OSError) as exc:
            raise self._error('write', exc)
