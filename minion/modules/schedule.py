"""Jobs that the minion starts by itself.

Changes hold at once and are kept in minion.d/_schedule.conf unless persist is False. offline=True changes that file
alone, for a minion that does not run.
"""
from __future__ import absolute_import, division, print_function

import datetime
from copy import deepcopy

from minion import compat
from minion.errors import CommandExecutionError
from minion.helpers import schedulefile, schedulejob
from minion.helpers.schedulejob import NO_NAME, TIME_FORMAT

__func_alias__ = {'list_': 'list', 'reload_': 'reload'}
NO_TIME = 'Date string could not be parsed.'
NO_EVENT = 'Event module not available. Schedule %s failed.'


# ---- looking

def list_(show_all=False, show_disabled=True, where=None, return_yaml=True, offline=False):
    """The jobs as YAML, or as a mapping with return_yaml=False. show_all: those of the minion itself, too.

    where: 'opts' or 'pillar'. CLI: salt '*' schedule.list show_all=True
    """
    jobs = _offline_jobs() if offline or _scheduler() is None else _scheduler().jobs(where)
    saved = _saved() if return_yaml else {}
    found = schedulejob.shown(jobs, show_all, show_disabled, saved)
    return schedulefile.dump({'schedule': found}) if return_yaml else found


def is_enabled(name=None):
    """The job `name`, or all jobs that are enabled; {} for an unknown one. CLI: salt '*' schedule.is_enabled job1"""
    jobs = list_(True, True, None, False)
    if name:
        return jobs.get(name, {})
    return dict((key, data) for key, data in jobs.items() if not isinstance(data, dict) or data.get('enabled', True))


def job_status(name, time_fmt=TIME_FORMAT):
    """What is known of a job, its last and next run among it. CLI: salt '*' schedule.job_status job1"""
    found = _scheduler().status(name) if _scheduler() is not None else {}
    for key, value in found.items():
        if isinstance(value, datetime.datetime):
            found[key] = value.strftime(time_fmt)
    return found


def show_next_fire_time(name, **kwargs):
    """When a job runs next. CLI: salt '*' schedule.show_next_fire_time job1"""
    if _scheduler() is None:
        return schedulejob.failure(NO_EVENT % 'show next fire time')
    moment = _scheduler().status(name).get('_next_fire_time')
    return {'result': True, 'next_fire_time': moment and moment.strftime(kwargs.get('time_fmt') or TIME_FORMAT)}


def build_schedule_item(name, **kwargs):
    """The job that `add` would make of these arguments. CLI: salt '*' schedule.build_schedule_item x function=test.ping"""
    return schedulejob.built(name, kwargs, '', _named())


# ---- changing

def add(name, **kwargs):
    """Add a job: function, job_args, job_kwargs, and seconds, minutes, hours, days, when, cron or once.

    Also splay, range, until, after, maxrunning, returner, return_job, metadata, enabled, run_on_start.
    CLI: salt '*' schedule.add job1 function='test.ping' seconds=3600
    """
    if not name:
        return schedulejob.failure(NO_NAME)
    if name in _known(kwargs):
        return schedulejob.failure('Job %s already exists in schedule.' % name, changes={})
    job = schedulejob.built(name, kwargs, 'Error: ', _named())
    if job.get('result') is False and 'function' not in job:
        return dict(job, changes={}) if job['comment'].startswith('Error: ') else job
    if kwargs.get('test'):
        return {'result': True, 'comment': 'Job: %s would be added to schedule.' % name, 'changes': {}}
    _change(name, job, kwargs)
    return {'result': True, 'comment': 'Added job: %s to schedule.' % name, 'changes': {name: 'added'}}


def modify(name, **kwargs):
    """Replace a job by what the arguments say; the function stays if none is given.

    CLI: salt '*' schedule.modify job1 function='test.ping' seconds=3600
    """
    known = _known(kwargs)
    if name not in known:
        return schedulejob.failure('Job %s does not exist in schedule.' % name, changes={})
    old = dict(known[name])
    job = schedulejob.built(name, dict({'function': old.get('function')}, **kwargs), 'Error: ', _named())
    if job.get('result') is False and 'function' not in job:
        return job
    changes = {name: {'old': old, 'new': job}}
    if kwargs.get('test'):
        return {'result': True, 'comment': 'Job: %s would be modified in schedule.' % name, 'changes': changes}
    _change(name, job, kwargs)
    return {'result': True, 'comment': 'Modified job: %s in schedule.' % name, 'changes': changes}


def delete(name, **kwargs):
    """Remove a job. CLI: salt '*' schedule.delete job1"""
    if not name:
        return schedulejob.failure(NO_NAME, changes={})
    if kwargs.get('test'):
        return {'result': True, 'comment': 'Job: %s would be deleted from schedule.' % name, 'changes': {}}
    if name not in _known(kwargs):
        return schedulejob.failure('Job %s does not exist.' % name, changes={})
    if not kwargs.get('offline') and _scheduler().in_pillar(name):
        return schedulejob.failure('Job %s is in pillar.' % name, changes={})
    _change(name, None, kwargs)
    return {'result': True, 'comment': 'Deleted Job %s from schedule.' % name, 'changes': {name: 'removed'}}


def purge(**kwargs):
    """Remove all jobs. CLI: salt '*' schedule.purge"""
    changes, comments = {}, []
    for name in sorted(_known(kwargs)):
        if name == 'enabled' or name.startswith('__'):
            continue
        if kwargs.get('test'):
            comments.append('Job: %s would be deleted from schedule.' % name)
            continue
        done = delete(name, **dict((key, kwargs[key]) for key in ('persist', 'offline') if key in kwargs))
        if done['result']:
            comments.append('Deleted job: %s from schedule.' % name)
            changes[name] = 'removed'
        else:
            comments.append('Failed to delete job %s from schedule.' % name)
    return {'result': True, 'comment': comments, 'changes': changes}


def enable_job(name, **kwargs):
    """Let a job run again. CLI: salt '*' schedule.enable_job job1"""
    return _switch_job(name, True, kwargs)


def disable_job(name, **kwargs):
    """Keep a job from running. CLI: salt '*' schedule.disable_job job1"""
    return _switch_job(name, False, kwargs)


def _switch_job(name, wanted, kwargs):
    word = 'enable' if wanted else 'disable'
    if not name:
        return schedulejob.failure(NO_NAME, changes={})
    known = _known(kwargs)
    if name in known and kwargs.get('test'):
        return {'result': True, 'comment': 'Job: %s would be %sd in schedule.' % (name, word), 'changes': {}}
    if name not in known:
        return schedulejob.failure('Job %s does not exist.' % name, changes={})
    _change(name, dict(known[name], enabled=wanted), kwargs)
    return {'result': True, 'comment': '%sd Job %s in schedule.' % (word.title(), name), 'changes': {name: word + 'd'}}


def enable(**kwargs):
    """Let all jobs run again. CLI: salt '*' schedule.enable"""
    return _switch(True, kwargs)


def disable(**kwargs):
    """Keep all jobs from running. CLI: salt '*' schedule.disable"""
    return _switch(False, kwargs)


def _switch(wanted, kwargs):
    word = 'enabled' if wanted else 'disabled'
    if kwargs.get('test'):
        return {'result': True, 'comment': 'Schedule would be %s.' % word, 'changes': {}}
    if _scheduler() is None:
        return schedulejob.failure(NO_EVENT % word[:-1], changes={})
    _scheduler().change('enabled', wanted, kwargs.get('persist', True))
    return {'result': True, 'comment': '%s schedule on minion.' % word.title(), 'changes': {'schedule': word}}


def save(**kwargs):
    """Write the jobs that are not from the pillar to minion.d/_schedule.conf. CLI: salt '*' schedule.save"""
    if kwargs.get('test'):
        return {'result': True, 'comment': 'Schedule would be saved.'}
    if _scheduler() is None:
        return schedulejob.failure(NO_EVENT % 'save')
    _kept(_scheduler().save)
    return {'result': True, 'comment': 'Schedule (non-pillar items) saved.'}


def reload_():
    """Take the jobs of minion.d/_schedule.conf in place of those in force, if the file has any.

    CLI: salt '*' schedule.reload
    """
    try:
        found = _saved()
    except ValueError as exc:
        return {'result': False, 'comment': ['Unable to read existing schedule file: %s' % exc]}
    if not found or _scheduler() is None:
        return {'result': True, 'comment': []}
    _scheduler().set_own(found)
    return {'result': True, 'comment': ['Reloaded schedule from saved schedule on minion.']}


# ---- running

def run_job(name, force=False):
    """Run a job now. force: though it is disabled. CLI: salt '*' schedule.run_job job1"""
    known = _known({})
    if name not in known:
        return schedulejob.failure('Job %s does not exist.' % name)
    if not known[name].get('enabled', True) and not force:
        return schedulejob.failure('Job %s is disabled.' % name)
    if _scheduler() is None:
        return schedulejob.failure(NO_EVENT % 'run')
    _scheduler().run(name, force)
    return {'result': True, 'comment': 'Scheduling Job %s on minion.' % name}


def postpone_job(name, current_time, new_time, **kwargs):
    """Run a job at another time than it is due. time_fmt: shape of both times.

    CLI: salt '*' schedule.postpone_job job1 2026-01-01T08:00:00 2026-01-01T09:00:00
    """
    shape = kwargs.get('time_fmt') or TIME_FORMAT
    for missing, text in ((name, NO_NAME), (current_time, 'Job current time is required.')):
        if not missing:
            return schedulejob.failure(text)
    if not (_is_time(current_time, shape) and _is_time(new_time, shape)):
        return schedulejob.failure(NO_TIME)
    if name not in _known({}):
        return schedulejob.failure('Job %s does not exist.' % name)
    if _scheduler() is None:
        return schedulejob.failure(NO_EVENT % 'postpone job')
    _scheduler().explicit(name, skip_explicit={'time': current_time, 'time_fmt': shape},
                          run_explicit={'time': new_time, 'time_fmt': shape})
    return {'result': True, 'comment': 'Postponed Job %s in schedule.' % name}


def skip_job(name, current_time, **kwargs):
    """Do not run a job when it is due at that time. CLI: salt '*' schedule.skip_job job1 2026-01-01T08:00:00"""
    shape = kwargs.get('time_fmt') or TIME_FORMAT
    if current_time and not _is_time(current_time, shape):
        return schedulejob.failure(NO_TIME)
    if name not in _known({}):
        return schedulejob.failure('Job %s does not exist.' % name)
    if _scheduler() is None:
        return schedulejob.failure(NO_EVENT % 'skip job')
    if not current_time:
        return schedulejob.failure('Job time is required.')
    _scheduler().explicit(name, skip_explicit={'time': current_time, 'time_fmt': shape})
    return {'result': True, 'comment': 'Added Skip Job %s in schedule.' % name}


def _is_time(text, shape):
    try:
        datetime.datetime.strptime(text, shape)
    except (TypeError, ValueError):
        return False
    return True


# ---- other minions

def copy(name, target, **kwargs):
    """Add a job of this minion on others. CLI: salt '*' schedule.copy job1 target"""
    return _to_others(name, target, kwargs, 'copied', 'Copied')


def move(name, target, **kwargs):
    """Add a job of this minion on others, and remove it here. CLI: salt '*' schedule.move job1 target"""
    return _to_others(name, target, kwargs, 'moved', 'Moved')




def _to_others(name, target, kwargs, word, title):
    if kwargs.get('test'):
        return {'result': True, 'comment': 'Job: %s would be %s from schedule.' % (name, word)}
    known = _known({})
    if name not in known:
        return schedulejob.failure('Job %s does not exist.' % name)
    given = [name] + ['%s=%s' % (key, value) for key, value in sorted(known[name].items()) if key != 'name']
    answers = __salt__['publish.publish'](target, 'schedule.add', given)
    if not answers:
        return schedulejob.failure('no servers answered the published schedule.add command')
    failed = sorted(minion for minion, done in answers.items() if not done)
    if failed:
        return dict(schedulejob.failure('Failed to %s schedule' % word[:-1]), minions=failed)
    if word == 'moved':
        delete(name)
    return {'result': True, 'comment': '%s Job %s from %s to minion(s).' % (title, name, __opts__['id']),
            'minions': sorted(answers)}


# ---- shared

def _scheduler():
    """The scheduler of the running minion, None in a call without one."""
    return getattr(__minion__, 'schedule', None)


def _named():
    """Names that pillar or grains have times for."""
    return [name for source in (__pillar__, __grains__) for name in source.get('whens') or ()]


def _saved():
    return schedulefile.read(schedulefile.path(__opts__))


def _offline_jobs():
    return _saved()


def _known(kwargs):
    if kwargs.get('offline') or _scheduler() is None:
        return _offline_jobs()
    return dict((name, data) for name, data in _scheduler().jobs().items() if isinstance(data, dict))


def _change(name, data, kwargs):
    """Put a job into force (None: take it away) and keep that, unless it is not wanted."""
    if kwargs.get('offline'):
        jobs = _offline_jobs()
        jobs.pop(name, None)
        jobs.update({} if data is None else {name: deepcopy(data)})
        _kept(lambda: schedulefile.write(schedulefile.path(__opts__), jobs))
    elif _scheduler() is None:
        raise CommandExecutionError('no minion runs around this call: use offline=True, or ask through the master')
    else:
        _kept(lambda: _scheduler().change(name, deepcopy(data), kwargs.get('persist', True)))


def _kept(write):
    try:
        write()
    except (EnvironmentError, ValueError) as exc:
        raise CommandExecutionError('the schedule is in force but could not be kept: %s'
                                    % compat.to_native(compat.error_text(exc)))
