"""python -m tests.bench report FILE...: kept results as Markdown, to be pasted into README.md and docs/performance.md."""
from __future__ import absolute_import, division, print_function

import argparse

from tests.bench.figures import OURS, REFERENCE, Figures, cell, median, ratio, shown


def short(figures):
    """Lines of the table of medians."""
    yield from_words(figures.about)
    yield ''
    yield '| | salt-minion | minion | ratio |'
    yield '| --- | --- | --- | --- |'
    for row in figures.rows:
        yield '| %s | %s | %s | %s |' % (_title(row), _middle(row[REFERENCE]), _middle(row[OURS]), ratio(row))


def full(figures):
    """Lines of the table with spread and goals."""
    yield from_words(figures.about)
    yield ''
    yield '| | salt-minion | minion | ratio | goal |'
    yield '| --- | --- | --- | --- | --- |'
    for row in figures.rows:
        title = _title(row) + (' (%s)' % row['note'] if row['note'] else '')
        yield '| %s | %s | %s | %s | %s |' % (title, cell(row[REFERENCE]), cell(row[OURS]), ratio(row), row['goal'])


def from_words(about):
    """The sentence that says where the figures come from."""
    beside = 'beside salt-minion %s, ' % about['reference'] if about['reference'] else ''
    return 'Python %s, %s%s, %s, load %s before: `%s`. Medians (least to most).' % (
        about['python'], beside, about['host'], about['date'], about['load'], about['command'])


def _title(row):
    return row['title'] + (', ' + row['unit'] if row['unit'] else '')


def _middle(numbers):
    return shown(median(numbers)) if numbers else ''


def main(arguments):
    """Print both tables."""
    parser = argparse.ArgumentParser(prog='python -m tests.bench report', description=__doc__.splitlines()[0])
    parser.add_argument('files', nargs='+', metavar='FILE')
    parser.add_argument('--short', action='store_true', help='medians only')
    options = parser.parse_args(arguments)
    figures = Figures.load(*options.files)
    for each in (short if options.short else full)(figures):
        print(each)
    return 0
