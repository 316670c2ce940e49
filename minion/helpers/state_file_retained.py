"""The state file.retention_schedule: of many copies in a folder, some recent and some old ones stay."""
from __future__ import absolute_import, division, print_function

import datetime
import os

from minion.helpers.state_file import failed, new

_NAMES = ('most_recent', 'first_of_hour', 'first_of_day', 'first_of_week', 'first_of_month', 'first_of_year')


def _period(rule):
    """The function that tells to which period a time belongs."""
    if rule == 'first_of_week':
        return lambda when: tuple(when.isocalendar())[:2]
    parts = {'first_of_year': 1, 'first_of_month': 2, 'first_of_day': 3, 'first_of_hour': 4}[rule]
    return lambda when: when.timetuple()[:parts]


def _firsts(times, rule, count):
    """Names of the first of each of the last `count` periods (None: all).  :param list times: (time, name), oldest first."""
    period, first = _period(rule), {}
    for when, name in times:
        first.setdefault(period(when), name)
    newest = sorted(first, reverse=True)
    return [first[one] for one in newest[:count]]


def _times(folder, pattern):
    """((time, name) of the copies, the oldest first; names of what has no time)."""
    times, ignored = [], ['.', '..']
    for name in os.listdir(folder):
        try:
            if pattern:
                when = datetime.datetime.strptime(name, pattern)
            else:
                when = datetime.datetime.fromtimestamp(os.lstat(os.path.join(folder, name)).st_mtime)
        except (ValueError, OSError):
            ignored.append(name)
            continue
        times.append((when.replace(tzinfo=None), name))
    return sorted(times), ignored


def retention_schedule(name, retain, pattern, world):
    """See the state file.retention_schedule.

    :raises KeyError: an unknown rule.  :raises ValueError: a count that is no number.
    """
    name = os.path.expanduser(name)
    ret = new(name)
    if not name:
        return failed(ret, 'Must provide name to file.retention_schedule')
    if not os.path.isdir(name):
        return failed(ret, 'Name provided to file.retention must be a directory')
    counts = [(rule, None if retain[rule] == 'all' else int(retain[rule])) for rule in retain]
    for rule, _ in counts:
        if rule not in _NAMES:
            raise KeyError(rule)
    times, ignored = _times(name, pattern)
    retained = set()
    for rule, count in counts:
        if rule == 'most_recent':
            retained.update(one for _, one in (times if count is None else times[len(times) - min(count, len(times)):]))
        else:
            retained.update(_firsts(times, rule, count))
    return _deleted(name, retained, [one for _, one in times if one not in retained], ignored, ret, world)


def _deleted(name, retained, deleted, ignored, ret, world):
    parts = {'retained': retained, 'deleted': deleted, 'ignored': ignored}
    ret['changes'] = dict((key, sorted(parts[key], reverse=True)) for key in parts)
    if world.opts['test']:
        ret['comment'] = '%d backups would have been removed from %s.\n' % (len(deleted), name)
        ret['result'] = None if deleted else True
        return ret
    for one in ret['changes']['deleted']:
        world.functions['file.remove'](os.path.join(name, one))
    ret['comment'] = '%d backups were removed from %s.\n' % (len(deleted), name)
    return ret
