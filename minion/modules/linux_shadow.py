"""The password file of Linux (shadow.*): read directly, changed through passwd, chage and chpasswd.

`root` is everywhere a folder with another system, which is then read and changed instead of this one.
"""
from __future__ import absolute_import, division, print_function

import os

from minion import compat
from minion.errors import SaltInvocationError
from minion.helpers import crypthash, tool, userdb

__virtualname__ = 'shadow'
_PATH = '/etc/shadow'
_DAYS = ('lstchg', 'min', 'max', 'warn', 'inact', 'expire')
_UNKNOWN = dict(dict.fromkeys(_DAYS, ''), name='', passwd='')


def __virtual__():
    if __grains__.get('kernel') == 'Linux':
        return __virtualname__
    return False, 'The shadow module cannot be loaded: only available on Linux'


# ---- asking

def default_hash():
    """The hash of no password: nobody can log in with it. CLI: shadow.default_hash"""
    return '!'


def info(name, root=None):
    """Mapping of the hash of a user's password and its days, -1 for none; empty texts for an unknown user.

    CLI: shadow.info root
    """
    found = next((fields for fields in _records(root, missing_ok=True) if fields[0] == name), None)
    if found is None:
        return dict(_UNKNOWN)
    shown = dict((key, _days(text)) for key, text in zip(_DAYS, found[2:8]))
    return dict(shown, name=found[0], passwd=found[1])


def _records(root, missing_ok=False):
    root = root or '/'
    if missing_ok and not os.path.isfile(os.path.join(root, _PATH.lstrip('/'))):
        return []
    return userdb.records(root, _PATH, 9)


def _days(text):
    try:
        return int(text)
    except ValueError:
        return -1


def list_users(root=None):
    """Sorted names of all users with a line in the password file. CLI: shadow.list_users"""
    return sorted(fields[0] for fields in _records(root))


def gen_password(password, crypt_salt=None, algorithm='sha512'):
    """The hash of a password, to be set with shadow.set_password.

    crypt_salt: the salt, at random by default. algorithm: sha512, sha256, blowfish, md5 or crypt.
    CLI: shadow.gen_password 'I_am_password'
    """
    return crypthash.make(password, crypt_salt, algorithm)


# ---- passwords

def set_password(name, password, use_usermod=False, root=None):
    """Set the hash of a user's password; True if it is that now. use_usermod: with usermod, whose arguments others see.

    CLI: shadow.set_password root '$1$UYCIxa628.9qXjpQCjM4a..'
    """
    password = compat.to_native(password if compat.is_text(password) else compat.shown(password))
    name = compat.to_native(name if compat.is_text(name) else compat.shown(name))
    if set('\n\0:') & set(password + name):
        raise SaltInvocationError('a name or hash with a colon, a NUL or the end of a line cannot stand in %s' % _PATH)
    if root is not None and not os.path.isfile(os.path.join(root, _PATH.lstrip('/'))):
        return {}
    if info(name, root)['name'] != name:
        return False
    if use_usermod:
        argv, stdin = ['usermod', '-p', password, name] + _root(root), None
    else:
        argv, stdin = ['chpasswd', '-e'] + _root(root), '%s:%s\n' % (name, password)
    tool.run(__salt__, argv, stdin=stdin, output_loglevel='quiet')
    return info(name, root)['passwd'] == password


def _root(root):
    return [] if root is None else ['-R', root]


def del_password(name, root=None):
    """Let a user log in without a password; True if they have none now. CLI: shadow.del_password fred"""
    tool.run(__salt__, ['passwd', '-d', name] + _root(root))
    after = info(name, root)
    return after['name'] == name and not after['passwd']


def lock_password(name, root=None):
    """Keep a user from logging in with a password; True if it is locked now. CLI: shadow.lock_password fred"""
    before = info(name, root)
    if not before['name']:
        return False
    if not before['passwd'].startswith('!'):
        tool.run(__salt__, ['passwd', '-l', name] + _root(root))
    return info(name, root)['passwd'].startswith('!')


def unlock_password(name, root=None):
    """Undo shadow.lock_password; True if it is not locked now. CLI: shadow.unlock_password fred"""
    before = info(name, root)
    if not before['name']:
        return False
    if before['passwd'].startswith('!'):
        tool.run(__salt__, ['passwd', '-u', name] + _root(root))
    return not info(name, root)['passwd'].startswith('!')


# ---- days

def set_inactdays(name, inactdays, root=None):
    """Days after its end that a password still is taken; True if it is that now. CLI: shadow.set_inactdays fred 7"""
    return _change(name, 'inact', inactdays, '-I', root)


def set_maxdays(name, maxdays, root=None):
    """Days that a password is good for; True if it is that now. CLI: shadow.set_maxdays fred 90"""
    return _change(name, 'max', maxdays, '-M', root)


def set_mindays(name, mindays, root=None):
    """Days between two changes of a password; True if it is that now. CLI: shadow.set_mindays fred 7"""
    return _change(name, 'min', mindays, '-m', root)


def set_warndays(name, warndays, root=None):
    """Days before its end that the user is warned; True if it is that now. CLI: shadow.set_warndays fred 7"""
    return _change(name, 'warn', warndays, '-W', root)


def set_date(name, date, root=None):
    """Day of the last change, as days since 1970 or YYYY-MM-DD; True if that was done. CLI: shadow.set_date fred 0"""
    return _change(name, 'lstchg', date, '-d', root, compare=False)


def set_expire(name, expire, root=None):
    """Last day of the account, as days since 1970 or YYYY-MM-DD, -1: none; True if that was done.

    CLI: shadow.set_expire fred -1
    """
    return _change(name, 'expire', expire, '-E', root, compare=False)


def _change(name, key, value, option, root, compare=True):
    before = info(name, root)
    if not before['name']:
        return False
    if before[key] == value:
        return True
    done = tool.succeeds(__salt__, ['chage', option, value, name] + _root(root))
    return done and (not compare or info(name, root)[key] == value)
