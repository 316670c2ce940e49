"""Top files, switched-off SLS files, requests, pauses: what state.* does around a run."""
from __future__ import absolute_import, division, print_function

import pytest

from tests.support import slstree

SLS = {'base/one.sls': 'a: test.nop\n', 'base/two.sls': 'b: test.succeed_with_changes\n', 'base/empty.sls': '', 'dev/three.sls':
       'c: test.nop\n', 'dev/one.sls': 'd: test.nop\n', 'base/sub/x.sls': 'x: test.nop\n'}


def made(tmpdir, tops, **settings):
    """A minion with these top files: {environment: text}."""
    files = dict((env + '/top.sls', text) for env, text in tops.items())
    return slstree.Minion(tmpdir, dict(SLS, **files), **settings)


def comment(returned):
    """The comment of a run with nothing to do."""
    return returned['no_|-states_|-states_|-None']['comment']


@pytest.mark.parametrize('top, chosen', [
    ("base:\n  '*': [one, two]\n", {'base': ['one', 'two']}),
    ("base:\n  'nobody': [one]\n  'ref*': [two]\n", {'base': ['two']}),
    ("base:\n  'os:Debian':\n    - match: grain\n    - one\n  'os:Suse':\n    - match: grain\n    - two\n", {'base': ['one']}),
    ("base:\n  'a:b:c':\n    - match: pillar\n    - one\n  'ref[0-9]':\n    - match: pcre\n    - two\n",
     {'base': ['one', 'two']}),
    ("base:\n  'G@os:Debian and not other': [one]\n  'x,ref1':\n    - match: list\n    - two\n", {'base': ['one', 'two']}),
    ("base:\n  'grp':\n    - match: nodegroup\n    - one\n  'N@grp': [two]\n", {'base': ['one', 'two']}),
    ("base:\n  '*':\n    - dev: three\n    - nosuch: three\n", {'base': [], 'dev': ['three']}),
    ("base:\n  '*':\n    - match: nosuch\n    - one\n", {}),
    ("base:\n  '*':\n    - one\n    - subfilter:\n        'ref1': [two]\n        'nobody': [x]\n", {'base': ['one', 'two']}),
    ("include: [sub.x]\nbase:\n  '*': [one]\n", {'base': ['one']}),
])
def test_who_is_meant(tmpdir, top, chosen):
    minion = made(tmpdir, {'base': top}, nodegroups={'grp': 'ref1 or x'})
    if 'include' in top:
        tmpdir.join('base', 'sub', 'x.sls').write("base:\n  '*': [one]\n")
    assert minion.call('state.show_top') == chosen


BASE, DEV = "base:\n  '*': [one]\ndev:\n  'ref1': [three]\n", "base:\n  '*': [two]\ndev:\n  '*': [one]\n"


@pytest.mark.parametrize('settings, chosen', [
    ({}, {'base': ['one'], 'dev': ['three']}),
    ({'top_file_merging_strategy': 'same', 'default_top': 'base'}, {'base': ['one'], 'dev': ['one']}),
    ({'top_file_merging_strategy': 'merge_all'}, {'base': ['one', 'two'], 'dev': ['three', 'one']}),
    ({'top_file_merging_strategy': 'merge_all', 'env_order': ['dev', 'base']},
     {'base': ['two', 'one'], 'dev': ['one', 'three']}),
    ({'state_top_saltenv': 'dev'}, {'dev': ['one']}),
    ({'saltenv': 'dev'}, {'dev': ['one']}),
    ({'saltenv': 'base'}, {'base': ['one']}),
])
def test_several_top_files(tmpdir, settings, chosen):
    assert made(tmpdir, {'base': BASE, 'dev': DEV}, **settings).call('state.show_top') == chosen


def test_the_default_top_file(tmpdir):
    minion = made(tmpdir, {'base': BASE}, top_file_merging_strategy='same', default_top='base')
    assert minion.call('state.show_top') == {'base': ['one'], 'dev': ['three']}
    minion = made(tmpdir, {'base': BASE}, top_file_merging_strategy='same', default_top='')
    assert 'no default_top configuration option was set' in comment(minion.job('state.highstate')[0])


def test_highstate(tmpdir):
    minion = made(tmpdir, {'base': "base:\n  '*': [one, sub.*]\n"})
    assert sorted(minion.call('state.highstate')) == ['test_|-a_|-a_|-nop', 'test_|-x_|-x_|-nop'] == sorted(
        minion.call('state.apply'))
    assert list(minion.call('state.highstate', exclude='one')) == ['test_|-x_|-x_|-nop']
    assert list(minion.call('state.highstate', whitelist='one')) == ['test_|-a_|-a_|-nop']
    assert sorted(minion.call('state.show_highstate')) == ['a', 'x'] and minion.call('state.show_states') == ['one', 'sub.x']
    assert [chunk['__id__'] for chunk in minion.call('state.show_lowstate')] == ['a', 'x']
    usage = minion.call('state.show_state_usage')['base']
    assert usage['used'] == ['one', 'sub.x'] and usage['count_unused'] == 3 and usage['count_all'] == 5
    tmpdir.join('base', 'other.sls').write("base:\n  '*': [two]\n")
    assert list(minion.call('state.top', 'other.sls')) == ['test_|-b_|-b_|-succeed_with_changes']


@pytest.mark.parametrize('top, retcode, words', [
    (None, 2, 'No Top file or master_tops data matches found. Please see master log for details.'),
    ("base:\n  'nobody': [one]\n", 2, 'No Top file or master_tops data matches found.'),
    ("base: [a]\n", 2, 'Unable to render top file: Unable to render top file. No targets found.'),
    ("base:\n  '*': [empty]\n", 2, 'No states found for this minion'),
    ("base:\n  '*': [one]\n  '*': [two]\n", 2, "found conflicting ID '*'"),
    ("base:\n  '*': one\n", 1, "Malformed topfile: state declarations for matcher '*' in saltenv 'base' are not formed as a "
     'list (got str)'),
    ("base:\n  '*': ['']\n", 1, 'Environment base contains an empty sls index'),
    ("5:\n  '*': [one]\n", 1, 'Environment 5 in top file is not formed as a string'),
    ("base:\n  '*': [nosuch]\n", 1, "No matching sls found for 'nosuch' in env 'base'"),
])
def test_top_files_of_which_nothing_comes(tmpdir, top, retcode, words):
    returned, code = made(tmpdir, {} if top is None else {'base': top}).job('state.highstate')
    assert code == retcode
    assert words in (comment(returned) if retcode == 2 else returned)


def test_switching_off(tmpdir):
    minion = made(tmpdir, {'base': "base:\n  '*': [one]\n"})
    assert minion.call('state.disable', 'one,sub.*,highstate') == {
        'res': True, 'msg': 'Info: one state disabled.\nInfo: sub.* state disabled.\nInfo: highstate state disabled.'}
    assert 'modules' in minion.link.refreshed and 'state_runs_disabled' in tmpdir.join('conf', 'grains').read()
    minion.link.loader.update(grains={'state_runs_disabled': ['one', 'sub.*', 'highstate'], 'id': 'ref1'})
    assert minion.call('state.disable', 'one')['msg'] == 'Info: one state already disabled.'
    assert minion.call('state.list_disabled') == ['one', 'sub.*', 'highstate']
    assert minion.wrong('state.apply', 'one,two,sub.x') == [
        'The state file "one" is currently disabled, to re-enable, run state.enable one.',
        'The state file "sub.x" is currently disabled by "sub.*", to re-enable, run state.enable sub.*.']
    assert 'To re-enable, run state.enable highstate' in minion.job('state.highstate')[0]['comment']
    assert len(minion.call('state.apply', 'two')) == 1
    assert minion.call('state.enable', ['one', 'x'])['msg'] == 'Info: one state enabled.\nInfo: x state already enabled.'


def test_requests(tmpdir):
    minion = made(tmpdir, {})
    shown = minion.call('state.request', 'two')
    assert shown['test_|-b_|-b_|-succeed_with_changes']['result'] is None
    noted = minion.call('state.check_request')['default']
    assert noted['mods'] == 'two' and noted['kwargs']['test'] is True and sorted(noted['test_run']) == sorted(shown)
    assert minion.call('state.check_request', 'default') == noted
    assert minion.call('state.run_request')['test_|-b_|-b_|-succeed_with_changes']['result'] is True
    assert minion.call('state.check_request') == {} == minion.call('state.run_request')
    minion.call('state.request', 'one', name='x')
    assert minion.call('state.clear_request', 'y') is False and minion.call('state.clear_request', 'x') is True


def test_pauses_and_an_early_end(tmpdir):
    minion = made(tmpdir, {})
    jid = slstree.JID
    assert minion.call('state.pause', jid, 'b') is None and minion.call('state.get_pauses', jid) == {jid: {'b': {}}}
    assert minion.call('state.pause', jid, 'b', 0.001) is None
    assert len(minion.call('state.apply', 'one')) == 1                 # another id is not held up
    assert minion.call('state.resume', jid, 'b') is None and minion.call('state.get_pauses', jid) == {}
    minion.call('state.soft_kill', jid)
    assert minion.job('state.apply', 'one') == ({}, 2)
    minion.call('state.resume', jid)
    assert len(minion.call('state.apply', 'one')) == 1
    assert 'is no job id' in minion.wrong('state.pause', '../x') and minion.call('state.get_pauses') == {}


def test_a_run_that_goes_on(tmpdir, monkeypatch):
    minion = made(tmpdir, {})
    minion.call('state.pause', slstree.JID)
    monkeypatch.setattr('minion.highstate.pausing.time.sleep', lambda seconds: minion.call('state.resume', slstree.JID))
    assert len(minion.call('state.apply', 'one')) == 1


def test_mock_and_terse(tmpdir):
    minion = made(tmpdir, {})
    mocked = minion.call('state.apply', 'two', mock=True)['test_|-b_|-b_|-succeed_with_changes']
    assert (mocked['comment'], mocked['changes'], mocked['result']) == ('Not called, mocked', {}, True)
    assert list(minion.call('state.apply', 'one,two', terse=True)) == ['test_|-b_|-b_|-succeed_with_changes']


def test_settings_of_a_call(tmpdir):
    minion = made(tmpdir, {}, lock_saltenv=True, saltenv='base')
    assert 'lock_saltenv is enabled, saltenv cannot be changed' in minion.wrong('state.apply', 'three', saltenv='dev')
    tmpdir.join('local').write('state_top: other.sls\nrenderer: json\n')
    assert "Rendering SLS 'base:one' failed" in minion.wrong('state.apply', 'one', localconfig=str(tmpdir.join('local')))[0]
    assert 'Failed to decrypt' in minion.wrong('state.apply', 'one', pillar={'a': 1}, pillar_enc='nosuch')


def test_synced_states_are_used(tmpdir):
    source = 'def there(name):\n    return {"name": name, "result": True, "changes": {}, "comment": "own"}\n'
    files = {'base/_states/own.py': source,
             'base/own.sls': 'o: own.there\n', 'base/top.sls': "base:\n  '*': [own]\n"}
    minion = slstree.Minion(tmpdir, files, state_events=False)
    assert minion.call('state.highstate')['own_|-o_|-o_|-there']['comment'] == 'own'
    assert minion.call('state.sls', 'own', sync_mods='states')['own_|-o_|-o_|-there']['comment'] == 'own'
