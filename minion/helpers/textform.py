"""What a YAML loader made of a file, as a tree that can be used: bounded, nothing shared, every text native."""
from __future__ import absolute_import, division, print_function

import re

from minion import compat

NODES = 200000                       # values of one file once its aliases are written out
DEPTH = 100
SURROGATE = b'\xed\xa0\x80'
ENCODED_SURROGATE = re.compile(b'\xed[\xa0-\xbf]')


def tree(value):
    """A copy with aliases written out: ten aliases of ten aliases of ... and what holds itself end here.

    :param value: mappings, lists and scalars, as a safe loader gives them.
    :raises ValueError: nested too deep, too large, or a text that cannot be written as UTF-8; one line that says so.
    """
    return _Copier().copy(value, 0)


class _Copier(object):
    """Counts what it copies."""

    def __init__(self):
        self._left = NODES

    def copy(self, value, depth):
        self._left -= 1
        if depth > DEPTH or self._left < 0:
            what = 'nested too deep' if depth > DEPTH else 'too many once its aliases are written out'
            raise ValueError('mappings and lists in it are %s' % what)
        if isinstance(value, dict):
            return dict((self.copy(key, depth + 1), self.copy(item, depth + 1)) for key, item in value.items())
        if isinstance(value, (list, tuple, set)):
            return type(value)(self.copy(item, depth + 1) for item in value)
        if isinstance(value, compat.text_type):
            return _native(value)
        return value


def _native(value):
    try:
        encoded = value.encode('utf-8')
    except UnicodeEncodeError:
        encoded = SURROGATE
    if ENCODED_SURROGATE.search(encoded):                  # Python 2 encodes what must not be encoded
        raise ValueError('%r is no text that can be written as UTF-8' % (value[:40],))
    return encoded if compat.PY2 else value
