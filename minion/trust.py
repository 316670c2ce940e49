"""What this minion remembers of its master's keys: the pinned key, and per key the best that it has shown.

`minion_master.pub` is the reference's file. `minion_master.seen` beside it is ours: JSON, a map from key fingerprint to
{"version": highest protocol generation seen, "signs": true once a publish was signed}. Answers below that are refused.
"""
from __future__ import absolute_import, division, print_function

import json
import logging
import os
import threading

from minion import compat, errors, files, pki

log = logging.getLogger(__name__)
EMPTY = {'version': 0, 'signs': False}


class Trust(object):
    """The master's key and history on disk. Any thread: all connections of a process share one.

    :param str pki_dir: folder of the key files.  :param str sign_key_name: `master_sign_key_name`.
    """

    def __init__(self, pki_dir, sign_key_name='master_sign'):
        self.key_path = os.path.join(pki_dir, 'minion_master.pub')
        self.sign_key_path = os.path.join(pki_dir, sign_key_name + '.pub')
        self._seen_path = os.path.join(pki_dir, 'minion_master.seen')
        self._seen = None                            # replaced as a whole by one assignment
        self._lock = threading.Lock()                # guards changes of _seen and of the pinned key

    def master_key(self):
        """The pinned PublicKey, None before the first contact.

        :raises KeyFileError: the file is there but holds no key; names it and says what to do.
        """
        return pki.load_master_key(self.key_path)

    def signing_key(self):
        """The key that signs master keys (`verify_master_pubkey_sign`).

        :raises KeyFileError: missing or damaged.
        """
        key = pki.load_master_key(self.sign_key_path)
        if key is None:
            raise errors.KeyFileError('%s: missing; verify_master_pubkey_sign needs the master\'s signing key there'
                                      % self.sign_key_path)
        return key

    def pin(self, key, known=None):
        """Remember `key` as the master's.

        :param PublicKey known: what was pinned when the answer was checked, None at first contact: of two masters with
            different keys that answer at the same time, the first one's is pinned.
        :raises UntrustedMaster: another key has been pinned meanwhile.  :raises OSError: when it cannot be written.
        """
        with self._lock:
            pinned = self.master_key() if known is None else known
            if known is None and pinned is not None and pinned != key:
                raise errors.UntrustedMaster(
                    'the master\'s key is not the one in %s, which another master has just shown: all masters of a '
                    'minion need the same key, or keys signed by one (verify_master_pubkey_sign)' % self.key_path)
            pki.store_master_key(self.key_path, key.pem)

    def version(self, key):
        """Highest protocol generation that the owner of `key` has shown, 0 for an unknown one."""
        return self._entry(key)['version']

    def knows(self, key):
        """True when the owner of `key` has signed us in before."""
        return self._entry(key) is not EMPTY

    def signs(self, key):
        """True once a publish signed with `key` was seen: unsigned ones are refused from then on."""
        return self._entry(key)['signs']

    def note_version(self, key, version):
        """Remember that the owner of `key` speaks `version`."""
        if version > self.version(key) or not self.knows(key):
            self._note(key, 'version', version)

    def note_signed(self, key):
        """Remember that the owner of `key` signs its publishes."""
        if not self.signs(key):
            self._note(key, 'signs', True)

    def _entry(self, key):
        if self._seen is None:
            with self._lock:
                if self._seen is None:
                    self._seen = self._load()
        return self._seen.get(key.fingerprint(), EMPTY)

    def _note(self, key, name, value):
        self._entry(key)                             # loaded before the lock is taken
        with self._lock:
            self._write(key.fingerprint(), name, value)

    def _write(self, fingerprint, name, value):
        entry = dict(self._seen.get(fingerprint, EMPTY), **{name: value})
        self._seen = dict(self._seen, **{fingerprint: entry})             # a new map: readers keep the old one
        text = json.dumps(self._seen, sort_keys=True, indent=1)
        try:
            files.write(self._seen_path, compat.to_bytes(text))
        except (OSError, IOError) as exc:
            log.warning('%s: cannot be written (%s); what the master showed is remembered until this process ends',
                        self._seen_path, files.reason(exc))

    def _load(self):
        try:
            data = files.read(self._seen_path)
            return {} if data is None else _checked(json.loads(compat.to_text(data)))
        except (OSError, IOError) as exc:
            log.warning('%s: cannot be read (%s); starting without it', self._seen_path, files.reason(exc))
        except ValueError:
            self._set_aside()
        return {}

    def _set_aside(self):
        try:
            aside = files.set_aside(self._seen_path)
            log.warning('%s: damaged, set aside as %s; the master has to show its protocol version anew',
                        self._seen_path, aside)
        except OSError as exc:
            log.warning('%s: damaged and cannot be moved (%s)', self._seen_path, files.reason(exc))


def _checked(seen):
    """The loaded map if it has the right shape.  :raises ValueError: it has not."""
    if not isinstance(seen, dict):
        raise ValueError('not a map')
    for entry in seen.values():
        if not (isinstance(entry, dict) and isinstance(entry.get('version'), int)
                and isinstance(entry.get('signs'), bool)):
            raise ValueError('an entry of another shape')
    return dict((compat.to_native(name), dict(entry)) for name, entry in seen.items())


def same_fingerprint(left, right):
    """Compare fingerprints without regard to case, colons and blanks."""
    return _plain(left) == _plain(right)


def _plain(text):
    return compat.to_native(text).replace(':', '').strip().lower()
