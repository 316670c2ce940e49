"""Programs that supervisord looks after."""
from __future__ import absolute_import, division, print_function

import re

from minion.errors import CommandExecutionError, CommandNotFoundError
from minion.helpers.state_return import returned as _returned

_STOPPED = ('STOPPED', 'STOPPING', 'EXITED', 'FATAL', 'BACKOFF')
_STATES = _STOPPED + ('RUNNING', 'STARTING', 'UNKNOWN')
_HARMLESS = re.compile(r'ERROR \((?:already started|not running)\)|ERROR: process group already active')
FAILED = (CommandExecutionError, CommandNotFoundError)


def running(name, restart=False, update=False, user=None, conf_file=None, bin_env=None, **kwargs):
    """A program, or a group with `:*`, runs. restart: also if it did before; update: new configuration is taken first.

    bin_env: supervisorctl, or the virtual environment that it is in.

        wsgi_server:
          supervisord.running:
            - require:
              - pkg: supervisor
            - watch:
              - file: /etc/nginx/sites-enabled/wsgi_server.conf
    """
    name = name[:-1] if name.endswith(':*') else name
    where = {'user': user, 'conf_file': conf_file, 'bin_env': bin_env}
    try:
        states = _states(name, where)
        if __opts__['test']:
            return _would(name, states, restart)
        return _run(name, states, restart, update, where)
    except FAILED as exc:
        return _returned(name, False, str(exc))


def _states(name, where):
    """{program: state} of a program or of those of a group; {} if supervisord does not know it.

    :raises CommandExecutionError: supervisord cannot be asked.
    """
    rows = __salt__['supervisord.status'](**where)
    if rows and not any(row['state'] in _STATES for row in rows.values()):
        raise CommandExecutionError('\n'.join(
            ' '.join((key, rows[key]['state'], rows[key]['reason'])).strip() for key in sorted(rows)))
    return dict((key, rows[key]['state']) for key in rows
                if key == name or name.endswith(':') and key.startswith(name))


def _stopped(states):
    return sorted(key for key in states if states[key] in _STOPPED)


def _would(name, states, restart):
    """The return in test mode."""
    group, stopped = name.endswith(':'), _stopped(states)
    if not states:
        what = "Group '%s'" % name if group else 'Service %s' % name
        return _returned(name, None, '%s will be added and started' % what)
    if stopped and group:
        return _returned(name, None, "All services in group '%s' will be started" % name if len(stopped) == len(states)
                         else 'The following services will be started: %s' % ' '.join(stopped))
    if stopped:
        return _returned(name, None, 'Service %s will be started' % name)
    what = "All services in group '%s'" % name if group else 'Service %s' % name
    if restart:
        return _returned(name, None, '%s will be restarted' % what)
    return _returned(name, True, '%s %s already running' % (what, 'are' if group else 'is'))


def _run(name, states, restart, update, where):
    changes = []
    if update:
        group = name.partition(':')[0] + ': '
        if any(line.startswith(group) for line in _told('update', where).splitlines()):
            states = _states(name, where)
            if states and not _stopped(states):
                return _returned(name, True, 'Updating supervisor', {name: 'Updating supervisor'})
    elif not states:
        _told('reread', where)
        changes.append('Adding service: %s' % name)
        _told('add', where, name.rstrip(':'))
    kind = 'group' if name.endswith(':') else 'service'
    if not states:
        comment = 'Starting: %s' % name
    elif _stopped(states):
        comment = 'Starting %s: %s' % (kind, name)
    elif restart:
        comment = 'Restarting %s: %s' % (kind, name)
    else:
        return _returned(name, True, 'Not starting already running %s: %s' % (kind, name))
    _told('restart' if comment.startswith('Restarting') else 'start', where, name)
    return _returned(name, True, comment, {name: ' '.join(changes + [comment])})


def _told(command, where, *names):
    """What supervisorctl prints.  :raises CommandExecutionError: it tells of an error."""
    text = __salt__['supervisord.' + command](*names, **where)
    for line in text.splitlines():
        if ('ERROR' in line or line.lower().startswith('error:')) and not _HARMLESS.search(line):
            raise CommandExecutionError(text)
    return text


def dead(name, user=None, conf_file=None, bin_env=None, **kwargs):
    """A program, or a group with `:*`, does not run.

        wsgi_server:
          supervisord.dead: []
    """
    where = {'user': user, 'conf_file': conf_file, 'bin_env': bin_env}
    try:
        states = _states(name[:-1] if name.endswith(':*') else name, where)
        if not states:
            return _returned(name, True, "Service %s doesn't exist" % name)
        if len(_stopped(states)) == len(states):
            return _returned(name, True, 'Service %s is not running' % name)
        if __opts__['test']:
            return _returned(name, None, 'Service %s is set to be stopped' % name)
        _told('stop', where, name)
    except FAILED as exc:
        return _returned(name, False, str(exc))
    comment = 'Stopping service: %s' % name
    return _returned(name, True, comment, {name: comment})


def mod_watch(name, restart=True, update=False, user=None, conf_file=None, bin_env=None, **kwargs):
    """What `watch` does: restart."""
    return running(name, restart=restart, update=update, user=user, conf_file=conf_file, bin_env=bin_env)
