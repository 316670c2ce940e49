"""Configurations of Apache that Debian's programs turn on and off."""
from __future__ import absolute_import, division, print_function

from minion.helpers import state_apache


def __virtual__():
    if 'apache.a2enconf' in __salt__:
        return True
    return False, 'apache_conf could not be loaded: the program a2enconf is not there'


def enabled(name):
    """A configuration is on.

        security:
          apache_conf.enabled: []
    """
    return state_apache.switched(__salt__, __opts__['test'], 'conf', name, True)


def disabled(name):
    """A configuration is off.

        security:
          apache_conf.disabled: []
    """
    return state_apache.switched(__salt__, __opts__['test'], 'conf', name, False)
