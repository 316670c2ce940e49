"""RSA keys as PEM text: PKCS#1, SubjectPublicKeyInfo and unencrypted PKCS#8 in; PKCS#1 and SubjectPublicKeyInfo out.

The few DER forms are read and written here: no `rsa` version reads PKCS#8 or writes SubjectPublicKeyInfo. Whatever is
wrong with the text ends in KeyFileError. Source of the forms: RFC 8017 appendix A, RFC 5958, docs/protocol.md section 2.
"""
from __future__ import absolute_import, division, print_function

import binascii
import hashlib
import re

from minion import compat, lean
from minion.errors import ConfigError, KeyFileError

common, core, transform = lean.parts('rsa', ('common', 'core', 'transform'))

MAX_BYTES = 1 << 16                      # a PEM file of a 16384 bit key has 13 kB
_BLOCK = re.compile(r'-----BEGIN ([A-Z0-9 ]{1,40})-----([^-]*)-----END \1-----')
_BASE64 = re.compile(r'(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?\Z')

_PUBLIC, _PUBLIC_PKCS1 = 'PUBLIC KEY', 'RSA PUBLIC KEY'
_PRIVATE, _PRIVATE_PKCS1, _LOCKED = 'PRIVATE KEY', 'RSA PRIVATE KEY', 'ENCRYPTED PRIVATE KEY'

_INTEGER, _BIT_STRING, _OCTET_STRING, _NULL, _OID, _SEQUENCE = 0x02, 0x03, 0x04, 0x05, 0x06, 0x30
_RSA_ENCRYPTION = b'\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01'           # 1.2.840.113549.1.1.1


# ---- DER

class _Reader(object):
    """Takes one value after the other out of DER bytes; `name` is the file or key that errors speak of."""

    def __init__(self, data, name):
        self._data, self._at, self._name = data, 0, name

    def take(self, tag):
        """The content of the next value, which must have this tag."""
        head = bytearray(self._data[self._at:self._at + 6])
        if len(head) < 2 or head[0] != tag:
            raise self._damaged()
        start, length = self._at + 2, head[1]
        if length & 0x80:
            width = length & 0x7f
            if not 1 <= width <= 4 or len(head) < 2 + width:
                raise self._damaged()
            start, length = start + width, transform.bytes2int(bytes(head[2:2 + width]))
        self._at = start + length
        if self._at > len(self._data):
            raise self._damaged()
        return self._data[start:self._at]

    def sequence(self):
        """A reader of the next value, a sequence."""
        return _Reader(self.take(_SEQUENCE), self._name)

    def inside(self, tag, skip=b''):
        """A reader of DER wrapped in the next value, after the bytes `skip`."""
        content = self.take(tag)
        if not content.startswith(skip):
            raise self._damaged()
        return _Reader(content[len(skip):], self._name)

    def integer(self):
        """The next value, a whole number that is not negative."""
        content = self.take(_INTEGER)
        if not content or ord(content[:1]) & 0x80:
            raise self._damaged()
        return transform.bytes2int(content)

    def end(self):
        """Refuse what follows the last value."""
        if self._at != len(self._data):
            raise self._damaged()

    def _damaged(self):
        return KeyFileError('%s is damaged: its content is no RSA key' % self._name)


def _value(tag, content):
    size = len(content)
    if size < 0x80:
        head = bytearray([tag, size])
    else:
        length = transform.int2bytes(size)
        head = bytearray([tag, 0x80 | len(length)]) + bytearray(length)
    return bytes(head) + content


def _integer(number):
    content = transform.int2bytes(number) if number else b'\x00'
    return _value(_INTEGER, b'\x00' + content if ord(content[:1]) & 0x80 else content)


# ---- PEM

def clean(text):
    """PEM text without white space around it and with LF line ends; native str.

    :param text: text or bytes.  :raises KeyFileError: it is neither.
    """
    if not isinstance(text, compat.string_types):
        raise KeyFileError('a key in PEM form is text, this is %s' % type(text).__name__)
    try:
        text = compat.to_native(compat.to_text(text), errors='strict')
    except UnicodeError:
        raise KeyFileError('a key in PEM form is plain text, this is not')
    return text.replace('\r\n', '\n').replace('\r', '\n').strip()


def fingerprint(pem, hash_type='sha256'):
    """Hash over the lines between BEGIN and END, as the reference prints it: lower-case hex in pairs, with colons.

    :raises ConfigError: unknown `hash_type`.
    """
    lines = [line for line in clean(pem).split('\n') if line.strip()]
    return text_fingerprint(''.join(line + '\n' for line in lines[1:-1]), hash_type)


def text_fingerprint(text, hash_type='sha256'):
    """Hash over a whole text in the same form.

    salt-key of 3008 masters prints this one: of a minion's key as it was sent, of the master's own file as it is.

    :raises ConfigError: unknown `hash_type`.
    """
    try:
        found = hashlib.new(hash_type, compat.to_bytes(text)).hexdigest()
    except (ValueError, TypeError):                  # unknown, forbidden by the system, or no hash of fixed length
        raise ConfigError('hash_type: %r is not a hash that this Python knows' % (hash_type,))
    return ':'.join(found[at:at + 2] for at in range(0, len(found), 2))


def _wrap(label, der):
    body = compat.to_native(binascii.b2a_base64(der)).rstrip('\n')
    lines = [body[at:at + 64] for at in range(0, len(body), 64)]
    return '\n'.join(['-----BEGIN %s-----' % label] + lines + ['-----END %s-----' % label])


def _unwrap(pem, name, wanted):
    """(label, DER bytes) of the first block in `pem` with one of the `wanted` labels."""
    try:
        text = clean(pem)
    except KeyFileError as exc:
        raise KeyFileError('%s holds no key: %s' % (name, exc))
    if len(text) > MAX_BYTES:
        raise KeyFileError('%s is too long for a key: %d characters' % (name, len(text)))
    blocks = _BLOCK.findall(text)
    for label, body in blocks:
        if label in wanted:
            return label, _decode(body, name)
    raise KeyFileError(_why_not(text, [label for label, _ in blocks], name))


def _why_not(text, labels, name):
    if _LOCKED in labels or 'Proc-Type: 4,ENCRYPTED' in text:
        return ('%s is locked with a passphrase, which a minion cannot use: take it off (openssl rsa -in OLD -out NEW)'
                % name)
    if labels:
        return '%s holds a %s, which is not the kind of key that is needed here' % (name, labels[0].lower())
    if not text:
        return '%s is empty' % name
    return '%s holds no whole key in PEM form (lines BEGIN and END with base64 between them)' % name


def _decode(body, name):
    packed = ''.join(body.split())
    if not _BASE64.match(packed):
        raise KeyFileError('%s is damaged: its lines between BEGIN and END are not base64' % name)
    return binascii.a2b_base64(packed)


# ---- keys

def read_public(pem, name='the key'):
    """(n, e) of a public key in SubjectPublicKeyInfo or PKCS#1 form.

    :param pem: text or bytes; CRLF, blank space around and text before the key do not matter.
    :param str name: what an error calls it.
    :raises KeyFileError: it is no such key.
    """
    label, der = _unwrap(pem, name, (_PUBLIC, _PUBLIC_PKCS1))
    outer = _Reader(der, name)
    key = outer.sequence()
    if label == _PUBLIC:
        _check_algorithm(key, name)
        key = key.inside(_BIT_STRING, b'\x00').sequence()
    outer.end()
    numbers = key.integer(), key.integer()
    key.end()
    return numbers


def _check_algorithm(key, name):
    if key.sequence().take(_OID) != _RSA_ENCRYPTION:
        raise KeyFileError('%s is not an RSA key' % name)


def read_private(pem, name='the key'):
    """[n, e, d, p, q, d mod p-1, d mod q-1, q^-1 mod p] of a private key in PKCS#1 or unencrypted PKCS#8 form.

    :raises KeyFileError: it is no such key, or locked. The numbers are not checked against each other.
    """
    label, der = _unwrap(pem, name, (_PRIVATE_PKCS1, _PRIVATE))
    outer = _Reader(der, name)
    key = outer.sequence()
    outer.end()
    if label == _PRIVATE:
        key.integer()
        _check_algorithm(key, name)
        key = key.inside(_OCTET_STRING).sequence()
    if key.integer() != 0:
        raise KeyFileError('%s is an RSA key of more than two primes, which is not supported' % name)
    numbers = [key.integer() for _ in range(8)]
    key.end()
    return numbers


def write_public(n, e):
    """PEM of a public key as SubjectPublicKeyInfo; native str, LF, no final newline (as masters keep it)."""
    algorithm = _value(_SEQUENCE, _value(_OID, _RSA_ENCRYPTION) + _value(_NULL, b''))
    numbers = _value(_SEQUENCE, _integer(n) + _integer(e))
    return _wrap(_PUBLIC, _value(_SEQUENCE, algorithm + _value(_BIT_STRING, b'\x00' + numbers)))


def write_private(numbers):
    """PEM of a private key as PKCS#1, from the list of `read_private`; native str with a final newline."""
    return _wrap(_PRIVATE_PKCS1, _value(_SEQUENCE, b''.join(_integer(number) for number in [0] + numbers))) + '\n'
