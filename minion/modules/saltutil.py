"""Jobs that run on this minion, and what it is to read anew. Results: tests/data/parity/returns/saltutil.json."""
from __future__ import absolute_import, division, print_function

import fnmatch
import os
import signal
import time

from minion import compat, files
from minion.errors import CommandExecutionError, RequestTimeout, SaltInvocationError
from minion.helpers import caches, extmods

_SOURCES = ('.py', '.pyx', '.so')


# ---- jobs

def running():
    """List of the loads of all jobs that run now, with their pid, without this one. CLI: salt '*' saltutil.running"""
    return __minion__.jobs.running()


def find_job(jid):
    """The load and pid of the job `jid` if it runs now, else an empty mapping. CLI: salt '*' saltutil.find_job <jid>"""
    return __minion__.jobs.find(_jid(jid))


def is_running(fun):
    """The entries of `running` whose function matches the glob `fun`. CLI: salt '*' saltutil.is_running 'state.*'"""
    return [job for job in running() if any(fnmatch.fnmatchcase(name, fun) for name in _names(job.get('fun')))]


def signal_job(jid, sig):
    """Send signal number `sig` to the job `jid`; a text that says so, '' if it does not run.

    CLI: salt '*' saltutil.signal_job <jid> 15
    """
    try:
        number = int(sig)
    except (TypeError, ValueError):
        if not find_job(jid):
            return ''
        raise SaltInvocationError('sig is %r, not the number of a signal' % (sig,))
    return __minion__.jobs.signal(_jid(jid), number)


def term_job(jid):
    """Send SIGTERM to the job `jid`; see signal_job. CLI: salt '*' saltutil.term_job <jid>"""
    return signal_job(jid, signal.SIGTERM)


def kill_job(jid):
    """Send SIGKILL to the job `jid`; see signal_job. CLI: salt '*' saltutil.kill_job <jid>"""
    return signal_job(jid, signal.SIGKILL)


def term_all_jobs():
    """Send SIGTERM to all jobs but this one; list of what signal_job says. CLI: salt '*' saltutil.term_all_jobs"""
    return [signal_job(job['jid'], signal.SIGTERM) for job in running()]


def kill_all_jobs():
    """Send SIGKILL to all jobs but this one; list of what signal_job says. CLI: salt '*' saltutil.kill_all_jobs"""
    return [signal_job(job['jid'], signal.SIGKILL) for job in running()]


def _jid(jid):
    """Text of a job id, which a command line turns into a number."""
    return compat.to_native(jid) if compat.is_text(jid) else str(jid)


def _names(fun):
    return fun if isinstance(fun, (list, tuple)) else [fun or '']


# ---- what the minion reads anew

def refresh_modules(**kwargs):
    """Have the minion look for new and changed modules; True. CLI: salt '*' saltutil.refresh_modules"""
    return _refresh('modules')


def refresh_matchers():
    """The same as refresh_modules; True. CLI: salt '*' saltutil.refresh_matchers"""
    return _refresh('modules')


def refresh_beacons():
    """Have the minion look for new and changed beacons; True. CLI: salt '*' saltutil.refresh_beacons"""
    return _refresh('modules')


def refresh_resources():
    """Have the minion look for new modules; it has no resources of its own; True.

    CLI: salt '*' saltutil.refresh_resources
    """
    return _refresh('modules')


def refresh_grains(**kwargs):
    """Have the minion compute its grains anew, and its pillar unless refresh_pillar is False; True.

    CLI: salt '*' saltutil.refresh_grains
    """
    wanted = dict((name, value) for name, value in kwargs.items() if not name.startswith('__pub_'))
    pillar = wanted.pop('refresh_pillar', True)
    wanted.pop('clean_pillar_cache', None)
    if wanted:
        raise SaltInvocationError('The following keyword arguments are not valid: '
                                  + ', '.join('%s=%s' % (name, wanted[name]) for name in sorted(wanted)))
    _refresh('grains')
    if pillar:
        _refresh('pillar')
    return True


def refresh_pillar(wait=False, timeout=30, clean_cache=True):
    """Have the minion ask for its pillar; True, in a local call False. Called saltutil.pillar_refresh in the past.

    CLI: salt '*' saltutil.refresh_pillar
    """
    return _refresh('pillar')


pillar_refresh = refresh_pillar


def _refresh(kind):
    return __minion__.refresh(kind) is not False     # False: no minion at work is told, this is a local call


# ---- caches and keys

def clear_cache():
    """Remove the caches of files and jobs and the synced plug-ins; True. What is owed to the master stays.

    CLI: salt '*' saltutil.clear_cache
    """
    caches.clear(__opts__['cachedir'], __opts__['extension_modules'])
    return True


def clear_job_cache(hours=24):
    """Remove kept returns (`cache_jobs`) older than `hours`; True. CLI: salt '*' saltutil.clear_job_cache hours=12"""
    caches.clear_jobs(__opts__['cachedir'], time.time() - hours * 3600)
    return True


def find_cached_job(jid):
    """The return of the job `jid` that was kept (`cache_jobs`), or a text that says why not.

    CLI: salt '*' saltutil.find_cached_job <jid>
    """
    path = caches.kept_job(__opts__['cachedir'], _jid(jid))
    if path is not None:
        return __minion__.unpacked(path)
    if not __opts__.get('cache_jobs'):
        return 'Local jobs cache directory not found; you may need to enable cache_jobs on this minion'
    return 'Local jobs cache directory %s not found' % os.path.join(__opts__['cachedir'], caches.JOBS, _jid(jid))


def regen_keys():
    """Remove the keys of this minion, so that it makes new ones at its next start; the key of the master stays.

    CLI: salt '*' saltutil.regen_keys
    """
    for name in ('minion.pem', 'minion.pub'):
        files.remove(os.path.join(__opts__['pki_dir'], name))


def revoke_auth(preserve_minion_cache=False):
    """Ask the master to delete the key of this minion (its setting allow_minion_key_revoke); False without an answer.

    CLI: salt '*' saltutil.revoke_auth
    """
    try:
        __minion__.request({'cmd': 'revoke_auth', 'id': __opts__['id'], 'preserve_minion_cache': preserve_minion_cache})
    except RequestTimeout:
        return False
    return True


def update(version=None):
    """A mapping that says that this program does not replace itself. CLI: salt '*' saltutil.update"""
    return {'_error': 'Esky not available as import'}


# ---- what belongs to a master

def cmd(tgt, fun, arg=[], timeout=None, tgt_type='glob', ret='', kwarg=None, ssh=False, **kwargs):
    """Publishing is the work of a master: see publish.publish. CLI: salt 'minion' saltutil.cmd"""
    raise SaltInvocationError('The salt master could not be contacted. Is master running?')


def cmd_iter(tgt, fun, arg=[], timeout=None, tgt_type='glob', ret='', kwarg=None, ssh=False, **kwargs):
    """As cmd. CLI: salt 'minion' saltutil.cmd_iter"""
    raise SaltInvocationError('The salt master could not be contacted. Is master running?')


def runner(name, arg=None, kwarg=None, full_return=False, saltenv='base', jid=None, **kwargs):
    """Runners belong to a master: see publish.runner. CLI: salt 'master' saltutil.runner jobs.list_jobs"""
    raise CommandExecutionError('%s: runners belong to the master, and this program is none; use salt-run there' % name)


def wheel(name, *args, **kwargs):
    """Wheel functions belong to a master. CLI: salt 'master' saltutil.wheel key.list_all"""
    raise CommandExecutionError('%s: wheel functions belong to the master, and this program is none' % name)


def mmodule(saltenv, fun, *args, **kwargs):
    """Call the execution function `fun`, custom ones included. CLI: salt '*' saltutil.mmodule base test.arg 1"""
    return __salt__[fun](*args, **kwargs)


# ---- synced files

# function sync_NAME: kind, where it is not the same
_FOLDERS = {'proxymodules': 'proxy'}
_ALL = ('clouds', 'beacons', 'modules', 'states', 'sdb', 'grains', 'renderers', 'returners', 'output', 'utils',
        'log_handlers', 'executors', 'proxymodules', 'engines', 'thorium', 'serializers', 'matchers', 'resources')
_MASTERLESS = ('tops', 'pillar', 'wrapper')


def _sync(name, saltenv, extmod_whitelist, extmod_blacklist):
    """(names of what changed, True if anything is other than before)"""
    if __file_client__ is None:
        raise CommandExecutionError('this minion has no file client')
    kind = _FOLDERS.get(name, name)
    only = extmods.chosen(extmod_whitelist, __opts__.get('extmod_whitelist'), kind)
    never = extmods.chosen(extmod_blacklist, __opts__.get('extmod_blacklist'), kind)
    sync = extmods.Sync(__file_client__, __opts__['extension_modules'], __opts__['cachedir'],
                        __opts__.get('clean_dynamic_modules', True))
    return sync.run(kind, _saltenvs(saltenv), only, never)


def _saltenvs(saltenv):
    names = saltenv or __opts__.get('saltenv') or 'base'
    return [name.strip() for name in names.split(',')] if compat.is_text(names) else list(names)


def _synced(name, refresh, saltenv, extmod_whitelist, extmod_blacklist, *kinds):
    """Sync one kind and have what depends on it read anew, if anything changed; the names of what changed."""
    changed, touched = _sync(name, saltenv, extmod_whitelist, extmod_blacklist)
    if touched and refresh:
        for kind in kinds or ('modules',):
            _refresh(kind)
    return changed


def sync_grains(saltenv=None, refresh=True, extmod_whitelist=None, extmod_blacklist=None, clean_pillar_cache=False):
    """Fetch custom grains (salt://_grains); list of the new and changed ones. CLI: salt '*' saltutil.sync_grains"""
    return _synced('grains', refresh, saltenv, extmod_whitelist, extmod_blacklist, 'modules', 'grains', 'pillar')


def sync_sdb(saltenv=None, extmod_whitelist=None, extmod_blacklist=None):
    """Fetch custom sdb modules (salt://_sdb); list of the new and changed ones. CLI: salt '*' saltutil.sync_sdb"""
    return _synced('sdb', False, saltenv, extmod_whitelist, extmod_blacklist)


def sync_tops(saltenv=None, refresh=True, extmod_whitelist=None, extmod_blacklist=None):
    """Fetch custom tops (salt://_tops) on a masterless minion. CLI: salt '*' saltutil.sync_tops"""
    _only_masterless('Master top modules')
    return _synced('tops', refresh, saltenv, extmod_whitelist, extmod_blacklist)


def sync_pillar(saltenv=None, refresh=True, extmod_whitelist=None, extmod_blacklist=None, clean_pillar_cache=False):
    """Fetch custom pillar modules (salt://_pillar) on a masterless minion. CLI: salt '*' saltutil.sync_pillar"""
    _only_masterless('Pillar modules')
    return _synced('pillar', refresh, saltenv, extmod_whitelist, extmod_blacklist, 'modules', 'pillar')


def _only_masterless(what):
    if __opts__.get('file_client') != 'local':
        raise CommandExecutionError('%s can only be synced to masterless minions' % what)


def sync_modules(saltenv=None, refresh=True, extmod_whitelist=None, extmod_blacklist=None):
    """Fetch custom execution modules (salt://_modules); list of the new and changed ones.

    CLI: salt '*' saltutil.sync_modules
    """
    return _synced('modules', refresh, saltenv, extmod_whitelist, extmod_blacklist)


def sync_states(saltenv=None, refresh=True, extmod_whitelist=None, extmod_blacklist=None):
    """Fetch custom state modules (salt://_states); list of the new and changed ones. CLI: salt '*' saltutil.sync_states"""
    return _synced('states', refresh, saltenv, extmod_whitelist, extmod_blacklist)


def sync_renderers(saltenv=None, refresh=True, extmod_whitelist=None, extmod_blacklist=None):
    """Fetch custom renderers (salt://_renderers); list of the new and changed ones. CLI: salt '*' saltutil.sync_renderers"""
    return _synced('renderers', refresh, saltenv, extmod_whitelist, extmod_blacklist)


def sync_returners(saltenv=None, refresh=True, extmod_whitelist=None, extmod_blacklist=None):
    """Fetch custom returners (salt://_returners); list of the new and changed ones. CLI: salt '*' saltutil.sync_returners"""
    return _synced('returners', refresh, saltenv, extmod_whitelist, extmod_blacklist)


def sync_utils(saltenv=None, refresh=True, extmod_whitelist=None, extmod_blacklist=None):
    """Fetch custom utility modules (salt://_utils); list of the new and changed ones. CLI: salt '*' saltutil.sync_utils"""
    return _synced('utils', refresh, saltenv, extmod_whitelist, extmod_blacklist)


def sync_output(saltenv=None, refresh=True, extmod_whitelist=None, extmod_blacklist=None):
    """Fetch custom outputters (salt://_output); the new ones. CLI: salt '*' saltutil.sync_output (saltutil.sync_outputters)"""
    return _synced('output', refresh, saltenv, extmod_whitelist, extmod_blacklist)


sync_outputters = sync_output


def sync_log_handlers(saltenv=None, refresh=True, extmod_whitelist=None, extmod_blacklist=None):
    """Fetch custom log handlers (salt://_log_handlers); list of the new and changed ones.

    CLI: salt '*' saltutil.sync_log_handlers
    """
    return _synced('log_handlers', refresh, saltenv, extmod_whitelist, extmod_blacklist)


def sync_beacons(saltenv=None, refresh=True, extmod_whitelist=None, extmod_blacklist=None):
    """Fetch custom beacons (salt://_beacons); list of the new and changed ones. CLI: salt '*' saltutil.sync_beacons"""
    return _synced('beacons', refresh, saltenv, extmod_whitelist, extmod_blacklist)


def sync_engines(saltenv=None, refresh=False, extmod_whitelist=None, extmod_blacklist=None):
    """Fetch custom engines (salt://_engines); list of the new and changed ones. CLI: salt '*' saltutil.sync_engines"""
    return _synced('engines', refresh, saltenv, extmod_whitelist, extmod_blacklist)


def sync_proxymodules(saltenv=None, refresh=False, extmod_whitelist=None, extmod_blacklist=None):
    """Fetch custom proxy modules (salt://_proxy); list of the new and changed ones. CLI: salt '*' saltutil.sync_proxymodules"""
    return _synced('proxymodules', refresh, saltenv, extmod_whitelist, extmod_blacklist)


def sync_matchers(saltenv=None, refresh=False, extmod_whitelist=None, extmod_blacklist=None):
    """Fetch custom matchers (salt://_matchers); list of the new and changed ones. CLI: salt '*' saltutil.sync_matchers"""
    return _synced('matchers', refresh, saltenv, extmod_whitelist, extmod_blacklist)


def sync_executors(saltenv=None, refresh=True, extmod_whitelist=None, extmod_blacklist=None):
    """Fetch custom executors (salt://_executors); list of the new and changed ones. CLI: salt '*' saltutil.sync_executors"""
    return _synced('executors', refresh, saltenv, extmod_whitelist, extmod_blacklist)


def sync_serializers(saltenv=None, refresh=True, extmod_whitelist=None, extmod_blacklist=None):
    """Fetch custom serializers (salt://_serializers); list of the new and changed ones.

    CLI: salt '*' saltutil.sync_serializers
    """
    return _synced('serializers', refresh, saltenv, extmod_whitelist, extmod_blacklist)


def sync_thorium(saltenv=None, refresh=False, extmod_whitelist=None, extmod_blacklist=None):
    """Fetch custom thorium modules (salt://_thorium); list of the new and changed ones. CLI: salt '*' saltutil.sync_thorium"""
    return _synced('thorium', refresh, saltenv, extmod_whitelist, extmod_blacklist)


def sync_clouds(saltenv=None, refresh=True, extmod_whitelist=None, extmod_blacklist=None):
    """Fetch custom cloud modules (salt://_clouds); list of the new and changed ones. CLI: salt '*' saltutil.sync_clouds"""
    return _synced('clouds', refresh, saltenv, extmod_whitelist, extmod_blacklist)


def sync_resources(saltenv=None, refresh=True, extmod_whitelist=None, extmod_blacklist=None):
    """Fetch custom resource modules (salt://_resources); list of the new and changed ones.

    CLI: salt '*' saltutil.sync_resources
    """
    return _synced('resources', refresh, saltenv, extmod_whitelist, extmod_blacklist)


def sync_wrapper(saltenv=None, refresh=True, extmod_whitelist=None, extmod_blacklist=None):
    """Fetch custom salt-ssh wrappers (salt://_wrapper); list of the new and changed ones.

    CLI: salt '*' saltutil.sync_wrapper
    """
    return _synced('wrapper', refresh, saltenv, extmod_whitelist, extmod_blacklist)


def sync_all(saltenv=None, refresh=True, extmod_whitelist=None, extmod_blacklist=None, clean_pillar_cache=False):
    """Fetch custom plug-ins of all kinds; mapping of each kind to the new and changed ones.

    CLI: salt '*' saltutil.sync_all
    """
    local = _MASTERLESS if __opts__.get('file_client') == 'local' else ()
    found = dict((name, _sync(name, saltenv, extmod_whitelist, extmod_blacklist)[0]) for name in _ALL + local)
    if refresh:
        for kind in ('modules', 'grains', 'pillar'):
            _refresh(kind)
    return found


def list_extmods():
    """Mapping of kinds of plug-in to the names of those that the master synced. CLI: salt '*' saltutil.list_extmods"""
    top, found = __opts__['extension_modules'], {}
    for kind in sorted(os.listdir(top)) if os.path.isdir(top) else ():
        folder = os.path.join(top, kind)
        if os.path.isdir(folder):
            names = set(name.split('.')[0] for name in os.listdir(folder) if name.endswith(_SOURCES))
            found[kind] = sorted(names)
    return found
