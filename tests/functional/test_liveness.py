"""Connections that die without a word: found, made anew, and no sign-in that nobody needs."""
from __future__ import absolute_import, division, print_function

import socket
from contextlib import contextmanager

import pytest

from minion import compat, errors
from tests.support import faults, testkeys
from tests.support.liveagent import LiveAgent
from tests.support.names import FakeNames
from tests.support.proxy import Proxy
from tests.support.waiting import wait_until

GENERATIONS = (0, 2, 3)
KEY = testkeys.private('master')
INTERVAL = 3.0                           # seconds of liveness_interval
PORTS = ('4505', '4506', 'both')


@pytest.fixture
def master(tmpdir, request):
    generation = getattr(request, 'param', 3)
    with faults.FaultyMaster(str(tmpdir.join('master')), generation, KEY, auto_accept=True) as made:
        yield made


@pytest.fixture
def relays(master):
    with Proxy(master.publish_port) as publish, Proxy(master.ret_port) as request:
        yield {'4505': publish, '4506': request}


def agent(tmpdir, embedded, **settings):
    values = {'minimum_auth_version': 0 if embedded.generation == 0 else 2, 'liveness_interval': INTERVAL}
    return LiveAgent(tmpdir.join('minion'), embedded, **dict(values, **settings))


def behind(tmpdir, master, relays, **settings):
    return agent(tmpdir, master, master_port=relays['4506'].port, publish_port=relays['4505'].port, **settings)


def chosen(relays, ports):
    return [relay for name, relay in sorted(relays.items()) if ports in (name, 'both')]


def answered(minion, seconds):
    """Publish jobs until one is answered; the seconds that it took.  :raises AssertionError: longer than allowed."""
    start = compat.monotonic()
    while True:
        jid = minion.master.publish('test.ping', [])
        try:
            minion.master.wait_return(jid, minion.minion_id, 0.3)
            return compat.monotonic() - start
        except errors.RequestTimeout:
            took = compat.monotonic() - start
            assert took < seconds, 'no answer for %.1f s\n%s' % (took, minion.text())


# ---- half-open connections

@pytest.mark.parametrize('ports', PORTS)
@pytest.mark.parametrize('master', GENERATIONS, indirect=True)
def test_connections_that_a_firewall_has_forgotten(tmpdir, master, relays, ports):
    with behind(tmpdir, master, relays).ready() as minion:
        for relay in chosen(relays, ports):
            relay.heal()                                   # nothing passes on what stands, new connections work
        answered(minion, 2 * INTERVAL)


@pytest.mark.parametrize('ports', PORTS)
@pytest.mark.parametrize('master', GENERATIONS, indirect=True)
def test_an_outage_without_a_word(tmpdir, master, relays, ports):
    with behind(tmpdir, master, relays).ready() as minion:
        known = dict((relay, relay.accepted) for relay in chosen(relays, ports))
        for relay in known:
            relay.swallow()
        for relay in known:                                # it is noticed: new connections are tried
            relay.wait_accepted(known[relay] + 2, 30)
        during = master.publish('test.ping', [])
        for relay in known:
            relay.heal()
        answered(minion, 2 * INTERVAL)
        if ports == '4506':
            assert master.wait_return(during, 'm1', 2 * INTERVAL)['return'] is True


@pytest.mark.parametrize('master', (0, 3), indirect=True)
def test_a_silent_relay_that_is_replaced(tmpdir, master):
    old = [Proxy(port).__enter__() for port in (master.publish_port, master.ret_port)]
    relays = dict(zip(('4505', '4506'), old))
    try:
        with behind(tmpdir, master, relays).ready() as minion:
            for relay in old:
                known = relay.accepted
                relay.swallow()
                relay.wait_accepted(known + 1, 30)
            for relay in old:
                relay.__exit__(None, None, None)
            with Proxy(master.publish_port, port=old[0].port), Proxy(master.ret_port, port=old[1].port):
                answered(minion, 2 * INTERVAL)
    finally:
        for relay in old:
            relay.__exit__(None, None, None)


def test_a_publish_port_that_speaks_nonsense(tmpdir, master):
    """libzmq gives a connection up for good after what is no ZMTP."""
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(('127.0.0.1', 0))
    listener.listen(8)
    port = listener.getsockname()[1]
    with agent(tmpdir, master, publish_port=port, liveness_interval=1) as minion:
        peer = listener.accept()[0]
        peer.sendall(b'\xff\0\0\0\0\0\0\0\1\x7f\xff' + b'\xff' * 60)
        peer.close()
        listener.close()
        with Proxy(master.publish_port, port=port):
            answered(minion, 20)


# ---- no sign-in without a reason, no storm

@pytest.mark.parametrize('master', GENERATIONS, indirect=True)
def test_an_idle_minion_signs_in_once(tmpdir, master):
    with agent(tmpdir, master, liveness_interval=1).ready() as minion:
        master.journal.wait_requests('_master_opts', 5, 30)
        assert master.requests['_auth'] == 1
        assert 'lost' not in minion.text()
        if master.generation == 3:                         # heartbeats prove the subscription
            assert len(master.journal.subscriptions) == 1
        else:
            assert len(master.journal.subscriptions) > 2


@pytest.mark.parametrize('master', (0, 2), indirect=True)
def test_renewing_a_silent_subscription_loses_and_doubles_nothing(tmpdir, master):
    with agent(tmpdir, master, liveness_interval=1).ready() as minion:
        jids, rounds = [], 0
        while len(master.journal.subscriptions) < 4:
            known = len(master.journal.subscriptions)
            master.journal.wait_subscriptions(known + 1, 10)       # both connections stand: jobs come over both
            jids += [master.publish('test.echo', [rounds]) for _ in range(5)]
            rounds += 1
        for jid in jids:
            master.wait_return(jid, 'm1', 10)
        assert sorted(load['jid'] for load in master.returns) == sorted(jids)
        assert master.requests['_auth'] == 1
        assert 'taken before' not in minion.text() and 'refused' not in minion.text()


@pytest.mark.parametrize('silent', (False, True))
def test_a_blocked_publish_port_is_no_reason_for_a_storm(tmpdir, master, relays, silent):
    """Sign-ins work, the subscription does not: they are tried at doubling intervals."""
    if silent:
        relays['4505'].swallow()
    else:
        relays['4505'].refusing = True
    with behind(tmpdir, master, relays, liveness_interval=1) as minion:
        times = []
        for number in range(1, 5):
            master.journal.wait_requests('_auth', number, 60)
            times.append(compat.monotonic())
        gaps = [after - before for before, after in zip(times, times[1:])]
        assert gaps[1] > 1.4 and gaps[2] > 3.0, gaps       # a quarter less than 2 and 4 times the interval
        relays['4505'].refusing = False
        relays['4505'].heal()
        answered(minion, 5)


def test_sign_ins_during_an_outage_keep_their_pace(tmpdir, master):
    with agent(tmpdir, master, auth_timeout=0.3, auth_tries=2, acceptance_wait_time=0.5).ready() as minion:
        dropped = master.add(faults.Drop(command='_auth', times=None))
        master.rotate_aes()
        master.publish('test.ping', [])
        master.wait(lambda: dropped.acted, 20, 'a sign-in')
        start, known = compat.monotonic(), dropped.acted
        master.wait(lambda: dropped.acted >= known + 6, 30, 'six more sign-ins')
        # two tries of 0.3 s and a pause of 0.375 s at least
        assert compat.monotonic() - start > 2 * (0.6 + 0.375)
        master.clear()
        assert minion.call('test.ping')['return'] is True


def test_a_master_that_signs_in_but_answers_nothing_else(tmpdir, master):
    with agent(tmpdir, master, liveness_interval=1).ready() as minion:
        master.wait(lambda: not len(minion.agent._links[0].spool), 10, 'the start events are through')
        known = master.requests['_auth']
        mute = master.add(faults.Drop(command='_master_opts', times=None))
        master.wait(lambda: mute.acted >= 10, 60, 'five proofs asked for in vain')
        assert 1 <= master.requests['_auth'] - known <= 3            # after 1, 2 and 4 of them
        master.clear()
        answered(minion, 10)


# ---- names

@contextmanager
def pair_of_relays(master, address, ports=(0, 0)):
    """Relays of both ports of a master on another loopback address."""
    with Proxy(master.publish_port, listen=address, port=ports[0]) as publish:
        with Proxy(master.ret_port, listen=address, port=ports[1]) as request:
            yield publish, request


@pytest.mark.parametrize('master', (0, 3), indirect=True)
def test_a_name_that_moves_while_its_old_address_swallows_all(tmpdir, master):
    names = FakeNames(**{'salt.example': ['127.0.0.2']})
    with pair_of_relays(master, '127.0.0.2') as old:
        ports = [relay.port for relay in old]
        with pair_of_relays(master, '127.0.0.3', ports):
            settings = {'master': 'salt.example', 'publish_port': ports[0], 'master_port': ports[1], 'lookup': names}
            with agent(tmpdir, master, **settings).ready() as minion:
                for relay in old:
                    relay.swallow()
                names.addresses['salt.example'] = ['127.0.0.3']
                # liveness_interval and two answers of 1 and 0.5 s; 45 + 5 + 2.5 s by default
                answered(minion, INTERVAL + 1.5 + 3)
                assert 'tcp://127.0.0.3:%d' % ports[0] in minion.text()


def test_all_addresses_of_a_name_are_tried_and_the_lost_one_last(tmpdir, master):
    names = FakeNames(**{'salt.example': ['127.0.0.2', '127.0.0.3', '127.0.0.4']})
    with pair_of_relays(master, '127.0.0.3') as old:
        ports = [relay.port for relay in old]
        settings = {'master': 'salt.example', 'publish_port': ports[0], 'master_port': ports[1], 'lookup': names}
        with agent(tmpdir, master, auth_timeout=0.5, **settings).ready() as minion:      # nobody is at 127.0.0.2
            with pair_of_relays(master, '127.0.0.4', ports):
                for relay in old:
                    relay.swallow()
                answered(minion, INTERVAL + 1.5 + 3)


def test_an_address_with_a_stranger_does_not_hide_the_master(tmpdir, master):
    names = FakeNames(**{'salt.example': ['127.0.0.2', '127.0.0.3']})
    with faults.FaultyMaster(str(tmpdir.join('stranger')), 3, testkeys.private('other'), auto_accept=True) as stranger:
        with pair_of_relays(stranger, '127.0.0.2') as wrong:
            ports = [relay.port for relay in wrong]
            settings = {'master': 'salt.example', 'publish_port': ports[0], 'master_port': ports[1], 'lookup': names,
                        'master_finger': master.fingerprint}
            with pair_of_relays(master, '127.0.0.3', ports):
                with agent(tmpdir, master, **settings).ready() as minion:
                    assert minion.call('test.ping')['return'] is True
                    assert stranger.requests['_auth'] == 1


def test_a_name_that_is_unknown_at_first(tmpdir, master):
    names = FakeNames()
    settings = {'master': 'salt.example', 'lookup': names, 'retry_dns': 0.3}
    with agent(tmpdir, master, **settings) as minion:
        minion.wait_log('ERROR master salt.example: the name salt.example cannot be resolved')
        wait_until(lambda: names.asked >= 3, 10, 'three lookups')
        names.addresses['salt.example'] = ['127.0.0.1']
        minion.wait_ready()


def test_the_name_service_dies_later(tmpdir, master):
    """retry_dns_count ends a start, never a minion that has worked."""
    names = FakeNames(**{'salt.example': ['127.0.0.1']})
    settings = {'master': 'salt.example', 'lookup': names, 'retry_dns': 0.2, 'retry_dns_count': 1}
    with agent(tmpdir, master, **settings).ready() as minion:
        names.addresses.clear()
        known = names.asked
        master.rotate_aes()
        master.publish('test.ping', [])
        wait_until(lambda: names.asked >= known + 4, 20, 'four lookups')
        names.addresses['salt.example'] = ['127.0.0.1']
        assert minion.call('test.ping')['return'] is True


@pytest.mark.parametrize('count, lookups', [(0, 1), (2, 3)])
def test_retry_dns_count_ends_the_start(tmpdir, master, count, lookups):
    names = FakeNames()
    settings = {'master': 'salt.example', 'lookup': names, 'retry_dns': 0.1, 'retry_dns_count': count}
    minion = agent(tmpdir, master, **settings)
    with minion:
        wait_until(lambda: not minion.alive(), 10, 'its end')
    assert minion.error.exit_code == 69 and 'salt.example' in str(minion.error)
    assert names.asked == lookups


def test_retry_dns_0_means_this_host(tmpdir, master):
    with agent(tmpdir, master, master='salt.example', lookup=FakeNames(), retry_dns=0).ready() as minion:
        assert minion.call('test.ping')['return'] is True
