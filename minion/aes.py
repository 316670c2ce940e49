"""AES in CBC mode from whichever library there is: Cryptodome, else Crypto, else OpenSSL's libcrypto by ctypes.

The choice is made once, at import, and never fails there: without any library the first use raises ConfigError.
The environment variable MINION_AES_PROVIDER (a name of PROVIDERS) forces one.
"""
from __future__ import absolute_import, division, print_function

import importlib
import os
import sys
import types

from minion.errors import ConfigError
from minion.record import record

Provider = record('Provider', 'name encrypt decrypt')       # both: (key, iv, data) -> bytes
BLOCK = 16


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
    return Provider(package, lambda key, iv, data: module.new(key, module.MODE_CBC, iv).encrypt(data),
                    lambda key, iv, data: module.new(key, module.MODE_CBC, iv).decrypt(data))


def _from_libcrypto(package):
    """Provider over OpenSSL's library.

    :raises ImportError: there is none, or it lacks what we call.
    """
    from minion import libcrypto
    library = libcrypto.load()
    return Provider(package, lambda key, iv, data: libcrypto.crypt_cbc(library, key, iv, data, 1),
                    lambda key, iv, data: libcrypto.crypt_cbc(library, key, iv, data, 0))


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


def _no_provider(key, iv, data):
    raise ConfigError('no AES found (tried %s): install pycryptodomex or OpenSSL\'s libcrypto%s' % (
        ', '.join(name for name, _ in PROVIDERS),
        '; MINION_AES_PROVIDER=%s' % _FORCED if _FORCED else ''))


_FORCED = os.environ.get('MINION_AES_PROVIDER', '')
_CHOSEN = provider(_FORCED)


def provider_name():
    """'Cryptodome', 'Crypto', 'libcrypto' or 'none'."""
    return _CHOSEN.name


def encrypt_cbc(key, iv, data):
    """Ciphertext of `data`; padding is the caller's.

    :param bytes key: 16, 24 or 32 bytes.  :param bytes iv: 16 bytes.  :param bytes data: a multiple of 16 bytes.
    :raises ValueError: for other lengths.  :raises ConfigError: no AES library.
    """
    _check(key, iv, data)
    return _CHOSEN.encrypt(key, iv, data)


def decrypt_cbc(key, iv, data):
    """Plaintext of `data`, padding included; parameters and errors as `encrypt_cbc`."""
    _check(key, iv, data)
    return _CHOSEN.decrypt(key, iv, data)


def _check(key, iv, data):
    if len(key) not in (16, 24, 32) or len(iv) != BLOCK or len(data) % BLOCK:
        raise ValueError('AES-CBC with %d bytes of key, %d of iv, %d of data' % (len(key), len(iv), len(data)))
