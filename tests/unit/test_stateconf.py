"""The renderer stateconf: high data of files as the reference (3008.3) makes it, and where ours does more."""
from __future__ import absolute_import, division, print_function

import pytest

from minion import compat
from tests.support import jinja, replay, slstree

KNOWN = compat.native_tree(replay.read('stateconf.json'))
FILES = dict(('base/' + name, text) for name, text in KNOWN['files'].items())
pytestmark = pytest.mark.skipif(not jinja.IS_HERE, reason="without Jinja2")


def show(tmpdir, files, name):
    found, _ = slstree.Minion(tmpdir, files).job('state.show_sls', name)
    return found


def made(tmpdir, text, name='x', **files):
    more = dict(('base/%s.sls' % other, content) for other, content in files.items())
    return show(tmpdir, dict(more, **{'base/%s.sls' % name: '#!stateconf -G yaml . jinja\n' + text}), name)


@pytest.mark.parametrize('name', sorted(KNOWN['shown']))
def test_as_the_reference(tmpdir, name):
    assert show(tmpdir, FILES, name) == KNOWN['shown'][name]


@pytest.mark.parametrize('line, reason', [
    ('#!stateconf -z yaml . jinja', 'option -z not recognized'), ('#!stateconf yaml', 'Invalid use of stateconf.py renderer!'),
    ('#!stateconf . jinja', 'Invalid use of stateconf.py renderer!'),
    ('#!stateconf yaml .', 'Invalid use of stateconf.py renderer!'),
])
def test_wrong_arguments(tmpdir, line, reason):
    (told,) = show(tmpdir, {'base/x.sls': line + '\na: test.nop\n'}, 'x')
    assert told.startswith("Rendering SLS 'base:x' failed: " + reason)


@pytest.mark.parametrize('requisite', ['require', 'prereq', 'prereq_in', 'require_any', 'watch_any', 'onchanges_any', 'use_in'])
@pytest.mark.parametrize('item, meant', [({'test': '.b'}, {'test': 'x::b'}), ('.b', 'x::b'), ({'id': '.b'}, {'id': 'x::b'}),
                                         ({'test': '.o::c'}, {'test': 'o::c'}), ({'test': 'd'}, {'test': 'd'})])
def test_ids_in_all_requisites(tmpdir, requisite, item, meant):
    found = made(tmpdir, '.a: {test.nop: [{%s: [%s]}]}\n' % (requisite, str(item).replace("'", '"')))
    assert found['x::a']['test'][1] == {requisite: [meant]}


def test_files_in_requisites_and_exclude(tmpdir):
    text = ('#!stateconf -G yaml . jinja\nexclude: [.q, {id: .b}, {sls: .r}, c]\n'
            '.a: {test.nop: [{require: [{sls: .q}, {sls: ..w}]}]}\n')
    found = show(tmpdir, {'base/k/x.sls': text}, 'k.x')
    assert found['__exclude__'] == ['k.q', {'id': 'k.x::b'}, {'sls': 'k.r'}, 'c']
    assert found['k.x::a']['test'][1] == {'require': [{'sls': 'k.q'}, {'sls': 'w'}]}


def test_a_run(tmpdir):
    minion = slstree.Minion(tmpdir, FILES)
    results = minion.call('state.apply', 'mark')
    ids = ['mark::goal', 'mark::params', 'mark::sls_params', 'noconf', 'other', 'x']
    assert sorted(result['__id__'] for result in results.values()) == ids
    assert results['stateconf_|-mark::params_|-mark::params_|-set']['comment'] == ''


def test_values_of_one_run_are_not_those_of_the_next(tmpdir):
    minion = slstree.Minion(tmpdir, FILES)
    for sls, port in (('e1', 90), ('e2', 80), ('e1', 90), ('e2', 80)):
        assert minion.call('state.show_sls', sls)['e2::y']['test'][0] == {'name': '%d h' % port}


def test_both_states_exist(tmpdir):
    minion = slstree.Minion(tmpdir, {})
    assert minion.call('sys.list_state_functions', 'stateconf') == ['stateconf.context', 'stateconf.set']
    assert 'stateconf' in minion.call('sys.list_renderers')
