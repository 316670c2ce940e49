"""Imports of the standard library that would load OpenSSL, done without it: 0.8 MB that an idle minion keeps for life.

Imported before anything else of the program. What needs OpenSSL's own algorithms calls full_hashlib() first.
"""
from __future__ import absolute_import, division, print_function

import sys
import types

# hashlib's own algorithms in C, by the name of their module: some distributions build Python without them
BUILTIN = (('_sha1',), ('_md5',), ('_sha256', '_sha2'), ('_sha512', '_sha2'), ('_sha3',), ('_blake2',))


def _present(names):
    for name in names:
        try:
            __import__(name)
        except ImportError:
            continue
        return True
    return False


def _hiding(hidden, wanted):
    """Import `wanted` while the module `hidden` seems not to exist, unless one of them is loaded already."""
    if hidden in sys.modules or wanted[0] in sys.modules:
        return
    sys.modules[hidden] = None                       # what the import system takes for "does not exist"
    try:
        for name in wanted:
            __import__(name)
    finally:
        del sys.modules[hidden]


class _Late(types.ModuleType):
    """In the place of a module that is imported by name and used by nobody here; whoever uses it gets the real one."""
    DEFAULT_PROTOCOL = HIGHEST_PROTOCOL = -1         # all that pyzmq asks pickle for while it is imported

    def __getattr__(self, name):
        if sys.modules.get(self.__name__) is self:
            del sys.modules[self.__name__]
        return getattr(__import__(self.__name__), name)


def without_pickle(wanted):
    """Import `wanted`, which loads pickle, 0.3 MB, for functions that are not called here."""
    if sys.version_info[0] == 2 or 'pickle' in sys.modules:
        __import__(wanted)
        return
    late = sys.modules['pickle'] = _Late('pickle')
    try:
        __import__(wanted)
    finally:
        if sys.modules.get('pickle') is late:
            del sys.modules['pickle']


def full_hashlib():
    """The module hashlib with all algorithms of OpenSSL, which are quicker for large data, too."""
    import hashlib
    if '_hashlib' not in sys.modules and sys.version_info[0] > 2 and _present(('_hashlib',)):
        import importlib
        importlib.reload(hashlib)
    return hashlib


if sys.version_info[0] == 2:
    _hiding('_ssl', ('socket',))                     # for its obsolete socket.ssl; the module ssl imports _ssl by itself
elif all(_present(names) for names in BUILTIN):
    _hiding('_hashlib', ('hashlib', 'hmac'))
