"""The symmetric envelope: AES-192-CBC and HMAC-SHA256 around msgpack, checked before it is decrypted.

Form: IV (16) + ciphertext + HMAC (32) over both. Source: docs/protocol.md section 4 and tests/data/vectors.
"""
from __future__ import absolute_import, division, print_function

import binascii
import hashlib
import hmac
import os

from minion import aes, compat, payload
from minion.errors import BadPayload, CrypticleError

AES_BYTES, HMAC_BYTES, BLOCK = 24, 32, aes.BLOCK
KEY_CHARACTERS = 76                      # base64 of both keys
PREFIX = b'pickle::'                     # a name kept from old times; what follows is msgpack
_PADS = [b''] + [bytes(bytearray([size]) * size) for size in range(1, BLOCK + 1)]


def new_key():
    """A fresh random key string: 76 characters, native str."""
    return compat.to_native(binascii.b2a_base64(os.urandom(AES_BYTES + HMAC_BYTES)).strip())


class Crypticle(object):
    """Encrypts and decrypts under one key string. Threads may share it."""

    def __init__(self, key_string):
        """:param key_string: base64 text or bytes of 56 bytes.  :raises CrypticleError: `key`, it is not that."""
        text = compat.to_bytes(key_string).strip()
        try:
            keys = binascii.a2b_base64(text)
        except (TypeError, ValueError, binascii.Error):
            raise CrypticleError('key')
        if len(text) != KEY_CHARACTERS or len(keys) != AES_BYTES + HMAC_BYTES:
            raise CrypticleError('key')
        self._aes = aes.Cbc(keys[:AES_BYTES])
        self._keyed = hmac.new(keys[AES_BYTES:], digestmod=hashlib.sha256)       # copied for each message

    def dumps(self, obj, nonce=None):
        """Encrypted bytes of an object.

        :param nonce: 32 ASCII characters or bytes, put before the object (only replies of a master have one).
        :raises BadPayload: the object cannot be packed.
        """
        return self.seal(PREFIX + compat.to_bytes(nonce or b'') + payload.pack(obj))

    def loads(self, blob, nonce=None):
        """The object inside, with bytes for every string (see payload.unpack).

        :param nonce: what we asked with; the plaintext must start with it.
        :raises CrypticleError: with the reason; the HMAC is compared before anything is decrypted.
        """
        plain = self.open(blob)
        start = len(PREFIX)
        if plain[:start] != PREFIX:
            raise CrypticleError('prefix')
        if nonce:
            nonce = compat.to_bytes(nonce)
            if not compat.same_bytes(plain[start:start + len(nonce)], nonce):
                raise CrypticleError('nonce')
            start += len(nonce)
        try:
            return payload.unpack(plain[start:])
        except BadPayload:
            raise CrypticleError('payload')

    def seal(self, plain):
        """IV, ciphertext and HMAC of plain bytes, as they are."""
        body = self._aes.encrypt(plain + _PADS[BLOCK - len(plain) % BLOCK])
        return body + self._mac(body)

    def open(self, blob):
        """Plain bytes of what `seal` made.

        :raises CrypticleError: `length`, `hmac` or `padding`.
        """
        if not isinstance(blob, bytes) or len(blob) < 2 * BLOCK + HMAC_BYTES or len(blob) % BLOCK:
            raise CrypticleError('length')
        body = blob[:-HMAC_BYTES]
        if not compat.same_bytes(self._mac(body), blob[-HMAC_BYTES:]):
            raise CrypticleError('hmac')
        plain = self._aes.decrypt(body)
        size = ord(plain[-1:])
        if not 1 <= size <= BLOCK or plain[-size:] != _PADS[size]:
            raise CrypticleError('padding')
        return plain[:-size]

    def _mac(self, body):
        made = self._keyed.copy()
        made.update(body)
        return made.digest()
