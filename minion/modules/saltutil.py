"""Jobs that run on this minion, and what it is to read anew. Results: returns/saltutil.json, lifecycle section 7."""
from __future__ import absolute_import, division, print_function

import fnmatch
import os
import signal

from minion import compat
from minion.errors import SaltInvocationError

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
    return _refresh('pillar') if pillar else True


def refresh_pillar(wait=False, timeout=30, clean_cache=True):
    """Have the minion ask the master for its pillar; True. CLI: salt '*' saltutil.refresh_pillar"""
    return _refresh('pillar')


def pillar_refresh(wait=False, timeout=30, clean_cache=True):
    """The same as refresh_pillar, under its old name. CLI: salt '*' saltutil.pillar_refresh"""
    return refresh_pillar(wait, timeout, clean_cache)


def _refresh(kind):
    __minion__.refresh(kind)
    return True


# ---- synced files

def list_extmods():
    """Mapping of kinds of plug-in to the names of those that the master synced. CLI: salt '*' saltutil.list_extmods"""
    top, found = __opts__['extension_modules'], {}
    for kind in sorted(os.listdir(top)) if os.path.isdir(top) else ():
        folder = os.path.join(top, kind)
        if os.path.isdir(folder):
            names = set(name.split('.')[0] for name in os.listdir(folder) if name.endswith(_SOURCES))
            found[kind] = sorted(names)
    return found
