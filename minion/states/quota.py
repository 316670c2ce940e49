"""Disk quotas."""
from __future__ import absolute_import, division, print_function

from minion import compat
from minion.helpers.state_return import returned as _returned

_WORDS = {'on': True, 'off': False}


def __virtual__():
    if 'quota.report' in __salt__:
        return True
    return False, 'quota module could not be loaded'


def mode(name, mode, quotatype):
    """Quotas of users or groups are on or off at a mount point.

        /:
          quota.mode:
            - mode: off
            - quotatype: user
    """
    wanted = _WORDS.get(compat.to_native(mode)) if compat.is_text(mode) else mode
    if not isinstance(wanted, bool):
        return _returned(name, False, 'mode is either on or off, not %s' % compat.shown(mode))
    word = 'on' if wanted else 'off'
    found = _place(name)
    if quotatype not in found:
        return _returned(name, False, 'There are no quotas of a %s at %s' % (compat.shown(quotatype), name))
    if found[quotatype] == word:
        return _returned(name, True, 'Quota for %s already set to %s' % (name, word))
    if __opts__['test']:
        return _returned(name, None, 'Quota for %s needs to be set to %s' % (name, word))
    __salt__['quota.' + word](name)
    if _place(name).get(quotatype) != word:
        return _returned(name, False, 'Failed to set quota for %s to %s' % (name, word))
    return _returned(name, True, 'Set quota for %s to %s' % (name, word), {'quota': name})


def _place(name):
    """{'device', 'user', 'group'} of a mount point or device; {} without quotas."""
    return next((place for mount, place in __salt__['quota.get_mode'](name).items()
                 if isinstance(place, dict) and name in (mount, place['device'])), {})
