"""What Debian's Apache turns on and off, as states."""
from __future__ import absolute_import, division, print_function

from minion import compat
from minion.helpers.state_return import returned


def switched(salt, test, kind, name, on):
    """The return of a state.

    :param salt: `__salt__`.  :param str kind: mod, site or conf.
    """
    done, noun = 'enabled' if on else 'disabled', 'module' if kind == 'mod' else kind
    if salt['apache.check_%s_enabled' % kind](name) is on:
        return returned(name, True, '%s already %s.' % (name, done))
    changes = {'old': None if on else name, 'new': name if on else None}
    if test:
        return returned(name, None, 'Apache %s %s is set to be %s.' % (noun, name, done), changes)
    status = salt['apache.a2%s%s' % ('en' if on else 'dis', kind)](name).get('Status')
    if status != '%s %s %s' % (kind.capitalize(), name, done):
        why = ' (%s)' % status if compat.is_text(status) else ''
        return returned(name, False, 'Failed to %s %s Apache %s%s' % (done[:-1], name, noun, why))
    return returned(name, True, '', changes)
