"""POSIX access control lists: what getfacl prints, and the words that setfacl takes."""
from __future__ import absolute_import, division, print_function

import re

_OCTAL = re.compile(r'\\([0-7]{3})')
_LETTERS = {'user': 'u', 'group': 'g', 'mask': 'm', 'other': 'o'}
_BITS = (('read', 'r', 4), ('write', 'w', 2), ('execute', 'x', 1))
_FLAGS = (('suid', 's'), ('sgid', 's'), ('sticky', 't'))
TYPES = tuple(_LETTERS)


def parsed(text):
    """{path: {'comment': {'file', 'owner', 'group'}, 'user': [{name: {'octal', 'permissions'}}], ..., 'defaults': {...}}}

    The owner's and the owning group's own entries bear their names; of entries under a mask what is in effect is told.
    """
    found, current = {}, None
    for line in text.splitlines():
        if line.startswith('# file: '):
            path = _OCTAL.sub(lambda match: chr(int(match.group(1), 8)), line[len('# file: '):])
            current = found[path] = {'comment': {'file': path}}
        elif current is not None and line.startswith('# '):
            _header(current, *line[2:].split(': ', 1))
        elif current is not None and ':' in line:
            _entry(current, line)
    return found


def _header(current, key, value=''):
    current['comment'][key] = value
    if key == 'flags':
        current.update((name, True) for (name, letter), given in zip(_FLAGS, value) if given == letter)


def _entry(current, line):
    words, place = line.split(':'), current
    if words[0] == 'default':
        words, place = words[1:], current.setdefault('defaults', {})
    if len(words) < 3:
        return
    kind, name, perms = words[0], words[1], words[-1]
    name = name or current['comment'].get({'user': 'owner'}.get(kind, kind), '')
    place.setdefault(kind, []).append({name: {
        'octal': octal(perms), 'permissions': dict((word, letter in perms) for word, letter, _ in _BITS)}})


def octal(perms):
    """The number of `rwx`, `r-x`, `5` or 5.  :raises ValueError: it is no such thing."""
    text = str(perms)
    if len(text) == 1 and text in '01234567':
        return int(text)
    if not set(text) <= set('rwxX-'):
        raise ValueError(text)
    return sum(bit for _, letter, bit in _BITS if letter in text.lower())


def letters(number):
    """`r-x` of 5."""
    return ''.join(letter if number & bit else '-' for _, letter, bit in _BITS)


def split_type(acl_type):
    """(True for defaults, user, group, mask, other or whatever it is): `d:user` -> (True, 'user')."""
    prefix, colon, kind = acl_type.partition(':')
    return (True, kind) if colon and prefix in ('d', 'default') else (False, acl_type)


def word(acl_type, acl_name='', perms=None):
    """What setfacl takes: `d:u:larry:rx`; without permissions what it removes: `d:u:larry`."""
    default, kind = split_type(acl_type)
    parts = (['d'] if default else []) + [_LETTERS.get(kind, kind), str(acl_name)] + ([] if perms is None else [str(perms)])
    return ':'.join(parts)


def entry(acls, acl_type, acl_name):
    """The number of the permissions of an entry of one path of parsed(), or None. No name: the owner, the owning group."""
    default, kind = split_type(acl_type)
    kind = dict((short, word) for word, short in _LETTERS.items()).get(kind, kind)
    place = acls.get('defaults', {}) if default else acls
    name = acl_name or acls['comment'].get({'user': 'owner'}.get(kind, kind), '')
    return next((item[name]['octal'] for item in place.get(kind, ()) if name in item), None)
