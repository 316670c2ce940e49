"""Keeping the process small, where the C library lets us: glibc. Elsewhere these do nothing."""
from __future__ import absolute_import, division, print_function

M_ARENA_MAX = -8                     # of malloc.h


def few_arenas():
    """One heap for all threads: glibc gives each thread one of its own, and each keeps what was freed in it."""
    _call('mallopt', M_ARENA_MAX, 1)


def trim():
    """Give freed memory back to the system; worth it when much was built and dropped, as at the end of the start."""
    _call('malloc_trim', 0)


def _call(name, *numbers):
    import ctypes                    # the AES provider has loaded it
    try:
        getattr(ctypes.CDLL(None), name)(*numbers)
    except (OSError, AttributeError):            # another C library
        return
