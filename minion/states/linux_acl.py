"""Entries of POSIX access control lists."""
from __future__ import absolute_import, division, print_function

import os

from minion import compat
from minion.errors import CommandExecutionError
from minion.helpers import posixacl
from minion.helpers.state_return import returned as _returned

__virtualname__ = 'acl'

_FINE = 'Permissions are in the desired state'


def __virtual__():
    if 'acl.getfacl' in __salt__:
        return __virtualname__
    return False, 'The linux_acl state cannot be loaded: there is no execution module acl'


def present(name, acl_type, acl_name='', perms='', recurse=False, force=False):
    """A file or folder has an entry. recurse: and all below; force: and no other entries.

        /srv/www:
          acl.present:
            - acl_type: user
            - acl_name: deploy
            - perms: rwx
    """
    found, problem = _look(name, acl_type, recurse)
    if problem:
        return problem
    different, old = _compared(found, name, acl_type, acl_name, perms)
    if not different:
        return _returned(name, True, _FINE)
    changes = {'new': {'acl_name': acl_name, 'acl_type': acl_type, 'perms': perms}}
    if old is not None:
        changes['old'] = {'acl_name': acl_name, 'acl_type': acl_type, 'perms': posixacl.letters(old)}
    if __opts__['test']:
        return _returned(name, None, 'New permissions will be applied for %s: %s' % (acl_name, perms) if old is None else
                         'Updated permissions will be applied for %s: %s -> %s' % (acl_name, posixacl.letters(old), perms),
                         changes)
    done = 'Applied new permissions for %s' if old is None else 'Updated permissions for %s'
    return _apply(name, acl_type, [acl_name], perms, recurse, force, (acl_name, done % acl_name, changes))


def list_present(name, acl_type, acl_names=None, perms='', recurse=False, force=False):
    """The same for several names.

        /srv/www:
          acl.list_present:
            - acl_type: user
            - acl_names: [deploy, backup]
            - perms: rx
    """
    names = _listed(acl_names)
    found, problem = _look(name, acl_type, recurse)
    if problem:
        return problem
    compared = [_compared(found, name, acl_type, one, perms) for one in names]
    if not any(different for different, _ in compared):
        return _returned(name, True, _FINE)
    shown, shared = repr(names), {'acl_name': ', '.join(names), 'acl_type': acl_type}
    if any(old is None for _, old in compared):
        changes, done = {'new': dict(shared, perms=perms)}, 'Applied new permissions for %s' % shared['acl_name']
        would = 'New permissions will be applied for %s: %s' % (shown, perms)
    else:
        old = '%d' % next(old for different, old in compared if different)
        changes = {'new': dict(shared, perms=posixacl.octal(perms)), 'old': dict(shared, perms=old)}
        done = 'Updated permissions for %s' % shown
        would = 'Updated permissions will be applied for %s: %s -> %s' % (shown, old, perms)
    if __opts__['test']:
        return _returned(name, None, would, changes)
    return _apply(name, acl_type, names, perms, recurse, force, (shown, done, changes))


def absent(name, acl_type, acl_name='', perms='', recurse=False):
    """A file or folder has no such entry. recurse: nor has anything below.

        /srv/www:
          acl.absent:
            - acl_type: user
            - acl_name: deploy
    """
    return list_absent(name, acl_type, [acl_name], recurse)


def list_absent(name, acl_type, acl_names=None, recurse=False):
    """The same for several names.

        /srv/www:
          acl.list_absent:
            - acl_type: user
            - acl_names: [deploy, backup]
    """
    found, problem = _look(name, acl_type, recurse)
    if problem:
        return problem
    there = [one for one in _listed(acl_names)
             if any(posixacl.entry(acls, acl_type, one) is not None for acls in found.values())]
    if not there:
        return _returned(name, True, _FINE)
    if __opts__['test']:
        return _returned(name, None, 'Removing permissions')
    try:
        for one in there:
            __salt__['acl.delfacl'](acl_type, one, name, recursive=recurse, raise_err=True)
    except CommandExecutionError as exc:
        return _returned(name, False, 'Error removing permissions for %s: %s' % (one, exc))
    return _returned(name, True, 'Removing permissions')


def _listed(names):
    return [names] if compat.is_text(names) else list(names or ())


def _look(name, acl_type, recurse):
    """(what getfacl says, None), or (None, the return that says why there is nothing to be done)."""
    if not os.path.exists(name):
        return None, _returned(name, False, '%s does not exist' % name)
    default, kind = posixacl.split_type(acl_type)
    if kind not in posixacl.TYPES + (('u', 'g', 'm', 'o') if default else ()):
        return None, _returned(name, False, 'ACL Type does not exist')
    return __salt__['acl.getfacl'](name, recursive=recurse), None


def _compared(found, name, acl_type, acl_name, perms):
    """(True if an entry is not everywhere as it should be, its number at `name` or None)"""
    try:
        wanted = posixacl.octal(perms)
    except ValueError:
        return True, posixacl.entry(found[name], acl_type, acl_name)
    different = False
    for path in found:
        current = posixacl.entry(found[path], acl_type, acl_name)
        if current is not None and 'X' in str(perms) and not os.path.isdir(path):
            current = current | 1                # X asks for nothing where nobody may execute
        different = different or current != wanted
    return different, posixacl.entry(found[name], acl_type, acl_name)


def _apply(name, acl_type, names, perms, recurse, force, told):
    """:param told: (how the names are shown in an error, comment, changes)"""
    shown, comment, changes = told
    try:
        if force:
            __salt__['acl.wipefacls'](name, recursive=recurse, raise_err=True)
        for one in names:
            __salt__['acl.modfacl'](acl_type, one, perms, name, recursive=recurse, raise_err=True)
    except CommandExecutionError as exc:
        return _returned(name, False, 'Error updating permissions for %s: %s' % (shown, exc))
    return _returned(name, True, comment, changes)
