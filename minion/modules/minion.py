"""This minion as a process, and what a master on the same host accepted (minion.*)."""
from __future__ import absolute_import, division, print_function

import logging
import os
import shlex
import signal

from minion.helpers import command, environment, hostnaming

log = logging.getLogger(__name__)

__func_alias__ = {'list_': 'list'}
_FOLDERS = ('minions', 'minions_pre', 'minions_rejected', 'minions_denied')
_SERVICE = 'salt-minion'
_FAILED = 70                              # EX_SOFTWARE


def list_():
    """Names of the keys in the folders of the settings' pki_dir: accepted, waiting, rejected, denied.

    CLI: minion.list
    """
    found = {}
    for folder in _FOLDERS:
        path = os.path.join(__opts__.get('pki_dir', ''), folder)
        try:
            found[folder] = sorted(os.listdir(path))
        except OSError:                               # as on every host but the master's
            found[folder] = []
    return found


def _minion_pid():
    pid = __grains__.get('pid')
    return pid if isinstance(pid, int) and pid > 1 else None


def kill(timeout=15):
    """Tell this minion to stop, and return before it does: {'killed': pid, 'retcode': 0}.

    timeout: without effect, the process that stops cannot watch itself. Something else must start it again.
    CLI: minion.kill
    """
    pid = _minion_pid()
    if pid is None:
        return {'killed': None, 'retcode': _FAILED, 'comment': ['Unable to find "pid" in grains']}
    log.warning('minion.kill: this minion (process %d) stops', pid)
    try:
        os.kill(pid, signal.SIGTERM)
    except OSError as exc:
        return {'killed': None, 'retcode': 1, 'comment': ['process %d: %s' % (pid, exc.strerror)]}
    return {'killed': pid, 'retcode': 0}


def restart(systemd=True, win_service=True, schedule_retry=False, retry_delay=180):
    """Stop this minion and have it started again: by systemd, or with the command of the setting minion_restart_command.

    win_service, schedule_retry, retry_delay: without effect here. CLI: minion.restart
    """
    if systemd and hostnaming.has_daemon() and environment.which('systemctl'):
        return _started([environment.which('systemctl'), '--no-block', 'restart', _SERVICE], None)
    given = __opts__.get('minion_restart_command')
    if not given:
        return {'killed': None, 'restart': {}, 'retcode': _FAILED,
                'comment': ['Not restarting: systemd does not run here and minion_restart_command is not set']}
    words = shlex.split(given) if not isinstance(given, (list, tuple)) else [str(word) for word in given]
    return _started(words, kill())


def _started(words, stopped):
    stopped = stopped or {'killed': None, 'retcode': 0}
    found = dict({'comment': []}, **stopped)
    found['restart'] = {}
    if not found['retcode']:
        try:
            found['restart'] = {'pid': command.start(words), 'retcode': 0}
        except OSError as exc:
            found.update(retcode=1, comment=found['comment'] + ['%s: %s' % (words[0], exc.strerror)])
    return found
