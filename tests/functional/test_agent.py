"""The whole minion against the embedded master, every generation of the protocol: sign-in, jobs, recovery."""
from __future__ import absolute_import, division, print_function

import os

import pytest

from minion import keys, spares
from tests.support import faults, testkeys
from tests.support.liveagent import LiveAgent
from tests.support.waiting import wait_until

GENERATIONS = (0, 2, 3)
KEY = testkeys.private('master')


@pytest.fixture
def master(tmpdir, request):
    generation = getattr(request, 'param', 3)
    with faults.FaultyMaster(str(tmpdir.join('master')), generation, KEY, auto_accept=True) as made:
        yield made


def agent(tmpdir, master, **settings):
    return LiveAgent(tmpdir.join('minion'), master, **dict({'minimum_auth_version': 0 if master.generation == 0 else 2},
                                                           **settings))


@pytest.mark.parametrize('master', GENERATIONS, indirect=True)
def test_from_start_to_a_return(tmpdir, master):
    minion = agent(tmpdir, master)
    with minion.ready():
        found = minion.call('test.echo', [u'gr\u00fc\u00df dich'])
        assert found['return'] == u'gr\u00fc\u00df dich'
        assert (found['retcode'], found['success'], found['fun_args'], found['id']) == (
            0, True, [u'gr\u00fc\u00df dich'], 'm1')
        assert found['user'] == 'root'
        assert 'protocol version %d' % master.generation in minion.text()
    assert minion.exit_code == 0
    assert [event['tag'] for event in master.events][:2] == ['minion_start', 'salt/minion/m1/start']
    assert master.events[0]['data'].startswith('Minion m1 started at ')
    assert os.listdir(os.path.join(minion.cache, 'spool')) == os.listdir(os.path.join(minion.cache, 'proc')) == []


def test_the_files_of_the_next_job_are_made_before_it_comes(tmpdir, master):
    with agent(tmpdir, master).ready() as minion:
        folder = os.path.join(minion.cache, 'jobs', 'spare')
        for _ in range(3):
            assert minion.call('test.ping')['return'] is True
            wait_until(lambda: len(os.listdir(folder)) >= spares.STOCK, 10, lambda: 'spare files: %s' % os.listdir(folder))
        assert len(os.listdir(os.path.join(minion.cache, 'jobs', 'returned'))) == 3


def test_the_legacy_start_event_can_be_switched_off(tmpdir, master):
    with agent(tmpdir, master, enable_legacy_startup_events=False).ready():
        assert [event['tag'] for event in master.events] == ['salt/minion/m1/start']


@pytest.mark.parametrize('master', GENERATIONS, indirect=True)
def test_aes_rotation_and_master_restart(tmpdir, master):
    with agent(tmpdir, master).ready() as minion:
        for disturb in (master.rotate_aes, master.restart, master.rotate_aes):
            known = len(master.journal.subscriptions)
            disturb()
            if disturb == master.restart:
                master.journal.wait_subscriptions(known + 1, 10)
            assert minion.call('test.ping')['return'] is True
    assert master.requests['_auth'] == 4              # one sign-in for each new key, no more


def test_a_job_of_several_functions_and_metadata(tmpdir, master):
    with agent(tmpdir, master).ready() as minion:
        found = minion.call(['test.ping', 'test.echo', 'no.such'], [[], ['x'], []], metadata={'ticket': 7})
        assert found['return']['test.ping'] is True and found['return']['test.echo'] == 'x'
        assert found['success'] == {'test.ping': True, 'test.echo': True, 'no.such': False}
        assert found['metadata'] == {'ticket': 7}
        assert found['fun'] == ['test.ping', 'test.echo', 'no.such'] and found['fun_args'] == [[], ['x'], []]


def test_a_large_return_comes_whole(tmpdir, master):
    text = 'x' * (5 << 20)
    with agent(tmpdir, master).ready() as minion:
        assert minion.call('test.echo', [text], seconds=30)['return'] == text


@pytest.mark.parametrize('filtering', [(False, False), (True, False), (True, True)])
def test_filtering_both_ways(tmpdir, filtering):
    on_master, on_minion = filtering
    with faults.FaultyMaster(str(tmpdir.join('master')), 3, KEY, auto_accept=True, zmq_filtering=on_master) as master:
        with agent(tmpdir, master, zmq_filtering=on_minion).ready() as minion:
            assert minion.call('test.ping', tgt='m1')['return'] is True
            assert minion.call('test.ping', tgt=['m1', 'other'], tgt_type='list')['return'] is True
            assert minion.call('test.ping', tgt='* and not other', tgt_type='compound')['return'] is True


def test_jobs_for_others_are_not_run(tmpdir, master):
    with agent(tmpdir, master).ready() as minion:
        for more in ({'tgt': 'other*'}, {'tgt': ['m2'], 'tgt_type': 'list'}, {'tgt': 'os:NoSuch', 'tgt_type': 'grain'},
                     {'tgt': 'm1', 'tgt_type': 'nosuchtype'}, {'tgt': '((', 'tgt_type': 'compound'}):
            master.publish('test.ping', [], **more)
        assert minion.call('test.ping')['return'] is True
        assert len(master.returns) == 1


def test_twenty_sleeps_run_side_by_side(tmpdir, master):
    with agent(tmpdir, master).ready() as minion:
        jids = [master.publish('test.sleep', [1]) for _ in range(20)]
        assert minion.call('test.ping', seconds=5)['return'] is True
        for jid in jids:
            assert master.wait_return(jid, 'm1', 5)['return'] is True


def test_the_quick_lane_answers_while_all_executors_are_busy(tmpdir, master):
    with agent(tmpdir, master, process_count_max=2, stop_timeout=0.2).ready() as minion:
        busy = [master.publish('test.sleep', [60]) for _ in range(4)]
        wait_until(lambda: len(minion.agent._running) == 2, 10, 'two running jobs')
        assert minion.call('test.ping')['return'] is True
        found = minion.call('saltutil.find_job', [busy[0]])['return']
        assert (found['jid'], found['fun']) == (busy[0], 'test.sleep')
        assert sorted(job['jid'] for job in minion.call('saltutil.running')['return']) == busy[:2]
        assert minion.call('saltutil.kill_job', [busy[0]])['return'].startswith('Signal 9 sent to job ' + busy[0])
        ended = master.wait_return(busy[0], 'm1', 10)
        assert ended['success'] is False
        assert 'interrupted by signal 9' in ended['return']
    for jid in busy[1:]:                                # what still ran or waited has a truthful end, too
        assert master.wait_return(jid, 'm1', 1)['success'] is False


def test_a_master_that_is_away_at_start(tmpdir, master):
    master.stop()
    with agent(tmpdir, master, auth_timeout=0.3) as minion:
        minion.wait_log('ERROR master 127.0.0.1: no answer from tcp://127.0.0.1')
        master.start()
        minion.wait_ready()
        assert minion.call('test.ping')['return'] is True


def test_pending_then_accepted(tmpdir, master):
    master.auto_accept = False
    with agent(tmpdir, master) as minion:
        mine = keys.fingerprint(testkeys.private('minion').public.pem, 'sha256')
        minion.wait_log('waits for an operator.*%s.*salt-key -a m1' % mine)
        master.accept('m1')
        minion.wait_ready()
        assert minion.call('test.ping')['return'] is True


def test_rejected_deleted_accepted_without_restart(tmpdir, master):
    with agent(tmpdir, master).ready() as minion:
        master.auto_accept = False
        master.reject('m1')
        master.rotate_aes()
        master.publish('test.ping', [])
        minion.wait_log('ERROR .*rejected this minion\'s key')
        master.delete('m1')
        minion.wait_log('WARNING .*waits for an operator')
        master.accept('m1')
        minion.wait_log('signed in, listening', after=minion.mark() - 1)
        assert minion.call('test.ping')['return'] is True


def test_an_explicit_rejected_retry_false_ends_with_77_on_a_signed_rejection(tmpdir, master):
    with agent(tmpdir, master).ready():
        pass
    master.reject('m1')
    minion = agent(tmpdir, master, rejected_retry=False)
    with minion:
        wait_until(lambda: not minion.alive(), 10, 'its end')
    assert minion.error.exit_code == 77


def test_keys_lost_on_the_master_are_met_by_signing_in_again(tmpdir, master):
    with agent(tmpdir, master).ready() as minion:
        master.delete('m1')                            # generation 3 refuses our requests from now on
        assert minion.call('test.ping')['return'] is True
        assert 'bad load' in minion.text()


def test_full_then_room(tmpdir, master):
    fault = master.add(faults.verdict('full', times=2))
    with agent(tmpdir, master) as minion:
        minion.wait_ready()
    assert fault.acted == 2 and 'max_minions' in minion.text()


def test_no_idle_executors_and_exit(tmpdir, master):
    import threading
    with agent(tmpdir, master).ready() as minion:
        minion.call('test.ping')
        names = {'agent', 'subscriber', 'returner', 'embedded-master', 'MainThread'}
        wait_until(lambda: {thread.name for thread in threading.enumerate()} <= names, 10, 'an idle minion\'s threads')
