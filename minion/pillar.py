"""Asking the master for the pillar (PROTOCOL section 6.4); the last good one stays when it cannot be had."""
from __future__ import absolute_import, division, print_function

import logging

from minion import errors

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


class Pillar(object):
    """The pillar in force. `refresh` runs on one thread at a time; `value` is replaced by one assignment."""

    def __init__(self, ask, minion_id, saltenv, pillarenv):
        self.value = {}
        self._ask, self._minion_id, self._saltenv, self._pillarenv = ask, minion_id, saltenv, pillarenv

    def refresh(self, grains):
        """Fetch it anew; True when that worked, else the last good one stays and the reason is logged."""
        try:
            self.value = fetch(self._ask, self._minion_id, grains, self._saltenv, self._pillarenv)
        except errors.MinionError as exc:
            log.error('the pillar cannot be had from the master: %s; %s', exc,
                      'the last one stays in force' if self.value else 'going on without one')
            return False
        return True
