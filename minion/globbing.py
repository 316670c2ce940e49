"""Shell patterns on text in bounded time.

The meaning is that of the fnmatch module on a case-sensitive system: `*`, `?`, `[a-z]`, `[!a-z]`, everything else
stands for itself. fnmatch goes through a regular expression, and `*a*a*a*a*` from the wire keeps that busy for hours.
"""
from __future__ import absolute_import, division, print_function

import functools
import operator

ANY_TEXT = object()


def fits(text, pattern):
    """True if the whole `text` matches `pattern`; at worst their lengths' product in steps. Both are text."""
    return fits_parts(text, parse(pattern))


def parse(pattern):
    """The pattern as a list: ANY_TEXT for a run of stars, else a function from one character to bool."""
    parts, at = [], 0
    while at < len(pattern):
        sign = pattern[at]
        at += 1
        if sign == '*':
            if not parts or parts[-1] is not ANY_TEXT:
                parts.append(ANY_TEXT)
        elif sign == '?':
            parts.append(_anything)
        elif sign == '[' and _set_end(pattern, at) is not None:
            end = _set_end(pattern, at)
            parts.append(_one_of(pattern[at:end]))
            at = end + 1
        else:
            parts.append(functools.partial(operator.eq, sign))
    return parts


def fits_parts(text, parts):
    """fits() for a pattern that parse() has read."""
    at = part = 0
    star = resume = None                          # the last ANY_TEXT, and where the text after it began
    while at < len(text):
        if part < len(parts) and parts[part] is ANY_TEXT:
            star, resume = part, at
            part += 1
        elif part < len(parts) and parts[part](text[at]):
            at += 1
            part += 1
        elif star is None:
            return False
        else:                                     # let the last star swallow one character more
            resume += 1
            at, part = resume, star + 1
    while part < len(parts) and parts[part] is ANY_TEXT:
        part += 1
    return part == len(parts)


def _anything(character):
    return True


def _set_end(pattern, start):
    """Where the bracket that closes the set stands; a bracket in the first place belongs to the set."""
    if pattern[start:start + 1] == '!':
        start += 1
    end = pattern.find(']', start + 1)
    return None if end < 0 else end


def _one_of(inside):
    negated = inside.startswith('!')
    if negated:
        inside = inside[1:]
    singles, ranges, at = set(), [], 0
    while at < len(inside):
        if inside[at + 1:at + 2] == '-' and at + 2 < len(inside):
            ranges.append((inside[at], inside[at + 2]))
            at += 3
        else:
            singles.add(inside[at])
            at += 1

    def check(character):
        found = character in singles or any(low <= character <= high for low, high in ranges)
        return found != negated
    return check
