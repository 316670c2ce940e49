"""What the embedded master keeps to itself: its key pairs, the common AES key, one session key for each minion."""
from __future__ import absolute_import, division, print_function

import os

from minion import compat, files, keys
from minion.crypticle import Crypticle, new_key
from minion.demo import kept


def _load_or_make(path, given, bits):
    """The PrivateKey `given` (PrivateKey, PEM or None), stored at `path`; without one the file's, or a new one."""
    if given is None:
        data = files.read(path)
        if data is not None:
            return keys.PrivateKey.from_pem(data)
        given = keys.generate(bits)
    elif not isinstance(given, keys.PrivateKey):
        given = keys.PrivateKey.from_pem(given)
    files.write(path, compat.to_bytes(given.to_pem()), 0o400, sync=False)
    files.write(path[:-len('.pem')] + '.pub', compat.to_bytes(given.public.pem), 0o644, sync=False)
    return given


def _box(path):
    data = files.read(path)
    return None if data is None else Crypticle(compat.to_native(data))


class Secrets(object):
    """Used on the master's thread only, except for `key`, which is set once.

    :param str folder: made when missing, mode 0700.
    :param key: the master's key: PrivateKey, PEM, or None for the one in the folder (made if need be).
    :param signing_key: the same for `master_sign_pubkey`; False if the master has none.
    """

    def __init__(self, folder, key=None, signing_key=False, bits=2048):
        self._sessions, self._boxes = os.path.join(folder, 'sessions'), kept.Kept(_box)
        compat.make_dirs(self._sessions)
        self.key = _load_or_make(os.path.join(folder, 'master.pem'), key, bits)
        self.signing_key = None
        if signing_key is not False:
            given = None if signing_key is True else signing_key
            self.signing_key = _load_or_make(os.path.join(folder, 'master_sign.pem'), given, bits)
        self.rotate()

    def rotate(self):
        """A new common AES key; publications count from 1 again."""
        self.aes = new_key()
        self.crypticle = Crypticle(self.aes)
        self.serial = 0

    def session(self, minion_id):
        """The session key string of one minion; made when there is none, kept over restarts and rotation."""
        path = os.path.join(self._sessions, minion_id)
        data = files.read(path)
        if data is None:
            data = compat.to_bytes(new_key())
            files.write(path, data, sync=False)
        return compat.to_native(data)

    def session_crypticle(self, minion_id):
        """The Crypticle of that key."""
        return self._boxes.get(os.path.join(self._sessions, minion_id)) or Crypticle(self.session(minion_id))

    def forget(self, minion_id):
        """Drop the session of a minion whose key went away."""
        files.remove(os.path.join(self._sessions, minion_id))
