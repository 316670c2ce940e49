"""Which files and folders are old or large enough to go (file.tidied)."""
from __future__ import absolute_import, division, print_function

import os
import re
import stat
from datetime import date

from minion import compat

_UNITS = {'b': 1, 'k': 1 << 10, 'm': 1 << 20, 'g': 1 << 30, 't': 1 << 40, 'p': 1 << 50}
_TIMES = ('atime', 'mtime', 'ctime')


class Criteria(object):
    """What makes a path go.  :param dict wanted: the arguments of file.tidied."""

    def __init__(self, wanted):
        self._wanted, self._today = wanted, date.today()
        self._size = size_of(wanted['size'])
        self._matches = [re.compile(pattern) for pattern in _listed(wanted['matches']) or ['.*']]
        self._exclude = [re.compile(pattern) for pattern in _listed(wanted['exclude'])]
        kind = wanted['time_comparison']
        self._time = 'st_' + (kind.lower() if kind.lower() in _TIMES else 'atime')

    def found(self, top):
        """Paths of all that goes below a folder, what is in a folder before it."""
        return [os.path.join(folder, name)
                for folder, folders, files in os.walk(top, topdown=False, followlinks=self._wanted['followlinks'])
                for name in files + folders if self._goes(os.path.join(folder, name), name)]

    def _goes(self, path, name):
        link = os.path.islink(path)
        if link and not self._wanted['rmlinks']:
            return False
        try:
            status = os.lstat(path) if link else os.stat(path)
        except OSError:                                     # gone in the meantime
            return False
        if stat.S_ISDIR(status.st_mode) and not self._wanted['rmdirs']:
            return False
        return self._named(path if self._wanted['full_path_match'] else name) and self._due(status)

    def _named(self, text):
        return any(pattern.match(text) for pattern in self._matches) and \
            not any(pattern.match(text) for pattern in self._exclude)

    def _due(self, status):
        size = 0 if stat.S_ISDIR(status.st_mode) else status.st_size
        days = abs((self._today - date.fromtimestamp(getattr(status, self._time))).days)
        only = (self._wanted['age_size_only'] or '').lower()
        if only == 'size':
            return size >= self._size
        if only == 'age':
            return days >= self._wanted['age']
        if self._wanted['age_size_logical_operator'].upper() == 'AND':
            return size >= self._size and days >= self._wanted['age']
        return size >= self._size or days >= self._wanted['age']


def _listed(value):
    return [value] if compat.is_text(value) else value or []


def size_of(text):
    """Bytes of a number, or a text as '10k'.  :raises ValueError: it is neither."""
    text = compat.to_native(compat.shown(text)).strip().lower()
    unit = text[-1:]
    if unit in _UNITS:
        return int(float(text[:-1]) * _UNITS[unit])
    return int(float(text))
