"""The faults and the relay that other tests rely on do what they say."""
from __future__ import absolute_import, division, print_function

import subprocess
import threading

import pytest

from minion import errors
from minion.keys import BadSignature
from minion.wake import Bell
from tests.support import faults, leaks, proxy, testkeys
from tests.support.wireclient import Silence, WireClient, WireError


@pytest.fixture
def master(tmpdir):
    with faults.FaultyMaster(str(tmpdir), 3, testkeys.private('master'), auto_accept=True) as made:
        yield made


@pytest.fixture
def client(master):
    with WireClient(master, testkeys.private('minion')) as made:
        made.sign_in()
        yield made


@pytest.mark.parametrize('make, error', [
    (faults.Drop, Silence),
    (lambda: faults.Tamper(at=-20), (BadSignature, WireError, errors.BadPayload)),
    (lambda: faults.Truncate(keep=3), errors.BadPayload),
    (lambda: faults.Replace(b'\xc1'), errors.BadPayload),
    (faults.refusal, WireError),
    (faults.unsigned, WireError),
    (lambda: faults.signed_by(testkeys.private('other')), BadSignature),
    (faults.wrong_nonce, WireError),
    (lambda: faults.drop_field('sign-in', 'token'), WireError),
    (lambda: faults.wrong_token(testkeys.private('minion').public.pem), WireError),
    (lambda: faults.set_field('sign-in', 'pub_key', testkeys.private('other').public.pem), (BadSignature, WireError)),
])
def test_faults_of_a_sign_in(master, client, make, error):
    client.answer_time = 300 if error is Silence else 5000
    fault = master.add(make())
    with pytest.raises(error):
        client.sign_in()
    assert fault.acted == 1
    client.answer_time = 5000
    assert client.sign_in()['enc'] == 'pub'                  # each acts once


@pytest.mark.parametrize('ret', [True, False, 'full'])
def test_verdicts_out_of_the_blue_are_signed(master, client, ret):
    master.add(faults.verdict(ret))
    assert client.sign_in()['ret'] == ret


def test_only_the_named_command_is_hit(master, client):
    fault = master.add(faults.refusal(command='_file_envs'))
    assert client.sign_in()['enc'] == 'pub'
    assert client.request('_master_opts')['default_top'] == 'base'
    assert client.request('_file_envs') == b'bad load'
    assert fault.acted == 1


def test_publications_doubled_dropped_and_played_again(master, client):
    client.listen()
    master.add(faults.Duplicate(stage='emit'))
    first = master.publish('test.ping')
    assert [client.job()['jid'] for _ in range(2)] == [first, first]
    master.add(faults.Drop(stage='emit'))
    master.publish('test.ping')
    third = master.publish('test.ping')
    assert client.job()['jid'] == third
    master.add(faults.Replay(stage='emit'))
    master.publish('test.ping')
    old = client.job()
    master.publish('test.ping')
    assert client.job() == old


def test_a_delayed_answer_comes_late(master, client):
    master.add(faults.Delay(0.5))
    client.answer_time = 100
    with pytest.raises(Silence):
        client.sign_in()
    master.add(faults.Delay(0.2))
    client.answer_time = 5000
    assert client.sign_in()['enc'] == 'pub'


def test_a_reply_under_the_wrong_nonce(master, client):
    master.add(faults.wrong_nonce('nonce'))
    with pytest.raises(errors.CrypticleError) as caught:
        client.request('_file_envs')
    assert caught.value.reason == 'nonce'


class _Behind(object):
    """A master as seen through proxies."""

    def __init__(self, master, relay):
        self.ret_port, self.journal = relay.port, master.journal


def test_the_relay_passes_swallows_holds_delays_and_cuts(master):
    key = testkeys.private('minion')
    with proxy.Proxy(master.ret_port) as relay, WireClient(_Behind(master, relay), key) as client:
        assert client.sign_in()['enc'] == 'pub'
        client.answer_time = 300
        for modes in ({'to_master': proxy.SWALLOW}, {'to_minion': proxy.SWALLOW}, {'to_minion': proxy.HOLD}):
            relay.set(to_master=proxy.PASS, to_minion=proxy.PASS)
            relay.set(**modes)
            with pytest.raises(Silence):
                client.sign_in()
        client.answer_time = 5000
        relay.set(to_master=0.05, to_minion=0.05)
        assert client.sign_in()['enc'] == 'pub'
        relay.refusing = True
        client.answer_time = 300
        with pytest.raises(Silence):
            client.sign_in()
        assert relay.accepted >= 6


def test_a_cut_connection_comes_back(master, client):
    with proxy.Proxy(master.publish_port) as relay:
        known = len(master.journal.subscriptions)
        client.master = _Behind(master, relay)
        client.master.publish_port = relay.port
        client.listen()
        relay.cut()
        client.listen_again(known + 2)
        jid = master.publish('test.ping')
        assert client.job()['jid'] == jid


def test_leaks_are_seen(tmpdir):
    before = leaks.take()
    with open(str(tmpdir.join('file')), 'w'):
        assert 'descriptor' in leaks.left(before)
    child = subprocess.Popen(['sleep', '60'])
    try:
        assert 'child %d: ' % child.pid in leaks.left(before)
    finally:
        child.kill()
        child.wait()
    bell = Bell()
    thread = threading.Thread(target=bell.wait, name='idler')
    thread.start()
    assert 'thread idler' in leaks.left(before)
    bell.stop()
    thread.join(5)
    bell.close()
    assert leaks.left(before) == ''
