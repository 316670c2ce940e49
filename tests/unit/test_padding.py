"""RSA block formats: forms, bounds, and that what is damaged is refused in one way only."""
from __future__ import absolute_import, division, print_function

import binascii
import hashlib

import pytest

from minion import padding
from minion.errors import PaddingError

K = 256
HASHES = {'SHA1': 20, 'SHA224': 28}


def flipped(block, at, bit=1):
    changed = bytearray(block)
    changed[at] ^= bit
    return bytes(changed)


def refusal(decode, *arguments):
    with pytest.raises(PaddingError) as caught:
        decode(*arguments)
    return str(caught.value)


# ---- OAEP

@pytest.mark.parametrize('name', sorted(HASHES))
@pytest.mark.parametrize('k', [128, 256, 512])
def test_oaep_both_ways(name, k):
    longest = k - 2 * HASHES[name] - 2
    for message in (b'', b'x', b'\x00', b'\x01' * 3, b'\x00' * longest, b'm' * longest):
        block = padding.oaep_encode(message, k, name)
        assert len(block) == k and block[:1] == b'\x00'
        assert padding.oaep_decode(block, name) == message


@pytest.mark.parametrize('name', sorted(HASHES))
def test_oaep_too_long(name):
    longest = K - 2 * HASHES[name] - 2
    assert str(longest + 1) in refusal(padding.oaep_encode, b'm' * (longest + 1), K, name)


def test_oaep_is_random_unless_seeded():
    seed = b's' * 20
    assert padding.oaep_encode(b'm', K, 'SHA1') != padding.oaep_encode(b'm', K, 'SHA1')
    assert padding.oaep_encode(b'm', K, 'SHA1', seed) == padding.oaep_encode(b'm', K, 'SHA1', seed)


def test_oaep_against_another_implementation():
    """RSA is left out: Cryptodome pads and unpads around a key that does nothing."""
    oaep = pytest.importorskip('Cryptodome.Cipher.PKCS1_OAEP')
    from Cryptodome.Hash import SHA1, SHA224
    from Cryptodome.PublicKey import RSA

    from minion import keys
    from tests.support import testkeys
    private = testkeys.private('minion')
    other = RSA.import_key(private.to_pem())
    for name, module in (('SHA1', SHA1), ('SHA224', SHA224)):
        theirs = oaep.new(other, hashAlgo=module)
        assert private.decrypt(theirs.encrypt(b'from them'), 'OAEP-' + name) == b'from them'
        assert theirs.decrypt(keys.PublicKey(other.n, other.e).encrypt(b'from us', 'OAEP-' + name)) == b'from us'


@pytest.mark.parametrize('name', sorted(HASHES))
def test_oaep_any_damage_is_the_same_refusal(name):
    block = padding.oaep_encode(b'message', K, name)
    words = set(refusal(padding.oaep_decode, flipped(block, at), name) for at in range(K))
    assert len(words) == 1


def oaep_of(data, name='SHA1', first=b'\x00'):
    """An OAEP block around a data block of the caller's choice."""
    size = HASHES[name]
    new_hash = getattr(hashlib, name.lower())
    seed = b's' * size
    masked = padding._xor(bytearray(data), padding._mask(seed, len(data), new_hash))
    return first + bytes(padding._xor(bytearray(seed), padding._mask(bytes(masked), size, new_hash))) + bytes(masked)


LABEL = hashlib.sha1(b'').digest()
REST = K - 1 - 20 - 20


def test_oaep_hand_made():
    assert padding.oaep_decode(oaep_of(LABEL + b'\x00' * (REST - 3) + b'\x01ab'), 'SHA1') == b'ab'


@pytest.mark.parametrize('data, first', [
    (LABEL + b'\x00' * REST, b'\x00'),                              # no separator
    (LABEL + b'\x00' * (REST - 3) + b'\x02ab', b'\x00'),            # another separator
    (LABEL + b'\x02' + b'\x00' * (REST - 4) + b'\x01ab', b'\x00'),  # something before it
    (b'\x00' * 20 + b'\x01' + b'a' * (REST - 1), b'\x00'),          # another label
    (LABEL + b'\x01' + b'a' * (REST - 1), b'\x01'),                 # first byte
    (LABEL + b'\x01' + b'a' * (REST - 1), b'\xff'),
])
def test_oaep_each_check(data, first):
    same = refusal(padding.oaep_decode, b'\x00' * K, 'SHA1')
    assert refusal(padding.oaep_decode, oaep_of(data, first=first), 'SHA1') == same


@pytest.mark.parametrize('block', [b'', b'\x00', b'\x00' * 41])
def test_oaep_too_short(block):
    refusal(padding.oaep_decode, block, 'SHA1')


# ---- PKCS#1 v1.5

@pytest.mark.parametrize('name, info', [
    ('SHA1', '3021300906052b0e03021a05000414'),
    ('SHA224', '302d300d06096086480165030402040500041c'),
])
def test_pkcs1(name, info):
    block = padding.pkcs1v15_encode(b'message', K, name)
    tail = binascii.unhexlify(info) + getattr(hashlib, name.lower())(b'message').digest()
    assert block == b'\x00\x01' + b'\xff' * (K - 3 - len(tail)) + b'\x00' + tail


def test_pkcs1_shortest_key():
    assert padding.pkcs1v15_encode(b'', 46, 'SHA1').count(b'\xff') >= 8
    with pytest.raises(PaddingError):
        padding.pkcs1v15_encode(b'', 45, 'SHA1')


# ---- X9.31

@pytest.mark.parametrize('length', [0, 1, 4, 64, 252, 253, 254])
def test_x931_both_ways(length):
    for message in (b'm' * length, b'\xbb' * length, b'\xba' * length, b'\x00' * length, b'\xcc' * length):
        block = padding.x931_encode(message, K)
        assert len(block) == K and block[-1:] == b'\xcc'
        assert padding.x931_decode(block) == message


@pytest.mark.parametrize('message, block', [
    (b'abcd', b'\x6b\xbb\xbb\xba' + b'abcd' + b'\xcc'),
    (b'abcdefg', b'\x6b\xba' + b'abcdefg' + b'\xcc'),
])
def test_x931_form(message, block):
    assert padding.x931_encode(message, len(block)) == block


def test_x931_without_filling():
    assert padding.x931_encode(b'abcdef', 8) == b'\x6aabcdef\xcc'


def test_x931_too_long():
    refusal(padding.x931_encode, b'm' * 255, K)


@pytest.mark.parametrize('block', [
    b'', b'\x6a', b'\xcc', b'\x6aabc', b'\x6aabc\xcd', b'\x00abc\xcc', b'\x6b\xbb\xbb\xcc', b'\x6b\xbb\xbbabc\xcc',
    b'\x6babc\xcc', b'\x6b\xcc', b'\x6c\xbaabc\xcc',
])
def test_x931_damaged(block):
    assert refusal(padding.x931_decode, block) == refusal(padding.x931_decode, b'')
