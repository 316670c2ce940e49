"""`minion call` with a master: signed in with the host's keys, its pillar, files and events, its return on the bus."""
from __future__ import absolute_import, division, print_function

import json
import subprocess

import pytest

from minion import compat, payload
from tests.support import faults, testkeys
from tests.support.minionprocess import PROGRAM, MinionProcess

KEY = testkeys.private('master')


@pytest.fixture
def master(tmpdir, request):
    with faults.FaultyMaster(str(tmpdir.join('master')), getattr(request, 'param', 3), KEY,
                             pillar={'role': 'web'}) as made:
        yield made


def call(tmpdir, master, *given, **settings):
    """(exit code, stdout, stderr) of a call on a host of its own."""
    host = MinionProcess(str(tmpdir.join('host')), master, 'm1', key=testkeys.path('minion'), auth_tries=1, auth_timeout=2,
                         log_level='warning', enable_gpu_grains=False, minimum_auth_version=0, **settings)
    host.write_config()
    process = subprocess.Popen(list(PROGRAM) + ['call', '-c', str(tmpdir.join('host', 'conf'))] + list(given),
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE, close_fds=True)
    out, err = process.communicate()
    return process.returncode, compat.to_native(out), compat.to_native(err)


@pytest.mark.parametrize('master', (0, 2, 3), indirect=True)
def test_a_call_has_pillar_and_returns_to_the_master(tmpdir, master):
    master.auto_accept = True
    assert call(tmpdir, master, 'config.get', 'role')[:2] == (0, 'local:\n    web\n')
    code, out, err = call(tmpdir, master, '--out=json', '--metadata', '--set-metadata', '{why: test}', 'test.retcode', '3')
    assert code == 1, err
    shown = json.loads(out)['local']
    sent = master.wait_return(shown['jid'], 'm1', 5)
    assert (sent['fun'], sent['fun_args'], sent['return'], sent['retcode'], sent['success'], sent['metadata']) == (
        'test.retcode', ['3'], True, 3, False, {'why': 'test'})


def test_events_of_a_call_reach_the_master(tmpdir, master):
    master.auto_accept = True
    assert call(tmpdir, master, 'event.send', 'my/tag', '{a: 1}')[:2] == (0, 'local:\n    True\n')
    event = master.wait_event('my/tag', 5)
    assert (event['data']['a'], event['id']) == (1, 'm1')


def test_the_return_of_a_call_is_kept(tmpdir, master):
    code, out, err = call(tmpdir, master, '--local', '--out=json', '--metadata', 'test.echo', 'x', cache_jobs=True)
    assert code == 0, err
    kept = tmpdir.join('host', 'cache', 'minion_jobs', json.loads(out)['local']['jid'], 'return.p')
    found = payload.to_text_tree(payload.unpack(kept.read('rb')))
    assert dict((name, found[name]) for name in ('fun', 'fun_args', 'id', 'retcode', 'return')) == {
        'fun': 'test.echo', 'fun_args': ['x'], 'id': 'm1', 'retcode': 0, 'return': 'x'}


def test_nothing_is_returned_where_that_is_not_wanted(tmpdir, master):
    master.auto_accept = True
    assert call(tmpdir, master, '--no-return-event', 'test.ping')[0] == 0
    assert call(tmpdir, master, '--local', 'test.ping')[0] == 0
    assert master.returns == []


def test_without_a_sign_in_the_exit_code_is_2(tmpdir, master):
    code, out, err = call(tmpdir, master, 'test.ping')
    assert (code, out) == (2, '')
    assert 'Minion failed to authenticate with the master, has the minion key been accepted?' in err
    assert 'salt-key -a m1' in err


def test_a_master_that_takes_no_return_is_told(tmpdir, master):
    master.auto_accept = True
    master.add(faults.Drop(command='_return', times=9))
    code, out, err = call(tmpdir, master, 'test.ping', request_channel_timeout=1)
    assert (code, out) == (0, 'local:\n    True\n')
    assert 'the return could not be sent to the master' in err


def test_files_of_the_master_and_of_this_host(tmpdir, master):
    master.auto_accept = True
    tmpdir.ensure('master', 'files', 'a').write('of the master')
    tmpdir.ensure('local', 'a').write('of this host')
    target = str(tmpdir.join('out'))
    for words, expected in ((('cp.get_file', 'salt://a', target), 'of the master'),
                            (('--local', 'cp.get_file', 'salt://a', target), 'of this host')):
        code, out, err = call(tmpdir, master, '--out=json', *words, file_roots={'base': [str(tmpdir.join('local'))]})
        assert code == 0, err
        assert json.loads(out) == {'local': target}
        assert tmpdir.join('out').read() == expected
