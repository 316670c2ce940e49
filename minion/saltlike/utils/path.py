"""`salt.utils.path`: programs and paths."""
from __future__ import absolute_import, division, print_function

import os

PLACES = '/bin:/sbin:/usr/bin:/usr/sbin:/usr/local/bin:/usr/local/sbin'


def which(exe=None):
    """The path of a program, None if there is none."""
    if not exe:
        return None
    if os.sep in exe:
        return exe if _runs(exe) else None
    folders = os.environ.get('PATH', '').split(os.pathsep) + PLACES.split(':')
    return next((path for path in (os.path.join(folder, exe) for folder in folders if folder) if _runs(path)), None)


def _runs(path):
    return os.path.isfile(path) and os.access(path, os.X_OK)


def which_bin(exes):
    """The path of the first of several programs that is there, or None."""
    if not isinstance(exes, (list, tuple)):
        return None
    return next((path for path in map(which, exes) if path), None)


def join(*parts, **kwargs):
    """Parts of a path below the first, even where later ones begin with a slash."""
    first, rest = parts[0] if parts else '', [part.lstrip('/') for part in parts[1:]]
    return os.path.normpath(os.path.join(first, *rest)) if parts else ''


def islink(path):
    """Is it a symbolic link?"""
    return os.path.islink(path)


def readlink(path, canonicalize=False):
    """Where a symbolic link leads."""
    return os.path.realpath(path) if canonicalize else os.readlink(path)


is_link = islink


def os_walk(top, *args, **kwargs):
    """os.walk()."""
    return os.walk(top, *args, **kwargs)


def safe_path(path, allow_path=None):
    """False for a path that leads through a symbolic link to a folder that others may write."""
    return os.path.isabs(path) and '..' not in path.split(os.sep)


def sanitize_win_path(winpath):
    """The same path: there is no Windows here."""
    return winpath
