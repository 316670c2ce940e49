"""Changing what a regular expression finds (file.replace, search, psed, comment_line)."""
from __future__ import absolute_import, division, print_function

import os
import re
import shutil

from minion import compat
from minion.errors import CommandExecutionError, SaltInvocationError
from minion.helpers import file_diff, file_open
from minion.helpers.file_paths import expand
from minion.helpers.file_search import escaped, text_file


def flags_of(flags):
    """The number of a number, a name or a list of names of flags of the module re.

    :raises CommandExecutionError: there is no such flag.
    """
    if isinstance(flags, compat.integer_types):
        return flags
    value = 0
    for name in flags if isinstance(flags, (list, tuple)) else [flags]:
        found = getattr(re, compat.to_native(compat.shown(name)).upper(), None)
        if not isinstance(found, int):
            raise CommandExecutionError('Invalid re flag given: %s' % (name,))
        value |= int(found)
    return value


def to_pattern(pattern):
    """Its bytes.  :raises TypeError: it is none."""
    if not isinstance(pattern, compat.string_types):
        raise TypeError('expected str, bytes, or bytearray not %s' % ("<class '%s'>" % type(pattern).__name__))
    return compat.to_bytes(pattern)


def _real(path):
    return os.path.realpath(expand(path))


def keep_backup(path, suffix):
    """Copy a file with its mode and times to its name plus `suffix`, unless that is False, None or ''."""
    if suffix not in (False, None, ''):
        target = '%s%s' % (path, suffix)
        if os.path.islink(target):
            os.unlink(target)
        shutil.copy2(path, target)


def _link_backup(link, suffix):
    """Lay a link beside a link that points to the backup of its file."""
    if os.path.islink(link) and suffix not in (False, None, ''):
        beside = '%s%s' % (link, suffix)
        if os.path.lexists(beside):
            os.unlink(beside)
        os.symlink('%s%s' % (os.readlink(link), suffix), beside)


def search(path, pattern, flags, ignore_if_missing, multiline=False):
    """See file.search."""
    path = _real(path)
    if not os.path.exists(path) and ignore_if_missing:
        return False
    data = _content(path)
    number = flags_of(flags) | (re.MULTILINE if multiline else 0)
    return re.search(to_pattern(pattern), data, number) is not None


def _content(path):
    if not os.path.exists(path):
        raise SaltInvocationError('File not found: %s' % path)
    if file_diff.is_binary(path):
        raise SaltInvocationError('Cannot perform string replacements on a binary file: %s' % path)
    return file_open.read_bytes(path)


def replace(path, pattern, repl, wanted):
    """See file.replace; `wanted`: its other arguments by name."""
    given, path = expand(path), _real(path)
    if not os.path.exists(path) and wanted['ignore_if_missing']:
        return False
    add = wanted['append_if_not_found'] or wanted['prepend_if_not_found']
    if os.path.exists(path) and file_diff.is_binary(path):
        _content(path)
    if wanted['search_only'] and add:
        raise SaltInvocationError('search_only cannot be used with append/prepend_if_not_found')
    if wanted['append_if_not_found'] and wanted['prepend_if_not_found']:
        raise SaltInvocationError('Only one of append and prepend_if_not_found is permitted')
    if wanted['search_only']:
        return search(path, pattern, wanted['flags'], False)
    flags, old = flags_of(wanted['flags']), _content(path)
    repl = compat.to_bytes(compat.shown(repl))
    template = repl.replace(b'\\', b'\\\\') if wanted['backslash_literal'] else repl
    new, found = re.subn(to_pattern(pattern), template, old, count=wanted['count'], flags=flags)
    if not found and add:
        content = wanted['not_found_content']
        new = _added(old, repl if content is None else compat.to_bytes(compat.shown(content)), wanted)
    if new != old and not wanted['dry_run']:
        keep_backup(path, wanted['backup'])
        _link_backup(given, wanted['backup'])
        _put(path, new, wanted['preserve_inode'])
    if not wanted['show_changes']:
        return new != old
    if not found and add and new.startswith(old) and new != old:       # what was added counts as one line
        end = b'' if not old or old.endswith(b'\n') else b'\n'
        was = file_diff.lines(old)
        return file_diff.unified(was, was[:-1] + [was[-1] + end, new[len(old) + len(end):]] if was else [new])
    return file_diff.unified(file_diff.lines(old), file_diff.lines(new))


def _added(old, content, wanted):
    """`old` with the content as a line before or after it, unless it is there as a line."""
    if re.search(b'^' + re.escape(content) + b'($|(?=\r\n))', old, re.MULTILINE):
        return old
    if wanted['prepend_if_not_found']:
        return content + b'\n' + old
    return old + (b'' if not old or old.endswith(b'\n') else b'\n') + content + b'\n'


def _put(path, data, same_inode):
    if same_inode:
        file_open.write_over(path, data)
    else:
        file_open.replace_with(path, data)


# ---- psed

_LETTERS = {'I': re.I, 'L': re.L, 'M': re.M, 'S': re.S, 'U': re.U, 'X': re.X}


def psed(path, before, after, limit, backup, flags, escape_all):
    """See file.psed."""
    path = expand(path)
    text = compat.to_text(file_open.read_bytes(path))
    count = 0 if 'g' in flags else 1
    number = 0
    for letter in flags.replace('g', ''):
        number |= _LETTERS[letter]
    before, after = compat.to_text(escaped(before, escape_all)), compat.to_text(compat.shown(after))
    pattern = re.compile(before, number | re.UNICODE)
    if limit:
        chosen, parts = re.compile(compat.to_text(compat.shown(limit)), number), []
        for line in file_diff.lines(text):
            parts.append(pattern.sub(after, line, count) if chosen.search(line) else line)
        new = u''.join(parts)
    else:
        new = pattern.sub(after, text, count)
    keep_backup(path, backup)
    file_open.write_over(path, compat.to_bytes(new))


# ---- comments

def comment_line(path, regex, char, comment, backup):
    """See file.comment_line."""
    path = expand(path)
    text_file(path)
    if comment:
        regex.startswith('^')                             # what is no text fails here, as callers know it
        found = re.compile(compat.to_text(regex), re.UNICODE)
    else:
        found = re.compile(u'^%s\\s*%s' % (compat.to_text(re.escape(char)), compat.to_text(regex.lstrip('^'))), re.UNICODE)
    path, char = os.path.realpath(path), compat.to_text(char)
    lines = file_diff.lines(compat.to_text(file_open.read_bytes(path)))
    old, new = [], []
    for at, line in enumerate(lines):
        if found.match(line):
            lines[at] = char + line if comment else line.replace(char, u'', 1)
            old.append(line)
            new.append(lines[at])
    if not old:
        return False
    keep_backup(path, backup)
    file_open.write_over(path, compat.to_bytes(u''.join(lines)))
    return file_diff.unified([compat.to_native(line) for line in old], [compat.to_native(line) for line in new])
