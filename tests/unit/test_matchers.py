"""Targeting: every answer of the reference, and whatever else may come over the wire."""
from __future__ import absolute_import, division, print_function

import fnmatch
import json
import logging
import os
import re
import warnings

import pytest
from hypothesis import given, strategies as st

from minion import compat, compound, globbing, matchers, nodegroups, pathmatch
from minion.errors import BadTarget
from minion.helpers import cidr
from tests.support import fuzz

DATA = os.path.join(os.path.dirname(__file__), '..', 'data', 'parity', 'targeting.json')
with open(DATA, 'rb') as stream:
    TARGETING = json.loads(stream.read().decode('utf-8'))
FIXTURE = TARGETING['about']['fixture']
MINION_ID = FIXTURE['id']
VIEW = matchers.make_view(MINION_ID, grains=lambda: FIXTURE['grains'], pillar=lambda: FIXTURE['pillar'],
                          nodegroups=FIXTURE['nodegroups'], resources=lambda: {'dummy': ['dummy-01', 'dummy-02']})


def matches(tgt_type, tgt, delimiter=':', view=VIEW):
    return matchers.matches(tgt_type, tgt, view, delimiter)


@pytest.mark.parametrize('row', TARGETING['rows'], ids=lambda row: '%s %r' % (row['type'], row['tgt']))
def test_answers_of_the_reference(row):
    assert matches(row['type'], row['tgt'], row.get('delimiter', ':')) is row['accepts']


def test_all_rows_are_there():
    assert len(TARGETING['rows']) == 303


@pytest.mark.parametrize('tgt, expected', [
    # asked of the reference, 3008.3
    ('web-* or web-* ( db-* )', True),            # `or` ends before the call
    ('db-* or web-* ( db-* )', False),
    ('db-* and web-* ( db-* )', False),
    ('not ( )', True),
    ('( ) or web-*', True),
    ('not web-* ( )', False),
    ('( web-* ) ( web-* )', False),
    ('( web-* ) not ( db-* )', True),
    ('N@nosuch web-*', True),
    ('not N@g3', False),
    ('not N@g6 or db-*', True),
    ('R@x or web-*', False),
    ('web-* or E@[', False),                      # every word is asked, needed or not
    ('web-* or N@g1 N@g1', False),
    ('S@10.1.2.3/8 ( web-* )', False),
    ('G@@os@Debian', True),
    ('L@web-01.example.com\nx', False),
    ('M@web-01.example.com and T@dummy', True),
    ('T@dummy:dummy-03', False),
])
def test_odd_compounds(tgt, expected):
    assert matches('compound', tgt) is expected


@pytest.mark.parametrize('depth, expected', [(1, True), (199, True), (200, True), (201, False), (50000, False)])
def test_depth_of_parentheses(depth, expected):
    assert matches('compound', '( ' * depth + 'web-*' + ' )' * depth) is expected


def test_long_sentences():
    assert matches('compound', ' and '.join(['web-*'] * 20000)) is True
    assert matches('compound', ' or '.join(['db-*'] * 20000)) is False
    assert matches('compound', 'not ' * 20000 + 'web-*') is False


@pytest.mark.parametrize('tgt_type', sorted(matchers.known_types()))
@pytest.mark.parametrize('tgt', [None, True, 0, -1, 1 << 200, 1.5, b'\xff\xfe', [], [None], [[]], {}, {'a': []},
                                 u'\ud800', u'\x00', u':', u'*' * 50000, u'*:' * 50000, u':' * 50000, u'(' * 50000,
                                 u'a{99999999999}', u'(' * 3000 + u')' * 3000, u'os:' + u'(' * 3000 + u')' * 3000])
def test_nonsense_is_nobodys(tgt_type, tgt):
    assert matches(tgt_type, tgt) in (True, False)


@pytest.mark.parametrize('tgt_type', [None, 5, [], {}, '', 'exact', 'confirm_top', 'cache', b'\xff',
                                      'compound_pillar_exact'])
def test_unknown_types(tgt_type):
    assert matches(tgt_type, '*') is False


@pytest.mark.parametrize('delimiter', ['', None, 5, ['']])
def test_wrong_delimiters(delimiter):
    assert matches('grain', 'os:Debian', delimiter) is False
    assert matches('grain_pcre', 'os:Debian', delimiter) is False


def test_delimiter_is_for_some_types_only():
    assert matches('pillar_exact', 'role|web', '|') is False
    assert matches('pillar_exact', 'role:web', '|') is True


def test_grains_are_asked_only_when_needed():
    def refuse():
        raise AssertionError('asked for grains')
    view = matchers.make_view('a', grains=refuse, pillar=refuse)
    assert matches('glob', 'a', view=view) and matches('list', ['a'], view=view)
    assert matches('compound', 'a and not b*', view=view) and not matches('grain', 'os', view=view)


def test_own_addresses():
    view = matchers.make_view('a', addresses=lambda: ['10.0.0.1', 'fe80::1%eth0', 'nonsense', '2001:db8::1'])
    assert matches('ipcidr', '10.0.0.0/30', view=view) and matches('ipcidr', '2001:DB8:0::/32', view=view)
    assert not matches('ipcidr', 'fe80::/10', view=view)


def test_a_malformed_target_is_told(caplog):
    caplog.set_level(logging.INFO)
    assert matches('pcre', '[') is False
    assert 'pcre' in caplog.text and 'cannot be read' in caplog.text


# ---- paths

@pytest.mark.parametrize('expression, expected', [
    ('*:Debian', True), ('*:*:b:c', True), ('*:x:y:z', False), ('nested:*:b:c', True), ('nested:*:b', True),
    ('1:one', True), ('2.5:two', True), ('yes:on', True), ('None:null', True), ('1_000:x', False), ('1000:k', True),
    ('list:0:a', True), ('list:-1:b', True), ('list:5:a', False), ('tuple:x', True), ('deep:0:0:x', True),
    ('text:x:y', False), (u'\xfcml\xe4ut:\xc4*', True),
])
def test_paths(expression, expected):
    data = {'os': 'Debian', 'nested': {'a': {'b': 'c'}}, 1: 'one', 2.5: 'two', 'yes': 'on', None: 'null', 1000: 'k',
            'list': ['a', 'b'], 'tuple': ('x', 'y'), 'deep': [[['x']]], 'text': 'x',
            compat.to_native(u'\xfcml\xe4ut'): u'\xe4h'}
    assert pathmatch.holds(data, expression) is expected


@pytest.mark.parametrize('value, text', [
    (['a', u'b'], "['a', 'b']"), ({'k': None}, "{'k': None}"), (1.5, '1.5'), (0.1, '0.1'), (1 << 70, str(1 << 70)),
    (('a',), "('a',)"), ([u"it's"], '["it\'s"]'), ([u'\xe4\n'], u"['\xe4\\n']"), (u'\xe4', u'\xe4'), (True, 'True'),
])
def test_values_are_compared_as_python_3_shows_them(value, text):
    assert compat.shown(value) == text
    assert pathmatch.holds({'k': [value]}, u'k:' + text, kind=pathmatch.EXACT)


def test_an_expression_without_end_is_given_up():
    data = {}
    for _ in range(30):
        data = {'a': data, 'b': data}
    with pytest.raises(BadTarget):
        pathmatch.holds(data, '*:' * 100 + 'x')


# ---- globs

ALPHABET = u'ab-]![*?^.\\\n\xe4'


@fuzz.examples(1500)
@given(st.text(ALPHABET, max_size=8), st.text(ALPHABET, max_size=10))
def test_globs_mean_what_fnmatch_means(text, pattern):
    if u'[' in pattern and compat.PY2 or re.search(u'(.)-(.)', pattern, re.S):
        pattern = re.sub(u'[-^\\\\!]', u'', pattern)     # old fnmatch trips over empty ranges and set operators
    assert globbing.fits(text, pattern) is fnmatch.fnmatchcase(text, pattern)


@pytest.mark.parametrize('pattern, fitting, other', [
    ('[a-c]', 'abc', 'd-'), ('[!a-c]', 'd-]', 'abc'), ('[]a]', ']a', '[b'), ('[!]a]', 'b[', ']a'), ('[a-]', 'a-', 'b'),
    ('[-a]', '-a', 'b'), ('[c-a]', '', 'abc-'), ('[!c-a]', 'abc', ''), ('[a-b-d]', 'ab-d', 'c'), ('[*]', '*', 'a'),
    ('[^a]', '^a', 'b'), ('[\\]', '\\', ']'), ('[a-c-]', 'abc-', 'd'),
])
def test_sets(pattern, fitting, other):
    assert [sign for sign in fitting if not globbing.fits(sign, pattern)] == []
    assert [sign for sign in other if globbing.fits(sign, pattern)] == []


def test_many_stars_take_no_time():
    assert globbing.fits('a' * 5000, '*a' * 500 + 'b') is False


# ---- addresses

@pytest.mark.parametrize('text, expected', [
    ('10.0.0.0/8', (4, 10 << 24, 8)), ('10.0.0.0/255.0.0.0', (4, 10 << 24, 8)), ('1.2.3.4', (4, 0x01020304, 32)),
    ('10.0.0.0/0.255.255.255', (4, 10 << 24, 8)), ('0.0.0.0/0.0.0.0', (4, 0, 0)), ('::1', (6, 1, 128)),
    ('fe80::/10', (6, 0xfe80 << 112, 10)),
    ('10.0.0.0/08', (4, 10 << 24, 8)), ('::ffff:1.2.3.4', (6, 0xffff01020304, 128)),
])
def test_networks(text, expected):
    assert cidr.parse_network(text) == expected


@pytest.mark.parametrize('text', [
    '10.0.0.1/8', '10.0.0.0/33', '10.0.0.0/', '/8', '10.0.0.0/8/8', '010.0.0.0/8', '256.0.0.0', '1.2.3', ' 1.2.3.4',
    '1.2.3.4\n', '10.0.0.0/255.0.255.0', '10.0.0.0/-1', 'fe80::/ffff::', 'fe80::1%lo', ':::', '1:2:3:4:5:6:7:8:9',
    u'\u0661.2.3.4', '', '::/129', 'g::',
])
def test_what_is_no_network(text):
    with pytest.raises(ValueError):
        cidr.parse_network(text)


# ---- nodegroups and words

def test_nodegroups_unfold():
    groups = {'a': 'N@b or x*', 'b': ['one', 'two'], 'c': 'p[0-9] q', 'd': ['one', 'and', 'two'], 'e': 5, 'f': '',
              'g': 'N@d', 'h': 'N@h'}
    assert nodegroups.expand('a', groups) == ['(', 'L@one,two', 'or', 'x*', ')']
    assert nodegroups.expand('b', groups) == ['L@one,two']
    assert nodegroups.expand('c', groups) == ['E@p[0-9],q']
    assert nodegroups.expand('d', groups) == ['one', 'and', 'two']
    assert nodegroups.expand('g', groups) == ['(', '(', 'one', 'and', 'two', ')', ')']
    assert [nodegroups.expand(name, groups) for name in 'efhz'] == [[], ['L@'], [], []]


def test_nodegroups_beyond_measure():
    groups = {'n%d' % number: 'N@n%d or N@n%d' % (number + 1, number + 1) for number in range(40)}
    groups['n40'] = 'a* or b*'
    with pytest.raises(BadTarget):
        nodegroups.expand('n0', groups)
    assert matches('nodegroup', 'n0', view=matchers.make_view('a', nodegroups=groups)) is False


@pytest.mark.parametrize('word, parts', [
    ('G@a:b', ('G', None, 'a:b')), ('G|@a|b', ('G', '|', 'a|b')), ('L@a,b', ('L', None, 'a,b')),
    ('L|@a', (None, None, 'L|@a')), ('X@a', (None, None, 'X@a')), ('G@', (None, None, 'G@')),
    ('G@@a', ('G', '@', 'a')), ('', (None, None, '')),
])
def test_words(word, parts):
    assert compound.parse_word(word) == parts


# ---- whatever comes

SCALARS = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text(max_size=12),
                    st.binary(max_size=6))
TREES = st.recursive(SCALARS, lambda inner: st.one_of(
    st.lists(inner, max_size=4), st.dictionaries(st.text(max_size=4), inner, max_size=4)), max_leaves=8)
WORDS = st.sampled_from(['and', 'or', 'not', '(', ')', 'web-*', 'db-*', 'G@os:Debian', 'G|@os|x', 'P@os:[', 'E@(',
                         'E@web', 'L@a', 'S@10.0.0.0/8', 'S@x', 'N@g1', 'N@loop', 'N@x', 'J@role:w', 'I@*:*', 'R@x',
                         'T@dummy', 'M@x', 'X@x', '@'])
TYPES = st.sampled_from(sorted(matchers.known_types()) + ['exact', ''])
PATHS = st.lists(st.sampled_from(['os', 'nested', 'a', 'b', '*', 'roles', '0', '-1', '', 'list', '[', '(', 'True',
                                  '1e5', '~']), max_size=6).map(':'.join)


@fuzz.examples(400)
@given(TYPES, st.one_of(TREES, PATHS, st.text(max_size=30)), st.one_of(st.just(':'), SCALARS))
def test_never_raises(tgt_type, tgt, delimiter):
    assert matches(tgt_type, tgt, delimiter) in (True, False)


@fuzz.examples(400)
@given(st.lists(WORDS, max_size=12))
def test_compounds_never_raise(words):
    assert matches('compound', words) is matches('compound', ' '.join(words).split())


def _decide(letter, pattern, delimiter):
    return pattern == 'T'


@fuzz.examples(1500)
@given(st.lists(st.sampled_from(['and', 'or', 'not', '(', ')', 'T', 'F']), max_size=10))
def test_sentences_mean_what_python_means(words):
    try:
        found = compound.evaluate(words, _decide, None)
    except BadTarget:
        found = False
    assert found is _as_python(words)


def _as_python(words):
    """The truth of the sentence by Python itself; the words are ours, nothing comes from outside."""
    text, last = [], None
    for word in words:
        if word == 'not' and last is not None and last not in ('and', 'or', '('):
            text.append('and')
        last = {'T': 'True', 'F': 'False'}.get(word, word)
        text.append(last)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter('ignore')               # "bool is not callable" is what we are after
            return bool(eval(' '.join(text), {'__builtins__': {}, 'True': True, 'False': False}))
    except (SyntaxError, TypeError):
        return False
