"""What the minion does by itself: schedule, mine, beacons, returners, jobs on other minions; with the embedded master."""
from __future__ import absolute_import, division, print_function

import os
import threading

import pytest

from minion import compat
from tests.support import faults, testkeys
from tests.support.liveagent import LiveAgent
from tests.support.waiting import wait_until

KEY = testkeys.private('master')


@pytest.fixture
def master(tmpdir):
    with faults.FaultyMaster(str(tmpdir.join('master')), 3, KEY, auto_accept=True, peer=True,
                             pillar={'role': 'web'}) as made:
        yield made


def agent(tmpdir, master, minion_id='m1', **settings):
    return LiveAgent(tmpdir.join(minion_id), master, minion_id, **settings)


def ask(minion, *words):
    """What the minion alone returns."""
    return minion.call(words[0], list(words[1:]), tgt=minion.minion_id)['return']


def threads():
    return sorted(thread.name for thread in threading.enumerate() if thread.name in ('scheduler', 'beacons'))


def of_schedule(master, name, count=1):
    """Wait for so many returns of a scheduled job."""
    return master.wait(lambda: [load for load in master.returns if load.get('schedule') == name][count - 1:], 10, name)


def test_without_settings_nothing_runs_by_itself(tmpdir, master):
    with agent(tmpdir, master).ready() as minion:
        assert minion.call('test.ping')['return'] is True
        assert threads() == []
        assert minion.call('schedule.list')['return'] == 'schedule: {}\n'
        assert minion.call('beacons.list')['return'] == 'beacons: {}\n'
        assert threads() == []


def test_a_job_of_the_settings_runs_again_and_again(tmpdir, master):
    job = {'function': 'test.echo', 'args': ['x'], 'seconds': 0.2, 'metadata': {'a': 1}}
    quiet = {'function': 'test.ping', 'run_on_start': True, 'return_job': False, 'returner': 'rawfile_json'}
    path = tmpdir.join('returned')
    with agent(tmpdir, master, schedule={'j1': job, 'j2': quiet, 'bad': {'function': 'test.ping', 'cron': 'x'}},
               **{'rawfile_json.filename': str(path)}).ready() as minion:
        load = of_schedule(master, 'j1', 2)[0]
        for name, value in dict(fun='test.echo', fun_args=['x'], arg=['x'], tgt='m1', tgt_type='glob', retcode=0,
                                success=True, metadata={'a': 1}, **{'return': 'x'}).items():
            assert load[name] == value
        assert len(set(load['jid'] for load in master.returns)) == len(master.returns)
        minion.wait_log('schedule: job bad never runs: cron: ')
        wait_until(lambda: path.check() and '"test.ping"' in path.read(), 5, 'the returner')
        assert [load for load in master.returns if load.get('schedule') == 'j2'] == []
        assert threads() == ['scheduler']
    assert threads() == []


def test_changes_hold_at_once_and_over_a_restart(tmpdir, master):
    minion = agent(tmpdir, master)
    with minion.ready():
        made = minion.call('schedule.add', ['j1', {'__kwarg__': True, 'function': 'test.ping', 'seconds': 3600}])
        assert made['return'] == {'changes': {'j1': 'added'}, 'comment': 'Added job: j1 to schedule.', 'result': True}
        assert minion.call('schedule.run_job', ['j1'])['return']['result'] is True
        of_schedule(master, 'j1')
        status = minion.call('schedule.job_status', ['j1'])['return']
        assert (status['_seconds'], status['enabled'], status['maxrunning']) == (3600, True, 1)
        assert minion.call('schedule.disable_job', ['j1'])['return']['changes'] == {'j1': 'disabled'}
    assert os.path.exists(os.path.join(minion.folder, 'conf', 'minion.d', '_schedule.conf'))
    del master.events[:]
    with minion.ready():
        listed = minion.call('schedule.list')['return']
        assert 'j1:' in listed and 'enabled: false' in listed and 'saved: true' in listed
        assert minion.call('schedule.enable_job', ['j1'])['return']['result'] is True
        assert minion.call('schedule.delete', ['j1'])['return']['changes'] == {'j1': 'removed'}
        assert minion.call('schedule.list')['return'] == 'schedule: {}\n'


def test_jobs_of_the_pillar_come_and_go(tmpdir, master):
    master.settings['pillar'] = {'schedule': {'p1': {'function': 'test.ping', 'seconds': 0.2}}}
    with agent(tmpdir, master).ready() as minion:
        of_schedule(master, 'p1')
        assert minion.call('schedule.delete', ['p1'])['return']['comment'] == 'Job p1 is in pillar.'
        master.settings['pillar'] = {}
        minion.call('saltutil.refresh_pillar')
        wait_until(lambda: threads() == [], 5, 'the end of the scheduler')


def test_mine_values_reach_other_minions(tmpdir, master):
    functions = {'test.ping': [], 'hello': [{'mine_function': 'test.echo'}, 'x'], 'bad': [{'mine_function': 'no.such'}],
                 'secret': {'mine_function': 'test.echo', 'text': 's', 'allow_tgt': 'm2'}}
    with agent(tmpdir, master, mine_functions=functions).ready() as first, agent(tmpdir, master, 'm2').ready() as second:
        master.journal.wait_requests('_mine', 1, 10)
        wait_until(lambda: ask(second, 'mine.get', 'm1', 'hello') == {'m1': 'x'}, 5, 'the mine')
        assert ask(second, 'mine.get', '*', 'secret')['m1']['allow_tgt'] == 'm2'
        first.wait_log('mine: bad failed')
        assert ask(first, 'mine.send', 'alias', 'y', {'__kwarg__': True, 'mine_function': 'test.echo'}) is True
        assert ask(second, 'mine.get', '*', 'alias') == {'m1': 'y'}
        assert ask(first, 'mine.valid')['hello'] == {'test.echo': ['x']}
        assert ask(first, 'mine.send', 'no.such') is False
        assert ask(first, 'mine.delete', 'alias') is True
        assert ask(first, 'mine.flush') is True
        assert ask(second, 'mine.get', '*', 'hello') == {}
        assert ask(second, 'mine.update') is None
        assert ask(second, 'publish.publish', 'm1', 'test.echo', ['z']) == {'m1': 'z'}
        assert ask(second, 'publish.full_data', 'm1', 'test.ping') == {'m1': {'ret': True}}
        assert ask(second, 'publish.publish', 'm1', 'publish.publish', 'x') == {}


def test_beacons_fire_events(tmpdir, master):
    plugins = os.path.join(str(tmpdir), 'm1', 'var', 'cache', 'salt', 'minion', 'extmods', 'beacons')
    compat.make_dirs(plugins)
    with open(os.path.join(plugins, 'mtst.py'), 'w') as stream:
        stream.write('def validate(config):\n    return "x" in config[0], "x is needed"\n\n\n'
                     'def beacon(config):\n    return [{"tag": "t", "x": config[0]["x"]}]\n')
    memusage = [{'percent': '0%'}, {'interval': 3600}]
    with agent(tmpdir, master, extension_modules='/var/cache/salt/minion/extmods', beacons={
            'memusage': memusage, 'other': [{'x': 1}, {'beacon_module': 'mtst'}, {'interval': 0.2}],
            'mtst': [{'y': 1}]}).ready() as minion:
        assert 0 < master.wait_event('salt/beacon/m1/memusage/', 10)['data']['memusage'] <= 100
        event = master.wait_event('salt/beacon/m1/other/t', 10)
        assert event['data'] == {'x': 1, 'id': 'm1'}
        minion.wait_log('beacon mtst failed: .*its configuration is refused: x is needed')
        assert minion.call('beacons.disable_beacon', ['other'])['return']['result'] is True
        assert minion.call('beacons.add', ['load', [{'averages': {'1m': [500, 600], '5m': [0, 900], '15m': [0, 900]}}]])[
            'return'] == {'comment': 'Added beacon: load.', 'result': True}
        assert set(master.wait_event('salt/beacon/m1/load/', 10)['data']) == set(['1m', '5m', '15m', 'id'])
        assert minion.call('beacons.add', ['nosuch', [{'a': 1}]])['return'] == {
            'comment': 'Beacon "nosuch" is not available.', 'result': False}
        assert minion.call('beacons.save')['return']['result'] is True
        assert minion.call('beacons.disable')['return']['result'] is True
        wait_until(lambda: threads() == [], 5, 'the end of the beacons')
        assert 'mtst' in minion.call('beacons.list_available')['return']


def test_returns_go_to_returners_and_none_is_lost(tmpdir, master):
    with agent(tmpdir, master, **{'return': 'local_cache,nosuch'}).ready() as minion:
        load = minion.call('test.echo', ['x'], ret='broken')
        assert load['return'] == 'x'
        minion.wait_log("the returner nosuch gets no return: 'nosuch.returner' is not available.")
        minion.wait_log('the returner broken gets no return')
        kept = wait_until(lambda: ask(minion, 'ret.get_jid', 'local_cache', load['jid']), 5, 'the return')
        assert kept['m1']['return'] == 'x'
        assert minion.call('ret.get_minions', ['local_cache'])['return'] == ['m1']
        assert minion.call('ret.get_fun', ['local_cache', 'test.echo'])['return'] == {'m1': 'x'}
        assert load['jid'] in minion.call('ret.get_jids', ['local_cache'])['return']
        assert set(['local', 'local_cache', 'rawfile_json', 'syslog']) <= set(minion.call('sys.list_returners')['return'])


def test_start_events_carry_grains_and_states_are_run_at_the_start(tmpdir, master):
    with agent(tmpdir, master, start_event_grains=['id', 'nosuch'], startup_states='sls', sls_list=['nosuch'],
               grains={'id': 'm1'}).ready():
        event = next(event for event in master.events if event['tag'] == 'salt/minion/m1/start')
        assert event['grains'] == {'id': 'm1'}
        load = of_schedule(master, 'startup_states')[0]
        assert (load['fun'], load['retcode'], load['return']) == (
            'state.sls', 1, ["No matching sls found for 'nosuch' in env 'base'"])
