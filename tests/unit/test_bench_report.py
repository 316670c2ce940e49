"""The tables of the benchmarks: what two runs' spreads are called, and that a table finds its place in a document."""
from __future__ import absolute_import, division, print_function

import pytest

from tests.bench import report
from tests.bench.figures import Figures

ABOUT = {'python': '3.11.7', 'reference': '', 'host': 'Linux', 'date': '2026-01-02', 'load': 0.1, 'command': 'bench'}


def figures(*rows):
    return Figures(ABOUT, [{'bench': 'b', 'title': title, 'unit': 'ms', 'goal': goal, 'note': '', 'ours': ours,
                            'reference': reference} for title, ours, reference, goal in rows])


@pytest.mark.parametrize('before, now, words', [
    ([10, 20], [15, 30], ''), ([10, 20], [20.5], ''), ([10, 20], [9.5], ''), ([0], [0], ''),
    ([10, 20], [30, 40], '50 % more'), ([10, 20], [4, 5], '50 % less'), ([0], [1], 'more than none'), ([1], [0], '100 % less')])
def test_two_spreads(before, now, words):
    assert report._apart(before, now) == words


def test_runs_of_two_days_side_by_side():
    lines = list(report.beside(figures(('a', [1, 2], [], ''), ('b', [9], [], ''), ('new', [1], [], '')),
                               figures(('a', [2, 3], [], ''), ('b', [3], [], ''), ('gone', [1], [], ''))))
    assert [line for line in lines if line.endswith('|')][2:] == [
        '| a, ms | 2.50 (2 to 3) | 1.50 (1 to 2) | agrees |  |  |  |', '| b, ms | 3 | 9 | 200 % more |  |  |  |']
    assert lines[-2:] == ['1 of 2 rows agree.', '0 of 0 ratios agree.']


def test_a_ratio_agrees_on_a_host_twice_as_fast():
    lines = list(report.beside(figures(('a', [1, 1.1], [10, 11], ''), ('b', [1], [10], '')),
                               figures(('a', [2, 2.2], [20, 22], ''), ('b', [1], [20], ''))))
    assert [line for line in lines if line.endswith('|')][2:] == [
        '| a, ms | 2.10 (2 to 2.20) | 1.05 (1 to 1.10) | 45 % less | 1/10.0 | 1/10.0 | agrees |',
        '| b, ms | 1 | 1 | agrees | 1/20.0 | 1/10.0 | 100 % more |']
    assert lines[-2:] == ['1 of 2 rows agree.', '1 of 2 ratios agree.']


def test_a_table_goes_between_its_marks(tmpdir):
    page, kept = tmpdir.join('page.md'), tmpdir.join('kept.json')
    page.write('before\n<!-- bench -->\nold\n<!-- end of bench -->\nafter\n')
    figures(('a', [1, 2, 6], [8, 8], 'under 3 ms'), ('b', [5], [], '')).save(str(kept))
    assert report.main([str(kept), '--short', '--into', str(page)]) == 0
    lines = page.read().splitlines()
    assert lines[0] == 'before' and lines[-1] == 'after' and 'old' not in lines
    assert '| a, ms | 8 | 2 | 1/4.0 |' in lines and not [line for line in lines if line.startswith('| b')]
