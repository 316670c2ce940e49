"""What incron runs when files change (incron.*). user: `system` for the table /etc/incron.d/salt."""
from __future__ import absolute_import, division, print_function

import os

from minion.errors import CommandExecutionError
from minion.helpers import etcfile, incrontable, tool

_SYSTEM = '/etc/incron.d/salt'
_NONE = 'no table for '                              # what incrontab prints instead of nothing


def raw_system_incron():
    """The text of the table of the system, '' if there is none. CLI: incron.raw_system_incron"""
    return etcfile.text(_SYSTEM, '')


def raw_incron(user):
    """The text of a user's table, '' if there is none. CLI: incron.raw_incron root"""
    answer = tool.run(__salt__, ['incrontab', '-l', user], runas=user, rstrip=False, ignore_retcode=True)
    return '' if answer['retcode'] or answer['stdout'].startswith(_NONE) else answer['stdout']


def _raw(user):
    return raw_system_incron() if user == 'system' else raw_incron(user)


def list_tab(user):
    """A table: mapping of crons, a list of mappings, and pre, the lines that are no entry. CLI: incron.list_tab root"""
    return incrontable.parse(_raw(user))


def ls(user):
    """The same as incron.list_tab. CLI: incron.ls root"""
    return list_tab(user)


def write_incron_file(user, path):
    """Let a file be the table of a user; True if that was done. CLI: incron.write_incron_file root /tmp/new_incron"""
    return write_incron_file_verbose(user, path)['retcode'] == 0


def write_incron_file_verbose(user, path):
    """Let a file be the table of a user; what cmd.run_all answers. CLI: incron.write_incron_file_verbose root /tmp/incron"""
    return tool.run(__salt__, ['incrontab', path], runas=user)


def _write(user, text, done):
    """`done` when the table was replaced, else what incrontab wrote on stderr."""
    if user == 'system':
        if not os.path.isdir(os.path.dirname(_SYSTEM)):
            raise CommandExecutionError('%s does not exist' % os.path.dirname(_SYSTEM))
        etcfile.rewrite(_SYSTEM, text)
        return done
    result = tool.run(__salt__, ['incrontab', '-'], runas=user, stdin=text)
    return result['stderr'] if result['retcode'] else done


def set_job(user, path, mask, cmd):
    """Have a command run at events of a path; 'new', 'updated', 'present', or why not.

    mask: events with commas. CLI: incron.set_job root /root IN_MODIFY 'echo "$$ $@ $# $% $&"'
    """
    wrong = incrontable.wrong_mask(mask)
    if wrong is not None:
        return 'Invalid mask type: %s' % wrong
    text, outcome = incrontable.put(_raw(user), incrontable.checked(path, mask, cmd))
    return outcome if outcome == 'present' else _write(user, text, outcome)


def rm_job(user, path, mask, cmd):
    """No longer have a command run at events of a path; 'removed', 'absent', or why not.

    CLI: incron.rm_job root /root IN_MODIFY 'echo changed'
    """
    wrong = incrontable.wrong_mask(mask)
    if wrong is not None:
        return 'Invalid mask type: %s' % wrong
    old = _raw(user)
    text = incrontable.without(old, incrontable.checked(path, mask, cmd))
    return 'absent' if text == old else _write(user, text, 'removed')


rm = rm_job
