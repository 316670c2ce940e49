"""Filters for text that Salt adds to Jinja."""
from __future__ import absolute_import, division, print_function

import re

from minion import compat


def _flags(ignorecase, multiline):
    return (re.IGNORECASE if ignorecase else 0) | (re.MULTILINE if multiline else 0)


def _groups(found):
    return found.groups() if found else None


def regex_search(text, pattern, ignorecase=False, multiline=False):
    return _groups(re.search(pattern, text, _flags(ignorecase, multiline)))


def regex_match(text, pattern, ignorecase=False, multiline=False):
    return _groups(re.match(pattern, text, _flags(ignorecase, multiline)))


def regex_replace(text, pattern, value, ignorecase=False, multiline=False):
    return re.compile(pattern, _flags(ignorecase, multiline)).sub(value, text)


def test_match(text, pattern, ignorecase=False, multiline=False):
    return bool(re.match(pattern, text, _flags(ignorecase, multiline)))


def quote(text):
    """One word of a shell; '' is a word, too."""
    if not compat.is_text(text):
        raise TypeError('expected string or bytes-like object')
    return compat.shell_quote(compat.to_text(text))


def to_num(text):
    """A number of a text that is one, else the text."""
    for kind in (int, float):
        try:
            return kind(text)
        except (ValueError, TypeError):
            continue
    return text


def to_camelcase(text, uppercamel=False):
    words = text.split('_')
    return ''.join(word.capitalize() if place or uppercamel else word for place, word in enumerate(words))


def to_snake_case(text):
    return re.sub('([a-z0-9])([A-Z])', r'\1_\2', re.sub('(.)([A-Z][a-z]+)', r'\1_\2', text)).lower()


def is_hex(text):
    return compat.is_text(text) and bool(re.match(r'(0[xX])?[0-9a-fA-F]+\Z', text))


def substring_in_list(text, values):
    return any(text in value for value in values)


FILTERS = {
    'regex_search': regex_search, 'regex_match': regex_match, 'regex_replace': regex_replace, 'regex_escape': re.escape,
    'quote': quote, 'to_num': to_num, 'is_hex': is_hex,
    'contains_whitespace': lambda text: any(char.isspace() for char in text), 'to_bytes': compat.to_bytes,
    'substring_in_list': substring_in_list,
    'str_to_num': to_num, 'to_camelcase': to_camelcase, 'to_snake_case': to_snake_case,
}
