"""grains.*: the captured jobs of the reference in their order, and what they do not show."""
from __future__ import absolute_import, division, print_function

import os
import stat
import threading

import pytest

from minion import compat, grainfiles
from minion.errors import CommandExecutionError
from minion.helpers import lookup, staticgrains
from minion.loader import Loader
from tests.support import replay

ROWS = [row for row in replay.rows('grains') if row['fun'].startswith('grains.')]
SHOWN = next(row for row in ROWS if row['case'] == 'grains_027_grains.items')['sent']['return']

DIFFERENT = {
    # 3008.3 cannot turn its own mapping of grains into JSON; older versions, and we, give the value
    'grains_024_grains.get': {'return': SHOWN['ip4_interfaces'], 'retcode': 0, 'success': True},
}


class World(object):
    """A loader whose grains are those of the captures with the file CONFIG_DIR/grains over them."""

    def __init__(self, folder):
        self.file = os.path.join(folder, 'grains')
        self.refreshed = []
        self.opts = {'id': 'ref1', 'conf_file': os.path.join(folder, 'minion'), 'extension_modules': folder,
                     'module_executors': ['direct_call']}
        self.base = compat.native_tree(SHOWN)
        self.loader = Loader(self.opts, dict(self.base), {}, self)

    def refresh(self, kind):
        self.refreshed.append(kind)
        if kind == 'grains':
            grains = dict(self.base)
            grains.update(grainfiles.read_static(self.file))
            self.loader.update(grains=grains)

    def functions(self):
        return self.loader

    def call(self, name, *arguments, **keywords):
        return self.loader.functions['grains.' + name](*arguments, **keywords)

    def content(self):
        with open(self.file, 'rb') as stream:
            return stream.read()

    def put(self, content):
        with open(self.file, 'wb') as stream:
            stream.write(content)
        self.refresh('grains')


@pytest.fixture(scope='module')
def captured(tmpdir_factory):
    """One world for all captured jobs: each builds on those before it."""
    return World(str(tmpdir_factory.mktemp('captured')))


@pytest.fixture
def world(tmpdir):
    return World(str(tmpdir))


@pytest.mark.parametrize('row', ROWS, ids=[row['case'] for row in ROWS])
def test_captured_jobs_in_their_order(captured, row):
    theirs = dict(replay.expectation(row), **DIFFERENT.get(row['case'], {}))
    if row['case'] in DIFFERENT:
        theirs.pop('out')
    assert replay.answer(captured.loader, row) == theirs


def test_arguments_are_those_of_the_reference(world):
    specs = dict((name, world.loader.functions['sys.argspec'](name)[name])
                 for name in world.loader.functions['sys.list_functions']('grains'))
    key_default = spec(['key', 'default', 'delimiter', 'ordered'], ['', ':', True])
    choice = spec(['lookup_dict', 'grain', 'merge', 'default', 'base'], ['os_family', None, 'default', None])
    assert specs == {
        'grains.append': spec(['key', 'val', 'convert', 'delimiter'], [False, ':']),
        'grains.delkey': spec(['key', 'force'], [False]),
        'grains.delval': spec(['key', 'destructive', 'force'], [False, False]),
        'grains.equals': spec(['key', 'value']),
        'grains.fetch': key_default, 'grains.get': key_default, 'grains.filter_by': choice,
        'grains.has_value': spec(['key']),
        'grains.item': {'args': None, 'defaults': None, 'varargs': True, 'kwargs': True},
        'grains.items': spec(['sanitize'], [False]),
        'grains.ls': spec(None),
        'grains.remove': spec(['key', 'val', 'delimiter'], [':']),
        'grains.set': spec(['key', 'val', 'force', 'destructive', 'delimiter'], ['', False, False, ':']),
        'grains.setval': spec(['key', 'val', 'destructive', 'refresh_pillar'], [False, True]),
        'grains.setvals': spec(['grains', 'destructive', 'refresh_pillar'], [False, True]),
    }


def spec(names, defaults=None):
    return {'args': names, 'defaults': defaults, 'varargs': None, 'kwargs': None}


def test_every_function_has_a_docstring_with_a_call(world):
    for name in world.loader.functions['sys.list_functions']('grains'):
        own = 'grains.get' if name == 'grains.fetch' else name
        assert "CLI: salt '*' " + own in world.loader.functions[name].__doc__, name


# ---- the file

def test_what_is_written(world):
    world.call('setvals', {'b': [1, {'x': None}], 'a': u'h\xe9', 't': (1, 2), 'n': {}})
    assert world.content() == u'a: h\xe9\nb:\n- 1\n- x: null\nn: {}\nt:\n- 1\n- 2\n'.encode('utf-8')
    assert stat.S_IMODE(os.stat(world.file).st_mode) == 0o644
    assert world.call('get', 'b:1:x', 'none there') is None and compat.to_text(world.call('get', 'a')) == u'h\xe9'
    assert world.refreshed == ['grains', 'pillar']


def test_the_pillar_is_left_alone_on_request(world):
    world.call('setval', 'a', 1, refresh_pillar=False)
    assert world.refreshed == ['grains']


def test_nothing_is_asked_for_when_nothing_was_written(world):
    assert world.call('remove', 'a', 1) == 'The val 1 was not in the list a'
    assert world.call('append', 'os', 1) == 'The key os is not a valid list'
    assert world.refreshed == [] and not os.path.exists(world.file)


def test_mode_and_link_of_the_file_stay(world, tmpdir):
    real = tmpdir.mkdir('elsewhere').join('facts')
    real.write_binary(b'a: 1\n')
    os.chmod(str(real), 0o600)
    os.symlink(str(real), world.file)
    world.call('setval', 'b', 2)
    assert os.path.islink(world.file) and real.read_binary() == b'a: 1\nb: 2\n'
    assert stat.S_IMODE(os.stat(str(real)).st_mode) == 0o600


@pytest.mark.parametrize('content', [b'a: [1\n', b'- a\n', b'a: \xff\n', b'[' * 600],
                         ids=lambda content: repr(content[:8]))
def test_a_damaged_file_is_not_overwritten(world, content):
    world.put(content)
    answer = world.call('setval', 'b', 1)
    assert answer.startswith('Unable to read existing grains file: ' + world.file) and '\n' not in answer
    assert world.call('set', 'b', 1) == {'comment': answer, 'changes': {}, 'result': False}
    assert world.content() == content


def test_a_value_that_yaml_cannot_hold(world):
    world.put(b'a: 1\n')
    with pytest.raises(CommandExecutionError) as error:
        world.call('setval', 'b', object())
    assert world.file in str(error.value) and world.content() == b'a: 1\n'


def test_a_folder_that_is_not_there(world):
    world.opts['conf_file'] = world.loader.opts['conf_file'] = '/nonexistent/minion'
    with pytest.raises(CommandExecutionError) as error:
        world.call('setval', 'b', 1)
    assert '/nonexistent' in str(error.value)


def test_without_a_configuration_file(world):
    world.loader.opts.pop('conf_file')
    with pytest.raises(CommandExecutionError) as error:
        world.call('setval', 'b', 1)
    assert 'conf_file' in str(error.value)


def test_without_a_running_minion(tmpdir):
    opts = {'conf_file': str(tmpdir.join('minion')), 'extension_modules': str(tmpdir)}
    functions = Loader(opts, {'a': 1}, {}, None).functions
    assert functions['grains.setval']('b', 2) == {'b': 2} and functions['grains.get']('b') == 2
    assert functions['grains.delkey']('b')['result'] is True and functions['grains.has_value']('b') is False


def test_jobs_at_once_lose_nothing(world):
    threads = [threading.Thread(target=world.call, args=('append', 'many', number)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(staticgrains.read(world.file)['many']) == list(range(20))
    assert sorted(world.call('get', 'many')) == list(range(20))


def test_grains_in_hand_are_not_changed(world):
    world.put(b'a: {b: [1]}\n')
    before = world.call('items')
    world.call('append', 'a:b', 2)
    assert before['a'] == {'b': [1]} and world.call('get', 'a') == {'b': [1, 2]}


# ---- details

@pytest.mark.parametrize('content, arguments, result, after', [
    (b'', ('a:b:c', 1), True, {'a': {'b': {'c': 1}}}),
    (b'a: {b: x}\n', ('a:b:x', 1), True, {'a': {'b': {'x': 1}}}),
    (b'a: {b: y}\n', ('a:b:x', 1), False, {'a': {'b': 'y'}}),
    (b'a: {b: y}\n', ('a:b:x', 1, True), True, {'a': {'b': {'x': 1}}}),
    (b'a: [x, y]\n', ('a:x', 1), True, {'a': [{'x': 1}, 'y']}),
    (b'a: [{x: 0}, {y: 0}]\n', ('a:x', 1), True, {'a': [{'x': 1}, {'y': 0}]}),
    (b'a: [y]\n', ('a:x', 1), True, {'a': ['y', {'x': 1}]}),
    (b'a: 1\n', ('a', [1]), False, {'a': 1}),
    (b'a: 1\n', ('a', 1), True, {'a': 1}),
    (b'a: null\n', ('a', [1]), True, {'a': [1]}),
    (b'a: {b: 1}\n', ('a|c', 2, False, False, '|'), True, {'a': {'b': 1, 'c': 2}}),
    (b'a: {b: 1, c: 2}\n', ('a:b', None, False, True), True, {'a': {'c': 2}}),
    (b'a: 1\nb: 2\n', ('a', None, False, True), True, {'b': 2}),
    (b'a: 1\n', ('a', None), True, {'a': None}),
    (b'a: null\n', ('a', None, False, True), True, {}),
])
def test_set(world, content, arguments, result, after):
    world.put(content)
    answer = world.call('set', *arguments)
    assert answer['result'] is result and sorted(answer) == ['changes', 'comment', 'result']
    assert staticgrains.read(world.file) == after


@pytest.mark.parametrize('content, arguments, after', [
    (b'', ('a:b', 1), {'a': {'b': [1]}}), (b'a: [1]\n', ('a', [2, 3]), {'a': [1, 2, 3]}),
    (b'a: null\n', ('a', 1, True), {'a': [1]}), (b'a: [{b: [1]}]\n', ('a:b', 2), {'a': [{'b': [1, 2]}]}),
    (b'a: {b: [1]}\n', ('a|b', 2, False, '|'), {'a': {'b': [1, 2]}}),
])
def test_append(world, content, arguments, after):
    world.put(content)
    assert isinstance(world.call('append', *arguments), dict)
    assert staticgrains.read(world.file) == after


def test_remove_from_nested_lists(world):
    world.put(b'a: {b: [1, 2], c: 3}\n')
    assert world.call('remove', 'a:b', 1) == {'a': {'b': [2], 'c': 3}}


def test_sanitized(world):
    world.put(b'serialnumber: abcdefgh\nid: secret\nhost: secret\ndomain: secret\n')
    for flag in (True, 'True', 1, '1', [0]):
        found = world.call('items', sanitize=flag)
        assert (found['serialnumber'], found['id'], found['host'], found['domain']) == (
            'abcdefXX', 'MINION.DOMAINNAME', 'MINION', 'DOMAINNAME')
    for flag in (False, 'no', 0, None, ''):
        assert world.call('item', 'id', sanitize=flag) == {'id': 'secret'}


def test_keys_that_are_numbers(world):
    world.put(b'1: one\n')
    assert world.call('get', 1) == world.call('get', '1') == 'one' and world.call('ls')[0] == 1


LEVELS = {'default': {'A': {'B': 'C'}, 'D': 'E'}, 'F': {'A': {'B': 'G'}}, 'H': {'D': 'I'}}


@pytest.mark.parametrize('arguments, expected', [
    (({'deb*': 1, 'Deb*': 2},), 2), (({'x': 1, 'default': 3},), 3), (({'x': 1}, 'roles'), None),
    (({'w*': 1, 'db': 2}, 'roles'), 2), (({'True': 'yes'}, 'flag'), 'yes'), (({'4': 'four'}, 'num'), 'four'),
    (({'A': 1, 'C': {'D': {'E': 'F', 'G': 'H'}}}, 'xxx', {'D': {'E': 'I'}, 'J': 'K'}, 'C'),
     {'D': {'E': 'I', 'G': 'H'}, 'J': 'K'}),
    ((LEVELS, 'xxx', {'D': 'J'}, 'F', 'default'), {'A': {'B': 'G'}, 'D': 'J'}),
    ((LEVELS, 'xxx', {'D': 'J'}, 'H', 'default'), {'A': {'B': 'C'}, 'D': 'J'}),
    (({}, 'xxx', {'a': 1}), {'a': 1}),
    (({'b': {'a': 1}}, 'xxx', None, 'd', 'b'), {'a': 1}),
])
def test_filter_by(arguments, expected):
    known = {'os_family': 'Debian', 'roles': ['db', 'web'], 'flag': True, 'num': 4}
    table = arguments[0]
    before = repr(table)
    path = arguments[1] if len(arguments) > 1 else 'os_family'
    assert lookup.filter_by(table, path, known, *arguments[2:]) == expected
    assert repr(table) == before


@pytest.mark.parametrize('arguments', [({'a': {}}, 'x', 5, 'a'), ({'a': 1, 'b': {}}, 'x', None, 'a', 'b'),
                                       ({'a': 1}, 'x', {'k': 1}, 'a')])
def test_what_cannot_be_merged(arguments):
    with pytest.raises((lookup.SaltException, TypeError)):
        lookup.filter_by(arguments[0], arguments[1], {}, *arguments[2:])


def test_number_of_captured_jobs():
    assert len(ROWS) == 57
