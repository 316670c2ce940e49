"""What this minion remembers of its master's keys: the pinned key, and per key the best that it has shown.

`minion_master.pub` is the reference's file. `minion_master.seen` beside it is ours: JSON, a map from key fingerprint to
{"version": highest protocol generation seen, "signs": true once a publish was signed}. Answers below that are refused.
The key that signed us in last stands there too ("pem"), so that a torn `minion_master.pub` is restored from it.
"""
from __future__ import absolute_import, division, print_function

import json
import logging
import os
import threading

from minion import compat, disk, errors, files, keys, pki

log = logging.getLogger(__name__)
EMPTY = {'version': 0, 'signs': False}
MOST = 99                        # protocol versions that a file may speak of


class Trust(object):
    """The master's key and history on disk. Any thread: all connections of a process share one.

    :param str pki_dir: folder of the key files.  :param str sign_key_name: `master_sign_key_name`.
    :param callable repair: called as repair(task) with what is to be tried again once the disk works.
    :param bool writes: False: only look, whatever the master shows.
    """

    def __init__(self, pki_dir, sign_key_name='master_sign', repair=None, writes=True):
        self._writes = writes
        self.key_path = os.path.join(pki_dir, 'minion_master.pub')
        self.sign_key_path = os.path.join(pki_dir, sign_key_name + '.pub')
        self._seen_path = os.path.join(pki_dir, 'minion_master.seen')
        self._lock = threading.RLock()               # guards changes of _seen and of the pinned key, and their files
        self._seen, self._repair = None, repair
        self._disk = disk.Disk(self._seen_path, 'what the master showed is remembered until this process ends')
        for path in (self.key_path, self._seen_path) if writes else ():
            files.sweep(path)

    def master_key(self):
        """The pinned PublicKey, None before the first contact.

        :raises KeyFileError: the file is there but holds no key, and which one it held is not known; names it and says
            what to do.
        """
        try:
            return pki.load_master_key(self.key_path)
        except errors.KeyFileError as exc:
            with self._lock:
                pem = [entry['pem'] for entry in self._known().values() if 'pem' in entry]
            if len(pem) != 1 or not self._writes:
                raise
            return self._restored(pem[0], exc)

    def _restored(self, pem, damage):
        """The key that minion_master.pub held before it was torn."""
        key = keys.PublicKey.from_pem(pem)
        try:
            aside = files.set_aside(self.key_path)
            self.pin(key)
            log.warning('%s; set aside as %s and restored from %s', damage, aside, self._seen_path)
        except (OSError, IOError, errors.KeyFileError) as exc:
            log.warning('%s; the key in %s is used, the file cannot be restored (%s)', damage, self._seen_path, exc)
        return key

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
        if not self._writes:
            return
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
        """Remember that the owner of `key` has signed us in with `version`."""
        if not self._writes:
            return
        if version > self.version(key) or self._entry(key).get('pem') != key.pem:
            self._note(key, version=max(version, self.version(key)), pem=key.pem)

    def note_signed(self, key):
        """Remember that the owner of `key` signs its publishes."""
        if not self.signs(key):
            self._note(key, signs=True)

    def _entry(self, key):
        return self._known().get(key.fingerprint(), EMPTY)

    def _known(self):
        if self._seen is None:
            self._seen = self._load()
        return self._seen

    def _note(self, key, **values):
        with self._lock:
            known = self._known()
            if 'pem' in values:                      # there is one that signed us in last
                known = dict((name, dict(item for item in entry.items() if item[0] != 'pem'))
                             for name, entry in known.items())
            entry = dict(known.get(key.fingerprint(), EMPTY), **values)
            self._seen = dict(known, **{key.fingerprint(): entry})        # a new map: readers keep the old one
        if not self.save() and self._repair is not None:
            self._repair(self.save)

    def save(self):
        """Write what is remembered; True when that worked."""
        with self._lock:
            try:
                text = json.dumps(self._seen, sort_keys=True, indent=1)
                files.write(self._seen_path, compat.to_bytes(text))
            except (OSError, IOError) as exc:
                self._disk.failed(exc)
                return False
        self._disk.worked()
        return True

    def _load(self):
        try:
            if os.path.isdir(self._seen_path):
                raise ValueError('a folder')
            data = files.read(self._seen_path)
            return {} if data is None else _checked(json.loads(compat.to_text(data)))
        except (OSError, IOError) as exc:
            log.warning('%s: cannot be read (%s); starting without it', self._seen_path, files.reason(exc))
        except (ValueError, RuntimeError, errors.KeyFileError):      # RuntimeError: nested too deep
            self._set_aside()
        return {}

    def _set_aside(self):
        if not self._writes:
            return
        try:
            aside = files.set_aside(self._seen_path)
            log.warning('%s: damaged, set aside as %s; the master has to show its protocol version anew',
                        self._seen_path, aside)
        except OSError as exc:
            log.warning('%s: damaged and cannot be moved (%s)', self._seen_path, files.reason(exc))


def _checked(seen):
    """The loaded map if it has the right shape.  :raises ValueError, KeyFileError: it has not."""
    if not isinstance(seen, dict):
        raise ValueError('not a map')
    return dict((compat.to_native(name), _checked_entry(name, entry)) for name, entry in seen.items())


def _checked_entry(name, entry):
    if not (isinstance(entry, dict) and _is_version(entry.get('version')) and isinstance(entry.get('signs'), bool)):
        raise ValueError('an entry of another shape')
    checked = {'version': entry['version'], 'signs': entry['signs']}
    if 'pem' in entry:
        if not compat.is_text(entry['pem']) or keys.PublicKey.from_pem(entry['pem']).fingerprint() != name:
            raise ValueError('a key of another fingerprint')
        checked['pem'] = compat.to_native(entry['pem'])
    return checked


def _is_version(value):
    """A version beyond all measure would shut out every master."""
    return isinstance(value, compat.integer_types) and not isinstance(value, bool) and 0 <= value <= MOST


def same_fingerprint(left, right):
    """Compare fingerprints without regard to case, colons and blanks."""
    return _plain(left) == _plain(right)


def _plain(text):
    return compat.to_native(text).replace(':', '').strip().lower()
