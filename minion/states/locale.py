"""Languages (locale.*): the locales that programs can use, and the one of the system."""
from __future__ import absolute_import, division, print_function

from minion.helpers.state_return import returned as _returned


def __virtual__():
    if 'locale.get_locale' in __salt__:
        return True
    return False, 'locale module could not be loaded'


def present(name):
    """Programs can use a locale; it is generated if need be.

    us_locale:
      locale.present:
        - name: en_US.UTF-8
    """
    if __salt__['locale.avail'](name):
        return _returned(name, True, 'Locale %s is already present' % name)
    if __opts__['test']:
        return _returned(name, None, 'Locale %s needs to be generated' % name)
    if __salt__['locale.gen_locale'](name):
        return _returned(name, True, 'Generated locale %s' % name, {'locale': name})
    return _returned(name, False, 'Failed to generate locale %s' % name)


def system(name):
    """A locale is that of the system.

    default_locale:
      locale.system:
        - name: en_US.UTF-8
    """
    if __salt__['locale.get_locale']() == name:
        return _returned(name, True, 'System locale %s already set' % name)
    if __opts__['test']:
        return _returned(name, None, 'System locale %s needs to be set' % name)
    if __salt__['locale.set_locale'](name):
        return _returned(name, True, 'Set system locale %s' % name, {'locale': name})
    return _returned(name, False, 'Failed to set system locale to %s' % name)
