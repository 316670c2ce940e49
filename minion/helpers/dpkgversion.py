"""Comparing versions as dpkg does: epoch, upstream part, revision; `~` before everything, even the end."""
from __future__ import absolute_import, division, print_function

import re

from minion import compat

_VALID = re.compile(r'(?:\d+:)?[A-Za-z0-9.+:~-]*\Z')
_PIECES = re.compile(r'(\D*)(\d*)')
_END = (1,)                                           # after `~`, before letters


def compare(left, right, ignore_epoch=False):
    """-1, 0 or 1; None if one of them is no version.

    :param left, right: texts, or values whose text counts.
    """
    texts = [compat.to_native(compat.shown(version)) for version in (left, right)]
    if ignore_epoch:
        texts = [text.split(':', 1)[-1] for text in texts]
    if not all(_VALID.match(text) for text in texts):
        return None
    keys = [_key(text) for text in texts]
    return (keys[0] > keys[1]) - (keys[0] < keys[1])


def _key(text):
    epoch, _, rest = text.partition(':') if ':' in text else ('0', '', text)
    upstream, _, revision = rest.rpartition('-') if '-' in rest else (rest, '', '')
    return int(epoch), _order(upstream), _order(revision or '0')


def _order(text):
    """A list in which pieces of letters, each with its end mark, and numbers take turns."""
    made = []
    for letters, digits in _PIECES.findall(text):
        if letters or digits:
            made.append(tuple(_weight(letter) for letter in letters) + (_END,))
            made.append(int(digits or 0))
    return made + [(_END,), 0] * 2


def _weight(letter):
    if letter == '~':
        return (0,)
    return (2, letter) if letter.isalpha() else (3, letter)
