"""Imports done without what they load and an idle minion never uses: OpenSSL (0.8 MB), pickle, tokenize, parts of rsa...

Imported before anything else of the program. What needs OpenSSL's own algorithms calls full_hashlib() first.
"""
from __future__ import absolute_import, division, print_function

import os
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

    def __getattr__(self, name):
        if name == '__path__':                       # what "from it import ..." asks first: not a package
            raise AttributeError(name)
        if sys.modules.get(self.__name__) is self:
            del sys.modules[self.__name__]
        return getattr(__import__(self.__name__), name)


class _Hint(object):
    """Whatever pyzmq asks of the module typing: nothing looks at hints while a program runs."""

    def __call__(self, *args, **named):
        return self

    def __getitem__(self, item):
        return self


class _Generic(object):
    """The base class of what can be subscripted, as zmq.Socket and zmq.Context can."""
    __slots__ = ()

    def __class_getitem__(cls, item):
        return cls


# what is asked of a module while others are imported that do not need it otherwise
ASKED = {'pickle': {'DEFAULT_PROTOCOL': -1, 'HIGHEST_PROTOCOL': -1},                    # by pyzmq
         'platform': {'python_implementation': lambda: 'PyPy' if '__pypy__' in sys.builtin_module_names else 'CPython'},
         'inspect': {'CO_OPTIMIZED': 1, 'CO_NEWLOCALS': 2, 'CO_VARARGS': 4, 'CO_VARKEYWORDS': 8, 'CO_GENERATOR': 32,
                     'CO_COROUTINE': 128, 'CO_ITERABLE_COROUTINE': 256, 'CO_ASYNC_GENERATOR': 512},   # by Cython, of 3.12 on
         'typing': dict(dict.fromkeys(('Any', 'Callable', 'Dict', 'Final', 'Iterable', 'Iterator', 'List', 'Literal',
                                       'Mapping', 'Optional', 'Sequence', 'Set', 'Tuple', 'Type', 'TypeAlias', 'TypeVar',
                                       'Union'), _Hint()),
                        Generic=_Generic, TYPE_CHECKING=False, cast=lambda kind, value: value, overload=lambda function: None)}


# before Python 3.10 pyzmq asks for typing_extensions, which builds on what is in the real one
HINTS = ('typing',) if sys.version_info >= (3, 10) else ()


def without(wanted, *names):
    """Import `wanted`, which loads the modules of these names for functions that are not called here."""
    late = _in_the_place_of(names)
    try:
        __import__(wanted)
    finally:
        _away(late)


def _in_the_place_of(names):
    late = dict((name, _Late(name)) for name in names if name not in sys.modules)
    for name, module in late.items():
        module.__dict__.update(ASKED.get(name, {}))
    sys.modules.update(late)
    return late


def _away(late):
    for name, module in late.items():
        if sys.modules.get(name) is module:
            del sys.modules[name]


def _datetime_in_c():
    """Before Python 3.12 the module datetime makes all of its classes in Python first and then takes those in C."""
    if sys.version_info < (3, 12) and 'datetime' not in sys.modules and _present(('_datetime',)):
        in_c = sys.modules['_datetime']
        if hasattr(in_c, 'datetime_CAPI') and (sys.version_info < (3, 11) or hasattr(in_c, 'UTC')):
            sys.modules['datetime'] = in_c


def import_zmq():
    """Import pyzmq without pickle, platform and typing: 0.9 MB, from Python 3.12 on inspect, too: 1.3 MB."""
    without('zmq', *(('platform', 'random') + (() if sys.version_info[0] == 2 else ('inspect', 'pickle')) + HINTS))


def parts(package, names):
    """Modules of a package that need nothing else of it; its own `__init__`, which may load much, does not run.

    Whoever imports the package afterwards gets all of it.

    :raises ImportError: there is no such package or module.
    """
    folder = None if package in sys.modules else _folder(package)
    if folder is not None:
        sys.modules[package] = _PARTS[package] = types.ModuleType(package)
        sys.modules[package].__path__ = [folder]
    late = _in_the_place_of(HINTS)
    try:
        for name in names:
            __import__('%s.%s' % (package, name))
        return [sys.modules['%s.%s' % (package, name)] for name in names]
    finally:
        _away(late)
        if folder is not None:
            for name in [name for name in sys.modules if name.split('.')[0] == package]:
                del sys.modules[name]


_PARTS = {}                      # {package: all modules of it}: Python 2 empties a module that nobody holds


def _folder(package):
    """Where the package lies as files, None where it does not."""
    for place in sys.path:
        path = os.path.join(place or os.curdir, package)
        if os.path.isfile(os.path.join(path, '__init__.py')):
            return path
    return None


class LatePattern(object):
    """In the place of a compiled pattern, which is made when it is used first; the arguments are those of re.compile()."""

    def __init__(self, pattern, flags=0):
        self._args = pattern, flags

    def __getattr__(self, name):                     # once for each name
        if name.startswith('__'):
            raise AttributeError(name)
        import re
        found = getattr(re.compile(*self._args), name)
        setattr(self, name, found)
        return found


def with_late_patterns(name):
    """Import a module that calls methods of its patterns and does nothing else with them.

    Where other threads run, which might compile patterns meanwhile, it is imported as usual.
    """
    import re
    import threading
    if name in sys.modules or threading.active_count() > 1:
        return __import__(name)
    compiled = re.compile
    re.compile = LatePattern
    try:
        return __import__(name)
    finally:
        re.compile = compiled


def full_hashlib():
    """The module hashlib with all algorithms of OpenSSL, which are quicker for large data, too."""
    import hashlib
    if '_hashlib' not in sys.modules and sys.version_info[0] > 2 and _present(('_hashlib',)):
        import importlib
        importlib.reload(hashlib)
    return hashlib


def _drop_build_settings():
    """What it was built with, 0.2 MB: Python 2 loads it to find a user's own site-packages. It comes back when asked for."""
    if '_sysconfigdata' in sys.modules and hasattr(sys.modules.get('sysconfig'), '_CONFIG_VARS'):
        del sys.modules['_sysconfigdata']
        sys.modules['sysconfig']._CONFIG_VARS = None


def _renew_table_of_names():
    """Have Python 2 make its table of all names anew while there are few: it gets four slots for each name that lives.

    It would be made anew when 5461 of its 8192 slots were used, by then all of them for names that stay: 32768 slots, 0.75 MB.
    Slots of names that came and went count as used, but get none in the new one: 16384 slots, which the 8000 names of an
    idle minion do not fill. At another number of names, as on other builds of Python, this does no harm and no good.
    """
    for number in range(3500):
        intern(str(number))                          # noqa: F821  of Python 2


if sys.version_info[0] == 2:
    _renew_table_of_names()
    _drop_build_settings()
    _hiding('_ssl', ('socket',))                     # for its obsolete socket.ssl; the module ssl imports _ssl by itself
else:
    if all(_present(names) for names in BUILTIN):
        _hiding('_hashlib', ('hashlib', 'hmac'))
    without('traceback', 'tokenize', 'textwrap')     # which need them to show source code, and groups of exceptions
    without('socket', 'selectors')                   # for its sendfile()
    _datetime_in_c()
