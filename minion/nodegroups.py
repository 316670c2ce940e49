"""Names for groups of minions, as the setting `nodegroups` defines them, turned into words of a compound target."""
from __future__ import absolute_import, division, print_function

import re

from minion import compat
from minion.errors import BadTarget

OPERATORS = frozenset(('and', 'or', 'not', '(', ')'))
_MOST_WORDS = 100000
_WITH_ENGINE = re.compile(r'^[A-Z]@')
_REGEX_SIGNS = frozenset('()[]{}\\?')


def expand(name, groups):
    """The words of group `name`; [] for one that is unknown or leads back to itself.

    A plain list of ids becomes one word `L@a,b` (`L@` if it is empty), one with signs of a regular expression `E@a,b`.
    A group that names others stands in parentheses; one that does not is given as it was written, without them, as in
    the reference.

    :param dict groups: names to text or list of words.
    :raises BadTarget: groups within groups that make more than 100000 words.
    """
    words, nested = _unfold(name, groups, ())
    if nested:
        return words
    plain = _words(groups.get(name))
    return _as_one_word(plain) or plain or []


def _unfold(name, groups, path):
    """(the words in parentheses, whether another group was named)."""
    words, nested = [], False
    for word in _words(groups.get(name)) or ():
        if word.startswith('N@') and len(word) > 2:
            nested = True
            words += _inner(word[2:], groups, path + (name,))
        else:
            words.append(word)
        if len(words) > _MOST_WORDS:
            raise BadTarget('the nodegroup %s has more than %d words' % (name, _MOST_WORDS))
    return (['('] + words + [')'] if words else []), nested


def _inner(name, groups, path):
    if name in path:
        return []
    return _as_one_word(_words(groups.get(name))) or _unfold(name, groups, path)[0]


def _words(definition):
    if compat.is_text(definition):
        return compat.to_text(definition).split()
    if isinstance(definition, (list, tuple)):
        return [compat.shown(word) for word in definition]
    return None


def _as_one_word(words):
    """[`L@...`] or [`E@...`] for words that are neither operators nor patterns, else None."""
    if words is None or any(word in OPERATORS or '*' in word or _WITH_ENGINE.match(word) for word in words):
        return None
    regex = any(_REGEX_SIGNS.intersection(word) for word in words)
    return [('E@' if regex else 'L@') + ','.join(words)]
