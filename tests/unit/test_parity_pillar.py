"""Captured returns of the reference's pillar.*, masked as 3008 does it; what modules and settings change in that."""
from __future__ import absolute_import, division, print_function

import copy

import pytest

from minion import compat, errors, pillar
from minion.helpers import lookup
from tests.support import replay

ROWS = replay.rows('pillar')
# pillar_015 was captured with an empty schedule in the pillar, of an earlier case
SCHEDULE = 'pillar_015_pillar.raw'
CALLER = u"""
def f():
    return [__salt__['pillar.get']('role'), __salt__['pillar.items']()['number'], __salt__['pillar.item']('role')]
"""


class Master(object):
    """Renders the pillar as the embedded and the real ones do: an override lies under what they have."""

    def __init__(self, data):
        self.data, self.asked, self.down = data, [], False

    def compiled_pillar(self, grains, override=None, **wanted):
        self.asked.append(dict(wanted, override=override))
        if self.down:
            raise errors.RequestTimeout('no answer')
        return lookup.merged(override or {}, self.data)


@pytest.fixture
def loader(tmpdir):
    made = replay.make_loader(str(tmpdir.mkdir('extmods')))
    made.master = Master(copy.deepcopy(made.pillar))
    made.link.compiled_pillar = made.master.compiled_pillar
    return made


def run(loader, fun, *arg, **named):
    arg = list(arg) + ([dict(named, __kwarg__=True)] if named else [])
    return replay.answer(loader, {'fun': fun, 'arg': arg})


@pytest.mark.parametrize('row', ROWS, ids=[row['case'] for row in ROWS])
def test_as_the_reference(loader, row):
    if row['case'] == SCHEDULE:
        loader.update(pillar=dict(loader.pillar, schedule={}))
    ours, theirs = replay.answer(loader, row), replay.expectation(row)
    if row['fun'] in ('pillar.ls', 'pillar.keys') and isinstance(ours['return'], list):
        ours['return'], theirs['return'] = sorted(ours['return']), sorted(theirs['return'])     # no order on Python 2
    assert ours == theirs


def test_unmask(loader):
    assert run(loader, 'pillar.get', 'role', unmask=True)['return'] == 'web'
    assert run(loader, 'pillar.items', unmask=True)['return']['number'] == 42
    assert run(loader, 'pillar.item', 'role', unmask=True, pillarenv='dev')['return'] == {'role': '**********'}     # as get
    assert run(loader, 'pillar.item', 'role', unmask=True)['return'] == {'role': 'web'}


def test_the_setting_pillar_mask_output(loader):
    loader.opts['pillar_mask_output'] = False
    assert run(loader, 'pillar.get', 'role')['return'] == 'web'


def test_a_module_that_calls_gets_the_values(loader, tmpdir):
    tmpdir.join('extmods', 'modules', 'caller.py').write(CALLER)
    assert run(loader, 'caller.f')['return'] == ['web', 42, {'role': 'web'}]


def test_empty_values_are_shown(loader):
    given = {'none': None, 'zero': 0, 'no': False, 'text': '', 'list': [], 'map': {}}
    assert run(loader, 'pillar.get', 'nosuch', given)['return'] == given


def test_pillar_raise_on_missing(loader):
    loader.opts['pillar_raise_on_missing'] = True
    answer = run(loader, 'pillar.get', 'no:such')
    assert not answer['success'] and "KeyError: 'Pillar key not found: no:such'" in answer['return']
    assert run(loader, 'pillar.get', 'no:such', 'x', unmask=True)['return'] == 'x'


@pytest.mark.parametrize('default, key, lists, expected', [
    ({'z': 1, 'a': {'c': 2}}, 'nested', None, {'z': 1, 'a': {'b': 'deep', 'c': 2}, 'list': ['one', 'two']}),
    ({'list': ['zero', 'one']}, 'nested', True, {'a': {'b': 'deep'}, 'list': ['zero', 'one', 'two']}),
    ({'list': ['zero']}, 'nested', False, {'a': {'b': 'deep'}, 'list': ['one', 'two']}),
    (['zero'], 'nested:list', None, ['zero', 'one', 'two']), ('x', 'nested:list', None, ['one', 'two']),
    ({'z': 1}, 'nested:list', None, ['one', 'two'])])
def test_merging_with_the_default(loader, default, key, lists, expected):
    before = copy.deepcopy(loader.pillar)
    assert run(loader, 'pillar.get', key, default, True, lists, unmask=True)['return'] == expected
    assert loader.pillar == before


def test_what_the_master_is_asked(loader):
    run(loader, 'pillar.items', pillar={'x': 1}, pillarenv='dev', saltenv='qa')
    run(loader, 'pillar.ext', {'libvirt': '_'})
    run(loader, 'pillar.get', 'role', pillarenv='dev')
    assert loader.master.asked == [
        {'override': {'x': 1}, 'pillarenv': 'dev', 'saltenv': 'qa', 'external': None},
        {'override': {}, 'pillarenv': None, 'saltenv': None, 'external': {'libvirt': '_'}},
        {'override': {}, 'pillarenv': 'dev', 'saltenv': None, 'external': None}]


def test_a_master_that_is_away(loader):
    loader.master.down = True
    answer = run(loader, 'pillar.items')
    assert answer['return'] == 'ERROR: the pillar cannot be had from the master: no answer' and answer['retcode'] == 1
    assert run(loader, 'pillar.get', 'role', unmask=True)['return'] == 'web'         # the one in force


def test_files_of_pillar_roots(loader, tmpdir):
    tmpdir.mkdir('pillar').join('top.sls').write('')
    loader.opts['pillar_roots'] = {'base': [str(tmpdir.join('pillar'))]}
    assert [run(loader, 'pillar.file_exists', name)['return'] for name in ('top.sls', 'nosuch.sls', '')] == [
        True, False, False]


def test_arguments_that_can_only_be_named(loader):
    spec = compat.getargspec(loader.functions['pillar.items'])
    assert (spec.args, spec.varargs, spec.keywords) == (
        ['pillar', 'pillar_enc', 'pillarenv', 'saltenv', 'unmask'], 'args', None)
    with pytest.raises(TypeError) as caught:
        loader.functions['pillar.items'](foo=1)
    assert str(caught.value) == "items() got an unexpected keyword argument 'foo'"


def test_the_load_for_the_master():
    asked = []
    pillar.fetch(lambda load: asked.append(load) or {}, 'm1', {'os': 'x'}, 'base', 'dev', {'o': 1}, {'libvirt': '_'})
    assert asked == [{'cmd': '_pillar', 'id': 'm1', 'grains': {'os': 'x'}, 'saltenv': 'base', 'pillarenv': 'dev',
                      'pillar_override': {'o': 1}, 'ver': '2', 'ext': {'libvirt': '_'}}]
