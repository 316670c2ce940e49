"""What a run of states has to itself: loaders with its own settings and pillar; and what its results mean as a retcode."""
from __future__ import absolute_import, division, print_function

import logging

from minion import compat
from minion.errors import SaltInvocationError
from minion.helpers import lookup, templating
from minion.highstate import decrypting

log = logging.getLogger(__name__)

REFUSED, FAILED = 1, 2
_BRING_MODULES = ('pkg', 'pip', 'ports', 'saltutil')      # what these install may be what a module asks for
_NO_PILLAR = 'Pillar data must be formatted as a dictionary, unless pillar_enc is specified.'


class World(object):
    """The loaders of one run, and what is in them.

    :param Loader loader: of execution modules, one that no other job has.
    :param minion: `__minion__`.  :param callable again: the pillar of the run, asked for anew: again(Loader of the minion)
    :param str jid: of the job, for events.
    """

    def __init__(self, loader, minion, again, jid=None):
        self._minion, self._again, self.jid = minion, again, jid
        self._take(loader)

    def _take(self, loader):
        self.loader, self.opts, self.grains, self.pillar = loader, loader.opts, loader.grains, loader.pillar
        self.functions, self.states = loader.functions, loader.other('states').functions

    def show(self, given):
        """Have all state modules see these names, `__low__` and its like, from now on."""
        self.loader.other('states').show(given)

    @property
    def disabled(self):
        """Names of requisites that do not count."""
        names = self.opts.get('disabled_requisites') or ()
        return [names] if compat.is_text(names) else names

    def watches(self, state):
        """Does a state module have `mod_watch`?"""
        return '%s.mod_watch' % state in self.states

    def renew(self, chunk, result):
        """Read modules, grains or pillar anew where a chunk asks for it, or where it may have brought new modules."""
        kinds = [kind for kind in ('modules', 'grains', 'pillar') if chunk.get('reload_' + kind)]
        for kind in kinds:
            log.debug('%s: %s are read anew', chunk['__id__'], kind)
            self._minion.refresh(kind)
        if kinds or chunk['state'] in _BRING_MODULES and result['changes'] and not self.opts.get('test'):
            self._begin_anew('grains' in kinds, 'pillar' in kinds)

    def _begin_anew(self, grains, pillar):
        """Go on with loaders that have imported nothing, and with new grains and pillar if these are wanted."""
        minions, settings = self._minion.functions(), dict(self.opts)
        for name in ('grains', 'pillar'):
            settings.pop(name, None)
        context = dict(self.loader.context)
        self._take(minions.apart(settings, self._again(minions) if pillar else self.pillar,
                                 dict(minions.grains) if grains else self.grains))
        self.loader.context.update(context)

    def missing_state(self, name):
        """Why there is no state function of this name."""
        return self.states.missing(name)


def make(minion, opts, test=None, pillar=None, keywords=None):
    """The World of one call of `state.*`.

    :param minion: `__minion__`.  :param dict opts: `__opts__` of the module that was called.
    :param test: the argument `test` of the call, None if it has none.
    :param pillar: the argument `pillar`, laid over the minion's own; None: nothing.
    :param dict keywords: further arguments of the call; of these saltenv, pillarenv and pillar_enc are read.
    :raises SaltInvocationError, CommandExecutionError: as given_pillar().
    :raises MinionError: the pillar of `pillarenv` cannot be had.
    """
    keywords = keywords or {}
    settings = {'test': test_flag(opts, test)}
    for name in ('saltenv', 'pillarenv'):
        if keywords.get(name):
            settings[name] = keywords[name]
    loader = minion.functions()
    pillar = given_pillar(pillar, keywords.get('pillar_enc'), opts, loader)

    def again(minions):
        return _pillar(minion, minions, opts, pillar, settings)
    grains = dict(loader.grains)                     # states that set grains change them for their own run only
    return World(loader.apart(settings, again(loader), grains), minion, again, keywords.get('__pub_jid'))


def given_pillar(pillar, encoding, opts, loader):
    """The argument `pillar` of a call, decrypted where `pillar_enc` says how.

    :param Loader loader: of the minion.  :raises SaltInvocationError: it is no mapping.
    :raises CommandExecutionError: it cannot be decrypted.
    """
    if pillar and encoding:
        space = templating.Space(loader.functions, opts, loader.grains, loader.pillar, None, 'base', {})
        return decrypting.mapping(pillar, encoding, space, loader.other('renderers').functions)
    if pillar is not None and encoding is None and not isinstance(pillar, dict):
        raise SaltInvocationError(_NO_PILLAR)
    return pillar or None


def test_flag(opts, test=None):
    """Is this call to tell only what it would do? For all but False where it says so, else by the setting."""
    return bool(opts.get('test')) if test is None else test is not False


def _pillar(minion, loader, opts, pillar, settings):
    """The pillar of the run, None for that of the minion."""
    if not pillar and getattr(minion, 'fresh', False) and settings.get('pillarenv') in (None, opts.get('pillarenv')):
        return None
    if hasattr(minion, 'compiled_pillar'):           # what it is now, as in salt-minion
        return minion.compiled_pillar(loader.grains, saltenv=settings.get('saltenv') or opts.get('saltenv'),
                                      pillarenv=settings.get('pillarenv') or opts.get('pillarenv'), override=pillar)
    return lookup.merged(loader.pillar, pillar) if pillar else None


# ---- results

def retcode(returned):
    """The return code of a run: 0, REFUSED for a list of errors, FAILED when a result is false or there is none."""
    if isinstance(returned, list):
        return REFUSED
    return 0 if succeeded(returned) else FAILED


def succeeded(running):
    """True if `running` (results by tag) has results and none of them is false."""
    if not isinstance(running, dict) or not running:
        return False
    return all(isinstance(result, dict) and result.get('result', True) is not False for result in running.values())
