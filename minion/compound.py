"""Compound targets: `G@os:Debian and not ( web-* or L@db-1,db-2 )`.

The reference replaces each word by True or False and lets Python evaluate the sentence. This reader gives the same
answers, oddities included, without evaluating anything: `( )` is false, a parenthesis behind an operand is a call,
which fails only where Python would get to it.
"""
from __future__ import absolute_import, division, print_function

import re

from minion import compat
from minion.errors import BadTarget
from minion.nodegroups import OPERATORS

_WORD = re.compile(r'^(?:([GPIJ])(.)?@|([LNSERTM])@)(.+)$')
_DEEPEST = 200                            # open parentheses, Python's own limit
_MOST_WORDS = 1000000                     # after nodegroups have been unfolded


def evaluate(words, decide, expand):
    """Truth of a compound target.

    :param list words: texts.
    :param decide: called as decide(letter, pattern, delimiter) for every operand, even where `and` and `or` would not
        need it; letter and delimiter are None for plain globs.
    :param expand: called with the name of a nodegroup, gives its words.
    :raises BadTarget: for what is not a sentence. Whatever `decide` and `expand` raise passes.
    """
    sentence = _Sentence()
    queue = list(reversed(words))
    seen = 0
    while queue:
        word = queue.pop()
        seen += 1
        if seen > _MOST_WORDS:
            raise BadTarget('more than %d words' % _MOST_WORDS)
        if not compat.is_text(word):
            raise BadTarget('text expected, %s found' % type(word).__name__)
        word = compat.to_text(word)
        letter, delimiter, pattern = parse_word(word)
        if word in OPERATORS:
            sentence.operator(word)
        elif letter == 'N':
            queue.extend(reversed(expand(pattern)))
        else:
            sentence.operand(decide(letter, pattern, delimiter))
    return sentence.end()


def parse_word(word):
    """(letter, delimiter, pattern) of `G@a:b` or `G|@a|b`; (None, None, word) for any other word, a glob."""
    match = _WORD.match(word)
    if not match:
        return None, None, word
    pathed, delimiter, other, pattern = match.groups()
    return pathed or other, delimiter, pattern


class _Call(object):
    """The value of an operand that is called: an error as soon as somebody asks for it."""


class _Level(object):
    """What is known between one pair of parentheses."""

    def __init__(self, call=False):
        self.call = call                          # the parenthesis follows an operand
        self.value = None                         # operand read last
        self.negated = False
        self.all = None                           # of the operands joined by `and`
        self.any = None                           # of the parts joined by `or`
        self.empty = True

    def join_and(self):
        if self.value is None:
            raise BadTarget('an operand is missing')
        value = self.value
        if self.negated and value is not _Call:
            value = not value
        if self.all is None or self.all is True:
            self.all = value
        self.value, self.negated = None, False

    def join_or(self):
        self.join_and()
        if self.any is None or self.any is False:
            self.any = self.all
        self.all = None

    def close(self):
        """Value of the whole level; an empty pair of parentheses is false."""
        if self.empty:
            return False
        self.join_or()
        return self.any


class _Sentence(object):
    """Reads operators and operands from left to right."""

    def __init__(self):
        self._levels = [_Level()]
        self._last = None                         # operator read last, None after an operand

    def operand(self, value):
        self._put(bool(value))
        self._last = None

    def operator(self, word):
        level = self._levels[-1]
        if word == '(':
            self._open(level)
        elif word == ')':
            self._close(level)
        elif word == 'not':
            self._negate(level)
        elif word == 'and':
            level.join_and()
        else:
            level.join_or()
        self._last = word

    def end(self):
        if len(self._levels) > 1:
            raise BadTarget('a parenthesis is not closed')
        value = self._levels[0].close()
        if value is _Call:
            raise BadTarget('a parenthesis follows an operand')
        return value

    def _put(self, value):
        level = self._levels[-1]
        if level.value is not None:
            raise BadTarget('an operator is missing')
        level.value, level.empty = value, False

    def _open(self, level):
        if len(self._levels) > _DEEPEST:
            raise BadTarget('more than %d open parentheses' % _DEEPEST)
        level.empty = False
        self._levels.append(_Level(call=level.value is not None))

    def _close(self, level):
        if len(self._levels) == 1:
            raise BadTarget('a parenthesis is not open')
        value = level.close()
        self._levels.pop()
        if level.call:
            self._levels[-1].value = _Call
        else:
            self._put(value)

    def _negate(self, level):
        if self._last == 'not':
            raise BadTarget('not not')
        if level.value is not None:               # `a not b` means `a and not b`
            level.join_and()
        level.negated, level.empty = True, False
