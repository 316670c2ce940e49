"""Modules of Apache that Debian's programs turn on and off."""
from __future__ import absolute_import, division, print_function

from minion.helpers import state_apache


def __virtual__():
    if 'apache.a2enmod' in __salt__:
        return True
    return False, 'apache_module could not be loaded: the program a2enmod is not there'


def enabled(name):
    """A module is on.

        rewrite:
          apache_module.enabled: []
    """
    return state_apache.switched(__salt__, __opts__['test'], 'mod', name, True)


def disabled(name):
    """A module is off.

        rewrite:
          apache_module.disabled: []
    """
    return state_apache.switched(__salt__, __opts__['test'], 'mod', name, False)
