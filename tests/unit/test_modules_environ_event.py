"""environ.* and event.*: captured calls of the reference, and what a change reaches.

Source: tests/data/parity/returns/environ_event.json, the cases of these two modules from 3008.3.
"""
from __future__ import absolute_import, division, print_function

import os
import pwd

import pytest

from minion import compat
from minion.errors import SaltInvocationError
from minion.loader import Loader
from tests.support import replay

HOME = pwd.getpwuid(os.geteuid()).pw_dir
ROWS = replay.rows('environ_event')
TOLERATED = {
    'system_123_environ.items': 'the capture is cut and of another host',
    'minionlife_007_event.fire': 'Python 2 words it otherwise',
    'minionlife_008_event.send': 'Python 2 words it otherwise',
}


class Link(object):
    """`__minion__`: keeps what is fired."""
    jobs = None

    def __init__(self):
        self.fired = []

    def fire_event(self, tag, data):
        self.fired.append((tag, data))
        return True


@pytest.fixture
def link():
    return Link()


@pytest.fixture
def loader(link, monkeypatch):
    monkeypatch.setenv('HOME', '/root')
    return Loader({'id': 'ref1', 'saltenv': 'dev'}, {'os': 'Debian', 'a': {'b': 1}}, {'role': 'web'}, link)


def compared(side):
    return dict((key, side[key]) for key in ('return', 'retcode', 'success', 'out') if key in side)


@pytest.mark.parametrize('row', ROWS, ids=[row['case'] for row in ROWS])
def test_case_of_the_reference(row, loader, link):
    ours, theirs = compared(replay.answer(loader, row)), compared(replay.expectation(row))
    if row['case'] in TOLERATED and ours != theirs:
        assert ours['retcode'] == theirs['retcode'] and type(ours['return']) is type(theirs['return'])
    else:
        assert ours == theirs
    fired = [{'tag': tag, 'data': replay.normal(dict(data))} for tag, data in link.fired]
    theirs = [{'tag': event['tag'], 'data': replay.normal(event['data']['data'])}
              for event in row.get('other_events', ())]
    assert compat.native_tree(fired) == compat.native_tree(theirs)


# ---- environ

@pytest.fixture
def call(loader):
    return lambda name, *args, **kwargs: loader.functions[name](*args, **kwargs)


def test_a_change_reaches_the_rest_of_the_job_and_its_commands_only(call, loader):
    assert call('environ.setenv', {'MINE': u'h\xe9', 'HOME': False}) == {'MINE': compat.to_native(u'h\xe9'), 'HOME': ''}
    assert call('environ.get', 'MINE') == compat.to_native(u'h\xe9')
    assert call('cmd.run', 'echo $MINE-$HOME', python_shell=True, cwd='/') == compat.to_native(u'h\xe9-')
    assert call('cmd.run', 'echo $MINE', python_shell=True, clean_env=True) == ''
    assert call('cmd.run', 'echo $MINE', python_shell=True, env={'MINE': 'x'}) == 'x'
    assert 'MINE' not in os.environ
    loader.context.fresh()
    assert call('environ.has_value', 'MINE') is False


def test_a_change_of_the_minion_reaches_later_jobs(call, loader, monkeypatch):
    monkeypatch.setenv('MINE', 'old')
    call('environ.setenv', {'MINE': 'new'}, update_minion=True)
    loader.context.fresh()
    assert call('environ.get', 'MINE') == os.environ['MINE'] == 'new'
    call('environ.setenv', {'MINE': False}, update_minion=True, false_unsets=True)
    loader.context.fresh()
    assert call('environ.get', 'MINE', 'none') == 'none' and 'MINE' not in os.environ


def test_unset_in_a_job(call):
    call('environ.setval', 'LANG', False, false_unsets=True)
    assert call('environ.has_value', 'LANG') is False
    assert call('cmd.run', 'echo ${LANG-none}', python_shell=True) == 'none'


def test_clear_all(call):
    done = call('environ.setenv', {'A': 'x'}, clear_all=True, false_unsets=True)
    assert done['A'] == 'x' and done['HOME'] is None
    assert call('environ.items') == {'A': 'x'}


@pytest.mark.parametrize('key, value', [(5, 'x'), ('A', 5), ('A', True), ('A', None), ('', 'x'), ('A=B', 'x'),
                                        ('A\0', 'x'), ('A', 'x\0')])
def test_what_cannot_be_set(key, value, call):
    assert call('environ.setval', key, value) is False
    expected = {key: False} if isinstance(value, str) else False       # a wrong value stops all, a wrong name itself
    assert call('environ.setenv', {key: value}) == expected
    assert call('cmd.run', 'echo hi') == 'hi'


@pytest.mark.parametrize('function, args, expected', [
    ('item', ['HOME'], {'HOME': '/root'}), ('item', [['HOME', 'X'], 'd'], {'HOME': '/root', 'X': 'd'}),
    ('item', [5], {}), ('get', [5], False), ('has_value', [5], False), ('has_value', ['HOME', '/root'], True),
    ('has_value', ['HOME', 'x'], False), ('has_value', ['NOSUCH'], False), ('setenv', ['x'], False),
])
def test_answers(function, args, expected, call):
    assert call('environ.' + function, *args) == expected


def test_undecodable_values_are_shown(call):
    if compat.PY2:
        os.environ['ODD'] = b'a\xff'
    else:
        os.environb[b'ODD'] = b'a\xff'
    try:
        assert call('environ.get', 'ODD') == compat.to_native(u'a\ufffd')
    finally:
        del os.environ['ODD']


# ---- event

def test_all_that_an_event_may_hold(call, link):
    assert call('event.send', 'a/b', {'extra': 2, 'x': 1}, with_env=['HOME'], with_grains=['a:b', 'nosuch'],
                with_pillar=True, with_env_opts=True, extra=1) is True
    assert link.fired == [('a/b', {'environ': {'HOME': '/root'}, 'grains': {'a:b': 1, 'nosuch': ''},
                                   'pillar': {'role': 'web'}, 'saltenv': 'dev', 'pillarenv': None, 'extra': 2, 'x': 1})]


@pytest.mark.parametrize('data, tag', [('text', 'a'), (None, 'a'), ({}, ''), ({}, 5), ([], 'a')])
def test_what_is_no_event(data, tag, call, link):
    for name in ('event.fire', 'event.fire_master'):
        with pytest.raises(SaltInvocationError):
            call(name, data, tag)
    assert link.fired == []


def test_without_an_agent(monkeypatch):
    loader = Loader({'id': 'ref1'}, {}, {}, None)
    assert loader.functions['event.send']('a', {}) is False
    assert loader.functions['event.fire']({}, 'a') is True
