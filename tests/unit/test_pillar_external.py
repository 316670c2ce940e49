"""External pillars of a minion without a master: file_tree and nodegroups; cmd_* are in test_pillar_roots."""
from __future__ import absolute_import, division, print_function

import pytest

from minion.settings import TABLE
from tests.support import jinja
from tests.support.pillarhost import Host

GROUPS = {'web': 'mtst', 'db': 'other', 'all': 'L@mtst,x', 'both': 'N@web and G@os:Debian'}
TREE = {'tree/hosts/mtst/ssh/id': 'host key\n', 'tree/hosts/mtst/ssh/keys/one.txt': 'a\n', 'tree/hosts/mtst/plain': 'p\n\n',
        'tree/hosts/mtst/zero': '', 'tree/hosts/mtst/yml': '#!yaml\na: 1\n', 'tree/hosts/other/x': 'x',
        'tree/nodegroups/web/ssh/id': 'group\n', 'tree/nodegroups/web/ssh/only': 'g', 'tree/nodegroups/db/x': 'db'}
FOUND = {'ssh': {'id': 'host key', 'keys': {'one.txt': 'a'}, 'only': 'g'}, 'plain': 'p\n', 'zero': '', 'yml': '#!yaml\na: 1'}


def tree(tmpdir, given, **settings):
    return Host(tmpdir, TREE, nodegroups=GROUPS, ext_pillar=[{'file_tree': given}], **settings)


@pytest.mark.parametrize('given', ['@TOP@/tree', ['@TOP@/tree'], {'root_dir': '@TOP@/tree', 'debug': True},
                                   {'root_dir': '@TOP@/tree', 'template': 'plain', 'render_default': 'yaml'}])
def test_files_of_the_host_lie_over_those_of_its_groups(tmpdir, given):
    assert tree(tmpdir, given).pillar() == FOUND


@pytest.mark.parametrize('keep, changed', [
    (True, {'ssh': {'id': 'host key\n', 'keys': {'one.txt': 'a\n'}, 'only': 'g'}, 'plain': 'p\n\n', 'yml': '#!yaml\na: 1\n'}),
    (['ssh/*'], {'ssh': {'id': 'host key\n', 'keys': {'one.txt': 'a\n'}, 'only': 'g'}}), (['plain'], {'plain': 'p\n\n'}),
    ([], {}),
])
def test_the_last_end_of_line(tmpdir, keep, changed):
    assert tree(tmpdir, {'root_dir': '@TOP@/tree', 'keep_newline': keep}).pillar() == dict(FOUND, **changed)


@pytest.mark.parametrize('given, plain, yml', [
    ({'template': True}, {}, {'a': 1}), ({'template': ['plain'], 'render_default': 'json'}, None, None),
    ({'template': True, 'render_default': 'yaml'}, 'p', {'a': 1}),
    ({'template': ['y*'], 'render_default': 'yaml'}, 'p\n', {'a': 1}),
    ({'template': True, 'render_default': 'nosuch'}, {}, {'a': 1}),
    ({'template': True, 'render_default': 'yaml', 'renderer_blacklist': ['yaml']}, {}, {}),
    ({'template': True, 'render_default': 'jinja', 'renderer_whitelist': ['yaml']}, {}, {'a': 1}),
])
def test_templates(tmpdir, given, plain, yml):
    found = tree(tmpdir, dict(given, root_dir='@TOP@/tree')).pillar()
    if plain is None:
        assert list(found) == ['_errors'] and found['_errors'][0].startswith('Failed to load ext_pillar file_tree: ')
    else:
        assert (found['plain'], found['yml']) == (plain, yml)


@pytest.mark.skipif(not jinja.IS_HERE, reason="without Jinja2")
def test_jinja_in_files(tmpdir):
    host = tree(tmpdir, {'root_dir': '@TOP@/tree', 'template': ['t*'], 'render_default': 'jinja'})
    tmpdir.join('tree', 'hosts', 'mtst', 't').write('{{ grains.color }} {{ salt["test.echo"](1) }}\n')
    assert host.pillar()['t'] == 'red 1'


@pytest.mark.parametrize('given, told', [
    ('@TOP@/nosuch', 'is no folder'), (None, 'there is no root_dir'), ({}, 'there is no root_dir'),
    ('tree', 'there is no pillarenv'), ({'root_dir': '@TOP@/tree', 'keep_newline': 'ssh/*'}, 'keep_newline is neither'),
])
def test_nothing_but_a_line_in_the_log(tmpdir, caplog, given, told):
    assert tree(tmpdir, given).pillar() == {} and told in caplog.text


@pytest.mark.parametrize('given, told', [
    ({'root_dir': '@TOP@/tree', 'zzz': 1}, "ext_pillar() got an unexpected keyword argument 'zzz'"),
    (5, 'expected str, bytes or os.PathLike object, not int'),
    ({'root_dir': {'base': 1}}, 'expected str, bytes or os.PathLike object, not dict'),
])
def test_wrong_arguments_are_errors_of_the_pillar(tmpdir, given, told):
    assert tree(tmpdir, given).pillar() == {'_errors': ['Failed to load ext_pillar file_tree: ' + told]}


def test_a_relative_folder_is_below_pillar_roots(tmpdir):
    files = {'base/files/hosts/mtst/x': 'base', 'dev/files/hosts/mtst/x': 'dev'}
    host = Host(tmpdir, files, ext_pillar=[{'file_tree': 'files'}])
    assert host.pillar(pillarenv='dev') == {'x': 'dev'} and host.pillar(pillarenv='nosuch') == {}


def test_links_and_what_is_no_text(tmpdir, caplog):
    host, place = tree(tmpdir, '@TOP@/tree'), tmpdir.join('tree', 'hosts', 'mtst')
    place.join('up').mksymlinkto(place)
    place.join('folder').mksymlinkto(place.join('ssh'))
    place.join('broken').mksymlinkto(place.join('nosuch'))
    place.join('bytes').write_binary(b'\xff\n')
    assert host.pillar() == dict(FOUND, up={}, folder={}, bytes=b'\xff')
    assert 'broken: not a regular file' in caplog.text
    host = tree(tmpdir, {'root_dir': '@TOP@/tree', 'follow_dir_links': True})
    own = {'id': 'host key', 'keys': {'one.txt': 'a'}}
    assert host.pillar() == dict(FOUND, up={}, folder=own, bytes=b'\xff')


def test_an_id_is_one_folder(tmpdir):
    assert tree(tmpdir, '@TOP@/tree', id='x/../mtst').pillar() == {}


@pytest.mark.parametrize('given, key', [
    ({}, 'nodegroups'), (None, 'nodegroups'), ('x', 'x'), ({'pillar_name': 'my:own'}, 'my:own'),
    ([{'pillar_name': 'q'}], 'q'), ({'pillar_name': ''}, 'nodegroups')])
def test_groups_of_this_minion(tmpdir, given, key):
    host = Host(tmpdir, {}, nodegroups=GROUPS, ext_pillar=[{'nodegroups': given}])
    assert host.pillar() == {key: ['all', 'both', 'web']}


def test_groups_with_wrong_arguments_keep_the_others(tmpdir):
    host = Host(tmpdir, {}, ext_pillar=[{'nodegroups': {'x': 1}}, {'nodegroups': [[1]]}, {'nodegroups': 'y'}])
    assert host.pillar() == {'y': ['mine'], '_errors': [
        "Failed to load ext_pillar nodegroups: ext_pillar() got an unexpected keyword argument 'x'",
        'Failed to load ext_pillar nodegroups: pillar_name is no text']}


# ---- pillar.ext

CONFIGURED = {'ext_pillar': [{'cmd_yaml': 'echo "{x: 1, y: 1}"'}]}


@pytest.mark.parametrize('settings, asked, found', [
    ({}, {'cmd_yaml': 'echo x: 2'}, {}), (CONFIGURED, {'cmd_yaml': 'echo x: 2'}, {'x': 1, 'y': 1}),
    ({'on_demand_ext_pillar': ['cmd_yaml']}, {'cmd_yaml': 'echo x: 2'}, {'x': 2}),
    (dict(CONFIGURED, on_demand_ext_pillar=['cmd_yaml']), {'cmd_yaml': 'echo x: 2'}, {'x': 2, 'y': 1}),
    ({'on_demand_ext_pillar': ['cmd_yaml']}, {'cmd_yaml': 'echo x: 2', 'cmd_json': 'echo'}, {}),
    ({'on_demand_ext_pillar': []}, {'cmd_yaml': 'echo x: 2'}, {}), (CONFIGURED, {}, {'x': 1, 'y': 1}),
    (CONFIGURED, 'x', {'x': 1, 'y': 1}), ({}, {'libvirt': '_'}, {}),
])
def test_a_call_may_ask_what_the_settings_allow(tmpdir, caplog, settings, asked, found):
    settings = dict({'on_demand_ext_pillar': TABLE['on_demand_ext_pillar'].default}, **settings)
    assert Host(tmpdir, {}, **settings).loader.functions['pillar.ext'](asked, unmask=True) == found
    refused = isinstance(asked, dict) and set(asked) - set(settings['on_demand_ext_pillar'])
    assert bool(refused) == ('is not for pillar.ext' in caplog.text)
