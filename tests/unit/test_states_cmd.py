"""States that run commands: comments, changes and test mode as captured from the reference 3008.3."""
from __future__ import absolute_import, division, print_function

import os
import stat

import pytest

from minion import compat
from minion.helpers import state_cmd
from tests.support.hoststates import States

UNREADABLE = 'Failed parsing script output! Stdout must be JSON or a line of name=value pairs.'


@pytest.fixture
def host(tmp_path, monkeypatch):
    return States(str(tmp_path), monkeypatch)


@pytest.fixture
def script(tmp_path):
    path = tmp_path / 'tell.sh'
    path.write_text(u'#!/bin/sh\necho "got $@$WORD"; echo bad >&2; exit ${CODE:-0}\n')
    return str(path)


def shown(returned):
    changes = dict(returned['changes'])
    if 'pid' in changes:
        assert isinstance(changes.pop('pid'), int)
    return returned['result'], returned['comment'], changes


def output(stdout='', stderr='', retcode=0):
    return {'stdout': stdout, 'stderr': stderr, 'retcode': retcode}


# ---- run

@pytest.mark.parametrize('command, options, expected', [
    ('echo hi', {}, (True, 'Command "echo hi" run', output('hi'))),
    ('echo a; echo b >&2; exit 3', {}, (False, 'Command "echo a; echo b >&2; exit 3" run', output('a', 'b', 3))),
    ('exit 3', {'success_retcodes': [3]}, (True, 'Command "exit 3" run', output())),
    ('echo hi', {'hide_output': True}, (True, 'Command "echo hi" run', output())),
    ('pwd', {'cwd': '/'}, (True, 'Command "pwd" run', output('/'))),
    ('echo $A$B', {'env': {'A': 'x', 'B': 1}}, (True, 'Command "echo $A$B" run', output('x1'))),
    ('echo $A$B', {'env': [{'A': 'x'}, {'B': 1}]}, (True, 'Command "echo $A$B" run', output('x1'))),
    ('echo $0', {'shell': '/bin/sh'}, (True, 'Command "echo $0" run', output('/bin/sh'))),
    ('cat', {'stdin': 'in'}, (True, 'Command "cat" run', output('in'))),
    ('echo hi', {'bg': True}, (True, 'Command "echo hi" run', output(retcode=None))),
    ('echo hi', {'cwd': '/nowhere'}, (False, 'Desired working directory "/nowhere" is not available', {})),
    ('echo hi', {'env': 'A=1'}, (False, "Invalidly-formatted 'env' parameter. See documentation.", {})),
    ('echo hi', {'runas': 'mtst-nobody'}, (False, "User 'mtst-nobody' is not available", {})),
    ('echo hi', {'shell': '/bin/nowhere'}, (False, 'The shell /bin/nowhere is not available', {})),
    ('echo hi', {'success_retcodes': ['x']}, (False, 'success_retcodes must be a list of integers', {}))])
def test_run(host, command, options, expected):
    assert shown(host.state('cmd.run', command, **options)) == expected


def test_run_out_of_time(host):
    late = 'sleep 9 : Timed out after 0.1 seconds'
    assert shown(host.state('cmd.run', 'sleep 9', timeout=0.1)) == (False, 'Command "sleep 9" run', output(late, '', 1))
    assert shown(host.state('cmd.run', 'sleep 9', timeout=0.1, ignore_timeout=True)) == (
        True, 'Command "sleep 9" run', output(late))


def test_run_in_test_mode_runs_nothing(host, tmp_path):
    made = str(tmp_path / 'made')
    assert shown(host.state('cmd.run', 'touch ' + made, cwd='/nowhere', test=True)) == (
        None, 'Command "touch %s" would have been executed' % made, {'cmd': 'touch ' + made})
    assert shown(host.state('cmd.run', 'touch ' + made, env=0, test=True))[0] is False
    assert shown(host.state('cmd.run', 'touch ' + made, stateful=True, test=True)) == (None, '', {})
    assert not os.path.exists(made)


def test_run_takes_no_python_shell(host):
    assert host.state('cmd.run', 'true', python_shell=False)['comment'] == (
        "salt.loaded.int.module.cmdmod.run_all() got multiple values for keyword argument 'python_shell'")


def test_run_with_the_umask_of_all_states(host, tmp_path):
    world = host.loader.apart({'test': False})
    run = world.other('states').functions['cmd.run']
    run.__globals__['__low__'] = {'umask': '077'}
    assert run('touch made', cwd=str(tmp_path))['result'] is True
    assert stat.S_IMODE(os.stat(str(tmp_path / 'made')).st_mode) == 0o600


# ---- commands that report their own changes

@pytest.mark.parametrize('printed, result, comment, changes', [
    ('', True, '', {}),
    ('\n \n', True, '', {}),
    ('changed=no comment="all is well"', True, 'all is well', {}),
    ('changed=0 result=false', True, '', {}),
    ('comment=x other=1', True, 'x', {}),
    ('changed=yes comment=hello new=1', True, 'hello',
     output('changed=yes comment=hello new=')),             # so it is in the reference
    ('x\ny\nchanged=True', True, '', output('x\ny')),
    ('a\n changed=yes  comment="two words"  \n\n', True, 'two words', output('a')),
    ('{"changed": true, "comment": "c"}', True, 'c', output()),
    ('\n{"changed": "yes",\n"comment": "c"}', True, 'c', output()),
    ('{"changed": false, "comment": "c", "other": [1]}', True, 'c', {}),
    ('{}', True, '', {}),
    ('plain words', False, UNREADABLE, output('plain words')),
    ('changed=yes a=b=c', False, UNREADABLE, output('changed=yes a=b=c')),
    ('"a', False, UNREADABLE, output('"a')),
    ('x {"changed": true}', False, UNREADABLE, output('x {"changed": true}')),
    ('[1, 2]', False, 'script JSON output must be a JSON object (e.g., {})!', {}),
    ('null', False, 'script JSON output must be a JSON object (e.g., {})!', {})])
def test_reported(printed, result, comment, changes):
    ret = state_cmd.reported({'name': 'x', 'result': True, 'comment': 'run', 'changes': output(printed)})
    told = dict((key, value) for key, value in ret['changes'].items() if key in ('stdout', 'stderr', 'retcode'))
    assert (ret['result'], ret['comment'], told) == (result, comment, changes)


def test_reported_changes_hold_what_else_was_told():
    ret = state_cmd.reported({'name': 'x', 'result': True, 'comment': '',
                              'changes': output('{"changed": 1, "pid": 5, "list": ["a"]}')})
    assert ret['changes'] == dict(output(), changed=1, pid=5, list=['a'])
    assert all(type(word) is str for word in ret['changes']['list'])


@pytest.mark.parametrize('value', ['changed=maybe', 'changed=', 'changed=on', '{"changed": null}', '{"changed": [1]}'])
def test_reported_neither_true_nor_false(value):
    with pytest.raises(ValueError) as caught:
        state_cmd.reported({'name': 'x', 'result': True, 'comment': '', 'changes': output(value)})
    assert str(caught.value).startswith('Failed parsing boolean value: ')


def test_a_failed_stateful_command_tells_its_changes(host):
    assert shown(host.state('cmd.run', 'echo x; echo changed=yes; exit 4', stateful=True)) == (
        False, '', dict(output('x', '', 4), changed='yes'))
    assert shown(host.state('cmd.run', 'exit 4', stateful=True)) == (False, '', {})
    assert shown(host.state('cmd.run', 'echo changed=yes', stateful='x'))[1] == 'Command "echo changed=yes" run'


@pytest.mark.parametrize('command, expected', [
    ('echo x; echo changed=no comment=t', (True, 't', {})),
    ('echo x; echo changed=yes comment=t', (None, 't', dict(output('x'), changed='yes'))),
    ('echo x; echo changed=yes; exit 1', (False, '', dict(output('x', '', 1), changed='yes'))),
    ('echo x', (None, UNREADABLE, output('x'))),
    ('exit 5', (False, '', {}))])
def test_command_for_test_mode(host, tmp_path, command, expected):
    made = str(tmp_path / 'made')
    returned = host.state('cmd.run', 'touch ' + made, stateful=[{'test_name': command}], test=True)
    assert shown(returned) == expected
    assert returned['name'] == 'touch ' + made and not os.path.exists(made)


# ---- script

def test_script(host, script):
    comment = "Command '%s' run" % script
    assert shown(host.state('cmd.script', script)) == (True, comment, output('got', 'bad'))
    assert shown(host.state('cmd.script', script, env={'WORD': 'w', 'CODE': '3'})) == (
        False, comment, output('got w', 'bad', 3))


@pytest.mark.parametrize('name, options, words', [
    ("tell.sh b 'c d'", {}, 'b c d'), ('tell.sh', {'args': '1 2'}, '1 2'), ('tell.sh', {'args': ['1 2', '$X']}, '1 2 $X'),
    ('tell.sh 1 2', {'args': '3'}, '3')])
def test_script_arguments(host, script, name, options, words):
    assert shown(host.state('cmd.script', name, source=script, **options)) == (
        True, "Command '%s' run" % name, output('got ' + words, 'bad'))


@pytest.mark.parametrize('options, comment', [
    ({'cwd': '/nowhere'}, 'Desired working directory "/nowhere" is not available'),
    ({'env': 'x'}, "Invalidly-formatted 'env' parameter. See documentation."),
    ({'context': 'x'}, "Invalidly-formatted 'context' parameter. Must be formed as a dict."),
    ({'defaults': [{'x': 1}]}, "Invalidly-formatted 'defaults' parameter. Must be formed as a dict."),
    ({'shell': '/bin/nowhere'}, 'The shell /bin/nowhere is not available')])
def test_script_refused(host, script, options, comment):
    assert shown(host.state('cmd.script', script, **options)) == (False, comment, {})


def test_script_that_is_not_there(host):
    assert shown(host.state('cmd.script', 'x', source='/nowhere/x')) == (
        False, "Unable to cache script /nowhere/x from saltenv 'base'", dict(output('', '', 1), cache_error=True))


def test_script_in_test_mode(host, script):
    assert shown(host.state('cmd.script', script, test=True)) == (
        None, "Command '%s' would have been executed" % script, {})
    assert shown(host.state('cmd.script', script, stateful=True, test=True)) == (None, '', {})
    returned = host.state('cmd.script', 'x', source='/nowhere', stateful=[{'test_name': script}], test=True)
    assert returned['name'] == script and returned['comment'] == UNREADABLE


def test_script_that_is_a_template(host, tmp_path):
    pytest.importorskip('jinja2')
    path = tmp_path / 'x.sh'
    path.write_text(u'#!/bin/sh\necho {{ x }} {{ y }}\n')
    assert shown(host.state('cmd.script', 'x', source=str(path), template='jinja', defaults={'x': 1, 'y': 2},
                            context={'x': 'c'})) == (True, "Command 'x' run", output('c 2'))


# ---- call, wait and what is watched

def call(host, name, *args, **kwargs):
    return host.loader.apart({'test': False}).other('states').functions[name](*args, **kwargs)


def test_call(host):
    assert call(host, 'cmd.call', 'x', lambda: None) == {
        'name': 'x', 'result': True, 'changes': {'retval': None}, 'comment': ''}
    assert call(host, 'cmd.call', 'x', '{0}{b}'.format, args=[1], kws={'b': 2}) == {
        'name': 'x', 'result': True, 'changes': {'retval': '12'}, 'comment': '12'}
    assert call(host, 'cmd.call', 'x', lambda: 0)['result'] is False
    assert call(host, 'cmd.call', 'x', lambda: {'result': False, 'comment': 'no'}) == {
        'name': 'x', 'result': False, 'changes': {}, 'comment': 'no'}


@pytest.mark.parametrize('name', ['wait', 'watch', 'wait_script', 'wait_call'])
@pytest.mark.parametrize('stateful', [True, False])
def test_waiting_does_nothing(host, name, stateful):
    options = {'func': len} if name == 'wait_call' else {}
    assert call(host, 'cmd.' + name, 'exit 1', stateful=stateful, **options) == {
        'name': 'exit 1', 'result': True, 'changes': {}, 'comment': ''}


@pytest.mark.parametrize('sfun', ['run', 'wait', 'watch'])
def test_watched_command(host, sfun):
    assert shown(host.state('cmd.mod_watch', 'pwd', sfun=sfun, cwd='/')) == (True, 'Command "pwd" run', output('/'))
    assert shown(host.state('cmd.mod_watch', 'echo x; echo changed=yes', sfun=sfun, stateful=True)) == (
        True, '', dict(output('x'), changed='yes'))


@pytest.mark.parametrize('sfun', ['script', 'wait_script'])
def test_watched_script(host, script, sfun):
    assert shown(host.state('cmd.mod_watch', script, sfun=sfun))[1] == "Command '%s' run" % script


def test_watched_function(host):
    assert call(host, 'cmd.mod_watch', 'x', sfun='wait_call', func=lambda: 'y')['changes'] == {'retval': 'y'}
    assert shown(host.state('cmd.mod_watch', 'x', sfun='call')) == (False, 'cmd.call needs a named parameter func', {})


def test_watched_strangers(host):
    assert shown(host.state('cmd.mod_watch', 'x', sfun='foo')) == (
        False, 'cmd.foo does not work with the watch requisite, please use cmd.wait or cmd.wait_script', {})
    with pytest.raises(KeyError):
        host.state('cmd.mod_watch', 'x')


def test_arguments_are_those_of_the_reference(host):
    spec = compat.getargspec(host.loader.other('states').functions['cmd.run'])
    assert spec.args[:4] == ['name', 'cwd', 'root', 'runas'] and spec.keywords
