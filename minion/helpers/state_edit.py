"""What states that edit files share: the shape of their answers, what a name must be, looking for texts in a file."""
from __future__ import absolute_import, division, print_function

import difflib
import filecmp
import os
import re
import shlex

from minion import compat

HIDDEN = '<show_changes=False>'


def answer(name, result=True, comment='', changes=None):
    """What a state function returns."""
    return {'name': name, 'changes': {} if changes is None else changes, 'result': result, 'comment': comment}


def refused(name, function):
    """Why a path cannot be the name of a state, or None.  :param str function: 'append', for the text."""
    if not name:
        return 'Must provide name to file.%s' % function
    return None if os.path.isabs(name) else 'Specified file %s is not an absolute path' % name


def missing(name):
    """Why a file cannot be edited, or None."""
    if not os.path.isabs(name):
        return 'Specified file %s is not an absolute path' % name
    return None if os.path.exists(name) else '%s: file not found' % name


# ---- texts that are given, or in files

def chunks(text):
    """The texts of an argument that is one text, number or mapping, or a list of them."""
    texts = text if isinstance(text, (list, tuple)) else [text]
    return [compat.to_native(compat.shown(one)) for one in texts]


def sources(source, sources_, source_hash, source_hashes):
    """Paths or addresses of the texts.  :raises ValueError: arguments that exclude each other."""
    if source and sources_:
        raise ValueError('source and sources are mutually exclusive')
    if source_hash and source_hashes:
        raise ValueError('source_hash and source_hashes are mutually exclusive')
    found = []
    for entry in sources_ or ([source] if source else []):
        found.append(list(entry)[0] if isinstance(entry, compat.Mapping) else entry)
    return found


# ---- is it there already

def _words(line):
    """The words of a line; what is in quotes is one, with them.  :raises ValueError: a quote does not end."""
    quotes = '\'"'
    if "'" in line:
        quotes = '"'
    elif '"' in line:
        quotes = "'"
    lexer = shlex.shlex(line, posix=False)
    lexer.whitespace_split, lexer.commenters, lexer.quotes = True, '', quotes
    return list(lexer)


def loose_pattern(text):
    """A regular expression of the lines of a text, whatever white space is in and around them."""
    lines = []
    for line in compat.to_native(text).splitlines():
        words = [re.escape(word) for word in _words(line)]
        lines.append(r'(?:\s+)?%s(?:\s+)?' % r'(?:\s+)?'.join(words))
    return r'(?m)^%s$' % ''.join(lines)


def diff_of(old, new):
    """The difference of two lists of lines without their ends, as file.append shows it."""
    return '\n'.join(difflib.unified_diff(old, new))


def same_file(one, other):
    """True for two files of the same content."""
    return os.path.isfile(one) and os.path.isfile(other) and filecmp.cmp(one, other, shallow=False)
