"""One run of states at a time: which runs are under way, and waiting for those that were there before."""
from __future__ import absolute_import, division, print_function

import datetime
import time

from minion import compat

PAUSE = 0.1                                      # seconds between two looks at what runs
_RUNNING = 'The function "%s" is running as PID %s and was started at %s with jid %s'


def under_way(jobs):
    """The loads of the jobs of `state.*` that run besides this one.

    :param jobs: `__minion__.jobs`.
    """
    return [load for load in jobs.running() if _function(load)]


def _function(load):
    """The name of the state function of a job, None for another job."""
    names = load.get('fun')
    for name in names if isinstance(names, (list, tuple)) else [names]:
        if compat.is_text(name) and compat.to_native(name).startswith('state.'):
            return compat.to_native(name)
    return None


def told(loads):
    """Of each run that is under way one sentence."""
    return [_RUNNING % (_function(load), load.get('pid'), started(load.get('jid')), load.get('jid')) for load in loads]


def started(jid):
    """`2026, Nov 23 04:16:52.229848` of a job id; '' for what is none."""
    try:
        moment = datetime.datetime.strptime(str(jid)[:20], '%Y%m%d%H%M%S%f')
    except ValueError:
        return ''
    month = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split()[moment.month - 1]
    return '%d, %s %02d %s' % (moment.year, month, moment.day, moment.strftime('%H:%M:%S.%f'))


def turn(jobs, opts, queue=None, keywords=None):
    """Wait until it is this run's turn where it may wait; sentences about what is under way where it may not.

    :param dict opts: settings; `state_queue` counts where the argument `queue` is None.
    :param queue: True: wait; a number: wait if no more runs than that are there already.
    :param dict keywords: of the call: `concurrent`, `__pub_jid`.
    """
    keywords = keywords or {}
    if keywords.get('concurrent'):
        return []
    queue = opts.get('state_queue') if queue is None else queue
    mine = str(keywords.get('__pub_jid') or '')
    if not queue:
        return told(under_way(jobs))
    if not isinstance(queue, bool) and isinstance(queue, int) and len(under_way(jobs)) >= queue:
        return told(under_way(jobs))
    while _before(mine, under_way(jobs)):
        time.sleep(PAUSE)                            # in short steps: a job is ended between two of them
    return []


def _before(mine, loads):
    """Those that were there before this run; without an id of its own all are."""
    return [load for load in loads if not mine or str(load.get('jid')) < mine]


# ---- switched off

def off(grain):
    """The names in the grain `state_runs_disabled`."""
    return [compat.to_native(name) for name in grain or ()] if isinstance(grain, (list, tuple)) else []


def disabled(names, grain):
    """Of each SLS file that state.disable has switched off one sentence."""
    found = []
    for name in names:
        for switched in off(grain):
            if '.*' in switched and name.startswith(switched.split('.')[0] + '.'):
                found.append('The state file "%s" is currently disabled by "%s", to re-enable, run state.enable %s.'
                             % (name, switched, switched))
            elif switched == name:
                found.append('The state file "%s" is currently disabled, to re-enable, run state.enable %s.' % (name, name))
    return found
