"""Powers of public numbers by GMP's library through ctypes, where the host has it: a tenth of what Python's pow() takes.

For signatures that are checked, nothing secret: how long this takes tells of its numbers. The library is asked for once
so many have been checked that the process is a busy one, as its pages (0.4 MB that nothing is written to) count as ours
where no other process has it; until then, and on hosts without it, pow() does the same.
"""
from __future__ import absolute_import, division, print_function

import ctypes
import threading

from minion.pem import transform

NAMES = ('libgmp.so.10', 'libgmp.so.3')
FEW = 20                                 # powers that are left to pow() first
LARGEST = 1 << 31                        # exponents that fit a C long everywhere


class _Number(ctypes.Structure):
    """What gmp.h calls __mpz_struct."""
    _fields_ = [('room', ctypes.c_int), ('size', ctypes.c_int), ('limbs', ctypes.c_void_p)]


_SIZE, _INT, _NUMBER = ctypes.c_size_t, ctypes.c_int, ctypes.POINTER(_Number)
_PROTOTYPES = {
    'init': (_NUMBER,), 'clear': (_NUMBER,), 'powm_ui': (_NUMBER, _NUMBER, ctypes.c_ulong, _NUMBER),
    'import': (_NUMBER, _SIZE, _INT, _SIZE, _INT, _SIZE, ctypes.c_char_p),
    'export': (ctypes.c_char_p, ctypes.POINTER(_SIZE), _INT, _SIZE, _INT, _SIZE, _NUMBER),
}


def load():
    """{name: function} of the library.  :raises OSError: it is not there.  :raises AttributeError: it lacks a function."""
    for name in NAMES:
        try:
            library = ctypes.PyDLL(name)     # which keeps the interpreter: this takes less than giving it away and back
            break
        except OSError:                      # not under this name
            continue
    else:
        raise OSError('no GMP')
    found = {}
    for name, arguments in _PROTOTYPES.items():
        found[name] = getattr(library, '__gmpz_' + name)
        found[name].argtypes, found[name].restype = arguments, None
    return found


class Powers(object):
    """base ** exponent % modulus, with the library once that pays; any thread."""

    def __init__(self):
        self._lock = threading.Lock()        # guards the two below while the library is looked for
        self._asked, self._functions = 0, None

    def power(self, base, exponent, modulus):
        """:param int base: from 0 to below the modulus.  :param int exponent: positive.  :param int modulus: odd, from 3."""
        functions = self._functions
        if functions is None:
            functions = self._ask()
        if not functions or exponent >= LARGEST:
            return pow(base, exponent, modulus)
        return _power(functions, base, exponent, modulus)

    def _ask(self):
        """The functions, {} where there are none, None as long as few powers were asked for."""
        self._asked += 1                     # of two threads at once one may not be counted
        if self._asked <= FEW:
            return None
        with self._lock:
            if self._functions is None:
                try:
                    self._functions = load()
                except (OSError, AttributeError):
                    self._functions = {}
        return self._functions


def _power(functions, base, exponent, modulus):
    """The same by the library; numbers of one call belong to that call."""
    size = (modulus.bit_length() + 7) // 8
    result, divisor, target, count = _Number(), _Number(), ctypes.create_string_buffer(size), _SIZE()
    functions['init'](result)
    functions['init'](divisor)
    try:
        for number, value in ((result, base), (divisor, modulus)):
            functions['import'](number, size, 1, 1, 1, 0, transform.int2bytes(value, size))
        functions['powm_ui'](result, result, exponent, divisor)
        functions['export'](target, count, 1, 1, 1, 0, result)
    finally:
        functions['clear'](result)
        functions['clear'](divisor)
    return transform.bytes2int(target.raw[:count.value] or b'\0')


power = Powers().power
