"""Templates: what Salt adds to Jinja, errors in the reference's words, files of the master, and a host without Jinja2."""
from __future__ import absolute_import, division, print_function

import os
import sys

import pytest

from minion import compat
from minion.errors import CommandExecutionError, SaltException
from minion.helpers import jinja, slsyaml, templating
from minion.loader import Loader
from tests.support import jinja as installed, replay

try:
    import jmespath
except ImportError:
    jmespath = None
HAS_JMESPATH = jmespath is not None
needs_jinja = pytest.mark.skipif(not installed.IS_HERE, reason='needs Jinja2')
FILES = {
    'map.jinja': '{% import_yaml "sub/d.yaml" as d %}\n{% set m = {"a": d.x, "os": grains.os, "p": pillar.a} %}\n',
    'sub/d.yaml': 'x: [1, 2]\ny: {{ 1 + 1 }}\n',
    'sub/d.json': '{"k": [1, null]}',
    'undef.j2': 'line\n{% set x = nope.a %}',
    'if.j2': 'line\n{% if %}',
    'inc.j2': 'inc {{ x }}\n',
}


@pytest.fixture(scope='module')
def loader(tmpdir_factory):
    tmpdir = tmpdir_factory.mktemp('jinja')
    roots = tmpdir.mkdir('roots')
    for name, text in FILES.items():
        roots.join(name).write(text, ensure=True)
    link = replay.Link()
    link.loader = Loader({'id': 'ref1', 'cachedir': str(tmpdir.join('cache')), 'file_client': 'local', 'hash_type': 'sha256',
                          'file_buffer_size': 262144, 'file_roots': {'base': [str(roots)]}},
                         {'os': 'Debian'}, {'a': {'b': 'c'}}, link)
    return link.loader


@pytest.fixture
def fill(loader):
    def call(text, context=None, defaults=None, template='jinja'):
        loader.context.fresh()
        return loader.functions['file.apply_template_on_contents'](text, template, context, defaults, 'base')
    return call


def same(text):
    """Python 2 writes u'' in lists."""
    return text.replace("u'", "'")


@needs_jinja
@pytest.mark.parametrize('text, expected', [
    ("[1,2]|yaml", '[1, 2]'), ("{'a': {'b': [1]}}|yaml(False)", 'a:\n  b:\n  - 1'), ("5|yaml", '5'),
    ("{'b': 1, 'a': None}|json", '{"a": null, "b": 1}'), ("'a b'|yaml_dquote", '"a b"'), ("'it''s: a'|yaml_squote", "'its: a'"),
    ("None|yaml_encode", 'null'), ("'x: y'|yaml_encode", '"x: y"'), ("True|yaml_encode", 'true'),
    ("'a: 1'|load_yaml", "{'a': 1}"), ("'[1]'|load_json", '[1]'), ("'x y'|quote", "'x y'"), ("'x'|quote", 'x'),
    ("'abc'|regex_search('a(.)c')", "('b',)"), ("'abc'|regex_match('b')", 'None'),
    ("'abcd'|regex_replace('B', 'x', ignorecase=True)", 'axcd'), ("'yes'|to_bool", 'True'), ("'x'|to_bool", 'False'),
    ("[1]|to_bool", 'True'), ("0|to_bool", 'False'), ("[1,1,2]|unique", '[1, 2]'), ("[1,2]|is_list", 'True'),
    ("'abc'|is_iter", 'False'), ("[1,2]|max", '2'), ("[3,1]|min", '1'), ("[1,2]|avg", '1.5'),
    ("[1,2]|union([2,3])", '[1, 2, 3]'), ("[1,2]|intersect([2,3])", '[2]'), ("[1,2]|difference([2,3])", '[1]'),
    ("[1,2]|symmetric_difference([2,3])", '[1, 3]'), ("[1,[2,[None]]]|flatten", '[1, 2]'), ("5|sequence", '[5]'),
    ("'x'|base64_encode", 'eA=='), ("'eA=='|base64_decode", 'x'), ("'x'|md5", '9dd4e461268c8034f5c8564e155c67a6'),
    ("'x'|sha1", '11f6ad8ec52a2984abaafd7c3b516503785c2072'), ("('x'|sha256)|length", '64'), ("('x'|sha512)|length", '128'),
    ("'x'|uuid", '2282f7df-3d51-52be-9994-2d3a56986ebd'), ("'a'|path_join('b', '/c')", 'a/b/c'),
    ("'2002/12/25'|strftime('%y')", '02'), ("'sh'|which is none", 'False'), ("'no-such-program'|which", 'None'),
    ("'10.0.0.1'|is_ip", 'True'), ("'10.0.0.1'|is_ipv6", 'False'), ("['10.0.0.1','x']|ipaddr", "['10.0.0.1']"),
    ("'10.0.0.0/30'|network_hosts", "['10.0.0.1', '10.0.0.2']"), ("'10.0.0.0/24'|network_size", '256'),
    ("'x'|network_size", 'None'), ("'a' is match('A', ignorecase=True)", 'True'),
    ("{'a': 1}|set_dict_key_value('b:c', 2)", "{'a': 1, 'b': {'c': 2}}"), ("{}|append_dict_key_value('a', 2)", "{'a': [2]}"),
    ("{'a': [1]}|extend_dict_key_value('a', [2])", "{'a': [1, 2]}"), ("[1,2]|compare_lists([1])", "{'old': [2]}"),
    ("{'a': {'q': 1}}|update_dict_key_value('a', {'q': 2})", "{'a': {'q': 2}}"), ("{'a': [5]}|traverse('a:0')", '5'),
    ("{'a': 1}|compare_dicts({'a': 2}) == {'a': {'old': 1, 'new': 2}}", 'True'), ("{'a': 1}|traverse('b', 'd')", 'd'),
    ("{'a': 1}|to_entries == [{'key': 'a', 'value': 1}]", 'True'), ("[{'name': 'a', 'v': 1}]|from_entries", "{'a': 1}"),
    ("{'a': [1]}|dict_to_sls_yaml_params", '- a:\n  - 1'), ("'ab'|check_whitelist_blacklist(['a*'], ['b'])", 'True'),
    ("'b'|check_whitelist_blacklist([], 'b')", 'False'), ("'a'|method_call('upper')", 'A'), ("'a'|method_call('no')", 'None'),
    ("['b','A']|sorted_ignorecase", "['A', 'b']"), ("[1,2]|zip([3,4])", '[(1, 3), (2, 4)]'), ("[1,2]|skip", ''),
    ("[1,2,3]|combinations(2)|list|length", '3'), ("'/etc/passwd'|is_text_file", 'True'), ("'/bin/sh'|is_bin_file", 'True'),
    ("'/dev/null'|is_empty", 'True'), ("'/nosuch'|list_files", "['/nosuch']"), ("'/dev/null'|file_hashsum('md5')|length", '32'),
    ("'root'|get_uid", '0'), ("'nosuch'|get_uid", 'None'), ("'10.0.0.1/24'|ip_host", '10.0.0.1/24'), ("'x'|ip_host", 'None'),
    ("['10.0.0.1', 'fe80::1']|ipwrap", "['10.0.0.1', '[fe80::1]']"), ("'AC:DE'|gen_mac|length", '14'),
    ("['10.0.0.1', '10.1.0.1']|filter_by_networks(['10.0.0.0/24'])", "['10.0.0.1']"), ("8|random_str|length", '8'),
    ("'0050b6aabbcc'|mac_str_to_bytes|length", '6'), ("'x'|hmac('k', 'q')", 'False'), ("8|random_hash('sha1')|length", '40'),
    ("'get salty'|hmac_compute('shared secret')", '8645606e51fd837aff40ffec052b10cdbd9389aa84fa94bd590419254be0fde3'),
    ("[1,2,3]|random_shuffle(seed='x')|length", '3'), ("'1.5 G'|human_to_bytes", '1610612736'), ("'x'|human_to_bytes", '0'),
    ("'2GB'|human_to_bytes(handle_metric=True)", '2000000000'), ("'100'|human_to_bytes('MB')", '104857600'),
    ("'a_b_c'|to_camelcase", 'aBC'), ("'aBigThing'|to_snake_case", 'a_big_thing'), ("5|is_hex", 'False'),
    ("{'b': 1, 'a': '<'}|tojson|length", '23'), ("salt.grains.get('os')", 'Debian'), ("salt.pillar.get('a:b')", 'c'),
    ("salt.test.echo is defined", 'True'), ("salt.test.nosuch is defined", 'False'), ("salt.nosuch is defined", 'False'),
    ("'opts' in show_full_context()", 'True'), ("'127.0.0.1'|is_ip(options='loopback')", 'True'),
    ("salt['test.echo']('x')", 'x'), ("salt.test.echo('y')", 'y'), ("'no.such' in salt", 'False'), ("grains.os", 'Debian'),
    ("pillar.a.b", 'c'), ("opts.id", 'ref1'), ("saltenv", 'base'),
])
def test_filters_and_names(fill, text, expected):
    assert same(fill('{{ %s }}' % text)) == expected


@needs_jinja
@pytest.mark.parametrize('text, expected', [
    ('a\n{% if True %}\nb\n{% endif %}\nc\n', 'a\n\nb\n\nc\n'),
    ('{% load_yaml as x %}\na: [1]\n{% endload %}{{ x.a }}', '[1]'),
    ('{% load_json as x %}[1,2]{% endload %}{{ x }}', '[1, 2]'),
    ('{% load_text as x %} a {% endload %}[{{ x }}]', '[ a ]'),
    ('{% do [].append(1) %}{% for i in [1,2] %}{% if i == 2 %}{% break %}{% endif %}{{ i }}{% endfor %}', '1'),
    ('{% from "map.jinja" import m with context %}{{ m.a }}{{ m.os }}{{ m.p.b }}', '[1, 2]Debianc'),
    ('{% include "inc.j2" %}|{% import_json "sub/d.json" as d %}{{ d.k }}', 'inc 7|[1, None]'),
    ('{% import_text "inc.j2" as t with context %}{{ t }}', 'inc 7'),
    ('\xc3\xa9 {{ x }}', '\xc3\xa9 7'),
])
def test_tags(fill, text, expected):
    assert fill(text, {'x': 7}) == expected


@needs_jinja
def test_variables(fill):
    assert fill('{{ x }} {{ y }}', {'x': 1}, {'x': 3, 'y': 2}) == '1 2'
    with pytest.raises(ValueError):
        fill('{{ x }}', 'foo')


@needs_jinja
@pytest.mark.parametrize('text, message', [
    ('{{ nosuch }}', "Jinja variable 'nosuch' is undefined; line 1\n\n---\n{{ nosuch }}    <======================\n---"),
    ('a\nb {{ nosuch.x }}\nc', "Jinja variable 'nosuch' is undefined; line 2\n\n---\na\nb {{ nosuch.x }}    "
                               '<======================\nc\n---'),
    ('\n' * 9 + '{% if %}' + '\n' * 9, "Jinja syntax error: Expected an expression, got 'end of statement block'; line 10\n\n"
                                       '---\n[...]\n\n\n\n\n\n{% if %}    <======================\n\n\n\n\n\n[...]\n---'),
    ('{{ 1 // 0 }}', 'Jinja error: '),
    ('{% import "nosuch.j2" as x %}', 'Jinja error: nosuch.j2; line 1'),
    ('{% include "/etc/passwd" %}', 'Jinja error: /etc/passwd; line 1'),
    ('{% include "../x" %}', 'Jinja error: ../x; line 1'),
    ("{{ ''.__class__.__mro__ }}", "unsafe"),
    ('{{ raise("foo") }}', 'foo'),
    ('{{ "a: ["|load_yaml }}', 'Jinja syntax error: Encountered error loading yaml: '),
    ('\n{% load_json as x %}{a{% endload %}', 'Jinja syntax error: Unable to load json from {a; line 2'),
    ('{{ [nosuch]|tojson }}', "Jinja variable 'nosuch' is undefined; line 1"),
    ('{{ pillar.no }}', "Jinja variable 'salt.utils.optsdict.DictProxy object' has no attribute 'no'; line 1"),
    ('{{ opts[5] }}', 'Jinja variable salt.utils.optsdict.OptsDict object has no element 5; line 1'),
    ('{{ pillar.a.no }}', "Jinja variable 'dict object' has no attribute 'no'; line 1"),
    ('{{ salt.nosuch.f() }}', "'salt.utils.templates.AliasedLoader object' has no attribute 'nosuch'"),
    ('{{ salt.test.nosuch() }}', "'salt.loader.lazy.LoadedMod object' has no attribute 'nosuch'"),
    ('{{ salt["test.exception"]("m") }}', 'Jinja error: m; line 1'),
    ('{{ {"a": 1}|append_dict_key_value("a", 2) }}', 'which cannot append.'),
    ('{{ "a"|json_query("b") }}' if not HAS_JMESPATH else '{{ raise("json_query") }}', 'json_query'),
])
def test_errors(fill, text, message):
    with pytest.raises(jinja.SaltRenderError) as caught:
        fill(text)
    assert message in str(caught.value)


@needs_jinja
def test_mappings_of_sls_files_keep_their_order(fill):
    given = slsyaml.load(u'x: {b: [1, {d: e, c: f}], a: "\xe9"}')
    for text, expected in (('x|yaml', u'{b: [1, {d: e, c: f}], a: \xe9}'), ('x.a', u'\xe9'),
                           ('x.b', "[1, {'d': 'e', 'c': 'f'}]"),
                           ("{'z': 1, 'q': x.b}|yaml", '{q: [1, {d: e, c: f}], z: 1}'),
                           ('x|json', u'{"a": "\xe9", "b": [1, {"c": "f", "d": "e"}]}')):
        assert compat.to_text(fill('{{ %s }}' % text, given)) == expected
    assert fill('{{ x|dict_to_sls_yaml_params }}', {'x': given['x']['b'][1]}) == '- d: e\n- c: f'


@needs_jinja
def test_errors_in_imported_files(fill):
    for name, reason in (('undef.j2', "Jinja variable 'nope' is undefined"), ('if.j2', 'Jinja syntax error: Expected')):
        with pytest.raises(jinja.SaltRenderError) as caught:
            fill('one\n{%% import "%s" as x %%}' % name)
        assert str(caught.value).startswith(reason)
        assert str(caught.value).endswith('%s(2):\n---\nline\n{%% %s %%}    <======================\n---' % (
            name, {'undef.j2': 'set x = nope.a', 'if.j2': 'if'}[name]))


@needs_jinja
def test_jinja_functions(loader):
    call = loader.functions
    assert call['jinja.load_map']('map.jinja', 'm') == {'a': [1, 2], 'os': 'Debian', 'p': {'b': 'c'}}
    assert call['jinja.import_yaml']('sub/d.yaml') == {'x': [1, 2], 'y': 2}
    assert call['jinja.import_json']('sub/d.json') == {'k': [1, None]}
    with pytest.raises(SaltException):
        call['jinja.load_map']('map.jinja', 'nosuch')


@needs_jinja
def test_files(loader, tmpdir):
    call, made = loader.functions, str(tmpdir.join('made'))
    assert call['cp.get_template']('salt://inc.j2', made, x=4) == made and tmpdir.join('made').read() == 'inc 4\n'
    assert call['cp.get_template']('salt://inc.j2', made, context={'x': 5}) and tmpdir.join('made').read() == 'inc 5\n'
    with pytest.raises(SaltException):
        call['cp.get_template']('salt://inc.j2', made)
    assert tmpdir.join('made').read() == 'inc 5\n'
    assert call['cp.get_file']('salt://{{ "inc" }}.j2', made + '.{{ grains.os }}', template='jinja') == made + '.Debian'
    path, digest, wrong = call['file.get_managed'](made, 'jinja', 'salt://inc.j2', '', '', '', '', '', '', 'base', {'x': 6}, {})
    with open(path) as stream:
        assert stream.read() == 'inc 6\n' and wrong == '' and len(digest['hsum']) == 64
    os.unlink(path)
    changes = call['file.check_managed_changes'](made, 'salt://inc.j2', '', '', None, None, None, None, 'jinja', {'x': 5}, {},
                                                 'base')
    assert changes == {}


def test_without_jinja2(fill, monkeypatch):
    monkeypatch.setitem(sys.modules, 'jinja2', None)
    assert fill('no marks') == 'no marks'
    with pytest.raises(jinja.SaltRenderError) as caught:
        fill('{{ 1 }}')
    assert 'install the extra minion[jinja]' in str(caught.value) and '\n' not in str(caught.value)


def test_other_engines(fill):
    assert fill('x', template='mako') == {
        'result': False, 'comment': 'template: the engine mako is not part of this minion; jinja is'}
    assert fill('x', template='nosuch') == {'result': False, 'comment': 'Specified template format nosuch is not supported'}
    with pytest.raises(CommandExecutionError) as caught:
        templating.render('x', 'nosuch', None)
    assert str(caught.value) == 'Attempted to render file paths with unavailable engine nosuch'
