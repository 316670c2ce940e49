"""States of users."""
from __future__ import absolute_import, division, print_function

from minion.helpers import state_user

_FOR_ADD = ('uid', 'gid', 'home', 'shell', 'unique', 'system', 'createhome', 'loginclass', 'nologinit', 'usergroup', 'local')
_NEW_DAYS = {'date': 'last change date', 'mindays': 'minimum days', 'maxdays': 'maximum days', 'inactdays': 'inactive days',
             'warndays': 'warn days', 'expire': 'expire days'}


def _returned(name, result=True, comment='', changes=None):
    return {'name': name, 'result': result, 'comment': comment, 'changes': changes or {}}


def present(name, uid=None, gid=None, usergroup=None, groups=None, optional_groups=None, remove_groups=True, home=None,
            createhome=True, persist_home=False, password=None, hash_password=False, enforce_password=True,
            empty_password=False, shell=None, unique=True, system=False, fullname=None, roomnumber=None, workphone=None,
            homephone=None, other=None, loginclass=None, date=None, mindays=None, maxdays=None, inactdays=None,
            warndays=None, expire=None, win_homedrive=None, win_profile=None, win_logonscript=None, win_description=None,
            nologinit=False, allow_uid_change=False, allow_gid_change=False, password_lock=None, local=False):
    """There is a user of this name with these properties; those that are not named are left alone.

    groups: all further groups (optional_groups: those of them that need not exist); remove_groups: False keeps others.
    password: a hash, or with hash_password a password; enforce_password: False leaves one that is set alone;
    empty_password: none is needed; password_lock: it is of no use, or (False) is.
    persist_home: what is in the old home moves. date, mindays, maxdays, inactdays, warndays, expire: days, numbers.
    loginclass and win_*: of other systems, without effect here. All else: as of user.add.

    fred:
      user.present:
        - shell: /bin/zsh
        - groups: [wheel, storage]
    """
    wanted = dict(locals())
    for value in (fullname, roomnumber, workphone):
        if ',' in state_user.text(value):
            return _returned(name, False, "Unsupported char ',' in %s" % value)
    missing = [group for group in groups or () if not __salt__['group.info'](group)]
    if missing and not __opts__['test']:
        return _returned(name, False, 'The following group(s) are not present: %s' % ','.join(missing))
    wanted['groups'] = None if groups is None else [group for group in groups if group not in missing]
    wanted['pending'] = missing
    wanted['optional_groups'] = [group for group in optional_groups or () if __salt__['group.info'](group)]
    if optional_groups and groups is None:
        wanted['groups'] = []
    if usergroup and __salt__['file.group_to_gid'](name) != '':
        wanted['gid'] = name
    before, shadow = __salt__['user.info'](name), _shadow(name)
    if hash_password and password and not empty_password:
        wanted['password'] = _hashed(password, shadow)
    if not before:
        return _create(name, dict(wanted, gid=gid))
    changes = state_user.differences(wanted, before, shadow, __salt__)
    refused = state_user.refused(changes, wanted, before)
    if refused:
        return _returned(name, False, refused)
    if not changes:
        return _returned(name, True, 'User %s is present and up to date' % name)
    if __opts__['test']:
        told = [(key, state_user.text(value)) for key, value in state_user.shown(changes)]
        told += [('groups (pending creation)', ','.join(missing))] if missing else []
        return _returned(name, None, 'The following user attributes are set to be changed:\n%s' % ''.join(
            '%s: %s\n' % row for row in told))
    return _update(name, wanted, changes, before, shadow)


def _shadow(name):
    return __salt__['shadow.info'](name) if 'shadow.info' in __salt__ else {}


def _hashed(password, shadow):
    """The hash of a password with the salt that is in use, so that it can be compared."""
    salt, algorithm = state_user.salt_of(shadow.get('passwd') or '')
    return __salt__['shadow.gen_password'](password, salt, algorithm)


# ---- a user that is there

def _update(name, wanted, changes, before, shadow):
    for key, value in changes:
        _change(name, key, value, wanted)
    after, new_shadow = __salt__['user.info'](name), _shadow(name)
    told = dict((key, value) for key, value in after.items() if value != before.get(key))
    told.update((key, state_user.HIDDEN if key == 'passwd' else value)
                for key, value in new_shadow.items() if value != shadow.get(key))
    left = state_user.differences(wanted, after, new_shadow, __salt__)
    if left:
        return _returned(name, False, 'These values could not be changed: %s' % state_user.literal(left), told)
    return _returned(name, True, 'Updated user %s' % name, told)


def _change(name, key, value, wanted):
    if key == 'groups':
        __salt__['user.chgroups'](name, value, not wanted['remove_groups'])
    elif key == 'home':
        __salt__['user.chhome'](name, value, wanted['persist_home'])
    elif key == 'homeDoesNotExist':
        __salt__['file.mkdir'](value, *[__salt__['user.info'](name)[each] for each in ('uid', 'gid')])
    elif key == 'gid':
        __salt__['user.chgid'](name, __salt__['file.group_to_gid'](value) if value != '' else value)
    elif key == 'passwd':
        __salt__['shadow.set_password'](name, value)
    elif key == 'empty_password':
        __salt__['shadow.del_password'](name)
    elif key == 'password_lock':
        __salt__['shadow.lock_password' if value else 'shadow.unlock_password'](name)
    elif key in _NEW_DAYS:
        __salt__['shadow.set_%s' % key](name, value)
    else:
        __salt__['user.ch%s' % key](name, value)


# ---- a user that is not

def _create(name, wanted):
    if __opts__['test']:
        pending = ' (pending groups: %s)' % ','.join(wanted['pending']) if wanted['pending'] else ''
        return _returned(name, None, 'User %s set to be added%s' % (name, pending))
    options = dict((key, wanted[key]) for key in _FOR_ADD)
    options.update((key, '' if wanted[key] is None else wanted[key]) for key in state_user.GECOS)
    groups = (wanted['groups'] or []) + wanted['optional_groups']
    if not __salt__['user.add'](name, groups=groups, **options):
        return _returned(name, False, 'Failed to create new user %s' % name)
    ret = _returned(name, True, 'New user %s created' % name, __salt__['user.info'](name))
    if not wanted['createhome']:
        ret['changes']['home'] = ''                                  # there is none, whatever the database says
    if _shadow(name):
        _complete(ret, name, wanted)
    return ret


def _complete(ret, name, wanted):
    """Set the password and days of a new user; `ret` tells what could not be set."""
    failed = 'User %s created but failed to ' % name
    if wanted['password'] and not wanted['empty_password']:
        __salt__['shadow.set_password'](name, wanted['password'])
        if _shadow(name)['passwd'] != wanted['password']:
            ret.update(result=False, comment=failed + 'set password to %s' % state_user.HIDDEN)
        ret['changes']['password'] = state_user.HIDDEN
    if wanted['empty_password']:
        __salt__['shadow.del_password'](name)
        if _shadow(name)['passwd'] != '':
            ret.update(result=False, comment=failed + 'empty password')
        ret['changes']['password'] = ''
    for argument, key in state_user.DAYS:
        if wanted[argument] is not None:
            __salt__['shadow.set_%s' % argument](name, wanted[argument])
            if _shadow(name)[key] != wanted[argument]:
                ret.update(result=False, comment=failed + 'set %s to %s' % (_NEW_DAYS[argument], wanted[argument]))
            ret['changes'][argument] = wanted[argument]
    if wanted['password_lock'] and not _shadow(name)['passwd'].startswith('!'):
        __salt__['shadow.lock_password'](name)


def absent(name, purge=False, force=False, local=False):
    """There is no user of this name.

    purge: the home goes, too. force: also while they are logged in. local: past LDAP and its like.

    fred:
      user.absent:
        - purge: True
    """
    if not __salt__['user.info'](name):
        return _returned(name, True, 'User %s is not present' % name)
    if __opts__['test']:
        return _returned(name, None, 'User %s set for removal' % name)
    before = _group_names()
    if not __salt__['user.delete'](name, purge, force, local=local):
        return _returned(name, False, 'Failed to remove user %s' % name)
    changes = dict(('%s group' % group, 'removed') for group in before - _group_names())
    return _returned(name, True, 'Removed user %s' % name, dict(changes, **{name: 'removed'}))


def _group_names():
    return set(group['name'] for group in __salt__['group.getent'](refresh=True))
