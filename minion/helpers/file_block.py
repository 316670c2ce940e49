"""The text between two marker lines of a file (file.blockreplace)."""
from __future__ import absolute_import, division, print_function

import io
import os
import re

from minion import compat
from minion.errors import CommandExecutionError, SaltInvocationError
from minion.helpers import file_diff, file_open, file_replace, file_tree
from minion.helpers.file_paths import expand


class _Block(object):
    """What goes between the markers, in the line ends of the file."""

    def __init__(self, wanted, eol):
        self.start, self.end = (compat.to_text(compat.shown(wanted[key])) for key in ('marker_start', 'marker_end'))
        self.eol = eol
        content = u'' if wanted['content'] is None else compat.to_text(compat.shown(wanted['content']))
        newline = wanted['append_newline']
        if newline or newline is None and not content.endswith(u'\n'):
            content += u'\n'
        self.lines = [line.rstrip(u'\r\n') + eol if line.endswith((u'\n', u'\r')) else line
                      for line in content.splitlines(True)]

    def whole(self):
        """The block with its markers, as lines."""
        return file_diff.lines(self.start + self.eol + u''.join(self.lines) + self.end + self.eol)

    def inside(self, lines):
        """(lines with what lies between the markers replaced, True if there were any).

        :raises CommandExecutionError: a block does not end.
        """
        made, inside, found = [], False, False
        for line in lines:
            if inside:
                if self.end in line:
                    inside, found = False, True
                    made += self.lines + [line[line.index(self.end):]]
                continue
            made.append(line)
            inside = self.start in line
        if inside:
            raise CommandExecutionError('Unterminated marked block. End of file reached before marker_end.')
        return made, found


def _beside(lines, block, pattern, after):
    """The lines with the block before or after the first that fits, None if none does."""
    found = re.compile(compat.to_text(pattern), re.UNICODE)
    for at, line in enumerate(lines):
        if found.search(line):
            at += bool(after)
            return lines[:at] + block.whole() + lines[at:]
    return None


def _placed(lines, block, wanted):
    """The lines with the block where it is wanted when there is none yet.  :raises CommandExecutionError: nowhere."""
    if wanted['prepend_if_not_found']:
        return block.whole() + lines
    if wanted['append_if_not_found']:
        if lines and not lines[-1].endswith(u'\n'):
            lines = lines[:-1] + [lines[-1] + block.eol]
        return lines + block.whole()
    after = wanted['insert_after_match']
    made = _beside(lines, block, after or wanted['insert_before_match'], after) if _match(wanted) else None
    if made is None:
        raise CommandExecutionError('Cannot edit marked block. Markers were not found in file.')
    return made


def _match(wanted):
    return wanted['insert_after_match'] or wanted['insert_before_match']


def replace(path, wanted):
    """See file.blockreplace; `wanted`: its other arguments by name."""
    names = ('append_if_not_found', 'prepend_if_not_found', 'insert_before_match', 'insert_after_match')
    if sum(bool(wanted[name]) for name in names) > 1:
        raise SaltInvocationError('Only one of append_if_not_found, prepend_if_not_found, insert_before_match, and '
                                  'insert_after_match is permitted')
    path = expand(path)
    if not os.path.exists(path):
        raise SaltInvocationError('File not found: %s' % path)
    old = _read(path)
    eol = u'\r\n' if old and old[0].endswith(u'\r\n') else u'\n'
    block = _Block(wanted, eol)
    new, found = block.inside(old)
    if not found:
        new = _placed(old, block, wanted)
    new = file_diff.lines(u''.join(new))
    if new == old:
        return '' if wanted['show_changes'] else False
    if not wanted['dry_run']:
        file_replace.keep_backup(path, wanted['backup'])
        file_open.write_over(path, compat.to_bytes(u''.join(new)))
    shown = file_diff.unified([compat.to_native(line) for line in old], [compat.to_native(line) for line in new])
    return shown if wanted['show_changes'] else True


def _read(path):
    try:
        with io.open(path, 'rb') as stream:
            data = stream.read()
    except (IOError, OSError) as exc:
        raise CommandExecutionError('Failed to read from %s: %s' % (path, file_tree.told(exc, path)))
    if not file_diff.is_text(data):
        raise SaltInvocationError('Cannot perform string replacements on a binary file: %s' % path)
    return file_diff.lines(compat.to_text(data))
