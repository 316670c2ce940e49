"""The minion program itself, as a job sees it (minion.*)."""
from __future__ import absolute_import, division, print_function

import logging
import os
import signal

log = logging.getLogger(__name__)

__func_alias__ = {'list_': 'list'}
_FOLDERS = ('minions', 'minions_pre', 'minions_rejected', 'minions_denied')
_FAILED = 70                              # EX_SOFTWARE


def list_():
    """Names of the keys in the folders of the settings' pki_dir: accepted, waiting, rejected, denied.

    CLI: minion.list
    """
    found = {}
    for folder in _FOLDERS:
        try:
            found[folder] = sorted(os.listdir(os.path.join(__opts__.get('pki_dir', ''), folder)))
        except OSError:                               # as on every host but the master's
            found[folder] = []
    return found


def kill(timeout=15):
    """Tell this minion to stop, and return before it does: {'killed': pid, 'retcode': 0}.

    timeout: without effect, the process that stops cannot watch itself. Something else must start it again.
    CLI: minion.kill
    """
    pid = __grains__.get('pid')
    if not isinstance(pid, int) or pid < 2:
        return {'killed': None, 'retcode': _FAILED, 'comment': ['Unable to find "pid" in grains']}
    log.warning('minion.kill: this minion (process %d) stops', pid)
    try:
        os.kill(pid, signal.SIGTERM)
    except OSError as exc:
        return {'killed': None, 'retcode': 1, 'comment': ['process %d: %s' % (pid, exc.strerror)]}
    return {'killed': pid, 'retcode': 0}


def restart(systemd=True, win_service=True, schedule_retry=False, retry_delay=180):
    """Start the minion anew in its own process: pid and lock stay, and no service manager is needed. With the setting
    `minion_restart_command` its process becomes that command instead, which has to start the minion.

    Jobs that run get `stop_timeout` seconds to end; what they return, and the return of this one, is delivered. The
    arguments are there for callers of the reference: nothing here has to be tried again by a scheduled job. Returns a
    mapping of the reference's shape. CLI: salt '*' minion.restart
    """
    __minion__.restart()
    command = __opts__.get('minion_restart_command')
    comment = 'Restart using minion_restart_command: %s' % ' '.join(command) if command else \
        'The minion starts anew within its process'
    return {'comment': [comment], 'killed': None, 'restart': {}, 'retcode': 0}
