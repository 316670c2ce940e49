"""The embedded master against a tiny client of its own: without it, no test of the minion would mean anything."""
from __future__ import absolute_import, division, print_function

import base64
import hashlib
import os
import time

import pytest

from minion import compat, errors, payload
from minion.demo.master import Master
from minion.keys import PublicKey
from tests.support import faults, testkeys
from tests.support.wireclient import Silence, WireClient, WireError


@pytest.fixture(params=(0, 2, 3))
def generation(request):
    return request.param


@pytest.fixture
def master(tmpdir, generation):
    with faults.FaultyMaster(str(tmpdir), generation, testkeys.private('master')) as made:
        yield made


@pytest.fixture
def client(master, generation):
    with WireClient(master, testkeys.private('minion'), generation=generation) as made:
        yield made


@pytest.fixture
def signed_in(master, client):
    master.auto_accept = True
    client.sign_in()
    return client


@pytest.fixture
def newest(tmpdir):
    """A master of generation 3 that accepts everybody."""
    with faults.FaultyMaster(str(tmpdir), 3, testkeys.private('master'), auto_accept=True) as made:
        yield made


@pytest.fixture
def modern(newest):
    """A client signed in to `newest`."""
    with WireClient(newest, testkeys.private('minion')) as made:
        made.sign_in()
        yield made


# ---- keys and sign-in

def test_a_key_is_pending_until_it_is_accepted(master, client):
    assert client.sign_in()['ret'] is True
    assert master.key_state('m1') == 'pending'
    master.accept('m1')
    assert client.sign_in()['publish_port'] == master.publish_port
    assert client.master_key == master.public_key
    assert client.sign_in()['enc'] == 'pub'                  # now with a token
    assert master.requests['_auth'] == 3


def test_a_rejected_key_stays_out(master, client):
    client.sign_in()
    master.reject('m1')
    assert client.sign_in()['ret'] is False


def test_a_deleted_key_starts_anew(master, signed_in):
    master.auto_accept = False
    master.delete('m1')
    assert signed_in.sign_in()['ret'] is True


def test_another_key_under_an_accepted_id_is_denied(master, signed_in, generation):
    with WireClient(master, testkeys.private('other'), generation=generation) as thief:
        assert thief.sign_in()['ret'] is False
    assert master.key_ids('denied') == ['m1']
    assert signed_in.sign_in()['enc'] == 'pub'


def test_line_ends_matter_before_generation_3(signed_in, generation):
    answer = signed_in.sign_in(pub=signed_in.key.public.pem.replace('\n', '\r\n') + '\n')
    assert ('ret' in answer) == (generation < 3)


def test_a_full_master_takes_only_those_it_knows(master, signed_in, generation):
    master.settings['max_minions'] = 1
    with WireClient(master, testkeys.private('other'), 'm2', generation) as late:
        assert late.sign_in()['ret'] == 'full'
    assert signed_in.sign_in()['enc'] == 'pub'


@pytest.mark.parametrize('minion_id', ['../m1', 'a/b', '', '.'])
def test_an_id_that_is_no_file_name_is_rejected(client, minion_id):
    assert client.sign_in(id=minion_id)['ret'] is False


@pytest.mark.parametrize('minion_id', [5, u'a\0b'])
def test_ids_that_are_not_even_text(client, minion_id):
    with pytest.raises(WireError) as caught:
        client.sign_in(id=minion_id)
    assert caught.value.args[0].startswith(b'bad load: id ')


def test_a_token_made_for_another_master_key_is_not_returned(signed_in):
    foreign = testkeys.private('other').public.encrypt(b'T' * 76, 'OAEP-SHA1')
    with pytest.raises(WireError) as caught:
        signed_in.sign_in(token=foreign)
    assert str(caught.value) == 'no token'


def test_auth_mode_2_hides_the_token_behind_the_key(master, signed_in):
    master.settings['auth_mode'] = 2
    assert 'token' not in signed_in.sign_in()


def test_the_signing_key_vouches_for_the_master_key(tmpdir, generation):
    key, sign = testkeys.private('master'), testkeys.private('sign')
    with Master(str(tmpdir), generation, key, master_sign_pubkey=sign, auto_accept=True) as master:
        with WireClient(master, testkeys.private('minion'), generation=generation) as client:
            inner = client.sign_in()
    assert inner['pub_sig'].endswith(b'\n')
    proof = base64.b64decode(inner['pub_sig'])
    assert master.signing_key == sign.public
    sign.public.verify(compat.to_bytes(inner['pub_key']), proof, 'PKCS1v15-SHA1')


# ---- versions and algorithms

def test_a_master_of_generation_3_refuses_lower_versions(newest):
    with WireClient(newest, testkeys.private('minion')) as client:
        for version in (0, 1, 2):
            with pytest.raises(WireError) as caught:
                client.sign_in(version)
            assert caught.value.args == (b'bad load',)
        newest.settings['minimum_auth_version'] = 0
        client.sign_in(2)
        assert 'nonce' not in client.sign_in(0)
        client.generation = 2                                # its requests then use the common key
        assert client.request('_file_envs') == ['base']


def test_a_generation_2_master_never_answers_without_nonce(tmpdir):
    with Master(str(tmpdir), 2, testkeys.private('master')) as master:
        with WireClient(master, testkeys.private('minion'), generation=2) as client:
            client.answer_time = 200
            for version, nonce in ((3, None), ('3', 'a' * 32)):
                with pytest.raises(Silence):
                    client.sign_in(version, nonce=nonce)
            client.answer_time = 5000
            assert client.sign_in()['ret'] is True           # unlike a real one, it lives on


def test_algorithms_of_generation_3(newest):
    newest.settings['pillar'] = {'a': 1}
    strong = ('OAEP-SHA224', 'PKCS1v15-SHA224')
    with WireClient(newest, testkeys.private('minion'), algorithms=strong) as client:
        client.sign_in()
        client.sign_in()
        assert client.pillar(os='Linux') == {'a': 1}
        assert client.ask(_auth(client, sig_algo='PKCS1v15-SHA0')) == _plain(b'bad sig algo')
        token = client.master_key.encrypt(b'T', 'OAEP-SHA1')
        assert client.ask(_auth(client, enc_algo='OAEP-SHA0', token=token)) == _plain(b'bad enc algo')


def _auth(client, **more):
    load = {'cmd': '_auth', 'id': client.minion_id, 'pub': client.key.public.pem, 'nonce': '0' * 32}
    return {'enc': 'clear', 'version': 3, 'load': dict(load, **more)}


def _plain(word):
    return {b'enc': b'clear', b'load': {b'ret': word}}


# ---- requests

@pytest.mark.parametrize('data, answer', [
    (b'\xc1', None), (b'', None), (payload.pack('text'), b'payload and load must be a dict'),
    (payload.pack({'enc': 'aes'}), b'payload and load must be a dict'),
    (payload.pack({'enc': 'aes', 'load': b'x' * 64, 'version': 3, 'id': 'm1'}), b'bad load'),
    (payload.pack({'enc': 'clear', 'load': {'cmd': 'publish'}, 'version': 3}), b'bad load'),
    (payload.pack({'enc': 'clear', 'load': {'cmd': '_auth', 'id': 'm1', 'pub': 5, 'nonce': 1}, 'version': 3}),
     b'Some exception handling minion payload'),
])
def test_refusals(client, generation, data, answer):
    if answer is None:
        answer = {b'msg': b'bad load'} if generation == 3 else b'bad load'
    assert payload.unpack(client.exchange(data)) == answer
    assert client.sign_in()['ret'] is True                   # it lives on


@pytest.mark.parametrize('changes', [{'tok': None}, {'tok': b'x' * 256}, {'id': 'm2'}, {'id': None}])
def test_generation_3_wants_proof_in_every_request(newest, modern, changes):
    assert modern.request('_file_envs', changes) == b'bad load'
    assert modern.request('_file_envs') == ['base']
    assert newest.journal.refusals == ['bad load']


def test_the_clock_counts_when_the_master_says_so(newest, modern):
    newest.settings['request_server_ttl'] = 10
    now = int(time.time())
    assert modern.request('_file_envs', {'ts': now - 5}) == ['base']
    assert modern.request('_file_envs', {'ts': now + 500}) == ['base']
    assert modern.request('_file_envs', {'ts': now - 12}) == b'bad load'
    modern.answer_time = 200
    with pytest.raises(Silence):
        modern.request('_file_envs', {'ts': None})


def test_events_need_proof_in_every_generation(master, signed_in):
    event = dict(tag='salt/minion/m1/start', data='Minion m1 started', pretag=None, **signed_in.proof())
    assert signed_in.request('_minion_event', **event) is None
    assert master.wait_event('salt/minion/*/start', 5)['data'] == 'Minion m1 started'
    signed_in.request('_minion_event', {'tok': testkeys.private('other').sign_x931(b'salt')}, **dict(event, tag='x'))
    assert [one['tag'] for one in master.events] == ['salt/minion/m1/start']


def test_several_events_in_one_request(master, signed_in):
    events = [{'tag': 'a', 'data': {'n': 1}}, {'tag': 'b', 'data': {}}]
    signed_in.request('_minion_event', events=events, **signed_in.proof())
    assert [(one['tag'], one['id']) for one in master.events] == [('a', 'm1'), ('b', 'm1')]


def test_unknown_commands(signed_in):
    assert signed_in.request('_nosuch') == {}


def test_a_handler_that_breaks_answers_nothing_of_use(signed_in):
    assert signed_in.request('_mine', **signed_in.proof()) == ''          # no `data`


def test_pillar(master, signed_in):
    master.settings['pillar'] = lambda load: {u'for': load['id'], u'os': load['grains']['os']}
    assert signed_in.pillar(os='Debian') == {'for': 'm1', 'os': 'Debian'}


def test_pillar_without_a_nonce(modern):
    outer = modern.envelope({'cmd': '_pillar'}, {'nonce': None})[0]
    assert modern.ask(outer) == {b'error': b'Nonce not included in request'}


def test_files(master, signed_in):
    os.makedirs(os.path.join(master.files, 'sub', 'empty'))
    content = b'line\n' + bytes(bytearray(range(256)))
    for name in ('top.txt', 'sub/deep.txt'):
        with open(os.path.join(master.files, name), 'wb') as stream:
            stream.write(content)
    os.symlink('top.txt', os.path.join(master.files, 'link.txt'))
    master.settings['file_buffer_size'] = 200
    ask, env = signed_in.request, {'saltenv': 'base', 'prefix': ''}
    assert ask('_file_list', **env) == ['link.txt', 'sub/deep.txt', 'top.txt']
    assert ask('_dir_list', **env) == ['sub', 'sub/empty']
    assert ask('_file_list_emptydirs', **env) == ['sub/empty']
    assert ask('_symlink_list', **env) == {'link.txt': 'top.txt'}
    where = {'path': 'sub/deep.txt', 'saltenv': 'base'}
    digest = {'hsum': hashlib.sha256(content).hexdigest(), 'hash_type': 'sha256'}
    assert ask('_file_hash', **where) == digest
    assert ask('_file_hash_and_stat', **where)[0] == digest
    assert ask('_file_find', **where)['rel'] == 'sub/deep.txt'
    assert ask('_serve_file', loc=0, **where) == {'data': content[:200], 'dest': 'sub/deep.txt'}
    assert ask('_serve_file', loc=200, **where)['data'] == content[200:]
    assert ask('_serve_file', loc=len(content), **where)['data'] == b''
    assert ask('_master_opts')['file_roots'] == {'base': []}


@pytest.mark.parametrize('path', ['nope', '../pki/master.pem', '/etc/passwd', 'a|b'])
def test_files_elsewhere_are_missing(signed_in, path):
    missing = {'path': path, 'saltenv': 'base'}
    assert signed_in.request('_serve_file', loc=0, **missing) == {'data': b'', 'dest': ''}
    assert signed_in.request('_file_hash', **missing) == ''


def test_a_pushed_file(master, signed_in):
    load = dict(path=['etc', 'motd'], loc=0, data=b'\xff\x00', size=2, **signed_in.proof())
    assert signed_in.request('_file_recv', **load) is False
    master.settings['file_recv'] = True
    assert signed_in.request('_file_recv', **load) is True
    with open(os.path.join(master.folder, 'received', 'm1', 'files', 'etc', 'motd'), 'rb') as stream:
        assert stream.read() == b'\xff\x00'
    assert signed_in.request('_file_recv', **dict(load, path=['..', 'x'])) is False


def test_the_mine(signed_in):
    proof = signed_in.proof()
    assert signed_in.request('_mine', data={'test.ping': True, 'x': 1}, clear=False, **proof) is True
    assert signed_in.request('_mine_get', tgt='*', tgt_type='glob', fun='x', **proof) == {'m1': 1}
    assert signed_in.request('_mine_delete', fun='x', **proof) is True
    assert signed_in.request('_mine_get', tgt='m1', tgt_type='glob', fun='x', **proof) == {}
    assert signed_in.request('_mine_flush', **proof) is True
    assert signed_in.request('_mine_flush', **proof) is False


def test_a_minion_that_asks_other_minions(master, signed_in):
    signed_in.listen()
    ask = dict(fun='test.ping', arg=[], tgt='m1', tgt_type='glob', **signed_in.proof())
    assert signed_in.request('minion_pub', **ask) == {}
    master.settings['peer'] = True
    job = signed_in.request('minion_pub', **ask)
    assert job['minions'] == ['m1']
    assert signed_in.request('pub_ret', jid=job['jid'], **signed_in.proof()) == {}
    assert signed_in.serve(True)['id'] == 'm1'
    assert signed_in.request('pub_ret', jid=job['jid'], **signed_in.proof()) == {'m1': {'ret': True}}
    assert signed_in.request('pub_ret', jid='1', **signed_in.proof()) == ''


def test_a_minion_that_gives_its_key_back(master, signed_in, generation):
    assert signed_in.request('revoke_auth', **signed_in.proof()) is True
    assert master.key_state('m1') is None
    assert signed_in.request('_file_envs') == (b'bad load' if generation == 3 else ['base'])


# ---- publications

def test_a_job_and_its_return(master, signed_in, generation):
    signed_in.listen()
    jid = master.publish('test.echo', ['x', {'__kwarg__': True, 'k': 1}], metadata={'a': 1})
    job = signed_in.serve(u'x')
    assert job['jid'] == jid and len(jid) == 20
    assert job['arg'] == ['x', {'__kwarg__': True, 'k': 1}] and job['metadata'] == {'a': 1}
    assert job.get('serial') == (1 if generation >= 2 else None)
    assert master.wait_return(jid, 'm1', 5)['return'] == u'x'
    with pytest.raises(errors.RequestTimeout):
        master.wait_return(jid, 'm2', 0.05)


def test_jids_grow_even_within_a_microsecond(master):
    jids = [master.publish('test.ping') for _ in range(5)]
    assert sorted(set(jids)) == jids


def test_rotation_changes_the_common_key_only(master, signed_in, generation):
    signed_in.listen()
    master.rotate_aes()
    master.publish('test.ping')
    package = signed_in.hear()[1]
    with pytest.raises(errors.CrypticleError):
        signed_in.aes.loads(package[b'load'])
    assert signed_in.request('_file_envs') == (['base'] if generation == 3 else b'bad load')     # the session holds
    signed_in.sign_in()
    assert signed_in.aes.loads(package[b'load'])[b'fun'] == b'test.ping'


def test_a_restart_keeps_ports_keys_and_sessions(master, signed_in, generation):
    before, session = (master.ret_port, master.publish_port, master.fingerprint), signed_in.session
    signed_in.listen()
    master.publish('test.ping')
    signed_in.hear()
    known = len(master.journal.subscriptions)
    master.restart()
    assert (master.ret_port, master.publish_port, master.fingerprint) == before
    signed_in.sign_in()
    assert session is None or session.loads(signed_in.session.dumps(1)) == 1
    signed_in.listen_again(known + 1)
    master.publish('test.ping')
    assert signed_in.job().get('serial') == (1 if generation >= 2 else None)


def test_filtering_sends_two_frames(master, signed_in):
    master.settings['zmq_filtering'] = True
    own = compat.to_bytes(hashlib.sha1(b'm1').hexdigest())
    signed_in.listen(own, b'broadcast')
    master.publish('test.ping', tgt='m2')                    # no such minion: nothing is sent
    master.publish('test.ping', tgt='m*')
    assert signed_in.hear()[0] == [own]
    master.publish('test.ping', tgt='os:Linux', tgt_type='grain')
    assert signed_in.hear()[0] == [b'broadcast']
    master.publish('test.ping', tgt=['m1', 'x'], tgt_type='list')
    assert signed_in.hear()[0] == [own]


def test_publications_without_signature(master, signed_in, generation):
    signed_in.listen()
    master.publish('test.ping')
    assert (b'sig_algo' in signed_in.hear()[1]) == (generation == 3)
    master.settings['sign_pub_messages'] = False
    master.publish('test.ping')
    assert b'sig' not in signed_in.hear()[1]


def test_settings_that_do_not_exist(tmpdir):
    with pytest.raises(errors.ConfigError):
        Master(str(tmpdir), nosuch=1)
    with pytest.raises(errors.ConfigError):
        Master(str(tmpdir), generation=1)


def test_the_key_is_kept_in_the_folder(tmpdir):
    Master(str(tmpdir), key=testkeys.private('other'))
    again = Master(str(tmpdir))
    assert again.public_key == testkeys.private('other').public
    assert PublicKey.from_pem(tmpdir.join('pki', 'master.pub').read('rb')) == again.public_key
    assert os.stat(str(tmpdir.join('pki', 'master.pem'))).st_mode & 0o777 == 0o400


def test_a_port_that_is_taken(tmpdir, master, monkeypatch):
    monkeypatch.setattr('minion.demo.station.BIND_TIME', 0.1)
    second = Master(str(tmpdir.join('second')), key=testkeys.private('master'), ret_port=master.ret_port)
    with pytest.raises(errors.MinionError) as caught:
        second.start()
    assert str(master.ret_port) in str(caught.value)
