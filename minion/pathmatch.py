"""Does `os:Deb*` hold for these grains? Paths into nested data, ending in a pattern; the pillar's matchers use it."""
from __future__ import absolute_import, division, print_function

import re

from minion import compat, globbing
from minion.errors import BadTarget
from minion.helpers import traverse

GLOB, REGEX, EXACT = 'glob', 'regex', 'exact'
LONGEST = 16384                           # characters of one expression
_EFFORT = 100000                          # comparisons; `*:*:*:...` multiplies with every level of the data


def holds(data, expression, delimiter=':', kind=GLOB):
    """True if the value at a path in `data` fits the pattern behind the path.

    Every place where the path may end and the pattern begin is tried, the longest path first. Comparison ignores case,
    as the reference does; a list fits if an item does; a mapping fits if a key or something below it does, and
    `*:` in front of a pattern goes down one level.

    :param data: mapping of grains or pillar.
    :param str expression: text; without a delimiter in it nothing fits.
    :param str kind: GLOB, REGEX (matched at the start) or EXACT.
    :raises BadTarget: an empty delimiter, or an expression beyond all measure.
    Source: tests/data/parity/targeting.json.
    """
    if not delimiter:
        raise BadTarget('the delimiter is empty')
    if len(expression) > LONGEST:
        raise BadTarget('longer than %d characters' % LONGEST)
    return _Search(kind).below(data, expression, delimiter)


class _Search(object):
    """One question; counts its comparisons."""

    def __init__(self, kind):
        self._compare = {GLOB: self._by_glob, REGEX: self._by_regex, EXACT: self._by_equality}[kind]
        self._patterns = {}
        self._effort = 0

    def below(self, data, expression, delimiter=':'):
        """Try all ends of the path."""
        self._count()
        words = expression.split(delimiter)
        values = list(traverse.steps(data, words[:-1]))
        for length in range(max(len(values), 1), 0, -1):
            if length == 1 and words[0] == '*' and len(words) > 1:
                if self._value(data, expression):
                    return True
            elif length <= len(values) and self._value(values[length - 1], delimiter.join(words[length:])):
                return True
        return False

    def _value(self, value, pattern):
        """Does what stands at the end of a path fit?"""
        if isinstance(value, compat.Mapping):
            return bool(value) and self._mapping(value, pattern)
        if isinstance(value, (list, tuple)):
            return any(isinstance(item, compat.Mapping) and self._mapping(item, pattern) or self._text(item, pattern)
                       for item in value)
        return self._text(value, pattern)

    def _mapping(self, mapping, pattern):
        self._count()
        deeper = pattern.startswith('*:')
        if deeper:
            pattern = pattern[2:]
        if pattern == '*' or pattern in mapping or any(self._text(key, pattern) for key in mapping):
            return True
        if ':' in pattern and self.below(mapping, pattern):
            return True
        return deeper and any(self._child(mapping[key], pattern) for key in mapping)

    def _child(self, value, pattern):
        """One value of a mapping, for a pattern that had `*:` in front."""
        if isinstance(value, compat.Mapping):
            return self._mapping(value, pattern)
        if isinstance(value, list):
            return any(self._text(item, pattern) for item in value)
        return self._text(value, pattern)

    def _text(self, value, pattern):
        self._count()
        return self._compare(compat.shown(value).lower(), pattern)

    def _by_glob(self, text, pattern):
        if pattern not in self._patterns:
            self._patterns[pattern] = globbing.parse(pattern.lower())
        return globbing.fits_parts(text, self._patterns[pattern])

    def _by_regex(self, text, pattern):
        if pattern not in self._patterns:
            self._patterns[pattern] = _compiled(pattern.lower())
        regex = self._patterns[pattern]
        return regex is not None and regex.match(text) is not None

    @staticmethod
    def _by_equality(text, pattern):
        return text == pattern.lower()

    def _count(self):
        self._effort += 1
        if self._effort > _EFFORT:
            raise BadTarget('more than %d comparisons' % _EFFORT)


def _compiled(pattern):
    """The regular expression, None for a malformed one: inside a path that is no match, not an error."""
    try:
        return re.compile(pattern, re.UNICODE)
    except (re.error, RuntimeError, OverflowError):       # RuntimeError: nested too deeply
        return None
