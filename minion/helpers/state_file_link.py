"""The states of links and of what is there or not: file.symlink, hardlink, absent, exists, missing."""
from __future__ import absolute_import, division, print_function

import os
import pwd

from minion.errors import CommandExecutionError
from minion.helpers.state_file import Failed, failed, new, owner, text_of


def _names(user, group, world):
    """(user, group) with ourselves and the user's own group where none is named."""
    functions = world.functions
    if user is None:
        user = functions['file.uid_to_user'](os.geteuid())
    if group is None:
        try:
            group = functions['file.gid_to_group'](pwd.getpwuid(functions['file.user_to_uid'](user)).pw_gid)
        except (KeyError, TypeError):            # no such user, which is told later
            group = functions['file.gid_to_group'](os.getegid())
    return user, group


def _refuse(errors):
    if errors:
        raise Failed('. '.join(errors) + ('.' if len(errors) > 1 else ''))


def _wrong(name, user, group, world):
    """List of what is wrong with a path and the accounts that it shall belong to."""
    wrong = []
    if world.functions['file.user_to_uid'](user) == '':
        wrong.append('User %s does not exist' % user)
    elif world.functions['file.group_to_gid'](group) == '':
        wrong.append('Group %s does not exist' % group)
    if not os.path.isabs(name):
        wrong.append('Specified file %s is not an absolute path' % name)
    return wrong


def _make_parent(name, kind, user, group, mode, makedirs, world):
    """Make the folder of a link if it is missing.  :raises Failed: it is, and is not to be made."""
    folder = os.path.dirname(name)
    if os.path.isdir(folder):
        return
    if not makedirs:
        raise Failed('Directory %s for %s is not present' % (folder, kind))
    said = world.functions['file.makedirs'](name, user=user, group=group, mode=mode)
    if not os.path.isdir(folder):
        raise Failed(said or 'Directory %s for %s is not present' % (folder, kind))


# ---- symbolic links

class _Symlink(object):
    """One call of file.symlink; `wanted`: its arguments by name."""

    def __init__(self, name, wanted, world):
        self.name, self.wanted, self.functions, self.world = name, wanted, world.functions, world
        self.target = wanted['target']
        self.ret = new(name)

    def run(self):
        """What file.symlink returns.  :raises Failed:"""
        user = owner(self.wanted['user'], self.wanted['kwargs'])
        group = self.wanted['group']
        if self.wanted['inherit_user_and_group'] and (user is None or group is None) and os.path.lexists(self.name):
            was = self._owner()
            user, group = was[0] if user is None else user, was[1] if group is None else group
        self.user, self.group = _names(user, group, self.world)
        _refuse(_wrong(self.name, self.user, self.group, self.world))
        if self.world.opts['test']:
            return self._told()
        _make_parent(self.name, 'symlink', self.user, self.group, self.wanted['mode'], self.wanted['makedirs'], self.world)
        replaces = False
        if os.path.islink(self.name):
            if self._leads_there():
                return self._own()
            replaces = True
        elif os.path.lexists(self.name):
            self._make_way()
        return self._create(replaces)

    def _leads_there(self):
        target = self.target
        return os.path.normpath(os.readlink(self.name)) == (os.path.normpath(target) if hasattr(target, 'encode') else target)

    def _owner(self):
        return tuple(self.functions[name](self.name, follow_symlinks=False) for name in ('file.get_user', 'file.get_group'))

    def _owned(self):
        return self._owner() == (self.user, self.group)

    def _give(self):
        """Give the link to its owner; True if it has it then."""
        try:
            self.functions['file.lchown'](self.name, self.user, self.group)
        except (OSError, TypeError):             # told by whom it belongs to afterwards
            return False
        return self._owned()

    def _own(self):
        ret, whom = self.ret, '%s:%s' % (self.user, self.group)
        if self._owned():
            ret['comment'] = 'Symlink %s is present and owned by %s' % (self.name, whom)
        elif self._give():
            ret.update(comment='Set ownership of symlink %s to %s' % (self.name, whom), changes={'ownership': whom})
        else:
            failed(ret, 'Failed to set ownership of symlink %s to %s' % (self.name, whom))
        return ret

    def _make_way(self):
        """Move what is no link out of the way, or refuse to.  :raises Failed:"""
        if self.wanted['backupname'] is not None:
            return self._keep(self.wanted['backupname'])
        if self.wanted['force'] or self.wanted['atomic']:
            return None
        kind = ('File' if os.path.isfile(self.name) else 'Directory' if os.path.isdir(self.name) else 'File system entry')
        raise Failed('%s exists where the symlink %s should be' % (kind, self.name))

    def _keep(self, backup):
        if not os.path.isabs(backup):
            if backup != os.path.basename(backup):
                raise Failed('Backupname must be an absolute path or a file name: %s' % backup)
            backup = os.path.join(os.path.dirname(self.name), backup)
        if os.path.lexists(backup):
            if not self.wanted['force']:
                raise Failed('Symlink & backup dest exists and Force not set. %s -> %s - backup: %s'
                             % (self.name, self.target, backup))
            self.functions['file.remove'](backup)
        try:
            self.functions['file.move'](self.name, backup, disallow_copy_and_unlink=self.wanted['disallow_copy_and_unlink'])
        except CommandExecutionError as exc:
            self.ret['changes'] = {}
            raise Failed('Unable to rename %s to backup %s -> : %s' % (self.name, backup, text_of(exc)))

    def _create(self, replaces):
        wanted, shown = self.wanted, '%s -> %s' % (self.name, self.target)
        try:
            self.functions['file.symlink'](self.target, self.name, force=wanted['force'], atomic=wanted['atomic'] or replaces,
                                           follow_symlinks=wanted['follow_symlinks'])
        except (CommandExecutionError, EnvironmentError) as exc:
            raise Failed('Unable to create new symlink %s: %s' % (shown, text_of(exc)))
        self.ret.update(comment='Created new symlink %s' % shown, changes={'new': self.name})
        if not self._owned() and not self._give():
            self.ret['result'] = False
            self.ret['comment'] += ', but was unable to set ownership to %s:%s' % (self.user, self.group)
        return self.ret

    def _told(self):
        """Test mode: what would be done."""
        ret, name, folder = self.ret, self.name, os.path.dirname(self.name)
        if not os.path.lexists(name):
            ret.update(result=None, changes={'new': name},
                       comment='Symlink %s to %s is set for creation' % (name, self.target))
        elif not os.path.islink(name):
            failed(ret, 'File or directory exists where the symlink %s should be. Did you mean to use force?' % name)
            if self.wanted['force']:
                ret.update(result=None, comment='The file or directory %s is set for removal to make way for a new symlink '
                                                'targeting %s' % (name, self.target))
        elif not self._leads_there():
            ret.update(result=None, changes={'change': name},
                       comment='Link %s target is set to be changed to %s' % (name, self.target))
        else:
            ret['comment'] = 'The symlink %s is present' % name
            if not self._owned():
                was = '%s:%s' % self._owner()
                ret.update(result=None, changes={'ownership': was})
                ret['comment'] += (', but the ownership of the symlink would be changed from %s to %s:%s'
                                   % (was, self.user, self.group))
        if not os.path.isdir(folder):
            ret['comment'] += ('\n%s will be created' if self.wanted['makedirs'] else
                               '\nDirectory %s for symlink is not present') % folder
        return ret


def symlink(name, wanted, world):
    """See the state file.symlink; `wanted`: its other arguments by name."""
    name = os.path.expanduser(name)
    if not name:
        return new(name, 'Must provide name to file.symlink', False)
    state = _Symlink(name, wanted, world)
    try:
        return state.run()
    except Failed as exc:
        return failed(state.ret, text_of(exc))


# ---- hard links

def hardlink(name, wanted, world):
    """See the state file.hardlink; `wanted`: its other arguments by name."""
    name = os.path.expanduser(name)
    ret = new(name)
    if not name:
        return failed(ret, 'Must provide name to file.hardlink')
    try:
        return _hardlink(name, wanted, ret, world)
    except Failed as exc:
        return failed(ret, text_of(exc))


def _hardlink(name, wanted, ret, world):
    target = wanted['target']
    user, group = _names(owner(wanted['user'], wanted['kwargs']), wanted['group'], world)
    wrong = _wrong(name, user, group, world)
    if not os.path.isabs(target):
        wrong.append('Specified target %s is not an absolute path' % target)
    _refuse(wrong)
    if not os.path.exists(target):
        raise Failed('Target %s for hard link does not exist' % target)
    for direction, path in (('from', target), ('to', name)):
        if os.path.isdir(path):
            raise Failed('Unable to hard link %s directory %s' % (direction, path))
    if world.opts['test']:
        return _hardlink_told(name, target, wanted['force'], ret, world)
    _make_parent(name, 'hard link', user, group, wanted['dir_mode'], wanted['makedirs'], world)
    said = 'Created new hard link %s -> %s'
    if world.functions['file.is_hardlink'](name):
        if _same(name, target):
            ret['comment'] = 'Target of hard link %s is already pointing to %s' % (name, target)
            return ret
        world.functions['file.remove'](name)
        said = 'Set target of hard link %s -> %s'
    elif os.path.lexists(name):
        if not wanted['force']:
            raise Failed('%s exists where the hard link %s should be' % ('File' if os.path.isfile(name) else
                                                                        'File system entry', name))
        world.functions['file.remove'](name)
        ret['changes']['forced'] = 'File for hard link was forcibly replaced'
    try:
        world.functions['file.link'](target, name)
    except CommandExecutionError as exc:
        raise Failed('Unable to create new hard link %s -> %s: %s' % (name, target, text_of(exc)))
    ret['changes']['new'] = name
    ret['comment'] = said % (name, target)
    return ret


def _same(name, target):
    return os.lstat(name).st_ino == os.stat(target).st_ino and os.lstat(name).st_dev == os.stat(target).st_dev


def _hardlink_told(name, target, force, ret, world):
    if not os.path.lexists(name):
        ret.update(result=None, changes={'new': name}, comment='Hard link %s to %s is set for creation' % (name, target))
    elif world.functions['file.is_hardlink'](name):
        ret['comment'] = 'The hard link %s is presently targetting %s' % (name, target)
        if not _same(name, target):
            ret.update(result=None, changes={'change': name},
                       comment='Link %s target is set to be changed to %s' % (name, target))
    elif force:
        ret.update(result=None, comment='The file or directory %s is set for removal to make way for a new hard link '
                                        'targeting %s' % (name, target))
    else:
        failed(ret, 'File or directory exists where the hard link %s should be. Did you mean to use force?' % name)
    return ret


# ---- there or not

def absent(name, world):
    """See the state file.absent."""
    name = os.path.expanduser(name)
    ret = new(name)
    if not name:
        return failed(ret, 'Must provide name to file.absent')
    if not os.path.isabs(name):
        return failed(ret, 'Specified file %s is not an absolute path' % name)
    if os.path.normpath(name) in ('/', '//'):
        return failed(ret, 'Refusing to make "%s" absent' % name)
    kind = 'File' if os.path.isfile(name) or os.path.islink(name) else 'Directory' if os.path.isdir(name) else None
    if kind is None:
        ret['comment'] = 'File %s is not present' % name
        return ret
    if world.opts['test']:
        ret.update(result=None, changes={'removed': name}, comment='%s %s is set for removal' % (kind, name))
        return ret
    try:
        world.functions['file.remove'](name)
    except CommandExecutionError as exc:
        return failed(ret, text_of(exc))
    ret.update(comment='Removed %s %s' % (kind.lower(), name), changes={'removed': name})
    return ret


def exists(name):
    """See the state file.exists."""
    name = os.path.expanduser(name)
    if not name:
        return new(name, 'Must provide name to file.exists', False)
    if os.path.exists(name):
        return new(name, 'Path %s exists' % name)
    return new(name, 'Specified path %s does not exist' % name, False)


def missing(name):
    """See the state file.missing."""
    name = os.path.expanduser(name)
    if not name:
        return new(name, 'Must provide name to file.missing', False)
    if os.path.exists(name):
        return new(name, 'Specified path %s exists' % name, False)
    return new(name, 'Path %s is missing' % name)
