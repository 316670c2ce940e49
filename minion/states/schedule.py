"""Jobs that the minion starts by itself (schedule.*)."""
from __future__ import absolute_import, division, print_function

from minion.helpers.state_return import returned as _returned

_ABSENT = 'Job %s not present in schedule'


def present(name, **kwargs):
    """The schedule has this job: function, job_args, job_kwargs, and seconds, minutes, hours, days, when, cron or once.

    ping the master:
      schedule.present:
        - function: test.ping
        - seconds: 3600
        - splay: 10
    """
    current = __salt__['schedule.list'](show_all=True, return_yaml=False).get(name)
    if current is None:
        done = _told(name, __salt__['schedule.add'](name, **_given(kwargs)), 'Adding new job %s to schedule')
        return dict(done, changes={name: 'added'} if done['result'] else {})
    wanted = __salt__['schedule.build_schedule_item'](name, **kwargs)
    if wanted.get('result') is False and 'function' not in wanted:
        return _returned(name, False, wanted['comment'])
    if wanted == dict((key, value) for key, value in current.items() if key != 'saved'):
        return _returned(name, True, 'Job %s in correct state' % name)
    return _told(name, __salt__['schedule.modify'](name, **_given(kwargs)), 'Modifying job %s in schedule')


def _given(kwargs):
    return dict(kwargs, test=True) if __opts__['test'] else kwargs


def _told(name, done, said):
    """The return for what a function of the module did, or would do."""
    if not done['result'] or __opts__['test']:
        return _returned(name, done['result'], done['comment'], done.get('changes'))
    return _returned(name, True, said % name, done.get('changes'))


def absent(name, **kwargs):
    """The schedule has no such job.

    ping the master:
      schedule.absent
    """
    if not _is_known(name):
        return _returned(name, True, _ABSENT % name)
    return _told(name, __salt__['schedule.delete'](name, **_given(kwargs)), 'Removed job %s from schedule')


def enabled(name, **kwargs):
    """This job of the schedule runs when it is due."""
    return _switched(name, 'enable', kwargs)


def disabled(name, **kwargs):
    """This job of the schedule stays there, but does not run."""
    return _switched(name, 'disable', kwargs)


def _switched(name, word, kwargs):
    if not _is_known(name):
        return _returned(name, True, _ABSENT % name)
    done = __salt__['schedule.%s_job' % word](name, **_given(kwargs))
    return _told(name, dict(done, changes={}), word.title() + 'd job %s from schedule')


def _is_known(name):
    return name in __salt__['schedule.list'](show_all=True, return_yaml=False)
