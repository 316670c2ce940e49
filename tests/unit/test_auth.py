"""The sign-in: answers recorded from real masters, and each check against an answer that fails just it."""
from __future__ import absolute_import, division, print_function

import base64
import hashlib
import json
import os

import pytest

from minion import auth, credentials, crypticle, errors, keys, payload, pki, protocol, trust
from tests.support import testkeys

VECTORS = os.path.join(os.path.dirname(os.path.dirname(__file__)), 'data', 'vectors')
VERSIONS = ['2016.11.10', '2019.2.8', '3000.9', '3004.2', '3006.24', '3007.13', '3008.3']
NONCE = '0123456789abcdef' * 2
MINION, MASTER, OTHER, SIGN = (testkeys.private(name) for name in ('minion', 'master', 'other', 'sign'))
RULES = auth.Rules(2, '', 'sha256', False, False, False, None)
AES, SESSION = crypticle.new_key(), crypticle.new_key()


def identity(private=MINION, sig_algo='PKCS1v15-SHA1', enc_algo='OAEP-SHA1'):
    return protocol.Identity('web1', private, private.public.pem, private.sign_x931(b'salt'), enc_algo, sig_algo)


def signer(folder, rules=RULES, pinned=None, **kind):
    store = trust.Trust(str(folder))
    if pinned is not None:
        store.pin(pinned)
    return auth.SignIn(identity(**kind), store, rules), store


# ---- recorded answers

def exchanges(version):
    with open(os.path.join(VECTORS, 'transcript-%s.json' % version)) as stream:
        recorded = json.load(stream)
    named = {}
    for exchange in recorded['exchanges']:
        named.setdefault(exchange['name'], exchange)
    return recorded['keys'], named


@pytest.mark.parametrize('version', VERSIONS)
def test_a_recorded_first_contact_is_accepted_and_pins_the_key(version, tmpdir):
    pems, named = exchanges(version)
    found = named['sign_in_first_accepted']
    private = keys.PrivateKey.from_pem(pems['minion_private_pem'])
    signing, store = signer(tmpdir, RULES._replace(minimum_version=0), private=private)
    request = payload.to_text_tree(payload.unpack(base64.b64decode(found['request'])))
    grant = signing.read(base64.b64decode(found['reply']), request['load'].get('nonce', NONCE))
    assert grant.aes.decode() == found['aes']
    assert grant.generation.number == (3 if found.get('session') else 2 if found['signed'] else 0)
    assert grant.session == (found['session'].encode() if found.get('session') else None)
    assert store.master_key() == keys.PublicKey.from_pem(pems['master_public_pem'])
    assert store.version(store.master_key()) == grant.generation.number


@pytest.mark.parametrize('version', VERSIONS)
def test_recorded_verdicts_are_named_outcomes(version, tmpdir):
    pems, named = exchanges(version)
    master = keys.PublicKey.from_pem(pems['master_public_pem'])
    rules = RULES._replace(minimum_version=0)
    for name, outcome in (('sign_in_pending', errors.KeyPending), ('sign_in_rejected', errors.KeyRejected)):
        if name not in named:
            assert version == '2016.11.10'          # the one recording without a rejected key
            continue
        signing, _ = signer(tmpdir.mkdir(name), rules, pinned=master)
        request = payload.to_text_tree(payload.unpack(base64.b64decode(named[name]['request'])))
        with pytest.raises(outcome) as caught:
            signing.read(base64.b64decode(named[name]['reply']), request['load'].get('nonce', NONCE))
        if outcome is errors.KeyRejected:
            assert caught.value.signed == bool(named[name]['signed'])


def test_what_we_ask_is_what_the_newest_reference_asks(tmpdir):
    signing, _ = signer(tmpdir)
    asked = payload.to_text_tree(payload.unpack(signing.request(NONCE)))
    assert asked == {'enc': 'clear', 'version': 3, 'load': {
        'cmd': '_auth', 'id': 'web1', 'nonce': NONCE, 'pub': MINION.public.pem,
        'enc_algo': 'OAEP-SHA1', 'sig_algo': 'PKCS1v15-SHA1'}}


def test_a_token_and_autosign_grains_go_along_where_they_should(tmpdir):
    signing, _ = signer(tmpdir, RULES._replace(autosign_grains={'uuid': 'x'}), pinned=MASTER.public)
    load = payload.unpack(signing.request(NONCE))[b'load']
    assert len(MASTER.decrypt(load[b'token'], 'OAEP-SHA1')) == 76
    assert load[b'autosign_grains'] == {b'uuid': b'x'}


# ---- answers made here

class Answer(object):
    """An accepted answer that can be spoilt in one place."""

    def __init__(self, signing, master=MASTER, generation=3, token=True, nonce=NONCE, sig='PKCS1v15-SHA1', oaep='OAEP-SHA1'):
        self.master, self.sig_algo = master, sig
        public = MINION.public
        self.inner = {
            'enc': 'pub', 'pub_key': master.public.pem, 'publish_port': 4505, 'aes': public.encrypt(AES.encode(), oaep),
            'sig': master.sign_x931(hashlib.sha256(AES.encode()).hexdigest().encode())}
        if generation >= 2:
            self.inner['nonce'] = nonce
        if generation >= 3:
            self.inner['session'] = public.encrypt(SESSION.encode(), oaep)
        if token:
            self.inner['token'] = public.encrypt(signing._token, oaep)
        self.generation = generation

    def frame(self, spoil_signature=False):
        if self.generation == 0:
            return payload.pack(self.inner)
        load = payload.pack(self.inner)
        signature = self.master.sign(load, self.sig_algo)
        if spoil_signature:
            signature = signature[:-1] + bytes(bytearray([bytearray(signature)[-1] ^ 1]))
        return payload.pack({'enc': 'clear', 'load': load, 'sig': signature})


def refused(signing, frame, kind, words, nonce=NONCE):
    with pytest.raises(kind) as caught:
        signing.read(frame, nonce)
    assert words in str(caught.value)
    assert '\n' not in str(caught.value)


def test_each_generation_is_recognised(tmpdir):
    for generation in (0, 2, 3):
        folder = tmpdir.mkdir(str(generation))
        signing, _ = signer(folder, RULES._replace(minimum_version=0), pinned=MASTER.public)
        grant = signing.read(Answer(signing, generation=generation).frame(), NONCE)
        assert (grant.generation.number, grant.aes) == (generation, AES.encode())


def test_sha224_where_it_is_asked_for(tmpdir):
    signing, _ = signer(tmpdir, pinned=MASTER.public, sig_algo='PKCS1v15-SHA224', enc_algo='OAEP-SHA224')
    grant = signing.read(Answer(signing, sig='PKCS1v15-SHA224', oaep='OAEP-SHA224').frame(), NONCE)
    assert grant.session == SESSION.encode()


def test_checks_of_an_accepted_answer(tmpdir):
    signing, store = signer(tmpdir, pinned=MASTER.public)
    refused(signing, Answer(signing).frame(spoil_signature=True), errors.UntrustedMaster, 'signature check')
    refused(signing, Answer(signing, nonce='f' * 32).frame(), errors.UntrustedMaster, 'nonce check')
    refused(signing, Answer(signing, token=False).frame(), errors.UntrustedMaster, 'token check')
    wrong = Answer(signing)
    wrong.inner['token'] = MINION.public.encrypt(b'x' * 76, 'OAEP-SHA1')
    refused(signing, wrong.frame(), errors.UntrustedMaster, 'token check')
    wrong = Answer(signing)
    wrong.inner['sig'] = MASTER.sign_x931(b'0' * 64)
    refused(signing, wrong.frame(), errors.UntrustedMaster, 'digest check')
    refused(signing, Answer(signing, master=OTHER).frame(), errors.UntrustedMaster, 'key has changed')
    wrong = Answer(signing)
    wrong.inner['publish_port'] = 0
    refused(signing, wrong.frame(), errors.UntrustedMaster, 'publish_port')
    wrong = Answer(signing)
    wrong.inner['pub_key'] = 'no key'
    refused(signing, wrong.frame(), errors.UntrustedMaster, 'no usable master key')
    wrong = Answer(signing)
    wrong.inner['session'] = b'short'
    refused(signing, wrong.frame(), errors.UntrustedMaster, 'session')
    assert store.master_key() == MASTER.public
    assert signing.read(Answer(signing).frame(), NONCE).aes == AES.encode()


def test_nothing_is_pinned_before_all_checks_hold(tmpdir):
    signing, store = signer(tmpdir)
    refused(signing, Answer(signing, nonce='f' * 32, token=False).frame(), errors.UntrustedMaster, 'nonce check')
    assert store.master_key() is None


def test_master_finger(tmpdir):
    finger = keys.fingerprint(MASTER.public.pem, 'sha256')
    signing, store = signer(tmpdir, RULES._replace(master_finger='00:11'))
    refused(signing, Answer(signing, token=False).frame(), errors.FingerprintMismatch, 'master_finger')
    assert store.master_key() is None
    signing, store = signer(tmpdir, RULES._replace(master_finger=finger.upper()))
    assert signing.read(Answer(signing, token=False).frame(), NONCE).generation.number == 3


@pytest.mark.parametrize('ending', ['', '\n'])
def test_master_finger_as_a_3008_master_shows_it(tmpdir, ending):
    finger = keys.text_fingerprint(MASTER.public.pem + ending, 'sha256')
    signing, _ = signer(tmpdir, RULES._replace(master_finger=finger))
    refused(signing, Answer(signing, master=OTHER, token=False).frame(), errors.FingerprintMismatch, 'master_finger')
    assert signing.read(Answer(signing, token=False).frame(), NONCE).generation.number == 3


def test_a_changed_key_is_taken_when_master_finger_names_it(tmpdir):
    finger = keys.fingerprint(OTHER.public.pem, 'sha256')
    signing, store = signer(tmpdir, RULES._replace(master_finger=finger), pinned=MASTER.public)
    signing.read(Answer(signing, master=OTHER, token=False).frame(), NONCE)
    assert store.master_key() == OTHER.public


def test_unsigned_answers(tmpdir):
    signing, store = signer(tmpdir)
    answer = Answer(signing, generation=0, token=False).frame()
    refused(signing, answer, errors.UnsignedAnswer, 'minimum_auth_version: 0')
    relaxed, store = signer(tmpdir, RULES._replace(minimum_version=0))
    assert relaxed.read(answer, NONCE).generation.number == 0
    store.note_version(MASTER.public, 2)
    refused(relaxed, answer, errors.UnsignedAnswer, 'has signed before')


def test_a_downgrade_is_refused(tmpdir):
    signing, store = signer(tmpdir, pinned=MASTER.public)
    signing.read(Answer(signing).frame(), NONCE)
    refused(signing, Answer(signing, generation=2).frame(), errors.UntrustedMaster, 'downgrade')
    strict, _ = signer(tmpdir.mkdir('strict'), RULES._replace(minimum_version=3))
    refused(strict, Answer(strict, generation=2, token=False).frame(), errors.UntrustedMaster, 'minimum_auth_version')


def pub_sig(key, pem, algorithm='PKCS1v15-SHA1'):
    return base64.b64encode(key.sign(pem.encode(), algorithm)) + b'\n'


def test_verify_master_pubkey_sign(tmpdir):
    rules = RULES._replace(verify_sign=True)
    signing, store = signer(tmpdir, rules)
    unsigned = Answer(signing, token=False)
    refused(signing, unsigned.frame(), errors.UntrustedMaster, 'master_sign_pubkey')
    signed = Answer(signing, token=False)
    signed.inner['pub_sig'] = pub_sig(SIGN, MASTER.public.pem)
    with pytest.raises(errors.KeyFileError):
        signing.read(signed.frame(), NONCE)
    tmpdir.join('master_sign.pub').write(SIGN.public.pem)
    assert signing.read(signed.frame(), NONCE).generation.number == 3
    replaced = Answer(signing, master=OTHER, token=False)
    replaced.inner['pub_sig'] = pub_sig(OTHER, OTHER.public.pem)
    refused(signing, replaced.frame(), errors.UntrustedMaster, 'is not signed by the key')
    replaced.inner['pub_sig'] = pub_sig(SIGN, OTHER.public.pem)
    signing.read(replaced.frame(), NONCE)
    assert store.master_key() == OTHER.public
    plain, _ = signer(tmpdir.mkdir('plain'))
    refused(plain, signed.frame(), errors.UntrustedMaster, 'verify_master_pubkey_sign')


def test_always_verify_signature(tmpdir):
    tmpdir.join('master_sign.pub').write(SIGN.public.pem)
    answer = None
    for always, outcome in ((False, True), (True, False)):
        signing, _ = signer(tmpdir, RULES._replace(verify_sign=True, always_verify=always), pinned=MASTER.public)
        answer = Answer(signing)
        answer.inner['pub_sig'] = pub_sig(OTHER, MASTER.public.pem)
        if outcome:
            assert signing.read(answer.frame(), NONCE)
        else:
            refused(signing, answer.frame(), errors.UntrustedMaster, 'is not signed by the key')


def test_open_mode_takes_another_key_and_leaves_the_file(tmpdir):
    signing, store = signer(tmpdir, RULES._replace(open_mode=True), pinned=MASTER.public)
    grant = signing.read(Answer(signing, master=OTHER, token=False).frame(), NONCE)
    assert grant.master_key == OTHER.public
    assert store.master_key() == MASTER.public


def verdict(ret, master=None, nonce=NONCE):
    inner = {'ret': ret, 'nonce': nonce}
    if master is None:
        return payload.pack({'enc': 'clear', 'load': {'ret': ret}})
    load = payload.pack(inner)
    return payload.pack({'enc': 'clear', 'load': load, 'sig': master.sign(load, 'PKCS1v15-SHA1')})


def test_verdicts(tmpdir):
    signing, _ = signer(tmpdir, pinned=MASTER.public)
    refused(signing, verdict(True, MASTER), errors.KeyPending, 'waits')
    refused(signing, verdict('full', MASTER), errors.MasterFull, 'max_minions')
    refused(signing, verdict(False, MASTER), errors.KeyRejected, 'rejected')
    refused(signing, verdict(False, OTHER), errors.UntrustedMaster, 'signature check')
    refused(signing, verdict(False, MASTER, nonce='f' * 32), errors.UntrustedMaster, 'nonce check')
    refused(signing, verdict(False), errors.UnsignedAnswer, 'not signed')
    refused(signing, verdict('bad enc algo'), errors.BadAlgorithm, 'encryption_algorithm')
    refused(signing, verdict('bad sig algo'), errors.BadAlgorithm, 'signing_algorithm')
    refused(signing, payload.pack('bad load'), errors.SignInRefused, 'bad load')
    refused(signing, b'Some exception handling minion payload', errors.SignInRefused, 'Some exception')
    refused(signing, payload.pack({'error': 'Routing error'}), errors.SignInRefused, 'Routing error')
    refused(signing, payload.pack(None), errors.SignInRefused, 'answered')


def test_only_a_signed_rejection_by_the_pinned_key_counts_as_signed(tmpdir):
    for pinned, frame, signed in ((MASTER.public, verdict(False, MASTER), True), (None, verdict(False, MASTER), False)):
        signing, _ = signer(tmpdir.mkdir(str(signed)), pinned=pinned)
        with pytest.raises(errors.KeyRejected) as caught:
            signing.read(frame, NONCE)
        assert caught.value.signed is signed


def test_a_damaged_memory_of_the_master_is_set_aside(tmpdir):
    signing, _ = signer(tmpdir, pinned=MASTER.public)
    signing.read(Answer(signing).frame(), NONCE)
    tmpdir.join('minion_master.seen').write('{"broken')
    again, store = signer(tmpdir)
    assert again.read(Answer(again).frame(), NONCE).generation.number == 3
    assert [path.basename for path in tmpdir.listdir() if '.corrupt-' in path.basename]
    assert store.version(MASTER.public) == 3


# ---- a torn minion_master.pub

def pinned_file(tmpdir):
    return tmpdir.join('minion_master.pub')


@pytest.mark.parametrize('content', [b'', b'\0' * 400, b'-----BEGIN PUBLIC KEY-----\nMIIB', b'\xff\xfe'],
                         ids=['empty', 'nuls', 'half', 'bytes'])
def test_the_key_that_signed_in_last_is_put_back(tmpdir, content, caplog):
    store = trust.Trust(str(tmpdir))
    store.pin(MASTER.public)
    store.note_version(OTHER.public, 2)
    store.note_version(MASTER.public, 3)
    pinned_file(tmpdir).write_binary(content)
    again = trust.Trust(str(tmpdir))
    assert again.master_key() == MASTER.public and 'restored' in caplog.text
    assert pki.load_master_key(str(pinned_file(tmpdir))) == MASTER.public
    assert again.version(OTHER.public) == 2              # what it has shown is not forgotten


@pytest.mark.parametrize('change', [
    lambda entry: entry.pop('pem'), lambda entry: entry.update(pem='garbage'),
    lambda entry: entry.update(pem=OTHER.public.pem), lambda entry: entry.update(pem=7)],
    ids=['no key', 'garbage', 'another key', 'a number'])
def test_without_a_sound_memory_the_torn_key_is_an_error(tmpdir, change):
    store = trust.Trust(str(tmpdir))
    store.note_version(MASTER.public, 3)
    seen = json.loads(tmpdir.join('minion_master.seen').read())
    change(seen[MASTER.public.fingerprint()])
    tmpdir.join('minion_master.seen').write(json.dumps(seen))
    pinned_file(tmpdir).write('')
    with pytest.raises(errors.KeyFileError):
        trust.Trust(str(tmpdir)).master_key()


def test_a_missing_pinned_key_is_a_first_contact(tmpdir):
    """An operator who removes the file wants the master's key to be learnt anew."""
    store = trust.Trust(str(tmpdir))
    store.pin(MASTER.public)
    store.note_version(MASTER.public, 3)
    pinned_file(tmpdir).remove()
    assert trust.Trust(str(tmpdir)).master_key() is None


@pytest.mark.parametrize('text', ['[' * 100000, '[]', '{"a": []}', '{"a": {"version": "3", "signs": true}}', '7', '\0'],
                         ids=['deep', 'list', 'entry', 'version', 'number', 'nul'])
def test_a_memory_of_another_shape_is_set_aside(tmpdir, text):
    tmpdir.join('minion_master.seen').write(text)
    assert trust.Trust(str(tmpdir)).version(MASTER.public) == 0
    assert [path for path in tmpdir.listdir() if '.corrupt-' in path.basename]


def test_the_proof_is_made_once_when_it_is_asked_for():
    class Private(object):
        asked = []

        def sign_x931(self, message):
            self.asked.append(message)
            return b'proof'
    settings = {'encryption_algorithm': 'OAEP-SHA1', 'signing_algorithm': 'PKCS1v15-SHA1', 'minion_sign_messages': False}
    found = credentials.identity_of(settings, 'web1', pki.KeyPair(Private(), 'PEM'))
    assert Private.asked == []
    assert [found.token(), found.token()] == [b'proof', b'proof'] and Private.asked == [b'salt']
    assert found._replace(proof=b'bytes').token() == b'bytes'
