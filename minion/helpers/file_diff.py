"""Differences between texts as file.* shows them, and what counts as text."""
from __future__ import absolute_import, division, print_function

import difflib
import io

from minion import compat


def unified(old, new, from_name='', to_name=''):
    """A unified diff of two lists of lines (`str` or bytes, with their ends); '' if they are the same."""
    old, new = [_shown(line) for line in old], [_shown(line) for line in new]
    return ''.join(difflib.unified_diff(old, new, from_name, to_name)) if old != new else ''


def _shown(line):
    return compat.to_native(compat.decode_lossy(line)) if isinstance(line, bytes) else line


def lines(data):
    """The lines of bytes or a text with their ends; only a line feed ends one."""
    mark = b'\n' if isinstance(data, bytes) else u'\n'
    parts = data.split(mark)
    return [part + mark for part in parts[:-1]] + ([parts[-1]] if parts[-1] else [])


def is_binary(path):
    """True for a file that does not begin like a text in UTF-8, and for what cannot be read."""
    try:
        with io.open(path, 'rb') as stream:
            head = stream.read(2048)
    except (IOError, OSError):
        return True
    return not is_text(head, len(head) == 2048)


def is_text(data, cut=False):
    """True for bytes that are UTF-8 without NUL; `cut`: a last character may be incomplete."""
    if b'\0' in data:
        return False
    try:
        data.decode('utf-8')
    except UnicodeDecodeError as exc:
        return cut and exc.start >= len(data) - 3
    return True
