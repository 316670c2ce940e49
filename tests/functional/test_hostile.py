"""A wire that lies: no job runs, the process lives, the log says which check failed and where to look."""
from __future__ import absolute_import, division, print_function

import os
import socket
import struct

import pytest

from minion import crypticle
from tests.support import faults, testkeys
from tests.support.liveagent import LiveAgent
from tests.support.waiting import wait_until

KEY, OTHER = testkeys.private('master'), testkeys.private('other')


@pytest.fixture
def master(tmpdir, request):
    with faults.FaultyMaster(str(tmpdir.join('master')), getattr(request, 'param', 3), KEY, auto_accept=True) as made:
        yield made


def agent(tmpdir, master, **settings):
    return LiveAgent(tmpdir.join('minion'), master, **settings)


def works(minion):
    """Nothing is wrong with it any more."""
    assert minion.call('test.ping')['return'] is True


# ---- sign-in

def refuses_until_cleared(tmpdir, master, words, *wrong, **settings):
    """The sign-in fails with `words` in the log, the process goes on, and signs in once the faults are gone."""
    master.add(*wrong)
    with agent(tmpdir, master, **settings) as minion:
        minion.wait_log(words)
        assert master.returns == [] and master.events == []
        wait_until(lambda: master.requests['_auth'] >= 2, 10, 'another try')
        assert minion.alive()
        master.clear()
        minion.wait_ready()
        works(minion)


def pinned(tmpdir, master):
    """A first contact, so that key and protocol version are known."""
    with agent(tmpdir, master).ready():
        pass
    del master.events[:], master.returns[:]
    master.requests.clear()


@pytest.mark.parametrize('words, wrong', [
    ('nonce check', lambda: faults.wrong_nonce(times=None)),
    ('signature check.*minion_master.pub', lambda: faults.signed_by(OTHER, times=None)),
    ('token check.*minion_master.pub',
     lambda: faults.wrong_token(testkeys.private('minion').public.pem, times=None)),
    ('token check.*minion_master.pub', lambda: faults.drop_field('sign-in', 'token', times=None)),
    ('digest check', lambda: faults.set_field('sign-in', 'sig', OTHER.sign_x931(b'0' * 64), times=None)),
    ('minion_master.pub has signed before', lambda: faults.unsigned(times=None)),
    ('master answered: bad load', lambda: faults.refusal(command='_auth', times=None)),
    ('master answered: an answer that does not hold', lambda: faults.garbage(command='_auth', times=None)),
    ('holds no map|master answered', lambda: faults.Truncate(keep=30, command='_auth', times=None)),
    ('downgrade is refused', lambda: faults.drop_field('sign-in', 'session', times=None)),
    ('no answer from', lambda: faults.Drop(command='_auth', times=None)),
], ids=['nonce', 'signature', 'token', 'no-token', 'digest', 'unsigned', 'bad-load', 'garbage', 'truncated', 'downgrade',
        'silence'])
def test_a_sign_in_that_does_not_hold(tmpdir, master, words, wrong):
    pinned(tmpdir, master)
    settings = {'auth_timeout': 0.5, 'minimum_auth_version': 0 if 'signed' in words else 2}
    refuses_until_cleared(tmpdir, master, words, wrong(), **settings)


def test_a_replayed_sign_in(tmpdir, master):
    pinned(tmpdir, master)
    fault = master.add(faults.Replay(command='_auth', times=3))
    with agent(tmpdir, master).ready() as minion:          # the first passes and is kept
        master.rotate_aes()
        master.publish('test.ping', [])
        minion.wait_log('nonce check')
        wait_until(lambda: fault.acted == 3, 10, 'the replays')
        works(minion)


def test_a_first_contact_with_an_unsigned_master_names_the_setting(tmpdir, master):
    refuses_until_cleared(tmpdir, master, 'minimum_auth_version: 0', faults.unsigned(times=None))


def test_a_wrong_master_finger(tmpdir, master):
    with agent(tmpdir, master, master_finger='00:11:22') as minion:
        minion.wait_log('ERROR .*master_finger is 00:11:22.*' + master.fingerprint)
        wait_until(lambda: master.requests['_auth'] >= 2, 10, 'another try')
        assert minion.alive() and master.events == []
        assert not os.path.exists(os.path.join(minion.pki, 'minion_master.pub'))


def test_the_right_master_finger(tmpdir, master):
    with agent(tmpdir, master, master_finger=master.fingerprint).ready() as minion:
        works(minion)


def test_a_changed_master_key_and_its_return(tmpdir, master):
    pinned(tmpdir, master)
    ports = dict(ret_port=master.ret_port, publish_port=master.publish_port)
    master.stop()
    with faults.FaultyMaster(str(tmpdir.join('impostor')), 3, OTHER, auto_accept=True, **ports) as impostor:
        with agent(tmpdir, master, auth_timeout=0.5) as minion:
            minion.wait_log('ERROR .*key has changed.*minion_master.pub holds .* the answer carries ' + impostor.fingerprint)
            assert minion.alive() and impostor.events == []
            impostor.stop()
            master.start()
            minion.wait_ready()
            works(minion)


def test_a_damaged_pinned_key_is_named(tmpdir, master):
    pinned(tmpdir, master)
    path = tmpdir.join('minion', 'etc', 'salt', 'pki', 'minion', 'minion_master.pub')
    good = path.read()
    path.write('')
    path.dirpath('minion_master.seen').remove()         # else it is restored from there
    with agent(tmpdir, master) as minion:
        minion.wait_log('ERROR .*minion_master.pub')
        assert minion.alive() and master.events == []
        path.write(good)
        minion.wait_ready()


def test_a_damaged_pinned_key_is_restored_and_no_other_accepted(tmpdir, master):
    pinned(tmpdir, master)
    path = tmpdir.join('minion', 'etc', 'salt', 'pki', 'minion', 'minion_master.pub')
    good = path.read()
    path.write('')
    with faults.FaultyMaster(str(tmpdir.join('impostor')), 3, OTHER, auto_accept=True) as impostor:
        with agent(tmpdir, impostor) as minion:
            minion.wait_log('WARNING .*minion_master.pub is empty.*restored from')
            minion.wait_log('ERROR .*UntrustedMaster|ERROR .*master')
            assert impostor.events == []
    assert path.read().strip() == good.strip()


# ---- publications

@pytest.mark.parametrize('words, wrong', [
    ('check of signature', lambda: faults.Change('package', lambda outer: dict(outer, sig=OTHER.sign(
        outer['load'], 'PKCS1v15-SHA1')))),
    ('check of signature', lambda: faults.drop_field('package', 'sig')),
    ('check of enc', lambda: faults.set_field('package', 'enc', 'clear')),
    ('check of enc', lambda: faults.set_field('package', 'load', {'fun': 'test.ping', 'arg': [], 'tgt': '*', 'jid': '1'})),
    ('check of hmac', lambda: faults.Change('package', lambda outer: dict(
        outer, load=crypticle.Crypticle(crypticle.new_key()).dumps({'fun': 'test.ping'})))),
    ('check of replay', lambda: faults.set_field('publication', 'serial', 0)),
    ('job id', lambda: faults.set_field('publication', 'jid', '../../escape')),
    ('no fun', lambda: faults.drop_field('publication', 'fun')),
    ('msgpack', lambda: faults.garbage(stage='emit')),
    ('msgpack', lambda: faults.Truncate(keep=20, stage='emit')),
    ('check of', lambda: faults.Tamper(stage='emit')),
    ('msgpack', lambda: faults.Replace(b'\x91' * 100000, stage='emit')),
    ('msgpack', lambda: faults.Replace(b'\xdd\xff\xff\xff\xff', stage='emit')),
], ids=['signature', 'unsigned', 'clear', 'clear-load', 'hmac', 'serial', 'jid', 'fun', 'garbage', 'truncated', 'tampered',
        'nested', 'length'])
def test_a_publication_that_does_not_hold(tmpdir, master, words, wrong):
    with agent(tmpdir, master).ready() as minion:
        works(minion)                                      # the master has signed once: it has to from now on
        fault = master.add(wrong())
        master.publish('test.ping', [])
        minion.wait_log('a publication .*' + words)
        assert fault.acted == 1
        works(minion)
        assert len(master.returns) == 2


@pytest.mark.parametrize('later', ['at once', 'after a restart of the minion'])
def test_a_replayed_publication_runs_once(tmpdir, master, later):
    kept = []
    master.add(faults.Change('package', lambda outer: kept.append(outer)))
    with agent(tmpdir, master).ready() as minion:
        works(minion)
        if later == 'at once':
            replay(master, kept[0])
            minion.wait_log('check of replay')
    if later != 'at once':
        with agent(tmpdir, master) as minion:
            wait_until(lambda: sum(event['tag'] == 'salt/minion/m1/start' for event in master.events) == 2, 10, 'its start')
            replay(master, kept[0])
            minion.wait_log('check of replay|has been taken before')
            works(minion)
    assert len(set(found['jid'] for found in master.returns)) == len(master.returns)


def replay(master, package):
    """Publish a recorded package once more, whatever the master would send."""
    master.add(faults.Change('package', lambda outer: package))
    master.publish('test.ping', [])


def test_a_master_that_never_signed_may_go_on_so_unless_told_otherwise(tmpdir, master):
    master.settings['sign_pub_messages'] = False
    with agent(tmpdir, master).ready() as minion:
        works(minion)
    with agent(tmpdir, master, sign_pub_messages=True) as minion:
        wait_until(lambda: sum(event['tag'] == 'salt/minion/m1/start' for event in master.events) == 2, 10, 'its start')
        master.publish('test.ping', [])
        minion.wait_log('check of signature.*sign_pub_messages')
        assert len(master.returns) == 1


# ---- raw garbage

HTTP = b'HTTP/1.0 400 what\r\n\r\n'


# To libzmq the first is a peer of the oldest kind, which sends frames; the second breaks the rules of that kind, and
# libzmq then gives the connection up for good: what follows is a connection that is made anew.
@pytest.mark.parametrize('garbage, times', [(HTTP + b'\x05' * 300, 3), (HTTP + b'\0' * 300, 1)], ids=['odd', 'broken'])
@pytest.mark.parametrize('port', ['ret_port', 'publish_port'])
def test_garbage_instead_of_zmq_on_a_port(tmpdir, master, port, garbage, times):
    """Something that speaks no ZMTP takes the place of one port for a while."""
    with agent(tmpdir, master, liveness_interval=2).ready() as minion:
        works(minion)
        number = getattr(master, port)
        master.stop()
        server = socket.socket()
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        server.bind(('127.0.0.1', number))
        server.listen(5)
        server.settimeout(10)
        try:
            answered = 0
            while answered < times:
                peer = server.accept()[0]
                peer.sendall(garbage)
                peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
                peer.close()
                answered += 1
                if port == 'ret_port' and answered == 1:
                    board = minion.agent._links[0].board
                    board.ask(board.current(), 'the test asks for it')
        finally:
            server.close()
        known = len(master.journal.subscriptions)
        master.start()
        master.journal.wait_subscriptions(known + 1, 20)
        works(minion)


def test_events_are_data(tmpdir, master):
    """Only the publish port carries jobs: what comes back as an answer runs nothing."""
    job = {'fun': 'test.ping', 'arg': [], 'tgt': '*', 'jid': '20260101000000000009'}
    with agent(tmpdir, master).ready() as minion:
        master.add(faults.Change('reply', lambda value: job, command='_return'))
        works(minion)
        works(minion)
        assert len(master.returns) == 2


