"""The form of high data: each error, with its text; what they are was seen at the reference (3008.3)."""
from __future__ import absolute_import, division, print_function

import pytest

from minion.highstate import compiler
from tests.support.staterun import ids

IN_T = {'__sls__': 't', '__env__': 'base'}
SEE = " in state 'a' in SLS 't'"


def errors(high):
    chunks, found = compiler.low_of(high)
    assert not (chunks and found)
    return found


@pytest.mark.parametrize('high, said', [
    ([], 'High data is not a dictionary and is invalid'),
    ('x', 'High data is not a dictionary and is invalid'),
    ({'a': 5}, 'The type a in 5 is not formatted as a dictionary'),
    ({'a': []}, 'The type a in [] is not formatted as a dictionary'),
    ({5: dict(IN_T, test=['nop'])},
     "ID '5' in SLS 't' is not formed as a string, but is type int. It may need to be quoted."),
    ({'a': dict(IN_T, test='nop')}, "State 'a' in SLS 't' is not formed as a list"),
    ({'a': dict(IN_T, test=5)}, "State 'a' in SLS 't' is not formed as a list"),
    ({'a': dict(IN_T, test=None)}, "ID 'a' in SLS 't' contains a short declaration (test) with a trailing colon. When not "
     'passing any arguments to a state, the colon must be omitted.'),
    ({'a': dict(IN_T, test=[])}, 'No function declared' + SEE),
    ({'a': dict(IN_T, test=[{'name': 'x'}])}, 'No function declared' + SEE),
    ({'a': dict(IN_T, test=['nop', 'x'])}, 'Too many functions declared%s. Please choose one of the following: nop, x' % SEE),
    ({'a': {'__sls__': 't', 'test.nop': ['x', 'y']}},
     'Too many functions declared%s. Please choose one of the following: x, y' % SEE),
])
def test_what_is_no_high_data(high, said):
    assert errors(high) == [said]


@pytest.mark.parametrize('argument, said', [
    ({'names': 'x'}, "The 'names' argument%s needs to be formed as a list" % SEE),
    ({'names': {'x': 1}}, "The 'names' argument%s needs to be formed as a list" % SEE),
    ({'require': 'x'}, 'The require statement%s needs to be formed as a list' % SEE),
    ({'onfail_any': {'test': 'x'}}, 'The onfail_any statement%s needs to be formed as a list' % SEE),
    ({'require': [5]}, 'Requisite declaration 5 in state a in SLS t is not formed as a single key dictionary'),
    ({'watch': [{'test.nop': 'x'}]}, "Invalid requisite type 'test.nop' in state 'a', in SLS 't'. Requisite types must not "
     "contain dots, did you mean 'test'?"),
    ({'require': [{'test': ['x']}]}, 'Illegal requisite "[\'x\']" in SLS "t", please check your syntax.\n'),
    ({'require': [{'test': 5}]}, 'Requisite [require: test] in state [a] in SLS [t] must have a string as the value'),
    ({'watch_in': [{'test': 'nope'}]}, "Cannot extend ID 'nope' in 'base:t'. It is not part of the high state.\nThis is likely "
     "due to a missing include statement or an incorrectly typed ID.\nEnsure that a state with an ID of 'nope' is available\n"
     "in environment 'base' and to SLS 't'"),
])
def test_arguments_that_have_a_form(argument, said):
    assert errors(ids(('a', 'test.nop', argument))) == [said]


def test_a_function_with_a_blank_is_an_argument_without_its_colon():
    assert errors(ids(('a', 'test.nop', 'x y')))[0] == (
        'The function "x y" in state "a" in SLS "t" has whitespace, a function with whitespace is not supported, perhaps this '
        'is an argument that is missing a ":"')


def test_requisites_do_not_share_a_mapping():
    found = errors(ids(('a', 'test.nop', {'require': [{'test': 'b'}], 'watch': [{'test': 'b'}]}), ('b', 'test.nop')))
    assert found == ["Multiple dictionaries defined in argument of state 'a' in SLS 't'"]
    assert errors(ids(('a', 'test.nop', {'x': 1, 'y': 2}))) == []


@pytest.mark.parametrize('requisite', ['require', 'require_any', 'watch', 'watch_any', 'prereq', 'onfail', 'onfail_any',
                                       'onfail_all', 'onchanges', 'onchanges_any'])
def test_requisites_that_name_nothing(requisite):
    assert errors(ids(('a', 'test.nop', {requisite: [{'test': 'x'}, {'test': 'y'}]}), ('b', 'test.nop', {requisite: ['z']}),
                      ('c', 'test.nop', {requisite: [{'sls': 'q'}]}))) == [
        'Referenced state does not exist for requisite [%s: (%s)] in state [%s] in SLS [t]' % (requisite, what, where)
        for what, where in (('test: x', 'a'), ('id: z', 'b'), ('sls: q', 'c'))]


def test_listen_and_use_may_name_nothing():
    assert errors(ids(('a', 'test.nop', {'listen': [{'test': 'x'}]}, {'use': [{'test': 'y'}]}, {'listen_in': ['z']},
                       {'use_in': [{'test': 'z'}]}, {'require_in': [{'sls': 'q'}]}, {'watch_in': ['z']}))) == []


def test_without_mod_watch_watching_is_requiring():
    high = ids(('a', 'test.nop', {'watch': [{'test': 'x'}]}), ('b', 'test.nop', {'watch_any': [{'test': 'x'}]}))
    assert compiler.low_of(high, (), lambda state: False)[1] == [
        'Referenced state does not exist for requisite [%s: (test: x)] in state [%s] in SLS [t]' % (name, id_)
        for name, id_ in (('require', 'a'), ('require_any', 'b'))]


def test_disabled_requisites_are_not_looked_at():
    chunks, found = compiler.low_of(ids(('a', 'test.nop', {'require': [{'test': 'x'}]})), ['require'])
    assert [chunk['name'] for chunk in chunks] == ['a'] and not found
