"""What a setting's value may be: each check takes the value from the YAML file and returns the one to work with.

A check raises Wrong with the words that follow "should be" in the message. The reference only warns about a wrong type
and goes on with it; here a number may be given as text, a single text where a list is wanted, 0 and 1 or a quoted word
for a boolean, and anything else ends the start with a line that names file, key and value.
"""
from __future__ import absolute_import, division, print_function

import re

from minion import compat

BOOLEANS = {'true': True, 'yes': True, 'on': True, 'false': False, 'no': False, 'off': False}
NUMBER = re.compile(r'^[+-]?[0-9]+(\.[0-9]+)?$')
FOREVER = 10.0 ** 9                              # about 31 years: no timer is longer, and select takes it


class Wrong(ValueError):
    """A value that a setting cannot have; the text says what it should be."""


def anything(value):
    """Any value; what it means is its reader's business."""
    return value


def boolean(value):
    """True or False; 0, 1 and the words of YAML in quotes pass."""
    if isinstance(value, bool):
        return value
    if compat.is_text(value) and value.strip().lower() in BOOLEANS:
        return BOOLEANS[value.strip().lower()]
    if isinstance(value, compat.integer_types) and value in (0, 1):
        return bool(value)
    raise Wrong('True or False')


def text(value):
    """A text without line breaks and NUL."""
    if not compat.is_text(value):
        raise Wrong('a text (in quotes, if it looks like a number or a date)')
    if '\0' in value or '\n' in value or '\r' in value:
        raise Wrong('a text of one line')
    return value


def loose_text(value):
    """A text; a whole number is taken as the text that it was, for passwords, ids and environments made of digits."""
    if isinstance(value, compat.integer_types) and not isinstance(value, bool):
        return str(value)
    return text(value)


def nonempty_text(value):
    """A text that is not empty."""
    value = text(value)
    if not value.strip():
        raise Wrong('a text that is not empty')
    return value


def choice(*words):
    """One of `words`, compared without regard to case and returned as it stands in `words`."""
    known = dict((word.lower(), word) for word in words)

    def check(value):
        if not compat.is_text(value) or value.strip().lower() not in known:
            raise Wrong('one of ' + ', '.join(word or "''" for word in words))
        return known[value.strip().lower()]
    return check


def _number(value):
    if isinstance(value, bool):
        return None if value else 0                # `ping_interval: False` is how people write "off"
    if compat.is_text(value) and NUMBER.match(value.strip()):
        value = value.strip()
        return float(value) if '.' in value else int(value)
    return value if isinstance(value, compat.integer_types + (float,)) else None


def number(low, high=FOREVER):
    """A number from `low` to `high`, whole or not."""
    def check(value):
        found = _number(value)
        if found is None or not low <= found <= high:              # a NaN compares false
            raise Wrong('a number %s' % _span(low, high))
        return found
    return check


def whole(low, high=10 ** 12):
    """A whole number from `low` to `high`."""
    def check(value):
        found = _number(value)
        if found is None or not low <= found <= high or found != int(found):
            raise Wrong('a whole number %s' % _span(low, high))
        return int(found)
    return check


def _span(low, high):
    if high in (FOREVER, 10 ** 12):
        return 'from %s on' % low
    return 'from %s to %s' % (low, high)


def at_least(low, high):
    """A whole number up to `high`; one below `low` counts as `low`."""
    check = whole(0, high)
    return lambda value: max(low, check(value))


def texts(value):
    """A list of texts; one text is a list of one."""
    if compat.is_text(value):
        return [text(value)] if value else []
    if isinstance(value, (list, tuple)):
        return [loose_text(item) for item in value]
    raise Wrong('a list of texts')


def listing(value):
    """A list of anything; an empty text or mapping is an empty list."""
    if isinstance(value, (list, tuple)):
        return list(value)
    if compat.is_text(value):
        return [value] if value else []
    if value == {}:
        return []
    raise Wrong('a list')


def mapping(value):
    """A mapping; an empty list is an empty mapping."""
    if isinstance(value, dict):
        return value
    if value == []:
        return {}
    raise Wrong('a mapping (key: value)')


def either(*checks):
    """The first of `checks` that accepts the value."""
    def check(value):
        wanted = []
        for one in checks:
            try:
                return one(value)
            except Wrong as exc:
                wanted.append(str(exc))
        raise Wrong(' or '.join(wanted))
    return check


seconds = number(0)
positive_seconds = number(0.001)
count = whole(0)
port = whole(1, 65535)
any_port = whole(0, 65535)                         # 0: the kernel chooses
text_or_texts = either(text, texts)
