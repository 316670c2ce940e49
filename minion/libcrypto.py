"""AES-CBC from OpenSSL's libcrypto through ctypes: the provider of hosts without a compiled Python package."""
from __future__ import absolute_import, division, print_function

import ctypes
import ctypes.util

# Tried before find_library, which runs ldconfig and a compiler. .so.10 is RHEL 6 and 7.
NAMES = ('libcrypto.so.3', 'libcrypto.so.1.1', 'libcrypto.so.10', 'libcrypto.so.1.0.2', 'libcrypto.so.1.0.0',
         'libcrypto.so')

_POINTER, _BYTES, _INT = ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int
_PROTOTYPES = {
    'EVP_CIPHER_CTX_new': (_POINTER, ()),
    'EVP_CIPHER_CTX_free': (None, (_POINTER,)),
    'EVP_CIPHER_CTX_set_padding': (_INT, (_POINTER, _INT)),
    'EVP_CipherInit_ex': (_INT, (_POINTER, _POINTER, _POINTER, _BYTES, _BYTES, _INT)),
    'EVP_CipherUpdate': (_INT, (_POINTER, _BYTES, ctypes.POINTER(_INT), _BYTES, _INT)),
    'EVP_aes_128_cbc': (_POINTER, ()), 'EVP_aes_192_cbc': (_POINTER, ()), 'EVP_aes_256_cbc': (_POINTER, ()),
}


def load():
    """The library with its prototypes set.

    :raises ImportError: none is found.  :raises AttributeError: it lacks a function.
    """
    for name in NAMES:
        try:
            return _prepare(ctypes.CDLL(name))
        except OSError:                                         # not under this name
            continue
    name = ctypes.util.find_library('crypto')
    if not name:
        raise ImportError('no libcrypto')
    return _prepare(ctypes.CDLL(name))


def _prepare(library):
    for name, (result, arguments) in _PROTOTYPES.items():
        function = getattr(library, name)
        function.restype, function.argtypes = result, arguments
    return library


def crypt_cbc(library, key, iv, data, encrypt):
    """AES-CBC without padding over whole blocks; `encrypt` is 1 or 0. A context per call, so any thread may call.

    :raises RuntimeError: OpenSSL refuses.
    """
    cipher = getattr(library, 'EVP_aes_%d_cbc' % (len(key) * 8))()
    context = library.EVP_CIPHER_CTX_new()
    if not context:
        raise RuntimeError('libcrypto: no memory for a cipher context')
    try:
        done = ctypes.c_int(0)
        target = ctypes.create_string_buffer(len(data) + 32)
        good = (library.EVP_CipherInit_ex(context, cipher, None, key, iv, encrypt) == 1
                and library.EVP_CIPHER_CTX_set_padding(context, 0) == 1
                and library.EVP_CipherUpdate(context, target, ctypes.byref(done), data, len(data)) == 1)
        if not good or done.value != len(data):
            raise RuntimeError('libcrypto: AES-CBC failed')
        return target.raw[:len(data)]
    finally:
        library.EVP_CIPHER_CTX_free(context)
