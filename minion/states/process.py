"""Processes that must not run (process.*)."""
from __future__ import absolute_import, division, print_function

from minion.helpers.state_edit import answer as _answer


def absent(name, user=None, signal=None):
    """No process whose command line fits the expression runs; those that do are sent a signal, 15 unless given.

    .. code-block:: yaml

        ping:
          process.absent
    """
    if __opts__['test']:
        running = __salt__['ps.pgrep'](name, user=user) or []
        told = '%d processes will be killed' % len(running) if running else 'No matching processes running'
        return _answer(name, None, told)
    killed = (__salt__['ps.pkill'](name, user=user, signal=signal) if signal else __salt__['ps.pkill'](name, user=user))
    if killed:
        return _answer(name, True, 'Killed %d processes' % len(killed['killed']), killed)
    return _answer(name, True, 'No matching processes running')
