"""python -m tests.bench report FILE...: kept results as Markdown, for README.md and docs/performance.md.

With --into the table goes between the lines `<!-- bench -->` and `<!-- end of bench -->` of a file. With --earlier the
results of another day stand beside these, and each row tells whether the two agree: whether their spreads touch once each is
widened by SHIFT to both sides.
"""
from __future__ import absolute_import, division, print_function

import argparse
import io

from minion import compat
from tests.bench.figures import OURS, REFERENCE, Figures, cell, median, ratio, shown

SHIFT = 0.05                     # what a host gives or takes from one day to the next
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


def beside(figures, earlier):
    """Lines of a table of both runs' own figures, of the rows that both have."""
    yield from_words(figures.about)
    yield 'Earlier: ' + from_words(earlier.about)
    yield ''
    yield '| | earlier | now | |'
    yield '| --- | --- | --- | --- |'
    before, agreed, all_rows = dict((_title(row), row[OURS]) for row in earlier.rows), 0, 0
    for row in figures.rows:
        if before.get(_title(row)) and row[OURS]:
            apart = _apart(before[_title(row)], row[OURS])
            agreed, all_rows = agreed + (not apart), all_rows + 1
            yield '| %s | %s | %s | %s |' % (_title(row), cell(before[_title(row)]), cell(row[OURS]), apart or 'agrees')
    yield ''
    yield '%d of %d rows agree.' % (agreed, all_rows)


def _apart(before, now):
    """How far the nearest ends of two spreads lie apart, '' where they touch: `12 % less`; no number is below 0."""
    if min(now) * (1 - SHIFT) > max(before) * (1 + SHIFT):
        return '%.0f %% more' % (100 * (min(now) / max(before) - 1)) if max(before) else 'more than none'
    if max(now) * (1 + SHIFT) < min(before) * (1 - SHIFT):
        return '%.0f %% less' % (100 * (1 - max(now) / min(before)))
    return ''


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
    parser.add_argument('--earlier', metavar='FILE', help='results of another day')
    options = parser.parse_args(arguments)
    figures = Figures.load(*options.files)
    if options.earlier:
        lines = list(beside(figures, Figures.load(options.earlier)))
    else:
        lines = list((short if options.short else full)(figures))
    if options.into:
        put(options.into, lines)
    else:
        print('\n'.join(lines))
    return 0
