"""`salt.ext.six`: names that are the same on Python 2 and 3, as far as plug-ins commonly use them."""
from __future__ import absolute_import, division, print_function

import operator
import sys

from minion.compat import integer_types, text_type

PY2, PY3 = sys.version_info[0] == 2, sys.version_info[0] >= 3
MAXSIZE = sys.maxsize
string_types = (text_type, str) if PY2 else (str,)
class_types = (type,)
binary_type = bytes


def _method(name):
    if PY2:
        return operator.methodcaller('iter' + name)
    return lambda mapping: iter(getattr(mapping, name)())


iteritems, iterkeys, itervalues = _method('items'), _method('keys'), _method('values')
viewitems, viewkeys, viewvalues = (operator.methodcaller(('view' if PY2 else '') + name)
                                   for name in ('items', 'keys', 'values'))
next = advance_iterator = next
__all__ = ('integer_types', 'text_type')


def u(text):
    """Text with \\u marks in it."""
    return text.decode('unicode_escape') if PY2 else text


def b(text):
    """Bytes of a text."""
    return text if PY2 else text.encode('latin-1')


def ensure_str(s, encoding='utf-8', errors='strict'):
    """Native text."""
    if PY2 and isinstance(s, text_type):
        return s.encode(encoding, errors)
    return s.decode(encoding, errors) if not PY2 and isinstance(s, bytes) else s


def ensure_text(s, encoding='utf-8', errors='strict'):
    """Text."""
    return s.decode(encoding, errors) if isinstance(s, bytes) else s


def ensure_binary(s, encoding='utf-8', errors='strict'):
    """Bytes."""
    return s if isinstance(s, bytes) else s.encode(encoding, errors)


def raise_from(value, cause):
    """Raise an exception that another one caused."""
    value.__cause__ = cause
    raise value


def reraise(kind, value, trace=None):
    """Raise an exception with the traceback of another."""
    if not PY2:
        raise value.with_traceback(trace)
    raise value


def with_metaclass(meta, *bases):
    """A base class of a metaclass."""
    return meta('Base', bases or (object,), {})


def python_2_unicode_compatible(klass):
    """Decorator: __str__ gives text on both."""
    if PY2:
        klass.__unicode__ = klass.__str__
        klass.__str__ = lambda self: self.__unicode__().encode('utf-8')
    return klass
