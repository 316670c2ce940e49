"""High data to chunks: names, order, extend, exclude, requisites from the other end, circles."""
from __future__ import absolute_import, division, print_function

from collections import OrderedDict

import pytest

from minion import compat
from minion.highstate import compiler, declaring
from tests.support.staterun import ids


def nop(id_, *arguments):
    return (id_, 'test.nop') + arguments


def low(high, *more):
    chunks, errors = compiler.low_of(high, *more)
    assert errors == []
    return chunks


def order(*rows):
    return ''.join(chunk['name'] for chunk in low(ids(*rows)))


def arguments(high, name, *keys):
    found = next(chunk for chunk in low(high) if chunk['name'] == name)
    return [found.get(key) for key in keys]


# ---- order

@pytest.mark.parametrize('rows, expected', [
    ([nop('z'), nop('a', {'order': 'last'}), nop('b', {'order': 'first'}), nop('c', {'order': 5}), nop('d', {'order': -1}),
      nop('e', {'order': -2}), nop('f', {'order': 1}), nop('g', {'order': 'foo'}), nop('h', {'order': []}),
      nop('i', {'order': 2.5}), nop('y')], 'bficghyzeda'),
    ([nop('a', {'require': [{'test': 'z'}]}), nop('b'), nop('z')], 'bza'),
    ([nop('a', {'require': [{'test': 'b'}]}), nop('b', {'order': 'last'}), nop('c')], 'cba'),
    # what is required comes as early as what requires it, but does not take along what it requires itself
    ([nop('a', {'order': 1}, {'require': [{'test': 'd'}]}), nop('b', {'order': 2}), nop('c', {'order': 3}),
      nop('d', {'order': 4}, {'require': [{'test': 'f'}]}), nop('e', {'order': 5}), nop('f', {'order': 6})], 'bcfdae'),
    ([nop('a', {'order': 5}, {'require': [{'test': 'x'}]}), nop('b', {'order': 7}, {'require': [{'test': 'x'}]}),
      nop('x', {'order': 9}), nop('c', {'order': 6}), nop('y', {'order': 4})], 'yxacb'),
    ([nop('a', {'order': 1}, {'require': [{'test': 'z'}, {'test': 'y'}]}), nop('y', {'order': 5}), nop('z', {'order': 4})],
     'zya'),
    # of several kinds of requisites a weaker one does not count behind a stronger one
    ([nop('p', {'order': 7}), nop('s', {'order': 9}, {'watch': ['x']}),
      nop('t', {'order': 5}, {'require': ['x']}), nop('x')], 'pxts'),
    ([nop('p', {'order': 7}), nop('s', {'order': 9}, {'require': ['x']}),
      nop('t', {'order': 5}, {'watch': ['x']}), nop('x')], 'xtps'),
    ([nop('p', {'order': 7}), nop('t', {'order': 5}, {'onfail': ['x']}),
      nop('s', {'order': 9}, {'watch': ['x']}), nop('x')], 'xtps'),
    ([nop('p', {'order': 7}), nop('s', {'order': 9}, {'require': ['x']}, {'onchanges': ['x']}),
      nop('t', {'order': 5}, {'require_any': ['x']}), nop('x')], 'pxts'),
    # what the last one needs comes first of all
    ([nop('a', {'order': 'first'}), nop('b', {'order': -1}, {'require': [{'test': 'c'}]}), nop('c', {'order': 'last'})], 'cab'),
    # the prereq is there twice: to tell, and to do
    ([nop('a', {'order': 1}), nop('b', {'order': 2}), nop('c', {'order': 3}, {'prereq': [{'test': 'b'}]}),
      nop('d', {'order': 4})], 'abcbd'),
    ([nop('a', {'order': 1}, {'prereq': [{'test': 'd'}]}), nop('b', {'order': 2}), nop('d', {'order': 4})], 'dabd'),
    ([nop('a', {'prereq': [{'test': 'b'}]}), nop('b', {'require': [{'test': 'x'}]}), nop('x')], 'xbab'),
])
def test_order(rows, expected):
    assert order(*rows) == expected


def test_chunks_have_what_salt_gives_them():
    assert low(ids(('a', 'test.nop', {'x': 1}, {'name': 5}, {'state': 'no'}))) == [
        {'state': 'test', 'fun': 'nop', 'name': 'a', '__id__': 'a', '__sls__': 't', '__env__': 'base', 'x': 1, 'order': 1}]
    first, second, third = low(ids(nop('a', {'prereq': ['b']}), nop('b')))
    assert first is third and first['__prereq__'] is True and second['__prerequiring__'] is True


def test_names_make_chunks_with_arguments_of_their_own():
    chunks = low(ids(('top', 'test.nop', {'names': ['n1', {'n2': [{'x': 2}, {'y': 3}]}, 'n1', {'n3': {'x': 4}}]}, {'x': 1})))
    assert [(chunk['name'], chunk['x'], chunk.get('y'), chunk['__id__']) for chunk in chunks] == [
        ('n1', 1, None, 'top'), ('n2', 2, 3, 'top'), ('n3', 4, None, 'top')]
    assert [chunk['order'] for chunk in chunks] == [1.0001, 1.0002, 1.0003]


# ---- targets

@pytest.mark.parametrize('target, expected', [
    ({'test': 'a1'}, 'a1'), ({'test': 'a*'}, 'a1 a2'), ('a*', 'a1 a2'), ({'id': '[a]2'}, 'a2'), ({'id': 'named'}, 'n'),
    ({'test': 'n'}, 'n'), ({'sls': 's2'}, 's'), ({'sls': 's?'}, 's'), ('s', 's')])
def test_what_requisites_name(target, expected):
    high = ids(nop('a1', {'order': 10}), nop('a2', {'order': 10}), nop('named', {'name': 'n'}, {'order': 10}),
               nop('s', {'order': 10}), nop('z', {'order': 1}, {'require': [target]}))
    high['s']['__sls__'] = 's2'
    names = [chunk['name'] for chunk in low(high)]
    assert names[:names.index('z')] == expected.split()


# ---- circles

@pytest.mark.parametrize('rows, edges', [
    ([nop('a', {'require': [{'test': 'a'}]})], ['a require a']),
    ([nop('a', {'require': ['b']}), nop('b', {'require': ['a']})], ['b require a', 'a require b']),
    ([nop('a'), nop('b', {'require': ['a', 'd']}), nop('c', {'require': ['b']}), nop('d', {'watch': ['c']}),
      nop('e', {'require': ['b']})], ['c require b', 'd watch c', 'b require d']),
    ([nop('a', {'onfail': ['b']}), nop('b', {'onfail_any': ['a']})], ['b onfail_any a', 'a onfail b']),
    ([nop('a', {'prereq': ['b']}), nop('b', {'require': ['a']})], ['b require a', 'a prereq b']),
    ([nop('a', {'prereq': ['b']}), nop('b', {'prereq': ['a']})], ['b prereq a', 'a prereq b']),
    ([nop('d'), nop('b', {'require': ['d']}), nop('a', {'prereq': ['d']}, {'require': ['b']})],
     ['b require d', 'a require b', 'd prereq a']),
])
def test_circles(rows, edges):
    shown = ', '.join("({'SLS': 't', 'ID': '%s'}, '%s', {'SLS': 't', 'ID': '%s'})" % tuple(edge.split()) for edge in edges)
    assert compiler.low_of(ids(*rows)) == ([], ['Recursive requisites were found: ' + shown])


def test_a_circle_tells_names_that_are_not_the_id():
    _, errors = compiler.low_of(ids(nop('a', {'name': 'x'}, {'require': ['a']})))
    node = "{'SLS': 't', 'ID': 'a', 'NAME': 'x'}"
    assert errors == ["Recursive requisites were found: (%s, 'require', %s)" % (node, node)]


def test_listening_makes_no_circle():
    assert order(nop('a', {'listen': ['b']}), nop('b', {'listen': ['a']})) == 'ab'


# ---- extend

def part(id_, *run):
    return {id_: {'__sls__': 'e', '__env__': 'base', 'test': list(run)}}


def extended(*parts, **more):
    high = ids(('a', 'test.nop', {'x': 1}, {'require': ['b']}), nop('b'), nop('c'), ('top', 'test.nop', {'name': 'nm'}))
    high['__extend__'] = list(parts)
    high.update(more)
    return high


def test_extending_replaces_arguments_and_functions_and_adds_requisites():
    high = extended(part('a', 'fail', {'x': 2}, {'y': 3}, {'require': ['c']}))
    assert arguments(high, 'a', 'fun', 'x', 'y', 'require') == ['fail', 2, 3, ['b', 'c']]


def test_extending_by_the_name():
    assert arguments(extended(part('nm', {'y': 1})), 'nm', '__id__', 'y') == ['top', 1]


def test_extending_what_is_not_there():
    _, errors = compiler.low_of(extended(part('nope', {'x': 1})))
    assert errors == ["Cannot extend ID 'nope' in 'base:e'. It is not part of the high state.\nThis is likely due to a missing "
                      "include statement or an incorrectly typed ID.\nEnsure that a state with an ID of 'nope' is available\n"
                      "in environment 'base' and to SLS 'e'"]


# ---- exclude

@pytest.mark.parametrize('excluded, left', [
    ([{'id': 'f'}, {'id': 'g*'}], 'g h i'), ([{'sls': 'x.*'}], 'f h'), (['z'], 'f g i'), (['x.y', {'id': 'nope'}], 'f h i'),
    ([5, {'id': 'f', 'sls': 'z'}], 'f g h i'), ('f', 'f g h i')])
def test_exclude(excluded, left):
    high = ids(nop('f'), nop('g'), nop('h'), nop('i'))
    high['g']['__sls__'], high['h']['__sls__'], high['i']['__sls__'] = 'x.y', 'z', 'x.z'
    high['__exclude__'] = excluded
    assert [chunk['name'] for chunk in low(high)] == left.split()


# ---- from the other end

@pytest.mark.parametrize('name', ['require', 'watch', 'prereq', 'onchanges', 'onfail'])
@pytest.mark.parametrize('target', [{'test': 'b'}, 'b', {'test': 'n'}])
def test_requisites_from_the_other_end(name, target):
    high = ids(nop('a', {name + '_in': [target]}), nop('b', {'name': 'n'}))
    assert arguments(high, 'n', name) == [[{'test': 'a'}]]


def test_requisites_from_the_other_end_for_all_of_an_sls_file():
    high = ids(nop('a', {'watch_in': [{'sls': 's2'}]}), nop('b'), nop('c'), nop('d'))
    high['b']['__sls__'] = high['c']['__sls__'] = 's2'
    assert [chunk.get('watch') for chunk in low(high)] == [None, [{'test': 'a'}], [{'test': 'a'}], None]


@pytest.mark.parametrize('wrong', [{'pkg': 'b'}, {'id': 'b'}, {'test': 'b*'}])
def test_requisites_from_the_other_end_need_an_id_or_a_name(wrong):
    _, errors = compiler.low_of(ids(nop('a', {'require_in': [wrong]}), nop('b')))
    assert len(errors) == 1 and errors[0].startswith("Cannot extend ID '%s' in 'base:t'." % list(wrong.values())[0])


def test_requisites_from_the_other_end_with_a_function():
    _, errors = compiler.low_of(ids(nop('a', {'watch_in': [{'test.nop': 'b'}]}), nop('b')))
    assert errors[0] == ("Invalid requisite in watch: test.nop for b, in SLS 't'. Requisites must not contain dots, did you "
                         "mean 'test'?")


@pytest.mark.parametrize('there, here', [({'use_in': ['b']}, {}), ({}, {'use': ['a']}), ({}, {'use': [{'test': 'a'}]})])
def test_use(there, here):
    high = ids(nop('a', {'x': 1}, {'y': 2}, {'require': ['c']}, {'order': 9}, there), nop('b', {'y': 3}, here), nop('c'))
    assert arguments(high, 'b', 'x', 'y', 'require', 'order') == [1, 3, None, 9]


def test_bare_compiling_heeds_nothing_of_this():
    high = ids(nop('a', {'watch_in': ['b']}), nop('b'))
    high['__exclude__'] = [{'id': 'b'}]
    chunks, errors = compiler.bare(OrderedDict(high))
    assert [(chunk['name'], chunk.get('watch')) for chunk in chunks] == [('a', None), ('b', None)] and not errors


def test_short_forms_come_behind_the_long_ones_of_their_id():
    state = {'a': compat.Ordered([('test.nop', []), ('long', ['done']), ('cmd.run', [{'x': 1}]), ('pkg', ['installed'])])}
    assert declaring.settle(state, 't', 'base') == []
    assert [key for key in state['a'] if not key.startswith('_')] == ['long', 'pkg', 'test', 'cmd']
