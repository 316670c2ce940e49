"""The state file.directory: a folder with this owner and mode, and if so wanted all below it."""
from __future__ import absolute_import, division, print_function

import os
from collections import OrderedDict

from minion import compat
from minion.helpers import file_status, state_file_clean
from minion.helpers.state_file import Failed, check, chosen, failed, new, owner, text_of

_PARTS = ('user', 'group', 'mode', 'ignore_files', 'ignore_dirs', 'silent')


def walk(folder, depth=None):
    """(folder, folders, files) below a folder, itself first; links are not followed.

    :param int depth: levels below the folder whose content is shown, None: all.
    """
    top = folder.rstrip('/').count('/')
    for where, folders, names in os.walk(folder):
        left = None if depth is None else depth - (where.rstrip('/').count('/') - top)
        if left is not None and left <= 0:
            return
        yield where, list(folders), names
        if left == 1:
            del folders[:]


def recursed(recurse):
    """The set of what is wanted below the folder.  :raises Failed: `recurse` is not such a list."""
    if not recurse:
        return set()
    if not isinstance(recurse, list):
        raise Failed('"recurse" must be formed as a list of strings')
    wanted = set(compat.to_native(part) if compat.is_text(part) else part for part in recurse)
    if wanted - set(_PARTS):
        raise Failed('Types for "recurse" limited to %s.' % ', '.join('"%s"' % part for part in _PARTS))
    if 'ignore_files' in wanted and 'ignore_dirs' in wanted:
        raise Failed('Must not specify "recurse" options "ignore_files" and "ignore_dirs" at the same time.')
    return wanted


class _Directory(object):
    """One call of file.directory; `wanted`: its arguments by name."""

    def __init__(self, name, wanted, world):
        self.wanted, self.world, self.functions = wanted, world, world.functions
        self.ret = new(name)
        self.name = name[:-1] if name.endswith('/') and name != '/' else name
        self.user, self.group = owner(wanted['user'], wanted['kwargs']), wanted['group']
        mode = wanted['dir_mode']
        mode = wanted['kwargs'].get('mode') if mode is None else mode
        self.dir_mode = file_status.normal_mode(mode)
        self.file_mode = file_status.normal_mode(wanted['file_mode'] or mode)
        self.follow, self.test = wanted['follow_symlinks'], world.opts['test']

    def run(self):
        """What file.directory returns.  :raises Failed:"""
        wanted = self.wanted
        if wanted['max_depth'] is not None and wanted['clean']:
            raise Failed('Cannot specify both max_depth and clean')
        check(self.name, self.user, self.group, self.world)
        if self._in_the_way() and self._move_away():
            return self.ret
        self.below = recursed(wanted['recurse'])
        self.keep = state_file_clean.kept(self.name, wanted['require'], self.world) if wanted['clean'] else ()
        changes = self._changes()
        self.ret['changes'].update(changes)
        if self.test or not changes:
            return self._told(changes)
        if not os.path.isdir(self.name):
            return self._make()
        return self._change()

    # ---- what is in the way

    def _in_the_way(self):
        link = os.path.islink(self.name)
        return os.path.isfile(self.name) or link and (self.wanted['force'] or not self.wanted['allow_symlink'])

    def _move_away(self):
        """Make room for the folder; True if the return is complete.  :raises Failed: that is not wanted."""
        name, changes = self.name, self.ret['changes']
        if self.wanted['backupname'] is not None:
            return self._keep(self.wanted['backupname'])
        kind = 'File' if os.path.isfile(name) else 'Symlink'
        if not self.wanted['force']:
            raise Failed('Specified location %s exists and is a %s' % (name, kind.lower()))
        if self.test:
            changes['forced'] = '%s would be forcibly replaced' % kind
            return False
        os.remove(name)
        changes['forced'] = '%s was forcibly replaced' % kind
        return False

    def _keep(self, backup):
        name, changes = self.name, self.ret['changes']
        if os.path.lexists(backup):
            if not self.wanted['force']:
                raise Failed('File exists where the backup target %s should go' % backup)
            if self.test:
                changes['forced'] = 'Existing file at backup path %s would be removed' % backup
            else:
                self.functions['file.remove'](os.path.abspath(backup))
        if not self.test:
            os.rename(name, backup)
            return False
        changes['backup'] = '%s would be renamed to %s' % (name, backup)
        changes[name] = {'directory': 'new'}
        self.ret.update(result=None, comment='%s would be backed up and replaced with a new directory' % name)
        return True

    # ---- what is to be changed

    def _changes(self):
        """{path: {what: new value}}, the order in which comments show them."""
        changes = OrderedDict()
        if self.below or self.wanted['clean']:
            tree = list(walk(self.name, self.wanted['max_depth']))
        if self.below:
            for path, mode in self._children(tree):
                self._compare(changes, path, mode, *self._owners_below())
        if not self.wanted['children_only'] and os.path.isdir(self.name):
            self._compare(changes, self.name, self.dir_mode, self.user, self.group)
        if self.wanted['clean']:
            for where, folders, names in tree:
                for path in [os.path.join(where, one) for one in names + folders]:
                    if path not in self.keep and chosen(os.path.relpath(path, self.name), None, self.wanted['exclude_pat']):
                        changes[path] = {'removed': 'Removed due to clean'}
        if not os.path.isdir(self.name):
            changes[self.name] = {'directory': 'new'}
        return changes

    def _children(self, tree):
        """(path, mode) of all below the folder that is to be changed."""
        modes = 'mode' in self.below
        for where, folders, names in tree:
            if 'ignore_files' not in self.below:
                for one in names:
                    yield os.path.join(where, one), self.file_mode if modes else None
            if 'ignore_dirs' not in self.below:
                for one in folders:
                    yield os.path.join(where, one), self.dir_mode if modes else None

    def _owners_below(self):
        return (self.user if 'user' in self.below else None, self.group if 'group' in self.below else None)

    def _compare(self, changes, path, mode, user, group):
        found, differs = self.functions['file.stats'](path, None, self.follow), OrderedDict()
        for key, wanted, number in (('user', user, 'uid'), ('group', group, 'gid')):
            if wanted is not None and wanted not in (found.get(key), found.get(number)):
                differs[key] = wanted
        if mode is not None and mode != file_status.normal_mode(found.get('mode')) and found.get('type') != 'link':
            differs['mode'] = mode
        if differs:
            changes[path] = differs

    def _told(self, changes):
        if not changes:
            self.ret['comment'] = 'The directory %s is in the correct state' % self.name
            return self.ret
        lines = ['%s: %s - %s\n' % (path, key, changes[path][key]) for path in changes for key in changes[path]]
        self.ret.update(result=None, comment='The following files will be changed:\n' + ''.join(lines))
        return self.ret

    # ---- changing it

    def _make(self):
        folder = os.path.dirname(self.name)
        if not os.path.isdir(folder):
            if not self.wanted['makedirs']:
                raise Failed('No directory to create %s in' % self.name)
            self.functions['file.makedirs'](self.name, user=self.user, group=self.group, mode=self.dir_mode)
        self.functions['file.mkdir'](self.name, user=self.user, group=self.group, mode=self.dir_mode)
        if not os.path.isdir(self.name):
            raise Failed('Failed to create directory %s' % self.name)
        return self.ret

    def _perms(self, path, mode, user, group):
        self.ret, _ = self.functions['file.check_perms'](path, self.ret, user, group, mode, None, self.follow)

    def _change(self):
        ret = self.ret
        if not self.wanted['children_only']:
            self._perms(self.name, self.dir_mode, self.user, self.group)
        if self.below:
            self._targets()
            for path, mode in list(self._children(walk(self.name, self.wanted['max_depth']))):
                self._perms(path, mode, *self._owners_below())
            if 'silent' in self.below:
                self._silence()
        ret = self.ret
        if self.wanted['clean']:
            removed = state_file_clean.clean(self.name, self.keep, self.wanted['exclude_pat'], self.world)
            if removed:
                ret['changes']['removed'] = removed
                ret['comment'] = 'Files cleaned from directory %s' % self.name
        if not ret['comment']:
            shown = self.name + '/*' if self.wanted['children_only'] else self.name
            ret['comment'] = 'Directory %s updated' % shown
        return ret

    def _targets(self):
        """Note who is to own all below the folder but is not named."""
        for key, value in (('user', self.user), ('group', self.group)):
            if key in self.below and not value and not isinstance(value, int):
                failed(self.ret, '%s not specified, but configured as a target for recursive ownership management' % key)

    def _silence(self):
        changes = self.ret['changes']
        for path in [key for key in changes if key == self.name or key.startswith(self.name.rstrip('/') + '/')]:
            del changes[path]
        changes['recursion'] = 'Changes silenced'


def directory(name, wanted, world):
    """See the state file.directory; `wanted`: its other arguments by name."""
    name = os.path.expanduser(name)
    if not name:
        return new(name, 'Must provide name to file.directory', False)
    state = _Directory(name, wanted, world)
    try:
        return state.run()
    except Failed as exc:
        return failed(state.ret, text_of(exc))
