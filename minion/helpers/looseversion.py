"""Comparing versions of unknown origin: numbers as numbers, letters as letters, a text after numbers is later."""
from __future__ import absolute_import, division, print_function

import re

from minion import compat

_PART = re.compile(r'\d+|[a-zA-Z]+')


def compare(left, right, ignore_epoch=False):
    """-1, 0 or 1; None when one of them holds nothing that can be compared."""
    texts = [_text(version, ignore_epoch) for version in (left, right)]
    if texts[0] == texts[1]:
        return 0
    parts = [_parts(text) for text in texts]
    return (parts[0] > parts[1]) - (parts[0] < parts[1]) or None


def _text(version, ignore_epoch):
    text = compat.to_native(compat.shown(version))
    return text.split(':', 1)[-1] if ignore_epoch else text


def _parts(text):
    """A list of (kind, value) in which numbers stand before letters, so that each pair can be compared."""
    return [(0, int(part), '') if part.isdigit() else (1, 0, part) for part in _PART.findall(text)]
