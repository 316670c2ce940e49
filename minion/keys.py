"""RSA keys: encrypt, decrypt, sign and verify in the forms of the wire, on the primitives of the package `rsa`.

Private operations are blinded, use the Chinese remainder theorem with the result checked against the public exponent,
and run one at a time per key. `rsa.decrypt` and `rsa.verify` are not used: OAEP and the comparison of whole signature
blocks are our own. Sources: docs/protocol.md section 3, RFC 8017; held by tests/data/vectors.
"""
from __future__ import absolute_import, division, print_function

import threading

from minion import chance, compat, gmp, padding
from minion import pem as pem_form
from minion.errors import BadSignature, ConfigError, KeyFileError, PaddingError
from minion.pem import common, core, transform

MIN_BITS, MAX_BITS = 1024, 16384         # above: one operation takes minutes
MAX_EXPONENT_BITS = 64
EXPONENT = 65537                         # of new keys
BLINDINGS = 32                           # operations for which one random number is squared, as OpenSSL does

ENCRYPTIONS = {'OAEP-SHA1': 'SHA1', 'OAEP-SHA224': 'SHA224'}
SIGNATURES = {'PKCS1v15-SHA1': 'SHA1', 'PKCS1v15-SHA224': 'SHA224'}

clean_pem = pem_form.clean
fingerprint = pem_form.fingerprint
text_fingerprint = pem_form.text_fingerprint


def _hash_name(table, algorithm):
    """Hash of a named algorithm.  :raises ConfigError: none of ours."""
    name = compat.to_native(algorithm) if isinstance(algorithm, compat.string_types) else None
    if name not in table:
        raise ConfigError('unknown algorithm %r, choose one of %s' % (algorithm, ', '.join(sorted(table))))
    return table[name]


def _is_half(e, d, prime, exponent):
    """True if `exponent` is the private one for this prime."""
    return e * exponent % (prime - 1) == 1 and d % (prime - 1) == exponent


class PublicKey(object):
    """A public key.

    Attributes: `n`, `e` (ints), `size` (bytes of modulus, ciphertext and signature), `pem` (SubjectPublicKeyInfo,
    native str, LF, no final newline).
    """

    def __init__(self, n, e, name='the key'):
        """:raises KeyFileError: too weak or too large to be used; the text starts with `name`."""
        if not MIN_BITS <= n.bit_length() <= MAX_BITS:
            raise KeyFileError('%s has %d bits; %d to %d are allowed, 2048 is usual: replace it'
                               % (name, n.bit_length(), MIN_BITS, MAX_BITS))
        if not n & 1 or not e & 1 or e < 3 or e.bit_length() > MAX_EXPONENT_BITS:
            raise KeyFileError('%s is unsafe: its modulus is even or its public exponent is not an odd number from 3 '
                               'to 64 bits: replace it' % name)
        self.n, self.e = n, e
        self.size = (n.bit_length() + 7) // 8
        self.pem = pem_form.write_public(n, e)
        self._fingerprints = {}                      # asked for at each publication

    @classmethod
    def from_pem(cls, pem, name='the key'):
        """A key from PEM text or bytes (SubjectPublicKeyInfo or PKCS#1).  :raises KeyFileError:"""
        return cls(*pem_form.read_public(pem, name), name=name)

    def encrypt(self, plain, algorithm):
        """OAEP ciphertext of `plain` (bytes) under 'OAEP-SHA1' or 'OAEP-SHA224'.

        :raises PaddingError: too long for this key.  :raises ConfigError: unknown algorithm.
        """
        block = padding.oaep_encode(plain, self.size, _hash_name(ENCRYPTIONS, algorithm))
        return transform.int2bytes(core.encrypt_int(transform.bytes2int(block), self.e, self.n), self.size)

    def verify(self, message, signature, algorithm):
        """Return if `signature` is this key's over `message` under 'PKCS1v15-SHA1' or 'PKCS1v15-SHA224'.

        :raises BadSignature: it is not, or the algorithm (a name from the wire, perhaps) is none of ours.
        """
        try:
            expected = padding.pkcs1v15_encode(message, self.size, _hash_name(SIGNATURES, algorithm))
        except ConfigError as exc:
            raise BadSignature('signature not checked: %s' % exc)
        block = transform.int2bytes(self._open(signature), self.size)
        if not compat.same_bytes(block, expected):
            raise BadSignature('the signature does not belong to this message and key')

    def recover(self, signature):
        """The message inside an X9.31 signature.  :raises BadSignature: it is none of this key's."""
        opened = self._open(signature)
        if opened & 0x0f != 0x0c:                    # the signer sent the smaller of two numbers
            opened = self.n - opened
        try:
            return padding.x931_decode(transform.int2bytes(opened, self.size))
        except PaddingError:
            raise BadSignature('the signature was not made by this key')

    def _open(self, signature):
        if not isinstance(signature, bytes) or len(signature) != self.size:
            raise BadSignature('a signature of another length than %d bytes' % self.size)
        number = transform.bytes2int(signature)
        if number >= self.n:
            raise BadSignature('a signature out of range')
        return gmp.power(number, self.e, self.n)

    def fingerprint(self, hash_type='sha256'):
        """Fingerprint as `salt-key -f` prints it.  :raises ConfigError: unknown hash."""
        if hash_type not in self._fingerprints:
            self._fingerprints[hash_type] = fingerprint(self.pem, hash_type)
        return self._fingerprints[hash_type]

    def __eq__(self, other):
        return isinstance(other, PublicKey) and (self.n, self.e) == (other.n, other.e)

    def __ne__(self, other):
        return not self == other

    def __hash__(self):
        return hash((self.n, self.e))

    def __repr__(self):
        return '<PublicKey of %d bits %s>' % (self.n.bit_length(), self.fingerprint())


class PrivateKey(object):
    """A private key; `public` is its PublicKey. Any thread may use it."""

    def __init__(self, n, e, d, p, q, dp, dq, coefficient, name='the key'):
        """Numbers as in PKCS#1.  :raises KeyFileError: weak, or they do not belong together."""
        self.public = PublicKey(n, e, name)
        if not (p > 1 and q > 1 and n == p * q and coefficient * q % p == 1
                and _is_half(e, d, p, dp) and _is_half(e, d, q, dq)):
            raise KeyFileError('%s is damaged: its numbers do not belong together' % name)
        self._d, self._p, self._q = d, p, q
        self._dp, self._dq, self._coefficient = dp, dq, coefficient
        self._lock = threading.Lock()                # one private operation at a time
        self._blinding, self._left = None, 0         # see _hiding()

    @classmethod
    def from_pem(cls, pem, name='the key'):
        """A key from PEM text or bytes (PKCS#1 or unencrypted PKCS#8).  :raises KeyFileError:"""
        return cls(*pem_form.read_private(pem, name), name=name)

    @classmethod
    def from_primes(cls, p, q, e=EXPONENT):
        """The key of two primes with which `e` has no common factor."""
        d = common.inverse(e, (p - 1) * (q - 1))
        return cls(p * q, e, d, p, q, d % (p - 1), d % (q - 1), common.inverse(q, p), name='the new key')

    def decrypt(self, cipher, algorithm):
        """What was encrypted with the public key.

        :raises PaddingError: for every cause the same.  :raises ConfigError: unknown algorithm.
        """
        hash_name = _hash_name(ENCRYPTIONS, algorithm)
        if not isinstance(cipher, bytes) or len(cipher) != self.public.size:
            raise padding.does_not_open()
        number = transform.bytes2int(cipher)
        if number >= self.public.n:
            raise padding.does_not_open()
        return padding.oaep_decode(transform.int2bytes(self._raw(number), self.public.size), hash_name)

    def sign(self, message, algorithm):
        """Signature over `message` under 'PKCS1v15-SHA1' or 'PKCS1v15-SHA224'.  :raises ConfigError: unknown."""
        block = padding.pkcs1v15_encode(message, self.public.size, _hash_name(SIGNATURES, algorithm))
        return transform.int2bytes(self._raw(transform.bytes2int(block)), self.public.size)

    def sign_x931(self, message):
        """The X9.31 form in which masters want proofs: the message itself, recoverable with the public key.

        :raises PaddingError: longer than the modulus less two bytes, or a modulus that leaves no room.
        """
        number = transform.bytes2int(padding.x931_encode(message, self.public.size))
        if number >= self.public.n:
            raise PaddingError('a modulus of %d bits has no room for X9.31' % self.public.n.bit_length())
        signed = self._raw(number)
        return transform.int2bytes(min(signed, self.public.n - signed), self.public.size)

    def _raw(self, number):
        """number^d mod n. Blinding hides the number from timing; the check keeps a fault from giving a prime away."""
        n, e = self.public.n, self.public.e
        with self._lock:
            hiding, revealing = self._hiding(n, e)
            hidden = number * hiding % n
            one, two = gmp.secret_powers([(hidden % self._p, self._dp, self._p), (hidden % self._q, self._dq, self._q)])
            result = two + (one - two) * self._coefficient % self._p * self._q
            if core.encrypt_int(result, e, n) != hidden:
                raise KeyFileError('a private key operation gave a wrong result: the memory or processor is faulty')
            return result * revealing % n

    def _hiding(self, n, e):
        """The factors before and after an operation: r^e and 1/r for a random r, each the square of the one before (1 ms
        less); after BLINDINGS of them r is drawn anew."""
        if self._left:
            self._blinding = tuple(factor * factor % n for factor in self._blinding)
        else:
            blind, unblind = _random_pair(n)
            self._blinding, self._left = (core.encrypt_int(blind, e, n), unblind), BLINDINGS
        self._left -= 1
        return self._blinding

    def to_pem(self):
        """PKCS#1 PEM as bytes, unencrypted, with a final newline."""
        return compat.to_bytes(pem_form.write_private([
            self.public.n, self.public.e, self._d, self._p, self._q, self._dp, self._dq, self._coefficient]))

    def __repr__(self):
        return '<PrivateKey of %r>' % self.public


def _random_pair(n):
    """A random number and its inverse mod n."""
    while True:
        blind = chance.secret(2, n)
        try:
            return blind, common.inverse(blind, n)
        except ValueError:                           # a multiple of p or q: as likely as guessing the key
            continue


def generate(bits=2048, progress=None):
    """A new PrivateKey with exponent 65537.

    :param int bits: of the modulus, even.
    :param progress: called without arguments now and then.
    :raises ConfigError: `bits` is odd or out of range.
    """
    if not MIN_BITS <= bits <= MAX_BITS or bits % 2:
        raise ConfigError('keysize: %r is not an even number from %d to %d' % (bits, MIN_BITS, MAX_BITS))

    from minion import primes            # most starts make no key

    def usable(candidate):
        return candidate % EXPONENT != 1

    p = primes.find(bits // 2, usable, progress)
    # FIPS 186-4 B.3.1: primes that lie close together are found by Fermat's method
    q = primes.find(bits // 2, lambda other: usable(other) and abs(p - other).bit_length() > bits // 2 - 100, progress)
    return PrivateKey.from_primes(max(p, q), min(p, q))
