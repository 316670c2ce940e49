"""RSA block formats: bytes to bytes, no keys, no files.

OAEP and PKCS#1 v1.5 signatures follow RFC 8017; the X9.31 form is described in docs/protocol.md section 3.3 and held by
tests/data/vectors. `k` is always the length of the modulus in bytes.
"""
from __future__ import absolute_import, division, print_function

import hashlib
import os
import struct

from minion import compat
from minion.errors import PaddingError

_HASHES = {'SHA1': hashlib.sha1, 'SHA224': hashlib.sha224}

# DER of a DigestInfo up to the digest itself (RFC 8017, 9.2, note 1)
_DIGEST_INFO = {
    'SHA1': b'\x30\x21\x30\x09\x06\x05\x2b\x0e\x03\x02\x1a\x05\x00\x04\x14',
    'SHA224': b'\x30\x2d\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x04\x05\x00\x04\x1c',
}


def does_not_open():
    """The one error of all decoders: the same words for every cause, so that no caller can tell more."""
    return PaddingError('the RSA block does not open')


def _mask(seed, length, new_hash):
    """MGF1 of RFC 8017 B.2.1 as a bytearray of `length` bytes."""
    blocks, made = [], 0
    while made < length:
        blocks.append(new_hash(seed + struct.pack('>I', len(blocks))).digest())
        made += len(blocks[0])
    return bytearray(b''.join(blocks)[:length])


def _xor(left, right):
    return bytearray(one ^ other for one, other in zip(left, right))


def oaep_encode(message, k, hash_name, seed=None):
    """EME-OAEP with an empty label and the same hash in both places.

    :param bytes message: at most k - 2h - 2 bytes.
    :param str hash_name: 'SHA1' or 'SHA224'.
    :param bytes seed: h bytes; random unless a test gives them.
    :return bytes: k bytes, the first of them zero.
    :raises PaddingError: the message is too long.
    """
    new_hash = _HASHES[hash_name]
    label = new_hash(b'').digest()
    size = len(label)
    if len(message) > k - 2 * size - 2:
        raise PaddingError('%d bytes are too long for OAEP-%s in %d bytes' % (len(message), hash_name, k))
    block = (label + b'\x00' * (k - len(message) - 2 * size - 2) + b'\x01' + message)
    seed = os.urandom(size) if seed is None else seed
    masked = _xor(bytearray(block), _mask(seed, len(block), new_hash))
    masked_seed = _xor(bytearray(seed), _mask(bytes(masked), size, new_hash))
    return b'\x00' + bytes(masked_seed) + bytes(masked)


def oaep_decode(em, hash_name):
    """The message inside an OAEP block of k bytes.

    Every step is done whatever the block holds, and only then is it judged: the order and number of steps say
    nothing about which check failed (an attacker who learns "the first byte was not zero" can decrypt).

    :raises PaddingError: for whatever reason; always the same.
    """
    new_hash = _HASHES[hash_name]
    label = new_hash(b'').digest()
    size = len(label)
    if len(em) < 2 * size + 2:                       # a property of the public key, not of the message
        raise does_not_open()
    em = bytearray(em)
    masked_seed, masked = em[1:1 + size], em[1 + size:]
    seed = _xor(masked_seed, _mask(bytes(masked), size, new_hash))
    block = _xor(masked, _mask(bytes(seed), len(masked), new_hash))
    separator, wrong = _find_separator(block, size)
    wrong |= em[0]
    wrong |= not compat.same_bytes(bytes(block[:size]), label)
    message = bytes(block[separator + 1:])
    if wrong:
        raise does_not_open()
    return message


def _find_separator(block, start):
    """(index of the first byte after `start` that is not zero, 0 if it is a 1 and 1 otherwise), all bytes looked at."""
    index, seen, wrong = 0, 0, 0
    for at in compat.range_(start, len(block)):
        nonzero = (block[at] + 0xff) >> 8            # 0 or 1
        first = nonzero & (seen ^ 1)
        index += first * at
        wrong |= first & (block[at] != 1)
        seen |= nonzero
    return index, wrong | (seen ^ 1)


def pkcs1v15_encode(message, k, hash_name):
    """EMSA-PKCS1-v1_5: the block of k bytes that a signature over `message` must open to.

    :param str hash_name: 'SHA1' or 'SHA224'.
    :raises PaddingError: the key is too short for the hash.
    """
    digest_info = _DIGEST_INFO[hash_name] + _HASHES[hash_name](message).digest()
    fill = k - len(digest_info) - 3
    if fill < 8:
        raise PaddingError('%d bytes are too short for a signature with %s' % (k, hash_name))
    return b'\x00\x01' + b'\xff' * fill + b'\x00' + digest_info


def x931_encode(message, k):
    """The X9.31 block of k bytes around `message` itself (no hash).

    :raises PaddingError: the message is longer than k - 2 bytes.
    """
    fill = k - len(message) - 2
    if fill < 0:
        raise PaddingError('%d bytes are too long for X9.31 in %d bytes' % (len(message), k))
    if fill == 0:
        return b'\x6a' + message + b'\xcc'
    return b'\x6b' + b'\xbb' * (fill - 1) + b'\xba' + message + b'\xcc'


def x931_decode(em):
    """The message inside an X9.31 block. All of it is public data, so nothing is hidden here.

    :raises PaddingError: it is no such block.
    """
    head, trailer = em[:1], em[-1:]
    if len(em) < 2 or trailer != b'\xcc':
        raise does_not_open()
    if head == b'\x6a':
        return em[1:-1]
    rest = em[1:-1].lstrip(b'\xbb')
    if head != b'\x6b' or rest[:1] != b'\xba':
        raise does_not_open()
    return rest[1:]
