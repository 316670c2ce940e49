"""AES in CBC mode from whichever library there is: Cryptodome, else Crypto, else OpenSSL's libcrypto by ctypes.

The choice is made once, at import, and never fails there: without any library the first use raises ConfigError.
The environment variable MINION_AES_PROVIDER (a name of PROVIDERS) forces one.
"""
from __future__ import absolute_import, division, print_function

import importlib
import os
import sys
import threading
import types

from minion.errors import ConfigError
from minion.record import record

Provider = record('Provider', 'name encrypt decrypt')            # both: key -> a function for one thread, see Cbc
BLOCK = 16
_ANY_IV = b'\0' * BLOCK          # a chain goes on from message to message; the first block of each is made for that


def _import_small(name):
    """Import `name` without what it can do without, unless that is loaded already.

    cffi is hidden: the AES module then uses ctypes, 0.7-3.5 MB less. ctypes.util is replaced by a shell: only its name is
    imported there, and the module itself loads tempfile, shutil and subprocess, 0.5-1 MB. So is platform: its architecture(),
    which tells that this is not Windows, would run the program `file`.
    """
    shell, system = types.ModuleType('ctypes.util'), types.ModuleType('platform')
    shell.find_library, system.architecture = lambda library: None, lambda: ('', 'ELF')
    hidden = dict((key, value) for key, value in (('cffi', None), ('ctypes.util', shell)) if key not in sys.modules)
    before = sys.modules.get('platform')
    sys.modules.update(hidden, platform=system)                 # None: what the import system takes for "does not exist"
    try:
        return importlib.import_module(name)
    finally:
        for key in list(hidden) + ['platform']:
            del sys.modules[key]
        if before is not None:
            sys.modules['platform'] = before


def _from_package(package):
    """Provider over PyCryptodome's or PyCrypto's module `<package>.Cipher.AES`.

    :raises ImportError: it is not there or does not load.
    """
    module = _import_small(package + '.Cipher.AES')
    return Provider(package, lambda key: module.new(key, module.MODE_CBC, _ANY_IV).encrypt,
                    lambda key: module.new(key, module.MODE_CBC, _ANY_IV).decrypt)


def _from_libcrypto(package):
    """Provider over OpenSSL's library.

    :raises ImportError: there is none, or it lacks what we call.
    """
    from minion import libcrypto
    library = libcrypto.load()

    def each(encrypt):
        return lambda key: lambda data: data[:BLOCK] + libcrypto.crypt_cbc(library, key, data[:BLOCK], data[BLOCK:], encrypt)
    return Provider(package, each(1), each(0))


PROVIDERS = (('Cryptodome', _from_package), ('Crypto', _from_package), ('libcrypto', _from_libcrypto))


def provider(wanted=''):
    """The first provider that loads, or the one that is called `wanted`; one whose name is 'none' if there is none."""
    for name, make in PROVIDERS:
        if wanted in ('', name):
            try:
                return make(name)
            except (ImportError, OSError, AttributeError):      # absent, or broken: the next one may serve
                continue
    return Provider('none', _no_provider, _no_provider)


def _no_provider(key):
    raise ConfigError('no AES found (tried %s): install pycryptodomex or OpenSSL\'s libcrypto%s' % (
        ', '.join(name for name, _ in PROVIDERS),
        '; MINION_AES_PROVIDER=%s' % _FORCED if _FORCED else ''))


_FORCED = os.environ.get('MINION_AES_PROVIDER', '')
_CHOSEN = provider(_FORCED)


def provider_name():
    """'Cryptodome', 'Crypto', 'libcrypto' or 'none'."""
    return _CHOSEN.name


class Cbc(object):
    """AES-CBC under one key, for many messages; any thread. Padding is the caller's.

    Each thread has objects of the library of its own that go on from message to message: making them takes four times as
    long as a message of some hundred bytes, and gives the interpreter away at each of several calls. So every message
    begins with one block more: going in it is random, what comes out is as random and is the IV of what follows; coming
    back it is the IV, and what comes out of it is dropped.

    :param bytes key: 16, 24 or 32 bytes.
    """

    def __init__(self, key):
        if len(key) not in (16, 24, 32):
            raise ValueError('AES with a key of %d bytes' % len(key))
        self._key, self._own = key, threading.local()

    def encrypt(self, data):
        """A fresh IV and the ciphertext of `data`.

        :raises ValueError: no whole blocks.  :raises ConfigError: no AES library.
        """
        _check(data, 0)
        try:
            chain = self._own.encrypt
        except AttributeError:
            chain = self._own.encrypt = _CHOSEN.encrypt(self._key)
        return chain(os.urandom(BLOCK) + data)

    def decrypt(self, body):
        """The plaintext of IV and ciphertext, padding included; errors as `encrypt`."""
        _check(body, BLOCK)
        try:
            chain = self._own.decrypt
        except AttributeError:
            chain = self._own.decrypt = _CHOSEN.decrypt(self._key)
        return chain(body)[BLOCK:]


def _check(data, least):
    if len(data) < least or len(data) % BLOCK:
        raise ValueError('AES-CBC of %d bytes' % len(data))
