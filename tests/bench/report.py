"""python -m tests.bench report FILE...: kept results as Markdown, for README.md and docs/performance.md.

With --into the table goes between the lines `<!-- bench -->` and `<!-- end of bench -->` of a file. With --earlier the
results of another day stand beside these, and each row tells whether the two agree: whether their spreads touch once each is
widened by SHIFT to both sides. Where salt-minion was measured as well, so does the ratio to it of each run, which the speed of
the host that day does not change; its spread goes from the least of ours over the most of salt-minion's to the other ends.
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
    """Lines of a table of both runs' own figures and ratios, of the rows that both have."""
    yield from_words(figures.about)
    yield 'Earlier: ' + from_words(earlier.about)
    yield ''
    yield '| | earlier | now | | ratio earlier | ratio now | |'
    yield '| --- | --- | --- | --- | --- | --- | --- |'
    rows, told = dict((_title(row), row) for row in earlier.rows), {'rows': [], 'ratios': []}
    for now in figures.rows:
        before = rows.get(_title(now))
        if before and before[OURS] and now[OURS]:
            words = [_told(told['rows'], before[OURS], now[OURS])]
            ratios = _ratios(before), _ratios(now)
            words.append(_told(told['ratios'], *ratios) if all(ratios) else '')
            yield '| %s | %s | %s | %s | %s | %s | %s |' % (
                _title(now), cell(before[OURS]), cell(now[OURS]), words[0], ratio(before), ratio(now), words[1])
    yield ''
    for what in ('rows', 'ratios'):
        yield '%d of %d %s agree.' % (told[what].count('agrees'), len(told[what]), what)


def _told(told, before, now):
    told.append(_apart(before, now) or 'agrees')
    return told[-1]


def _ratios(row):
    """The ends of the ratio of ours to the reference's: (least, most); () where there is none."""
    if not row[OURS] or not row[REFERENCE] or not min(row[OURS]) or not min(row[REFERENCE]):
        return ()
    return min(row[OURS]) / max(row[REFERENCE]), max(row[OURS]) / min(row[REFERENCE])


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
