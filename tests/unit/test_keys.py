"""RSA keys: PEM forms, refusals, private operations, new keys."""
from __future__ import absolute_import, division, print_function

import io
import os
import random
import threading

import pytest
from hypothesis import HealthCheck, given, settings, strategies
from rsa import prime

from minion import compat, keys, padding, pem, primes
from minion.errors import BadSignature, ConfigError, KeyFileError, PaddingError
from tests.support import testkeys

FOLDER = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), 'data', 'pem')
FUZZ = settings(max_examples=200, deadline=None, database=None, suppress_health_check=[
    check for check in HealthCheck if check.name in ('too_slow', 'function_scoped_fixture')])


def sample(name):
    with io.open(os.path.join(FOLDER, name + '.pem'), encoding='ascii') as stream:
        return stream.read()


@pytest.fixture(scope='module')
def key():
    return keys.PrivateKey.from_pem(sample('pkcs1'))


# ---- forms that are read

FORMS = {'pkcs1': keys.PrivateKey.from_pem, 'pkcs8': keys.PrivateKey.from_pem,
         'spki': keys.PublicKey.from_pem, 'pkcs1-public': keys.PublicKey.from_pem}


def one_long_line(head, rest):
    body, foot = rest.rsplit('\n', 1)
    return '\n'.join((head, body.replace('\n', ''), foot))


VARIANTS = {
    'as it is': lambda text: text,
    'bytes': lambda text: text.encode('ascii'),
    'CRLF': lambda text: text.replace('\n', '\r\n'),
    'CR': lambda text: text.replace('\n', '\r'),
    'no final newline': lambda text: text.rstrip('\n'),
    'blank around': lambda text: '\n \t\r\n' + text + '\n\n  \n',
    'blank lines inside': lambda text: text.replace('\n', '\n\n', 4),
    'blank at line ends': lambda text: text.replace('\n', ' \n'),
    'words before': lambda text: 'Key of the old host - do not lose\n' + text,
    'one long line': lambda text: one_long_line(*text.strip().split('\n', 1)),
    'after another block': lambda text: sample('certificate') + text,
}


@pytest.mark.parametrize('variant', sorted(VARIANTS))
@pytest.mark.parametrize('form', ['pkcs1', 'pkcs8'])
def test_private_forms(form, variant, key):
    found = keys.PrivateKey.from_pem(VARIANTS[variant](sample(form)))
    assert found.public == key.public
    assert found.to_pem() == sample('pkcs1').encode('ascii')


@pytest.mark.parametrize('variant', sorted(VARIANTS))
@pytest.mark.parametrize('form', ['spki', 'pkcs1-public'])
def test_public_forms(form, variant, key):
    found = keys.PublicKey.from_pem(VARIANTS[variant](sample(form)))
    assert found == key.public and not found != key.public and hash(found) == hash(key.public)
    assert found.pem == sample('spki').strip() and type(found.pem) is str
    assert found.size == 256


def test_keys_that_differ():
    assert testkeys.private('minion').public != testkeys.private('master').public
    assert testkeys.private('minion').public != 'text'


# ---- forms that are not

REFUSED = {
    'pkcs1-locked': 'passphrase', 'pkcs8-locked': 'passphrase', 'ec': 'ec private key', 'pss': 'not an RSA key',
    'short-512': '512 bits', 'three-primes': 'two primes', 'spki': 'public key', 'pkcs1-public': 'rsa public key',
    'certificate': 'certificate',
}


@pytest.mark.parametrize('name', sorted(REFUSED))
def test_private_refused(name):
    with pytest.raises(KeyFileError) as caught:
        keys.PrivateKey.from_pem(sample(name), '/pki/minion.pem')
    assert str(caught.value).startswith('/pki/minion.pem ') and REFUSED[name] in str(caught.value)


@pytest.mark.parametrize('name, word', [
    ('ec-public', 'not an RSA key'), ('pss-public', 'not an RSA key'), ('certificate', 'certificate'),
    ('pkcs1', 'rsa private key'), ('pkcs1-locked', 'passphrase'),
])
def test_public_refused(name, word):
    with pytest.raises(KeyFileError) as caught:
        keys.PublicKey.from_pem(sample(name), 'the key of host m')
    assert str(caught.value).startswith('the key of host m ') and word in str(caught.value)


DAMAGED = {
    'empty': (lambda text: '', 'is empty'),
    'blank': (lambda text: ' \r\n\n', 'is empty'),
    'zeros': (lambda text: '\x00' * 1679, 'no whole key'),
    'words': (lambda text: 'not a key', 'no whole key'),
    'cut short': (lambda text: text[:300], 'no whole key'),
    'a line missing': (lambda text: '\n'.join(text.split('\n')[:5] + text.split('\n')[6:]), 'is damaged'),
    'no content': (lambda text: text[:32] + text[-30:], 'is damaged'),
    'odd characters': (lambda text: text.replace('MII', 'M!I', 1), 'not base64'),
    'one character less': (lambda text: text.replace('MII', 'MI', 1), 'not base64'),
    'END of another kind': (lambda text: text.replace('END RSA', 'END DSA'), 'no whole key'),
    'too long': (lambda text: text + 'x' * (1 << 16), 'too long'),
    'not ASCII': (lambda text: text.replace('MII', u'M\xccI', 1), 'not base64'),
    'not UTF-8': (lambda text: b'\xff' + text.encode('ascii'), 'plain text'),
    'a number': (lambda text: 7, 'int'),
    'nothing': (lambda text: None, 'NoneType'),
}


@pytest.mark.parametrize('name', sorted(DAMAGED))
@pytest.mark.parametrize('read', [keys.PrivateKey.from_pem, keys.PublicKey.from_pem])
def test_damaged(name, read):
    change, word = DAMAGED[name]
    text = sample('pkcs1') if read == keys.PrivateKey.from_pem else sample('pkcs1-public')
    with pytest.raises(KeyFileError) as caught:
        read(change(text))
    assert word in str(caught.value)


def test_numbers_that_do_not_belong_together():
    good = pem.read_private(sample('pkcs1'))
    assert keys.PrivateKey.from_pem(pem.write_private(good))
    n, e, d, p, q, dp, dq, coefficient = range(8)
    for changes in ({p: good[p] + 2}, {d: good[d] + 2}, {dp: good[dp] + 2}, {dq: good[dq] + 2}, {e: good[e] + 2},
                    {coefficient: good[coefficient] + 1}, {n: good[n] + 2}, {p: 1, q: good[n]}, {p: 0}, {p: good[q]}):
        numbers = list(good)
        for at, number in changes.items():
            numbers[at] = number
        with pytest.raises(KeyFileError) as caught:
            keys.PrivateKey.from_pem(pem.write_private(numbers))
        assert 'do not belong together' in str(caught.value)


ODD_2048 = (1 << 2047) + 1


@pytest.mark.parametrize('n, e, word', [
    (ODD_2048, 1, 'exponent'), (ODD_2048, 2, 'exponent'), (ODD_2048, 65536, 'exponent'), (ODD_2048, 0, 'exponent'),
    (ODD_2048, (1 << 64) + 1, 'exponent'), (ODD_2048 + 1, 65537, 'modulus'), ((1 << 1022) + 1, 65537, '1023 bits'),
    ((1 << 16384) + 1, 65537, '16385 bits'), (0, 3, '0 bits'),
], ids=lambda value: value if isinstance(value, str) else 'number')
def test_weak_keys(n, e, word):
    with pytest.raises(KeyFileError) as caught:
        keys.PublicKey.from_pem(pem.write_public(n, e), 'minion_master.pub')
    assert word in str(caught.value) and str(caught.value).startswith('minion_master.pub ')


def test_smallest_keys_that_pass():
    assert keys.PublicKey((1 << 1023) + 1, 3).size == 128
    small = keys.PrivateKey.from_pem(sample('exponent-3'))
    assert small.public.recover(small.sign_x931(b'salt')) == b'salt'


@FUZZ
@given(data=strategies.binary(max_size=300) | strategies.text(max_size=300))
def test_any_text_is_refused(data):
    for read in (keys.PrivateKey.from_pem, keys.PublicKey.from_pem):
        with pytest.raises(KeyFileError):
            read(data)


@FUZZ
@given(form=strategies.sampled_from(sorted(FORMS)), at=strategies.integers(28, 420),
       insert=strategies.text('ABMQgwCkz+/=', max_size=6), drop=strategies.integers(0, 6))
def test_any_damage_is_a_key_or_refused(form, at, insert, drop):
    text = sample(form)
    try:
        FORMS[form](text[:at] + insert + text[at + drop:])
    except KeyFileError:
        pass


@FUZZ
@given(body=strategies.binary(max_size=80), label=strategies.sampled_from(
    ['PUBLIC KEY', 'RSA PUBLIC KEY', 'PRIVATE KEY', 'RSA PRIVATE KEY']))
def test_any_der_is_refused(body, label):
    read = keys.PublicKey.from_pem if 'PUBLIC' in label else keys.PrivateKey.from_pem
    for der in (body, b'\x30' + body, b'\x30\x84' + body, b'\x30\x80' + body, b'\x30\x0a\x02\x01\x00\x02' + body):
        with pytest.raises(KeyFileError):
            read(pem._wrap(label, der))


# ---- text

def test_clean_pem():
    text = sample('spki')
    for variant in (text, text.encode('ascii'), text.replace('\n', '\r\n'), '\n\n' + text + '\n \n'):
        assert keys.clean_pem(variant) == text.strip()
        assert type(keys.clean_pem(variant)) is str


def test_fingerprint_ignores_what_does_not_matter():
    text = sample('spki')
    expected = keys.fingerprint(text)
    assert expected.count(':') == 31 and expected == expected.lower()
    assert keys.fingerprint(text.replace('\n', '\r\n\r\n')) == expected == keys.PublicKey.from_pem(text).fingerprint()
    assert keys.fingerprint(text, 'md5').count(':') == 15


@pytest.mark.parametrize('name', ['nonesuch', '', None, 7, 'shake_128'])
def test_unknown_hash(name):
    with pytest.raises(ConfigError) as caught:
        keys.fingerprint(sample('spki'), name)
    assert 'hash_type' in str(caught.value)


def test_repr_shows_no_secret(key):
    numbers = pem.read_private(sample('pkcs1'))
    shown = repr(key) + str(key)
    for number in numbers[2:]:
        assert str(number)[:12] not in shown and '%x' % number not in shown
    assert key.public.fingerprint() in shown and '2048' in shown


# ---- operations

@pytest.mark.parametrize('algorithm', sorted(keys.ENCRYPTIONS))
def test_encrypt_and_decrypt(key, algorithm):
    for plain in (b'', b'x' * 76, b'x' * 198):
        cipher = key.public.encrypt(plain, algorithm)
        assert len(cipher) == 256 and key.decrypt(cipher, compat.to_text(algorithm)) == plain
    with pytest.raises(PaddingError):
        key.public.encrypt(b'x' * 215, algorithm)


def test_decrypt_refuses_in_one_way(key):
    good = key.public.encrypt(b'x', 'OAEP-SHA1')
    cases = [good[:-1], good + b'\x00', b'', b'\x00' * 256, b'\xff' * 256, None, 7, u'x' * 256,
             good[:-1] + bytes(bytearray([ord(good[-1:]) ^ 1])),
             testkeys.private('other').public.encrypt(b'x', 'OAEP-SHA1')]
    words = set()
    for case in cases:
        with pytest.raises(PaddingError) as caught:
            key.decrypt(case, 'OAEP-SHA1')
        words.add(str(caught.value))
    with pytest.raises(PaddingError) as caught:
        key.decrypt(good, 'OAEP-SHA224')
    assert words == set([str(caught.value)])


@pytest.mark.parametrize('algorithm', sorted(keys.SIGNATURES))
def test_sign_and_verify(key, algorithm):
    signature = key.sign(b'message', algorithm)
    key.public.verify(b'message', signature, algorithm)
    key.public.verify(b'message', signature, algorithm.encode('ascii'))     # a name from the wire
    other = [name for name in keys.SIGNATURES if name != algorithm][0]
    foreign = testkeys.private('other').public
    for public, message, signed, name in [
            (key.public, b'Message', signature, algorithm), (key.public, b'message', signature, other),
            (foreign, b'message', signature, algorithm), (key.public, b'message', signature[:-1], algorithm),
            (key.public, b'message', b'\x00' + signature, algorithm), (key.public, b'message', b'', algorithm),
            (key.public, b'message', b'\xff' * 256, algorithm), (key.public, b'message', None, algorithm),
            (key.public, b'message', u'x' * 256, algorithm), (key.public, b'message', signature, 'PKCS1v15-MD5'),
            (key.public, b'message', signature, None), (key.public, b'message', signature, [])]:
        with pytest.raises(BadSignature):
            public.verify(message, signed, name)


def test_forged_signature_with_a_small_exponent():
    """With exponent 3 a cube root signs whatever a lenient parser takes; the whole block is compared here."""
    public = keys.PrivateKey.from_pem(sample('exponent-3')).public
    info = padding.pkcs1v15_encode(b'message', 46, 'SHA1')[-35:]
    wanted = int('0001' + 'ff' * 8 + '00' + ''.join('%02x' % byte for byte in bytearray(info)) + '00' * 82, 16)
    low, high = 0, 1 << 400
    while low < high:
        middle = (low + high) // 2
        low, high = (middle + 1, high) if middle ** 3 < wanted else (low, middle)
    block = '%0256x' % low ** 3
    assert block.startswith('0001' + 'ff' * 8 + '00'), 'the forgery is one: padding and digest stand in front'
    forged = keys.transform.int2bytes(low, public.size)
    with pytest.raises(BadSignature):
        public.verify(b'message', forged, 'PKCS1v15-SHA1')


def test_x931_refuses(key):
    token = key.sign_x931(b'salt')
    assert key.public.recover(token) == b'salt'
    for bad in (token[:-1], b'\x00' * 256, b'\xff' * 256, None, b'', key.sign(b'salt', 'PKCS1v15-SHA1')):
        with pytest.raises(BadSignature):
            key.public.recover(bad)
    with pytest.raises(BadSignature):
        testkeys.private('other').public.recover(token)
    with pytest.raises(PaddingError):
        key.sign_x931(b'x' * 255)


def test_x931_sends_the_smaller_number(key):
    for number in range(8):
        signed = keys.transform.bytes2int(key.sign_x931(('message %d' % number).encode('ascii')))
        assert signed <= key.public.n // 2


@pytest.mark.parametrize('name', ['OAEP-MD5', '', None, 5, []])
def test_unknown_algorithms(key, name):
    for call in (lambda: key.public.encrypt(b'x', name), lambda: key.decrypt(b'x' * 256, name),
                 lambda: key.sign(b'x', name)):
        with pytest.raises(ConfigError):
            call()


def test_private_operations_are_blinded(key, monkeypatch):
    """The same number never meets the private exponent twice."""
    seen = []

    def watched(triples):
        seen.extend(triple[0] for triple in triples)
        return [pow(*triple) for triple in triples]
    drawn, secret = [], keys.chance.secret
    monkeypatch.setattr(keys.gmp, 'secret_powers', watched)
    monkeypatch.setattr(keys.chance, 'secret', lambda low, high: drawn.append(secret(low, high)) or drawn[-1])
    monkeypatch.setattr(keys, 'BLINDINGS', 3)
    monkeypatch.setattr(key, '_left', 0)
    assert len(set(key.sign(b'x', 'PKCS1v15-SHA1') for _ in range(7))) == 1
    assert len(seen) == 14 == len(set(seen))
    assert len(drawn) == 3 == len(set(drawn))                # one number, its square, the square of that, then another


def test_a_fault_gives_nothing_away(key, monkeypatch):
    """A wrong half of the result would let anyone compute a prime from it."""
    monkeypatch.setattr(keys.gmp, 'secret_powers', lambda triples: [pow(*triple) ^ 1 for triple in triples])
    with pytest.raises(KeyFileError) as caught:
        key.sign(b'x', 'PKCS1v15-SHA1')
    assert 'wrong result' in str(caught.value)


def test_blinding_number_without_inverse(key, monkeypatch):
    offered = [pem.read_private(sample('pkcs1'))[3] * 2, 12345]
    monkeypatch.setattr(keys.chance, 'secret', lambda low, high: offered.pop(0))
    monkeypatch.setattr(key, '_left', 0)
    key.public.verify(b'x', key.sign(b'x', 'PKCS1v15-SHA1'), 'PKCS1v15-SHA1')
    assert not offered


def test_many_threads_share_a_key(key):
    results = []

    def work(number):
        message = ('thread %d' % number).encode('ascii')
        results.append((message, key.sign(message, 'PKCS1v15-SHA224')))
    threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(results) == 6
    for message, signature in results:
        key.public.verify(message, signature, 'PKCS1v15-SHA224')


# ---- new keys

@pytest.mark.parametrize('bits', [1024, 2048])
def test_generate(bits):
    calls = []
    made = keys.generate(bits, lambda: calls.append(1))
    numbers = pem.read_private(made.to_pem())
    p, q = numbers[3], numbers[4]
    assert made.public.n.bit_length() == bits and made.public.e == 65537 and calls
    assert p > q and p.bit_length() == q.bit_length() == bits // 2 and (p - q).bit_length() > bits // 2 - 100
    assert prime.is_prime(p) and prime.is_prime(q)
    again = keys.PrivateKey.from_pem(made.to_pem())
    assert again.decrypt(made.public.encrypt(b'x', 'OAEP-SHA1'), 'OAEP-SHA1') == b'x'


def test_two_keys_differ():
    assert keys.generate(1024).public != keys.generate(1024).public


@pytest.mark.parametrize('bits', [0, 512, 1023, 1025, 16386, -2048])
def test_sizes_that_are_refused(bits):
    with pytest.raises(ConfigError) as caught:
        keys.generate(bits)
    assert 'keysize' in str(caught.value)


def test_another_program_reads_new_keys():
    rsa_module = pytest.importorskip('Cryptodome.PublicKey.RSA')
    made = keys.generate(1024)
    theirs = rsa_module.import_key(made.to_pem())
    assert (theirs.n, theirs.e) == (made.public.n, made.public.e) and theirs.has_private()
    assert rsa_module.import_key(made.public.pem).n == made.public.n


def test_sieve_against_division():
    small = primes._odd_primes_below(200)
    assert small[:5] == [3, 5, 7, 11, 13] and small[-1] == 199 and len(small) == 45
    start = 1000003
    expected = [offset for offset in range(primes._WINDOW)
                if all((start + 2 * offset) % divisor for divisor in small)]
    assert primes._survivors(start, small) == expected


def test_find_goes_on_after_a_refused_prime():
    offered = []

    def second(candidate):
        offered.append(candidate)
        return len(offered) == 2
    found = primes.find(256, second, rng=random.Random(7))
    assert found == offered[1] != offered[0] and found.bit_length() == 256 and found >> 254 == 3


def test_find_never_outgrows_its_bits():
    class Highest(object):
        """Offers the highest numbers once, whose next primes have a bit more, then the lowest."""
        given = 0

        def getrandbits(self, bits):
            self.given += 1
            return (1 << bits) - 1 if self.given == 1 else 0
    rng = Highest()
    assert primes.find(256, lambda candidate: True, rng=rng).bit_length() == 256
    assert rng.given == 2
