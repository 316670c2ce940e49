"""Whatever comes as an answer to the sign-in ends in a SignInError or in keys that can be used."""
from __future__ import absolute_import, division, print_function

import hashlib
import os

from hypothesis import given, strategies as some

from minion import auth, crypticle, errors, payload, protocol, trust
from tests.support import fuzz, testkeys

NONCE = '0123456789abcdef' * 2
MASTER, MINION = testkeys.private('small-master'), testkeys.private('small-minion')
IDENTITY = protocol.Identity('web1', MINION, MINION.public.pem, MINION.sign_x931(b'salt'), 'OAEP-SHA1', 'PKCS1v15-SHA1')
AES, SESSION = crypticle.new_key(), crypticle.new_key()
RULES = auth.Rules(2, '', 'sha256', False, False, False, None)
ALL_RULES = [RULES, RULES._replace(minimum_version=0), RULES._replace(minimum_version=0, open_mode=True),
             RULES._replace(master_finger='00:11'), RULES._replace(verify_sign=True)]
SIGN_IN = ('enc', 'load', 'sig', 'pub_key', 'publish_port', 'aes', 'token', 'session', 'nonce', 'ret', 'pub_sig',
           'cluster_retry', 'error', 'msg')
ACCEPTED = {'enc': 'pub', 'pub_key': MASTER.public.pem, 'publish_port': 4505, 'nonce': NONCE,
            'aes': MINION.public.encrypt(AES.encode(), 'OAEP-SHA1'),
            'session': MINION.public.encrypt(SESSION.encode(), 'OAEP-SHA1'),
            'sig': MASTER.sign_x931(hashlib.sha256(AES.encode()).hexdigest().encode())}


def signed(inner):
    load = payload.pack(inner)
    return {'enc': 'clear', 'load': load, 'sig': MASTER.sign(load, 'PKCS1v15-SHA1')}


def sealed(plain):
    return MINION.public.encrypt(plain, 'OAEP-SHA1')


def read_sign_in(frame, rules, pinned):
    """Read an answer as a minion with nothing on disk, or with the master's key, would."""
    with fuzz.folder() as folder:
        store = trust.Trust(folder)
        if pinned:
            fuzz.put(store.key_path, MASTER.public.pem.encode())
        if rules.verify_sign:
            fuzz.put(os.path.join(folder, 'master_sign.pub'), testkeys.private('sign').public.pem.encode())
        known = sorted(os.listdir(folder))
        try:
            grant = auth.SignIn(IDENTITY, store, rules).read(frame, NONCE)
        except errors.SignInError as exc:
            fuzz.one_line(exc)
            assert sorted(os.listdir(folder)) == known          # nothing was learnt from it
            return None
        crypticle.Crypticle(grant.aes)
        assert grant.session is None or crypticle.Crypticle(grant.session)
        assert 0 < grant.publish_port < 65536 and isinstance(grant.publish_port, int)
        return grant


def test_the_answer_that_is_spoilt_below_is_a_good_one():
    assert read_sign_in(payload.pack(signed(ACCEPTED)), RULES, False).aes == AES.encode()


@fuzz.examples(80)
@given(fuzz.FRAMES, some.sampled_from(ALL_RULES), some.booleans())
def test_any_bytes_as_sign_in(frame, rules, pinned):
    assert read_sign_in(frame, rules, pinned) is None


@fuzz.examples(80)
@given(fuzz.odd_map(SIGN_IN, some.one_of(fuzz.TREES, fuzz.odd_map(SIGN_IN))), some.sampled_from(ALL_RULES),
       some.booleans())
def test_any_map_as_sign_in(outer, rules, pinned):
    assert read_sign_in(payload.pack(outer), rules, pinned) is None


def test_a_session_key_that_is_none_is_found_out_before_the_master_is_pinned():
    spoilt = dict(ACCEPTED, session=sealed(b'too short'))
    assert read_sign_in(payload.pack(signed(spoilt)), RULES, False) is None


FIELDS = some.one_of(fuzz.TREES, fuzz.BYTES.filter(lambda some: len(some) < 60).map(sealed),
                     some.just(MASTER.sign_x931(b'0' * 64)), some.just(testkeys.private('other').public.pem))


@fuzz.examples(80)
@given(fuzz.changes(SIGN_IN, FIELDS), some.booleans(), some.sampled_from(ALL_RULES), some.booleans())
def test_any_answer_under_the_masters_own_signature(wanted, generation_0, rules, pinned):
    inner = fuzz.changed(ACCEPTED, wanted)
    read_sign_in(payload.pack(inner if generation_0 else signed(inner)), rules, pinned)


@fuzz.examples(60)
@given(fuzz.changes(('enc', 'load', 'sig'), FIELDS), some.sampled_from(ALL_RULES), some.booleans())
def test_any_envelope_of_a_good_answer(wanted, rules, pinned):
    read_sign_in(payload.pack(fuzz.changed(signed(ACCEPTED), wanted)), rules, pinned)


@fuzz.examples(60)
@given(fuzz.DAMAGE, some.booleans())
def test_any_damage_to_a_good_answer(cuts, pinned):
    good = signed(ACCEPTED)
    spoilt = fuzz.damaged(payload.pack(good), cuts)
    if read_sign_in(spoilt, RULES, pinned) is not None:
        assert payload.unpack(spoilt)[b'load'] == good['load']           # what is signed was not hit
