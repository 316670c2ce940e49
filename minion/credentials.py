"""What a sign-in needs of the settings and the folder of keys: who we are, what we demand, whom we trust."""
from __future__ import absolute_import, division, print_function

from minion import auth, execution, pki, protocol, trust


def identity(config, minion_id, progress=None):
    """The Identity made of our key pair, which is made first if there is none.

    :param callable progress: called now and then while a key is made.
    :raises KeyFileError, UnsafePermissions: the keys cannot be used.
    """
    return identity_of(config, minion_id, pki.load_or_create(config['pki_dir'], int(config['keysize']), progress))


def identity_of(config, minion_id, pair):
    """The Identity made of this KeyPair."""
    return protocol.Identity(minion_id, pair.private, pair.pem, _Proof(pair.private),
                             config['encryption_algorithm'], config['signing_algorithm'],
                             bool(config['minion_sign_messages']))


class _Proof(object):
    """The proof that the key is ours, made when it is first asked for: 10 ms that a start spends while a master works."""

    def __init__(self, private):
        self._private, self._made = private, None

    def __call__(self):
        if self._made is None:
            self._made = self._private.sign_x931(b'salt')
        return self._made


def rules(config):
    """The auth.Rules of the settings."""
    return auth.Rules(
        int(config['minimum_auth_version']), config['master_finger'], config['hash_type'],
        config['verify_master_pubkey_sign'], config['always_verify_signature'], config['open_mode'],
        execution.autosign_grains(config))


def store(config, repair=None, writes=True):
    """The Trust: which master's key is pinned, and what that master has shown to be able to do."""
    return trust.Trust(config['pki_dir'], config['master_sign_key_name'], repair, writes)
