"""Sizes as LVM's programs take them."""
from __future__ import absolute_import, division, print_function

import re

from minion import compat
from minion.errors import SaltInvocationError

_SECTORS = {'s': 1, 'k': 2, 'm': 2 << 10, 'g': 2 << 20, 't': 2 << 30, 'p': 2 << 40}


def sectors(size):
    """The number of sectors of 512 bytes of '10G', '100MB', 2048 (MiB) and their like.

    :raises SaltInvocationError: no size.  :raises ValueError: a part of a unit.
    """
    text = compat.to_native(compat.shown(size)) if not compat.is_text(size) else compat.to_native(size)
    found = re.match(r'^([+-]?[0-9.]+)([a-zA-Z]?)[bB]?$', text)
    if not found:
        raise SaltInvocationError('Size %s is invalid.' % text)
    unit = (found.group(2) or 'm').lower()
    if unit not in _SECTORS:
        raise SaltInvocationError('Unit %s is invalid.' % unit)
    return int(found.group(1)) * _SECTORS[unit]
