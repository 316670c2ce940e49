"""Time zone of the host, and whether its hardware clock keeps UTC (timezone.*)."""
from __future__ import absolute_import, division, print_function

from minion import compat
from minion.errors import CommandExecutionError, SaltInvocationError
from minion.helpers.state_return import returned as _returned


def __virtual__():
    if 'timezone.get_zone' in __salt__:
        return True
    return False, 'timezone module could not be loaded'


def system(name, utc=True):
    """The host is in this time zone; utc: its hardware clock keeps UTC (False: it is left as it is).

    Europe/Paris:
      timezone.system:
        - utc: True
    """
    try:
        zone_is_set = __salt__['timezone.zone_compare'](name)
    except (SaltInvocationError, CommandExecutionError) as exc:
        return _returned(name, False, "Unable to compare desired timezone '%s' to system timezone: %s"
                        % (name, compat.error_text(exc)))
    clock_is_set = __salt__['timezone.get_hwclock']() != 'localtime'
    comments = []
    if zone_is_set and (clock_is_set or not utc):
        comments.append('Timezone %s already set' % name)
        if utc:
            comments.append('UTC already set to %s' % name)
        return _returned(name, True, ', '.join(comments))
    if __opts__['test']:
        if not zone_is_set:
            comments.append('Timezone %s needs to be set' % name)
        if utc and not clock_is_set:
            comments.append('UTC needs to be set to %s' % utc)
        return _returned(name, None, ', '.join(comments))
    return _set(name, utc, not zone_is_set, utc and not clock_is_set)


def _set(name, utc, zone, clock):
    result, comments, changes = True, [], {}
    if zone:
        if __salt__['timezone.set_zone'](name) is True:      # else it says what is wrong
            changes['timezone'] = name
            comments.append('Set timezone %s' % name)
        else:
            result = False
            comments.append('Failed to set timezone')
    if clock:
        if __salt__['timezone.set_hwclock']('UTC'):
            changes['utc'] = utc
            comments.append('Set UTC to %s' % utc)
        else:
            result = False
            comments.append('Failed to set UTC to %s' % utc)
    return _returned(name, result, ', '.join(comments), changes)
