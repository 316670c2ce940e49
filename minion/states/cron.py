"""States of the lines in a user's crontab."""
from __future__ import absolute_import, division, print_function

_TIMES = ('minute', 'hour', 'daymonth', 'month', 'dayweek')


def __virtual__():
    if 'cron.list_tab' in __salt__:
        return True
    return False, 'cron module could not be loaded'


def _returned(name, result=True, comment='', changes=None):
    return {'name': name, 'result': result, 'comment': comment, 'changes': changes or {}}


def _found(table, name, identifier, special):
    """The line of a job: by its identifier, or by its command."""
    for line in table['special' if special else 'crons']:
        if identifier and line.get('identifier') == identifier or line['cmd'] == name:
            return line
    return None


def present(name, user='root', minute='*', hour='*', daymonth='*', month='*', dayweek='*', comment=None, commented=False,
            identifier=False, special=None):
    """A user's crontab runs the command `name` at these times.

    identifier: by which the line is known when its command changes, default `name`. special: a time such as @daily.
    commented: the line is there but does nothing.

    /usr/local/bin/backup:
      cron.present:
        - minute: 5
        - hour: 3
    """
    identifier = name if identifier is False else identifier
    times = dict(zip(_TIMES, (str(value).strip() for value in (minute, hour, daymonth, month, dayweek))))
    if __opts__['test']:
        return _planned(name, user, dict(times, spec=special, comment=comment, commented=commented, cmd=name), identifier)
    if special is None:
        done = __salt__['cron.set_job'](user, times['minute'], times['hour'], times['daymonth'], times['month'],
                                        times['dayweek'], name, commented, comment, identifier)
    else:
        done = __salt__['cron.set_special'](user, special, name, commented, comment, identifier)
    return _told(name, user, done, 'Cron %s' % name)


def _planned(name, user, wanted, identifier):
    special = wanted['spec'] is not None
    line = _found(__salt__['cron.list_tab'](user), name, identifier, special)
    keys = ('cmd', 'comment', 'commented') + (('spec',) if special else _TIMES)
    if line is None:
        return _returned(name, None, 'Cron %s is set to be added' % name)
    if all((line.get(key) or None) == (wanted[key] or None) for key in keys):
        return _returned(name, True, 'Cron %s already present' % name)
    return _returned(name, None, 'Cron %s is set to be updated' % name)


def _told(name, user, done, what):
    if done == 'present':
        return _returned(name, True, '%s already present' % what)
    if done == 'absent':
        return _returned(name, True, '%s already absent' % what)
    said = {'new': "%s added to %s's crontab" % (what, user), 'updated': '%s updated' % what,
            'removed': "%s removed from %s's crontab" % (what, user)}.get(done)
    if said is None:
        return _returned(name, False, '%s for user %s failed to commit with error \n%s' % (what, user, done))
    return _returned(name, True, said, {user: name})


def absent(name, user='root', identifier=False, special=None, **kwargs):
    """A user's crontab does not run the command `name`, or that with this identifier."""
    identifier = name if identifier is False else identifier
    if __opts__['test']:
        if _found(__salt__['cron.list_tab'](user), name, identifier, special is not None) is None:
            return _returned(name, True, 'Cron %s is absent' % name)
        return _returned(name, None, 'Cron %s is set to be removed' % name)
    if special is None:
        return _told(name, user, __salt__['cron.rm_job'](user, name, identifier=identifier), 'Cron %s' % name)
    return _told(name, user, __salt__['cron.rm_special'](user, name, special=special, identifier=identifier), 'Cron %s' % name)


def env_present(name, value=None, user='root'):
    """A user's crontab sets this variable."""
    if not __opts__['test']:
        return _told(name, user, __salt__['cron.set_env'](user, name, value=value), 'Cron env %s' % name)
    found = [line['value'] for line in __salt__['cron.list_tab'](user)['env'] if line['name'] == name]
    if not found:
        return _returned(name, None, 'Cron env %s is set to be added' % name)
    if found[0] == value:
        return _returned(name, True, 'Cron env %s already present' % name)
    return _returned(name, None, 'Cron env %s is set to be updated' % name)


def env_absent(name, user='root'):
    """A user's crontab does not set this variable."""
    if not __opts__['test']:
        return _told(name, user, __salt__['cron.rm_env'](user, name), 'Cron env %s' % name)
    if any(line['name'] == name for line in __salt__['cron.list_tab'](user)['env']):
        return _returned(name, None, 'Cron env %s is set to be removed' % name)
    return _returned(name, True, 'Cron env %s is absent' % name)
