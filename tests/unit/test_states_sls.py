"""SLS files: what they may say, what they include, errors in the reference's words. No Jinja2 is needed here."""
from __future__ import absolute_import, division, print_function

import os

import pytest

from minion.helpers import slsyaml
from minion.helpers.rendererror import SaltRenderError
from tests.support import jinja, slstree

FILES = {
    'base/good.sls': 'first:\n  test.succeed_without_changes:\n    - name: hello\nsecond:\n  test:\n'
                     '    - succeed_with_changes\n    - require:\n      - test: first\n',
    'base/inc.sls': 'include:\n  - good\n  - .sub\n  - sub.deep\nextend:\n  second:\n    test:\n      - name: extended\n'
                    'third:\n  test.nop\n',
    'base/sub/init.sls': 'include:\n  - .deep\n  - ..good\nsubid:\n  test.nop: []\n',
    'base/sub/deep.sls': 'deepid:\n  test.nop\n',
    'base/dup.sls': 'one:\n  test.nop\none:\n  test.nop\n',
    'base/flow.sls': 'a: [\nb',
    'base/tab.sls': 'a:\n\ttest.nop\n',
    'base/tag.sls': 'a:\n  test.nop:\n   - x: !nosuch 5\n',
    'base/list.sls': '- a\n- b\n',
    'base/text.sls': 'abc\n',
    'base/empty.sls': '# nothing\n',
    'base/incmiss.sls': 'include:\n  - missing\na:\n  test.nop\n',
    'base/incstr.sls': 'include: good\n',
    'base/listens.sls': 'a:\n  test.nop:\n    - listen: [{test: b}]\nb: test.nop\n',
    'base/hidden.sls': '__sls__: x\na: test.nop\n',
    'base/incnone.sls': 'include:\n',
    'base/shebang.sls': '#!yaml\na: test.nop\na: test.nop\n',
    'base/incenv.sls': 'include:\n  - nosuchenv: good\n',
    'base/incdev.sls': 'include:\n  - dev: other\n',
    'base/increl.sls': 'include:\n  - ....x\n',
    'base/incglob.sls': 'include:\n  - g*\n  - sub.*\n',
    'base/excl.sls': 'exclude:\n  - sls: sub.deep\n  - id: second\ninclude:\n  - good\n  - sub\n',
    'base/badext.sls': 'extend: [a]\nexclude: x\na: test.nop\n',
    'base/conflict.sls': 'include:\n  - good\nfirst:\n  test.nop\n',
    'base/short.sls': 'b: test.nop\na: test.nop\n',
    'base/twice.sls': 'a:\n  test.nop:\n    - name: b\n  test.succeed_without_changes:\n    - name: c\n',
    'base/py.sls': '#!py\ndef run():\n    return {"p": {"test.nop": [\n'
                   '        {"name": __salt__["test.echo"](__sls__) + __pillar__["a"]["b"]}]}}\n',
    'base/pyfail.sls': '#!py\ndef run():\n    raise ValueError("boom")\n',
    'base/json.sls': '#!json\n{"j": {"test": ["nop"]}}\n',
    'base/own.sls': '#!mine|yaml\nX: test.nop\n',
    'base/nosuch.sls': '#!nosuch\nabc\n',
    'base/latin.sls': b'a: "\xe4"\n',
    'base/fail.sls': 'a:\n  test.fail_without_changes\n',
    'dev/other.sls': 'o:\n  test.nop\n',
    'cache/extmods/renderers/mine.py': 'def render(data, saltenv="base", sls="", **kwargs):\n'
                                       '    return data.read().replace("X", sls + "-" + saltenv)\n',
}


@pytest.fixture(scope='module')
def minion(tmpdir_factory):
    return slstree.Minion(tmpdir_factory.mktemp('sls'), FILES)


def declared(high):
    """{id: (functions, files that included it)} of high data."""
    return dict((name, (body['test'], body.get('__sls_included_from__'))) for name, body in high.items()
                if not name.startswith('__'))


def test_include_extend_and_order(minion):
    high = minion.call('state.show_sls', 'inc')
    assert declared(high) == {
        'first': ([{'name': 'hello'}, 'succeed_without_changes', {'order': 10000}], ['inc']),
        'second': (['succeed_with_changes', {'require': [{'test': 'first'}]}, {'order': 10001}], ['inc']),
        'deepid': (['nop', {'order': 10002}], ['sub', 'inc']), 'subid': (['nop', {'order': 10003}], ['inc']),
        'third': (['nop', {'order': 10004}], None)}
    assert high['deepid']['__sls__'] == 'sub.deep' and high['deepid']['__env__'] == 'base'
    assert high['__extend__'] == [{'second': {'test': [{'name': 'extended'}], '__sls__': 'inc', '__env__': 'base'}}]


def test_order_is_that_of_the_file(minion):
    assert declared(minion.call('state.show_sls', 'short')) == {
        'b': (['nop', {'order': 10000}], None), 'a': (['nop', {'order': 10001}], None)}
    assert [chunk['__id__'] for chunk in minion.call('state.show_low_sls', 'short,good')] == ['b', 'a', 'first', 'second']


def test_globs_and_other_environments(minion):
    assert sorted(minion.call('state.show_sls', 'incglob')) == ['deepid', 'first', 'second']
    assert minion.call('state.show_sls', 'incdev')['o']['__env__'] == 'dev'
    assert sorted(minion.call('state.show_sls', 'g*')) == ['first', 'second']
    assert minion.call('state.show_sls', 'other', saltenv='dev')['o']['__env__'] == 'dev'


def test_names_of_files(minion):
    for name in ('sub/deep', '/sub/deep'):
        assert list(minion.call('state.show_sls', name)) == ['deepid']
    assert minion.wrong('state.show_sls', 'sub.init') == [
        'Specified SLS sub.init.deep in saltenv base is not available on the salt master or through a configured fileserver',
        'Specified SLS sub.good in saltenv base is not available on the salt master or through a configured fileserver']
    assert minion.call('state.sls_exists', 'sub/deep') is True and minion.wrong('state.sls_exists', 'sub/no') is False


def test_exclude(minion):
    high = minion.call('state.show_sls', 'excl')
    assert high['__exclude__'] == [{'sls': 'sub.deep'}, {'id': 'second'}]


@pytest.mark.parametrize('sls, errors', [
    ('missing', ["No matching sls found for 'missing' in env 'base'"]),
    ('dup', ["Rendering SLS 'base:dup' failed: while constructing a mapping\n  in \"<unicode string>\", line 1, column 1\n"
             "found conflicting ID 'one'\n  in \"<unicode string>\", line 3, column 1"]),
    ('tag', ["Rendering SLS 'base:tag' failed: could not determine a constructor for the tag '!nosuch'\n  in \"<unicode "
             "string>\", line 3, column 9"]),
    ('list', ['SLS list does not render to a dictionary', "Error when rendering state with contents: ['a', 'b']"]),
    ('text', ['SLS text does not render to a dictionary', 'Error when rendering state with contents: abc']),
    ('incmiss', ['Specified SLS missing in saltenv base is not available on the salt master or through a configured '
                 'fileserver']),
    ('incstr', ['Include Declaration in SLS incstr is not formed as a list']),
    ('hidden', ['ID __sls__ in SLS hidden is not a dictionary']),
    ('incnone', [
        'Include Declaration in SLS incnone is not formed as a list', 'ID include in SLS incnone is not a dictionary']),
    ('shebang', ["Rendering SLS 'base:shebang' failed: while constructing a mapping\n  in \"<unicode string>\", line 2, "
                 "column 1\n"
                 "found conflicting ID 'a'\n  in \"<unicode string>\", line 3, column 1"]),
    ('incenv', ["Nonexistent saltenv 'nosuchenv' found in include of 'good' within SLS 'base:incenv'"]),
    ('increl', ["Attempted relative include of '....x' within SLS 'base:increl' goes beyond top level package "]),
    ('badext', ["Extension value in SLS 'badext' is not a dictionary", 'Exclude Declaration in SLS badext is not formed as a '
                'list']),
    ('conflict', ["Detected conflicting IDs, SLS IDs need to be globally unique.\n    The conflicting ID is 'first' and is "
                  "found in SLS 'base:conflict' and SLS 'base:good'"]),
    ('twice', ["ID 'a' in SLS 'twice' contains multiple state declarations of the same type"]),
])
def test_errors(minion, sls, errors):
    assert minion.wrong('state.show_sls', sls) == errors
    assert minion.wrong('state.apply', sls) == errors


@pytest.mark.parametrize('sls, begin, words', [
    ('flow', "Rendering SLS 'base:flow' failed: while parsing a flow sequence", "expected ',' or ']'"),
    ('tab', "Rendering SLS 'base:tab' failed: ", 'character'),
    ('latin', "Rendering SLS 'base:latin' failed: not UTF-8", 'position'),
    ('pyfail', "Rendering SLS 'base:pyfail' failed: Traceback", 'pyfail.sls", line 3, in run'),
])
def test_errors_of_libraries(minion, sls, begin, words):
    error, = minion.wrong('state.show_sls', sls)
    assert error.startswith(begin) and words in error


def test_unknown_environment(minion):
    assert minion.wrong('state.apply', 'good', saltenv='nosuch') == [
        "No matching salt environment for environment 'nosuch' found", "No matching sls found for 'good' in env 'nosuch'"]


def test_renderers(minion):
    assert minion.call('state.show_sls', 'py')['p']['test'] == [{'name': 'pyc'}, 'nop', {'order': 10000}]
    assert minion.call('state.show_sls', 'json')['j']['test'] == ['nop', {'order': 10000}]
    assert list(minion.call('state.show_sls', 'own')) == ['own-base']
    assert minion.call('state.show_sls', 'nosuch') == {} == minion.call('state.show_sls', 'empty')


def test_a_run(minion):
    returned = minion.call('state.apply', 'good')
    assert sorted(returned) == ['test_|-first_|-hello_|-succeed_without_changes',
                                'test_|-second_|-second_|-succeed_with_changes']
    assert returned['test_|-second_|-second_|-succeed_with_changes']['__sls__'] == 'good'
    for name in ('sls.p', 'highstate.cache.p'):
        assert os.stat(os.path.join(minion.cache, name)).st_mode & 0o777 == 0o600
    assert minion.call('state.clear_cache') == ['highstate.cache.p']
    assert minion.job('state.sls', 'fail')[1] == 2
    assert minion.job('state.sls', []) == ({}, 2)
    assert minion.call('state.test', 'good')['test_|-second_|-second_|-succeed_with_changes']['result'] is None


def test_an_orchestration_of_this_host(minion):
    def run(*args, **kwargs):
        told, code = minion.job('state.orchestrate', *args, **kwargs)
        assert sorted(told) == ['data', 'outputter', 'retcode'] and list(told['data']) == ['ref1']
        assert told['outputter'] == 'highstate' and told['retcode'] == (1 if code else 0)
        return told['data']['ref1'], code
    returned, code = run('good', test=True)
    assert returned['test_|-second_|-second_|-succeed_with_changes']['result'] is None and code == 0
    assert list(run('short', exclude=[{'id': 'a'}])[0]) == ['test_|-b_|-b_|-nop']
    assert list(run('py', pillar={'a': {'b': 'X'}})[0]) == ['test_|-p_|-pyX_|-nop']
    assert run('other', saltenv='dev')[0]['test_|-o_|-o_|-nop']['result'] is True
    assert run('fail')[1] == 2
    assert run('missing') == (["No matching sls found for 'missing' in env 'base'"], 1)


def test_parts_and_texts(minion, tmpdir):
    assert list(minion.call('state.sls_id', 'first', 'good')) == ['test_|-first_|-hello_|-succeed_without_changes']
    assert len(minion.call('state.sls_id', 'second', 'good')) == 2     # with what it requires
    assert list(minion.call('state.sls_id', 'a', 'listens')) == ['test_|-a_|-a_|-nop']     # but for what it listens to
    assert 'No matches for ID \'nope\' found in SLS \'good\' within saltenv \'base\'' in minion.wrong(
        'state.sls_id', 'nope', 'good')
    assert list(minion.call('state.template_str', 'a: {test.nop: []}')) == ['test_|-a_|-a_|-nop']
    assert minion.wrong('state.template_str', 'a: b') == ['ID a in template <template-str> is not a dictionary']
    tmpdir.join('t.sls').write('a: test.nop\n')
    found = minion.call('state.template', str(tmpdir.join('t')))
    assert found['test_|-a_|-a_|-nop']['__sls__'] == str(tmpdir.join('t.sls'))
    assert minion.wrong('state.template', 'nosuch') == ['Specified SLS nosuch.sls on local filesystem cannot be found.']
    assert minion.call('state.sls_exists', 'good') is True and minion.wrong('state.sls_exists', 'missing') is False
    assert minion.call('state.id_exists', 'first', 'good') is True
    assert minion.call('state.id_exists', 'no,first', 'good') is False


def test_one_run_at_a_time(minion, monkeypatch):
    other = {'fun': 'state.apply', 'pid': 7, 'jid': '20261123041652000000'}
    monkeypatch.setattr(minion.jobs, 'others', [other, {'fun': 'test.ping', 'pid': 7, 'jid': '1'}])
    told = ['The function "state.apply" is running as PID 7 and was started at 2026, Nov 23 04:16:52.000000 with jid '
            '20261123041652000000']
    for name, args in (('state.apply', ['good']), ('state.highstate', []), ('state.show_sls', ['good']),
                       ('state.sls_id', ['first', 'good']), ('state.template_str', ['a: test.nop'])):
        assert minion.wrong(name, *args) == told
    assert minion.call('state.running') == told and minion.call('state.running', True) == []
    assert len(minion.call('state.apply', 'good', concurrent=True)) == 2
    assert minion.wrong('state.apply', 'good', queue=1) == told
    later = dict(other, jid='20261123041652999999')
    monkeypatch.setattr(minion.jobs, 'others', [later])
    assert len(minion.call('state.apply', 'good', queue=True)) == 2


def test_a_run_that_waits(minion, monkeypatch):
    other = {'fun': ['test.ping', 'state.sls'], 'pid': 7, 'jid': '20261123041652000000'}
    looks = iter([[other], [other], []])
    monkeypatch.setattr(minion.jobs, 'running', lambda: next(looks))
    monkeypatch.setattr('minion.highstate.queueing.PAUSE', 0.001)
    assert len(minion.call('state.apply', 'good', queue=True)) == 2


def test_pillar_of_a_call(minion):
    assert 'Pillar data must be formatted as a dictionary' in minion.wrong('state.apply', 'good', pillar='abc')
    found = minion.call('state.show_sls', 'py', pillar={'a': {'b': 'new'}})
    assert found['p']['test'][0] == {'name': 'pynew'}


def test_a_broken_pillar_refuses_the_run(tmpdir):
    minion = slstree.Minion(tmpdir, FILES, {'_errors': ['no x']})
    told = ['Pillar failed to render with the following messages:', 'no x']
    for name, args in (('state.apply', ['good']), ('state.highstate', [])):
        assert minion.job(name, *args) == (told, 5)
    assert minion.job('state.show_sls', 'good') == ('ERROR: Pillar failed to render. Additional info follows:\n\n- no x', 1)
    assert minion.job('state.apply', 'good', force=True)[1] == 0


@pytest.mark.parametrize('text, value', [
    ('a: 0644', {'a': 644}), ('a: 0', {'a': 0}), ('a: 0x1F', {'a': 31}), ('a: 2020-01-01', {'a': '2020-01-01'}),
    ('a: yes', {'a': True}), ('', None), ('a: {b: 1}', {'a': {'b': 1}}), ('x: &x {p: 1, q: 1}\ny: {<<: *x, q: 2}',
                                                                        {'x': {'p': 1, 'q': 1}, 'y': {'p': 1, 'q': 2}}),
    ('a: !!set {b}', {'a': set(['b'])}), (u'a: \xe4', {'a': '\xc3\xa4' if str is bytes else u'\xe4'}),
])
def test_values(text, value):
    assert slsyaml.load(text) == value


def test_order_of_mappings():
    assert list(slsyaml.load('\n'.join('k%d: {}' % number for number in range(20, 0, -1)))) == [
        'k%d' % number for number in range(20, 0, -1)]


@pytest.mark.parametrize('text', ['{a: b}: c', 'a: *nope', 'a: !!int x', 'a: !!python/object:os.system x', 'a: b: c', 'a: "x',
                                  'a: {<<: 5}', 'a: \x01'])
def test_what_is_no_yaml(text):
    with pytest.raises(SaltRenderError):
        slsyaml.load(text)


@pytest.mark.skipif(not jinja.IS_HERE, reason='needs Jinja2')
def test_variables_and_imports(tmpdir):
    names = 'sls slspath slsdotpath slscolonpath sls_path tplfile tpldir tpldot saltenv'.split()
    shown = 'v: test.nop\n{%% set all = [%s] %%}\n{{ all|join("|") }}: test.nop\n' % ', '.join(names)
    files = {
        'base/top.sls': shown, 'base/f/one.sls': shown, 'base/f/sub/init.sls': shown,
        'base/f/sub/imp.sls': '{% from "./map.jinja" import m with context %}{% from "f/sub/map.jinja" import m as n with '
                              'context %}\n{% from "../up.jinja" import u %}\n{{ m }}-{{ n }}-{{ u }}: test.nop\n',
        'base/f/sub/map.jinja': '{% set m = sls ~ "+" ~ tpldir %}', 'base/f/up.jinja': '{% set u = tplfile %}',
        'base/undef.sls': 'a:\n  {{ nope }}\n', 'base/nofun.sls': '{{ salt["no.fun"]() }}\n',
        'base/fails.sls': '{{ salt["cmd.run"]("x", cwd="/nosuchdir") }}\n'}
    minion = slstree.Minion(tmpdir, files)

    def said(sls):
        return [name for name in minion.call('state.show_sls', sls) if name != 'v'][0]
    assert said('top') == 'top|||||top.sls|.||base'
    assert said('f.one') == 'f.one|f|f|f|f|f/one.sls|f|f|base'
    assert said('f.sub') == 'f.sub|f/sub|f.sub|f:sub|f_sub|f/sub/init.sls|f/sub|f.sub|base'
    assert said('f.sub.imp') == 'f.sub.imp+f/sub-f.sub.imp+f/sub-f/up.jinja'
    assert minion.wrong('state.apply', 'undef') == [
        "Rendering SLS 'base:undef' failed: Jinja variable 'nope' is undefined; line 2\n\n---\na:\n  {{ nope }}    "
        '<======================\n---']
    assert "Jinja variable 'salt.utils.templates.AliasedLoader object' has no attribute 'no.fun'; line 1" in minion.wrong(
        'state.apply', 'nofun')[0]
    assert 'Problem running salt function in Jinja template: Specified cwd' in minion.wrong('state.apply', 'fails')[0]


def test_each_id_of_extend_is_shown_by_itself(tmpdir):
    files = {'base/x.sls': 'extend:\n  a: {test: [{x: 1}]}\n  b: {test: [{x: 1}]}\ninclude: [y]\n',
             'base/y.sls': 'a: test.nop\nb: test.nop\n'}
    shown = slstree.Minion(tmpdir, files).call('state.show_sls', 'x')['__extend__']
    assert shown == [{name: {'test': [{'x': 1}], '__sls__': 'x', '__env__': 'base'}} for name in 'ab']
