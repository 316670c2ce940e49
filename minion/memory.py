"""Keeping the process small, where the C library lets us: glibc. Elsewhere these do nothing."""
from __future__ import absolute_import, division, print_function

import contextlib
import os
import threading

M_ARENA_MAX = -8                     # of malloc.h


def few_arenas():
    """One heap for all threads: glibc gives each thread one of its own, and each keeps what was freed in it."""
    _call('mallopt', M_ARENA_MAX, 1)


def trim():
    """Give freed memory back to the system; worth it when much was built and dropped, as at the end of the start."""
    _call('malloc_trim', 0)


@contextlib.contextmanager
def limit(more, lock=threading.RLock()):
    """Within, this process may take `more` bytes than it has now; beyond that it meets MemoryError. -1: as many as it wants.

    All threads share that limit, and one sets it at a time; it may be nested.
    """
    if more < 0:
        yield
        return
    import resource
    with lock:
        soft, hard = resource.getrlimit(resource.RLIMIT_AS)
        wanted = _size() + more
        if resource.RLIM_INFINITY not in (hard, soft):
            wanted = min(wanted, hard, soft)
        resource.setrlimit(resource.RLIMIT_AS, (wanted, hard))
        try:
            yield
        finally:
            resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


def _size():
    """Bytes of the address space of this process."""
    with open('/proc/self/statm') as stream:
        return int(stream.read().split()[0]) * os.sysconf('SC_PAGE_SIZE')


def _call(name, *numbers):
    import ctypes                    # the AES provider has loaded it
    try:
        getattr(ctypes.CDLL(None), name)(*numbers)
    except (OSError, AttributeError):            # another C library
        return
