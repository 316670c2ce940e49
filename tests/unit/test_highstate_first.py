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


@pytest.mark.parametrize('test, result', [(True, None), (False, True), (None, True)])
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
