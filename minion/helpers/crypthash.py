"""Hashes of passwords as crypt(3) makes them, by the library of this host or, without one, by openssl."""
from __future__ import absolute_import, division, print_function

import os

from minion import compat
from minion.errors import CommandExecutionError, SaltInvocationError
from minion.helpers import command, environment

PREFIXES = (('sha512', '$6$'), ('sha256', '$5$'), ('blowfish', '$2b$12$'), ('md5', '$1$'), ('crypt', ''))
NAMES = [name for name, _ in PREFIXES]
_SALT_LENGTHS = {'sha512': 16, 'sha256': 16, 'blowfish': 22, 'md5': 8, 'crypt': 2}
_ALPHABET = './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
_LIBRARIES = ('libcrypt.so.1', 'libcrypt.so.2', 'libcrypt.so', None)      # None: what is in this process, as with musl
_OPENSSL = {'sha512': '-6', 'sha256': '-5', 'md5': '-1'}


def make(password, salt=None, algorithm='sha512'):
    """The hash of a password, as it stands in the shadow file.

    :param str password: None: one at random, that nobody knows.
    :param str salt: characters of `./0-9A-Za-z`, without the prefix of the algorithm; None: at random.
    :raises SaltInvocationError: an unknown algorithm.  :raises TypeError: the password is no text.
    :raises CommandExecutionError: this host cannot make such a hash.
    """
    algorithm = 'sha512' if algorithm is None else algorithm
    password = random_salt(20) if password is None else password
    if algorithm not in NAMES:
        raise SaltInvocationError("Cannot hash using '%s' hash algorithm. Natively supported algorithms are: %s. If passlib "
                                  'is installed (False), the supported algorithms are: %s.' % (algorithm, NAMES, NAMES))
    if not compat.is_text(password):
        raise TypeError('crypt() argument 1 must be str, not %s' % type(password).__name__)
    salt = random_salt(_SALT_LENGTHS[algorithm]) if salt is None else compat.to_native(compat.shown(salt))
    password = compat.to_bytes(password)
    if b'\0' in password or '\0' in salt:
        raise SaltInvocationError('a password or its salt cannot hold a NUL')
    hashed = _by_library(password, compat.to_bytes(dict(PREFIXES)[algorithm] + salt))
    if hashed is None:
        hashed = _by_openssl(password, salt, algorithm)
    return hashed


def random_salt(length):
    """Random characters that every algorithm takes as salt."""
    return ''.join(_ALPHABET[number & 63] for number in bytearray(os.urandom(length)))


def _by_library(password, setting):
    """None when there is no library with crypt(3). Its result lies in one place for all: hence PyDLL, which keeps the GIL."""
    try:
        import ctypes
    except ImportError:                          # a Python that was built without libffi
        return None
    for name in _LIBRARIES:
        try:
            crypt = ctypes.PyDLL(name).crypt
        except (OSError, AttributeError):
            continue
        crypt.restype, crypt.argtypes = ctypes.c_char_p, (ctypes.c_char_p, ctypes.c_char_p)
        hashed = crypt(password, setting)
        if hashed is None:
            raise CommandExecutionError('crypt(3) of this host does not make hashes that begin with %s'
                                        % compat.to_native(setting[:3]))
        return compat.to_native(hashed)
    return None


def _by_openssl(password, salt, algorithm):
    openssl, option = environment.which('openssl'), _OPENSSL.get(algorithm)
    if openssl is None or option is None or b'\n' in password:
        raise CommandExecutionError('Neither a library with crypt(3) nor an openssl that can make this %s hash is there'
                                    % algorithm)
    result = command.run([openssl, 'passwd', option, '-salt', salt, '-stdin'], stdin=password + b'\n', timeout=10.0)
    if result.retcode:
        raise CommandExecutionError('openssl passwd failed: %s' % compat.to_native(result.stderr).strip())
    return compat.to_native(result.stdout).strip()
