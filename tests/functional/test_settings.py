"""Settings that change what goes over the wire, with the embedded master."""
from __future__ import absolute_import, division, print_function

import os

import pytest

from minion import payload
from tests.support import faults, testkeys
from tests.support.liveagent import LiveAgent
from tests.support.waiting import wait_until

KEY = testkeys.private('master')


@pytest.fixture
def accepts():
    return True


@pytest.fixture
def master(tmpdir, accepts):
    with faults.FaultyMaster(str(tmpdir.join('master')), 3, KEY, auto_accept=accepts) as made:
        yield made


def agent(tmpdir, master, minion_id='m1', **settings):
    return LiveAgent(tmpdir.join(minion_id), master, minion_id, **settings)


def test_returns_are_kept_and_found_again(tmpdir, master):
    with agent(tmpdir, master, cache_jobs=True).ready() as minion:
        load = minion.call('test.echo', ['x'])
        path = os.path.join(minion.cache, 'minion_jobs', load['jid'], 'return.p')
        with open(path, 'rb') as stream:
            assert payload.to_text_tree(payload.unpack(stream.read()))['return'] == 'x'
        found = minion.call('saltutil.find_cached_job', [load['jid']])['return']
        assert (found['fun'], found['fun_args'], found['return'], found['retcode']) == ('test.echo', ['x'], 'x', 0)


def test_without_pub_ret_jobs_run_and_nothing_returns(tmpdir, master):
    with agent(tmpdir, master, pub_ret=False, cache_jobs=True).ready() as minion:
        jid = master.publish('event.send', ['my/tag', {'a': 1}])
        assert master.wait_event('my/tag', 10)['data']['a'] == 1
        path = os.path.join(minion.cache, 'minion_jobs', jid, 'return.p')
        wait_until(lambda: os.path.exists(path), 10, 'the kept return')
        minion.wait_log('job %s done' % jid)
    assert master.returns == []                      # all that was to be sent was sent when the minion stopped


def test_a_large_event_is_trimmed_and_a_large_return_is_not(tmpdir, master):
    with agent(tmpdir, master, max_event_size=2048).ready() as minion:
        assert minion.call('event.send', ['my/tag', {'big': 'x' * 5000, 'small': 1}])['return'] is True
        data = master.wait_event('my/tag', 10)['data']
        assert (data['big'], data['small']) == ('VALUE_TRIMMED', 1)
        assert minion.call('test.echo', ['y' * 5000])['return'] == 'y' * 5000


def test_grains_are_new_before_each_job(tmpdir, master):
    plugins = tmpdir.mkdir('grains')
    plugins.join('counting.py').write('import os\n\n\ndef count():\n    with open(%r, "a+") as stream:\n'
                                      '        stream.write("x")\n        stream.seek(0)\n'
                                      '        return {"count": len(stream.read())}\n' % str(tmpdir.join('count')))
    with agent(tmpdir, master, grains_dirs=[str(plugins)], grains_refresh_pre_exec=True).ready() as minion:
        first = minion.call('grains.get', ['count'])['return']
        assert minion.call('grains.get', ['count'])['return'] == first + 1


def test_a_request_without_an_answer_is_sent_again(tmpdir, master):
    with agent(tmpdir, master, request_channel_timeout=0.3, request_channel_tries=3).ready() as minion:
        master.add(faults.Drop('answer', '_file_envs', times=2))
        assert minion.call('cp.envs')['return'] == ['base']
        assert master.requests['_file_envs'] == 3


def test_events_and_returns_are_signed(tmpdir, master):
    with agent(tmpdir, master, minion_sign_messages=True).ready() as minion:
        assert minion.call('test.ping')['sig'] and master.wait_event('salt/minion/m1/start', 10)['sig']


@pytest.mark.parametrize('accepts', [False])
def test_schedule_and_beacons_begin_before_the_first_sign_in(tmpdir, master):
    job = {'function': 'test.echo', 'args': ['early'], 'seconds': 3600, 'run_on_start': True}
    with agent(tmpdir, master, scheduler_before_connect=True, beacons_before_connect=True, schedule={'j1': job},
               mine_functions={'test.ping': []}, beacons={'memusage': [{'percent': 0}, {'interval': 3600}]}) as minion:
        minion.wait_log('schedule: job j1 starts')
        minion.wait_log('the key waits|key pending|waits for')
        wait_until(lambda: sum(len(way.spool) for way in minion.agent._links) >= 2, 10, 'what waits for a master')
        assert '__mine_interval' not in minion.text() and master.returns == []
        master.accept('m1')
        assert master.wait_event('salt/beacon/m1/memusage/', 20)['data']['id'] == 'm1'
        assert master.wait(lambda: [load for load in master.returns if load.get('schedule') == 'j1'], 20, 'j1')[0][
            'return'] == 'early'
        minion.wait_log('job __mine_interval starts')
        assert minion.call('test.ping')['return'] is True
