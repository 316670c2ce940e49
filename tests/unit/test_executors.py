# -*- coding: utf-8 -*-
"""One job, from its load to its outcome. What the reference does in each case: test_parity_dispatch."""
from __future__ import absolute_import, division, print_function

import os
import threading

import pytest

from minion import compat, errors, executors, payload
from minion.loader import Loader

MODULE = u'''# -*- coding: utf-8 -*-
import sys
def echo(value): return value
def many(*args, **kwargs): return [list(args), sorted(kwargs)]
def set_retcode(code): __context__['retcode'] = code; return 'v'
def get_context(): return dict(__context__)
def ends(): raise __opts__['ended']
def gate(name):
    __context__['name'] = name
    __opts__['inside'][name].set()
    assert __opts__['go'].wait(10)
    return __context__['name']
def nested(depth):
    value = 'end'
    for _ in range(depth): value = [value]
    return value
def big(size): return 'x' * size
def numbers(n=3):
    for i in range(n): yield i
def parts():
    yield {'a': 1}
    yield {'result': False}
def odd_items():
    yield 1
    yield object()
def leave(what): sys.exit(what)
def bytes_error(): raise ValueError(b'h\\xc3\\xa9 \\xff')
def bad_text():
    class Odd(Exception):
        def __str__(self): return 'odd'
    raise Odd(1)
def deep(n): return deep(n + 1)
def typeerror():
    """Doc."""
    return len(5)
def odd_retcode(): __context__['retcode'] = object(); return 1
def documented():
    """Documented."""
def documented_too():
    """Documented, too."""
builtin = len
'''


@pytest.fixture
def make(tmpdir):
    """make(grains, pillar, **settings) -> Loader with the module above as `m`."""
    folder = tmpdir.mkdir('extmods').mkdir('modules')
    folder.join('m.py').write_binary(MODULE.encode('utf-8'))

    def build(grains=None, pillar=None, **settings):
        return Loader(dict({'id': 'x', 'extension_modules': os.path.dirname(str(folder))}, **settings), grains, pillar)
    return build


@pytest.fixture
def run(make):
    """run(fun, *arg, **more keys of the load) -> Outcome"""
    loader = make()
    return lambda fun, *arg, **more: executors.run(loader, dict({'fun': fun, 'arg': list(arg), 'jid': '1'}, **more))


def test_an_outcome_is_complete(run):
    assert run('m.echo', 5) == executors.Outcome(value=5, retcode=0, success=True, out=None)
    assert run(u'm.echo', u'h\u00e9').value == compat.to_native(u'h\u00e9')


# ---- failures

@pytest.mark.parametrize('fun, arg, start, end', [
    ('m.leave', [3], 'The minion function caused an exception: Traceback', 'SystemExit: 3\n'),
    ('m.leave', [u'h\u00e9'], 'The minion function caused an exception: Traceback', u'SystemExit: h\u00e9\n'),
    ('m.bad_text', [], 'The minion function caused an exception: Traceback', 'Odd: odd\n'),
    ('m.bytes_error', [], 'The minion function caused an exception: Traceback', '\n'),
    ('m.deep', [0], 'The minion function caused an exception: Traceback', '\n'),
    ('m.typeerror', [], 'Passed invalid arguments to m.typeerror: ', '\nDoc.'),
    ('m.nested', [400], 'ERROR: the function ran, but its return is refused: ', ''),
    ('m.odd_items', [], 'ERROR: the function ran, but its return is refused: ', 'type object'),
    ('m.builtin', [], 'Passed invalid arguments to m.builtin: len() takes', ''),
])
def test_every_end_is_a_failure_that_can_be_sent(run, fun, arg, start, end):
    outcome = run(fun, *arg)
    assert (outcome.retcode, outcome.success, outcome.out) == (1, False, 'nested')
    text = compat.to_text(outcome.value)
    assert text.startswith(start) and text.endswith(end) or (end == '' and text.startswith(start))
    assert payload.pack(outcome)


def test_a_traceback_begins_in_the_module(run):
    lines = run('m.bad_text').value.split('\n')
    assert 'm.py' in lines[1] and not any('executors' in line for line in lines)


def test_the_end_of_a_job_passes(make):
    loader = make()
    loader.opts['ended'] = errors.JobEnded()
    for fun, arg in (('m.ends', []), (['m.echo', 'm.ends'], [[1], []])):
        with pytest.raises(errors.JobEnded):
            executors.run(loader, {'fun': fun, 'arg': arg})
    assert dict(loader.context) == {}


@pytest.mark.parametrize('fun', ['', 'm', 'm.', '.', None, 5, {}, b'\xff', u'\u00e9.\u00e9', 'm.*', 'm.[', 'x' * 9999])
def test_any_function_name_is_answered(run, fun):
    outcome = run(fun)
    assert not outcome.success and payload.pack(outcome)


@pytest.mark.parametrize('arg', [None, 'text', {}, {'__kwarg__': True}, [[]], 5, [{'__kwarg__': True, '': 1}]])
def test_any_arg_is_answered(run, arg):
    for fun in ('m.many', 'm.documented', ['m.many', 'm.documented']):
        assert payload.pack(run(fun, arg=arg))


def test_a_beginning_of_names_is_answered_with_their_docs(run):
    assert run('m.doc') == executors.Outcome({
        'm.doc': "'m.doc' is not available.", 'm.documented': 'Documented.', 'm.documented_too': 'Documented, too.',
    }, 1, False, 'nested')


def test_glob_characters_in_a_name_are_no_glob(run):
    assert run('m.d*').value == "'m.d*' is not available."


# ---- what can be sent

def test_a_large_return_stays_whole(run):
    outcome = run('m.big', 3 << 20)
    assert outcome.success and len(outcome.value) == 3 << 20


def test_a_value_at_the_limit_still_fits_into_its_message(run):
    deepest = max(depth for depth in range(200, 300) if run('m.nested', depth).success)
    load = {'cmd': '_return', 'return': {'m.nested': run('m.nested', deepest).value}}
    assert payload.unpack(payload.pack({'enc': 'aes', 'load': load}))


# ---- return codes

@pytest.mark.parametrize('code, retcode, success', [(0, 0, True), (3, 3, False), ('weird', 'weird', False),
                                                    (None, None, False), (-1, -1, False)])
def test_retcode_of_the_context(run, code, retcode, success):
    outcome = run('m.set_retcode', code)
    assert (outcome.retcode, outcome.success) == (retcode, success)


@pytest.mark.parametrize('value, retcode', [
    ({'result': True}, 0), ({'result': False}, 1), ({'result': None}, 1), ({'success': 0}, 1), ({'success': 1}, 0),
    ({'x': {'result': False}}, 0), ([{'result': False}], 0), (False, 0), (None, 0), ({}, 0)])
def test_retcode_of_a_mapping(run, value, retcode):
    assert run('m.echo', value).retcode == retcode


def test_a_retcode_that_cannot_be_sent_is_1(run):
    assert run('m.odd_retcode')[:3] == (1, 1, False)


def test_a_retcode_does_not_reach_the_next_job(run):
    assert run('m.set_retcode', 3).retcode == 3
    assert run('m.echo', 1).retcode == 0 and run('m.get_context').value == {}


def test_what_a_thread_did_before_does_not_reach_its_job(make):
    loader = make()
    loader.context['retcode'] = 9
    assert executors.run(loader, {'fun': 'm.get_context', 'arg': []}) == executors.Outcome({}, 0, True, None)


# ---- generators

def test_items_of_a_generator_are_announced_one_by_one(make):
    seen = []
    outcome = executors.run(make(), {'fun': 'm.numbers', 'arg': [4]}, seen.append)
    assert outcome == executors.Outcome([0, 1, 2, 3], 0, True, None) and seen == [0, 1, 2, 3]


def test_mappings_of_a_generator_are_merged(run):
    assert run('m.parts') == executors.Outcome({'a': 1, 'result': False}, 1, False, None)


def test_an_item_that_cannot_be_sent_is_not_announced(make):
    seen = []
    assert not executors.run(make(), {'fun': 'm.odd_items', 'arg': []}, seen.append).success
    assert seen == [1]


# ---- several functions

def test_several_functions(run):
    outcome = run(['m.echo', 'm.set_retcode', 'm.absent', 'm.echo'], [1], [7], [], ['last'])
    assert outcome == executors.Outcome(
        {'m.echo': 'last', 'm.set_retcode': 'v', 'm.absent': "'m.absent' is not available."},
        {'m.echo': 0, 'm.set_retcode': 7}, {'m.echo': True, 'm.set_retcode': False, 'm.absent': False}, None)


def test_several_functions_in_order(make):
    load = {'fun': ['m.echo', 'm.absent', 'm.echo'], 'arg': [[1], [], [2]]}
    assert executors.run(make(multifunc_ordered=True), load) == executors.Outcome(
        [1, "'m.absent' is not available.", 2], [0, None, 0], [True, False, True], None)


def test_too_few_arguments_lists_for_several_functions(run):
    outcome = run(['m.get_context', 'm.echo'], [])
    assert outcome.value['m.get_context'] == {} and "missing 1 required" in outcome.value['m.echo']


def test_no_function_at_all(run):
    assert run([]) == executors.Outcome({}, {}, {}, None)


# ---- what keeps a job from running

BLACK = "ERROR executing 'm.echo': Minion in blackout mode."


@pytest.mark.parametrize('where', [0, 1])
def test_blackout(make, where):
    sources = [{}, {}]
    sources[where] = {'minion_blackout': True, 'minion_blackout_whitelist': ['m.get_context']}
    loader = make(*sources)
    outcome = executors.run(loader, {'fun': 'm.echo', 'arg': [1]})
    assert outcome.value.startswith(BLACK) and outcome[1:] == (1, False, 'nested')
    assert executors.run(loader, {'fun': 'm.get_context', 'arg': []}).success
    assert 'blackout' not in str(executors.run(loader, {'fun': 'saltutil.refresh_pillar', 'arg': []}).value)
    several = executors.run(loader, {'fun': ['m.echo', 'm.get_context'], 'arg': [[1], []]})
    assert several.value['m.echo'].startswith(BLACK) and several.success == {'m.echo': False, 'm.get_context': True}
    loader.update(*[{}, {}])
    assert executors.run(loader, {'fun': 'm.echo', 'arg': [1]}).success


def test_a_pillar_that_is_in_blackout_decides_alone(make):
    loader = make({'minion_blackout': True, 'minion_blackout_whitelist': ['m.echo']}, {'minion_blackout': True})
    assert not executors.run(loader, {'fun': 'm.echo', 'arg': [1]}).success


def test_disabled_modules(make):
    outcome = executors.run(make(disable_modules=['m']), {'fun': 'm.echo', 'arg': [1]})
    assert outcome == executors.Outcome("'m.echo' is not available.", 1, False, 'nested')


def test_refusals():
    assert executors.refusal({'fun': 'f'}, 'busy') == executors.Outcome('ERROR: busy', 1, False, 'nested')
    assert executors.refusal({'fun': ['f', 'g']}, 'busy') == executors.Outcome(
        {'f': 'ERROR: busy', 'g': 'ERROR: busy'}, {'f': 1, 'g': 1}, {'f': False, 'g': False}, None)


# ---- executors of the settings

def test_the_settings_name_executors(make):
    loader = make(module_executors=['nosuch'])
    assert executors.run(loader, {'fun': 'm.echo', 'arg': [1]}).value == (
        "ERROR executing 'm.echo': Executor 'nosuch' is not available")
    assert executors.run(loader, {'fun': 'm.echo', 'arg': [1], 'module_executors': ['direct_call']}).value == 1


def test_a_user_to_become_is_not_passed_over(make):
    outcome = executors.run(make(sudo_user='other'), {'fun': 'm.echo', 'arg': [1]})
    assert outcome.value == "ERROR executing 'm.echo': Executor 'sudo' is not available"


def test_an_executor_may_be_a_plug_in(make, tmpdir):
    tmpdir.join('extmods').mkdir('executors').join('twice.py').write(
        "def execute(opts, data, func, args, kwargs): return [opts['id'], data['jid'], func(*args), func(*args)]\n")
    outcome = executors.run(make(module_executors=['twice', 'direct_call']), {'fun': 'm.echo', 'arg': [1], 'jid': '9'})
    assert outcome.value == ['x', '9', 1, 1]


def test_splay_waits_a_share_that_depends_on_the_id(make, monkeypatch):
    now = [0.0]
    monkeypatch.setattr('minion.compat.monotonic', lambda: now[0])
    monkeypatch.setattr('time.sleep', lambda seconds: now.__setitem__(0, now[0] + seconds))
    load = {'fun': 'm.echo', 'arg': [1], 'module_executors': ['splay', 'direct_call']}
    waited = []
    for minion_id in ('one', 'two', 'one'):
        now[0] = 0.0
        assert executors.run(make(id=minion_id, splaytime=1000), load).value == 1
        waited.append(int(now[0]))
    assert waited[0] == waited[2] != waited[1] and max(waited) < 1001


# ---- several jobs at once

def test_jobs_at_once_have_contexts_of_their_own(make):
    loader = make()
    loader.opts.update(inside={'a': threading.Event(), 'b': threading.Event()}, go=threading.Event())
    results = {}

    def job(name):
        results[name] = executors.run(loader, {'fun': 'm.gate', 'arg': [name]})

    threads = [threading.Thread(target=job, args=(name,)) for name in 'ab']
    for thread in threads:
        thread.start()
    assert all(event.wait(10) for event in loader.opts['inside'].values())       # both are inside at once
    loader.opts['go'].set()
    for thread in threads:
        thread.join(10)
    assert dict((name, outcome.value) for name, outcome in results.items()) == {'a': 'a', 'b': 'b'}
