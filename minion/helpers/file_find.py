"""A small find: criteria on what lies below a folder, and what is done with what fits (file.find)."""
from __future__ import absolute_import, division, print_function

import fnmatch
import glob
import io
import os
import re
import shlex
import shutil
import stat
import time

from minion import compat
from minion.helpers import command, file_hash
from minion.helpers.file_accounts import gid_to_group, group_to_gid, uid_to_user, user_to_uid
from minion.helpers.file_paths import expand

_KINDS = {'b': stat.S_ISBLK, 'c': stat.S_ISCHR, 'd': stat.S_ISDIR, 'f': stat.S_ISREG, 'l': stat.S_ISLNK,
          'p': stat.S_ISFIFO, 's': stat.S_ISSOCK}
_SIZES = {'': 0, 'b': 0, 'k': 10, 'm': 20, 'g': 30, 't': 40}
_SECONDS = {'w': 604800, 'd': 86400, 'h': 3600, 'm': 60, 's': 1}
_PRINTED = ('group', 'md5', 'mode', 'mtime', 'name', 'path', 'size', 'type', 'user')
EXEC_TIMEOUT = 3600.0            # seconds for one command of `exec`


class WrongOption(ValueError):
    """An option that makes no sense; the text is what the caller of file.find gets."""


class Found(object):
    """One path, its status read once: of what a link leads to, of the link if that is nowhere."""

    def __init__(self, path):
        self.path, self.name = path, os.path.basename(path)
        self._status = None

    @property
    def status(self):
        if self._status is None:
            try:
                self._status = os.stat(self.path)
            except OSError:
                self._status = os.lstat(self.path)
        return self._status

    @property
    def kind(self):
        return next((letter for letter, test in sorted(_KINDS.items()) if test(self.status.st_mode)), '?')


# ---- criteria: each makes a function (Found) -> bool

def _pattern(value, flags=0):
    try:
        return re.compile(value, flags)
    except re.error:
        raise WrongOption('invalid regular expression: "%s"' % value)


def _text_of(value):
    """The text of a pattern.  :raises AttributeError: it is none, in the words of Python."""
    if not compat.is_text(value):
        raise AttributeError("'%s' object has no attribute 'replace'" % type(value).__name__)
    return value


def _name(value):
    pattern = _text_of(value)
    return lambda found: fnmatch.fnmatchcase(found.name, pattern)


def _iname(value):
    pattern = _text_of(value).lower()
    return lambda found: fnmatch.fnmatchcase(found.name.lower(), pattern)


def _regex(value):
    pattern = _pattern(value)
    return lambda found: pattern.match(found.name) is not None


def _iregex(value):
    pattern = _pattern(value, re.IGNORECASE)
    return lambda found: pattern.match(found.name) is not None


def kinds(value):
    """The letters of types in a text.  :raises WrongOption: another letter."""
    if not compat.is_text(value):
        raise TypeError("argument of type '%s' is not iterable" % type(value).__name__)
    letters = value.replace(',', '').replace(' ', '')
    for letter in letters:
        if letter not in _KINDS:
            raise WrongOption('invalid file type "%s"' % letter)
    return letters


def _type(value):
    letters = kinds(value)
    return lambda found: found.kind in letters


def _accounts(value, look_up, word):
    numbers = set()
    for name in _text_of(value).replace(',', ' ').split():
        number = look_up(int(name) if name.isdigit() else name)
        if number == '':
            raise WrongOption('no such %s "%s"' % (word, name))
        numbers.add(number)
    return numbers


def _owner(value):
    numbers = _accounts(value, user_to_uid, 'user')
    return lambda found: found.status.st_uid in numbers


def _group(value):
    numbers = _accounts(value, group_to_gid, 'group')
    return lambda found: found.status.st_gid in numbers


def _size(value):
    if not compat.is_text(value):
        raise AttributeError("'%s' object has no attribute 'strip'" % type(value).__name__)
    parts = re.match(r'([+-]?)(\d+(?:\.\d*)?)([bkmgt]?)\Z', value.strip().lower())
    if parts is None:
        raise WrongOption('invalid size: "%s"' % value)
    unit = 1 << _SIZES[parts.group(3)]
    size = int(float(parts.group(2)) * unit)
    least = 0 if parts.group(1) == '-' else size
    most = {'-': size, '+': float('inf'), '': size + unit - 1}[parts.group(1)]
    return lambda found: least <= found.status.st_size <= most


def _mtime(value):
    text = compat.to_native(compat.shown(value)).strip()
    parts = re.match(r'([+-]?)((?:\d+(?:\.\d*)?[wdhms])+)\Z', text.lower())
    if parts is None:
        raise WrongOption("invalid time interval: '%s'" % text)
    span = sum(float(number) * _SECONDS[unit] for number, unit in re.findall(r'([\d.]+)([wdhms])', parts.group(2)))
    limit = time.time() - span
    if parts.group(1) == '-':
        return lambda found: found.status.st_mtime >= limit
    return lambda found: found.status.st_mtime <= limit


def _grep(value):
    pattern = _pattern(value)

    def holds(found):
        if not stat.S_ISREG(found.status.st_mode):
            return False
        with io.open(found.path, encoding='utf-8') as stream:
            return any(pattern.search(compat.to_native(line)) for line in stream)
    return holds


# ---- actions: each makes a function (Found) -> what is returned for it

def _print(value):
    fields = [name for name in value.replace(',', ' ').split() if name in _PRINTED]

    def shown(found):
        values = [_field(found, name) for name in fields]
        return values[0] if len(values) == 1 else values
    return shown


def _field(found, name):
    if name in ('path', 'name'):
        return getattr(found, name)
    if name == 'md5':
        return file_hash.get_hash(found.path, 'md5') if stat.S_ISREG(found.status.st_mode) else ''
    status = found.status
    return {'group': lambda: gid_to_group(status.st_gid), 'user': lambda: uid_to_user(status.st_uid),
            'mode': lambda: stat.S_IMODE(status.st_mode), 'mtime': lambda: int(status.st_mtime),
            'size': lambda: status.st_size, 'type': lambda: found.kind}[name]()


def _delete(value):
    letters = kinds(value)

    def delete(found):
        if found.kind not in letters:
            return None
        link = os.path.islink(found.path)
        if stat.S_ISDIR(found.status.st_mode) and not link:
            shutil.rmtree(found.path)
        else:
            os.remove(found.path)
        return found.path
    return delete


def _exec(value):
    words = shlex.split(value)

    def execute(found):
        argv = [word.replace('{}', found.path) for word in words]
        try:
            result = command.run(argv, timeout=EXEC_TIMEOUT)
        except OSError:
            return '%s: Failed' % found.path
        return '%s:\n%s\n' % (value.replace('{}', found.path), compat.to_native(compat.decode_lossy(result.stdout)))
    return execute


_CRITERIA = {'name': _name, 'iname': _iname, 'regex': _regex, 'iregex': _iregex, 'type': _type, 'owner': _owner,
             'group': _group, 'size': _size, 'mtime': _mtime, 'grep': _grep}
_ACTIONS = {'print': _print, 'delete': _delete, 'exec': _exec}
_ORDER = ('name', 'iname', 'regex', 'iregex', 'type', 'owner', 'group', 'size', 'mtime', 'grep')


class Finder(object):
    """What is looked for, read from the options.  :raises WrongOption:"""

    def __init__(self, options):
        self._least, self._most = options.pop('mindepth', None), options.pop('maxdepth', None)
        given = dict((name, options[name]) for name in options if name[:1] != '_')
        for name in sorted(given):
            if name not in _CRITERIA and name not in _ACTIONS:
                raise WrongOption('invalid option "%s"' % name)
            if not given[name]:
                raise WrongOption('missing value for "%s" option' % name)
        self._tests = [_CRITERIA[name](given[name]) for name in _ORDER if name in given]
        self._actions = [_ACTIONS[name](given[name]) for name in sorted(_ACTIONS) if name in given] or [_print('path')]

    def find(self, top):
        """What the actions return for each path at or below `top` that fits."""
        if not os.path.lexists(top):
            return
        if self._least is None or self._compare('<', self._least) < 1:
            for value in self._at(top):
                yield value
        if self._most is not None and self._compare('>=', self._most) < 1:
            return
        base = top.rstrip('/').count('/')
        for folder, folders, names in os.walk(top):
            depth = folder.rstrip('/').count('/') - base + 1
            if self._least is None or depth >= self._least:
                for name in folders + names:
                    for value in self._at(os.path.join(folder, name)):
                        yield value
            if self._most is not None and depth >= self._most:
                del folders[:]

    @staticmethod
    def _compare(sign, number):
        """The number.  :raises TypeError: it is none, in the words of Python 3."""
        if not isinstance(number, (int, float)):
            raise TypeError("'%s' not supported between instances of '%s' and 'int'" % (sign, type(number).__name__))
        return number

    def _at(self, path):
        found = Found(path)
        try:
            if not all(test(found) for test in self._tests):
                return
            results = [action(found) for action in self._actions]
        except (OSError, IOError):                       # gone meanwhile, or not to be read
            return
        for value in results:
            if value is not None:
                yield value


def find(path, options):
    """See file.find."""
    top = expand(path)
    if '__dummy__' in options:
        del options['__dummy__']
    try:
        finder = Finder(options)
    except WrongOption as exc:
        return 'error: %s' % exc
    results = []
    for start in glob.glob(top):
        results.extend(finder.find(start))
    return sorted(results, key=_sortable)


def _sortable(value):
    """A key that puts lists in the order of their items, and numbers before texts."""
    if isinstance(value, list):
        return 2, [_sortable(item) for item in value]
    return (0, value) if isinstance(value, compat.integer_types) else (1, value)
