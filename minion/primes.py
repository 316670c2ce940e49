"""Prime numbers for new keys, found through a sieve.

`rsa.newkeys` spends a modular power on every random candidate: 2 to 4 s for 2048 bits. Here small factors are sieved
out of a window of candidates first, which leaves about 40 powers for each prime: a quarter of a second.
"""
from __future__ import absolute_import, division, print_function

import random

from rsa import prime

_WINDOW = 4096                           # odd candidates sieved at a time; primes of 1024 bits are 355 of them apart
_SIEVE_LIMIT = 20000


def _odd_primes_below(limit):
    flags = bytearray(b'\x01') * limit
    for number in range(3, int(limit ** 0.5) + 1, 2):
        if flags[number]:
            flags[number * number::2 * number] = bytes(bytearray(len(range(number * number, limit, 2 * number))))
    return [number for number in range(3, limit, 2) if flags[number]]


def _survivors(start, small):
    """Offsets (in steps of two) of the candidates from the odd `start` on that no small prime divides."""
    window = bytearray(_WINDOW)
    for divisor in small:
        # start + 2 * offset = 0 (mod divisor); (divisor + 1) / 2 is the inverse of 2
        first = (divisor - start % divisor) * ((divisor + 1) // 2) % divisor
        if first < _WINDOW:
            window[first::divisor] = b'\x01' * ((_WINDOW - first + divisor - 1) // divisor)
    return [offset for offset in range(_WINDOW) if not window[offset]]


def find(bits, accept, progress=None, rng=None):
    """A random prime of exactly `bits` bits whose two highest bits are set, so that a product of two has full length.

    :param accept: called with a prime; False makes the search go on elsewhere.
    :param progress: called without arguments at each candidate tried.
    :param rng: random.SystemRandom unless a test gives another.
    """
    rng = rng or random.SystemRandom()
    small = _odd_primes_below(_SIEVE_LIMIT)
    while True:
        start = rng.getrandbits(bits) | (3 << (bits - 2)) | 1
        for offset in _survivors(start, small):
            candidate = start + 2 * offset
            if progress is not None:
                progress()
            if pow(2, candidate - 1, candidate) == 1 and _is_prime(candidate, bits):
                if accept(candidate):
                    return candidate
                break


def _is_prime(candidate, bits):
    """Miller-Rabin by `rsa`, on a candidate that passed a Fermat test; False if it has outgrown its bits."""
    return candidate.bit_length() == bits and prime.is_prime(candidate)
