"""Which program a generic name stands for, by the alternatives system of Debian and RHEL (alternatives.*)."""
from __future__ import absolute_import, division, print_function

from minion.helpers.state_return import returned as _returned

__func_alias__ = {'set_': 'set'}


def __virtual__():
    if 'alternatives.auto' in __salt__:
        return True
    return False, 'alternatives module could not be loaded'


def install(name, link, path, priority):
    """A path is one of the alternatives of a group.

    pager:
      alternatives.install:
        - link: /usr/bin/pager
        - path: /usr/bin/less
        - priority: 5
    """
    if __salt__['alternatives.check_exists'](name, path):
        return _returned(name, True, 'Alternative %s for %s is already registered' % (path, name))
    if __opts__['test']:
        return _returned(name, None, 'Alternative will be set for %s to %s with priority %s' % (name, path, priority))
    said = __salt__['alternatives.install'](name, link, path, priority)
    if not __salt__['alternatives.check_exists'](name, path):
        return _returned(name, False, 'Alternative for %s not installed: %s' % (name, said))
    text = 'Alternative %s for %s registered' % (path, name)
    if __salt__['alternatives.check_installed'](name, path):
        text = 'Setting alternative for %s to %s with priority %s' % (name, path, priority)
    return _returned(name, True, text, {'name': name, 'link': link, 'path': path, 'priority': priority})


def remove(name, path):
    """A path is none of the alternatives of a group.

    pager:
      alternatives.remove:
        - path: /usr/bin/most
    """
    if not __salt__['alternatives.check_exists'](name, path):
        current = __salt__['alternatives.show_current'](name)
        if current:
            return _returned(name, True, "Alternative for %s is set to it's default path %s" % (name, current))
        return _returned(name, False, "Alternative for %s doesn't exist" % name)
    if __opts__['test']:
        return _returned(name, None, 'Alternative for %s will be removed' % name)
    said = __salt__['alternatives.remove'](name, path)
    if __salt__['alternatives.check_exists'](name, path):
        return _returned(name, False, 'Alternative for %s not removed: %s' % (name, said))
    current = __salt__['alternatives.show_current'](name)
    if current:
        text = 'Alternative for %s removed. Falling back to path %s' % (name, current)
        return _returned(name, True, text, {'path': current})
    return _returned(name, True, 'Alternative for %s removed' % name, {'path': path})


def auto(name):
    """The priorities decide which alternative of a group is used.

    pager:
      alternatives.auto
    """
    shown = __salt__['alternatives.display'](name).splitlines()
    if shown and shown[0].endswith(' auto mode'):
        return _returned(name, True, '%s already in auto mode' % name)
    if __opts__['test']:
        return _returned(name, None, '%s will be put in auto mode' % name)
    said = __salt__['alternatives.auto'](name)
    shown = __salt__['alternatives.display'](name).splitlines()
    if not shown or not shown[0].endswith(' auto mode'):
        return _returned(name, False, said or '%s not put in auto mode' % name)
    return _returned(name, True, '', {'result': said})


def set_(name, path):
    """This alternative of a group is used.

    pager:
      alternatives.set:
        - path: /usr/bin/less
    """
    if __salt__['alternatives.show_current'](name) == path:
        return _returned(name, True, 'Alternative for %s already set to %s' % (name, path))
    if not __salt__['alternatives.check_exists'](name, path):
        return _returned(name, False, "Alternative %s for %s doesn't exist" % (path, name))
    if __opts__['test']:
        return _returned(name, None, 'Alternative for %s will be set to path %s' % (name, path))
    __salt__['alternatives.set'](name, path)
    if __salt__['alternatives.show_current'](name) != path:
        return _returned(name, False, 'Alternative for %s not updated' % name)
    return _returned(name, True, 'Alternative for %s set to path %s' % (name, path), {'path': path})
