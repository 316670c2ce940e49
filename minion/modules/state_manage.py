"""Runs of states: which is under way, which SLS files are switched off, requests, pauses. Results: docs/states.md."""
from __future__ import absolute_import, division, print_function

import os

from minion import compat, files
from minion.errors import CommandExecutionError, SaltInvocationError
from minion.helpers import state_cache
from minion.highstate import pausing, queueing

__virtualname__ = 'state'
__outputter__ = dict((name, 'highstate') for name in ('request', 'check_request', 'run_request'))

_GRAIN = 'state_runs_disabled'
_REQUESTS = 'req_state.p'


def __virtual__():
    return __virtualname__


def running(concurrent=False):
    """One sentence about each run of states that is under way. CLI: salt '*' state.running"""
    return [] if concurrent else queueing.told(queueing.under_way(__minion__.jobs))


def clear_cache():
    """Remove the high data that runs have kept; names of the files. CLI: salt '*' state.clear_cache"""
    return state_cache.clear(__opts__['cachedir'])


def event(tagmatch='*', count=-1, quiet=False, sock_dir=None, pretty=False, node='minion'):
    """The events of this host as they come; refused, as there is no bus that could be listened to.

    On the master `salt-run state.event pretty=True` shows them. CLI: salt-call state.event pretty=True
    """
    raise CommandExecutionError('This minion has no event bus; on the master, salt-run state.event shows events')


# ---- switching off

def _names(states):
    if isinstance(states, (list, tuple)):
        return list(states)
    return [name.strip() for name in compat.to_native(compat.shown(states)).split(',')]


def _switch(states, off):
    """Switch SLS files off or on; what callers see."""
    switched, told = queueing.off(__salt__['grains.get'](_GRAIN)), []
    for name in _names(states):
        changes = (name in switched) is not off
        told.append('Info: %s state %s%s.' % (name, '' if changes else 'already ', 'disabled' if off else 'enabled'))
        if changes:
            switched = switched + [name] if off else [one for one in switched if one != name]
    __salt__['grains.setval'](_GRAIN, switched)
    __salt__['saltutil.refresh_modules']()
    return {'res': True, 'msg': '\n'.join(told)}


def disable(states):
    """Do not run these SLS files (`name`, `folder.*`, `highstate`) until they are enabled. CLI: salt '*' state.disable web"""
    return _switch(states, True)


def enable(states):
    """Run these SLS files again. CLI: salt '*' state.enable web"""
    return _switch(states, False)


def list_disabled():
    """Names of the SLS files that are switched off. CLI: salt '*' state.list_disabled"""
    return __salt__['grains.get'](_GRAIN)


# ---- requests

def request(mods=None, **kwargs):
    """Note a run for run_request and show what it would do. CLI: salt '*' state.request web"""
    keywords = dict(kwargs, test=True)
    shown = __salt__['state.apply'](mods, **keywords)
    held = state_cache.load(__opts__['cachedir'], _REQUESTS)
    held[compat.to_native(kwargs.get('name', 'default'))] = {'test_run': shown, 'mods': mods, 'kwargs': keywords}
    state_cache.keep(__opts__['cachedir'], _REQUESTS, held)
    return shown


def check_request(name=None):
    """What is noted: {name: {test_run, mods, kwargs}}, or of one name. CLI: salt '*' state.check_request"""
    held = state_cache.load(__opts__['cachedir'], _REQUESTS)
    return held if not name else held.get(name)


def clear_request(name=None):
    """Forget the request of a name, or all. CLI: salt '*' state.clear_request"""
    held = state_cache.load(__opts__['cachedir'], _REQUESTS)
    if name and held and name not in held:
        return False
    state_cache.keep(__opts__['cachedir'], _REQUESTS, dict(item for item in held.items() if name and item[0] != name))
    return True


def run_request(name='default', **kwargs):
    """Run what was noted. CLI: salt '*' state.run_request"""
    noted = state_cache.load(__opts__['cachedir'], _REQUESTS).get(name)
    if not noted or 'mods' not in noted:
        return {}
    keywords = dict(noted.get('kwargs') or {})
    keywords.pop('test', None)
    returned = __salt__['state.apply'](noted['mods'], **dict(keywords, **kwargs))
    clear_request(name)
    return returned


# ---- pauses

def _said(jid):
    """(name of the file about a run, what it says)."""
    try:
        name = pausing.path(jid)
    except ValueError as exc:
        raise SaltInvocationError(str(exc))
    return name, state_cache.load(__opts__['cachedir'], name)


def _say(name, said):
    if said:
        state_cache.keep(__opts__['cachedir'], name, said)
    else:
        files.remove(os.path.join(__opts__['cachedir'], name))


def pause(jid, state_id=None, duration=None):
    """Hold the run `jid` up before its next state, or before those of an id; for `duration` seconds at most.

    CLI: salt '*' state.pause 20171130110407769519 nginx 60
    """
    name, said = _said(jid)
    said.setdefault(pausing.ALL if state_id is None else state_id, {})
    if duration:
        said[pausing.ALL if state_id is None else state_id]['duration'] = int(duration)
    _say(name, said)


def resume(jid, state_id=None):
    """Let a run go on that was paused. CLI: salt '*' state.resume 20171130110407769519"""
    name, said = _said(jid)
    said.pop(pausing.ALL if state_id is None else state_id, None)
    _say(name, said)


def soft_kill(jid, state_id=None):
    """End the run `jid` before its next state, or before that of an id. CLI: salt '*' state.soft_kill 20171130110407769519"""
    name, said = _said(jid)
    said.setdefault(pausing.ALL if state_id is None else state_id, {})['kill'] = True
    _say(name, said)


def get_pauses(jid=None):
    """{jid: what is said about it} of the run `jid`, or of all that are under way. CLI: salt '*' state.get_pauses"""
    jids = [jid] if jid is not None else [load.get('jid') for load in queueing.under_way(__minion__.jobs)]
    found = {}
    for one in jids:
        said = _said(one)[1]
        if said:
            found[compat.to_native(compat.shown(one))] = said
    return found
