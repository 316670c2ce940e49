# -*- coding: utf-8 -*-
"""Arguments: words of a command line, the published `arg`, and what is said of a call that does not fit."""
from __future__ import absolute_import, division, print_function

import re

import pytest
from hypothesis import example, given, strategies

from minion import arguments, compat, yamlvalue
from minion.errors import SaltInvocationError
from tests.support import replay

ROWS = replay.read('arg_parsing.json')


def alike(one, other):
    """Equal and of one type; NaN equals itself."""
    one, other = compat.native_tree(one), compat.native_tree(other)
    if isinstance(one, compat.integer_types) and isinstance(other, compat.integer_types):
        return one == other and isinstance(one, bool) == isinstance(other, bool)
    return type(one) is type(other) and (one == other or (one != one and other != other))


@pytest.mark.parametrize('row', ROWS, ids=[repr(row['in']) for row in ROWS])
def test_a_word_is_read_as_by_the_reference(row):
    made = arguments.from_words([row['in']])
    assert len(made) == 1
    if 'kwarg' in row:
        assert made[0].pop('__kwarg__') is True
        assert sorted(made[0]) == sorted(compat.native_tree(row['kwarg']))
        assert all(alike(value, made[0][compat.to_native(name)]) for name, value in row['kwarg'].items())
    else:
        assert alike(row['arg'], made[0])


def test_all_rows_are_there():
    assert len(ROWS) == 107


def test_keywords_of_a_command_line_are_one_mapping_at_the_end():
    assert arguments.from_words(['1', 'k=2', 'x', 'l=[3]']) == [1, 'x', {'k': 2, 'l': [3], '__kwarg__': True}]
    assert arguments.from_words([]) == []


@pytest.mark.parametrize('text', ['[' * 100000, '{' * 5000, '[&a [1], *a]', '&a [*a]', '{[1]: 2}', '2020-13-45',
                                  '0b_', '!!python/object/apply:os.system [id]', 'x' * 1000000, '[1, 2' + ' ' * 400000,
                                  '\x00', '"\\xzz"', '--- [1]\n--- [2]'])
def test_hostile_or_odd_text_stays_text(text):
    assert yamlvalue.value_of(text) == text


@pytest.mark.parametrize('text, value', [('[1,\n 2]', [1, 2]), ('a\nb', 'a\nb'), ('5\n', 5),
                                         ('[0777, 0, 0x10]', [777, 0, 16]),
                                         ('-0', 0), ('010', 10), ('089', '089'), ('- ', '- '), ('---', None),
                                         ('1.', 1.0), ('/etc/passwd', '/etc/passwd'), ('3.11.7', '3.11.7')])
def test_more_texts(text, value):
    assert alike(yamlvalue.value_of(text), value)


@given(strategies.text(max_size=30))
@example(u'é: [')
def test_no_text_raises(text):
    yamlvalue.value_of(text)
    arguments.from_words([text])


_PLAIN = (yamlvalue._PLAIN_WORD, yamlvalue._PLAIN_INT, yamlvalue._PLAIN_FLOAT)


@given(strategies.text(alphabet=u'0123456789.-+_/aeEnNoyYtruxflsb', min_size=1, max_size=8))
@example(u'0x')
@example(u'1.5')
@example(u'1.e')
@example(u'-.5')
@example(u'null')
def test_the_short_way_gives_what_yaml_gives(text):
    text = compat.to_native(text)
    apart = text == 'None' or yamlvalue._DIGITS.match(text)      # what differs from YAML on purpose
    if not apart and (text in yamlvalue._WORDS or any(pattern.match(text) for pattern in _PLAIN)):
        assert alike(yamlvalue.value_of(text), yamlvalue._parsed(text))


# ---- the published list

def spec(function):
    return compat.getargspec(function)


def plain(a, b=2):
    return a, b


def many(*args, **kwargs):
    return args, kwargs


@pytest.mark.parametrize('arg, function, values, named', [
    ([1, 'x'], plain, [1, 'x'], {}),
    (['~', 'null', '5'], many, ['~', 'null', '5'], {}),                  # positional texts come typed from the master
    (['b=5'], plain, [], {'b': 5}),
    ([u'k=[1, \u00e9]'], many, [], {'k': [1, compat.to_native(u'\u00e9')]}),
    ([{'__kwarg__': True, 'b': '5'}], plain, [], {'b': '5'}),            # typed already
    ([{'__kwarg__': False, 'b': 5}], plain, [{'b': 5}], {}),
    ([{'__kwarg__': 1, 'b': 5}], plain, [{'b': 5}], {}),
    ([{'b': 5}], plain, [{'b': 5}], {}),
    ([b'\xff=1'], many, [b'\xff=1'] if not compat.PY2 else ['\xff=1'], {}),
    ('alone', plain, ['alone'], {}),
    (None, plain, [None], {}),
    ([{'__kwarg__': True, 5: 'x'}], many, [], {'5': 'x'}),
])
def test_published_arguments(arg, function, values, named):
    assert arguments.parse(arg, spec(function)) == (values, named)


def test_text_is_of_the_type_str():
    values, named = arguments.parse([u'x', {u'__kwarg__': True, u'k': {u'a': [u'b']}}], spec(many))
    assert type(values[0]) is str and type(list(named)[0]) is str and type(list(named['k'])[0]) is str
    assert type(named['k']['a'][0]) is str


def test_keywords_that_a_function_does_not_take_are_named():
    with pytest.raises(SaltInvocationError) as caught:
        arguments.parse([1, {'__kwarg__': True, 'z': [u'1'], 'y': 2}, 'x=3'], spec(plain))
    assert str(caught.value) == "The following keyword arguments are not valid: x=3, y=2, z=['1']"


def test_a_callable_without_signature_takes_everything():
    assert arguments.parse(['a=1', 2], None) == ([2], {'a': 1})


def test_published_keywords_are_those_of_the_job_not_of_the_wire():
    load = {u'fun': u'f', u'arg': [{'__kwarg__': False, 'x': 1}], u'serial': 5, u'jid': u'1'}
    assert arguments.published(load) == {'__pub_fun': 'f', '__pub_arg': [{'x': 1}], '__pub_jid': '1'}


def test_echo_keeps_true_marks_only():
    arg = [[1, {'__kwarg__': True, 'a': 1}], [{'__kwarg__': 'yes', 'a': 1}]]
    assert arguments.echo(arg) == [[1, {'__kwarg__': True, 'a': 1}], [{'a': 1}]]
    assert arg[1][0] == {'__kwarg__': 'yes', 'a': 1}


# ---- calls that do not fit

def none():
    """Takes nothing."""


def three(a, b, c):
    """Takes three."""


def one_or_two(a, b=1):
    """Takes one or two."""


CALLS = [
    (none, (1,), {}, 'none() takes 0 positional arguments but 1 was given'),
    (three, (1, 2, 3, 4), {}, 'three() takes 3 positional arguments but 4 were given'),
    (one_or_two, (1, 2, 3), {}, 'one_or_two() takes from 1 to 2 positional arguments but 3 were given'),
    (three, (), {}, "three() missing 3 required positional arguments: 'a', 'b', and 'c'"),
    (three, (1,), {}, "three() missing 2 required positional arguments: 'b' and 'c'"),
    (one_or_two, (), {'b': 1}, "one_or_two() missing 1 required positional argument: 'a'"),
    (one_or_two, (1,), {'a': 2}, "one_or_two() got multiple values for argument 'a'"),
    (none, (), {'x': 2}, "none() got an unexpected keyword argument 'x'"),
    (three, (1,), {'c': 1, 'b': 2}, None),
    (many, (1, 2), {'x': 1}, None),
]


@pytest.mark.parametrize('function, args, kwargs, words', CALLS)
def test_words_for_a_call_that_does_not_fit(function, args, kwargs, words):
    assert arguments.mismatch(function, spec(function), args, kwargs) == words


@pytest.mark.parametrize('function, args, kwargs, words', CALLS)
def test_python_agrees_that_the_call_does_or_does_not_fit(function, args, kwargs, words):
    try:
        function(*args, **kwargs)
    except TypeError as exc:
        assert words is not None
        assert compat.PY2 or re.sub(r'^.*\.(?=\w+\(\))', '', str(exc)) == words
    else:
        assert words is None


def test_python_explains_what_it_alone_knows():
    assert arguments.mismatch(len, None, (), {}) is None
