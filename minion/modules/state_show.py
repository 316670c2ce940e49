"""What state runs would read and do, shown without running anything. Results: docs/states.md."""
from __future__ import absolute_import, division, print_function

from minion import compat
from minion.errors import CommandExecutionError, SaltInvocationError
from minion.highstate import queueing, slsrun, tops, world

__virtualname__ = 'state'


def __virtual__():
    return __virtualname__


class _NotNow(Exception):
    """Nothing can be shown; `told` is what the caller gets instead."""

    def __init__(self, told):
        Exception.__init__(self, told)
        self.told = told


def _shown(show, queue, test, keywords, *arguments):
    """What show(run, ...) gives, or why there is nothing to show; errors set the return code."""
    told = queueing.turn(__minion__.jobs, __opts__, queue, keywords)
    if told:
        __context__['retcode'] = world.REFUSED
        return told
    run = slsrun.SlsRun(__minion__, __opts__, __file_client__, test, keywords)
    wrong = run.refused()
    if wrong:
        raise CommandExecutionError('Pillar failed to render', info=wrong[1:])
    try:
        return show(run, *arguments)
    except _NotNow as exc:
        __context__['retcode'] = world.REFUSED
        return exc.told


def _names(mods):
    return list(mods) if isinstance(mods, (list, tuple)) else [compat.to_native(name) for name in compat.shown(mods).split(',')]


def _read(run, mods):
    high, errors = run.read({run.saltenv: _names(mods)})
    errors = errors + run.wrong(high)
    if errors:
        raise _NotNow(errors)
    return high


def _low(compiled):
    chunks, errors = compiled
    if errors:
        raise _NotNow(errors)
    return chunks


def _chosen(run):
    """{environment: SLS files} for this minion."""
    top = run.top()
    errors = tops.wrong(top)
    if errors:
        raise _NotNow(errors)
    return run.chosen(top)


def _highstate(run):
    high, errors = run.read(_chosen(run))
    if errors:
        raise _NotNow(errors)
    return high


# ---- SLS files

def show_sls(mods, test=None, queue=None, **kwargs):
    """The high data of SLS files. CLI: salt '*' state.show_sls core,edit.vim"""
    return _shown(_read, queue, test, kwargs, mods)


def show_low_sls(mods, test=None, queue=None, **kwargs):
    """The low data of SLS files: what would be called, in its order. CLI: salt '*' state.show_low_sls core"""
    return _shown(lambda run: _low(run.low_as_it_stands(_read(run, mods))), queue, test, kwargs)


def graph(mods, test=None, queue=None, **kwargs):
    """The states of SLS files and their requisites as a graph for Graphviz. CLI: salt '*' state.graph core,edit.vim"""
    return _shown(lambda run: run.graph(_read(run, mods)), queue, test, kwargs)


def sls_exists(mods, test=None, queue=None, **kwargs):
    """True if SLS files are there and can be read. CLI: salt '*' state.sls_exists core,edit.vim"""
    return isinstance(show_sls(mods, test=test, queue=queue, **kwargs), dict)


def id_exists(ids, mods, test=None, queue=None, **kwargs):
    """True if SLS files declare all of these ids. CLI: salt '*' state.id_exists vim,git core"""
    found = show_low_sls(mods, test=test, queue=queue, **kwargs)
    known = set(chunk['__id__'] for chunk in found if isinstance(chunk, dict) and '__id__' in chunk)
    return known.issuperset(_names(ids))


# ---- the highstate

def show_highstate(queue=None, **kwargs):
    """The high data of all that the top file has for this minion. CLI: salt '*' state.show_highstate"""
    found = _shown(_highstate, queue, None, kwargs)
    if not found and 'retcode' not in __context__:
        __context__['retcode'] = world.FAILED
    return found


def graph_highstate(queue=None, **kwargs):
    """The same of all that the top file has for this minion. CLI: salt '*' state.graph_highstate"""
    def drawn(run):
        try:
            return run.graph(_highstate(run))
        except _NotNow as exc:                       # with the return code 0, as in the reference
            return exc.told
    return _shown(drawn, queue, None, kwargs)


def show_lowstate(queue=None, **kwargs):
    """The low data of all that the top file has for this minion. CLI: salt '*' state.show_lowstate"""
    return _shown(lambda run: _low(run.low(_highstate(run))), queue, None, kwargs)


def show_top(queue=None, **kwargs):
    """The SLS files that the top file has for this minion, by environment. CLI: salt '*' state.show_top"""
    if kwargs.get('saltenv') is not None and not compat.is_text(kwargs['saltenv']):
        raise SaltInvocationError('saltenv is %r, not the name of an environment' % (kwargs['saltenv'],))
    return _shown(_chosen, queue, None, kwargs)


def show_states(queue=None, **kwargs):
    """Names of the SLS files that a highstate runs, in the order of their first states. CLI: salt '*' state.show_states"""
    def names(run):
        found = []
        for chunk in _low(run.low(_highstate(run))):
            if chunk.get('__sls__') not in found:
                found.append(chunk.get('__sls__'))
        return found
    return _shown(names, queue, None, kwargs)


def show_state_usage(queue=None, **kwargs):
    """Which SLS files of each environment the top file uses for this minion. CLI: salt '*' state.show_state_usage"""
    def usage(run):
        chosen, found = _chosen(run), {}
        for env in run.tree.environments():
            known = set(run.tree.names(env) or ())
            used = set(name for pattern in chosen.get(env, ()) for name in run.tree.matching(env, pattern))
            found[env] = {'used': sorted(used), 'unused': sorted(known - used), 'count_all': len(known),
                          'count_used': len(used), 'count_unused': len(known - used)}
        return found
    return _shown(usage, queue, None, kwargs)
