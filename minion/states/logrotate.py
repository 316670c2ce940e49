"""Settings of logrotate (logrotate.*)."""
from __future__ import absolute_import, division, print_function

from minion import compat
from minion.helpers.state_edit import answer as _answer

__func_alias__ = {'set_': 'set'}


def _value(text):
    """Numbers as numbers."""
    text = compat.to_native(compat.shown(text))
    return int(text) if text.isdigit() else text


def set_(name, key, value, setting=None, conf_file='/etc/logrotate.conf'):
    """A command of the configuration, or of the block `key` in it, has this value.

    .. code-block:: yaml

        rotate:
          logrotate.set:
            - key: rotate
            - value: 2
    """
    old = __salt__['logrotate.get'](key, value if setting else None, conf_file)
    if setting:
        what, wanted = "lock '%s' command '%s'" % (key, value), setting
        first, again = 'B' + what, 'Set b' + what
    else:
        first, again, wanted = "Command '%s'" % key, "Set command '%s'" % key, value
    if _value(old) == _value(wanted):
        return _answer(name, True, '%s already has value: %s' % (first, wanted))
    changes = {'old': old, 'new': _value(wanted)}
    if __opts__['test']:
        return _answer(name, None, '%s will be set to value: %s' % (first, wanted), changes)
    if __salt__['logrotate.set'](key, value, setting, conf_file):
        return _answer(name, True, '%s value: %s' % (again, wanted), changes)
    return _answer(name, False, '%s value: %s' % (again.replace('Set', 'Failed to set', 1), wanted), changes)
