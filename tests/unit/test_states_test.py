"""The states that only pretend: results, comments, test mode. Texts as captured from the reference 3008.3."""
from __future__ import absolute_import, division, print_function

import pytest

from minion.errors import SaltInvocationError
from tests.support.hoststates import States

PRETENDED = {'testing': {'old': 'Unchanged', 'new': 'Something pretended to change'}}


@pytest.fixture
def host(tmp_path, monkeypatch):
    return States(str(tmp_path), monkeypatch)


def shown(returned):
    assert returned['name'] == 'a'
    return returned['result'], returned['comment'], returned['changes']


@pytest.mark.parametrize('name, test, expected', [
    ('nop', False, (True, 'Success!', {})),
    ('nop', True, (True, 'Success!', {})),
    ('succeed_without_changes', False, (True, 'Success!', {})),
    ('succeed_with_changes', False, (True, 'Success!', PRETENDED)),
    ('succeed_with_changes', True, (None, "If we weren't testing, this would be successful with changes", PRETENDED)),
    ('fail_without_changes', False, (False, 'Failure!', {})),
    ('fail_without_changes', True, (False, "If we weren't testing, this would be a failure!", {})),
    ('fail_with_changes', False, (False, 'Failure!', PRETENDED)),
    ('fail_with_changes', True, (None, "If we weren't testing, this would be failed with changes", PRETENDED))])
def test_pretending(host, name, test, expected):
    assert shown(host.state('test.' + name, 'a', test=test)) == expected


def test_a_comment_of_ones_own_counts_outside_of_test_mode(host):
    for name in ('succeed_without_changes', 'succeed_with_changes', 'fail_with_changes', 'fail_without_changes'):
        assert host.state('test.' + name, 'a', comment='so')['comment'] == 'so'
    assert host.state('test.succeed_with_changes', 'a', comment='so', test=True)['comment'] != 'so'
    assert host.state('test.nop', 'a', comment='so')['comment'] == 'Success!'


@pytest.mark.parametrize('options, test, expected', [
    ({}, False, (True, '', PRETENDED)),
    ({}, True, (None, 'This is a test', PRETENDED)),
    ({'changes': False}, True, (True, 'This is a test', {})),
    ({'result': False}, True, (None, 'This is a test', PRETENDED)),
    ({'result': False, 'allow_test_mode_failure': True}, True, (False, 'This is a test', PRETENDED)),
    ({'allow_test_mode_failure': True}, True, (None, 'This is a test', PRETENDED)),
    ({'changes': False, 'comment': ['x', 'y']}, False, (True, 'x\ny', {})),
    ({'result': False, 'comment': 'x'}, True, (None, 'x', PRETENDED))])
def test_configured(host, options, test, expected):
    assert shown(host.state('test.configurable_test_state', 'a', test=test, **options)) == expected


def test_configured_by_chance(host):
    seen = [host.state('test.configurable_test_state', 'a', result='Random', changes='RANDOM') for _ in range(100)]
    assert set(each['result'] for each in seen) == set([True, False])
    assert sorted(set(bool(each['changes']) for each in seen)) == [False, True]


def test_configured_warnings(host):
    assert host.state('test.configurable_test_state', 'a', warnings='w')['warnings'] == ['w']
    assert host.state('test.configurable_test_state', 'a', warnings=['w', 'v'])['warnings'] == ['w', 'v']
    assert 'warnings' not in host.state('test.configurable_test_state', 'a')


@pytest.mark.parametrize('options, named', [({'result': None}, 'result'), ({'changes': 1}, 'changes'),
                                            ({'warnings': 5}, 'warnings')])
def test_configured_wrongly(host, options, named):
    with pytest.raises(SaltInvocationError) as caught:
        host.state('test.configurable_test_state', 'a', **options)
    assert str(caught.value).startswith("You have specified the state option '%s' with invalid arguments. " % named)


def test_notification(host):
    assert shown(host.state('test.show_notification', 'a', text='hello')) == (True, 'hello', {})
    with pytest.raises(SaltInvocationError):
        host.state('test.show_notification', 'a')


def pillar_checked(host, **options):
    host.loader.update(pillar={'d': {'x': 'text'}, 'l': [1], 'false': False, 'none': None})
    return shown(host.state('test.check_pillar', 'a', **options))


@pytest.mark.parametrize('options, comment', [
    ({'present': ['d', 'd:x', 'l', 'false']}, ''),
    ({'present': 'zz'}, 'Pillar key "zz" is missing.\n'),
    ({'present': 'none'}, 'Pillar key "none" is missing.\n'),
    ({'listing': 'd', 'dictionary': ['l'], 'integer': 'd:x', 'boolean': 'l'},
     'Pillar key "l" is not <class \'dict\'>.\nPillar key "d:x" is not <class \'int\'>.\n'
     'Pillar key "d" is not <class \'list\'>.\n'),
    ({'string': 'l'}, 'Pillar key "l" is not (<class \'str\'>,).\n'),
    ({'string': 'd:x', 'dictionary': 'd', 'boolean': 'false', 'verbose': True},
     "Those keys passed the check:\n- false (<class 'bool'>)\n- d:x ((<class 'str'>,))\n- d (<class 'dict'>)\n")])
def test_pillar(host, options, comment):
    assert pillar_checked(host, **options) == ('is ' not in comment, comment, {})


def test_pillar_without_keys_or_with_wrong_ones(host):
    with pytest.raises(SaltInvocationError):
        pillar_checked(host, present=[])
    with pytest.raises(TypeError):
        pillar_checked(host, present=5)


def test_watching(host):
    assert shown(host.state('test.mod_watch', 'a')) == (True, 'Watch statement fired.', {'Requisites with changes': []})


def test_watching_names_what_changed(host):
    world = host.loader.apart({})
    function = world.other('states').functions['test.mod_watch']
    watched = [{'state': 'file', '__id__': each, 'name': 'n', 'fun': 'managed'} for each in ('x', 'y', 'z')]
    function.__globals__.update(__low__={'__reqs__': {'watch': watched}}, __running__={
        'file_|-x_|-n_|-managed': {'changes': {'diff': 'New'}}, 'file_|-y_|-n_|-managed': {'changes': {}}})
    assert function('a', sfun='nop')['changes'] == {'Requisites with changes': ['file: x']}
