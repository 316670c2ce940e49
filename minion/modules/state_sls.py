"""States from SLS files: state.apply and its kin. Results: docs/states.md.

`state` has four files: what the caller spells out (state), what SLS files say (this one), what only shows (state_show),
and what is about runs (state_manage).
"""
from __future__ import absolute_import, division, print_function

from minion import compat
from minion.errors import SaltInvocationError
from minion.helpers import state_cache
from minion.helpers.rendererror import SaltRenderError
from minion.highstate import queueing, slsrun, tops, world

__virtualname__ = 'state'
__func_alias__ = {'apply_': 'apply'}
__outputter__ = dict((name, 'highstate') for name in ('apply', 'sls', 'highstate', 'top', 'test', 'sls_id', 'template',
                                                      'template_str'))


def __virtual__():
    return __virtualname__


def _run(test, keywords):
    return slsrun.SlsRun(__minion__, __opts__, __file_client__, test, keywords)


def _answer(returned, retcode=None):
    """`returned`, with the return code of this job set accordingly."""
    __context__['retcode'] = world.retcode(returned) if retcode is None else retcode
    return returned


def _not_now(queue, keywords, names):
    """Why no run may begin: list of texts, empty if one may."""
    running = queueing.turn(__minion__.jobs, __opts__, queue, keywords)
    return running or queueing.disabled(names, __grains__.get('state_runs_disabled'))


def _names(mods):
    if isinstance(mods, (list, tuple)):
        return list(mods)
    return [compat.to_native(name) for name in compat.shown(mods).split(',')] if mods else []


def _files(mods):
    """The names of SLS files; an empty text is one, too, of a file that is not there."""
    return [''] if mods == '' else _names(mods)


# ---- the usual ways

def apply_(mods=None, **kwargs):
    """Apply the SLS files `mods` (a list, or text with commas), or what the top file has for this minion.

    Further arguments are those of sls, without mods those of highstate. CLI: salt '*' state.apply web,db test=True
    """
    return sls(mods, **kwargs) if mods else highstate(**kwargs)


def sls(mods, test=None, exclude=None, queue=None, sync_mods=None, state_events=None, **kwargs):
    """Apply SLS files. test: only tell what would be done. exclude: SLS files, or mappings with `id` or `sls`.
    queue: wait for other runs. sync_mods: kinds of plug-in to fetch first, or `all`. Others: pillar (a mapping that is laid
    over the minion's), saltenv, pillarenv, concurrent, localconfig, mock.

    CLI: salt '*' state.sls web,db pillar='{port: 80}'
    """
    names = _files(mods)
    refused = _not_now(queue, kwargs, names)
    if refused:
        return _answer(refused)
    run = _run(test, kwargs)
    refused = run.refused()
    if refused:
        return _answer(refused, slsrun.BAD_PILLAR)
    _sync(run, sync_mods)
    _events(run, state_events)
    high, errors = run.read({run.saltenv: names})
    if errors:
        return _answer(errors)
    _exclude(high, exclude)
    state_cache.keep(__opts__['cachedir'], '%s.cache.p' % kwargs.get('cache_name', 'highstate'), high)
    returned = run.run(high)
    state_cache.keep(__opts__['cachedir'], 'sls.p', returned)
    return _told(returned, kwargs)


def orchestrate(mods, saltenv='base', test=None, exclude=None, pillar=None, pillarenv=None):
    """Apply SLS files on this host alone; `data` holds the results by minion id, `retcode` is 1 if any failed.

    Arguments as for sls. CLI: state.orchestrate webserver pillar='{port: 80}'
    """
    given = dict((name, value) for name, value in (('pillar', pillar), ('pillarenv', pillarenv)) if value is not None)
    returned = sls(mods, test=test, exclude=exclude, saltenv=saltenv, **given)
    return {'data': {__opts__['id']: returned}, 'outputter': 'highstate', 'retcode': 1 if __context__.get('retcode') else 0}


def _sync(run, sync_mods):
    kinds = ['all'] if sync_mods is True else _names(sync_mods)
    for kind in ['all'] if 'all' in kinds else kinds:
        name = 'saltutil.sync_%s' % kind
        if name in __salt__:
            __salt__[name](saltenv=run.saltenv)
    if kinds:
        run.begin()


def _events(run, state_events):
    if state_events is not None:
        run.set('state_events', state_events)


def _exclude(high, exclude):
    if exclude:
        high.setdefault('__exclude__', []).extend(_names(exclude))


def _told(returned, keywords):
    _answer(returned)
    if keywords.get('terse') or __opts__.get('state_data') == 'terse':
        return _terse(returned)
    return returned


def _terse(returned):
    """Only what failed or changed something."""
    if not isinstance(returned, dict):
        return returned
    return dict((tag, result) for tag, result in returned.items()
                if not isinstance(result, dict) or result.get('result') is not True or result.get('changes'))


def highstate(test=None, queue=None, state_events=None, **kwargs):
    """Apply what the top file has for this minion. Arguments as for sls; whitelist: the only SLS files of it that are run.

    CLI: salt '*' state.highstate exclude=web
    """
    if 'highstate' in queueing.off(__grains__.get('state_runs_disabled')):
        text = 'Salt highstate run is disabled. To re-enable, run state.enable highstate'
        return {'name': text, 'result': 'False', 'comment': text}
    running = queueing.turn(__minion__.jobs, __opts__, queue, kwargs)
    return _answer(running) if running else _highstate(test, state_events, kwargs)


def _highstate(test, state_events, kwargs, top_file=None):
    run = _run(test, kwargs)
    if top_file:
        run.set('state_top', top_file)
    _events(run, state_events)
    refused = run.refused()
    if refused:
        return _answer(refused, slsrun.BAD_PILLAR)
    try:
        top = run.top()
    except SaltRenderError as exc:
        return _told(slsrun.no_states('Unable to render top file: ' + compat.to_native(compat.error_text(exc))), kwargs)
    errors = tops.wrong(top)
    wanted = run.chosen(top) if isinstance(top, dict) else {}
    if not wanted:
        return _told(errors or slsrun.no_states(slsrun.NOTHING), kwargs)
    wanted = _whitelisted(wanted, kwargs.get('whitelist'))
    _load_dynamic(run, wanted)
    high, wrong = run.read(wanted)
    _exclude(high, kwargs.get('exclude'))
    if not high and not errors + wrong:
        return _told(slsrun.no_states(slsrun.NO_STATES), kwargs)
    state_cache.keep(__opts__['cachedir'], '%s.cache.p' % kwargs.get('cache_name', 'highstate'), high)
    return _told(errors + wrong or run.run(high), kwargs)


def _whitelisted(wanted, whitelist):
    if not whitelist:
        return wanted
    only = _names(whitelist)
    found = compat.Ordered((env, [name for name in names if name in only]) for env, names in wanted.items())
    return compat.Ordered((env, names) for env, names in found.items() if names)


def _load_dynamic(run, wanted):
    """Fetch the plug-ins of the environments that take part (`autoload_dynamic_modules`)."""
    if not run.opts.get('autoload_dynamic_modules', True) or 'saltutil.sync_all' not in __salt__:
        return
    synced = __salt__['saltutil.sync_all']([env for env in wanted if compat.is_text(env)], refresh=False)
    if any(synced.values()):
        __minion__.refresh('modules')
        run.begin()


def top(topfn, test=None, queue=None, **kwargs):
    """Apply what another top file than the usual one has for this minion. CLI: salt '*' state.top reverse_top.sls"""
    running = queueing.turn(__minion__.jobs, __opts__, queue, kwargs)
    return _answer(running) if running else _highstate(test, None, kwargs, compat.to_native(topfn))


def test(*args, **kwargs):
    """state.apply with test=True. CLI: salt '*' state.test web"""
    return apply_(*args, **dict(kwargs, test=True))


# ---- parts, and texts

def sls_id(id_, mods, test=None, queue=None, state_events=None, **kwargs):
    """Apply the states of one id of SLS files, and what it requires. CLI: salt '*' state.sls_id webserver web"""
    running = queueing.turn(__minion__.jobs, __opts__, queue, kwargs)
    if running:
        return _answer(running)
    run = _run(test, kwargs)
    refused = run.refused()
    if refused:
        return _answer(refused, slsrun.BAD_PILLAR)
    _events(run, state_events)
    high, errors = run.read({run.saltenv: _files(mods)})
    returned = errors or run.run_id(high, id_)
    _answer(returned)
    if not returned:
        raise SaltInvocationError("No matches for ID '%s' found in SLS '%s' within saltenv '%s'" % (
            id_, mods if compat.is_text(mods) else ', '.join(mods), run.saltenv))
    return returned


def template(tem, queue=None, **kwargs):
    """Apply an SLS file of this host. CLI: salt '*' state.template /path/to/file.sls"""
    running = queueing.turn(__minion__.jobs, __opts__, queue, kwargs)
    if running:
        return _answer(running)
    run = _run(kwargs.get('test'), kwargs)
    high, errors = run.read_here(tem if tem.endswith('.sls') else tem + '.sls')
    return _answer(errors or run.run(high))


def template_str(tem, queue=None, **kwargs):
    """Apply the text of an SLS file. CLI: salt '*' state.template_str 'web: {pkg.installed: [{name: nginx}]}'"""
    running = queueing.turn(__minion__.jobs, __opts__, queue, kwargs)
    if running:
        return _answer(running)
    run = _run(kwargs.get('test'), kwargs)
    high, errors = slsrun.template(run, tem, '<template-str>')
    if not high and not errors:
        return _answer({})
    return _answer(errors or run.run(high))
