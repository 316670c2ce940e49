"""Setting the clock of the host: forms of times and dates, offsets, the words of `date`."""
from __future__ import absolute_import, division, print_function

import datetime
import re
import time

from minion.errors import SaltInvocationError

TIMES = ('%I:%M:%S %p', '%I:%M %p', '%H:%M:%S', '%H:%M')
DATES = ('%Y-%m-%d', '%m-%d-%Y', '%m-%d-%y', '%m/%d/%Y', '%m/%d/%y', '%Y/%m/%d')
_OFFSET = re.compile(r'([+-])(\d\d):?(\d\d)\Z')


def offset(text):
    """A timedelta from '+0530' or '-03:00'.  :raises SaltInvocationError: it is none."""
    found = _OFFSET.match(str(text))
    if not found or int(found.group(2)) > 14 or int(found.group(3)) > 59:
        raise SaltInvocationError('The UTC offset must look like +0530, not %s' % text)
    minutes = int(found.group(2)) * 60 + int(found.group(3))
    return datetime.timedelta(minutes=-minutes if found.group(1) == '-' else minutes)


def now(utc_offset=None):
    """The time of the host, or of a place with this offset."""
    if utc_offset is None:
        return datetime.datetime.now()
    return datetime.datetime(1970, 1, 1) + datetime.timedelta(seconds=int(time.time())) + offset(utc_offset)


def read(text, forms):
    """A datetime from a text in one of the forms.  :raises SaltInvocationError: in none."""
    for form in forms:
        try:
            return datetime.datetime.strptime(str(text), form)
        except ValueError:
            continue                                   # the next form may fit
    raise SaltInvocationError('%s is in none of the forms %s' % (text, ', '.join(forms)))


def changed(moment, parts):
    """`moment` with those parts (years, months, days, hours, minutes, seconds) that are not None.

    :raises SaltInvocationError: there is no such time.
    """
    given = dict((name.rstrip('s'), int(parts[name])) for name in parts if parts[name] is not None)
    try:
        return moment.replace(microsecond=0, **given)
    except ValueError as exc:
        raise SaltInvocationError('There is no such time: %s' % exc)
