"""Every difference between Python 2.7 and 3.6+, and between old and new libraries that we rely on.

Nothing else in the project tests a Python version.
"""
from __future__ import absolute_import, division, print_function

import codecs
import errno
import fcntl
import hmac
import inspect
import os
import re
import signal
import struct
import sys
import time
import traceback
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

# How text is encoded for the wire: on Python 3 names from the file system carry undecodable bytes as lone surrogates.
SURROGATES = 'strict' if PY2 else 'surrogateescape'

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


def forms(key):
    """The key of a mapping in the types in which a text may be one: on Python 2 also the other of bytes and unicode."""
    if PY2 and isinstance(key, string_types):
        return (key, to_text(key, errors='replace') if isinstance(key, bytes) else to_bytes(key))
    return (key,)


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


def getargspec(function):
    """ArgSpec(args, varargs, keywords, defaults) of a function or method, keyword-only arguments among `args`.

    :raises TypeError: for something that has no inspectable signature.
    """
    if hasattr(function, '__argspec__'):                        # of helpers/keywords.py
        return function.__argspec__
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
    """The module yaml, loaded when first needed.

    On Python 2 compiling PyYAML's printable-character pattern expands a range of a million code points into a list
    whose memory is never given back: 30 MB. An xrange in sre_compile's namespace avoids it (41.9 -> 7.9 MB RSS).
    """
    if PY2 and 'yaml' not in sys.modules:
        import sre_compile
        sre_compile.range = xrange                              # noqa: F821
    import yaml
    return yaml


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


def traceback_text(kind, error, trace):
    """What Python 3 prints for an uncaught exception: chain, frames, full class name, message; as text.

    Python 2 would write the bare class name and escape every character beyond ASCII.
    """
    if not PY2:
        return ''.join(traceback.format_exception(kind, error, trace))
    home = kind.__module__
    name = kind.__name__ if home == 'exceptions' else '%s.%s' % (home, kind.__name__)
    message = error_text(error)
    head = ''.join(traceback.format_tb(trace))
    return u'Traceback (most recent call last):\n%s%s%s\n' % (
        to_text(head, errors='replace'), name, u': ' + message if message else u'')


def set_wakeup_fd(handle):
    """Have each signal that has a handler write a byte to this non-blocking descriptor; a full pipe is no news."""
    if sys.version_info >= (3, 7):
        signal.set_wakeup_fd(handle, warn_on_full_buffer=False)
    else:
        signal.set_wakeup_fd(handle)


# ---- programs that we start

def popen(argv, **options):
    """subprocess.Popen, whose module is loaded when first needed.

    :raises OSError: the program cannot be started; nothing else for well-formed arguments.
    """
    import subprocess
    try:
        return subprocess.Popen(argv, **options)
    except getattr(subprocess, 'SubprocessError', ()) as exc:   # the function between fork and exec failed
        raise OSError(errno.EPERM, str(exc))


def child_options(identity=None, umask=None, detached=False):
    """Popen keywords: a session of its own, another user and umask, default signals, no descriptor of ours but 0 to 2.

    Python 3.9+ does it in C. Before that a function runs in the child between fork and exec. It makes system calls
    only, because at the fork any other thread may have held any lock.

    :param identity: object with `uid`, `gid` and `groups` (list of int), or None to stay who we are.
    :param bool detached: the program becomes a child of init, its pid is written to its stdout, which is then closed.
    """
    by_proc = PY2 and os.path.isdir('/proc/self/fd')
    if not PY2 and sys.version_info >= (3, 9) and not detached:
        options = {'close_fds': True, 'start_new_session': True, 'umask': -1 if umask is None else umask}
        if identity is not None:
            options.update(user=identity.uid, group=identity.gid, extra_groups=identity.groups)
        return options

    def prepare():
        if detached and os.fork():
            os._exit(0)
        os.setsid()
        if PY2:
            for signum in (signal.SIGPIPE, signal.SIGXFSZ):
                signal.signal(signum, signal.SIG_DFL)
        if by_proc:
            _close_at_exec()
        if detached:
            os.write(1, str(os.getpid()).encode('ascii'))
            os.dup2(2, 1)
        _become(identity, umask)
    return {'close_fds': not by_proc, 'preexec_fn': prepare}


def _become(identity, umask):
    if umask is not None:
        os.umask(umask)
    if identity is not None:
        os.setgroups(identity.groups)
        os.setgid(identity.gid)
        os.setuid(identity.uid)


def _close_at_exec():
    """Mark all descriptors above 2; Python 2 would close every possible one: seconds where millions are allowed."""
    for name in os.listdir('/proc/self/fd'):
        try:
            if int(name) > 2:
                fcntl.fcntl(int(name), fcntl.F_SETFD, fcntl.FD_CLOEXEC)
        except (IOError, OSError):                              # the one of this listing, closed again
            pass


def group_list(name, gid):
    """Numbers of all groups of a user, `gid` among them, as the system's databases know them.

    :raises OSError: when they cannot be asked.
    """
    if hasattr(os, 'getgrouplist'):
        return os.getgrouplist(name, gid)
    import ctypes
    ask, size = ctypes.CDLL(None).getgrouplist, 64
    while True:
        room, count = (ctypes.c_uint * size)(), ctypes.c_int(size)
        if ask(to_bytes(name), ctypes.c_uint(gid), room, ctypes.byref(count)) >= 0:
            return [int(number) for number in room[:count.value]]
        if size > 65536:
            raise OSError(errno.E2BIG, 'the groups of %s cannot be listed' % name)
        size *= 4


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
