"""Arguments as typed to the demo, values as it shows them, the address of a real master, jids."""
from __future__ import absolute_import, division, print_function

import datetime

import pytest

from minion import compat, errors
from minion.demo import jobs, publisher, remote, words


@pytest.mark.parametrize('typed, expected', [
    ([], []),
    (['a', '1', '1.5', 'true', 'null', '~'], ['a', 1, 1.5, True, None, None]),
    (['[1, b]', '{a: 1}'], [[1, 'b'], {'a': 1}]),
    (['a: b', '2020-01-01', '# c', '', '[', '-1'], ['a: b', '2020-01-01', '# c', '', '[', -1]),
    (['uname -sr', 'cwd=/tmp', 'n=2'], ['uname -sr', {'__kwarg__': True, 'cwd': '/tmp', 'n': 2}]),
    (['=x', '1a=2', 'a=b=c'], ['=x', '1a=2', {'__kwarg__': True, 'a': 'b=c'}]),
])
def test_arguments(typed, expected):
    assert words.arguments(typed) == expected


@pytest.mark.parametrize('value, text', [
    (True, 'true'), (None, 'null'), (5, '5'), ('two\nlines', 'two\nlines'), (u'', ''),
    ({'b': [1, 2], 'a': None}, 'a: null\nb:\n- 1\n- 2'), ([], '[]'),
])
def test_values_as_shown(value, text):
    assert words.shown(value) == text


def test_non_ascii_text_stays_readable():
    assert compat.to_text(words.shown({u'k': u'h\xe9'})) == u'k: h\xe9'


@pytest.mark.parametrize('text, expected', [
    ('salt', ('salt', 4506)), ('salt:1234', ('salt', 1234)), ('[::1]:99', ('::1', 99)), ('[::1]', ('::1', 4506)),
    ('fe80::1', ('fe80::1', 4506)),
])
def test_addresses(text, expected):
    assert remote.address(text) == expected


@pytest.mark.parametrize('text', ['', ':4506', 'salt:no', 'salt:0', 'salt:70000', '[::1]:x'])
def test_addresses_that_are_none(text):
    with pytest.raises(errors.ConfigError) as caught:
        remote.address(text)
    assert '--master' in str(caught.value)


def test_jids_are_20_digits_and_never_go_back():
    def early():
        return datetime.datetime(2020, 1, 2, 3, 4, 5, 6)
    first = jobs.new_jid(now=early)
    assert first == '20200102030405000006'
    assert jobs.new_jid(first, now=early) == '20200102030405000007'
    assert jobs.new_jid('19990101000000000000', now=early) == first


@pytest.mark.parametrize('target, kind, expected', [
    ('*', 'glob', ['a1', 'b1']), ('a*', 'glob', ['a1']), ('b.', 'pcre', ['b1']), ('b1,c', 'list', ['b1']),
    (['a1'], 'list', ['a1']), ('os:Linux', 'grain', ['a1', 'b1']),
])
def test_targets_by_id(target, kind, expected):
    assert publisher.matching(target, kind, ['a1', 'b1']) == expected
