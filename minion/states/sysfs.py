"""What the kernel shows below /sys (sysfs.*)."""
from __future__ import absolute_import, division, print_function

from minion import compat
from minion.helpers.state_return import returned as _returned


def __virtual__():
    if 'sysfs.attr' in __salt__:
        return True
    return False, 'sysfs module could not be loaded'


def present(name, value, config=None):
    """A value below /sys is this one; config: without effect.

    kernel/mm/transparent_hugepage/enabled:
      sysfs.present:
        - value: never
    """
    current = __salt__['sysfs.read'](name)
    if current is False:
        return _returned(name, False, "SysFS attribute %s doesn't exist." % name)
    if isinstance(current, dict):
        return _returned(name, False, '%s is not a SysFS attribute.' % name)
    if _is(current, value):
        return _returned(name, True, 'SysFS attribute %s is already set.' % name)
    if __opts__['test']:
        return _returned(name, None, 'SysFS attribute %s set to be changed.' % name)
    if __salt__['sysfs.write'](name, value):
        return _returned(name, True, 'Updated SysFS attribute %s to %s' % (name, compat.shown(value)), {name: value})
    return _returned(name, False, 'Failed to set %s to %s' % (name, compat.shown(value)))


def _is(current, value):
    """True if a value is set: several words are a choice, of which that in brackets is taken."""
    shown = compat.shown(current)
    return shown == compat.shown(value) or '[%s]' % compat.shown(value) in shown.split()
