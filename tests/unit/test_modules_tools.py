"""match.*, data.*, slsutil.*, defaults.*, salt_version.*, key.*, log.*, out.*, sdb.*, minion.*: answers of 3008.3."""
from __future__ import absolute_import, division, print_function

import logging
import os

import pytest

from minion import pem
from minion.errors import CommandExecutionError, SaltException, SaltInvocationError
from minion.loader import Loader
from tests.support import replay

GRAINS = {'os': 'Debian', 'ipv4': ['127.0.0.1', '192.0.2.2'], 'saltversion': '3008.3', 'pid': os.getpid()}


@pytest.fixture
def loader(tmpdir):
    link = replay.Link()
    opts = {'id': 'ref1', 'cachedir': str(tmpdir.join('cache')), 'pki_dir': str(tmpdir.join('pki')),
            'hash_type': 'sha256', 'extension_modules': str(tmpdir.join('ext')), 'nodegroups': {'db': 'L@ref1,x'},
            'store': {'driver': 'memory'}, 'color': False}
    link.loader = Loader(opts, dict(GRAINS), {'a': {'b': 'c'}}, link)
    return link.loader


@pytest.fixture
def call(loader):
    return lambda name, *args, **kwargs: loader.functions[name](*args, **kwargs)


# ---- match

@pytest.mark.parametrize('name, arguments, expected', [
    ('compound', ['G@os:Debian and ref*'], True),
    ('compound', ['N@db'], True),
    ('compound', ['L@foo,bar', 'foo'], True),
    ('compound', ['ref*', 'foo'], False),
    ('compound', [5], False),
    ('glob', ['foo*', 'foo'], True),
    ('glob', ['[foo'], False),
    ('grain', ['os|Debian', '|'], True),
    ('grain_pcre', ['os:['], False),
    ('ipcidr', ['192.0.2.0/24'], True),
    ('ipcidr', ['10.0.0.0/8'], False),
    ('ipcidr', ['foo'], []),
    ('ipcidr', [5], False),
    ('list', [['ref1', 'x']], True),
    ('pcre', ['['], False),
    ('pillar', ['a|b|c', '|'], True),
    ('pillar_pcre', ['a:b:.'], True),
    ('data', ['a:b'], False),
    ('filter_by', [{'ref*': {'a': 1}, 'default': {'b': 2}}], {'a': 1}),
    ('filter_by', [{'zz*': 5, 'dd': 6}, 'compound', None, None, False, 'dd'], 6),
    ('filter_by', [{'ref*': {'a': {'x': [1]}}}, 'compound', None, {'a': {'x': [2]}}, True], {'a': {'x': [1, 2]}}),
    ('filter_by', [{'zz*': {'a': 1}}, 'compound', None, {'a': 2}], None),
    ('search_by', [{'a': ['ref*', 'G@os:Debian'], 'b': ['foo'], 'c': '*'}], ['a', 'a', 'c']),
    ('search_by', [{'a': ['zz']}], None),
    ('ifelse', ['zz', 'a', 'ref*', 'b', 'c'], 'b'),
    ('ifelse', ['zz', 'a', 'c'], 'c'),
    ('ifelse', ['only'], 'only'),
])
def test_match(call, name, arguments, expected):
    assert call('match.' + name, *arguments) == expected


def test_match_that_cannot_be(call):
    with pytest.raises(SaltException) as caught:
        call('match.ifelse', 'a', 'b')
    assert str(caught.value) == 'The ifelse function must have an odd number of arguments!'
    with pytest.raises(SaltException) as caught:
        call('match.filter_by', {'*': {}}, merge=5)
    assert str(caught.value) == 'filter_by merge argument must be a dictionary.'
    with pytest.raises(KeyError):
        call('match.filter_by', {'*': 1}, tgt_type='nosuch')


def test_a_lookup_table_stays_as_it_is(call):
    table = {'ref*': {'a': {'x': 1}}}
    call('match.filter_by', table, merge={'a': {'y': 2}})
    assert table == {'ref*': {'a': {'x': 1}}}


# ---- data

def test_the_store(call, loader):
    assert call('data.update', 'k', 'v') and call('data.update', 5, [1, {'a': None}])
    assert call('data.load') == call('data.items') == {'k': 'v', 5: [1, {'a': None}]}
    assert call('data.get', 'k') == 'v' and call('data.get', 'zz', 7) == 7 and call('data.get', ['k', 'zz']) == ['v']
    assert call('data.cas', 'k', 'w', 'v') is True and call('data.cas', 'k', 'x', 'v') is False
    assert call('data.cas', 'zz', 1, 2) is False and call('data.has_key', 'k') is True
    assert call('data.pop', 'k') == 'w' and call('data.pop', 'k', 3) == 3 and call('data.keys') == [5]
    assert call('data.values') == [[1, {'a': None}]]
    assert call('data.dump', "{'x': 1}") is True and call('data.dump', '[1]') is False and call('data.load') == {'x': 1}
    assert call('data.clear') is True and call('data.clear') is True and call('data.load') == {}
    with pytest.raises(ValueError):
        call('data.dump', 5)


def test_a_damaged_store_counts_as_empty(call, loader):
    assert call('data.update', 'k', 'v')
    with open(os.path.join(loader.opts['cachedir'], 'data.json'), 'w') as stream:
        stream.write('{"k": ')
    assert call('data.load') == {} and call('data.update', 'k', 'w') and call('data.get', 'k') == 'w'


# ---- slsutil, defaults

@pytest.mark.parametrize('name, arguments, expected', [
    ('slsutil.merge', [{'a': {'b': 1}}, {'a': {'c': 2}}], {'a': {'b': 1, 'c': 2}}),
    ('slsutil.merge', [{'a': {'b': 1}}, {'a': {'c': 2}}, 'overwrite'], {'a': {'c': 2}}),
    ('slsutil.merge', [{'a': {'b': 1}}, {'a': {'c': 2}}, 'aggregate'], {'a': {'c': 2}}),
    ('slsutil.merge', [{'a': 1, 'x': 1}, {'a': 2, 'y': 2}, 'list'], {'a': [1, 2], 'x': 1}),
    ('slsutil.merge', [{'a': [1]}, {'a': [1, 2]}, 'smart', 'yaml', True], {'a': [1, 2]}),
    ('slsutil.merge_all', [[{'a': 1}, {'b': 2}, {'a': {'c': 1}}]], {'a': {'c': 1}, 'b': 2}),
    ('slsutil.update', [{'a': {'b': 1}}, {'a': {'c': 2}}, False], {'a': {'c': 2}}),
    ('slsutil.update', [{'a': 1}, {'a': None, 'b': {}}], {'a': None, 'b': {}}),
    ('slsutil.boolstr', [[], 'a', 'b'], 'b'),
    ('slsutil.serialize', ['json', {'a': [1, 2.5, None, True]}], '{"a": [1, 2.5, null, true]}'),
    ('slsutil.serialize', ['yaml', [1, [2, 3]]], '- 1\n- [2, 3]'),
    ('slsutil.serialize', ['yaml', 'foo'], 'foo'),
    ('slsutil.serialize', ['msgpack', {'a': 1}], b'\x81\xa1a\x01'),
    ('slsutil.serialize', ['configparser', {'a': {'B': 1}}], '[a]\nb = 1\n\n'),
    ('slsutil.serialize', ['configparser', {}], ''),
    ('slsutil.deserialize', ['configparser', '[a]\nb=c\nD : e = f\n more\n# x\n[z z] k\nq =\n'],
     {'a': {'b': 'c', 'd': 'e = f\nmore'}, 'z z': {'q': ''}}),
    ('slsutil.deserialize', ['yaml', 'a: [1, 2]'], {'a': [1, 2]}),
    ('slsutil.deserialize', ['json', '{"a": "b"}'], {'a': 'b'}),
    ('slsutil.renderer', [None, 'a: 1'], {'a': 1}),
    ('slsutil.renderer', [None, '#!json\n{"a": 1}'], {'a': 1}),
    ('slsutil.renderer', [None, 'a: 1', 'nosuch'], {}),
    ('slsutil.renderer', ['/no/such/file'], {}),
    ('defaults.merge', [{'a': None}, {'a': {'b': 1}}], {'a': {'b': 1}}),
    ('defaults.merge', [{'a': 1}, None], {'a': 1}),
    ('defaults.deepcopy', [{'a': [1]}], {'a': [1]}),
    ('defaults.update', [{'h1': {'a': 1}, 'h2': {'b': 5}}, {'a': 9, 'b': 2}],
     {'h1': {'a': 1, 'b': 2}, 'h2': {'a': 9, 'b': 5}}),
    ('defaults.update', [{'h1': {'a': [1]}}, {'a': [2]}], {'h1': {'a': [2, 1]}}),
    ('defaults.update', [{'h1': None}, {'a': [2]}], {'h1': {'a': [2]}}),
])
def test_mappings_and_texts(call, name, arguments, expected):
    assert call(name, *arguments) == expected


@pytest.mark.parametrize('name, arguments, error, text', [
    ('slsutil.merge', [[1], [2]], TypeError, 'Cannot update using non-dict types in dictupdate.update()'),
    ('defaults.merge', [None, {}], TypeError, "Can't perform in-place merge into NoneType"),
    ('slsutil.serialize', ['nosuch', 1], CommandExecutionError, "Serializer 'nosuch' not found."),
    ('slsutil.renderer', [], SaltInvocationError, 'Must pass path or string.'),
    ('slsutil.renderer', ['/x', 'y'], SaltInvocationError, 'Must not pass both path and string.'),
    ('slsutil.banner', [5, '####'], CommandExecutionError, 'Width is too small to render banner'),
])
def test_what_cannot_be(call, name, arguments, error, text):
    with pytest.raises(error) as caught:
        call(name, *arguments)
    assert str(caught.value) == text


def test_wrong_texts(call):
    for name, arguments in (('slsutil.renderer', [None, 'a: [}']), ('slsutil.renderer', [None, '{', 'json']),
                            ('slsutil.deserialize', ['yaml', 'a: [']), ('slsutil.deserialize', ['json', '{'])):
        with pytest.raises((SaltException, ValueError)):
            call(name, *arguments)


def test_jinja(call):
    pytest.importorskip('jinja2')
    assert call('slsutil.renderer', string='a: {{ grains["os"] }}-{{ x }}', x=5) == {'a': 'Debian-5'}
    with pytest.raises(SaltException) as caught:
        call('slsutil.renderer', string='a: {{ 1')
    assert 'Jinja syntax error: ' in str(caught.value)
    with pytest.raises(SaltException):
        call('slsutil.renderer', string='a: {{ nosuch }}')


def test_banner(call):
    assert call('slsutil.banner', 30, '//', '-', None, None, 'Hi', 'some long text that wraps around') == (
        '//--------------------------//\n//                          //\n//            Hi            //\n'
        '//                          //\n// some long text that      //\n// wraps around             //\n'
        '//--------------------------//')
    whole = call('slsutil.banner', 20, blockstart='/*', blockend='*/', newline=True).split('\n')
    assert whole[:5] == ['/*', '#' * 20, '#                  #', '#   THIS FILE IS   #', '# MANAGED BY SALT  #']
    assert whole[-2:] == ['*/', '']


def test_files_of_the_master(call, loader, monkeypatch):
    listed = {'cp.list_master': lambda saltenv: ['a/b/x.sls', 'a/map.jinja', 'top.sls'],
              'cp.list_master_dirs': lambda saltenv: ['.', 'a', 'a/b']}
    call('slsutil.boolstr', 1)
    monkeypatch.setitem(loader.functions['slsutil.findup'].__globals__, '__salt__', listed)
    assert call('slsutil.findup', 'a/b', 'map.jinja') == 'a/map.jinja'
    assert call('slsutil.findup', 'a/b', ['nosuch', 'top.sls']) == 'top.sls'
    assert call('slsutil.dir_exists', 'a') and not call('slsutil.file_exists', 'a') and call('slsutil.path_exists', 'top.sls')
    with pytest.raises(CommandExecutionError) as caught:
        call('slsutil.findup', '', 'nosuch')
    assert str(caught.value) == 'File pattern(s) not found in path ancestry'
    with pytest.raises(SaltInvocationError) as caught:
        call('slsutil.findup', 'zz', 'top.sls')
    assert str(caught.value) == 'Starting path not found in the state tree: zz'


def test_defaults_of_a_formula(call, loader, tmpdir, monkeypatch):
    tmpdir.join('d.yaml').write('users: {root: 0}\n')
    call('defaults.deepcopy', 1)
    monkeypatch.setitem(loader.functions['defaults.get'].__globals__, '__salt__', {
        'cp.cache_file': lambda url: str(tmpdir.join('d.yaml')) if url == 'salt://core/defaults.yaml' else ''})
    assert call('defaults.get', 'core:users:root') == 0 and call('defaults.get', 'core') == {'users': {'root': 0}}
    assert call('defaults.get', 'nosuch') is None and call('defaults.get', 'nosuch:x', 5) == 5


# ---- what is small

@pytest.mark.parametrize('name, argument, expected', [
    ('get_release_number', 'Oxygen', '2018.3'), ('get_release_number', 'zinc', '3020'),
    ('get_release_number', 'nosuch', None), ('equal', 'Argon', True), ('equal', 'Sulfur', False),
    ('greater_than', 'Oxygen', True), ('greater_than', 'Argon', False), ('greater_than', 'nosuch', False),
    ('less_than', 'Potassium', True), ('less_than', 'Argon', False), ('less_than', 'nosuch', False)])
def test_releases(call, name, argument, expected):
    assert call('salt_version.' + name, argument) == expected


def test_a_release_is_named_by_a_text(call):
    with pytest.raises(CommandExecutionError) as caught:
        call('salt_version.equal', 3008)
    assert str(caught.value) == "'name' argument must be a string"


def test_fingerprints(call, tmpdir):
    assert call('key.finger') == call('key.finger_master') == ''
    tmpdir.join('pki', 'minion.pub').write('-----BEGIN PUBLIC KEY-----\nMIIB\nIjAN\n-----END PUBLIC KEY-----\n', ensure=True)
    assert call('key.finger', 'md5') == pem.fingerprint(tmpdir.join('pki', 'minion.pub').read(), 'md5')
    assert len(call('key.finger').split(':')) == 32


@pytest.mark.parametrize('level', ['debug', 'info', 'warning', 'error', 'critical', 'exception'])
def test_log(call, caplog, level):
    caplog.set_level(logging.DEBUG)
    assert call('log.' + level, 'what happened') is True
    assert [(record.levelname, record.getMessage()) for record in caplog.records] == [
        ({'exception': 'ERROR'}.get(level, level.upper()), 'what happened')]


def test_outputters(call):
    assert call('out.out_format', {'a': [1, 2]}) == call('out.string_format', {'a': [1, 2]}, out='nosuch')
    assert call('out.string_format', {'a': 1}, 'json') == '{\n    "a": 1\n}'
    assert call('out.html_format', {'a': 1}, out='json') == '{<br />&nbsp;&nbsp;&nbsp;&nbsp;"a":&nbsp;1<br />}'


def test_sdb(call, tmpdir):
    tmpdir.join('ext', 'sdb', 'memory.py').write(
        'STORE = {}\n'
        'def get(key, profile=None): return STORE.get(key)\n'
        'def set(key, value, profile=None): STORE[key] = value; return value\n'
        'def delete(key, profile=None): return STORE.pop(key) is not None\n', ensure=True)
    assert call('sdb.get', 'sdb://x/y') == 'sdb://x/y' and call('sdb.get', 5) == 5
    assert call('sdb.set', 'sdb://x/y', 1) is call('sdb.delete', 'foo') is call('sdb.get_or_set_hash', 'foo') is False
    made = call('sdb.get_or_set_hash', 'sdb://store/k', length=12)
    assert len(made) == 12 and call('sdb.get', 'sdb://store/k') == call('sdb.get_or_set_hash', 'sdb://store/k') == made
    assert call('sdb.set', 'sdb://store/a/b', 1) == 1 and call('sdb.delete', 'sdb://store/a/b') is True
    for uri, text in (('sdb://x/y', 'SDB profile "x" wasnt found in the minion configuration'),
                      ('sdb://x', 'SDB uri must have a profile name as a first part of the uri before the /')):
        with pytest.raises(SaltInvocationError) as caught:
            call('sdb.get', uri, strict=True)
        assert str(caught.value) == text


def test_the_minion_itself(call, loader, tmpdir, monkeypatch):
    tmpdir.join('pki', 'minions', 'web1').write('', ensure=True)
    assert call('minion.list') == {'minions': ['web1'], 'minions_pre': [], 'minions_rejected': [], 'minions_denied': []}
    sent = []
    monkeypatch.setattr('os.kill', lambda pid, signum: sent.append((pid, int(signum))))
    assert call('minion.kill') == {'killed': os.getpid(), 'retcode': 0} and sent == [(os.getpid(), 15)]
    loader.grains['pid'] = None
    assert call('minion.kill')['retcode'] == 70 and len(sent) == 1
