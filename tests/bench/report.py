"""python -m tests.bench report FILE...: kept results as Markdown, for README.md and docs/performance.md.

With --into the table goes between the lines `<!-- bench -->` and `<!-- end of bench -->` of a file.
"""
from __future__ import absolute_import, division, print_function

import argparse
import io

from minion import compat
from tests.bench.figures import OURS, REFERENCE, Figures, cell, median, ratio, shown

BEGIN, END = '<!-- bench -->', '<!-- end of bench -->'


def short(figures):
    """Lines of the table of medians: what is compared, or has a goal."""
    yield from_words(figures.about)
    yield ''
    yield '| | salt-minion | minion | ratio |'
    yield '| --- | --- | --- | --- |'
    for row in [row for row in figures.rows if row[REFERENCE] or row['goal']]:
        yield '| %s | %s | %s | %s |' % (_title(row), _middle(row[REFERENCE]), _middle(row[OURS]), ratio(row))


def full(figures):
    """Lines of the table with spread and goals."""
    yield from_words(figures.about)
    yield ''
    yield '| | salt-minion | minion | ratio | goal |'
    yield '| --- | --- | --- | --- | --- |'
    for row in figures.rows:
        yield '| %s | %s | %s | %s | %s |' % (_title(row), cell(row[REFERENCE]), cell(row[OURS]), ratio(row), row['goal'])


def from_words(about):
    """The sentence that says where the figures come from."""
    beside = 'beside salt-minion %s, ' % about['reference'] if about['reference'] else ''
    return 'Python %s, %s%s, %s, load %s before: `%s`. Medians (least to most).' % (
        about['python'], beside, about['host'], about['date'], about['load'], about['command'])


def _title(row):
    return row['title'] + (', ' + row['unit'] if row['unit'] else '') + (' (%s)' % row['note'] if row['note'] else '')


def _middle(numbers):
    return shown(median(numbers)) if numbers else ''


def put(path, lines):
    """Replace what stands between the two marks of a file.  :raises ValueError: it has them not."""
    with io.open(path, encoding='utf-8') as stream:
        text = stream.read()
    start, end = text.index(BEGIN) + len(BEGIN), text.index(END)
    with io.open(path, 'wb') as stream:
        stream.write(compat.to_bytes(text[:start] + '\n' + '\n'.join(lines) + '\n' + text[end:]))


def main(arguments):
    """Print the table, or put it into a file."""
    parser = argparse.ArgumentParser(prog='python -m tests.bench report', description=__doc__)
    parser.add_argument('files', nargs='+', metavar='FILE')
    parser.add_argument('--short', action='store_true', help='medians only, of what is compared or has a goal')
    parser.add_argument('--into', metavar='FILE')
    options = parser.parse_args(arguments)
    lines = list((short if options.short else full)(Figures.load(*options.files)))
    if options.into:
        put(options.into, lines)
    else:
        print('\n'.join(lines))
    return 0
