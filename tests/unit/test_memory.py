"""What the process gives back to the system."""
from __future__ import absolute_import, division, print_function

import ctypes
import mmap
import os
import subprocess
import sys

import pytest

from minion import compat, gmp, memory

pytestmark = pytest.mark.skipif(not os.path.exists('/proc/self/smaps'), reason='this kernel has no smaps')
PROT_READ, PROT_WRITE, MAP_PRIVATE = 1, 2, 2


class Mapping(object):
    """A private mapping of a file that is read-only, after the first `changed` bytes of it have been written."""

    def __init__(self, path, changed=0):
        self.size, self._libc = os.path.getsize(path), ctypes.CDLL(None, use_errno=True)
        self._libc.mmap.restype = ctypes.c_void_p
        self._libc.mmap.argtypes = (ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int, ctypes.c_int, ctypes.c_int, ctypes.c_long)
        self._libc.mprotect.argtypes = (ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int)
        self._libc.munmap.argtypes = (ctypes.c_void_p, ctypes.c_size_t)
        with open(path, 'rb') as stream:
            self.begin = self._libc.mmap(None, self.size, PROT_READ | PROT_WRITE, MAP_PRIVATE, stream.fileno(), 0)
        ctypes.memset(self.begin, ord('x'), changed)
        assert self._libc.mprotect(self.begin, self.size, PROT_READ) == 0

    def close(self):
        self._libc.munmap(self.begin, self.size)


@pytest.fixture
def mapped(tmpdir):
    """mapped(changed) -> (path, Mapping)"""
    made = []

    def make(changed):
        path = tmpdir.join('file-%d' % len(made))
        path.write_binary(b'a' * 4 * mmap.PAGESIZE)
        made.append(Mapping(str(path), changed))
        return compat.to_bytes(str(path)), made[-1]

    yield make
    for each in made:
        each.close()


def resident(paths, rights=b'r-xp'):
    """KiB of the mappings with these rights of these files that is in memory."""
    total, ours = 0, False
    with open('/proc/self/smaps', 'rb') as stream:
        for line in stream:
            words = line.split()
            if b'-' in words[0]:
                ours = words[1] == rights and words[-1] in paths
            elif ours and words[0] == b'Rss:':
                total += int(words[1])
    return total


def test_pages_of_libraries_are_given_back_and_come_again():
    handles = memory._pin(memory._libraries())
    memory._unpin(handles.values())
    before = resident(set(handles))
    memory.release_files()
    after = resident(set(handles))
    assert 0 < after < before / 2                            # what runs now is there again
    assert ctypes.CDLL(None).getpid() == os.getpid()


def test_a_mapping_that_has_pages_of_its_own_is_left_alone(mapped):
    same, changed = mapped(0), mapped(1)
    found = memory._unchanged(set([same[0], changed[0]]))
    assert found == [(same[1].begin, same[1].begin + same[1].size)]


def test_other_files_than_libraries_are_left_alone(mapped):
    path, mapping = mapped(0)
    ctypes.string_at(mapping.begin, mapping.size)
    before = resident(set([path]), b'r--p')
    assert before and not memory._pin([path])
    memory.release_files()
    assert resident(set([path]), b'r--p') == before


def test_a_library_can_be_unloaded_afterwards():
    """In a process of its own: in this one something else may hold the library."""
    script = ('from minion import gmp, memory; library = gmp.Library(); held = memory._libraries(); '
              'memory._unpin(memory._pin(held).values()); library.close(); '
              'print(sorted(path for path in held - memory._libraries()))')
    try:
        gmp.Library().close()
    except OSError:
        pytest.skip('this host has no GMP')
    assert b'libgmp' in subprocess.check_output([sys.executable, '-c', script])


@pytest.fixture
def thrift(monkeypatch):
    """A Thrift with what it has asked for, what it has given back, and its clock: .asked, .given, .now[0] (seconds)."""
    asked, given, now = [], [], [100.0]
    monkeypatch.setattr(compat, 'monotonic', lambda: now[0])
    monkeypatch.setattr(memory, 'trim', lambda: given.append('trim'))
    monkeypatch.setattr(memory, 'release_files', lambda: given.append('files'))
    made = memory.Thrift(asked.append, quiet=4.0, gap=60.0)
    made.asked, made.given, made.now = asked, given, now
    return made


def test_pages_are_given_back_once_it_is_quiet(thrift):
    thrift.soon()
    thrift.now[0] += 3.0
    thrift.soon()
    thrift.now[0] += 3.9
    assert len(thrift.asked) == 1 and thrift.asked[0]() is False and not thrift.given
    thrift.now[0] += 0.2
    assert thrift.asked[0]() is True and thrift.given == ['trim', 'files']
    thrift.now[0] += 0.1                             # a job soon after that is not left with what it has brought
    thrift.soon()
    thrift.now[0] += 5.0
    assert len(thrift.asked) == 2 and thrift.asked[1]() is True and thrift.given == 2 * ['trim', 'files']


def test_pages_are_given_back_once_in_a_while_when_it_never_is_quiet(thrift):
    for _ in range(59):
        thrift.soon()
        thrift.now[0] += 1.0
        assert thrift.asked[0]() is False
    thrift.soon()
    thrift.now[0] += 1.0
    assert thrift.asked[0]() is True and len(thrift.asked) == 1


@pytest.mark.parametrize('name', ['maps', 'smaps'])
def test_without_these_files_nothing_happens(name, monkeypatch):
    told = []

    def absent(path, *more):
        if path == '/proc/self/' + name:
            raise IOError(2, 'not there', path)
        return real(path, *more)

    real = open
    monkeypatch.setattr(memory, 'open', absent, raising=False)
    monkeypatch.setattr(memory, '_calls', lambda *args: told.append(args))
    memory.release_files()
    assert not told
