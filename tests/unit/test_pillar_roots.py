"""The pillar of a minion without a master: trees of SLS files, and what the reference (3008.3) makes of them."""
from __future__ import absolute_import, division, print_function

import io
import json
import os

import pytest
import yaml

from minion import compat, config, errors, execution, link, pillar
from tests.support import jinja
from tests.support.pillarhost import Host

DATA = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), 'data', 'parity', 'pillar_roots.json')
with io.open(DATA, encoding='utf-8') as stream:
    CASES = compat.native_tree(json.load(stream))


def plain(value):
    """Mappings of any kind as dict, text as unicode."""
    return json.loads(json.dumps(value))


@pytest.mark.parametrize('name', sorted(name for name in CASES if not CASES[name]['jinja']))
def test_as_the_reference(tmpdir, name):
    check(tmpdir, CASES[name])


@pytest.mark.skipif(not jinja.IS_HERE, reason="without Jinja2")
@pytest.mark.parametrize('name', sorted(name for name in CASES if CASES[name]['jinja']))
def test_templates_as_the_reference(tmpdir, name):
    check(tmpdir, CASES[name])


def check(tmpdir, case):
    if '<unicode string>' in json.dumps(case['pillar']) and not yaml.__with_libyaml__:
        pytest.skip('the text of the error is that of libyaml')
    host = Host(tmpdir, case['files'], **case['config'])
    assert plain(host.pillar(**case['asked'])) == plain(case['pillar'])


# ---- where the reference ends with an exception, or goes by chance

@pytest.mark.parametrize('top', ['- a\n', 'abc\n', 'include: 5\nbase: [a]\n'])
def test_a_top_file_that_is_no_mapping(tmpdir, top):
    assert Host(tmpdir, {'base/top.sls': top}).pillar() == {'_errors': ['Error encountered while rendering pillar top file.']}


@pytest.mark.parametrize('item', ['5', '[a]', '{}', 'null', '{b: text}', '{b: }', '{b: {key: [x]}}', '{b: {defaults: [x]}}'])
def test_an_include_that_is_none(tmpdir, item):
    host = Host(tmpdir, {'base/top.sls': 'base: {"*": [a]}', 'base/a.sls': 'include:\n  - %s\nx: 1\n' % item,
                         'base/b.sls': 'b: 1'})
    assert host.pillar() == {'x': 1, '_errors': ["Include Declaration in SLS 'a' is not formed as a list"]}


def test_pillar_is_not_there_while_it_is_made(tmpdir):
    host = Host(tmpdir, {'base/top.sls': 'base:\n  "x:1": [{match: pillar}, a]\n  "I@x:1": [a]\n  "*": [b]\n',
                         'base/a.sls': 'a: 1', 'base/b.sls': '#!py\ndef run():\n    return {"x": 1, "seen": dict(__pillar__)}'})
    host.door.refresh('pillar')
    assert host.loader.pillar == {'x': 1, 'seen': {}}
    assert host.pillar() == {'x': 1, 'seen': {}} and host.loader.functions['pillar.get']('x') == 1


def test_it_is_read_anew(tmpdir):
    host = Host(tmpdir, {'base/top.sls': 'base: {"*": [a]}', 'base/a.sls': 'x: 1'})
    host.door.refresh('pillar')
    tmpdir.join('base', 'a.sls').write('x: 2')
    assert host.loader.functions['pillar.items']() == {'x': 2} and host.loader.pillar == {'x': 1}
    assert host.loader.functions['saltutil.refresh_pillar']() is False      # it is read, but no minion at work is told
    assert host.loader.pillar == {'x': 2}


def test_nothing_of_it_is_copied_into_the_cache(tmpdir):
    host = Host(tmpdir, {'base/top.sls': 'base: {"*": [a]}', 'base/a.sls': 'x: 1'})
    assert host.pillar() == {'x': 1} and not tmpdir.join('cache').check()


def test_symbolic_links_and_links_out_of_the_folder(tmpdir):
    host = Host(tmpdir, {'base/top.sls': 'base: {"*": [a, b]}', 'elsewhere/secret.sls': 'x: 1'})
    tmpdir.join('base', 'a.sls').mksymlinkto(tmpdir.join('elsewhere', 'secret.sls'))
    assert host.pillar()['x'] == 1
    assert host.pillar()['_errors'] == ["Specified SLS 'b' in environment 'base' is not available on the salt master"]


def test_roots_may_be_patterns(tmpdir):
    files = {'one/pillar/top.sls': 'base: {"*": [a, b]}', 'two/pillar/a.sls': 'x: 1', 'two/pillar/b.sls': 'y: 1',
             'one/pillar/b.sls': 'y: 2', 'one/salt/s.sls': '{}'}
    host = Host(tmpdir, files, pillar_roots={'base': ['@TOP@/*/pillar']}, file_roots={'base': ['@TOP@/*/salt']})
    host.door.refresh('pillar')
    assert host.loader.pillar == {'x': 1, 'y': 2}
    assert host.door.files.file_list() == ['s.sls'] and host.loader.functions['pillar.file_exists']('a.sls')


def test_settings_in_the_pillar(tmpdir):
    host = Host(tmpdir, {}, pillar_opts=True)
    found = host.pillar()['master']
    assert found['id'] == 'mtst' and 'grains' not in found and 'pillar' not in found


def test_an_external_pillar_that_is_not_there(tmpdir, caplog):
    host = Host(tmpdir, {}, ext_pillar=[{'ldap': 'x'}, {'cmd_yaml': {'other': 1}}])
    assert host.pillar() == {}
    assert 'the external pillar ldap is not available here; file_tree, nodegroups, cmd_json, cmd_yaml are' in caplog.text
    assert 'the external pillar cmd_yaml: its arguments name no command' in caplog.text


def test_states_see_it(tmpdir):
    host = Host(tmpdir, {'base/top.sls': 'base: {"*": [a]}', 'base/a.sls': 'x: one', 'salt/s.sls':
                         '#!py\ndef run():\n    return {__pillar__["x"]: "test.nop"}\n',
                         'salt/top.sls': 'base:\n  "x:one": [{match: pillar}, s]\n'})
    host.door.refresh('pillar')
    call = host.loader.functions
    assert [name for name in call['state.show_sls']('s')] == ['one']
    assert list(call['state.show_sls']('s', pillar={'x': 'two'})) == ['two']
    assert call['state.show_top']() == {'base': ['s']}
    assert call['match.pillar']('x:one') is True


def test_a_pillar_with_errors_keeps_states_from_running(tmpdir):
    host = Host(tmpdir, {'base/top.sls': 'base: {"*": [a]}', 'salt/s.sls': 'one: test.nop'})
    host.door.refresh('pillar')
    reason = "Specified SLS 'a' in environment 'base' is not available on the salt master"
    assert host.loader.functions['state.apply']('s') == ['Pillar failed to render with the following messages:', reason]
    for show in ('show_sls', 'show_low_sls'):
        with pytest.raises(errors.CommandExecutionError) as caught:
            host.loader.functions['state.' + show]('s')
        assert str(caught.value) == 'Pillar failed to render. Additional info follows:\n\n- ' + reason
    assert list(host.loader.functions['state.apply']('s', force=True)) == ['test_|-one_|-one_|-nop']


# ---- a minion that works without a master, or takes only jobs from one

@pytest.mark.parametrize('setting', ['file_client: local', 'master_type: disable'])
def test_a_minion_makes_its_own_pillar(tmpdir, setting):
    tmpdir.join('p', 'top.sls').write('base: {"*": [a]}', ensure=True)
    tmpdir.join('p', 'a.sls').write('x: 1')
    text = 'id: mtst\nroot_dir: %s\npillar_roots: {base: [%s]}\n%s\n' % (tmpdir, tmpdir.join('p'), setting)
    tmpdir.join('minion').write(text)
    way = link.Link('mtst', None, 1.0)
    world = execution.Execution(config.load(str(tmpdir)).with_id('mtst'), 'mtst', way)
    way.on_refresh(world.refresh, world.loader)
    world.prepare()
    assert world.view()[1] == {'x': 1} and world.matches({'tgt': 'x:1', 'tgt_type': 'pillar'})
    tmpdir.join('p', 'a.sls').write('x: 2')
    functions = world.loader().functions
    assert functions['pillar.items']() == {'x': 2} and functions['pillar.raw']() == {'x': 1}
    assert functions['saltutil.refresh_pillar']() is True and functions['pillar.raw']() == {'x': 2}


def test_without_folders_nothing_is_loaded_for_it(tmpdir):
    own = pillar.Own({'pillar_roots': {'base': [str(tmpdir.join('nosuch'))]}}, None)
    assert own.refresh({}) and own.value == {}
