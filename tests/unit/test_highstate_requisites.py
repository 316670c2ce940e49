"""Runs of states with requisites: who runs, who does not, and what is said about it; compared with the reference (3008.3)."""
from __future__ import absolute_import, division, print_function

import pytest

from tests.support.staterun import Engine, ids

NOT_CHANGED = 'State was not run because none of the onchanges reqs changed'
NOT_FAILED = 'State was not run because onfail req did not change'
FIRED = 'Watch statement fired.'
# ids of the states that the table below is about: changed, as it was, failed, failed and changed, not run, not run for failure
SOURCES = (('ch', 'test.succeed_with_changes'), ('ok', 'test.nop'), ('bad', 'test.fail_without_changes'),
           ('badch', 'test.fail_with_changes'), ('skipped', 'test.nop', {'onchanges': ['ok']}),
           ('held', 'test.nop', {'require': ['bad']}))


@pytest.fixture()
def engine(tmpdir, monkeypatch):
    return Engine(str(tmpdir), monkeypatch, {'small': SMALL})


SMALL = '''
def did(name):
    return {'name': name, 'result': True, 'changes': {}, 'comment': 'did'}

def strange(name, **kwargs):
    return {'name': name, 'result': False, 'changes': {'x': 1}, 'comment': 'strange'}

def mod_watch(name, sfun=None, **kwargs):
    return {'name': name, 'result': True, 'changes': {'sfun': sfun, 'seen': sorted(kwargs)}, 'comment': 'watched'}
'''

TABLE = [
    ({'require': ['ch', 'ok', 'skipped']}, 'Success!'), ({'require': ['ok', 'bad']}, 't.bad'),
    ({'require': ['held']}, 't.held'), ({'require': ['bad', 'badch', 'ok']}, 't.bad, t.badch'),
    ({'require_any': ['bad', 'ok']}, 'Success!'), ({'require_any': ['bad']}, 't.bad'),
    ({'require_any': ['skipped']}, 'Success!'), ({'require_any': ['skipped', 'bad']}, 't.bad'),
    ({'watch': ['ch']}, FIRED), ({'watch': ['ok', 'ch']}, FIRED), ({'watch': ['ok']}, 'Success!'),
    ({'watch': ['ch', 'bad']}, 't.bad'), ({'watch': ['badch']}, 't.badch'),
    ({'watch_any': ['ch', 'bad']}, FIRED), ({'watch_any': ['bad', 'ok']}, 'Success!'), ({'watch_any': ['bad']}, 't.bad'),
    ({'watch_any': ['skipped']}, 'Success!'),
    ({'onchanges': ['ch']}, 'Success!'), ({'onchanges': ['ok', 'ch']}, 'Success!'), ({'onchanges': ['ok']}, NOT_CHANGED),
    ({'onchanges': ['bad']}, NOT_CHANGED), ({'onchanges': ['badch']}, NOT_CHANGED),
    ({'onchanges': ['badch', 'ch']}, 'Success!'),
    ({'onchanges_any': ['ok', 'ch']}, 'Success!'), ({'onchanges_any': ['ok', 'badch']}, NOT_CHANGED),
    ({'onfail': ['bad']}, 'Success!'), ({'onfail': ['ok']}, NOT_FAILED), ({'onfail': ['ok', 'bad']}, 'Success!'),
    ({'onfail': ['held']}, 'Success!'), ({'onfail': ['skipped']}, NOT_FAILED),
    ({'onfail_any': ['ok', 'bad']}, 'Success!'), ({'onfail_any': ['ok']}, NOT_FAILED),
    ({'onfail_all': ['bad', 'badch']}, 'Success!'), ({'onfail_all': ['bad', 'ok']}, NOT_FAILED),
    ({'onfail_all': ['bad', 'held']}, 'Success!'),
    ({'prereq': ['ok']}, 'No changes detected'), ({'prereq': ['ch']}, 'Success!'), ({'prereq': ['ok', 'ch']}, 'Success!'),
    ({'prereq': ['bad']}, 't.bad'),
]


@pytest.mark.parametrize('requisites, said', TABLE)
def test_requisites(engine, requisites, said):
    needed = set(name for names in requisites.values() for name in names)
    needed.update(['ok'] if 'skipped' in needed else [], ['bad'] if 'held' in needed else [])
    rows = [row for row in SOURCES if row[0] in needed]
    result = engine.high(ids(*(rows + [('x', 'test.nop', requisites)])))['x']
    ran = said in ('Success!', FIRED)
    failed = said.startswith('t.')
    assert (result['comment'], result['result'], result.get('__state_ran__', True)) == (
        'One or more requisite failed: ' + said if failed else said, not failed, ran)
    assert set(result) == set(('__id__', '__run_num__', '__sls__', 'changes', 'comment', 'name', 'result')
                              + (() if ran else ('__state_ran__',)))


@pytest.mark.parametrize('arguments, said', [
    (({'onfail': ['bad']}, {'require': ['ok']}), 'Success!'),
    (({'onfail': ['ok']}, {'require': ['bad']}), 'One or more requisite failed: t.bad'),
    (({'onfail': ['bad']}, {'onchanges': ['ok']}), NOT_CHANGED),
    (({'onfail': ['ok']}, {'onchanges': ['ok']}), NOT_FAILED),
    (({'onfail': ['bad']}, {'watch': ['ch']}), FIRED),
])
def test_requisites_together(engine, arguments, said):
    assert engine.high(ids(*(SOURCES[:3] + (('x', 'test.nop') + arguments,))))['x']['comment'] == said


def test_onfail_does_not_make_a_failure_good(engine):
    value, retcode = engine.ran('high', ids(('a', 'test.fail_without_changes'), ('b', 'test.nop', {'onfail': ['a']})))
    assert retcode == 2 and sorted(result['result'] for result in value.values()) == [False, True]


# ---- watch

def test_what_is_watched_changes_what_is_done(engine):
    found = engine.high(ids(('a', 'test.succeed_with_changes'), ('b', 'test.nop', {'watch': [{'test': 'a'}]}),
                            ('c', 'test.nop', {'watch': [{'test': 'a'}]}, {'unless': 'true'}),
                            ('d', 'test.fail_without_changes', {'watch': ['a', {'test': 'a'}]})))
    assert found['b']['changes'] == found['d']['changes'] == {'Requisites with changes': ['test: a']}
    assert found['c']['comment'] == 'unless condition is true' and found['c']['skip_watch'] is True
    assert found['d']['result'] is True                # of mod_watch, which counts
    assert [found[id_]['__run_num__'] for id_ in 'abcd'] == [0, 2, 3, 5]         # two calls for `b`, two for `d`


def test_mod_watch_gets_the_arguments_and_the_function(engine):
    found = engine.high(ids(('a', 'test.succeed_with_changes'), ('b', 'small.strange', {'watch': ['a']}, {'arg': 1}),
                            ('c', 'small.mod_watch', {'watch': ['a']})))
    assert found['b']['comment'] == 'strange'          # it has changes of its own: mod_watch is not called
    assert found['c']['changes'] == {'sfun': None, 'seen': []}


def test_a_module_without_mod_watch(engine, tmpdir):
    tmpdir.join('states', 'none.py').write(SMALL[:SMALL.index('def strange')])
    found = engine.high(ids(('a', 'test.succeed_with_changes'), ('b', 'none.did', {'watch': ['a']})))
    assert (found['b']['comment'], found['b']['__run_num__']) == ('did', 1)


# ---- prereq

def test_a_prereq_runs_before_and_only_for_changes(engine):
    rows = [('a', 'test.succeed_with_changes', {'order': 1}), ('b', 'test.nop', {'prereq': ['a']}),
            ('c', 'test.nop', {'order': 1}), ('d', 'test.nop', {'prereq': ['c']})]
    found = engine.high(ids(*rows))
    assert sorted(found, key=lambda id_: found[id_]['__run_num__']) == ['b', 'a', 'd', 'c']
    assert (found['d']['comment'], found['a']['comment'], found['a']['result']) == ('No changes detected', 'Success!', True)


def test_a_prereq_that_fails_keeps_the_other_from_running(engine):
    found = engine.high(ids(('a', 'test.fail_without_changes', {'prereq': ['b']}), ('b', 'test.succeed_with_changes')))
    assert found['b'] == {'__id__': 'b', '__run_num__': 1, '__sls__': 't', 'changes': {}, 'name': 'b', 'result': None,
                          'comment': "If we weren't testing, this would be successful with changes"}


def test_what_a_prereq_needs_counts_when_it_tells(engine):
    found = engine.high(ids(('a', 'test.nop', {'prereq': ['b']}), ('b', 'test.succeed_with_changes', {'require': ['x']}),
                            ('x', 'test.fail_without_changes')))
    assert [(found[id_]['comment'], found[id_]['__run_num__']) for id_ in 'xba'] == [
        ('Failure!', 0), ('One or more requisite failed: t.x', 1), ('One or more requisite failed: t.b', 2)]


def test_test_mode_is_over_after_telling(engine):
    assert engine.high(ids(('a', 'test.nop', {'prereq': ['b']}), ('b', 'test.succeed_with_changes'),
                           ('z', 'test.succeed_with_changes')))['z']['result'] is True


# ---- listen

def test_listeners_are_called_at_the_end(engine):
    high = ids(('a', 'test.succeed_with_changes'), ('b', 'test.nop', {'listen': [{'test': 'a'}]}),
               ('c', 'test.nop', {'listen': ['ok']}), ('ok', 'test.nop'), ('d', 'small.did', {'listen': ['bad', 'a']}),
               ('bad', 'small.strange', {'listen_in': [{'test': 'ok'}, 'c', {'test': 'b'}]}), ('z', 'test.nop'))
    found = engine.high(high)
    calls = sorted((found[id_]['__run_num__'], id_) for id_ in found if id_.startswith('listener_'))
    assert [id_ for _, id_ in calls] == ['listener_ok', 'listener_c', 'listener_b', 'listener_d']
    assert calls[0][0] == 7 and found['listener_d']['changes'] == {'sfun': 'did', 'seen': []}
    assert found['listener_b']['name'] == 'b' and found['listener_b']['comment'] == FIRED


def test_listening_to_nothing_fails(engine):
    value, retcode = engine.ran('high', ids(('a', 'test.nop', {'listen': [{'test': 'x'}]})))
    assert retcode == 2
    assert value['Listen_Error_|-listen_x_|-listen_test_|-Listen_Error'] == {
        '__run_num__': 1, 'changes': {}, 'comment': 'Referenced state test: x does not exist', 'name': 'listen_test:x',
        'result': False}


def listening(engine, *rows):
    """What was called, or missed, at the end of a run, in that order."""
    results = engine.ran('high', ids(*rows))[0]
    tags = sorted(results, key=lambda tag: results[tag]['__run_num__'])
    return [tag.split('_|-')[1] for tag in tags if 'listen' in tag]


def test_listen_and_listen_in_are_taken_chunk_by_chunk(engine):
    a = ('a', 'test.succeed_with_changes', {'listen_in': [{'test': 'y'}, {'test': 'n'}, {'test': 'm'}]})
    rows = [a, ('z', 'test.nop', {'listen': [{'test': 'a'}, {'test': 'k'}, {'test': 'n'}]}), ('y', 'test.nop'),
            ('x', 'test.nop', {'listen': [{'test': 'a'}]}), ('silent', 'test.nop', {'listen_in': [{'test': 'nowhere'}]})]
    assert listening(engine, *rows) == ['listener_y', 'listener_x', 'listener_z', 'listen_n', 'listen_m', 'listen_k']


def test_a_run_that_ends_early_calls_those_that_it_did_not_come_to(engine):
    rows = [('a', 'test.fail_with_changes', {'failhard': True}, {'listen_in': [{'test': 'c'}]}),
            ('b', 'test.nop', {'listen': [{'test': 'a'}]}), ('c', 'test.nop')]
    assert listening(engine, *rows) == ['listener_c', 'listener_b']


def test_use_takes_over_listen_and_the_requisites_of_several(engine):
    a = ('a', 'test.nop', {'onfail_any': ['z']}, {'onchanges': ['z']}, {'listen': [{'test': 'y'}]})
    found = engine.high(ids(a, ('b', 'test.nop', {'use': [{'test': 'a'}]}), ('y', 'test.succeed_with_changes'),
                            ('z', 'test.nop')))
    assert found['b']['comment'] == NOT_FAILED and found['listener_b']['comment'] == FIRED
    found = engine.high(ids(('a', 'test.nop', {'onchanges': ['z']}), ('b', 'test.nop', {'use': [{'test': 'a'}]}),
                            ('z', 'test.nop')))
    assert (found['a']['comment'], found['b']['comment']) == (NOT_CHANGED, 'Success!')


# ---- grains

def test_grains_that_a_state_sets_belong_to_the_run(engine, tmpdir):
    tmpdir.join('states', 'marks.py').write(MARKS)
    for _ in range(2):
        found = engine.high(ids(('a', 'marks.mark'), ('b', 'marks.mark', {'require': ['a']})))
        assert (found['a']['comment'], found['b']['comment']) == ('None', 'a')


MARKS = '''
def mark(name):
    before, __grains__['marked'] = __grains__.get('marked'), name
    return {'name': name, 'result': True, 'changes': {}, 'comment': str(before)}
'''


# ---- failhard

@pytest.mark.parametrize('rows, ran', [
    ([('a', 'test.fail_without_changes', {'failhard': True}), ('b', 'test.nop')], ['a']),
    ([('a', 'test.nope', {'failhard': True}), ('b', 'test.nop')], ['a']),
    ([('a', 'test.fail_without_changes'), ('b', 'test.nop', {'require': ['a']}, {'failhard': True}), ('c', 'test.nop')],
     ['a', 'b']),
    ([('a', 'test.succeed_with_changes'), ('b', 'test.nop', {'listen': ['a']}, {'order': 1}),
      ('c', 'test.fail_without_changes', {'order': 'last'}, {'failhard': True}), ('d', 'test.nop', {'require': ['c']})],
     ['a', 'b', 'c', 'listener_b']),
])
def test_failhard(engine, rows, ran):
    assert sorted(engine.high(ids(*rows))) == ran


def test_failhard_of_the_settings_and_in_test_mode(engine):
    rows = ids(('a', 'test.fail_without_changes'), ('b', 'test.nop'))
    assert sorted(engine.high(ids(('a', 'test.fail_without_changes', {'failhard': True}), ('b', 'test.nop')), test=True)) == [
        'a', 'b']
    engine.loader.opts['failhard'] = True
    assert sorted(engine.high(rows)) == ['a']
    assert sorted(engine.high(ids(('a', 'test.fail_without_changes', {'failhard': False}), ('b', 'test.nop')))) == ['a', 'b']


def test_disabled_requisites(engine):
    engine.loader.opts['disabled_requisites'] = ['require']
    assert engine.high(ids(('a', 'test.fail_without_changes'), ('b', 'test.nop', {'require': ['a']})))['b']['result'] is True


@pytest.mark.parametrize('requisites, said', [
    ({'onfail': ['ch']}, 'Success!'), ({'onfail': ['ok']}, NOT_FAILED), ({'onfail': ['ok', 'badch']}, 'Success!'),
    ({'onfail_any': ['ch', 'ok']}, 'Success!'), ({'onfail_all': ['ch', 'ok']}, NOT_FAILED),
    ({'onfail_all': ['ch', 'badch']}, 'Success!'),
])
def test_in_test_mode_what_would_change_may_fail(engine, requisites, said):
    data = ids(*(SOURCES[:4] + (('x', 'test.nop', requisites),)))
    assert engine.high(data, test=True)['x']['comment'] == said


def test_who_listens_to_what_a_failure_kept_from_running_listens_to_something(engine):
    found = engine.high(ids(('a', 'test.nop', {'listen': ['c']}), ('b', 'test.fail_without_changes', {'failhard': True}),
                            ('c', 'test.nop')))
    assert sorted(found) == ['a', 'b']
