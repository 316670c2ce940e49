"""Random choices that a seed repeats: the same ones on every Python, those of Python 3."""
from __future__ import absolute_import, division, print_function

import hashlib
import math
import random

from minion import compat


def source(seed=None):
    """A generator: from the system without a seed, else one that a text or number starts."""
    if seed is None:
        return random.SystemRandom()
    if isinstance(seed, compat.string_types):
        data = compat.to_bytes(seed)
        seed = int(hashlib.sha512(data).hexdigest(), 16) | int(_hex(data) or '0', 16) << 512
    return random.Random(seed)


def _hex(data):
    return ''.join('%02x' % byte for byte in bytearray(data))


def below(generator, bound):
    """A number from 0 to bound - 1."""
    if bound <= 0:
        raise ValueError('empty range for randrange()')
    bits = bound.bit_length()
    number = generator.getrandbits(bits)
    while number >= bound:
        number = generator.getrandbits(bits)
    return number


def sample(generator, items, size):
    """`size` items of a list, each at most once."""
    count = len(items)
    if not 0 <= size <= count:
        raise ValueError('Sample larger than population or is negative')
    room = 21 + (4 ** int(math.ceil(math.log(size * 3, 4))) if size > 5 else 0)
    if count > room:
        return _few(generator, items, size)
    pool, chosen = list(items), []
    for taken in range(size):
        at = below(generator, count - taken)
        chosen.append(pool[at])
        pool[at] = pool[count - taken - 1]
    return chosen


def _few(generator, items, size):
    seen, chosen = set(), []
    while len(chosen) < size:
        at = below(generator, len(items))
        if at not in seen:
            seen.add(at)
            chosen.append(items[at])
    return chosen
