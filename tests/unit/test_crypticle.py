"""The symmetric envelope: both ways, every reason of refusal, and that nothing is decrypted before the HMAC holds."""
from __future__ import absolute_import, division, print_function

import base64
import hashlib
import hmac

import pytest
from hypothesis import HealthCheck, given, settings, strategies

from minion import aes, compat, crypticle, payload
from minion.crypticle import Crypticle
from minion.errors import BadPayload, CrypticleError

FUZZ = settings(max_examples=200, deadline=None, database=None, suppress_health_check=[
    check for check in HealthCheck if check.name in ('too_slow', 'function_scoped_fixture')])
RAW = bytes(bytearray(range(56)))
KEY = compat.to_native(base64.b64encode(RAW))
NONCE = '0123456789abcdef0123456789abcdef'


@pytest.fixture(scope='module')
def box():
    return Crypticle(KEY)


def refusal(box, blob, nonce=None):
    with pytest.raises(CrypticleError) as caught:
        box.loads(blob, nonce)
    return caught.value.reason


def flipped(blob, at):
    changed = bytearray(blob)
    changed[at] ^= 1
    return bytes(changed)


def with_mac(body):
    """A blob that is authentic, whatever its body."""
    return body + hmac.new(RAW[24:], body, hashlib.sha256).digest()


# ---- keys

def test_new_keys():
    found = crypticle.new_key()
    assert type(found) is str and len(found) == 76 and len(base64.b64decode(found)) == 56
    assert len(set(crypticle.new_key() for _ in range(20))) == 20


@pytest.mark.parametrize('key', [KEY, KEY.encode('ascii'), compat.to_text(KEY), KEY + '\n'], ids=repr)
def test_key_as_text_or_bytes(key, box):
    assert Crypticle(key).loads(box.dumps(1)) == 1


@pytest.mark.parametrize('key', [
    '', 'short', KEY[:-4], KEY + KEY, b'\xff' * 76, u'\xe9' * 76, '=' * 76, KEY[1:]], ids=repr)
def test_no_key(key):
    with pytest.raises(CrypticleError) as caught:
        Crypticle(key)
    assert caught.value.reason == 'key' and (not key or repr(key) not in str(caught.value))


# ---- both ways

@pytest.mark.parametrize('value', [
    None, True, 7, b'', b'x' * 5, b'x' * 1000000, [1, [2]], {b'a': {b'b': None}}], ids=type)
@pytest.mark.parametrize('nonce', [None, NONCE, NONCE.encode('ascii')], ids=type)
def test_both_ways(value, nonce, box, aes_provider):
    blob = box.dumps(value, nonce)
    assert len(blob) % 16 == 0 and len(blob) >= 64
    assert box.loads(blob, nonce) == value


@pytest.mark.parametrize('size', range(33))
def test_padding_of_every_length(size, box, aes_provider):
    plain = b'p' * size
    sealed = box.seal(plain)
    assert len(sealed) == 16 + (size // 16 + 1) * 16 + 32
    assert box.open(sealed) == plain


def test_every_message_has_its_own_iv(box):
    assert len(set(box.dumps(1)[:16] for _ in range(20))) == 20


def test_form(box):
    """The layout, taken apart by hand."""
    blob = box.dumps({u'a': 1}, NONCE)
    body, mac = blob[:-32], blob[-32:]
    assert hmac.new(RAW[24:], body, hashlib.sha256).digest() == mac
    plain = aes.Cbc(RAW[:24]).decrypt(body)
    assert plain[:-ord(plain[-1:])] == b'pickle::' + NONCE.encode('ascii') + b'\x81\xa1a\x01'


def test_object_that_cannot_be_packed(box):
    with pytest.raises(BadPayload):
        box.dumps(object())


# ---- refusals

@pytest.mark.parametrize('blob', [
    b'', b'x' * 16, b'x' * 48, b'x' * 63, b'x' * 65, b'x' * 79, None, u'x' * 64, {b'enc': b'clear'}, b'bad load',
    7, []])
def test_length(blob, box):
    assert refusal(box, blob) == 'length'


def test_any_bit_of_a_message(box):
    blob = box.dumps({u'fun': u'test.ping'})
    for at in range(len(blob)):
        assert refusal(box, flipped(blob, at)) == 'hmac'


def test_another_key(box):
    assert refusal(Crypticle(crypticle.new_key()), box.dumps(1)) == 'hmac'


def test_nothing_is_decrypted_without_hmac(box, monkeypatch):
    blob = flipped(box.dumps(1), 20)
    monkeypatch.setattr(aes.Cbc, 'decrypt', lambda *arguments: pytest.fail('decrypted before the HMAC was checked'))
    assert refusal(box, blob) == 'hmac'


def test_the_hmac_is_compared_in_constant_time(box, monkeypatch):
    compared = []

    def watched(left, right):
        compared.append((left, right))
        return left == right
    blob = box.dumps(1)
    monkeypatch.setattr(compat, 'same_bytes', watched)
    box.loads(blob)
    assert [len(left) for left, _ in compared] == [32] and compared[0][1] == blob[-32:]


@pytest.mark.parametrize('tail', [b'\x00', b'\x11', b'\xff', b'\x01\x02', b'\x0f' * 14 + b'\x10'])
def test_padding(tail, box, aes_provider):
    """Only the holder of the key can make these, so telling them apart gives nothing away."""
    block = (b'pickle::' + b'\x01' * 40)[:32 - len(tail)] + tail
    assert refusal(box, with_mac(aes.Cbc(RAW[:24]).encrypt(block))) == 'padding'


@pytest.mark.parametrize('plain', [b'', b'\x80', b'pickle:', b'Pickle::\x80', b'tls_opt::\x80', NONCE.encode('ascii')])
def test_prefix(plain, box):
    assert refusal(box, box.seal(plain)) == 'prefix'


def test_nonce(box):
    assert refusal(box, box.dumps(1, NONCE), 'f' * 32) == 'nonce'
    assert refusal(box, box.dumps(1), NONCE) == 'nonce'
    assert refusal(box, box.seal(b'pickle::' + NONCE[:-1].encode('ascii')), NONCE) == 'nonce'
    assert refusal(box, box.dumps({u'a': NONCE}), NONCE) == 'nonce'


def test_payload(box):
    assert refusal(box, box.seal(b'pickle::')) == 'payload'
    assert refusal(box, box.seal(b'pickle::' + NONCE.encode('ascii')), NONCE) == 'payload'
    assert refusal(box, box.seal(b'pickle::\xc1')) == 'payload'
    assert refusal(box, box.dumps(1, NONCE)) == 'payload', 'a nonce that was not asked for'
    assert refusal(box, box.seal(b'pickle::' + payload.pack(1) + b'rest')) == 'payload'


def test_errors_hold_one_line_and_no_secret(box):
    with pytest.raises(CrypticleError) as caught:
        box.loads(box.dumps(b'secret', NONCE), 'f' * 32)
    assert str(caught.value) == 'encrypted message refused: nonce'
    assert KEY not in repr(box) and not [text for text in (RAW[:24], RAW[24:]) if repr(text) in repr(box)]


@FUZZ
@given(blob=strategies.binary(max_size=200), blocks=strategies.integers(0, 4))
def test_any_bytes_are_refused(blob, blocks):
    with pytest.raises(CrypticleError):
        Crypticle(KEY).loads(blob + b'x' * 16 * blocks)


@FUZZ
@given(plain=strategies.binary(max_size=100), nonce=strategies.sampled_from([None, NONCE]))
def test_any_authentic_content_is_an_object_or_refused(plain, nonce):
    box = Crypticle(KEY)
    for start in (b'', b'pickle::', b'pickle::' + NONCE.encode('ascii')):
        try:
            box.loads(box.seal(start + plain), nonce)
        except CrypticleError as exc:
            assert exc.reason in ('prefix', 'nonce', 'payload')
