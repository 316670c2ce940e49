"""The minion program itself, as a job sees it."""
from __future__ import absolute_import, division, print_function


def restart(systemd=True, win_service=True, schedule_retry=False, retry_delay=180):
    """Start the minion anew in its own process: pid and lock stay, and no service manager is needed.

    Jobs that run get `stop_timeout` seconds to end; what they return, and the return of this one, is delivered. The
    arguments are there for callers of the reference: nothing here has to be tried again by a scheduled job. Returns a
    mapping of the reference's shape. CLI: salt '*' minion.restart
    """
    __minion__.restart()
    return {'comment': ['The minion starts anew within its process'], 'killed': None, 'restart': {}, 'retcode': 0}
