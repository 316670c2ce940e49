"""Is the archive whole, and is it for this Python and this kind of host? Nothing is written here."""
from __future__ import absolute_import, division, print_function

import hashlib
import io
import json
import os
import platform
import re
import struct
import sys

FAILED, USAGE, DAMAGED, UNSUITED, FORBIDDEN = 1, 64, 65, 69, 77


class Failure(Exception):
    """One line for the administrator, and the exit code."""

    def __init__(self, message, code=FAILED):
        Exception.__init__(self, message)
        self.code = code


def description(folder):
    """What bundle.json in a folder says.  :raises Failure: it cannot be read."""
    try:
        with io.open(os.path.join(folder, 'bundle.json'), encoding='utf-8') as stream:
            return json.load(stream)
    except (EnvironmentError, ValueError) as exc:
        raise Failure('%s: bundle.json cannot be read: %s' % (folder, exc), DAMAGED)


def abi():
    """The ABI of this Python as wheels name it, as cp27mu."""
    name = 'cp%d%d' % sys.version_info[:2]
    if sys.version_info[0] == 2:
        return name + ('d' if hasattr(sys, 'gettotalrefcount') else '') + ('mu' if sys.maxunicode > 0xffff else 'm')
    return name + getattr(sys, 'abiflags', '')


def glibc():
    """(2, 17) of this host, (0, 0) where it has another C library, None if that cannot be told."""
    try:
        text = os.confstr('CS_GNU_LIBC_VERSION') or ''
    except (ValueError, EnvironmentError):           # Python 2 does not know the name
        text = ''
    if not text:
        try:
            import ctypes
            ask = ctypes.CDLL(None).gnu_get_libc_version
            ask.restype = ctypes.c_char_p
            text = ask().decode('ascii')
        except ImportError:
            return None
        except (AttributeError, OSError):
            return (0, 0)
    found = re.search(r'(\d+)\.(\d+)', text)
    return (int(found.group(1)), int(found.group(2))) if found else None


def check_host(about):
    """:raises Failure: this Python or this host cannot run what is in the archive."""
    def unsuited(what, need, have):
        raise Failure('this archive is for %s %s; %s is %s: take the one for it' % (what, need, sys.executable, have), UNSUITED)
    if platform.python_implementation() != 'CPython':
        unsuited('Python', 'of python.org (CPython)', platform.python_implementation())
    if '%d.%d' % sys.version_info[:2] != about['python']:
        unsuited('Python', about['python'], '%d.%d' % sys.version_info[:2])
    if abi() != about['abi']:
        unsuited('a Python built as', about['abi'], abi())
    bits = struct.calcsize('P') * 8
    if platform.machine() != about['machine'] or bits != (64 if '64' in about['machine'] else 32):
        unsuited('machines of kind', about['machine'], '%s with %d bits' % (platform.machine(), bits))
    have = glibc()
    if about['glibc'] and have is not None and have < tuple(int(part) for part in about['glibc'].split('.')):
        raise Failure('this archive needs glibc %s or newer, and this host has %s: take one made for an older --platform' % (
            about['glibc'], '%d.%d' % have if have[0] else 'another C library'), UNSUITED)


def verify(folder):
    """Compare every file of the archive with its sum; (the names, the sum of all).  :raises Failure: one differs or lacks."""
    path = os.path.join(folder, 'SHA256SUMS')
    try:
        with io.open(path, 'rb') as stream:
            data = stream.read()
    except EnvironmentError as exc:
        raise Failure('%s: cannot be read: %s' % (path, exc.strerror), DAMAGED)
    rows = re.findall(r'^([0-9a-f]{64})  ([!-~][ -~]*)$', data.decode('latin-1'), re.MULTILINE)
    names = [str(name) for _, name in rows]
    if not rows or len(rows) != data.count(b'\n') or any(os.path.isabs(name) or '..' in name.split('/') for name in names):
        raise Failure('%s is damaged: copy the archive once more' % path, DAMAGED)
    for (wanted, _), name in zip(rows, names):
        try:
            with io.open(os.path.join(folder, name), 'rb') as stream:
                found = hashlib.sha256(stream.read()).hexdigest()
        except EnvironmentError as exc:
            raise Failure('%s of the archive cannot be read: %s' % (name, exc.strerror), DAMAGED)
        if found != wanted:
            raise Failure('%s of the archive is damaged: copy the archive once more' % name, DAMAGED)
    return names, hashlib.sha256(data).hexdigest()
