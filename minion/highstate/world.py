"""What a run of states has to itself: loaders with its own settings and pillar; and what its results mean as a retcode."""
from __future__ import absolute_import, division, print_function

from minion.errors import SaltInvocationError
from minion.helpers import merging

REFUSED, FAILED = 1, 2
_NO_PILLAR = 'Pillar data must be formatted as a dictionary, unless pillar_enc is specified.'


class World(object):
    """The loaders of one run, and what is in them.

    :param Loader loader: of execution modules, one that no other job has.
    """

    def __init__(self, loader):
        self.loader, self.opts, self.grains, self.pillar = loader, loader.opts, loader.grains, loader.pillar
        self.functions, self.states = loader.functions, loader.other('states').functions

    def show(self, given):
        """Have all state modules see these names, `__low__` and its like, from now on."""
        self.loader.other('states').show(given)

    def missing_state(self, name):
        """Why there is no state function of this name."""
        return self.states.missing(name)


def make(minion, opts, test=None, pillar=None, keywords=None):
    """The World of one call of `state.*`.

    :param minion: `__minion__`.  :param dict opts: `__opts__` of the module that was called.
    :param test: the argument `test` of the call, None if it has none.
    :param pillar: the argument `pillar`, laid over the minion's own; None: nothing.
    :param dict keywords: further arguments of the call; of these saltenv, pillarenv and pillar_enc are read.
    :raises SaltInvocationError: a pillar that is none.  :raises MinionError: the pillar of `pillarenv` cannot be had.
    """
    keywords = keywords or {}
    check_pillar(pillar, keywords.get('pillar_enc'))
    settings = {'test': test_flag(opts, test, keywords)}
    for name in ('saltenv', 'pillarenv'):
        if keywords.get(name):
            settings[name] = keywords[name]
    loader = minion.functions()
    return World(loader.apart(settings, _pillar(minion, loader, opts, pillar, settings)))


def check_pillar(pillar, encoding=None):
    """:raises SaltInvocationError: it is no mapping, or said to be encrypted, for which there is no renderer here."""
    if encoding is not None:
        raise SaltInvocationError('pillar_enc is not available: there is no renderer for encrypted pillar data')
    if pillar is not None and not isinstance(pillar, dict):
        raise SaltInvocationError(_NO_PILLAR)


def test_flag(opts, test=None, keywords=None):
    """Is this call to tell only what it would do? `test` of the call, else the setting; `test: false` can be forced."""
    if test is not None:
        return test
    if opts.get('test') and (keywords or {}).get('test') is None:
        return True
    return bool(opts.get('test'))


def _pillar(minion, loader, opts, pillar, settings):
    """The pillar of the run, None for that of the minion."""
    env = settings.get('pillarenv')
    if env and env != opts.get('pillarenv') and opts.get('file_client') != 'local':
        return minion.compiled_pillar(loader.grains, saltenv=settings.get('saltenv'), pillarenv=env, override=pillar)
    if not pillar:
        return None
    strategy = opts.get('pillar_source_merging_strategy') or 'smart'
    return merging.merged(loader.pillar, pillar, strategy, bool(opts.get('pillar_merge_lists')))


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
