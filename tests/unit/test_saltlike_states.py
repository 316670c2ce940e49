"""What state modules written for Salt import of it, on a host without Salt."""
from __future__ import absolute_import, division, print_function

import pytest

from minion import saltnames

saltnames.provide()

import salt.serializers                                                                                 # noqa: E402
import salt.serializers.json                                                                            # noqa: E402
import salt.serializers.yaml                                                                            # noqa: E402
import salt.utils.dictdiffer                                                                            # noqa: E402
import salt.utils.state                                                                                 # noqa: E402


def answer(result, changes, comment, name='n'):
    return {'name': name, 'result': result, 'changes': changes, 'comment': comment}


@pytest.mark.parametrize('outer, inner, wanted', [
    (answer(True, {'a': 1}, 'A'), answer(True, {'x': 1}, 'B', 's'), answer(True, {'a': 1, 's': {'x': 1}}, 'A\nB')),
    (answer(True, {}, ''), answer(None, {}, 'B', 's'), answer(True, {}, 'B')),
    (answer(None, {}, ['A']), answer(False, {}, 'B', 's'), answer(False, {}, ['A', 'B'])),
    (answer(False, {}, 'A'), answer(True, {}, ['B', 'C'], 's'), answer(False, {}, 'A\nB\nC'))])
def test_a_return_is_taken_into_another(outer, inner, wanted):
    assert salt.utils.state.merge_subreturn(outer, inner) is outer
    assert outer == wanted


def test_changes_may_have_a_key_of_their_own():
    outer = answer(True, {}, '')
    salt.utils.state.merge_subreturn(outer, answer(True, {'x': 1}, 'B'), 'below')
    assert outer['changes'] == {'below': {'x': 1}}


def test_a_low_chunk_has_a_key():
    low = {'state': 'file', '__id__': 'i', 'name': 'n', 'fun': 'managed', 'order': 1}
    assert salt.utils.state.gen_tag(low) == 'file_|-i_|-n_|-managed'


@pytest.mark.parametrize('old, new, wanted', [
    ({'a': 1, 'b': {'c': 1, 'd': 2}, 'l': [1]}, {'a': 1, 'b': {'c': 2, 'd': 2}, 'n': 3, 'l': [1, 2]},
     {'old': {'b': {'c': 1}, 'l': [1]}, 'new': {'b': {'c': 2}, 'n': 3, 'l': [1, 2]}}),
    ({'a': 1}, {'a': 1}, {}), ({'a': 1}, {}, {'old': {'a': 1}}), ({}, {'a': 1}, {'new': {'a': 1}}),
    ({'a': {'b': 1}}, {'a': 2}, {'old': {'a': {'b': 1}}, 'new': {'a': 2}}),
    ({'a': {'b': 1}}, {'a': {'b': 1, 'c': 2}}, {'new': {'a': {'c': 2}}}),
    ({'a': 1, 'b': 2}, {'a': 2, 'b': 2, 'c': 0}, {'old': {'a': 1}, 'new': {'a': 2, 'c': 0}})])
def test_mappings_differ(old, new, wanted):
    assert salt.utils.dictdiffer.deep_diff(old, new) == wanted


def test_keys_that_do_not_count():
    found = salt.utils.dictdiffer.deep_diff({'a': 1, 'b': 2}, {'a': 2, 'b': 3}, ignore=['a'])
    assert found == {'old': {'b': 2}, 'new': {'b': 3}}


def test_keys_of_two_mappings():
    found = salt.utils.dictdiffer.diff({'a': 1, 'b': 2, 'c': 3}, {'a': 1, 'b': 3, 'd': 4})
    assert (found.added(), found.removed(), found.changed(), found.unchanged()) == (set('c'), set('d'), set('b'), set('a'))


def test_formats():
    assert salt.serializers.json.serialize({'a': [1]}) == '{"a": [1]}'
    assert salt.serializers.json.deserialize(b'{"a": 1}') == {'a': 1}
    assert salt.serializers.yaml.serialize({'a': [1, {'b': 2}], 'c': None}) == 'a:\n- 1\n- {b: 2}\nc: null'
    assert salt.serializers.yaml.deserialize('a: 1') == {'a': 1}


@pytest.mark.parametrize('form', [salt.serializers.json, salt.serializers.yaml])
def test_what_is_not_of_a_format_is_refused(form):
    with pytest.raises(salt.serializers.DeserializationError):
        form.deserialize('{')
    with pytest.raises(salt.serializers.SerializationError):
        form.serialize({'a': object()})
