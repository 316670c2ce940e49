"""Times in the five fields of cron: minute, hour, day of month, month, day of week; also @daily and its like."""
from __future__ import absolute_import, division, print_function

import datetime
import re

NAMES = {'@yearly': '0 0 1 1 *', '@annually': '0 0 1 1 *', '@monthly': '0 0 1 * *', '@weekly': '0 0 * * 0',
         '@daily': '0 0 * * *', '@midnight': '0 0 * * *', '@hourly': '0 * * * *'}
MONTHS = ('jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec')
DAYS = ('sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat')
RANGES = ((0, 59, ()), (0, 23, ()), (1, 31, ()), (1, 12, MONTHS), (0, 7, DAYS))
YEARS = 30                       # 29 February of a given weekday comes that often, and some days never
PART = re.compile(r'(\*|[a-z0-9]+(?:-[a-z0-9]+)?)(?:/([0-9]+))?\Z')


class Cron(object):
    """:param str text: the expression.  :raises ValueError: it is none; the text says why."""

    def __init__(self, text):
        fields = NAMES.get(text.strip().lower(), text).split()
        if len(fields) != 5:
            raise ValueError('%r has %d fields instead of 5' % (text, len(fields)))
        sets = [_numbers(field, *limits) for field, limits in zip(fields, RANGES)]
        self._minutes, self._hours, self._days, self._months, weekdays = sets
        self._weekdays = set(number % 7 for number in weekdays)
        self._either = fields[2][0] != '*' and fields[4][0] != '*'        # then one of both days is enough

    def after(self, moment):
        """The first matching datetime later than `moment` (naive, local time), None if there is none."""
        day = moment.date()
        for number in range(366 * YEARS):
            if day.month in self._months and self._is_day(day):
                found = self._time(day, moment if number == 0 else None)
                if found is not None:
                    return found
            day += datetime.timedelta(days=1)
        return None

    def _is_day(self, day):
        in_month, in_week = day.day in self._days, day.isoweekday() % 7 in self._weekdays
        return in_month or in_week if self._either else in_month and in_week

    def _time(self, day, moment):
        for hour in sorted(self._hours):
            for minute in sorted(self._minutes):
                found = datetime.datetime(day.year, day.month, day.day, hour, minute)
                if moment is None or found > moment:
                    return found
        return None


def _numbers(field, low, high, names):
    """The set of numbers that one field stands for."""
    found = set()
    for part in field.lower().split(','):
        match = PART.match(part)
        if not match:
            raise ValueError('%r is no field of cron' % (field,))
        span, step = match.group(1), int(match.group(2) or 1)
        if step == 0:
            raise ValueError('%r has a step of 0' % (field,))
        if span == '*':
            first, last = low, high
        else:
            ends = [_number(word, names) for word in span.split('-')]
            first, last = ends[0], ends[-1]
            if match.group(2) and len(ends) == 1:
                last = high
        if not low <= first <= last <= high:
            raise ValueError('%r is not between %d and %d' % (field, low, high))
        found.update(range(first, last + 1, step))
    return found


def _number(word, names):
    if word.isdigit():
        return int(word)
    if word[:3] in names:
        return names.index(word[:3]) + (1 if names is MONTHS else 0)
    raise ValueError('%r is neither a number nor a name' % (word,))
