"""Random numbers, texts and choices, and hashes of passwords (random.*)."""
from __future__ import absolute_import, division, print_function

import base64
import hashlib
import re
import string

from minion import compat
from minion.errors import CommandExecutionError, SaltException, SaltInvocationError
from minion.helpers import chance, crypthash

__virtualname__ = 'random'

_NO_BUFFER = 'object supporting the buffer API required'


def __virtual__():
    return __virtualname__


def hash(value, algorithm='sha512'):
    """The checksum of a text. CLI: random.hash 'I am a string' md5"""
    if not isinstance(value, compat.string_types):
        raise TypeError(_NO_BUFFER)
    maker = getattr(hashlib, algorithm, None) if compat.is_text(algorithm) and algorithm in _algorithms() else None
    if maker is None:
        raise SaltException('You must specify a valid algorithm.')
    return maker(compat.to_bytes(value)).hexdigest()


def _algorithms():
    known = getattr(hashlib, 'algorithms_guaranteed', None)
    return known or ('md5', 'sha1', 'sha224', 'sha256', 'sha384', 'sha512')


def str_encode(value, encoder='base64'):
    """A text in another form, which is base64. CLI: random.str_encode 'I am a new string' base64"""
    if encoder != 'base64' or not isinstance(value, compat.string_types):
        raise SaltInvocationError('Value must be an encode-able string')
    return compat.to_native(base64.b64encode(compat.to_bytes(value)))


def get_str(length=20, chars=None, lowercase=True, uppercase=True, digits=True, punctuation=True, whitespace=False,
            printable=False):
    """A random text of the given kinds of characters, or of those in `chars`. CLI: random.get_str 32"""
    try:
        length = int(length)
    except (TypeError, ValueError) as exc:
        raise CommandExecutionError(compat.error_text(exc))
    kinds = ((lowercase, string.ascii_lowercase), (uppercase, string.ascii_uppercase), (digits, string.digits),
             (punctuation, string.punctuation), (whitespace, string.whitespace), (printable, string.printable))
    letters = chars or ''.join(sorted(set(''.join(some for wanted, some in kinds if wanted))))
    if not letters:
        raise CommandExecutionError('unterminated character set at position 0')
    generator = chance.source()
    return ''.join(letters[chance.below(generator, len(letters))] for _ in range(length))


def shadow_hash(crypt_salt=None, password=None, algorithm='sha512'):
    """A hash of a password for the shadow file; without a password of a random one.

    algorithm: sha512, sha256, blowfish, md5 or crypt. CLI: random.shadow_hash 'My5alT' 'MyP@asswd' md5
    """
    password = get_str(20, re.sub(r'\W', '', string.printable)) if password is None else password
    return crypthash.make(password, crypt_salt, algorithm)


def rand_int(start=1, end=10, seed=None):
    """A random number from `start` to `end`; the same for the same seed. CLI: random.rand_int 1 10"""
    if isinstance(end, compat.string_types):
        raise TypeError('can only concatenate str (not "int") to str')
    if end < start:
        raise ValueError('empty range for randrange() (%d, %d, %d)' % (start, end + 1, end + 1 - start))
    return start + chance.below(chance.source(seed), end - start + 1)


def seed(range=10, hash=None):
    """A number below `range` that is always the same for this minion, or for the text `hash`. CLI: random.seed 10"""
    return chance.below(chance.source(__grains__['id'] if hash is None else hash), int(range))


def _seeded(seed):
    return chance.source(None if seed is None else hash(seed))


def sample(value, size, seed=None):
    """`size` items of a list, in random order; the same for the same seed. CLI: random.sample '["one", "two"]' 1"""
    generator = _seeded(seed)
    if not isinstance(value, (list, tuple) + compat.string_types):
        raise TypeError('Population must be a sequence.  For dicts or sets, use sorted(d).')
    if not isinstance(size, compat.integer_types):
        raise TypeError("'<=' not supported between instances of 'int' and '%s'" % type(size).__name__)
    return chance.sample(generator, value, size)


def shuffle(value, seed=None):
    """The items of a list in random order; the same for the same seed. CLI: random.shuffle '["one", "two"]'"""
    if not hasattr(value, '__len__'):
        raise TypeError("object of type '%s' has no len()" % type(value).__name__)
    return sample(value, len(value), seed)
