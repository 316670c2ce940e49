"""Programs that supervisord looks after (supervisord.*). bin_env: supervisorctl, or the virtual environment it is in."""
from __future__ import absolute_import, division, print_function

import os

from minion import compat
from minion.errors import CommandExecutionError, CommandNotFoundError
from minion.helpers import environment, supervisorconf


def _program(bin_env):
    if not bin_env:
        found = environment.which('supervisorctl')
    elif os.path.isdir(bin_env):
        found = os.path.join(bin_env, 'bin', 'supervisorctl')
        found = found if os.path.isfile(found) else None
    else:
        found = bin_env
    if not found:
        raise CommandNotFoundError('Could not find a `supervisorctl` binary')
    return found


def _run(words, user, conf_file, bin_env):
    argv = [_program(bin_env)] + (['-c', conf_file] if conf_file else []) + [word for word in words if word]
    return __salt__['cmd.run_all'](argv, runas=user, python_shell=False)


def _output(words, user, conf_file, bin_env):
    """What supervisorctl prints, on both outputs."""
    result = _run(words, user, conf_file, bin_env)
    return '\n'.join(text for text in (result['stdout'], result['stderr']) if text)


def _group(name):
    """`web` of `web:*`."""
    return name[:-len(':*')] if name and name.endswith(':*') else name


def start(name='all', user=None, conf_file=None, bin_env=None):
    """Start a program, a group with :*, or all. CLI: supervisord.start <service>"""
    return _output(['start', name], user, conf_file, bin_env)


def restart(name='all', user=None, conf_file=None, bin_env=None):
    """Restart a program, a group with :*, or all. CLI: supervisord.restart <service>"""
    return _output(['restart', name], user, conf_file, bin_env)


def stop(name='all', user=None, conf_file=None, bin_env=None):
    """Stop a program, a group with :*, or all. CLI: supervisord.stop <service>"""
    return _output(['stop', name], user, conf_file, bin_env)


def add(name, user=None, conf_file=None, bin_env=None):
    """Make a program or group of the configuration active. CLI: supervisord.add <name>"""
    return _output(['add', _group(name)], user, conf_file, bin_env)


def remove(name, user=None, conf_file=None, bin_env=None):
    """Take a stopped program or group out. CLI: supervisord.remove <name>"""
    return _output(['remove', _group(name)], user, conf_file, bin_env)


def reread(user=None, conf_file=None, bin_env=None):
    """Have the daemon read its configuration. CLI: supervisord.reread"""
    return _output(['reread'], user, conf_file, bin_env)


def update(user=None, conf_file=None, bin_env=None, name=None):
    """Have the daemon read its configuration and add and remove programs. CLI: supervisord.update"""
    return _output(['update', _group(name)], user, conf_file, bin_env)


def status(name=None, user=None, conf_file=None, bin_env=None):
    """Mapping of programs to their state and its reason. CLI: supervisord.status"""
    return dict((process, {'state': state, 'reason': reason})
                for process, state, reason in _rows(status_raw(name, user, conf_file, bin_env)))


def _rows(text):
    for line in text.splitlines():
        words = line.split(None, 2)
        if len(words) > 1:
            yield words[0], words[1], words[2] if len(words) > 2 else ''


def status_raw(name=None, user=None, conf_file=None, bin_env=None):
    """What supervisorctl prints about the states of programs. CLI: supervisord.status_raw"""
    return _output(['status', name], user, conf_file, bin_env)


def status_bool(name, expected_state=None, user=None, conf_file=None, bin_env=None):
    """True if supervisord knows a program, and it is in this state if one is given.

    CLI: supervisord.status_bool nginx expected_state=RUNNING
    """
    rows = list(_rows(status_raw(name, user, conf_file, bin_env)))
    return bool(rows) and rows[-1][0] == name and expected_state in (None, rows[-1][1])


def custom(command, user=None, conf_file=None, bin_env=None):
    """Run any command of supervisorctl; what it prints. CLI: supervisord.custom 'mstop *gunicorn*'"""
    return _output([command], user, conf_file, bin_env)


def options(name, conf_file=None):
    """The options of a program in the configuration. CLI: supervisord.options foo"""
    section = 'program:%s' % name
    found = supervisorconf.sections(conf_file)
    if section not in found:
        raise CommandExecutionError("Process '%s' not found" % compat.shown(name))
    return found[section]
