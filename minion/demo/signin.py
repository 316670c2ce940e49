"""The master's side of `_auth` (docs/protocol.md section 5): the verdict on a key, and the keys for who is accepted."""
from __future__ import absolute_import, division, print_function

import binascii
import hashlib

from minion import compat, errors, keys, payload
from minion.demo import envelope as outer
from minion.demo import keystore as states


class SignIn(object):
    """:param int generation: 0, 2 or 3.  :param dict settings: of the Master.
    :param Secrets secrets:  :param KeyStore store:
    :param callable shape: shape(stage, value, load) -> value; stages 'sign-in' (inner map) and 'signed sign-in'.
    """

    def __init__(self, generation, settings, secrets, store, shape):
        self._generation, self._settings = generation, settings
        self._secrets, self._store, self._shape = secrets, store, shape

    def answer(self, envelope):
        """The object to send back in clear for one sign-in.

        :raises Refused: a plain refusal.  :raises NoAnswer: a real master would not answer.
        """
        load = payload.to_text_tree(envelope.load, keep=('token',))
        minion_id = self._checked_id(load.get('id'))
        signed = envelope.version >= 2
        if signed and 'nonce' not in load:
            raise outer.NoAnswer() if self._generation == 2 else outer.Refused(
                'Some exception handling minion payload')
        verdict = self._verdict(minion_id, compat.to_native(load.get('pub') or ''))
        if verdict == states.ACCEPTED:
            inner = self._accept(minion_id, load)
        else:
            inner = {'ret': verdict}
        return self._sealed(inner, load, signed)

    def _checked_id(self, minion_id):
        if not compat.is_text(minion_id):
            raise outer.Refused('bad load: id %r is not a string' % (minion_id,))
        if u'\0' in minion_id:
            raise outer.Refused('bad load: id contains a null byte')
        return compat.to_native(minion_id)

    def _verdict(self, minion_id, pem):
        """ACCEPTED, or the `ret` that goes to the minion: True (pending), False or 'full'."""
        store = self._store
        if not states.valid_id(minion_id):
            return False
        limit, accepted = self._settings['max_minions'], store.ids(states.ACCEPTED)
        if limit and len(accepted) >= limit and minion_id not in accepted:
            return 'full'
        state = store.state(minion_id)
        if state == states.REJECTED:
            return False
        if state is not None and not self._same(store.pem(state, minion_id), pem):
            store.put(states.DENIED, minion_id, pem)
            return False
        if state == states.ACCEPTED:
            return states.ACCEPTED
        store.put(states.PENDING, minion_id, pem)
        if not self._settings['auto_accept']:
            return True
        store.move(minion_id, states.ACCEPTED)
        return states.ACCEPTED

    def _same(self, stored, received):
        """Masters before generation 3 compare the text literally."""
        if self._generation == 3:
            stored, received = stored.replace('\r\n', '\n').strip(), received.replace('\r\n', '\n').strip()
        return stored == received

    def _algorithms(self, load):
        """(encryption, signature) of this sign-in."""
        if self._generation < 3:
            return outer.SHA1_OAEP, outer.SHA1_SIGNATURE
        return (compat.to_native(load.get('enc_algo', outer.SHA1_OAEP)),
                compat.to_native(load.get('sig_algo', outer.SHA1_SIGNATURE)))

    def _accept(self, minion_id, load):
        """The accept map, section 5.3."""
        encryption, signature = self._algorithms(load)
        if encryption not in outer.ENCRYPTIONS:
            raise outer.Refused(self._unknown_encryption(load))
        try:
            public = keys.PublicKey.from_pem(load['pub'])
        except errors.KeyFileError:
            return {'ret': False}
        pub_key = self._secrets.key.public.pem
        inner = {'enc': 'pub', 'pub_key': pub_key, 'publish_port': self._settings['publish_port']}
        self._add_keys(inner, public, encryption, self._token(load, encryption))
        if self._generation == 3:
            session = compat.to_bytes(self._secrets.session(minion_id))
            inner['session'] = public.encrypt(session, encryption)
        if self._secrets.signing_key is not None:
            proof = self._secrets.signing_key.sign(compat.to_bytes(pub_key), signature)
            inner['pub_sig'] = binascii.b2a_base64(proof)
        return inner

    def _unknown_encryption(self, load):
        if 'token' in load:
            return {'enc': 'clear', 'load': {'ret': 'bad enc algo'}}
        return 'Some exception handling minion payload'

    def _token(self, load, encryption):
        """The minion's token in plain; None if it sent none or one that was made for another master key."""
        if not isinstance(load.get('token'), bytes):
            return None
        try:
            return self._secrets.key.decrypt(load['token'], encryption)
        except errors.PaddingError:
            return None

    def _add_keys(self, inner, public, encryption, token):
        """`aes`, `token` and the inner `sig`."""
        plain = compat.to_bytes(self._secrets.aes)
        if token is not None:
            if self._settings['auth_mode'] >= 2:
                plain += b'_|-' + token
            else:
                inner['token'] = public.encrypt(token, encryption)
        inner['aes'] = public.encrypt(plain, encryption)
        inner['sig'] = self._secrets.key.sign_x931(compat.to_bytes(hashlib.sha256(plain).hexdigest()))

    def _sealed(self, inner, load, signed):
        if signed:
            inner['nonce'] = load['nonce']
        inner = self._shape('sign-in', inner, load)
        if not signed:
            whole = inner if 'aes' in inner else {'enc': 'clear', 'load': inner}
            return self._shape('signed sign-in', whole, load)
        signature = self._algorithms(load)[1]
        if signature not in outer.SIGNATURES:
            raise outer.Refused({'enc': 'clear', 'load': {'ret': 'bad sig algo'}})
        body = payload.pack(inner)
        whole = {'enc': 'clear', 'load': body, 'sig': self._secrets.key.sign(body, signature)}
        return self._shape('signed sign-in', whole, load)
