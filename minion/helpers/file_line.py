"""Changing a file line by line: insert, ensure, replace, delete (file.line)."""
from __future__ import absolute_import, division, print_function

import os
import re
import shutil
import time

from minion import compat
from minion.errors import CommandExecutionError
from minion.helpers import file_diff, file_open
from minion.helpers.file_paths import expand

MODES = ('insert', 'ensure', 'delete', 'replace')
_NOWHERE = 'Wrong conditions? Unable to ensure line without knowing where to put it before and/or after.'


class _Edit(object):
    """The lines of a file, a line that goes into it, and where."""

    def __init__(self, lines, content, wanted):
        self.lines, self.content, self.indent = lines, content, wanted['indent']
        self.location = wanted['location']
        given = wanted['before'] or wanted['after']
        match = wanted['match'] or (None if given else content)
        self.match, self.before, self.after = (self._at(value) for value in (match, wanted['before'], wanted['after']))
        self.wants_before, self.wants_after = wanted['before'], wanted['after']

    def _at(self, expression):
        """The numbers of the lines that fit, None without an expression.  :raises CommandExecutionError: it is wrong."""
        if not expression:
            return None
        try:
            if not isinstance(expression, compat.string_types):
                raise TypeError('first argument must be string or compiled pattern')
            pattern = re.compile(compat.to_text(expression), re.UNICODE | re.DOTALL)
        except (re.error, TypeError) as exc:
            raise CommandExecutionError("%s: '%s'" % (exc, expression))
        return [at for at, line in enumerate(self.lines) if pattern.search(line)]

    @staticmethod
    def _only(found, name):
        """The one number of a list, None if it is empty.  :raises CommandExecutionError: there are more."""
        if found and len(found) > 1:
            raise CommandExecutionError('Found more than expected occurrences in "%s" expression' % name)
        return found[0] if found else None

    def _line(self, like):
        """The content as a line, indented like another one."""
        text = self.content.lstrip() if self.indent and like.strip() else self.content
        blanks = like[:len(like) - len(like.lstrip())].strip(u'\r\n') if self.indent and like.strip() else u''
        return blanks + text + (u'' if text.endswith(u'\n') else u'\n')

    def _put(self, at, line):
        if at == len(self.lines) and self.lines and not self.lines[-1].endswith(u'\n'):
            self.lines[-1] += u'\n'
            line = line.rstrip(u'\n')
        self.lines.insert(at, line)

    def delete(self):
        if self.match:
            gone = self.lines[self.match[0]]
            self.lines[:] = [line for line in self.lines if line != gone]

    def replace(self):
        if self.match:
            old = self.lines[self.match[0]]
            end = old[len(old.rstrip(u'\r\n')):]
            self.lines[self.match[0]] = self._line(old).rstrip(u'\r\n') + end

    def insert(self):
        if not (self.location or self.wants_before or self.wants_after):
            raise CommandExecutionError('On insert either "location" or "before/after" conditions are required.')
        if not self.location:
            before, after = self._only(self.before, 'before'), self._only(self.after, 'after')
            if before is not None:
                self._put(before, self._line(self.lines[before]))
            elif after is not None:
                self._put(after + 1, self._line(self.lines[after]))
            else:
                raise CommandExecutionError('Neither before or after was found in file')
        elif self.location == 'start':
            self.lines.insert(0, self._line(u''))
        elif self.location == 'end':
            self._insert_end()

    def _insert_end(self):
        eol = u'\r\n' if self.lines and self.lines[-1].endswith(u'\r\n') else u'\n'
        if self.lines and not self.lines[-1].endswith(u'\n'):
            self.lines[-1] += eol
        elif self.lines:
            self.lines.append(eol)
        if self.content:
            self.lines.append(self.content)

    def ensure(self):
        before, after = self._only(self.before, 'before'), self._only(self.after, 'after')
        if self.wants_before and self.wants_after and before is not None and after is not None:
            self._ensure_between(after, before)
        elif after is not None and not self.wants_before:
            following = self.lines[after + 1:after + 2]
            if not following or following[0].strip() != self.content.strip():
                self._put(after + 1, self._line(self.lines[after]))
        elif before is not None and not self.wants_after:
            previous = self.lines[before - 1:before] if before else []
            if not previous or previous[0].strip() != self.content.strip():
                self._put(before, self._line(previous[0] if previous else u''))
        else:
            raise CommandExecutionError(_NOWHERE)

    def _ensure_between(self, after, before):
        between = self.lines[after + 1:before]
        if len(between) > 1:
            raise CommandExecutionError('Found more than one line between boundaries "before" and "after".')
        if not between:
            self._put(after + 1, self._line(self.lines[after]))
        elif between[0].strip() != self.content.strip():
            self.lines[after + 1] = self._line(between[0])


def line(path, content, wanted):
    """See file.line; `wanted`: its other arguments by name."""
    path = os.path.realpath(expand(path))
    if not os.path.isfile(path):
        if not wanted['quiet']:
            raise CommandExecutionError('File "%s" does not exists or is not a file.' % path)
        return False
    mode = wanted['mode'].lower() if compat.is_text(wanted['mode']) else wanted['mode']
    if mode not in MODES:
        raise CommandExecutionError('Mode was not defined. How to process the file?' if mode is None
                                    else 'Unknown mode: "%s"' % mode)
    if content is None and mode != 'delete':
        raise CommandExecutionError('Content can only be empty if mode is "delete"')
    old = file_diff.lines(compat.to_text(file_open.read_bytes(path)))
    edit = _Edit(list(old), compat.to_text(content) if isinstance(content, bytes) else content, wanted)
    if edit.content is None:
        edit.content = u''
    getattr(edit, mode)()
    if edit.lines == old:
        return False
    if wanted['backup']:
        shutil.copy2(path, path + time.strftime('.%Y-%m-%d-%H-%M-%S'))
    file_open.write_over(path, compat.to_bytes(u''.join(edit.lines)))
    if not wanted['show_changes']:
        return True
    return file_diff.unified([compat.to_native(one) for one in old], [compat.to_native(one) for one in edit.lines])
