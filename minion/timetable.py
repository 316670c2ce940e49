"""When the jobs of the schedule are due. Pure: clocks are arguments.

An interval is counted on the monotonic clock, so that setting the host's clock neither repeats nor skips a job; `when`,
`cron` and `once` are times of the wall clock, local and naive.
"""
from __future__ import absolute_import, division, print_function

import datetime
import random

from minion import compat
from minion.helpers import cron, whentime

UNITS = (('seconds', 1), ('minutes', 60), ('hours', 3600), ('days', 86400))
FORMAT = '%Y-%m-%dT%H:%M:%S'
LATE = 120.0                     # seconds that a wall clock job may be late: a host that slept or whose clock jumped


class Unusable(ValueError):
    """An entry of the schedule that can never run; the text says why."""


class Entry(object):
    """One job of the schedule and its next time.

    :param str name:  :param dict data: as configured.  :param datetime wall: now.  :param float mono: now.
    :param callable named: named(text) -> value of `whens` in pillar or grains, or None.
    :raises Unusable:
    """

    def __init__(self, name, data, wall, mono, named=lambda text: None, draw=random.uniform):
        self.name, self.data = name, data
        self.running, self.last = 0, wall            # how many of its jobs run; when it ran last, or was made
        self._named, self._draw = named, draw
        self._due_mono = self._due_wall = None       # one of them is set where there is a next time
        self.splay = None                            # seconds added to the next time
        if not isinstance(data, dict) or not compat.is_text(data.get('function')):
            raise Unusable('it names no function')
        self.seconds = _interval(data)
        kinds = [kind for kind in ('when', 'cron', 'once') if data.get(kind)]
        if self.seconds and ('when' in kinds or 'cron' in kinds):
            raise Unusable('Unable to use "seconds", "minutes", "hours", or "days" with "when" or "cron" options.')
        if 'when' in kinds and 'cron' in kinds:
            raise Unusable('Unable to use "when" and "cron" options together.')
        self._cron = _cron(data['cron']) if 'cron' in kinds else None
        self._check(wall)
        self.run_now = bool(data.get('run_on_start'))
        self.plan(wall, mono)

    def _check(self, wall):
        for name in ('until', 'after'):
            if self.data.get(name):
                self._time(self.data[name], wall)
        span = self.data.get('range')
        if span and not (isinstance(span, dict) and span.get('start') and span.get('end')):
            raise Unusable('range needs a start and an end')
        if self.data.get('once'):
            self._once()

    def _time(self, value, wall):
        known = self._named(value) if compat.is_text(value) else None
        try:
            return whentime.parse(value if known is None else known, wall)
        except (ValueError, OverflowError) as exc:
            raise Unusable(str(exc))

    def _once(self):
        value, shape = self.data['once'], self.data.get('once_fmt', FORMAT)
        if isinstance(value, datetime.datetime):
            return value
        try:
            return datetime.datetime.strptime(value, shape)
        except (TypeError, ValueError) as exc:
            raise Unusable('once: %s' % exc)

    # ---- planning

    def plan(self, wall, mono):
        """Set the next time, later than now."""
        self._due_mono = self._due_wall = None
        if self.seconds:
            self._due_mono = mono + self.seconds
        else:
            self._due_wall = self._next_wall(wall)
        self.splay = self._splay()
        if self.splay and self._due_mono is not None:
            self._due_mono += self.splay
        elif self.splay and self._due_wall is not None:
            self._due_wall += datetime.timedelta(seconds=self.splay)

    def _next_wall(self, wall):
        if self._cron is not None:
            return self._cron.after(wall)
        if self.data.get('once'):
            found = self._once()
            return found if found > wall else None
        values = self.data.get('when')
        found = [self._next_when(value, wall) for value in (values if isinstance(values, (list, tuple)) else [values])
                 if value]
        return min([moment for moment in found if moment is not None] or [None])

    def _next_when(self, value, wall):
        moment, recurs = self._time(value, wall)
        if moment > wall:
            return moment
        if recurs is None:
            return None
        return moment + datetime.timedelta(days=1 if recurs == 'day' else 7)

    def _splay(self):
        wanted = self.data.get('splay')
        if isinstance(wanted, dict):
            wanted = self._draw(float(wanted.get('start', 0)), float(wanted.get('end', 0)))
        elif wanted:
            wanted = self._draw(0, float(wanted))
        return round(wanted, 3) if wanted else None

    # ---- asking

    def next_time(self, wall, mono):
        """The datetime at which it is due next, None when it is not."""
        times = [_parsed(row) for row in self.data.get('run_explicit') or ()]
        times = [moment for moment in times if moment > wall]
        if self._due_mono is not None:
            times.append(wall + datetime.timedelta(seconds=self._due_mono - mono))
        if self._due_wall is not None:
            times.append(self._due_wall)
        return min(times) if times else None

    def wait(self, wall, mono):
        """Seconds until it is due, 0 when it is, None when it never will be."""
        if self.run_now:
            return 0.0
        waits = [] if self._due_mono is None else [self._due_mono - mono]
        moments = [_parsed(row) for row in self.data.get('run_explicit') or ()]
        waits += [(moment - wall).total_seconds() for moment in moments + [self._due_wall] if moment is not None]
        return max(0.0, min(waits)) if waits else None

    def on_wall(self):
        """True if its next time depends on the wall clock."""
        return self._due_wall is not None or bool(self.data.get('run_explicit'))

    def take(self, wall, mono):
        """True if it is due now and nothing speaks against running; the next time is set either way when it was due."""
        if self.run_now:
            self.run_now = False
            return self.allowed(wall)
        explicit = [row for row in self.data.get('run_explicit') or () if _parsed(row) <= wall]
        for row in explicit:
            self.data['run_explicit'].remove(row)
        late = explicit and (wall - _parsed(explicit[-1])).total_seconds() or 0.0
        due = self._due_mono is not None and self._due_mono <= mono
        if self._due_wall is not None and self._due_wall <= wall:
            due, late = True, (wall - self._due_wall).total_seconds()
        if not due and not explicit:
            return False
        planned = self._due_wall if self._due_wall is not None and self._due_wall <= wall else wall
        if due:
            self.plan(wall, mono)
        return late <= LATE and not self._skipped(planned) and self.allowed(wall)

    def _skipped(self, planned):
        for row in list(self.data.get('skip_explicit') or ()):
            if abs((_parsed(row) - planned).total_seconds()) < 1.0:
                self.data['skip_explicit'].remove(row)
                return True
        return False

    def allowed(self, wall):
        """False outside of `after`, `until` and `range`, and inside of `skip_during_range`."""
        if self.data.get('after') and wall <= self._time(self.data['after'], wall)[0]:
            return False
        if self.data.get('until') and wall >= self._time(self.data['until'], wall)[0]:
            return False
        span, skip = self.data.get('range'), self.data.get('skip_during_range')
        if span and self._inside(span, wall) is bool(span.get('invert')):
            return False
        return not (isinstance(skip, dict) and self._inside(skip, wall))

    def _inside(self, span, wall):
        start, end = self._time(span['start'], wall)[0], self._time(span['end'], wall)[0]
        return start <= wall <= end if start <= end else wall >= start or wall <= end


def _interval(data):
    try:
        total = sum(float(data[unit]) * factor for unit, factor in UNITS if data.get(unit))
    except (TypeError, ValueError):
        raise Unusable('%s should be numbers' % ', '.join(unit for unit, _ in UNITS if data.get(unit)))
    if total < 0:
        raise Unusable('its interval is negative')
    return int(total) if total == int(total) else total


def _cron(text):
    try:
        return cron.Cron(text if compat.is_text(text) else str(text))
    except ValueError as exc:
        raise Unusable('cron: %s' % exc)


def _parsed(row):
    """A row {time, time_fmt} of run_explicit and skip_explicit."""
    return datetime.datetime.strptime(row['time'], row.get('time_fmt') or FORMAT)
