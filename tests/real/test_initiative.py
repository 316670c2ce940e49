"""What a minion does by itself, and `minion call`, with a real master: schedule, mine, peer jobs, returns and events."""
from __future__ import absolute_import, division, print_function

import json
import os
import shutil
import subprocess
import tempfile

import pytest

from minion import compat
from tests.real.conftest import MASTERS, PYTHONS, ROOT
from tests.support import realmaster
from tests.support.minionprocess import MinionProcess
from tests.support.waiting import wait_until

PROGRAM = (PYTHONS[0][1] if PYTHONS else '', os.path.join(ROOT, 'bin', 'minion'))
SETTINGS = {'peer': {'.*': ['test.*']}, 'peer_run': {'.*': ['test.arg']}}


@pytest.fixture(scope='module', params=MASTERS)
def pair(request):
    """(master, two minions): the first has a schedule and mine functions."""
    folder = tempfile.mkdtemp(prefix='initiative-')
    more = {'minimum_auth_version': 0} if realmaster.generation(request.param) == 0 else {}
    master = realmaster.RealMaster(request.param, SETTINGS)
    made = []
    try:
        master.start()
        made.append(MinionProcess(
            os.path.join(folder, 'a'), master, 'own-a', PROGRAM, mine_functions={'test.ping': [], 'hello': [
                {'mine_function': 'test.echo'}, 'x']}, schedule={'often': {'function': 'test.echo', 'args': ['tick'],
                                                                           'seconds': 2}}, **more).start())
        made.append(MinionProcess(os.path.join(folder, 'b'), master, 'own-b', PROGRAM, **more).start())
        for one in made:
            master.wait_for_key(one.minion_id, seconds=90)
        master.salt_key('-a', 'own-*')
        wait_until(lambda: master.salt('own-*', 'test.ping', timeout=5) == {'own-a': True, 'own-b': True}, 90,
                   lambda: '\n'.join(one.tail() for one in made))
        yield master, made
    finally:
        for one in made:
            one.__exit__(None, None, None)
        master.stop()
        shutil.rmtree(folder)


def test_the_schedule_fires_and_its_returns_arrive(pair):
    master, (first, _) = pair

    def kept():
        """Does the master have a return of one of the first jobs that the schedule ran?"""
        lines = [line for line in first.text().splitlines() if 'done, retcode 0' in line and ' job ' in line]
        jids = [line.split(' job ')[1].split()[0] for line in lines[:3]]
        return [jid for jid in jids if (master.cached(jid).get('own-a') or {}).get('ret') == 'tick']
    found = wait_until(kept, 60, first.tail, pause=1.0)
    assert found


def test_changes_of_the_schedule(pair):
    master, _ = pair
    added = master.salt('own-b', 'schedule.add', 'job1', 'function=test.ping', 'seconds=3600')
    assert added['own-b']['result'] is True
    assert 'job1' in master.salt('own-b', 'schedule.list')['own-b']
    assert master.salt('own-b', 'schedule.delete', 'job1')['own-b']['comment'] == 'Deleted Job job1 from schedule.'


def test_the_mine_of_another_minion(pair):
    master, _ = pair
    wait_until(lambda: master.salt('own-b', 'mine.get', 'own-a', 'hello') == {'own-b': {'own-a': 'x'}}, 30, 'the mine')
    assert master.salt('own-b', 'mine.get', 'own-*', 'test.ping') == {'own-b': {'own-a': True}}


def test_jobs_for_other_minions(pair):
    master, _ = pair
    assert master.salt('own-b', 'publish.publish', 'own-a', 'test.echo', 'z') == {'own-b': {'own-a': 'z'}}
    full = master.salt('own-b', 'publish.full_data', 'own-a', 'test.ping')
    assert full['own-b']['own-a']['ret'] is True
    assert master.salt('own-b', 'publish.publish', 'own-a', 'cmd.run', 'id') == {'own-b': {}}        # not in `peer`


def test_a_call_returns_to_the_master(pair):
    master, (_, second) = pair
    out = subprocess.check_output(list(PROGRAM) + ['call', '-c', os.path.join(second.folder, 'conf'), '--out=json',
                                                   '--metadata', 'test.echo', 'by hand'])
    shown = json.loads(compat.to_text(out))['local']
    assert shown['return'] == 'by hand'
    wait_until(lambda: (master.jobs_lookup(shown['jid']) or {}).get('own-b') == 'by hand', 30, 'the return', pause=1.0)
