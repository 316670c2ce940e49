"""`salt.utils.stringutils`: text, bytes and what looks like a number."""
from __future__ import absolute_import, division, print_function

import fnmatch
import re

from minion import compat


def _decoded(value, encoding, errors):
    encodings = [encoding] if isinstance(encoding, str) else list(encoding or ('utf-8',))
    for name in encodings[:-1]:
        try:
            return value.decode(name, errors)
        except UnicodeDecodeError:               # the last one decides
            continue
    return value.decode(encodings[-1], errors)


def to_bytes(s, encoding=None, errors='strict'):
    """Bytes of a text or of bytes."""
    if isinstance(s, (bytes, bytearray)):
        return bytes(s)
    if not compat.is_text(s):
        raise TypeError('expected str, bytes, or bytearray, not {}'.format(type(s)))
    return s.encode(encoding or 'utf-8', errors)


def to_unicode(s, encoding=None, errors='strict', normalize=False):
    """Text of bytes or of a text."""
    if isinstance(s, compat.text_type):
        return s
    if not isinstance(s, (bytes, bytearray)):
        raise TypeError('expected str or bytearray')
    return _decoded(bytes(s), encoding, errors)


def to_str(s, encoding=None, errors='strict', normalize=False):
    """The native text (str) of bytes or of a text."""
    if not isinstance(s, (bytes, bytearray, compat.text_type)):
        raise TypeError('expected str, bytes, or bytearray not {}'.format(type(s)))
    return to_bytes(s, encoding, errors) if compat.PY2 else to_unicode(s, encoding, errors)


def to_num(text):
    """The int or float that a text spells, else the text."""
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:                       # not this kind
            continue
    return text


def to_none(text):
    """None for a text without anything in it."""
    return text if str(text).strip() else None


def is_quoted(value):
    """The quotation mark around a text, '' without one."""
    quoted = isinstance(value, str) and len(value) > 1 and value[0] == value[-1] and value[0] in '"\''
    return value[0] if quoted else ''


def dequote(value):
    """A text without the quotation marks around it."""
    return value[1:-1] if is_quoted(value) else value


def is_hex(value):
    """Is it a text of hexadecimal digits?"""
    try:
        int(value, 16)
        return True
    except (TypeError, ValueError):
        return False


def is_binary(data):
    """Do text or bytes hold what no text holds?"""
    if not data or not isinstance(data, (bytes, compat.text_type)):
        return False
    return (b'\0' if isinstance(data, bytes) else u'\0') in data


def contains_whitespace(text):
    """Is there white space in it?"""
    return any(letter.isspace() for letter in text)


def expr_match(line, expr):
    """Does a text fit a text, a glob or a whole expression?"""
    if line == expr or fnmatch.fnmatch(line, expr):
        return True
    try:
        return re.match(r'\A{}\Z'.format(expr), line) is not None
    except re.error:
        return False


def check_whitelist_blacklist(value, whitelist=None, blacklist=None):
    """Is a name wanted and not unwanted?"""
    def fits(names):
        return any(expr_match(value, name) for name in ([names] if compat.is_text(names) else names or ()))
    return not fits(blacklist) and (not whitelist or fits(whitelist))
