"""What the kernel shows below /sys (sysfs.*). Nothing outside of it is read or written."""
from __future__ import absolute_import, division, print_function

import io
import os
import stat

from minion import compat

_LIMIT = 1 << 20                       # bytes of one value


def __virtual__():
    if __grains__.get('kernel') == 'Linux':
        return True
    return False, 'The sysfs execution module cannot be loaded: only available on Linux.'


def target(key, full=True):
    """The real path of a name below /sys, or its last part; False if it is not there. CLI: sysfs.target class/ttyS0"""
    path = os.path.realpath(key if key.startswith('/sys') else os.path.join('/sys', key))
    if not os.path.exists(path) or not (path + '/').startswith('/sys/'):
        return False
    return path if full else os.path.basename(path)


def attr(key, value=None):
    """A value, set if one is given; the path of a folder. False if it is not there. CLI: sysfs.attr block/sda/ro"""
    path = target(key)
    if path is False or os.path.isdir(path):
        return path
    return read(path) if value is None else write(path, value)


def write(key, value):
    """Set a value; True if that was done. CLI: sysfs.write devices/system/cpu/cpu0/online 1"""
    path = target(key)
    if path is False:
        return False
    try:
        with io.open(path, 'wb', 0) as stream:
            stream.write(compat.to_bytes(compat.shown(value)) + b'\n')
    except (IOError, OSError):
        return False
    return True


def read(key, root=''):
    """A value, a mapping of all below a folder, or of a list of names below `root`; False for none.

    CLI: sysfs.read class/net/em1/statistics
    """
    if not compat.is_text(key):
        found = [(name, read(os.path.join(root, name))) for name in key]
        return dict((name, value) for name, value in found if value is not False)
    path = target(os.path.join(root, key))
    if path is False:
        return False
    return _folder(path) if os.path.isdir(path) else _value(path)


def _folder(path):
    names, found = interfaces(path), {}
    for name in names['r'] + names['rw']:
        value = read(os.path.join(path, name))
        if value is not False:
            level, parts = found, name.split('/')
            for part in parts[:-1]:
                level = level.setdefault(part, {})
            level[parts[-1]] = value
    return found


def _value(path):
    try:
        with io.open(os.open(path, os.O_RDONLY | os.O_NONBLOCK), 'rb') as stream:    # some have readers wait for ever
            text = compat.to_native(compat.to_text(stream.read(_LIMIT) or b'')).strip()
    except (IOError, OSError, UnicodeError):               # UnicodeError: a value of the kernel that is no text
        return False
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text or False


def interfaces(root):
    """Mapping of r, w and rw to the names below a folder that can be read, written or both. CLI: sysfs.interfaces block/sda"""
    top = target(root)
    if top is False or not os.path.isdir(top):
        return False
    found = {'r': [], 'w': [], 'rw': []}
    for folder, _, names in os.walk(top):
        for name in names:
            path = os.path.join(folder, name)
            if os.path.isfile(path):
                mode = os.stat(path).st_mode
                kind = ('r' if mode & stat.S_IRUSR else '') + ('w' if mode & stat.S_IWUSR else '')
                if kind:
                    found[kind].append(os.path.relpath(path, top))
    return found
