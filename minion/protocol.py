"""The generations of the wire protocol, one object each: what a request carries and how its answer is read.

Generation 0: masters 2016.11 to 3000; 2: 3004 and the first 3006; 3: 3006.12 and later (PROTOCOL sections 6 and 11).
Each master gets only the fields of its own generation: extra ones break old masters.
"""
from __future__ import absolute_import, division, print_function

import binascii
import os
from collections import OrderedDict

from minion import compat, crypticle, errors, payload
from minion.record import record

SHA1_OAEP, SHA1_SIGNATURE = 'OAEP-SHA1', 'PKCS1v15-SHA1'
NEWEST = 3

# Commands whose load carries `id` and `tok` before generation 3, which has them in every load.
PROVEN = frozenset(('_minion_event', '_mine', '_mine_get', '_mine_delete', '_mine_flush', '_ext_nodes', '_master_tops',
                    '_file_recv', 'minion_pub', 'minion_publish', 'pub_ret', 'minion_runner', 'revoke_auth'))



class Identity(record('Identity', 'minion_id private pem proof enc_algo sig_algo signs')):
    """Who we are on the wire: id, PrivateKey, public PEM as sent, X9.31 proof, algorithm names of version 3.

    proof: bytes, or a function that gives them.  signs: with `minion_sign_messages` what SIGNED lists carries a signature.
    """
    __slots__ = ()
    _defaults = {'signs': False}

    def token(self):
        """The bytes of the proof."""
        return self.proof() if callable(self.proof) else self.proof


SIGNED = frozenset(('_return', '_minion_event'))
UNSIGNED = ('tok', 'nonce', 'sig')               # fields that masters take out before they check the signature


def new_nonce():
    """32 lower-case hex digits, never used before."""
    return compat.to_native(binascii.hexlify(os.urandom(16)))


class Generation0(object):
    """Unsigned answers, one AES key for everything, no nonce."""
    number = 0

    def algorithms(self, identity):
        """(encryption, signature) names in force with this master."""
        return SHA1_OAEP, SHA1_SIGNATURE

    def crypticle(self, session):
        """The Crypticle that requests and their answers use."""
        return session.publish_crypticle

    def nonce(self):
        """A nonce for one request, None where the generation has none."""
        return None

    def dress(self, load, identity, nonce, now):
        """The load with what this generation adds to it."""
        dressed = dict(load)
        if load.get('cmd') in PROVEN:
            dressed.update(id=identity.minion_id, tok=identity.token())
        return dressed

    def envelope(self, sealed, identity):
        """The outer map around an encrypted load."""
        return {'enc': 'aes', 'load': sealed}


class Generation2(Generation0):
    """Signed answers and nonces; still one AES key for all minions."""
    number = 2

    def nonce(self):
        return new_nonce()

    def dress(self, load, identity, nonce, now):
        dressed = Generation0.dress(self, load, identity, nonce, now)
        dressed['nonce'] = nonce
        return dressed

    def envelope(self, sealed, identity):
        return {'enc': 'aes', 'load': sealed, 'version': 2}


class Generation3(Generation2):
    """A session key of our own; id, time and proof in every load; algorithms negotiated."""
    number = 3

    def algorithms(self, identity):
        return identity.enc_algo, identity.sig_algo

    def crypticle(self, session):
        return session.session_crypticle

    def dress(self, load, identity, nonce, now):
        return dict(load, nonce=nonce, ts=int(now), tok=identity.token(), id=identity.minion_id)

    def envelope(self, sealed, identity):
        return {'enc': 'aes', 'load': sealed, 'version': 3, 'id': identity.minion_id,
                'enc_algo': identity.enc_algo, 'sig_algo': identity.sig_algo}


GENERATIONS = {0: Generation0(), 2: Generation2(), 3: Generation3()}


def seal(session, identity, load, now):
    """Encrypt one request for the session's master.

    :param dict load: `cmd` and the fields of docs/protocol.md section 6.3.  :param float now: Unix seconds.
    :return tuple: (frame bytes, nonce that the answer must show or None).  :raises BadPayload: the load cannot be packed.
    """
    generation = session.generation
    nonce = generation.nonce()
    dressed = generation.dress(load, identity, nonce, now)
    if identity.signs and load.get('cmd') in SIGNED:
        dressed = signed(dressed, identity.private, generation.algorithms(identity)[1])
    sealed = generation.crypticle(session).dumps(dressed)
    return payload.pack_known(generation.envelope(sealed, identity)), nonce


def signed(load, private, algorithm):
    """The load with `sig` behind all else (PROTOCOL section 6.5): over what a master makes of the rest of it.

    :raises BadPayload: the load cannot be packed.
    """
    ordered = OrderedDict(load)                  # a master signs in the order in which the fields came
    bare = OrderedDict(item for item in ordered.items() if item[0] not in UNSIGNED)
    ordered['sig'] = private.sign(payload.repacked(bare), algorithm)
    return ordered


def open_answer(session, frame, nonce):
    """The object inside an encrypted answer, strings as bytes.

    :raises RequestRefused: the master answered with a refusal, or with what does not authenticate under our keys.
    """
    answer = unpack_answer(frame)
    if not isinstance(answer, bytes):
        raise errors.RequestRefused(refusal_text(answer))
    try:
        return session.generation.crypticle(session).loads(
            answer, None if nonce is None else compat.to_bytes(nonce))
    except errors.CrypticleError as exc:
        raise errors.RequestRefused(refusal_text(answer, exc.reason))


def unpack_answer(frame):
    """The outer object of an answer; 2016.11 sends some refusals as bare text, which is no msgpack."""
    try:
        return payload.unpack(frame)
    except errors.BadPayload:
        return bytes(frame[:200])


def refusal_text(answer, reason='not understood'):
    """A short printable text of a plain answer, for the log."""
    if isinstance(answer, dict):
        answer = answer.get(b'error') or answer.get(b'msg') or b'an unexpected map'
    if isinstance(answer, bytes) and 0 < len(answer) < 200:
        text = answer.decode('ascii', 'replace')
        if all(' ' <= char <= '~' for char in text):
            return compat.to_native(text)
    return 'an answer that does not hold (%s)' % reason


def open_private(session, identity, frame, nonce):
    """The pillar inside the private answer of `_pillar`, strings as bytes (docs/protocol.md section 6.4).

    :raises RequestRefused: a refusal, or any check of key, signature or nonce that fails.
    """
    answer = unpack_answer(frame)
    if not isinstance(answer, dict) or b'key' not in answer or b'pillar' not in answer:
        raise errors.RequestRefused(refusal_text(answer, 'no private answer'))
    encryption, signature = session.generation.algorithms(identity)
    try:
        key = identity.private.decrypt(answer[b'key'], encryption)
        inside = crypticle.Crypticle(key).loads(answer[b'pillar'])
        if session.generation.number < 2:
            return _pillar_map(inside)
        session.master_key.verify(inside[b'data'], inside[b'sig'], signature)
        signed = payload.unpack(inside[b'data'])
        if signed[b'key'] != answer[b'key'] or signed[b'nonce'] != compat.to_bytes(nonce):
            raise errors.RequestRefused('a pillar that was not made for this request')
        return _pillar_map(signed[b'pillar'])
    except (errors.WireError, errors.KeyFileError, KeyError, TypeError) as exc:
        raise errors.RequestRefused('a pillar that does not hold (%s)' % (type(exc).__name__,))


def _pillar_map(pillar):
    if not isinstance(pillar, dict):
        raise errors.RequestRefused('a pillar that is no map')
    return pillar
