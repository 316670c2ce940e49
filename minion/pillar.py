"""Asking the master for the pillar (docs/protocol.md section 6.4); the last good one stays when it cannot be had."""
from __future__ import absolute_import, division, print_function

import logging
import os

from minion import compat, errors, files, payload

log = logging.getLogger(__name__)


def fetch(ask, minion_id, grains, saltenv=None, pillarenv=None, override=None, external=None):
    """The pillar that the master renders for this minion.

    :param callable ask: called as ask(load), gives the opened answer (Link.pillar).
    :param dict grains: without them the master sends nothing.
    :param dict override: pillar data that is known already; the master puts it under its own.
    :param dict external: the only external pillar that is to be asked (`pillar.ext`).
    :return dict:  :raises MinionError: no answer, or one that does not hold.
    """
    load = {'cmd': '_pillar', 'id': minion_id, 'grains': grains, 'saltenv': saltenv, 'pillarenv': pillarenv,
            'pillar_override': override or {}, 'ver': '2'}
    if external:
        load['ext'] = external
    pillar = ask(load)
    found = pillar.get('_errors') or ()
    for error in found if isinstance(found, (list, tuple)) else [found]:
        log.error('the master reports an error in the pillar: %s', error)
    return pillar


def is_own(opts):
    """Does this minion make its pillar by itself, from the folders of `pillar_roots`?"""
    return opts.get('file_client') == 'local' or opts.get('master_type') == 'disable'


def has_own(opts):
    """May there be something to make it of? If not, `localpillar` and the engine of SLS files are not even loaded."""
    from minion.helpers import rootfolders
    folders = [folder for named in (opts.get('pillar_roots') or {}).values() for folder in rootfolders.named(named)]
    return bool(opts.get('ext_pillar') or opts.get('pillar_opts')) or any(os.path.isdir(folder) for folder in folders)


class Pillar(object):
    """The pillar in force. `refresh` runs on one thread at a time; `value` is replaced by one assignment.

    :param Kept kept: where it survives a restart (`minion_pillar_cache`), or None.
    """

    def __init__(self, ask, minion_id, saltenv, pillarenv, kept=None):
        self.value, self._kept = {}, kept
        self._ask, self._minion_id, self._saltenv, self._pillarenv = ask, minion_id, saltenv, pillarenv

    def refresh(self, grains):
        """Fetch it anew; True when that worked, else the last good one stays and the reason is logged."""
        try:
            self.value = fetch(self._ask, self._minion_id, grains, self._saltenv, self._pillarenv)
        except errors.MinionError as exc:
            if not self.value and self._kept is not None:
                self.value = self._kept.load()
            log.error('the pillar cannot be had from the master: %s; %s', exc,
                      'the last one stays in force' if self.value else 'going on without one')
            return False
        if self._kept is not None:
            self._kept.save(self.value)
        return True


class Own(object):
    """As Pillar, for a minion that makes it by itself.

    :param callable make: make(saltenv=..., pillarenv=...) -> mapping.
    """

    def __init__(self, opts, make):
        self.value, self._opts, self._make = {}, opts, make

    def refresh(self, grains):
        """Make it anew; True."""
        if has_own(self._opts):
            self.value = self._make(saltenv=self._opts.get('saltenv'), pillarenv=self._opts.get('pillarenv'))
        return True


class Kept(object):
    """The last good pillar on disk, readable for our account only; another key of the minion makes it void.

    :param opts: mapping with cachedir, pki_dir and id.
    """

    def __init__(self, opts):
        self._path = os.path.join(opts['cachedir'], 'pillar', '%s.p' % opts['id'])
        self._key = os.path.join(opts['pki_dir'], 'minion.pub')

    def _owner(self):
        return files.digest(self._key, 'sha256')

    def save(self, pillar):
        """Keep it; a disk that refuses is one line in the log."""
        try:
            data = payload.pack({'owner': self._owner(), 'pillar': pillar})
            files.write(self._path, data, sync=False, make_folder=True)
        except (OSError, IOError, errors.BadPayload) as exc:
            log.warning('%s: the pillar is not kept: %s', self._path, exc)

    def load(self):
        """What was kept under the key that we have now, else {}."""
        try:
            data = files.read(self._path, limit=64 << 20)
            if data is None:
                return {}
            kept = payload.to_text_tree(payload.unpack(data))
            if isinstance(kept, dict) and kept.get('owner') == self._owner() and isinstance(kept.get('pillar'), dict):
                return compat.native_tree(kept['pillar'])
            log.warning('%s: belongs to another key of this minion; not used', self._path)
        except (OSError, IOError, errors.BadPayload) as exc:
            log.warning('%s: cannot be used: %s', self._path, exc)
        return {}
