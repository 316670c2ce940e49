"""What a job of the schedule is made of, as schedule.* builds and shows it."""
from __future__ import absolute_import, division, print_function

import datetime

from minion import compat
from minion.helpers import whentime

TIME_FORMAT = '%Y-%m-%dT%H:%M:%S'
NO_NAME = 'Job name is required.'
INTERVALS = ('seconds', 'minutes', 'hours', 'days')
COPIED = ('range', 'when', 'once', 'once_fmt', 'cron', 'returner', 'after', 'return_config', 'return_kwargs', 'until',
          'run_on_start', 'skip_during_range', 'run_after_skip_range', 'return_job', 'metadata')
OURS = ('name', 'function', 'args', 'kwargs', 'enabled', 'jid_include', 'maxrunning', 'splay') + INTERVALS + COPIED


def failure(comment, **more):
    """A result that says why not."""
    return dict({'result': False, 'comment': comment}, **more)


def built(name, given, prefix, named=()):
    """A job, or a failure().

    :param dict given: keyword arguments of schedule.add.  :param str prefix: before what is wrong with the times.
    :param named: texts that `whens` has times for.
    :raises KeyError: there is no function.
    """
    if not name:
        return failure(NO_NAME)
    job = {'function': given['function'], 'name': name}
    intervals = [unit for unit in INTERVALS if unit in given]
    if intervals and ('when' in given or 'cron' in given):
        return failure(prefix + 'Unable to use "seconds", "minutes", "hours", or "days" with "when" or "cron" options.')
    if given.get('when') and given.get('cron'):
        return failure(prefix + 'Unable to use "when" and "cron" options together.%s' % ('' if prefix else '  Ignoring.'))
    for key, kind, target, what in (('job_args', list, 'args', 'a list'), ('job_kwargs', dict, 'kwargs', 'a dict')):
        if key in given:
            if not isinstance(given[key], kind):
                return failure('%s is not %s. please correct and try again.' % (key, what))
            job[target] = given[key]
    strange = _no_time(given.get('when'), named)
    if strange:
        return failure('Schedule item %s for "when" in invalid.' % strange)
    job.update((unit, given[unit]) for unit in intervals)
    job.update((key, given[key]) for key in COPIED if key in given and given[key] is not None)
    job.update(enabled=given.get('enabled', True), jid_include=given.get('jid_include', True),
               maxrunning=given.get('maxrunning', 1))
    if 'splay' in given:
        job['splay'] = given['splay']
    return job


def _no_time(when, named):
    """The first text of `when` that is no time, None if all are."""
    for text in when if isinstance(when, list) else [when]:
        try:
            if compat.is_text(text) and text not in named:
                whentime.parse(text, datetime.datetime.now())
        except ValueError:
            return compat.to_native(text)
    return None


def shown(jobs, show_all, show_disabled, saved):
    """The jobs as schedule.list gives them; `saved`: names of those that are on disk."""
    found = {}
    for name, data in jobs.items():
        if not isinstance(data, dict):
            found[name] = data
            continue
        if name.startswith('__') and not show_all:
            continue
        job = dict((key, data[key]) for key in OURS if data.get(key) is not None)
        job.setdefault('enabled', True)
        if not job['enabled'] and not show_disabled:
            continue
        if name in saved:
            job['saved'] = True
        found[name] = job
    return found
