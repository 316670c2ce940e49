"""Every item of what real Salt of seven releases wrote: opened, and made again where it is deterministic."""
from __future__ import absolute_import, division, print_function

import hashlib

import pytest

from minion import compat, keys, payload, pem
from minion.crypticle import Crypticle
from minion.errors import BadSignature, CrypticleError, KeyFileError
from tests.support import vectors
from tests.support.vectors import as_recorded, raw

RSA_OF_CLEAR_REPLY = ('aes', 'token', 'session')


@pytest.fixture(scope='module', params=vectors.VERSIONS)
def crypto(request):
    return vectors.load('crypto', request.param)


@pytest.fixture(scope='module')
def private(crypto):
    return dict((name, keys.PrivateKey.from_pem(crypto['keys'][name]['private_pem'])) for name in ('minion', 'master'))


@pytest.fixture(scope='module', params=vectors.VERSIONS)
def talk(request):
    return Talk(vectors.load('transcript', request.param))


class Talk(object):
    """One transcript with its keys parsed."""

    def __init__(self, recorded):
        self.exchanges, self.publishes = recorded['exchanges'], recorded['publishes']
        self.version, self.pem = recorded['protocol_version'], recorded['keys']
        self.minion = keys.PrivateKey.from_pem(self.pem['minion_private_pem'])
        self.master = keys.PrivateKey.from_pem(self.pem['master_private_pem'])

    def named(self, start):
        found = [each for each in self.exchanges if each['name'].startswith(start)]
        assert found, 'no exchange is called %s...' % start
        return found


def algorithms(exchange):
    """(encryption, signature) of one exchange."""
    load = exchange.get('request_load') or {}
    return load.get('enc_algo', 'OAEP-SHA1'), load.get('sig_algo', 'PKCS1v15-SHA1')


# ---- crypto files

def test_key_files(crypto):
    for name in ('minion', 'master', 'from_gen_keys'):
        if name in crypto['keys']:
            found = crypto['keys'][name]
            private = keys.PrivateKey.from_pem(found['private_pem'])
            assert private.to_pem().decode('ascii').strip() == found['private_pem'].strip()
            assert private.public.pem == pem.clean(found['public_pem'])
            assert keys.PublicKey.from_pem(found['public_pem']) == private.public
            assert private.public.n.bit_length() == found['bits']


def test_locked_key_file(crypto):
    locked = crypto['keys'].get('locked')
    if locked is None:
        pytest.skip('that release knows no passphrases')
    with pytest.raises(KeyFileError) as caught:
        keys.PrivateKey.from_pem(locked['private_pem'], 'minion.pem')
    assert 'passphrase' in str(caught.value)


def test_oaep(crypto, private):
    for item in crypto['oaep']:
        key = private[item['key']]
        assert key.decrypt(raw(item['cipher']), item['algo']) == raw(item['plain'])
        assert key.decrypt(key.public.encrypt(raw(item['plain']), item['algo']), item['algo']) == raw(item['plain'])


def test_signatures(crypto, private):
    for item in crypto['pkcs1v15']:
        key, message, signature = private[item['key']], raw(item['message']), raw(item['signature'])
        if item['valid']:
            key.public.verify(message, signature, item['algo'])
            assert key.sign(message, item['algo']) == signature
        else:
            with pytest.raises(BadSignature):
                key.public.verify(message, signature, item['algo'])


def test_x931(crypto, private):
    for item in crypto['x931']:
        key, message, token = private[item['key']], raw(item['message']), raw(item['token'])
        if item['valid']:
            assert key.public.recover(token) == message
            assert key.sign_x931(message) == token
        else:
            with pytest.raises(BadSignature):
                key.public.recover(token)


def test_fingerprints(crypto):
    for item in crypto['fingerprints']:
        found = crypto['keys'][item['key']]
        assert keys.fingerprint(found['public_pem'], item['sum']) == item['public']
        assert keys.fingerprint(found['private_pem'], item['sum']) == item['private']
        assert keys.PublicKey.from_pem(found['public_pem']).fingerprint(item['sum']) == item['public']


def test_crypticle(crypto, aes_provider):
    for item in crypto['crypticle']:
        box, nonce = Crypticle(item['key']), item.get('nonce')
        if item['ok']:
            value = as_recorded(box.loads(raw(item['blob']), nonce))
            assert value == item['value']
            assert as_recorded(box.loads(box.dumps(value, nonce), nonce)) == item['value']
        else:
            with pytest.raises(CrypticleError) as caught:
                box.loads(raw(item['blob']), nonce)
            assert caught.value.reason == item['why']


# ---- transcripts: what the minion sent

def test_every_frame_is_old_raw_family_and_packs_to_the_same_bytes(talk):
    frames = [raw(each[side]) for each in talk.exchanges for side in ('request', 'reply')]
    frames += [raw(frame) for each in talk.publishes for frame in each['frames']]
    assert len(frames) > 50
    for frame in frames:
        tree = payload.unpack(frame)
        assert payload.unpack(payload.pack(tree)) == tree
        if not compat.PY2:                          # where maps keep the order in which they were filled
            assert payload.pack(tree) == frame
            assert payload.pack(payload.to_text_tree(tree)) == frame


def test_requests(talk, aes_provider):
    seen = 0
    for exchange in talk.exchanges:
        outer = payload.unpack(raw(exchange['request']))
        for name, value in (exchange.get('envelope') or {}).items():
            assert as_recorded(outer[name.encode('ascii')]) == value
        if 'request_load' in exchange:
            inner = outer[b'load']
            if outer[b'enc'] == b'aes':
                inner = Crypticle(exchange[exchange['key_used']]).loads(inner)
            assert as_recorded(inner) == exchange['request_load']
            seen += 1
    assert seen > 15


def test_proofs_in_requests_and_in_sign_ins(talk):
    proofs = set()
    for exchange in talk.exchanges:
        token = (exchange.get('request_load') or {}).get('tok')
        if token is not None:
            proofs.add(raw(token['__b64__']))
    assert proofs == set([talk.minion.sign_x931(b'salt')])
    assert talk.minion.public.recover(proofs.pop()) == b'salt'


def test_tokens_of_sign_ins(talk):
    for exchange in talk.named('sign_in_with_token'):
        token = raw(exchange['request_load']['token']['__b64__'])
        assert talk.master.decrypt(token, algorithms(exchange)[0]) == exchange['token_plain'].encode('ascii')


def test_public_keys_as_sent(talk):
    for exchange in talk.named('sign_in_pending'):
        assert exchange['request_load']['pub'] == keys.clean_pem(talk.pem['minion_public_pem'])
    assert (keys.PublicKey.from_pem(talk.pem['cached_master_key_as_the_minion_wrote_it'])
            == keys.PublicKey.from_pem(talk.pem['master_public_pem']) == talk.master.public)


# ---- transcripts: what the master answered

def sign_in_answer(talk, exchange):
    """The inner map of a sign-in's answer, its signature checked and made again."""
    answer = payload.unpack(raw(exchange['reply']))
    if not exchange['signed']:
        return answer if b'aes' in answer else answer[b'load']
    algorithm = algorithms(exchange)[1]
    talk.master.public.verify(answer[b'load'], answer[b'sig'], algorithm)
    assert talk.master.sign(answer[b'load'], algorithm) == answer[b'sig']
    return payload.unpack(answer[b'load'])


def test_answers_to_sign_ins(talk):
    accepted = 0
    for exchange in talk.named('sign_in_'):
        inner = sign_in_answer(talk, exchange)
        assert as_recorded(inner) == exchange['reply_load']
        if b'nonce' in inner:
            assert as_recorded(inner[b'nonce']) == exchange['request_load']['nonce']
        if b'aes' in inner:
            accepted += 1
            check_grant(talk, exchange, inner)
    assert accepted >= 3


def check_grant(talk, exchange, inner):
    algorithm = algorithms(exchange)[0]
    opened = dict((name, talk.minion.decrypt(inner[name.encode('ascii')], algorithm).decode('ascii'))
                  for name in RSA_OF_CLEAR_REPLY if name.encode('ascii') in inner)
    assert opened['aes'] == exchange['aes']
    assert opened.get('session') == exchange['session']
    assert opened.get('token') == exchange.get('token_plain')
    digest = hashlib.sha256(opened['aes'].encode('ascii')).hexdigest().encode('ascii')
    assert talk.master.public.recover(inner[b'sig']) == digest
    assert talk.master.sign_x931(digest) == inner[b'sig']


def test_replies(talk, aes_provider):
    seen = 0
    for exchange in talk.exchanges:
        if 'reply_has_nonce' in exchange:
            box = Crypticle(exchange[exchange.get('reply_key') or exchange['key_used']])
            nonce = exchange['request_load']['nonce'] if exchange['reply_has_nonce'] else None
            value = box.loads(payload.unpack(raw(exchange['reply'])), nonce)
            assert as_recorded(value) == exchange['reply_load']
            assert exchange['reply_has_nonce'] == (talk.version > 0)
            seen += 1
    assert seen > 10


def test_plain_refusals(talk):
    refused = [each for each in talk.exchanges if 'reply_plain' in each]
    assert refused
    for exchange in refused:
        assert as_recorded(payload.unpack(raw(exchange['reply']))) == exchange['reply_plain']


def test_a_request_under_a_foreign_key(talk):
    known = set(each[name] for each in talk.exchanges for name in ('aes', 'session') if each.get(name))
    for exchange in talk.named('request encrypted with a wrong key'):
        for key in known:
            with pytest.raises(CrypticleError) as caught:
                Crypticle(key).loads(payload.unpack(raw(exchange['request']))[b'load'])
            assert caught.value.reason == 'hmac'


def test_pillars(talk):
    for exchange in talk.named('_pillar'):
        encryption, signing = algorithms(exchange)
        answer = payload.unpack(raw(exchange['reply']))
        key = talk.minion.decrypt(answer[b'key'], encryption)
        assert key.decode('ascii') == exchange['pillar_key']
        pillar = Crypticle(key).loads(answer[b'pillar'])
        assert as_recorded(pillar) == exchange['reply_inner']
        if talk.version:
            talk.master.public.verify(pillar[b'data'], pillar[b'sig'], signing)
            assert talk.master.sign(pillar[b'data'], signing) == pillar[b'sig']
            signed = payload.unpack(pillar[b'data'])
            assert signed[b'key'] == answer[b'key']
            assert as_recorded(signed[b'nonce']) == exchange['request_load']['nonce']
            pillar = signed[b'pillar']
        assert as_recorded(pillar) == exchange['pillar']


# ---- transcripts: what the master published

def read_publish(talk, frames, key):
    """The decrypted map of a publish, its signature checked and made again."""
    assert len(frames) == 1
    package = payload.unpack(raw(frames[0]))
    algorithm = package.get(b'sig_algo', b'PKCS1v15-SHA1')
    talk.master.public.verify(package[b'load'], package[b'sig'], algorithm)
    assert talk.master.sign(package[b'load'], algorithm) == package[b'sig']
    return as_recorded(Crypticle(key).loads(package[b'load']))


def test_publishes(talk):
    assert len(talk.publishes) > 3
    for publish in talk.publishes:
        load = read_publish(talk, publish['frames'], publish['aes'])
        assert load == publish['load']
        assert ('serial' in load) == (talk.version > 0)


def test_publish_after_key_rotation(talk):
    for exchange in talk.exchanges:
        if 'publish_that_could_not_be_read' in exchange:
            frames = exchange['publish_that_could_not_be_read']
            assert read_publish(talk, frames, exchange['aes']) == exchange['that_publish_decrypted_with_the_new_aes']
            for before in set(each['aes'] for each in talk.publishes) - set([exchange['aes']]):
                with pytest.raises(CrypticleError):
                    read_publish(talk, frames, before)
