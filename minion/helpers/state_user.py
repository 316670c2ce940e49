"""What differs between a user as they are and as a state wants them, in the order in which states tell it."""
from __future__ import absolute_import, division, print_function

import os

from minion import compat

GECOS = ('fullname', 'roomnumber', 'workphone', 'homephone', 'other')
DAYS = (('date', 'lstchg'), ('mindays', 'min'), ('maxdays', 'max'), ('inactdays', 'inact'), ('warndays', 'warn'),
        ('expire', 'expire'))
"""Argument of a state and key of shadow.info; shadow.set_ARGUMENT sets it."""

HIDDEN = 'XXX-REDACTED-XXX'
_REFUSED = ('Changing %s (%s -> %s) not permitted, set allow_%s_change to True to force this change. '
            'Note that this will not change file ownership.')


def differences(wanted, user, shadow, salt):
    """List of (key, value) that has to be changed.

    :param dict wanted: arguments of user.present; groups are a list or None.
    :param dict user, shadow: what user.info and shadow.info tell; shadow is empty where there is none.
    :param salt: `__salt__`.
    """
    found = []
    if wanted['uid'] is not None and user['uid'] != wanted['uid']:
        found.append(('uid', wanted['uid']))
    if wanted['gid'] is not None and user['gid'] not in (wanted['gid'], salt['file.group_to_gid'](wanted['gid'])):
        found.append(('gid', wanted['gid']))
    found += _groups(wanted, user, salt)
    found += _home(wanted, user)
    if wanted['shell'] and user['shell'] != wanted['shell']:
        found.append(('shell', wanted['shell']))
    if shadow:
        found += _password(wanted, shadow, salt)
        found += [(name, wanted[name]) for name, key in DAYS if wanted[name] is not None and shadow[key] != wanted[name]]
    return found + [(name, text(wanted[name])) for name in GECOS
                    if wanted[name] is not None and user[name] != text(wanted[name])]


def text(value):
    return compat.to_native(compat.shown(value))


def _groups(wanted, user, salt):
    """Groups without the first one: that of `gid`, or the present one."""
    first = salt['file.gid_to_group'](user['gid'])
    new_first = first if wanted['gid'] is None else _group_name(wanted['gid'], salt)
    groups = user['groups'] if wanted['groups'] is None else wanted['groups'] + (wanted['optional_groups'] or [])
    groups = sorted(set(groups) - set([new_first]))
    before = sorted(set(user['groups']) - set([first]))
    if groups == before or not wanted['remove_groups'] and set(groups) <= set(user['groups']):
        return []
    return [('groups', groups)]


def _group_name(group, salt):
    return group if compat.is_text(group) else salt['file.gid_to_group'](group)


def _home(wanted, user):
    found = []
    if wanted['home'] and user['home'] != wanted['home']:
        found.append(('home', wanted['home']))
    home = wanted['home'] or user['home']
    if wanted['createhome'] and home and not os.path.isdir(home):
        found.append(('homeDoesNotExist', home))
    return found


def _password(wanted, shadow, salt):
    found, unset = [], salt['shadow.default_hash']()
    if wanted['password'] and not wanted['empty_password'] and shadow['passwd'] != wanted['password']:
        if shadow['passwd'] == unset or wanted['enforce_password']:
            found.append(('passwd', wanted['password']))
    if wanted['empty_password'] and shadow['passwd'] != '':
        found.append(('empty_password', True))
    if wanted['password_lock'] is not None and bool(wanted['password_lock']) != shadow['passwd'].startswith('!'):
        found.append(('password_lock', bool(wanted['password_lock'])))
    return found


def refused(changes, wanted, user):
    """The comment on changes of numbers that were not allowed, None when there are none."""
    changes = dict(changes)
    errors = [_REFUSED % (key, user[key], changes[key], key) for key in ('uid', 'gid')
              if key in changes and not wanted['allow_%s_change' % key]]
    if not errors:
        return None
    return 'Encountered error checking for needed changes. Additional info follows:\n\n' + '\n'.join(
        '- ' + error for error in errors)


def shown(changes):
    """`changes` without the password."""
    return [(key, HIDDEN if key == 'passwd' else value) for key, value in changes]


def literal(changes):
    """The text that Python 3 shows for the mapping of `changes`."""
    return '{%s}' % ', '.join('%r: %s' % (key, text([value])[1:-1]) for key, value in shown(changes))


def salt_of(hashed):
    """(salt, algorithm) of a hash, (None, 'sha512') of what is none."""
    parts = hashed.split('$')
    algorithm = {'1': 'md5', '2a': 'blowfish', '5': 'sha256', '6': 'sha512'}.get(parts[1] if len(parts) > 3 else None)
    return ('$'.join(parts[2:-1]), algorithm) if algorithm else (None, 'sha512')
