"""Times as people write them in `when`, `range`, `until` and `after`: 5:00pm, Monday 17:30, 2026-01-31 08:00, ..."""
from __future__ import absolute_import, division, print_function

import datetime
import re

from minion import compat
from minion.helpers.cron import DAYS, MONTHS

CLOCK = re.compile(r'(\d{1,2})(?::(\d{2}))?(?::(\d{2})(?:\.\d+)?)?\s*(am|pm|a\.m\.|p\.m\.)?\Z')
ISO = re.compile(r'(\d{4})-(\d{1,2})-(\d{1,2})\Z')
SLASHES = re.compile(r'(\d{1,2})/(\d{1,2})/(\d{4})\Z')


def parse(value, now):
    """(datetime, text that recurs or None) of a time.

    :param value: text; a number counts as Unix seconds; a datetime stays.  :param datetime now: local and naive; what
        the text does not say is that of `now`.
    :return tuple: recurs is 'day' for a bare time of day, 'week' for one with a weekday, else None.
    :raises ValueError: not understood.
    """
    if isinstance(value, datetime.datetime):
        return value.replace(tzinfo=None), None
    if isinstance(value, datetime.date):
        return datetime.datetime(value.year, value.month, value.day), None
    if isinstance(value, compat.integer_types + (float,)) and not isinstance(value, bool):
        return datetime.datetime.fromtimestamp(value), None
    if not compat.is_text(value):
        raise ValueError('%r is no time' % (value,))
    return _Text(compat.to_native(value), now).read()


class _Text(object):
    """Takes a text apart, word by word."""

    def __init__(self, text, now):
        self._text, self._now = text, now
        self._date = self._clock = self._weekday = None
        self._parts = {}                             # month, day, year of a spelled date

    def read(self):
        words = re.sub(r'(\d)\s+(am|pm)\b', r'\1\2', self._text.strip().lower().replace(',', ' '))
        words = re.sub(r'(\d{4}-\d{1,2}-\d{1,2})t(?=\d)', r'\1 ', words).split()
        for word in words:
            if not self._take(word.rstrip('z') if ':' in word else word):
                raise ValueError('%r is no time that is understood here' % (self._text,))
        if not words:
            raise ValueError('an empty text is no time')
        return self._made()

    def _take(self, word):
        clock, date, slashes = CLOCK.match(word), ISO.match(word), SLASHES.match(word)
        if date:
            self._date = datetime.date(*[int(part) for part in date.groups()])
        elif slashes:
            month, day, year = [int(part) for part in slashes.groups()]
            self._date = datetime.date(year, month, day)
        elif clock and (':' in word or clock.group(4)):
            self._clock = _clock(*clock.groups())
        elif word[:3] in DAYS and word.isalpha():
            self._weekday = (DAYS.index(word[:3]) - 1) % 7
        elif word[:3] in MONTHS and word.isalpha():
            self._parts['month'] = MONTHS.index(word[:3]) + 1
        elif re.match(r'\d{1,2}(st|nd|rd|th)?\Z', word):
            self._parts['day'] = int(re.match(r'\d+', word).group())
        elif re.match(r'\d{4}\Z', word):
            self._parts['year'] = int(word)
        else:
            return False
        return True

    def _made(self):
        clock = self._clock or datetime.time(0, 0)
        if self._date is None and self._parts:
            today = self._now.date()
            self._date = today.replace(**self._parts) if 'day' in self._parts else today.replace(day=1, **self._parts)
        if self._date is not None:
            return datetime.datetime.combine(self._date, clock), None
        if self._weekday is None:
            return datetime.datetime.combine(self._now.date(), clock), 'day'
        ahead = (self._weekday - self._now.weekday()) % 7
        return datetime.datetime.combine(self._now.date() + datetime.timedelta(days=ahead), clock), 'week'


def _clock(hour, minute, second, half):
    hour = int(hour)
    if half:
        if not 1 <= hour <= 12:
            raise ValueError('%d is no hour of a half day' % hour)
        hour = hour % 12 + (12 if half[0] == 'p' else 0)
    return datetime.time(hour, int(minute or 0), int(second or 0))
