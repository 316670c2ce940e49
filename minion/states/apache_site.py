"""Sites of Apache that Debian's programs turn on and off."""
from __future__ import absolute_import, division, print_function

from minion.helpers import state_apache


def __virtual__():
    if 'apache.a2ensite' in __salt__:
        return True
    return False, 'apache_site could not be loaded: the program a2ensite is not there'


def enabled(name):
    """A site is on.

        default:
          apache_site.enabled: []
    """
    return state_apache.switched(__salt__, __opts__['test'], 'site', name, True)


def disabled(name):
    """A site is off.

        default:
          apache_site.disabled: []
    """
    return state_apache.switched(__salt__, __opts__['test'], 'site', name, False)
