"""Several masters at once, one of several, masters that a function names, and none: against embedded masters."""
from __future__ import absolute_import, division, print_function

import json
import os

import pytest

from minion import agent as agents, compat, errors, status
from tests.support import faults, testkeys
from tests.support.liveagent import LiveAgent
from tests.support.names import FakeNames
from tests.support.waiting import wait_until

KEY, OTHER = testkeys.private('master'), testkeys.private('other')
ALIVE = 1                                            # seconds; master_alive_interval
START = 'salt/minion/m1/start'


class Pair(object):
    """Two masters with one key pair, as several masters of a minion need them; `first` and `second`."""

    def __init__(self, folder, generation, second_key=KEY):
        self.generation = generation
        self.first = faults.FaultyMaster(os.path.join(folder, 'first'), generation, KEY, auto_accept=True)
        self.second = faults.FaultyMaster(os.path.join(folder, 'second'), generation, second_key, auto_accept=True)

    def __enter__(self):
        for each in (self.first, self.second):       # once, so that the ports are known
            each.start()
        return self

    def __exit__(self, *error):
        for each in (self.first, self.second):
            each.stop()

    def addresses(self):
        """What stands in the setting `master`."""
        return ['127.0.0.1:%d' % each.ret_port for each in (self.first, self.second)]


@pytest.fixture(params=[0, 3], ids=['generation 0', 'generation 3'])
def pair(tmpdir, request):
    with Pair(str(tmpdir), request.param) as made:
        yield made


def agent(tmpdir, pair, **settings):
    lowest = 0 if pair.generation == 0 else 2
    return LiveAgent(tmpdir.join('minion'), pair.first, **dict({
        'master': pair.addresses(), 'minimum_auth_version': lowest, 'auth_timeout': 1}, **settings))


def failover(tmpdir, pair, **settings):
    return agent(tmpdir, pair, **dict({'master_type': 'failover', 'master_alive_interval': ALIVE}, **settings))


def started(master, count=1, seconds=20):
    """Wait until the minion has told this master `count` times that it is up."""
    master.wait(lambda: sum(event['tag'] == START for event in master.events) >= count, seconds, '%d start events' % count)


def ping(master, seconds=10, **more):
    """Publish a test.ping and wait for its return; the jid."""
    jid = master.publish('test.ping', [], **more)
    assert master.wait_return(jid, 'm1', seconds)['return'] is True
    return jid


def seen_by_modules(master):
    """What a job of this master finds in grains and settings."""
    jids = [master.publish(fun, [name]) for fun, name in (
        ('grains.get', 'master'), ('config.get', 'master'), ('config.get', 'master_port'), ('config.get', 'master_list'))]
    return [master.wait_return(jid, 'm1', 10)['return'] for jid in jids]


def runs(path):
    """What the jobs of a test wrote to their file."""
    return path.read().split() if path.check() else []


# ---- a list: all of them at once

def test_each_master_of_a_list_gets_the_returns_of_its_own_jobs(tmpdir, pair):
    with agent(tmpdir, pair) as minion:
        for master in (pair.first, pair.second):
            started(master)
        jids = [ping(master) for master in (pair.first, pair.second, pair.first)]
        assert [load['jid'] for load in pair.first.returns] == [jids[0], jids[2]]
        assert [load['jid'] for load in pair.second.returns] == [jids[1]]
        with open(status.path(minion.agent._config['pidfile'])) as stream:
            assert [one['master'] for one in json.load(stream)['masters']] == pair.addresses()


@pytest.mark.parametrize('when', ['while it runs', 'after its end'])
def test_a_job_that_two_masters_publish_runs_once_and_both_get_its_return(tmpdir, pair, when):
    path = tmpdir.join('ran')
    with agent(tmpdir, pair) as minion:
        for master in (pair.first, pair.second):
            started(master)
        hold = tmpdir.join('hold').ensure()
        arg = ['echo once >> %s; while test -e %s; do sleep 0.1; done; echo done' % (path, hold)]
        jid = pair.first.publish('cmd.run', arg)
        wait_until(lambda: runs(path), 10, 'the job to begin')
        if when == 'after its end':
            hold.remove()
            pair.first.wait_return(jid, 'm1', 10)
            pair.second.publish('cmd.run', arg, jid=jid)
        else:
            pair.second.publish('cmd.run', arg, jid=jid)
            minion.wait_log('is asked for by %s too' % pair.addresses()[1])
            hold.remove()
        for master in (pair.first, pair.second):
            load = master.wait_return(jid, 'm1', 10)
            assert (load['return'], load['retcode'], load['success']) == ('done', 0, True)
            ping(master)
            assert sum(found['jid'] == jid for found in master.returns) == 1
    assert runs(path) == ['once']


def test_a_master_that_is_absent_at_start_joins_later(tmpdir, pair):
    pair.first.stop()
    with agent(tmpdir, pair, auth_timeout=0.3) as minion:
        started(pair.second)
        ping(pair.second)
        assert pair.second.requests['_auth'] == 1
        minion.wait_log('ERROR master %s: no answer' % pair.addresses()[0])
        pair.first.start()
        started(pair.first)
        ping(pair.first)
        ping(pair.second)


def test_a_master_with_another_key_does_not_block_the_others(tmpdir):
    with Pair(str(tmpdir), 3, OTHER) as pair:
        pair.second.stop()
        with agent(tmpdir, pair) as minion:
            started(pair.first)
            pair.second.start()
            minion.wait_log('ERROR master %s: .*key' % pair.addresses()[1])
            ping(pair.first)
            assert minion.alive() and pair.second.events == [] and pair.second.returns == []
        with open(os.path.join(minion.pki, 'minion_master.pub')) as stream:
            assert stream.read().strip() == KEY.public.pem.strip()


def test_a_master_that_is_long_dead_disturbs_nobody_and_gets_what_it_asked_for(tmpdir, pair):
    path, hold = tmpdir.join('ran'), tmpdir.join('hold').ensure()
    with agent(tmpdir, pair, auth_timeout=0.3, liveness_interval=1) as minion:
        for master in (pair.first, pair.second):
            started(master)
        jid = pair.second.publish('cmd.run', ['echo once >> %s; while test -e %s; do sleep 0.1; done' % (path, hold)])
        wait_until(lambda: runs(path), 10, 'the job to begin')
        pair.second.stop()
        hold.remove()
        minion.wait_log('ERROR master %s: no answer' % pair.addresses()[1], 20)
        asked = pair.first.requests['_auth']
        for _ in range(20):
            ping(pair.first)
        assert pair.first.requests['_auth'] == asked
        known = len(pair.second.journal.subscriptions)
        pair.second.start()
        pair.second.journal.wait_subscriptions(known + 1, 20)
        assert pair.second.wait_return(jid, 'm1', 20)['success'] is True
        assert runs(path) == ['once']
        ping(pair.second, 20)


def test_masters_with_keys_of_their_own_that_one_key_has_signed(tmpdir):
    """`master_sign_pubkey` there, `verify_master_pubkey_sign` here."""
    sign = testkeys.private('sign')
    with Pair(str(tmpdir), 3, OTHER) as pair:
        for master in (pair.first, pair.second):
            master.stop()
        made = [faults.FaultyMaster(str(tmpdir.join(name)), 3, key, auto_accept=True, master_sign_pubkey=sign)
                for name, key in (('signed-1', KEY), ('signed-2', OTHER))]
        pair.first, pair.second = made
        with made[0], made[1]:
            minion = failover(tmpdir, pair, verify_master_pubkey_sign=True)
            with open(os.path.join(minion.pki, 'master_sign.pub'), 'wb') as stream:
                stream.write(compat.to_bytes(sign.public.pem))
            with minion:
                started(pair.first)
                ping(pair.first)
                pair.first.stop()
                started(pair.second, seconds=ALIVE + 10)
                ping(pair.second)
            pair.first.start()


# ---- failover: one of them

def test_failover_takes_the_first_that_answers(tmpdir, pair):
    pair.first.stop()
    with failover(tmpdir, pair, auth_timeout=0.3) as minion:
        started(pair.second)
        ping(pair.second)
        pair.first.start()
        minion.wait_log('ERROR master %s: no answer' % pair.addresses()[0])
        ping(pair.second)
        assert pair.first.requests['_auth'] == 0       # without master_failback nobody goes back


def test_failover_from_a_master_that_dies_and_on_from_the_next(tmpdir, pair):
    with failover(tmpdir, pair) as minion:
        started(pair.first)
        ping(pair.first)
        assert seen_by_modules(pair.first) == ['127.0.0.1', '127.0.0.1', pair.first.ret_port, pair.addresses()]
        pair.first.stop()
        started(pair.second, seconds=ALIVE + 10)
        ping(pair.second)
        assert seen_by_modules(pair.second) == ['127.0.0.1', '127.0.0.1', pair.second.ret_port, pair.addresses()]
        pair.first.start()
        pair.second.stop()
        started(pair.first, 2, seconds=ALIVE + 10)
        ping(pair.first)
        assert 'another master' not in minion.text() and minion.alive()


def test_failover_delivers_what_the_dead_master_asked_for_to_the_next(tmpdir, pair):
    """Both have the same key and, where it matters, a job cache in common."""
    path, hold = tmpdir.join('ran'), tmpdir.join('hold').ensure()
    with failover(tmpdir, pair):
        started(pair.first)
        jid = pair.first.publish('cmd.run', ['echo once >> %s; while test -e %s; do sleep 0.1; done' % (path, hold)])
        wait_until(lambda: runs(path), 10, 'the job to begin')
        pair.first.stop()
        started(pair.second, seconds=ALIVE + 10)
        hold.remove()
        assert pair.second.wait_return(jid, 'm1', 20)['success'] is True
        assert runs(path) == ['once']


def test_failback_to_the_first_master(tmpdir, pair):
    pair.first.stop()
    with failover(tmpdir, pair, auth_timeout=0.3, master_failback=True, master_failback_interval=1) as minion:
        started(pair.second)
        ping(pair.second)
        pair.first.start()
        started(pair.first, seconds=15)
        ping(pair.first)
        minion.wait_log('the first master answers again')


def test_all_masters_away_for_a_while(tmpdir, pair):
    with failover(tmpdir, pair, auth_timeout=0.3) as minion:
        started(pair.first)
        for master in (pair.first, pair.second):
            master.stop()
        for address in pair.addresses():
            minion.wait_log('ERROR master %s: no answer' % address, 20)
        assert minion.alive()
        pair.second.start()
        started(pair.second)
        ping(pair.second)


def test_failover_passes_by_a_name_that_does_not_resolve_and_a_wrong_key(tmpdir):
    with Pair(str(tmpdir), 3, OTHER) as pair:
        with agent(tmpdir, pair, master=pair.addresses()[0]).ready():
            pass                                       # its key is pinned
        pair.first.events[:] = []
        names = ['no-such-host', pair.addresses()[1], pair.addresses()[0]]
        minion = LiveAgent(tmpdir.join('minion'), pair.first, master=names, master_type='failover', retry_dns=30,
                           lookup=FakeNames(**{'127.0.0.1': ['127.0.0.1']}))
        with minion:
            started(pair.first)
            assert 'no-such-host: ' in minion.text() and 'cannot be resolved' in minion.text()
            assert 'key has changed' in minion.text()
            ping(pair.first)


@pytest.mark.parametrize('setting', ['random_master', 'master_shuffle'])
def test_a_random_order(tmpdir, pair, setting, monkeypatch):
    monkeypatch.setattr(agents.master_groups, '__defaults__', (lambda masters: masters.reverse(),))
    with failover(tmpdir, pair, **{setting: True}):
        started(pair.second)
        ping(pair.second)
        assert pair.first.requests['_auth'] == 0


def test_a_random_order_leaves_the_first_with_failback(tmpdir, pair, monkeypatch):
    monkeypatch.setattr(agents.master_groups, '__defaults__', (lambda masters: masters.reverse(),))
    with failover(tmpdir, pair, random_master=True, master_failback=True):
        started(pair.first)
        ping(pair.first)


def test_master_tries_ends_with_69(tmpdir, pair):
    for master in (pair.first, pair.second):
        master.stop()
    with failover(tmpdir, pair, auth_timeout=0.2, acceptance_wait_time=0.1, master_tries=2) as minion:
        wait_until(lambda: not minion.alive(), 20, 'its end')
    assert isinstance(minion.error, errors.MasterUnusable) and minion.error.exit_code == 69
    assert 'tried 2 times (master_tries)' in str(minion.error)


def test_retry_dns_until_the_name_is_known(tmpdir, pair):
    names = FakeNames()
    minion = agent(tmpdir, pair, master='salt.example', retry_dns=0.2)
    minion = LiveAgent(tmpdir.join('minion'), pair.first, lookup=names, **minion.settings)
    with minion:
        minion.wait_log('ERROR master salt.example: .*cannot be resolved')
        names.addresses['salt.example'] = ['127.0.0.1']
        started(pair.first)
        ping(pair.first)


def test_retry_dns_0_asks_this_host(tmpdir, pair):
    minion = agent(tmpdir, pair, master='salt.example', retry_dns=0)
    with LiveAgent(tmpdir.join('minion'), pair.first, lookup=FakeNames(), **minion.settings):
        started(pair.first)
        ping(pair.first)


# ---- func, disable

MODULE = '''
def masters():
    """The addresses."""
    return %r
'''


@pytest.mark.parametrize('several', [False, True], ids=['text', 'list'])
def test_a_function_names_the_masters(tmpdir, pair, several):
    folder = tmpdir.join('own').ensure(dir=True)
    found = pair.addresses() if several else pair.addresses()[1]
    folder.join('findmaster.py').write(MODULE % (found,))
    with agent(tmpdir, pair, master='findmaster.masters', master_type='func', module_dirs=[str(folder)]):
        started(pair.first if several else pair.second)
        ping(pair.first if several else pair.second)


@pytest.mark.parametrize('content, words', [
    (None, "'findmaster.masters' is not available"), (MODULE % ([],), 'needs the address of a master'),
    ('def masters():\n    raise ValueError("no idea")\n', 'findmaster.masters failed: ValueError: no idea'),
    (MODULE % (7,), 'needs the address of a master'),
], ids=['absent', 'empty', 'broken', 'number'])
def test_a_function_that_names_none(tmpdir, pair, content, words):
    folder = tmpdir.join('own').ensure(dir=True)
    if content is not None:
        folder.join('findmaster.py').write(content)
    with agent(tmpdir, pair, master='findmaster.masters', master_type='func', module_dirs=[str(folder)]) as minion:
        wait_until(lambda: not minion.alive(), 10, 'its end')
    assert isinstance(minion.error, errors.ConfigError) and minion.error.exit_code == 78
    assert words in str(minion.error)


def test_disable_contacts_nobody_and_ends_on_request(tmpdir, pair):
    with agent(tmpdir, pair, master_type='disable') as minion:
        minion.wait_log('no master is contacted')
        with open(status.path(minion.agent._config['pidfile'])) as stream:
            assert json.load(stream)['state'] == 'without master'
    assert minion.exit_code == 0
    assert pair.first.requests['_auth'] == pair.second.requests['_auth'] == 0
