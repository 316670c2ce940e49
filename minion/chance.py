"""Random numbers without the module random, which takes 0.1 MB: for pauses and names; for keys, from the kernel."""
from __future__ import absolute_import, division, print_function

import binascii
import os

from _random import Random


def _from_kernel(size):
    return int(binascii.hexlify(os.urandom(size)), 16)


_GENERATOR = Random(_from_kernel(16))            # on Python 2 it would take the time: the same on hosts that start together
getrandbits = _GENERATOR.getrandbits


def uniform(low, high):
    """A number from `low` to `high`."""
    return low + (high - low) * _GENERATOR.random()


def whole(low, high):
    """A whole number from `low` to `high`, both of them included."""
    return low + int(_GENERATOR.random() * (high - low + 1))


def secret(low, high):
    """A whole number from `low` to below `high` that nobody can guess."""
    span = high - low
    size = (span.bit_length() + 7) // 8
    while True:
        number = _from_kernel(size) >> (size * 8 - span.bit_length())
        if number < span:
            return low + number
