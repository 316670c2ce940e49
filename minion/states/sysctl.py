"""Settings of the kernel (sysctl.*), now and after each boot."""
from __future__ import absolute_import, division, print_function

from minion import compat
from minion.errors import CommandExecutionError
from minion.helpers.state_return import returned as _returned


def __virtual__():
    if 'sysctl.show' in __salt__:
        return True
    return False, 'sysctl module could not be loaded'


def present(name, value, config=None):
    """A setting of the kernel has this value now, and in the file that is read at boot.

    config: that file, by default the one of the platform.

    vm.swappiness:
      sysctl.present:
        - value: 20
    """
    path = __salt__['sysctl.default_config']() if config is None else config
    if __opts__['test']:
        result, comment = _foreseen(name, value, path)
        return _returned(name, result, comment)
    try:
        done = __salt__['sysctl.persist'](name, value, path)
    except CommandExecutionError as exc:
        return _returned(name, False, 'Failed to set %s to %s: %s' % (name, compat.shown(value), compat.error_text(exc)))
    if done == 'Updated':
        return _returned(name, True, 'Updated sysctl value %s = %s' % (name, compat.shown(value)), {name: value})
    return _returned(name, True, 'Sysctl value %s = %s is already set' % (name, compat.shown(value)))


def _foreseen(name, value, path):
    """(result, comment) of test mode."""
    shown = compat.shown(value)
    stored = name in (__salt__['sysctl.show'](config_file=path) or {})
    runs = __salt__['sysctl.show']().get(name, '').split() == shown.split()
    if stored and runs:
        return True, 'Sysctl value %s = %s is already set' % (name, shown)
    if stored:
        return None, 'Sysctl option %s would be changed to %s' % (name, shown)
    if runs:
        return None, ('Sysctl value is currently set on the running system but not in a config file. '
                      'Sysctl option %s set to be changed to %s in config file.' % (name, shown))
    return None, 'Sysctl option %s set to be changed to %s' % (name, shown)
