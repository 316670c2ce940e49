"""The sign-in (`_auth`): what is asked, and every check of what comes back (docs/protocol.md section 5).

Pure talk: no socket, no pause, no exit. `SignIn.request` gives the bytes to send, `SignIn.read` gives what the answer grants
or raises the named outcome. The order of checks is that of its section 5.4, but nothing is written before all hold.
"""
from __future__ import absolute_import, division, print_function

import binascii
import hashlib

from minion import compat, crypticle, errors, keys, payload, protocol, trust
from minion.record import record

Rules = record('Rules', 'minimum_version master_finger hash_type verify_sign always_verify open_mode autosign_grains')
# The settings that a sign-in obeys; autosign_grains is a map of grain name to value or None.

Grant = record('Grant', 'generation aes session publish_port master_key')
# What an accepted sign-in gave: key strings as bytes, session None before generation 3.


class SignIn(object):
    """Signs in at masters that share one pinned key. One thread only.

    :param Identity identity:  :param Trust trust_store:  :param Rules rules:
    """

    def __init__(self, identity, trust_store, rules):
        self._identity, self._trust, self._rules = identity, trust_store, rules
        self._token = compat.to_bytes(crypticle.new_key())       # proof for the master's answers, new in each process

    def request(self, nonce):
        """The frame of one `_auth` request.

        :param str nonce: 32 hex digits, kept for `read`.  :raises KeyFileError: the pinned master key is damaged.
        """
        identity, pinned = self._identity, self._trust.master_key()
        load = {'cmd': '_auth', 'id': identity.minion_id, 'nonce': nonce, 'pub': identity.pem,
                'enc_algo': identity.enc_algo, 'sig_algo': identity.sig_algo}
        if pinned is not None:
            load['token'] = pinned.encrypt(self._token, self._token_algorithm(pinned))
        if self._rules.autosign_grains is not None:
            load['autosign_grains'] = self._rules.autosign_grains
        return payload.pack({'enc': 'clear', 'load': load, 'version': protocol.NEWEST})

    def _token_algorithm(self, pinned):
        """Masters before generation 3 open tokens with SHA-1 only, whatever we name."""
        old = self._trust.knows(pinned) and self._trust.version(pinned) < 3
        return protocol.SHA1_OAEP if old else self._identity.enc_algo

    def read(self, frame, nonce):
        """Check an answer wholly and return a Grant; pins the master's key and version.

        :raises SignInError: one of its kinds, each a named outcome.  :raises KeyFileError: a damaged key file of ours.
        """
        outer = protocol.unpack_answer(frame)
        if not isinstance(outer, dict):
            raise errors.SignInRefused('the master answered: %s' % protocol.refusal_text(outer))
        pinned = self._trust.master_key()
        if isinstance(outer.get(b'load'), bytes) and isinstance(outer.get(b'sig'), bytes):
            inner = _inner_map(outer[b'load'])
            signed = True
        else:
            inner, signed = self._unsigned(outer, pinned), False
        if b'pub_key' not in inner:
            self._verdict(inner, outer, nonce, pinned, signed)
        return self._accept(inner, outer, nonce, pinned, signed)

    # ---- unsigned answers, the form of generation 0

    def _unsigned(self, outer, pinned):
        load = outer if b'aes' in outer else outer.get(b'load')
        if not isinstance(load, dict):
            raise errors.SignInRefused('the master answered: %s' % protocol.refusal_text(outer))
        verdict = load.get(b'ret')
        if verdict in (b'bad enc algo', b'bad sig algo'):
            raise errors.BadAlgorithm('the master does not know %s; check encryption_algorithm and signing_algorithm'
                                      % (self._identity.enc_algo if verdict == b'bad enc algo' else self._identity.sig_algo))
        if load.get(b'cluster_retry'):
            raise errors.SignInRefused('the master\'s cluster is not ready')
        if self._rules.minimum_version > 0:
            raise errors.UnsignedAnswer(
                'the answer is not signed: a master before 3002.8/3004.1, or a forgery; if this master is that old, '
                'set minimum_auth_version: 0 in the configuration')
        if pinned is not None and self._trust.version(pinned) > 0:
            raise errors.UnsignedAnswer('the answer is not signed, yet the master of %s has signed before; if it was '
                                        'really taken back to an old release, stop this minion, remove '
                                        'minion_master.seen in the same folder, and start it' % self._trust.key_path)
        return load

    # ---- answers without a key

    def _verdict(self, inner, outer, nonce, pinned, signed):
        """Raise what the master decided; signature and nonce are checked first."""
        if signed:
            if pinned is not None:
                self._check_outer(outer, pinned, None)
            _check_nonce(inner, nonce)
        verdict = inner.get(b'ret')
        if verdict is True:
            raise errors.KeyPending('the master has this minion\'s key and waits for an operator to accept it')
        if verdict == b'full':
            raise errors.MasterFull('the master serves as many minions as its max_minions allows')
        if verdict is False:
            refused = errors.KeyRejected('the master rejected this minion\'s key, or holds another one for this id')
            refused.signed = signed and pinned is not None
            raise refused
        raise errors.SignInRefused('the master answered: %s' % protocol.refusal_text(verdict))

    # ---- accepted

    def _accept(self, inner, outer, nonce, pinned, signed):
        received = _key(inner)
        generation = _generation(inner, signed)
        self._check_version(generation, received)
        replace = self._check_key(inner, received, pinned, generation)
        if signed:
            self._check_outer(outer, received, generation)
            _check_nonce(inner, nonce)
        aes = _usable('aes', self._keys(inner, received, pinned, replace, generation))
        self._check_finger(received)
        session = None
        if generation.number >= 3:
            session = _usable('session', self._decrypt(inner, b'session', generation))
        port = inner.get(b'publish_port')
        if isinstance(port, bool) or not isinstance(port, compat.integer_types) or not 0 < port < 65536:
            raise errors.UntrustedMaster('the master named no usable publish_port: %r' % (port,))
        if pinned is None or replace:
            self._pin(received, pinned)
        self._trust.note_version(received, generation.number)
        return Grant(generation, aes, session, int(port), received)

    def _check_version(self, generation, received):
        seen = self._trust.version(received)
        if generation.number < seen:
            raise errors.UntrustedMaster(
                'protocol version %d, but this master has spoken %d before (%s): a downgrade is refused'
                % (generation.number, seen, self._trust.key_path.replace('.pub', '.seen')))
        if generation.number < self._rules.minimum_version:
            raise errors.UntrustedMaster('the master speaks protocol version %d, minimum_auth_version asks for %d'
                                         % (generation.number, self._rules.minimum_version))

    def _check_key(self, inner, received, pinned, generation):
        """True when `received` is to replace the pinned key (steps 2a to 2c)."""
        rules, path = self._rules, self._trust.key_path
        if bool(inner.get(b'pub_sig')) != bool(rules.verify_sign):
            raise errors.UntrustedMaster(
                'verify_master_pubkey_sign is set but the master does not sign its key (master_sign_pubkey)'
                if rules.verify_sign else
                'the master signs its key: set verify_master_pubkey_sign: True and install its signing key')
        if pinned is None or rules.open_mode:
            if rules.verify_sign:
                self._check_pub_sig(inner, generation)
            return False
        if received == pinned:
            if rules.verify_sign and rules.always_verify:
                self._check_pub_sig(inner, generation)
            return False
        if rules.verify_sign:
            self._check_pub_sig(inner, generation)
            return True
        if rules.master_finger and self._finger_matches(received):
            return True                      # the administrator named the new key: that is what pinned it
        raise errors.UntrustedMaster(
            'the master\'s key has changed: %s holds %s, the answer carries %s; if the master was really replaced, '
            'remove the file or set master_finger' % (path, self._print(pinned), self._print(received)))

    def _print(self, key):
        return keys.fingerprint(key.pem, self._rules.hash_type)

    def _check_pub_sig(self, inner, generation):
        algorithm = generation.algorithms(self._identity)[1]
        try:
            signature = _base64(inner[b'pub_sig'])
            self._trust.signing_key().verify(inner[b'pub_key'], signature, algorithm)
        except (errors.BadSignature, ValueError, TypeError):
            raise errors.UntrustedMaster('the master\'s key is not signed by the key in %s (verify_master_pubkey_sign)'
                                         % self._trust.sign_key_path)

    def _check_outer(self, outer, key, generation):
        """The signature over the whole answer; before the generation is known either hash may be in use."""
        mine = self._identity.sig_algo
        names = {mine, protocol.SHA1_SIGNATURE} if generation is None else {generation.algorithms(self._identity)[1]}
        for name in sorted(names):
            try:
                return key.verify(outer[b'load'], outer[b'sig'], name)
            except errors.BadSignature:
                continue
        raise errors.UntrustedMaster('the answer is not signed by the master\'s key (signature check, %s)'
                                     % self._trust.key_path)

    def _keys(self, inner, received, pinned, replace, generation):
        """The AES key string; its digest and our token are checked on the way (steps 2d and 2e)."""
        secret = self._decrypt(inner, b'aes', generation)           # a bad key string is the vouching master's fault
        self._check_digest(inner, received, secret)
        aes, joined, echoed = secret.partition(b'_|-')
        if pinned is None or replace or self._rules.open_mode:
            return aes                       # no token was sent, or it was made for another key
        if not joined:
            if b'token' not in inner:
                raise errors.UntrustedMaster('the answer does not return our token (token check): '
                                             'the sender does not hold the key in %s' % self._trust.key_path)
            echoed = self._decrypt(inner, b'token', generation)
        if not compat.same_bytes(echoed, self._token):
            raise errors.UntrustedMaster('the answer returns another token than ours (token check, %s)'
                                         % self._trust.key_path)
        return aes

    def _check_digest(self, inner, received, secret):
        want = compat.to_bytes(hashlib.sha256(secret).hexdigest())
        try:
            found = received.recover(inner[b'sig'])
        except (errors.WireError, KeyError, TypeError):
            found = b''
        if not compat.same_bytes(found, want):
            raise errors.UntrustedMaster('the AES key in the answer is not vouched for by the master\'s key (digest check)')

    def _decrypt(self, inner, name, generation):
        encryption = generation.algorithms(self._identity)[0]
        try:
            return self._identity.private.decrypt(inner[name], encryption)
        except (errors.WireError, KeyError, TypeError):
            raise errors.UntrustedMaster('the field %s of the answer does not open with our key'
                                         % compat.to_native(name))

    def _finger_matches(self, key):
        forms = [self._print(key)] + [keys.text_fingerprint(text, self._rules.hash_type)      # as 3008 masters show it
                                      for text in (key.pem, key.pem + '\n')]
        return any(trust.same_fingerprint(self._rules.master_finger, form) for form in forms)

    def _check_finger(self, received):
        if self._rules.master_finger and not self._finger_matches(received):
            raise errors.FingerprintMismatch(
                'master_finger is %s, the master\'s key has %s: correct the setting, or this is not your master'
                % (self._rules.master_finger, self._print(received)))

    def _pin(self, received, pinned):
        try:
            self._trust.pin(received, pinned)
        except (OSError, IOError) as exc:
            raise errors.UntrustedMaster('the master\'s key cannot be stored in %s: %s'
                                         % (self._trust.key_path, exc.strerror or exc))


def _inner_map(data):
    try:
        inner = payload.unpack(data)
    except errors.BadPayload:
        inner = None
    if not isinstance(inner, dict):
        raise errors.UntrustedMaster('the signed answer holds no map')
    return inner


def _generation(inner, signed):
    if not signed:
        return protocol.GENERATIONS[0]
    return protocol.GENERATIONS[3 if b'session' in inner else 2]


def _key(inner):
    try:
        return keys.PublicKey.from_pem(inner[b'pub_key'])
    except (errors.KeyFileError, TypeError):
        raise errors.UntrustedMaster('the answer carries no usable master key')


def _usable(name, key):
    """The key string itself; one that opens but is none must be found out before anything is pinned."""
    try:
        crypticle.Crypticle(key)
    except errors.CrypticleError:
        raise errors.UntrustedMaster('the field %s of the answer holds no key' % name)
    return key


def _check_nonce(inner, nonce):
    found = inner.get(b'nonce')
    if not isinstance(found, bytes) or not compat.same_bytes(found, compat.to_bytes(nonce)):
        raise errors.UntrustedMaster('the answer does not carry the nonce of our question (nonce check): a replay')


def _base64(text):
    try:
        return binascii.a2b_base64(text)
    except binascii.Error as exc:                     # a ValueError on Python 3 only
        raise ValueError(str(exc))
