"""state.single, state.low, state.high: shapes and return codes, as the reference's."""
from __future__ import absolute_import, division, print_function

import pytest

from tests.support.staterun import Engine, ids


@pytest.fixture()
def engine(tmpdir, monkeypatch):
    return Engine(str(tmpdir), monkeypatch)


def test_single_returns_one_result_by_its_tag(engine):
    assert engine.ran('single', 'test.nop', 'x') == ({'test_|-x_|-x_|-nop': {
        '__id__': 'x', '__run_num__': 0, '__sls__': None, 'changes': {}, 'comment': 'Success!', 'name': 'x',
        'result': True}}, 0)


@pytest.mark.parametrize('fun, said', [
    ('test', 'Invalid function passed'), ('test.nope', ["Specified state 'test.nope' was not found"]),
    ('nope.nop', ["Specified state 'nope.nop' was not found"])])
def test_single_refuses_what_is_no_state(engine, fun, said):
    assert engine.ran('single', fun, 'x') == (said, 1)


def test_a_failed_state_is_retcode_2(engine):
    assert engine.ran('single', 'test.fail_without_changes', 'x')[1] == 2
    assert engine.ran('high', {})[1] == 2


def test_low_is_one_result_and_always_retcode_2(engine):
    value, retcode = engine.ran('low', {'state': 'test', 'fun': 'nop', 'name': 'x', '__id__': 'y'})
    assert (value['__id__'], value['result'], retcode) == ('y', True, 2)


def test_low_data_needs_an_id(engine):
    text, retcode = engine.ran('low', {'state': 'test', 'fun': 'nop', 'name': 'x'})
    assert text.endswith("KeyError: '__id__'\n") and retcode == 1


@pytest.mark.parametrize('test, result', [(True, None), (False, True), (None, True), (0, None), ('no', None), ('', None)])
def test_test_of_a_call(engine, test, result):
    value, _ = engine.ran('single', 'test.succeed_with_changes', 'x', test=test)
    assert value['test_|-x_|-x_|-succeed_with_changes']['result'] is result


def test_arguments_that_the_state_does_not_take_end_the_run(engine):
    text, retcode = engine.ran('single', 'test.configurable_test_state', 'x', bogus=1, other=2)
    assert (text, retcode) == ("ERROR executing 'state.single': 'bogus' and 'other' are invalid keyword arguments for "
                               "'test.configurable_test_state'", 1)


def test_high_data_runs_in_its_order(engine):
    assert engine.order(ids(('a', 'test.nop'), ('b', 'test.nop', {'order': 'first'}), ('c', 'test.nop', {'order': 'last'}),
                            ('d', 'test.nop', {'order': -1}), ('e', 'test.nop', {'order': 5}))) == ['b', 'e', 'a', 'd', 'c']


def test_the_setting_test_counts_where_the_call_says_nothing(engine):
    engine.loader.opts['test'] = True
    tag = 'test_|-x_|-x_|-succeed_with_changes'
    assert [engine.ran('single', 'test.succeed_with_changes', 'x', test=test)[0][tag]['result'] for test in (None, False)] == [
        None, True]


@pytest.mark.parametrize('data, said', [
    ({'state': 'test', 'name': 'y'}, ['Missing "fun" data']), ({'fun': 'nop', 'name': 'y'}, ['Missing "state" data']),
    ({'state': 'test', 'fun': 'nope', 'name': 'y'}, ["Specified state 'test.nope' was not found"]),
    ({'state': 'test', 'fun': 'nope', 'name': 'y', '__sls__': 'q'},
     ["State 'test.nope' was not found in SLS 'q'", "Reason: 'test.nope' is not available."]),
    ({'state': 'test', 'fun': 'nop', 'name': 5, '__id__': 'y'}, ["ID '5' is not formed as a string, but is a int"]),
])
def test_low_data_that_cannot_be_called(engine, data, said):
    assert engine.ran('low', data) == (said, 1)


@pytest.mark.parametrize('arguments', [('single', 'test.nop', 'x'), ('high', ids(('x', 'test.nop'))),
                                       ('low', {'state': 'test', 'fun': 'nop', 'name': 'x', '__id__': 'x'})])
def test_one_run_at_a_time(engine, arguments):
    engine.loader._link.jobs.running = lambda: [{'fun': 'state.apply', 'jid': '20261123041652000001', 'pid': 7}]
    said = ['The function "state.apply" is running as PID 7 and was started at 2026, Nov 23 04:16:52.000001 with jid '
            '20261123041652000001']
    assert engine.ran(*arguments) == (said, 1)
    assert engine.ran(*arguments, concurrent=True)[1] in (0, 2)
