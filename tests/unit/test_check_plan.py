"""What bin/check chooses to run, and how it counts and shows what was run."""
from __future__ import absolute_import, division, print_function

import re

import pytest

from tests.support.environments import check, interpreters, masters, plan, results
from tests.support.environments.interpreters import Interpreter

REPORT = """<?xml version="1.0"?><testsuites><testsuite name="x">
<testcase classname="tests.real.test_matrix" name="test_ping[3008.3-py2.7]"/>
<testcase classname="tests.real.test_matrix" name="test_ping[3008.3-py3.6]"><failure message="no"/></testcase>
<testcase classname="tests.real.test_matrix" name="test_echo[3008.3-py3.6]"/>
<testcase classname="tests.real.test_matrix" name="test_echo[3008.3-py3.6]"><error message="at its end"/></testcase>
<testcase classname="tests.real.test_matrix" name="test_lookup[3008.3-py2.7]"><skipped message="why"/></testcase>
<testcase classname="tests.unit.test_x" name="test_y"/>
</testsuite></testsuites>"""


def host(*names):
    """Interpreters of a host that has these Pythons."""
    return dict((name, Interpreter(name, name + '.1', '/usr/bin/python' + name)) for name in names)


@pytest.fixture
def planned(monkeypatch, tmpdir):
    """Makes a Plan from a command line and the Pythons of a host."""
    def make(words, *names):
        monkeypatch.setattr(interpreters, 'find', lambda: host(*names))
        return plan.Plan(check.options(words), str(tmpdir))
    return make


def step_names(made):
    """Names of the steps of a plan."""
    return [step.name for step in made.steps()]


def test_reduced_matrix_by_default(planned):
    made = planned([], '2.7', '3.6', '3.8', '3.9', '3.11', '3.13')
    assert made.cell_pythons == ['2.7', '3.6', '3.13']
    assert [recipe.version for recipe in made.recipes] == ['3008.3', '3004.2', '2019.2.8']
    names = step_names(made)
    for name in ('2.7', '3.6', '3.9', '3.11', '3.13'):
        assert names.count('tests ' + name) == names.count('environment ' + name) == 1
    assert 'tests 3.8' not in names and 'environment 3.8' not in names
    told = dict(made.left_out)
    assert '--all' in told['Python 3.8'] and '--all' in told['functional tests on Python 3.6']
    assert not [what for what in told if what.endswith((' 2.7', ' 3.13'))]
    assert 'lint' in names and 'install 3.6' in names and 'real 3004.2' in names


def test_whole_matrix(planned):
    made = planned(['--all'], '2.7', '3.6', '3.8', '3.9', '3.10', '3.11', '3.13', '3.12')
    assert made.cell_pythons == ['2.7', '3.6', '3.9', '3.11', '3.13']
    assert len(made.recipes) == len(masters.RECIPES) == 7


def test_near_python_instead_of_a_missing_one_is_told(planned):
    made = planned([], '2.7', '3.7', '3.12', '3.11', '3.8')
    assert made.cell_pythons == ['2.7', '3.7', '3.12']
    told = dict(made.left_out)
    assert told['real masters with Python 3.6'] == 'no such interpreter found, 3.7 instead'
    assert told['Python 3.6'] == 'no such interpreter found'


def test_master_without_its_python_is_told(planned):
    made = planned([], '3.11')
    assert [recipe.version for recipe in made.recipes] == ['3008.3']
    told = dict(made.left_out)
    assert told['master 2019.2.8'] == 'needs Python 2.7'
    assert told['real masters with Python 2.7'] == 'no such interpreter found'


def test_only_what_was_asked_for(planned):
    assert step_names(planned(['--unit', '--python', '3.6'], '2.7', '3.6')) == ['environment 3.6', 'tests 3.6']
    names = step_names(planned(['--real', '--python', '2.7', '--master', '2019.2.8'], '2.7', '3.6'))
    assert names == ['environment 2.7', 'master 2019.2.8', 'real 2019.2.8', 'install 2.7']


def test_real_run_makes_only_the_environments_that_it_needs(planned):
    names = step_names(planned(['--real'], '2.7', '3.6', '3.7', '3.8', '3.11', '3.12', '3.13'))
    assert [name for name in names if name.startswith('environment')] == [
        'environment 3.13', 'environment 3.6', 'environment 2.7']


def test_nothing_to_run_is_a_failure(planned, capsys):
    made = planned(['--python', '3.14'], '2.7')
    assert made.steps() == []
    assert check.report(made, []) == 1
    shown = capsys.readouterr().out
    assert re.search(r'^Python 3.14 +asked for, but no such interpreter found$', shown, re.MULTILINE)
    assert shown.endswith('\n0 passed, 0 failed, 0 skipped\n')


def test_unknown_master_is_told(planned):
    assert dict(planned(['--master', '1.0'], '3.11').left_out)['master 1.0'].startswith('no recipe')


@pytest.mark.parametrize('wanted, names, expected', [
    ('2.7', ('3.6',), None),
    ('3.6', ('2.7', '3.8', '3.7'), '3.7'),
    ('3.13', ('3.12', '3.14'), '3.14'),
])
def test_nearest(wanted, names, expected):
    assert interpreters.nearest(wanted, host(*names)) == expected


def test_counts_and_cells_of_a_report(tmpdir):
    path = tmpdir.join('report.xml')
    path.write(REPORT)
    found = results.cases(str(path))
    assert results.count(found) == (2, 2, 1)                 # a test with two entries counts once, by the worse
    assert results.cells(found) == {('3008.3', '2.7'): (1, 0, 1), ('3008.3', '3.6'): (0, 2, 0)}


@pytest.mark.parametrize('text', [None, ''])
def test_missing_report(tmpdir, text):
    path = tmpdir.join('report.xml')
    if text is not None:
        path.write(text)
    assert results.cases(str(path)) == []


def test_matrix_shows_what_works_fails_and_was_not_run():
    lines = results.matrix({('3008.3', '2.7'): results.Counts(14, 0, 0), ('3008.3', '3.6'): results.Counts(13, 1, 0),
                            ('2016.11.10', '2.7'): results.Counts(14, 0, 0)})
    assert lines == ['| master | Python 2.7 | Python 3.6 |', '| --- | --- | --- |',
                     '| 3008.3 | works (14) | 1 of 14 failed |', '| 2016.11.10 | works (14) | - |']
