"""What the test runs said: counts from pytest's XML reports, and the tables printed at the end."""
from __future__ import absolute_import, division, print_function

import os
import re
from collections import namedtuple
from xml.etree import ElementTree

Counts = namedtuple('Counts', 'passed failed skipped')
NONE = Counts(0, 0, 0)
CELL = re.compile(r'\[([0-9.]+)-py([0-9.]+)')           # ids of tests/real: master version, Python


def add(one, other):
    """Sum of two Counts."""
    return Counts(*[left + right for left, right in zip(one, other)])


def cases(path):
    """[(name, outcome)] of a report, outcome being passed, failed or skipped; [] if there is no report.

    A test that passed and then failed at its end has two entries in some versions of pytest; the worse one counts.
    """
    if not os.path.exists(path) or not os.path.getsize(path):
        return []
    order, worst = [], {}
    for case in ElementTree.parse(path).getroot().iter('testcase'):
        name = '%s.%s' % (case.get('classname'), case.get('name'))
        tags = set(child.tag for child in case)
        outcome = 'failed' if tags & set(['failure', 'error']) else 'skipped' if 'skipped' in tags else 'passed'
        if name not in worst:
            order.append(name)
        worst[name] = min(outcome, worst.get(name, outcome), key=('failed', 'skipped', 'passed').index)
    return [(name, worst[name]) for name in order]


def mend(path, again):
    """Take the failures out of the report `path` whose tests passed in the report `again`; their names."""
    passed = set(name for name, outcome in cases(again) if outcome == 'passed')
    tree, mended = ElementTree.parse(path), set()
    for case in tree.getroot().iter('testcase'):
        name = '%s.%s' % (case.get('classname'), case.get('name'))
        for child in [child for child in case if child.tag in ('failure', 'error') and name in passed]:
            case.remove(child)
            mended.add(name)
    tree.write(path)
    return sorted(mended)


def count(found):
    """Counts of a list as cases() gives it."""
    outcomes = [outcome for _, outcome in found]
    return Counts(outcomes.count('passed'), outcomes.count('failed'), outcomes.count('skipped'))


def cells(found):
    """{(master, python): Counts} of the tests that name a master and a Python."""
    table = {}
    for name, outcome in found:
        match = CELL.search(name)
        if match:
            table[match.groups()] = add(table.get(match.groups(), NONE), count([(name, outcome)]))
    return table


def matrix(table):
    """Lines of a Markdown table of masters and Pythons; what was not run is a dash."""
    masters = sorted(set(master for master, _ in table), key=_number, reverse=True)
    pythons = sorted(set(python for _, python in table), key=_number)
    lines = ['| master | ' + ' | '.join('Python ' + python for python in pythons) + ' |',
             '| --- |' + ' --- |' * len(pythons)]
    for master in masters:
        lines.append('| %s | %s |' % (master, ' | '.join(_cell(table.get((master, python))) for python in pythons)))
    return lines


def _cell(counts):
    if counts is None:
        return '-'
    if counts.failed:
        return '%d of %d failed' % (counts.failed, sum(counts))
    return 'works (%d)' % counts.passed if counts.passed else 'skipped'


def _number(version):
    return [int(part) for part in version.split('.')]


def rows(lines):
    """A plain table: columns as wide as their longest entry. `lines`: tuples of text, the first is the heading."""
    widths = [max(len(line[column]) for line in lines) for column in range(len(lines[0]))]
    return ['  '.join(text.ljust(width) for text, width in zip(line, widths)).rstrip() for line in lines]
