"""Comparing versions as rpm does: epoch, version, release; digits win over letters, `~` before and `^` after the end."""
from __future__ import absolute_import, division, print_function

import re

from minion import compat

_PIECE = re.compile(r'~|\^|\d+|[A-Za-z]+')
_END = (1, 0, '')


def compare(left, right, ignore_epoch=False):
    """-1, 0 or 1. A release counts only where both have one.

    :param left, right: 'epoch:version-release', of which epoch and release may be missing.
    """
    pair = [split(version) for version in (left, right)]
    if not ignore_epoch and pair[0][0] != pair[1][0]:
        return 1 if pair[0][0] > pair[1][0] else -1
    order = _order(pair[0][1], pair[1][1])
    if order == 0 and pair[0][2] and pair[1][2]:
        order = _order(pair[0][2], pair[1][2])
    return order


def split(version):
    """(epoch as a number, version, release or '')."""
    text = compat.to_native(compat.shown(version))
    epoch, colon, rest = text.partition(':')
    if not colon:
        epoch, rest = '0', text
    number, _, release = rest.partition('-')
    return int(epoch) if epoch.isdigit() else 0, number, release


def _order(left, right):
    keys = [_key(left), _key(right)]
    return (keys[0] > keys[1]) - (keys[0] < keys[1])


def _key(text):
    return [_weight(piece) for piece in _PIECE.findall(text)] + [_END]


def _weight(piece):
    if piece == '~':
        return (0, 0, '')
    if piece == '^':
        return (2, 0, '')
    return (4, int(piece), '') if piece.isdigit() else (3, 0, piece)
