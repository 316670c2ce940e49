"""The master's side of encrypted requests (docs/protocol.md section 6): what opens them, who may ask, how to seal answers."""
from __future__ import absolute_import, division, print_function

import logging
import time

from minion import compat, errors, payload
from minion.crypticle import Crypticle, new_key
from minion.demo import envelope as outer

log = logging.getLogger(__name__)

# Fields that stay bytes, by command; everything else that is UTF-8 becomes text.
BINARY = {'_file_recv': ('tok', 'sig', 'data')}
PROOF_NEEDED = frozenset(('_minion_event', '_mine', '_mine_get', '_mine_delete', '_mine_flush', '_ext_nodes',
                          '_master_tops', '_file_recv', 'minion_pub', 'minion_publish', 'pub_ret', 'minion_runner',
                          'revoke_auth'))


class Requests(object):
    """:param int generation: 0, 2 or 3.  :param dict settings: of the Master.
    :param Secrets secrets:  :param KeyStore store:  :param Commands commands:
    :param callable shape: shape(stage, value, load) -> value; stages 'reply' (the value before it is encrypted),
        'pillar' (the map that is signed) and 'nonce' (bytes).
    """

    def __init__(self, generation, settings, secrets, store, commands, shape):
        self._generation, self._settings = generation, settings
        self._secrets, self._store, self._commands, self._shape = secrets, store, commands, shape
        self._proofs = {}                        # id -> (PublicKey, proof) of the last one that held

    def open(self, envelope):
        """(load, crypticle): the map (text keys) in an encrypted request, and what opened it and seals the answer.

        :raises Refused: it fails a check.  :raises NoAnswer: a real master would not answer.
        """
        if envelope.enc != 'aes' or not isinstance(envelope.load, bytes):
            raise outer.Refused(outer.BAD_LOAD)
        crypticle = self._crypticle(envelope)
        try:
            load = crypticle.loads(envelope.load)
        except errors.CrypticleError:
            raise outer.Refused(outer.BAD_LOAD)
        if not isinstance(load, dict):
            raise outer.Refused(outer.BAD_LOAD)
        load = payload.to_text_tree(load, keep=BINARY.get(outer.text(load.get(b'cmd')), ('tok', 'sig')))
        if 'cmd' not in load and self._generation < 3:
            raise outer.NoAnswer()
        self._check(envelope, load)
        return load, crypticle

    def _crypticle(self, envelope):
        if self._generation < 3 or envelope.version < 3:
            return self._secrets.crypticle
        if envelope.minion_id is None or self._store.public(envelope.minion_id) is None:
            raise outer.Refused(outer.BAD_LOAD)
        return self._secrets.session_crypticle(envelope.minion_id)

    def _check(self, envelope, load):
        """What version 3 demands of every request."""
        if self._generation < 3:
            return
        if 'tok' in load or envelope.version >= 3:
            if not self._proven(load):
                raise outer.Refused(outer.BAD_LOAD)
        if envelope.version >= 3 and compat.to_native(load.get('id') or '') != envelope.minion_id:
            raise outer.Refused(outer.BAD_LOAD)
        limit = self._settings['request_server_ttl']
        if limit and envelope.version >= 3:
            if 'ts' not in load:
                raise outer.NoAnswer()
            if time.time() - load['ts'] > limit:
                raise outer.Refused(outer.BAD_LOAD)

    def _proven(self, load):
        """True if `tok` is the word that only the owner of the accepted key can make."""
        minion_id = compat.to_native(load.get('id') or '')
        public, proof = self._store.public(minion_id), load.get('tok')
        if public is None or not isinstance(proof, bytes):
            return False
        if self._proofs.get(minion_id) == (public, proof):
            return True
        try:
            proven = public.recover(proof) == b'salt'
        except errors.BadSignature:
            return False
        if proven:
            self._proofs[minion_id] = public, proof
        return proven

    def answer(self, envelope, load, crypticle):
        """Bytes of the answer to what `open` returned."""
        nonce = load.pop('nonce', None) if envelope.version >= 2 else None
        nonce = None if nonce is None else self._shape('nonce', compat.to_bytes(nonce), load)
        if load.get('cmd') == '_pillar':
            return self._private(envelope, load, crypticle, nonce)
        if load.get('cmd') in PROOF_NEEDED and not self._proven(load):
            value = {}
        else:
            value = self._run(load)
        value = self._shape('reply', value, load)
        return payload.pack(crypticle.dumps(value, nonce=nonce))

    def _run(self, load):
        try:
            return self._commands.run(load)
        except (errors.MinionError, LookupError, TypeError, ValueError, EnvironmentError):
            log.exception('the handler of %s failed', load.get('cmd'))
            return ''                            # what masters answer when a handler breaks

    def _private(self, envelope, load, crypticle, nonce):
        """The reply of `_pillar`: its own AES key, closed with the minion's public key (section 6.4)."""
        signed = envelope.version >= 2
        if signed and nonce is None:
            return payload.pack({'error': 'Nonce not included in request'})
        public = self._store.public(compat.to_native(load.get('id') or ''))
        if public is None:
            return payload.pack(crypticle.dumps({}, nonce=nonce))
        once = new_key()
        inner = self._run(load)
        closed = public.encrypt(compat.to_bytes(once), envelope.enc_algo)
        if signed:
            plain = self._shape('pillar', {'key': closed, 'pillar': inner, 'nonce': nonce}, load)
            body = payload.pack(plain)
            inner = {'data': body, 'sig': self._secrets.key.sign(body, envelope.sig_algo)}
        return payload.pack({'key': closed, 'pillar': Crypticle(once).dumps(inner)})
