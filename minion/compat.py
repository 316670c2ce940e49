"""Every difference between Python 2.7 and 3.6+, and between old and new libraries that we rely on.

Nothing else in the project tests a Python version.
"""
from __future__ import absolute_import, division, print_function

import errno
import hmac
import inspect
import os
import sys
import time
from collections import namedtuple

PY2 = sys.version_info[0] == 2

if PY2:
    text_type, binary_type = unicode, str                       # noqa: F821
    string_types, integer_types = (str, unicode), (int, long)   # noqa: F821
    range_ = xrange                                             # noqa: F821
    import Queue as queue                                       # noqa: F401
    from collections import Mapping, MutableMapping             # noqa: F401
    from pipes import quote as shell_quote                      # noqa: F401
    import thread as low_thread                                 # noqa: F401
    import __builtin__ as builtins                              # noqa: F401
else:
    text_type, binary_type = str, bytes
    string_types, integer_types = (str, bytes), (int,)
    range_ = range
    import queue                                                # noqa: F401
    from collections.abc import Mapping, MutableMapping         # noqa: F401
    from shlex import quote as shell_quote                      # noqa: F401
    import _thread as low_thread                                # noqa: F401
    import builtins                                             # noqa: F401

ArgSpec = namedtuple('ArgSpec', 'args varargs keywords defaults')


def to_bytes(value, encoding='utf-8'):
    """Bytes of a text (bytes pass); lone surrogates from the file system come back as the bytes that they were."""
    if isinstance(value, bytes):
        return value
    if PY2:
        return value.encode(encoding)
    try:
        return value.encode(encoding)
    except UnicodeEncodeError:
        return value.encode(encoding, 'surrogateescape')


def to_text(value, encoding='utf-8', errors='strict'):
    """Text of bytes (text passes)."""
    return value if isinstance(value, text_type) else value.decode(encoding, errors)


def to_native(value, encoding='utf-8', errors='replace'):
    """The type that plain '' literals have: bytes on Python 2, text on Python 3."""
    return to_bytes(value, encoding) if PY2 else to_text(value, encoding, errors)


def is_text(value):
    """True for what a user would call text: str on both Pythons and unicode on 2."""
    return isinstance(value, (text_type, str))


def _monotonic():
    if hasattr(time, 'monotonic'):
        return time.monotonic
    start = os.times()[4]                                       # ticks since some fixed point; never set back
    return lambda: os.times()[4] - start


monotonic = _monotonic()


def _slow_compare(left, right):
    """Constant-time comparison for Python 2.7.6 and older, which lack hmac.compare_digest."""
    if len(left) != len(right):
        return False
    difference = 0
    for one, other in zip(bytearray(left), bytearray(right)):
        difference |= one ^ other
    return difference == 0


_compare = getattr(hmac, 'compare_digest', None)


def same_bytes(left, right):
    """Compare two byte strings in time that depends on their length only."""
    return _compare(left, right) if _compare else _slow_compare(left, right)


def getargspec(function):
    """ArgSpec(args, varargs, keywords, defaults) of a function or method, keyword-only arguments among `args`.

    :raises TypeError: for something that has no inspectable signature.
    """
    if PY2:
        return ArgSpec(*inspect.getargspec(function))
    full = inspect.getfullargspec(function)
    args, defaults = list(full.args), full.defaults
    if full.kwonlyargs:
        known = full.kwonlydefaults or {}
        required = [name for name in full.kwonlyargs if name not in known]
        optional = [name for name in full.kwonlyargs if name in known]
        first_default = len(args) - len(defaults or ())
        args[first_default:first_default] = required
        args += optional
        defaults = (defaults or ()) + tuple(known[name] for name in optional)
    return ArgSpec(args, full.varargs, full.varkw, defaults)


def make_dirs(path, mode=0o700):
    """Make a folder and its missing parents with exactly `mode`, whatever the umask; one that exists stays as it is.

    :raises OSError: when it cannot be made, or the path is something other than a folder.
    """
    if os.path.isdir(path):
        return
    parent = os.path.dirname(os.path.abspath(path))
    if parent != path:
        make_dirs(parent, mode)
    try:
        os.mkdir(path, mode)
        os.chmod(path, mode)
    except OSError as exc:
        if exc.errno != errno.EEXIST or not os.path.isdir(path):
            raise


def import_yaml():
    """The module yaml, loaded when first needed.

    On Python 2 compiling PyYAML's printable-character pattern expands a range of a million code points into a list
    whose memory is never given back: 30 MB. An xrange in sre_compile's namespace avoids it (41.9 -> 7.9 MB RSS).
    """
    if PY2 and 'yaml' not in sys.modules:
        import sre_compile
        sre_compile.range = xrange                              # noqa: F821
    import yaml
    return yaml


def raise_in_thread(ident, error):
    """Ask the interpreter to raise `error` (a class) in the thread `ident` as soon as it runs Python code.

    :return bool: False when there is no such thread.
    """
    import ctypes
    ident = ctypes.c_long(ident) if PY2 else ctypes.c_ulong(ident)
    return ctypes.pythonapi.PyThreadState_SetAsyncExc(ident, ctypes.py_object(error)) == 1
