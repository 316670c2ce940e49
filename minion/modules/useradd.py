"""Users of this system (user.*), through useradd, usermod and userdel.

`root` is everywhere a folder with another system, which is then read and changed instead of this one.
"""
from __future__ import absolute_import, division, print_function

import io

from minion import compat
from minion.errors import CommandExecutionError
from minion.helpers import tool, userdb

__virtualname__ = 'user'
_DEFAULTS = '/etc/login.defs'
_MAIL_BUG = 12             # userdel of Debian ends with it when there is no mail box to remove


def __virtual__():
    if __grains__.get('kernel') in ('Linux', 'OpenBSD', 'NetBSD'):
        return __virtualname__
    return False, 'useradd execution module not loaded: either kernel not Linux, OpenBSD, NetBSD or the programs are missing'


# ---- making and removing

def add(name, uid=None, gid=None, groups=None, home=None, shell=None, unique=True, system=False, fullname='',
        roomnumber='', workphone='', homephone='', other='', createhome=True, loginclass=None, nologinit=False,
        root=None, usergroup=None, local=False):
    """Make a user; True if there is one now.

    groups: list or comma-separated text of further groups. unique: False allows a `uid` that is taken.
    usergroup: True for a group of the same name, False for none. local: with luseradd, past LDAP and its like.
    fullname, roomnumber, workphone, homephone, other: parts of the comment. loginclass: of BSD, without effect here.
    CLI: user.add fred 1200 groups=users,wheel shell=/bin/bash
    """
    argv = [tool.required('luseradd' if local else 'useradd')]
    wanted = tool.listed(groups)
    argv += _options(('-s', shell or None), ('-u', _given(uid)), ('-g', _given(gid)))
    if _given(gid) is None:
        argv += _own_group(name, wanted, usergroup)
    argv += ['-m'] if createhome else ['-M'] if createhome is False else []
    argv += ['-l'] if nologinit else []
    argv += _options(('-d', home))
    argv += ([] if unique else ['-o']) + (['-r'] if system else []) + [name] + _root(root)
    if not tool.succeeds(__salt__, argv):
        return False
    _complete(name, wanted, {'fullname': fullname, 'roomnumber': roomnumber, 'workphone': workphone,
                             'homephone': homephone, 'other': other}, root)
    return True


def _complete(name, groups, comment, root):
    """What a new user gets besides; they exist, whatever becomes of it."""
    if groups:
        chgroups(name, groups, root=root)
    for part in userdb.GECOS:
        if comment[part]:
            _change_comment(name, part, comment[part], root)


def _given(value):
    return None if value == '' else value


def _options(*pairs):
    return [word for option, value in pairs if value is not None for word in (option, value)]


def _root(root):
    return [] if root is None else ['-R', root]


def _own_group(name, groups, usergroup):
    if usergroup:
        return ['-U']
    if name in groups:
        return ['-g', name] if _makes_groups() else []
    return ['-N'] if usergroup is False else []


def _makes_groups():
    """True if useradd makes a group for each user, so that one which is there has to be named."""
    with io.open(_DEFAULTS, encoding='utf-8', errors='replace') as stream:
        lines = [line.split() for line in stream]
    return any(words[:1] == ['USERGROUPS_ENAB'] and 'yes' in words for words in lines)


def delete(name, remove=False, force=False, root=None, local=False):
    """Remove a user; True if that was done.

    remove: the home and mail box, too. force: also while they are logged in. local: with luserdel.
    CLI: user.delete fred remove=True
    """
    argv = [tool.required('luserdel' if local else 'userdel')]
    argv += (['-r'] if remove else []) + (['-f'] if force else []) + [name] + _root(root)
    result = tool.run(__salt__, argv)
    if result['retcode'] == _MAIL_BUG and __grains__.get('os_family') == 'Debian':
        return '/var/mail/%s' % name in result['stderr'] or '/var/mail/%s' % name in result['stdout']
    return result['retcode'] == 0


def rename(name, new_name, root=None):
    """Give a user another name. As masters expect, the answer is False although it was done. CLI: user.rename fred fritz"""
    _existing(name, root)
    if userdb.user(new_name, root) is not None:
        raise CommandExecutionError("User '%s' already exists" % new_name)
    tool.run(__salt__, ['usermod', '-l', new_name, name] + _root(root))
    return info(name, root).get('name') == new_name


# ---- changing

def _existing(name, root):
    found = userdb.user(name, root)
    if found is None:
        raise CommandExecutionError("User '%s' does not exist" % name)
    return userdb.shown_user(found, root)


def _change(name, key, value, option, root, *more):
    """Set one value of a user with an option of usermod; True if it is set afterwards."""
    if _existing(name, root)[key] == value:
        return True
    tool.run(__salt__, ['usermod', option, value] + list(more) + [name] + _root(root))
    return info(name, root).get(key) == value


def chuid(name, uid, root=None):
    """Change the number of a user; True if they have it now. CLI: user.chuid fred 1201"""
    return _change(name, 'uid', uid, '-u', root)


def chgid(name, gid, root=None):
    """Change the first group of a user, a number; True if it is that now. CLI: user.chgid fred 100"""
    return _change(name, 'gid', gid, '-g', root)


def chshell(name, shell, root=None):
    """Change the login shell; True if it is that now. CLI: user.chshell fred /bin/sh"""
    return _change(name, 'shell', shell, '-s', root)


def chhome(name, home, persist=False, root=None):
    """Change the home; True if it is that now. persist: move what is in the old one. CLI: user.chhome fred /srv/fred"""
    return _change(name, 'home', home, '-d', root, *(['-m'] if persist else []))


def chgroups(name, groups, append=False, root=None):
    """Change the further groups of a user; True if that was done.

    groups: list or comma-separated text. append: keep those that they have. CLI: user.chgroups fred users,wheel True
    """
    wanted = tool.listed(groups)
    if set(userdb.group_names(name, root)) == set(wanted):
        return True
    argv = ['usermod'] + (['-a'] if append else []) + ['-G', ','.join(wanted), name] + _root(root)
    return tool.succeeds(__salt__, argv)


def chfullname(name, fullname, root=None):
    """Change the full name; True if it is that now. CLI: user.chfullname fred 'Fred Foo'"""
    return _change_comment(name, 'fullname', fullname, root)


def chroomnumber(name, roomnumber, root=None):
    """Change the room number; True if it is that now. CLI: user.chroomnumber fred 123"""
    return _change_comment(name, 'roomnumber', roomnumber, root)


def chworkphone(name, workphone, root=None):
    """Change the phone number at work; True if it is that now. CLI: user.chworkphone fred 5550123"""
    return _change_comment(name, 'workphone', workphone, root)


def chhomephone(name, homephone, root=None):
    """Change the phone number at home; True if it is that now. CLI: user.chhomephone fred 5550123"""
    return _change_comment(name, 'homephone', homephone, root)


def chother(name, other, root=None):
    """Change the last part of the comment; True if it is that now. CLI: user.chother fred x"""
    return _change_comment(name, 'other', other, root)


def _change_comment(name, part, value, root):
    value = compat.to_native(value if compat.is_text(value) else compat.shown(value))
    before = _comment(name, root)
    if before[part] == value:
        return True
    text = userdb.gecos_text(dict(before, **{part: value}))
    tool.run(__salt__, ['usermod', '-c', text, name] + _root(root))
    return _comment(name, root)[part] == value


def _comment(name, root):
    found = userdb.user(name, root)
    if found is None:
        raise KeyError("getpwnam(): name not found: '%s'" % name)
    return userdb.gecos(found.pw_gecos)


def chloginclass(name, loginclass, root=None):
    """Login classes are of BSD: False. CLI: user.chloginclass fred staff"""
    return False


def get_loginclass(name):
    """Login classes are of BSD: False. CLI: user.get_loginclass fred"""
    return False


# ---- asking

def getent(refresh=False, root=None):
    """A list of user.info of all users, in the order of the database. CLI: user.getent"""
    if not refresh and 'user.getent' in __context__:
        return __context__['user.getent']
    found = [userdb.shown_user(entry, root) for entry in userdb.users(root)]
    __context__['user.getent'] = found
    return found


def info(name, root=None):
    """A mapping of what is known of a user, empty for an unknown one. CLI: user.info root"""
    found = userdb.user(name, root)
    return {} if found is None else userdb.shown_user(found, root)


def primary_group(name):
    """Name of the first group of a user. CLI: user.primary_group root"""
    return tool.output(__salt__, ['id', '-g', '-n', name])


def list_groups(name):
    """Sorted names of the groups of a user, empty for an unknown one. CLI: user.list_groups root"""
    userdb.need_text('getpwnam() argument', name)
    return userdb.group_names(name)


def list_users(root=None):
    """Sorted names of all users. CLI: user.list_users"""
    return sorted(entry.pw_name for entry in userdb.users(root))
