"""Aliases of the mail system (alias.*)."""
from __future__ import absolute_import, division, print_function

from minion.helpers.state_edit import answer as _answer


def present(name, target):
    """An alias leads to this target.

    .. code-block:: yaml

        root:
          alias.present:
            - target: admin
    """
    if __salt__['aliases.has_target'](name, target):
        return _answer(name, True, 'Alias %s already present' % name)
    if __opts__['test']:
        return _answer(name, None, 'Alias %s -> %s is set to be added' % (name, target))
    if __salt__['aliases.set_target'](name, target):
        return _answer(name, True, 'Set email alias %s -> %s' % (name, target), {'alias': name})
    return _answer(name, False, 'Failed to set alias %s -> %s' % (name, target))


def absent(name):
    """There is no such alias.

    .. code-block:: yaml

        root:
          alias.absent
    """
    if not __salt__['aliases.get_target'](name):
        return _answer(name, True, 'Alias %s already absent' % name)
    if __opts__['test']:
        return _answer(name, None, 'Alias %s is set to be removed' % name)
    if __salt__['aliases.rm_alias'](name):
        return _answer(name, True, 'Removed alias %s' % name, {'alias': name})
    return _answer(name, False, 'Failed to remove alias %s' % name)
