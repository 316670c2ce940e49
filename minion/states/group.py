"""States of groups."""
from __future__ import absolute_import, division, print_function

from minion import compat

_BOTH = 'Error: Conflicting options "members" with "addusers" and/or "delusers" can not be used together. '
_TWICE = 'Error. Same user(s) can not be added and deleted simultaneously'


def _returned(name, result=True, comment='', changes=None):
    return {'name': name, 'result': result, 'comment': comment, 'changes': changes or {}}


def present(name, gid=None, system=False, addusers=None, delusers=None, members=None, non_unique=False, local=False):
    """There is a group with this number and these members.

    addusers, delusers: users that are to be members, or not. members: all of them, instead of the former two.
    system: a number below those of people. non_unique: the number may be taken. local: past LDAP and its like.

    cheese:
      group.present:
        - gid: 7648
        - members: [foo, bar]
    """
    if members is not None and (addusers is not None or delusers is not None):
        return _returned(name, None, _BOTH)
    if set(addusers or ()) & set(delusers or ()):
        return _returned(name, None, _TWICE)
    wanted = (gid, addusers, delusers, members)
    if not __salt__['group.info'](name):
        return _create(name, wanted, {'system': system, 'non_unique': non_unique, 'local': local})
    changes = _missing(name, *wanted)
    if not changes:
        return _returned(name, True, 'Group %s is present and up to date' % name)
    ret = _returned(name, None, 'The following group attributes are set to be changed:\n%s' % ''.join(
        '%s: %s\n' % (key, _shown(value)) for key, value in changes))
    if __opts__['test']:
        return ret
    _apply(name, changes, non_unique)
    left = _missing(name, *wanted)
    if left:
        ret.update(result=False, changes={'Failed': dict(left)}, comment=ret['comment'] + 'Some changes could not be applied')
    else:
        ret.update(result=True, changes={'Final': 'All changes applied successfully'})
    return ret


def _shown(value):
    """As comments of the reference show it: who leaves when nobody stays is a set there."""
    if isinstance(value, tuple):
        return '{%s}' % compat.to_native(compat.shown(list(value)))[1:-1]
    return compat.to_native(compat.shown(value))


def _missing(name, gid, addusers, delusers, members):
    """What is not as wanted: list of (key, value) in the order of comments."""
    before, found = __salt__['group.info'](name), []
    if gid:
        try:
            if before['gid'] != int(gid):
                found.append(('gid', gid))
        except (TypeError, ValueError):
            return [('result', False), ('comment', 'Invalid gid')]
    if members is not None and not members:
        if before['members']:
            found.append(('delusers', tuple(sorted(before['members']))))
    elif members:
        if set(members) ^ set(before['members']):
            found.append(('members', members))
    for key, users in (('addusers', [user for user in addusers or () if user not in before['members']]),
                       ('delusers', [user for user in delusers or () if user in before['members']])):
        if users:
            found.append((key, users))
    return found


def _apply(name, changes, non_unique):
    for key, value in changes:
        if key == 'gid':
            __salt__['group.chgid'](name, int(value), non_unique=non_unique)
        elif key == 'members':
            __salt__['group.members'](name, ','.join(value))
        elif key in ('addusers', 'delusers'):
            for user in value:
                __salt__['group.%s' % key[:-1]](name, user)


def _create(name, wanted, options):
    gid = wanted[0]
    if __opts__['test']:
        return _returned(name, None, 'Group %s set to be added' % name)
    if gid is not None and not options['non_unique']:
        for other in __salt__['group.getent'](refresh=True):
            if other['gid'] == gid:
                return _returned(name, False, 'Group %s is not present but gid %s is already taken by group %s'
                                 % (name, gid, other['name']))
    if not __salt__['group.add'](name, gid=gid, **options):
        return _returned(name, False, 'Failed to create new group %s' % name)
    wanted = (None,) + wanted[1:]
    _apply(name, _missing(name, *wanted), False)
    left = _missing(name, *wanted)
    if left:
        return _returned(name, False, 'Group %s has been created but, some changes could not be applied' % name,
                         {'Failed': dict(left)})
    return _returned(name, True, 'New group %s created' % name, __salt__['group.info'](name))


def absent(name, local=False):
    """There is no group of this name.

    cheese:
      group.absent
    """
    if not __salt__['group.info'](name):
        return _returned(name, True, 'Group not present')
    if __opts__['test']:
        return _returned(name, None, 'Group %s is set for removal' % name)
    if __salt__['group.delete'](name, local=local):
        return _returned(name, True, 'Removed group %s' % name, {name: ''})
    return _returned(name, False, 'Failed to remove group %s' % name)
