"""Every difference between Python 2.7 and 3.6+, and between old and new libraries that we rely on.

Nothing else in the project tests a Python version, but minion.lean, which comes before all imports, and minion.spawning.
"""
from __future__ import absolute_import, division, print_function

import codecs
import errno
import hmac
import os
import re
import signal
import struct
import sys
import time
import traceback
import types
from collections import OrderedDict

from minion import lean
from minion.record import record

PY2 = sys.version_info[0] == 2

if PY2:
    text_type, binary_type = unicode, str                       # noqa: F821
    string_types, integer_types = (str, unicode), (int, long)   # noqa: F821
    range_ = xrange                                             # noqa: F821
    from collections import Mapping, MutableMapping             # noqa: F401
    import thread as low_thread                                 # noqa: F401
    import __builtin__ as builtins                              # noqa: F401
else:
    text_type, binary_type = str, bytes
    string_types, integer_types = (str, bytes), (int,)
    range_ = range
    from collections.abc import Mapping, MutableMapping         # noqa: F401
    import _thread as low_thread                                # noqa: F401
    import builtins                                             # noqa: F401

# How text is encoded for the wire: on Python 3 names from the file system carry undecodable bytes as lone surrogates.
SURROGATES = 'strict' if PY2 else 'surrogateescape'

Ordered = OrderedDict if sys.version_info < (3, 6) else dict       # a mapping that keeps its order
ArgSpec = record('ArgSpec', 'args varargs keywords defaults')


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


def forms(key):
    """The key of a mapping in the types in which a text may be one: on Python 2 also the other of bytes and unicode."""
    if PY2 and isinstance(key, string_types):
        return (key, to_text(key, errors='replace') if isinstance(key, bytes) else to_bytes(key))
    return (key,)


def in_order(mapping):
    """List of the keys of a mapping, in their order; by name where it has none: a `dict` of Python 2."""
    return sorted(mapping, key=shown) if PY2 and type(mapping) is dict else list(mapping)


def shown(value):
    """The text that str() of Python 3 makes of a value: 1.5 -> '1.5', ['a'] -> "['a']"; text of Python 2 passes."""
    if not PY2:
        return str(value)
    return to_text(value, errors='replace') if isinstance(value, string_types) else _shown_inside(value)


def _shown_inside(value):
    """repr() as Python 3 writes it, for the types that come out of YAML and msgpack; Python 2 only."""
    if isinstance(value, string_types):
        value = to_text(value, errors='replace')
        quote = u'"' if u"'" in value and u'"' not in value else u"'"
        for plain, escaped in (u'\\\\', u'\nn', u'\rr', u'\tt', quote * 2):
            value = value.replace(plain, u'\\' + escaped)
        return quote + value + quote
    if isinstance(value, list):
        return u'[%s]' % u', '.join(_shown_inside(item) for item in value)
    if isinstance(value, tuple):
        return u'(%s%s)' % (u', '.join(_shown_inside(item) for item in value), u',' if len(value) == 1 else u'')
    if isinstance(value, Mapping):
        return u'{%s}' % u', '.join(_shown_inside(key) + u': ' + _shown_inside(value[key]) for key in value)
    return to_text(str(value) if isinstance(value, integer_types) else repr(value), errors='replace')


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


def pbkdf2_sha256(password, salt, rounds):
    """The first 32 bytes of PBKDF2 with HMAC-SHA-256 (RFC 8018 section 5.2); hashlib has it since Python 2.7.8."""
    import binascii
    import hashlib
    if hasattr(hashlib, 'pbkdf2_hmac'):
        return hashlib.pbkdf2_hmac('sha256', password, salt, rounds)
    keyed, block, total = hmac.new(password, None, hashlib.sha256), salt + b'\0\0\0\1', 0
    for _ in range(rounds):
        fresh = keyed.copy()                                    # the key is worked in once only
        fresh.update(block)
        block = fresh.digest()
        total ^= int(binascii.hexlify(block), 16)
    return binascii.unhexlify('%064x' % total)


def getargspec(function):
    """ArgSpec(args, varargs, keywords, defaults) of a function or method, keyword-only arguments among `args`.

    :raises TypeError: for something that has no inspectable signature.
    """
    if hasattr(function, '__argspec__'):                        # of helpers/keywords.py
        return function.__argspec__
    plain = getattr(function, '__func__', function)
    if not is_function(plain) or hasattr(plain, '__signature__') or plain.__code__.co_varnames[:1] == ('.0',):
        return _inspected(function)
    code, names = plain.__code__, plain.__code__.co_varnames
    only = code.co_argcount + getattr(code, 'co_kwonlyargcount', 0)
    rest = list(names[only:])
    varargs = rest.pop(0) if code.co_flags & 4 else None        # flags as the module inspect names them
    keywords = rest.pop(0) if code.co_flags & 8 else None
    return _with_keyword_only(ArgSpec(list(names[:code.co_argcount]), varargs, keywords, plain.__defaults__),
                              names[code.co_argcount:only], getattr(plain, '__kwdefaults__', None) or {})


def _inspected(function):
    """The same by the module inspect (1 MB), for what is no plain function: classes, partial objects, builtins."""
    import inspect
    if PY2:
        return ArgSpec(*inspect.getargspec(function))
    full = inspect.getfullargspec(function)
    return _with_keyword_only(ArgSpec(list(full.args), full.varargs, full.varkw, full.defaults), full.kwonlyargs,
                              full.kwonlydefaults or {})


def _with_keyword_only(spec, names, known):
    required, optional = [name for name in names if name not in known], [name for name in names if name in known]
    if not names:
        return spec
    args, first_default = list(spec.args), len(spec.args) - len(spec.defaults or ())
    args[first_default:first_default] = required
    return spec._replace(args=args + optional,
                         defaults=(spec.defaults or ()) + tuple(known[name] for name in optional))


def is_function(value):
    """True for a function that is written in Python."""
    return isinstance(value, types.FunctionType)


def is_class(value):
    """True for a class of either kind."""
    return isinstance(value, (type, types.ClassType) if PY2 else type)


def make_dirs(path, mode=0o700, owner=None):
    """Make a folder and its missing parents with exactly `mode`, whatever the umask; one that exists stays as it is.

    :param tuple owner: (uid, gid) for each folder that is made; None: this process.
    :raises OSError: when it cannot be made, or the path is something other than a folder.
    """
    if os.path.isdir(path):
        return
    parent = os.path.dirname(os.path.abspath(path))
    if parent != path:
        make_dirs(parent, mode, owner)
    try:
        os.mkdir(path, mode)
        os.chmod(path, mode)
        if owner is not None:
            os.chown(path, owner[0], owner[1])
    except OSError as exc:
        if exc.errno != errno.EEXIST or not os.path.isdir(path):
            raise


def import_yaml():
    """The module yaml, loaded when first needed; its safe_dump takes what SLS files say, which is in OrderedDicts.

    Its patterns are made when they are used, which saves 6 ms of a start; a short file needs one or two.

    On Python 2 compiling PyYAML's printable-character pattern expands a range of a million code points into a list
    whose memory is never given back: 30 MB. An xrange in sre_compile's namespace avoids it (41.9 -> 7.9 MB RSS).
    """
    if PY2 and 'yaml' not in sys.modules:
        import sre_compile
        sre_compile.range = xrange                              # noqa: F821
    yaml = lean.with_late_patterns('yaml')
    if OrderedDict not in yaml.SafeDumper.yaml_representers:
        yaml.SafeDumper.add_representer(OrderedDict, yaml.SafeDumper.represent_dict)
    return yaml


def import_queue():
    """The module queue."""
    if PY2:
        import Queue
        return Queue
    import queue
    return queue


def import_urllib():
    """(module with urlopen and handlers, module with URLError, module with urlparse), loaded when first needed."""
    if PY2:
        import urllib2
        import urlparse
        return urllib2, urllib2, urlparse
    import urllib.error
    import urllib.parse
    import urllib.request
    return urllib.request, urllib.error, urllib.parse


def import_unquote():
    """The function that takes `%41` and its like out of a part of an address."""
    if PY2:
        from urllib import unquote
        return unquote
    from urllib.parse import unquote
    return unquote


def import_urlencode():
    """The function that makes `a=1&b=x+y` of a mapping or of pairs."""
    if PY2:
        from urllib import urlencode
        return urlencode
    from urllib.parse import urlencode
    return urlencode


def http_error():
    """The base of what reading an HTTP answer raises."""
    if PY2:
        import httplib
        return httplib.HTTPException
    import http.client
    return http.client.HTTPException


def raise_in_thread(ident, error):
    """Ask the interpreter to raise `error` (a class) in the thread `ident` as soon as it runs Python code.

    :return bool: False when there is no such thread.
    """
    import ctypes
    ident = ctypes.c_long(ident) if PY2 else ctypes.c_ulong(ident)
    return ctypes.pythonapi.PyThreadState_SetAsyncExc(ident, ctypes.py_object(error)) == 1


def native_tree(value):
    """A tree of lists and mappings with every text in it as `str`: UTF-8 bytes on Python 2, unchanged on Python 3.

    Execution modules written for Python 2 join, compare and pass on `str`; unicode breaks them at the first umlaut.
    """
    if not PY2:
        return value
    if isinstance(value, text_type):
        return value.encode('utf-8')
    if isinstance(value, dict):
        return dict((native_tree(key), native_tree(item)) for key, item in value.items())
    if isinstance(value, list):
        return [native_tree(item) for item in value]
    return value


def installed_code(name, path):
    """The code object of a Python file that was installed with us, from its cached bytecode where that is fresh.

    :raises SyntaxError, OSError, IOError: as compiling or reading it does.
    """
    if not PY2:
        from importlib.machinery import SourceFileLoader
        return SourceFileLoader(name, path).get_code(name)
    import imp
    import marshal
    try:
        with open(path + 'c', 'rb') as stream:
            head, body = stream.read(8), stream.read()
        stamp = int(os.stat(path).st_mtime) & 0xffffffff
        if head == imp.get_magic() + struct.pack('<I', stamp):
            return marshal.loads(body)
    except (IOError, OSError, EOFError, ValueError, TypeError):  # none, cut short or foreign: the source decides
        pass
    with open(path, 'rb') as stream:
        return compile(stream.read(), path, 'exec', dont_inherit=True)


def forget_package(package, folder):
    """Have the modules below `package` imported anew, from the files that are in its folder now."""
    for name in [name for name in sys.modules if name.startswith(package + '.')]:
        sys.modules.pop(name, None)
    if PY2:
        sys.path_importer_cache.pop(folder, None)               # remembers that the folder was not there
    else:
        import importlib
        importlib.invalidate_caches()


def error_text(error):
    """The message of an exception as text, whatever it holds."""
    try:
        return text_type(error)
    except UnicodeError:                                        # Python 2: an exception that holds bytes
        return to_text(str(error), errors='replace')


# What Python 3 calls an OSError of that number.
_OF_ERRNO = {errno.ENOENT: 'FileNotFoundError', errno.EEXIST: 'FileExistsError', errno.EACCES: 'PermissionError',
             errno.EPERM: 'PermissionError', errno.EISDIR: 'IsADirectoryError', errno.ENOTDIR: 'NotADirectoryError',
             errno.EPIPE: 'BrokenPipeError', errno.ECHILD: 'ChildProcessError', errno.ESRCH: 'ProcessLookupError',
             errno.ECONNREFUSED: 'ConnectionRefusedError', errno.ECONNRESET: 'ConnectionResetError'}


def traceback_text(kind, error, trace):
    """What Python 3 prints for an uncaught exception: chain, frames, full class name, message; as text.

    Python 2 would write the bare class name and escape every character beyond ASCII.
    """
    if not PY2:
        return ''.join(traceback.format_exception(kind, error, trace))
    home = kind.__module__
    name = kind.__name__ if home == 'exceptions' else '%s.%s' % (home, kind.__name__)
    if kind in (IOError, OSError):
        name = _OF_ERRNO.get(error.errno, 'OSError')
    message = error_text(error).replace(u"'utf8' codec", u"'utf-8' codec")
    head = ''.join(traceback.format_tb(trace))
    return u'Traceback (most recent call last):\n%s%s%s\n' % (
        to_text(head, errors='replace'), name, u': ' + message if message else u'')


def set_wakeup_fd(handle):
    """Have each signal that has a handler write a byte to this non-blocking descriptor; a full pipe is no news."""
    if sys.version_info >= (3, 7):
        signal.set_wakeup_fd(handle, warn_on_full_buffer=False)
    else:
        signal.set_wakeup_fd(handle)


_SAFE = re.compile(r'[A-Za-z0-9@%+=:,./_-]+\Z')


def shell_quote(word):
    """`word` as one word of a POSIX shell. Python 2 has this in pipes, which loads tempfile, Python 3 in shlex."""
    return word if _SAFE.match(word) else "'%s'" % word.replace("'", "'\"'\"'")


def environment():
    """A copy of our environment as `str`; on Python 3 read as UTF-8 with surrogates, whatever the locale is."""
    if PY2:
        return dict(os.environ)
    return dict((to_escaped(name), to_escaped(value)) for name, value in os.environb.items())


def to_escaped(value):
    """`str` of bytes from which to_bytes makes the same bytes again, UTF-8 or not (`str` passes)."""
    return to_bytes(value) if PY2 else to_text(value, 'utf-8', 'surrogateescape')


def decode_lossy(data, encoding='utf-8'):
    """Text of any bytes, with U+FFFD for what is wrong, so that every receiver can decode what we send on.

    :raises LookupError: for an unknown encoding.
    """
    if PY2 and b'\xed' in data and codecs.lookup(encoding).name == 'utf-8':  # Python 2 decodes surrogates there
        data = _ENCODED_SURROGATE.sub(b'\xef\xbf\xbd' * 3, data)
    return data.decode(encoding, 'replace')


_ENCODED_SURROGATE = re.compile(br'\xed[\xa0-\xbf][\x80-\xbf]')


def process_locale():
    """(language, encoding) of the process, such as ('en_US', 'UTF-8'); None for what is not set."""
    import locale
    try:
        return locale.getdefaultlocale() if PY2 else locale.getlocale()  # Python 2 sets no locale at its start
    except ValueError:                                          # a locale that Python does not know
        return 'unknown', 'unknown'


def system_encoding():
    """Name of the encoding of the terminal and of file names, such as 'utf-8'."""
    import locale
    try:
        return codecs.lookup(locale.getpreferredencoding()).name
    except LookupError:
        return 'ascii'
