"""One state after the other: what it is given, what it may return, conditions, slots, retries; compared with 3008.3."""
from __future__ import absolute_import, division, print_function

import pytest

from minion import compat, errors, executors
from minion.highstate import conditions as conditioning
from minion.highstate import retrying, slots
from tests.support.staterun import Engine, ids

MODULE = '''
def returns(name, what='{}', **kwargs):
    ret = {'name': name, 'result': True, 'changes': {}, 'comment': 'ok'}
    for key, value in eval(what).items():
        if value == 'gone':
            del ret[key]
        else:
            ret[key] = value
    return ret

def odd(name, what='[]'):
    return eval(what)

def strict(name, a, b=2):
    return {'name': name, 'result': True, 'changes': {}, 'comment': 'a=%s b=%s' % (a, b)}

def boom(name):
    raise ValueError('boom ' + name)

def counted(name, good_at=3):
    count = __context__['n_' + name] = __context__.get('n_' + name, 0) + 1
    return {'name': name, 'result': count >= good_at, 'changes': {}, 'comment': 'try %d' % count}

def sees(name, **kwargs):
    seen = {'low': dict(__low__), 'ran': sorted(__running__), 'lowstate': [low['name'] for low in __lowstate__],
            'sls': __sls__, 'env': __env__, 'test': __opts__['test'], 'kwargs': sorted(kwargs)}
    return {'name': name, 'result': True, 'changes': seen, 'comment': str(len(__instance_id__) > 1)}

def ended(name):
    raise __import__('minion').errors.JobEnded()
'''
INIT = '''
def mod_init(low):
    __context__['init'] = __context__.get('init', 0) + 1
    return __context__['init'] == 2

def mod_aggregate(low, chunks, running):
    low['all_names'] = [chunk['name'] for chunk in chunks if '__agg__' not in chunk]
    for chunk in chunks:
        chunk['__agg__'] = True
    return low

def inits(name, all_names=None, aggregate=None):
    return {'name': name, 'result': True, 'changes': {}, 'comment': '%s %s' % (__context__.get('init'), all_names)}
'''


@pytest.fixture()
def engine(tmpdir, monkeypatch):
    made = Engine(str(tmpdir), monkeypatch, {'small': MODULE, 'begins': INIT})
    made.loader._link.fired = []
    made.loader._link.fire_event = lambda tag, data: made.loader._link.fired.append((tag, data)) or True
    return made


def one(engine, function, *arguments, **kwargs):
    """The result of a state `a`."""
    return engine.high(ids(('a', function) + arguments), **kwargs)['a']


# ---- what it is given

def test_a_state_module_sees_the_run(engine):
    found = engine.high(ids(('a', 'test.nop'), ('b', 'small.sees', {'x': 1}, {'require': ['a']}, {'unless': 'false'})))['b']
    assert found['comment'] == 'True' and found['changes'] == {
        'low': {'state': 'small', 'fun': 'sees', 'name': 'b', '__id__': 'b', '__sls__': 't', '__env__': 'base', 'order': 1,
                'x': 1, 'require': ['a'], 'unless': 'false'},
        'ran': ['test_|-a_|-a_|-nop'], 'lowstate': ['a', 'b'], 'sls': 't', 'env': 'base', 'test': False, 'kwargs': ['x']}


@pytest.mark.parametrize('name, value', [
    ('fire_event', True), ('umask', '077'), ('reload_grains', False), ('failhard', True), ('saltenv', 'base'), ('order', 5),
    ('retry', True), ('use_in', []), ('runas', 'x'), ('runas_password', 'x'), ('prereq', []), ('onfail_stop', False),
    ('listen', []), ('__sls_included_from__', []), ('__pub_user', 'root'), ('parallel', True)])
def test_arguments_of_the_engine_are_not_given(engine, name, value):
    assert one(engine, 'small.strict', {'a': 1}, {name: value})['comment'] == 'a=1 b=2'


@pytest.mark.parametrize('name', ['user', 'cwd', 'env', 'timeout', 'test', 'aggregate', 'state_events', 'sfun'])
def test_other_arguments_end_the_run(engine, name):
    text, retcode = engine.ran('high', ids(('a', 'small.strict', {'a': 1}, {name: 1})))
    assert (text, retcode) == ("ERROR executing 'state.high': '%s' is an invalid keyword argument for 'small.strict'" % name, 1)


@pytest.mark.parametrize('function, arguments, comment', [
    ('small.strict', (), 'Missing parameter a for state small.strict\n'),
    ('small.nope', (), "State 'small.nope' was not found in SLS 't'\nReason: 'small.nope' is not available.\n"),
    ('nope.nope', (), "State 'nope.nope' was not found in SLS 't'\nReason: 'nope.nope' is not available.\n"),
    ('test.nop', ({'names': [5]},), "ID '5' in SLS 't' is not formed as a string, but is a int\n")])
def test_what_cannot_be_called(engine, function, arguments, comment):
    found = one(engine, function, *arguments)
    assert found == {'__run_num__': 0, 'changes': {}, 'comment': comment, 'name': found['name'], 'result': False}


def test_mod_init_is_called_until_it_says_yes(engine):
    rows = [(id_, 'begins.inits') for id_ in 'abc']
    assert [engine.high(ids(*rows))[id_]['comment'] for id_ in 'abc'] == ['1 None', '2 None', '2 None']


@pytest.mark.parametrize('setting, arguments, expected', [
    (True, {}, ["['b', 'c']", 'None', 'None']), (['begins'], {}, ["['b', 'c']", 'None', 'None']),
    (['pkg'], {}, ['None', 'None', 'None']), (False, {}, ['None', 'None', 'None']),
    (['pkg'], {'a': True, 'c': ['begins']}, ["['c']", 'None', 'None']), (True, {'b': False}, ["['c']", 'None', 'None']),
    (False, {'a': True}, ['None', 'None', 'None'])])           # nobody is there to be taken together with
def test_aggregate(engine, setting, arguments, expected):
    engine.loader.opts['state_aggregate'] = setting
    rows = [(id_, 'begins.inits') + (({'aggregate': arguments[id_]},) if id_ in arguments else ()) for id_ in 'abc']
    found = engine.high(ids(*rows))
    assert [found[id_]['comment'].split(' ', 1)[1] for id_ in 'abc'] == expected


# ---- what it returns

@pytest.mark.parametrize('what, expected', [
    ({'comment': ['a', 'b']}, ('a\nb', True)), ({'comment': 5}, (5, True)), ({'comment': None}, (None, True)),
    ({'result': 1}, ('ok', True)), ({'result': ''}, ('ok', False)), ({'result': None}, ('ok', None))])
def test_returns_are_brought_into_form(engine, what, expected):
    found = one(engine, 'small.returns', {'what': repr(what)})
    assert (found['comment'], found['result']) == expected


@pytest.mark.parametrize('function, what, said', [
    ('small.odd', [], 'Malformed state return. Data must be a dictionary type.'),
    ('small.odd', None, 'Malformed state return. Data must be a dictionary type.'),
    ('small.odd', {}, 'The following keys were not present in the state return: name,result,changes,comment.'),
    ('small.returns', {'name': 'gone'}, 'The following keys were not present in the state return: name.'),
    ('small.returns', {'changes': []}, "'Changes' should be a dictionary."),
    ('small.returns', {'comment': ['a', 5]}, "expected str, bytes, or bytearray not <class 'int'>")])
def test_returns_without_their_form_are_failures(engine, function, what, said):
    assert one(engine, function, {'what': repr(what)}) == {
        '__id__': 'a', '__run_num__': 0, '__sls__': 't', 'changes': {}, 'name': 'a', 'result': False,
        'comment': 'An exception occurred in this state: ' + said}


def test_what_it_raises_is_a_failure_of_this_state_only(engine):
    found = engine.high(ids(('a', 'small.boom'), ('b', 'test.nop')))
    assert found['a']['comment'].startswith('An exception occurred in this state: Traceback (most recent call last):\n')
    assert found['a']['comment'].endswith('ValueError: boom a\n') and found['a']['result'] is False
    assert found['b']['result'] is True


def test_a_job_that_is_ended_does_not_go_on(engine):
    load = {'fun': 'state.high', 'arg': [ids(('a', 'small.ended'), ('b', 'test.nop'))], 'jid': '1', 'ret': '', 'user': 'root'}
    with pytest.raises(errors.JobEnded):
        executors.run(engine.loader, load, None)


def test_other_keys_and_results_of_states_within(engine):
    sub = {'low': {'state': 's', '__id__': 'i', 'name': 'n', 'fun': 'f'}, 'changes': {'c': 1}, 'result': True, 'comment': 'sub'}
    found = engine.high(ids(('a', 'small.returns', {'what': repr({'sub_state_run': [sub], 'warnings': ['w']})})))
    assert found['a']['warnings'] == ['w'] and 'sub_state_run' not in found['a']
    assert found['i'] == {'name': 'n', 'changes': {'c': 1}, 'result': True, 'comment': 'sub', '__state_ran__': True,
                          '__run_num__': 1, '__sls__': 't'}


def test_parallel_is_told(engine):
    assert one(engine, 'test.nop', {'parallel': True})['__parallel__'] is True


# ---- conditions

FREE = None
UNLESS, ONLYIF = 'unless condition is true', 'onlyif condition is false'


def retcode(command, ignore_retcode=False, python_shell=False, **options):
    """A `cmd.retcode` that knows some commands."""
    assert ignore_retcode and python_shell
    if options.get('runas') or options.get('cwd') == '/nonexistent':
        raise errors.CommandExecutionError('not so')
    return 0 if command in ('true', repr(sorted(options.items()))) else 127


CALLED = {'cmd.retcode': retcode, 'test.echo': lambda text: text, 'test.kwarg': lambda **kwargs: kwargs}


@pytest.mark.parametrize('conditions, comment', [
    ({'unless': 'true'}, UNLESS), ({'unless': 'false'}, FREE), ({'unless': ['true', 'false']}, FREE),
    ({'unless': ['true', 'true']}, UNLESS), ({'unless': ['false', 'true']}, FREE), ({'unless': []}, FREE),
    ({'unless': [{'fun': 'test.echo', 'text': ''}]}, FREE), ({'unless': [{'fun': 'test.echo', 'args': ['x']}]}, UNLESS),
    ({'unless': {'fun': 'test.echo', 'args': ['x']}}, UNLESS),
    ({'unless': ['true', {'fun': 'test.echo', 'text': 'x'}]}, UNLESS),
    ({'unless': True}, FREE), ({'unless': [5]}, FREE), ({'unless': [{'x': 1}]}, FREE),
    ({'onlyif': 'true'}, FREE), ({'onlyif': 'false'}, ONLYIF), ({'onlyif': ['true', 'false']}, ONLYIF),
    ({'onlyif': False}, FREE), ({'onlyif': [{'x': 1}]}, FREE), ({'onlyif': []}, FREE),
    ({'onlyif': [{'fun': 'test.kwarg', 'a': {'b': 0}, 'get_return': 'a:b'}]}, ONLYIF),
    ({'onlyif': [{'fun': 'test.kwarg', 'a': {'b': 1}, 'get_return': 'a:b'}]}, FREE),
    ({'creates': '/etc/passwd'}, '/etc/passwd exists'), ({'creates': '/nonexistent'}, FREE), ({'creates': 5}, FREE),
    ({'creates': ['/etc/passwd', '/etc/group']}, 'All files in creates exist'),
    ({'creates': ['/etc/passwd', '/nonexistent']}, FREE),
    ({'onlyif': 'true', 'unless': 'true'}, 'onlyif condition is true\n' + UNLESS),
    ({'onlyif': 'false', 'creates': '/etc/passwd'}, ONLYIF + '\n/etc/passwd exists'),
    ({'unless': 'false', 'cwd': '/nonexistent'}, UNLESS), ({'unless': 'false', 'runas': 'x'}, UNLESS),
    ({'onlyif': 'true', 'runas': 'x'}, ONLYIF),
    ({'onlyif': "[('cwd', '/'), ('env', {}), ('shell', 'sh'), ('success_retcodes', [5]), ('timeout', 3)]", 'cwd': '/',
      'env': {}, 'shell': 'sh', 'success_retcodes': [5], 'timeout': 3, 'umask': '077', 'stdin': 'x'}, FREE),
])
def test_conditions(conditions, comment):
    found = conditioning.held_back(CALLED, dict(conditions, name='a'))
    if comment is None:
        assert found is None
    else:
        assert found == {'name': 'a', 'result': True, 'changes': {}, 'skip_watch': True, 'comment': comment}


def test_conditions_are_commands_of_a_shell(engine):
    found = engine.high(ids(('a', 'test.nop', {'unless': 'test $(pwd) = /etc'}, {'cwd': '/etc'}),
                            ('b', 'test.nop', {'onlyif': ['true', 'nosuchprogram-at-all']}),
                            ('c', 'test.nop', {'onlyif': 'test $QQ = 5'}, {'env': [{'QQ': '5'}]})))
    assert [found[id_]['comment'] for id_ in 'abc'] == [UNLESS, ONLYIF, 'Success!']
    assert found['a']['skip_watch'] is True and 'skip_watch' not in found['c']


@pytest.mark.parametrize('entry, ending', [({'fun': 'test.nope'}, "KeyError: 'test.nope'\n"),
                                           ({'fun': 'test.exception', 'message': 'x'}, 'Exception: x\n')])
def test_conditions_that_cannot_be_asked_fail_the_state(engine, entry, ending):
    found = one(engine, 'test.nop', {'unless': [entry]})
    assert found['result'] is False and found['comment'].startswith('An exception occurred in this state: Traceback')
    assert found['comment'].endswith(ending)


@pytest.mark.parametrize('before, commands, result, said', [
    (True, ['true'], True, 'succeeded'), (True, 'false', False, 'failed'), (True, ['true', 'false'], False, 'failed'),
    (False, 'true', True, 'succeeded'), (True, [{'fun': 'test.true'}], False, 'failed')])
def test_check_cmd_decides(before, commands, result, said):
    found = conditioning.checked(CALLED, {'check_cmd': commands, 'cwd': '/'}, {'result': before, 'changes': {'x': 1}})
    assert found == {'result': result, 'changes': {'x': 1}, 'comment': 'check_cmd determined the state ' + said}


def test_check_cmd_is_asked_after_the_call(engine):
    found = engine.high(ids(('a', 'small.strict', {'a': 1}, {'check_cmd': 'false'}), ('b', 'small.strict', {'a': 1})))
    assert [found[id_]['result'] for id_ in 'ab'] == [False, True]


# ---- slots, retries

FUNCTIONS = {'test.echo': lambda text: text, 'test.arg': lambda *args, **kwargs: {'args': list(args), 'kwargs': kwargs}}


@pytest.mark.parametrize('slot, value', [
    ('salt:test.echo(hi)', 'hi'), ('salt:test.echo("x y") ~ !', 'x y!'), ('salt:test.arg(1, b, c=[1,2])',
                                                                          {'args': ['1', 'b'], 'kwargs': {'c': '[1,2]'}}),
    ('salt:test.arg(a="x, y").kwargs.a', 'x, y'), ('salt:test.arg(a=5).kwargs.a ~ /z', '5/z'), ('salt:test.arg().args', []),
    ('salt:test.arg(a=5).nope', None), ('salt:test.nope(x)', '__slot__:salt:test.nope(x)'), ('foo', '__slot__:foo')])
def test_slots(slot, value):
    assert slots.filled({'a': ['__slot__:' + slot, 'x']}, FUNCTIONS) == {'a': [value, 'x']}


def test_slots_are_filled_before_the_call(engine):
    found = one(engine, 'test.configurable_test_state', {'comment': '__slot__:salt:test.echo(hi)'})
    assert found['comment'] == 'hi'
    assert 'echo()' in one(engine, 'test.configurable_test_state', {'comment': '__slot__:salt:test.echo()'})['comment']


@pytest.mark.parametrize('retry, good_at, comment, calls', [
    ({'attempts': 4, 'interval': 0}, 3, 'Attempt 1: Returned a result of "False", with the following comment: "try 1"\n'
     'Attempt 2: Returned a result of "False", with the following comment: "try 2"\ntry 3', 3),
    ({'attempts': 2, 'interval': 0}, 9,
     'Attempt 1: Returned a result of "False", with the following comment: "try 1"\ntry 2', 2),
    ({'attempts': 2, 'interval': 0, 'until': False}, 1,
     'Attempt 1: Returned a result of "True", with the following comment: "try 1"\ntry 2', 2),
    (True, 1, 'try 1', 1), (False, 2, 'try 1', 1)])
def test_retry(engine, retry, good_at, comment, calls):
    found = one(engine, 'small.counted', {'retry': retry}, {'good_at': good_at})
    assert (found['comment'], found['__run_num__']) == (comment, calls - 1)


def test_retry_in_test_mode_is_told(engine):
    assert one(engine, 'test.nop', {'retry': True}, test=True)['comment'] == (
        'Success!  The state would be retried every 30 seconds (with a splay of up to 0 seconds) a maximum of 2 times or until '
        'a result of True is returned')


@pytest.mark.parametrize('retry, expected', [
    (True, (2, True, 30, 0)), (5, (2, True, 30, 0)),
    ({'attempts': 'x', 'interval': 1, 'until': 0, 'splay': 3}, (2, True, 1, 3))])
def test_settings_of_retry(retry, expected):
    found = retrying.settings(retry)
    assert tuple(found[name] for name in ('attempts', 'until', 'interval', 'splay')) == expected


# ---- events, reading anew

def test_events(engine):
    engine.high(ids(('a', 'test.nop', {'fire_event': True}), ('b', 'test.nop', {'fire_event': 'my/tag'}), ('c', 'test.nop')))
    assert [(tag, data['ret']['name']) for tag, data in engine.loader._link.fired] == [
        ('salt/state_result/20261123041652229848/ref1/a', 'a'), ('salt/state_result/20261123041652229848/ref1/my/tag', 'b')]
    del engine.loader._link.fired[:]
    engine.loader.opts['state_events'] = True
    engine.high(ids(('a', 'test.nop'), ('b', 'test.nop', {'require': ['a']})))
    assert [(tag, data['len']) for tag, data in engine.loader._link.fired] == [
        ('salt/job/20261123041652229848/prog/ref1/0', 2), ('salt/job/20261123041652229848/prog/ref1/1', 2)]


def test_a_run_goes_on_with_new_modules(engine, tmpdir):
    source = "def late(name): return {'name': name, 'result': True, 'changes': {}, 'comment': str(sorted(__context__))}"
    writes = "def writes(name):\n    with open(%r, 'w') as stream:\n        stream.write(%r)\n    __context__['kept'] = 1\n" \
        "    return {'name': name, 'result': True, 'changes': {}, 'comment': ''}\n"
    tmpdir.join('states', 'writer.py').write(writes % (str(tmpdir.join('states', 'fresh.py')), source))
    high = ids(('a', 'writer.writes', {'reload_modules': True}, {'order': 1}), ('b', 'fresh.late'))
    assert engine.high(high)['b']['comment'] == "['kept']"
    assert engine.loader._link.refreshed == ['modules']


def test_grains_and_pillar_are_read_anew(engine):
    engine.loader.update(grains={'id': 'ref1'}, pillar={'new': 1})
    engine.high(ids(('a', 'test.nop', {'reload_grains': True}, {'reload_pillar': True})))
    assert engine.loader._link.refreshed == ['grains', 'pillar']


def test_the_pillar_of_a_call_is_laid_over(engine):
    engine.loader.update(pillar={'a': {'b': 1}, 'c': 2})
    found = one(engine, 'test.check_pillar', {'integer': ['a:b', 'a:x', 'c']}, pillar={'a': {'x': 5}})
    assert found['result'] is True
    assert compat.is_text(engine.ran('high', {}, pillar=5)[0])


# ---- saltenv, umask

def test_the_environment_of_one_state(engine):
    assert one(engine, 'small.sees', {'x': 1}, {'saltenv': 'dev'})['changes']['env'] == 'dev'


def test_a_umask_is_a_number(engine):
    assert one(engine, 'test.nop', {'umask': 77})['result'] is True
    engine_says, retcode = engine.ran('high', ids(('a', 'test.nop', {'umask': 'x'})))
    assert retcode == 2 and [result['comment'] for result in engine_says.values()] == ['Invalid umask: x\n']
