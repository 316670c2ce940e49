"""What a bench finds, as rows that can be kept in a file, compared and shown."""
from __future__ import absolute_import, division, print_function

import datetime
import io
import json
import os
import platform

from minion import compat

REFERENCE, OURS = 'reference', 'ours'


class Figures(object):
    """Rows in their order: {bench, title, unit, goal, ours: [numbers], reference: [numbers], note}.

    Each number is one turn's, or one of many; tables show their median, least and most.
    """

    def __init__(self, about=None, rows=None):
        self.about, self.rows = about or {}, rows or []

    def add(self, bench, title, unit, ours, reference=(), goal='', note=''):
        """Add a row and print it; `ours`, `reference`: numbers.  Returns the row."""
        row = {'bench': bench, 'title': title, 'unit': unit, 'goal': goal, 'note': note,
               OURS: [round(each, 4) for each in ours], REFERENCE: [round(each, 4) for each in reference]}
        self.rows.append(row)
        print('  '.join(part for part in line(row) if part))
        return row

    def save(self, path):
        """Keep all of it in a file, JSON."""
        text = json.dumps({'about': self.about, 'rows': self.rows}, indent=1, sort_keys=True, separators=(',', ': '))
        with io.open(path, 'wb') as stream:
            stream.write(compat.to_bytes(text + '\n'))

    @classmethod
    def load(cls, *paths):
        """What `save` kept; of several files all rows, the facts of the first."""
        about, rows = None, []
        for path in paths:
            with io.open(path, encoding='utf-8') as stream:
                found = json.load(stream)
            about = about or found['about']
            rows += found['rows']
        return cls(about, rows)


def about(python, version):
    """The facts that belong to every table: {date, host, python, reference, load}."""
    return {'date': datetime.date.today().isoformat(), 'python': python, 'reference': version,
            'host': '%s %s, %d cores' % (platform.system(), platform.release(), os.sysconf('SC_NPROCESSORS_ONLN')),
            'load': round(os.getloadavg()[0], 1)}


def median(numbers):
    """The middle of some numbers, of an even count the mean of the two in the middle."""
    ordered = sorted(numbers)
    half = len(ordered) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2


def percentile(numbers, share):
    """The number below which `share` (0 to 1) of the numbers lie."""
    ordered = sorted(numbers)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def shown(number):
    """A number with three digits that count."""
    if number == int(number) and abs(number) < 100000:
        return '%d' % number
    size = abs(number)
    return '%.*f' % (0 if size >= 100 else 1 if size >= 10 else 2 if size >= 1 else 3, number)


def cell(numbers):
    """`median (least to most)`, '' without numbers."""
    if not numbers:
        return ''
    least, middle, most = shown(min(numbers)), shown(median(numbers)), shown(max(numbers))
    return middle if least == most else '%s (%s to %s)' % (middle, least, most)


def ratio(row):
    """Ours to the reference's median: `1/5.2`, or `3.1` where ours is more; '' where there is none."""
    if not row[OURS] or not row[REFERENCE]:
        return ''
    ours, reference = median(row[OURS]), median(row[REFERENCE])
    if not ours or not reference:
        return ''
    return '%.1f' % (ours / reference) if ours >= reference else '1/%.1f' % (reference / ours)


def line(row):
    """(title with unit, reference, ours, ratio, goal) as texts."""
    title = row['title'] + (', ' + row['unit'] if row['unit'] else '')
    return title, cell(row[REFERENCE]), cell(row[OURS]), ratio(row), row['goal'] and 'goal: ' + row['goal']
