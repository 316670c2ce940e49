"""The public keys of minions by state, one file each, in the folders that salt-key keeps them in."""
from __future__ import absolute_import, division, print_function

import os

from minion import compat, errors, files, keys
from minion.demo import kept

ACCEPTED, PENDING, REJECTED, DENIED = 'accepted', 'pending', 'rejected', 'denied'
FOLDERS = {ACCEPTED: 'minions', PENDING: 'minions_pre', REJECTED: 'minions_rejected', DENIED: 'minions_denied'}


def valid_id(minion_id):
    """True if `minion_id` (text) can be the name of a key file."""
    return bool(minion_id) and minion_id not in ('.', '..') and '/' not in minion_id and '\0' not in minion_id


class KeyStore(object):
    """Used on the master's thread only.

    :param str folder: made when missing, mode 0700.
    """

    def __init__(self, folder):
        self._folder, self._keys = folder, kept.Kept(_key)
        for name in FOLDERS.values():
            compat.make_dirs(os.path.join(folder, name))

    def _path(self, state, minion_id):
        return os.path.join(self._folder, FOLDERS[state], minion_id)

    def pem(self, state, minion_id):
        """The key (native text, as received) that is stored under this id and state; None if there is none."""
        data = files.read(self._path(state, minion_id))
        return None if data is None else compat.to_native(data)

    def state(self, minion_id):
        """ACCEPTED, PENDING, REJECTED or None. A denied key stands beside another one and does not count."""
        for state in (ACCEPTED, PENDING, REJECTED):
            if self.pem(state, minion_id) is not None:
                return state
        return None

    def ids(self, state):
        """Sorted ids in one state."""
        return sorted(name for name in os.listdir(os.path.join(self._folder, FOLDERS[state])) if name[0] != '.')

    def put(self, state, minion_id, pem):
        """Store `pem` under one state; another state of the id stays."""
        files.write(self._path(state, minion_id), compat.to_bytes(pem), 0o644, sync=False)

    def move(self, minion_id, state):
        """What salt-key -a and -r do.

        :raises KeyFileError: no key of this id is known.
        """
        for old in (PENDING, REJECTED, ACCEPTED, DENIED):
            pem = self.pem(old, minion_id)
            if pem is not None:
                break
        else:
            raise errors.KeyFileError('no key of minion %s has been seen' % minion_id)
        files.remove(self._path(old, minion_id))
        self.put(state, minion_id, pem)

    def delete(self, minion_id):
        """Forget every key of this id; True if there was one."""
        return any([files.remove(self._path(state, minion_id)) for state in FOLDERS])

    def public(self, minion_id):
        """PublicKey of an accepted minion, None for any other."""
        return self._keys.get(self._path(ACCEPTED, minion_id)) if valid_id(minion_id) else None


def _key(path):
    data = files.read(path)
    return None if data is None else keys.PublicKey.from_pem(compat.to_native(data))
