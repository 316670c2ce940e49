"""Powers of large numbers by GMP's library through ctypes, where the host has it: a tenth of what Python's pow() takes.

The library's pages (0.4 MB that nothing is written to) count as ours where no other process has it. So it is loaded for an
operation with the private key, whose time counts at each start, and unloaded after it; for signatures that are checked it
is loaded, and stays, once so many were checked that the process is a busy one. On hosts without it pow() does the same.
"""
from __future__ import absolute_import, division, print_function

import ctypes
import threading

from minion.pem import transform

try:
    from _ctypes import dlclose          # ctypes itself never unloads
except ImportError:                      # not CPython on Unix: a library that is loaded stays
    def dlclose(handle):
        return None

NAMES = ('libgmp.so.10', 'libgmp.so.3')
FEW = 20                                 # powers that are left to pow() first
LARGEST = 1 << 31                        # exponents that fit a C long everywhere


class _Number(ctypes.Structure):
    """What gmp.h calls __mpz_struct."""
    _fields_ = [('room', ctypes.c_int), ('size', ctypes.c_int), ('limbs', ctypes.c_void_p)]


_SIZE, _INT, _NUMBER = ctypes.c_size_t, ctypes.c_int, ctypes.POINTER(_Number)
_PROTOTYPES = {
    'init': (_NUMBER,), 'clear': (_NUMBER,), 'powm_ui': (_NUMBER, _NUMBER, ctypes.c_ulong, _NUMBER),
    'powm_sec': (_NUMBER, _NUMBER, _NUMBER, _NUMBER),
    'import': (_NUMBER, _SIZE, _INT, _SIZE, _INT, _SIZE, ctypes.c_char_p),
    'export': (ctypes.c_char_p, ctypes.POINTER(_SIZE), _INT, _SIZE, _INT, _SIZE, _NUMBER),
}


class Library(object):
    """The library, loaded, for any number of threads.  :raises OSError: it is not there, or lacks a function."""

    def __init__(self):
        for name in NAMES:
            try:
                library = ctypes.PyDLL(name)     # which keeps the interpreter: this takes less than giving it away and back
                break
            except OSError:                      # not under this name
                continue
        else:
            raise OSError('no GMP')
        self._handle, self._functions = library._handle, {}
        try:
            for name, arguments in _PROTOTYPES.items():
                function = self._functions[name] = getattr(library, '__gmpz_' + name)
                function.argtypes, function.restype = arguments, None
        except AttributeError as exc:            # before GMP 5
            self.close()
            raise OSError(str(exc))

    def close(self):
        """Unload it, unless another Library has it; this one is of no use afterwards."""
        self._functions = {}
        dlclose(self._handle)

    def power(self, base, exponent, modulus):
        """base ** exponent % modulus.  :param int exponent: positive, below LARGEST."""
        return self._compute(lambda result, numbers: self._functions['powm_ui'](result, numbers[0], exponent, numbers[1]),
                             (base, modulus), modulus)

    def secret_power(self, base, exponent, modulus):
        """The same with any positive exponent, in a time that does not depend on its bits; the modulus is odd."""
        return self._compute(lambda result, numbers: self._functions['powm_sec'](result, *numbers),
                             (base, exponent, modulus), modulus)

    def _compute(self, function, values, modulus):
        size = (modulus.bit_length() + 7) // 8
        result, numbers = _Number(), [_Number() for _ in values]
        target, count = ctypes.create_string_buffer(size), _SIZE()
        for number in [result] + numbers:
            self._functions['init'](number)
        try:
            for number, value in zip(numbers, values):
                content = transform.int2bytes(value)
                self._functions['import'](number, len(content), 1, 1, 1, 0, content)
            function(result, numbers)
            self._functions['export'](target, count, 1, 1, 1, 0, result)
        finally:
            for number in [result] + numbers:
                self._functions['clear'](number)
        return transform.bytes2int(target.raw[:count.value] or b'\0')


class Powers(object):
    """base ** exponent % modulus, with the library where there is one and where it pays; any thread."""

    def __init__(self):
        self._lock = threading.Lock()        # guards the three below while the library is looked for
        self._asked, self._library, self._missing = 0, None, False

    def power(self, base, exponent, modulus):
        """Where nothing is secret.

        :param int base: from 0 to below the modulus.  :param int exponent: positive.  :param int modulus: odd, from 3.
        """
        if self._library is None and not self._missing:
            self._ask()
        if self._library is None or exponent >= LARGEST:
            return pow(base, exponent, modulus)
        return self._library.power(base, exponent, modulus)

    def secret_powers(self, triples):
        """[base ** exponent % modulus] of some (base, exponent, modulus) as above; the exponents are nobody's business."""
        library = self._load()
        if library is None:
            return [pow(*triple) for triple in triples]
        try:
            return [library.secret_power(*triple) for triple in triples]
        finally:
            library.close()

    def _ask(self):
        self._asked += 1                     # of two threads at once one may not be counted
        if self._asked > FEW:
            with self._lock:
                if self._library is None:
                    self._library = self._load()

    def _load(self):
        """A Library, None where there is none; that is asked once."""
        if self._missing:
            return None
        try:
            return Library()
        except OSError:
            self._missing = True
            return None


_POWERS = Powers()
power, secret_powers = _POWERS.power, _POWERS.secret_powers
