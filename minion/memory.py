"""Keeping the process small, where the C library lets us: glibc. Elsewhere these do nothing."""
from __future__ import absolute_import, division, print_function

import contextlib
import os
import threading

from minion import compat

M_ARENA_MAX = -8                     # of malloc.h
MADV_DONTNEED = 4                    # of sys/mman.h
_LAZY = 1                            # of dlfcn.h, as the next
_NOLOAD = getattr(os, 'RTLD_NOLOAD', None if os.uname()[4].startswith('mips') else 4)
QUIET = 4.0                          # seconds without a job after which the process counts as idle
GAP = 60.0                           # seconds after which pages are given back all the same


class Thrift(object):
    """Gives back what has been taken and idleness does not need: once nothing has happened for a moment. Any thread.

    :param callable later: later(task): has task() called on a thread, some seconds from now, and again until it is true.
    :param float quiet, gap: seconds.
    """

    def __init__(self, later, quiet=QUIET, gap=GAP):
        self._later, self._quiet, self._gap = later, quiet, gap
        self._touched, self._latest, self._asked = 0.0, 0.0, False

    def soon(self):
        """Something has happened, which has made the process larger."""
        self._touched = compat.monotonic()
        if not self._asked:
            self._asked, self._latest = True, self._touched + self._gap
            self._later(self._give_back)

    def _give_back(self):
        now = compat.monotonic()
        if now < min(self._touched + self._quiet, self._latest):
            return False
        self._asked = False                      # what happens from here on asks anew
        trim()
        release_files()
        return True


def few_arenas():
    """One heap for all threads: glibc gives each thread one of its own, and each keeps what was freed in it."""
    _call('mallopt', M_ARENA_MAX, 1)


def trim():
    """Give freed memory back to the system; worth it when much was built and dropped, as in a start."""
    _call('malloc_trim', 0)


def release_files():
    """Take the pages of programs and libraries out of this process; those that are used come back by themselves.

    They are copies of nothing: the system has them from the file and keeps them as long as it has room. A start runs
    through far more of them than an idle process, to which all of them are counted.
    """
    if _NOLOAD is None:
        return
    try:
        pinned = _pin(_libraries())
        try:
            paths = set(pinned) | set([compat.to_bytes(os.readlink('/proc/self/exe'))])
            _calls('madvise', [(begin, end - begin, MADV_DONTNEED) for begin, end in _unchanged(paths)])
        finally:
            _unpin(pinned.values())
    except (EnvironmentError, ImportError):      # no /proc, or a kernel without smaps; no ctypes
        return


def _libraries():
    """Paths of the files that code was mapped from."""
    with open('/proc/self/maps', 'rb') as stream:
        rows = [line.rstrip(b'\n').split(None, 5) for line in stream]
    return set(row[5] for row in rows if len(row) == 6 and row[1] == b'r-xp' and row[5].startswith(b'/'))


def _pin(paths):
    """{path: handle} of those that are loaded libraries now, which cannot be unloaded before _unpin().

    Another thread might unload one between a look at its addresses and the use of them, and get memory of its own there.
    """
    import _ctypes                               # the AES provider has loaded it
    handles = {}
    for path in paths:
        try:
            handles[path] = _ctypes.dlopen(compat.to_native(path), _NOLOAD | _LAZY)
        except (OSError, UnicodeError):          # the program itself, which stays; a file that was replaced meanwhile
            continue
    return handles


def _unpin(handles):
    import _ctypes
    for handle in handles:
        _ctypes.dlclose(handle)


def _unchanged(paths):
    """(begin, end) of the mappings of these files that are read-only and have no page of their own (proc(5), smaps).

    By a debugger, or by relocations in the text, a mapping gets pages of its own, which would be lost.
    """
    found, span = [], None
    with open('/proc/self/smaps', 'rb') as stream:
        for line in stream:
            name, _, value = line.partition(b':')
            if b'-' in name.split(b' ')[0]:      # addresses, rights, offset, device, inode, path
                words = line.rstrip(b'\n').split(None, 5)
                ours = len(words) == 6 and words[1] in (b'r-xp', b'r--p') and words[5] in paths
                span = tuple(int(part, 16) for part in words[0].split(b'-')) if ours else None
            elif name == b'Anonymous' and span is not None and value.split() == [b'0', b'kB']:
                found.append(span)
    return found


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
    _calls(name, [numbers])


def _calls(name, rows):
    """Call a function of the C library with each row of numbers, as large as a pointer each."""
    import ctypes                    # the AES provider has loaded it
    try:
        function = getattr(ctypes.CDLL(None), name)
        for row in rows:
            function(*[ctypes.c_ssize_t(number) for number in row])
    except (OSError, AttributeError):            # another C library
        return
