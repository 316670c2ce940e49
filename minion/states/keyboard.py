"""The layout of the keyboard (keyboard.*)."""
from __future__ import absolute_import, division, print_function

from minion.errors import CommandExecutionError
from minion.helpers.state_return import returned as _returned


def __virtual__():
    if 'keyboard.get_sys' in __salt__:
        return True
    return False, 'keyboard module could not be loaded'


def system(name):
    """The layout of the console.

    us:
      keyboard.system
    """
    return _layout(name, 'sys', 'System layout', 'system keyboard layout')


def xorg(name):
    """The layout of X11.

    us:
      keyboard.xorg
    """
    return _layout(name, 'x', 'XOrg layout', 'XOrg keyboard layout')


def _layout(name, kind, what, whole):
    if _current(kind) == name:
        return _returned(name, True, '%s %s already set' % (what, name))
    if __opts__['test']:
        return _returned(name, None, '%s %s needs to be set' % (what, name))
    __salt__['keyboard.set_' + kind](name)
    if _current(kind) != name:
        return _returned(name, False, 'Failed to set %s' % whole)
    return _returned(name, True, 'Set %s %s' % (whole, name), {'layout': name})


def _current(kind):
    try:
        return __salt__['keyboard.get_' + kind]()
    except CommandExecutionError:
        return None
