"""Bringing owner, mode and attributes of a path to what is wanted (file.check_perms), and making folders and devices.

`host` is what the module knows: see file_host.Host.
"""
from __future__ import absolute_import, division, print_function

import errno
import os
import re
import stat

from minion import compat
from minion.errors import SaltInvocationError
from minion.helpers import environment, file_open, file_selinux, file_status
from minion.helpers.file_accounts import group_to_gid, user_to_uid
from minion.helpers.file_paths import absolute, expand
from minion.helpers.file_status import normal_mode

ATTRIBUTES = 'aAcCdDeijPsStTu'


# ---- attributes of file systems

def lsattr(path, host):
    """See file.lsattr."""
    if environment.which('lsattr') is None:
        return None
    if isinstance(path, compat.integer_types + (float, type(None))) or isinstance(path, (list, dict)):
        raise TypeError('stat: path should be string, bytes, os.PathLike or integer, not %s' % type(path).__name__)
    if not os.path.exists(path):
        raise SaltInvocationError('File or directory does not exist: %s' % path)
    text = host.functions['cmd.run'](['lsattr', path], ignore_retcode=True, python_shell=False)
    found = {}
    for line in text.splitlines():
        words = line.split(None, 1)
        if len(words) == 2 and not line.startswith('lsattr: '):
            found[words[1]] = re.findall('[%s]' % ATTRIBUTES, words[0])
    return found


def chattr(paths, wanted, host):
    """See file.chattr."""
    operator, attributes = wanted.get('operator'), wanted.get('attributes')
    if operator not in ('add', 'remove'):
        raise SaltInvocationError("Need an operator: 'add' or 'remove' to modify attributes.")
    if attributes is None:
        raise SaltInvocationError('Need attributes: [%s]' % ATTRIBUTES)
    argv = ['chattr', '%s%s' % ('+' if operator == 'add' else '-', attributes)]
    flags = ''.join(flag for flag in wanted.get('flags') or '' if flag in 'RVf')
    argv += ['-' + flags] if flags else []
    argv += ['-v', compat.to_native(compat.shown(wanted['version']))] if wanted.get('version') else []
    return not host.functions['cmd.run'](argv + list(paths), python_shell=False)


def has_attributes(path, wanted, host):
    """True if a path has exactly these attributes (letters; e is that of the file system), or none can be told."""
    listed = lsattr(path, host)
    if not listed or path not in listed:
        return True
    return set(wanted) - set('e') == set(listed[path]) - set('e')


# ---- check_perms

class _Check(object):
    """One path that is compared with what is wanted, and changed unless the minion only tests."""

    def __init__(self, name, ret, follow, host):
        self.name, self.follow, self.host = name, follow, host
        self.test = bool(host.opts.get('test'))
        self.ret = ret or {'name': name, 'changes': {}, 'comment': [], 'result': True}
        self.before = self.ret['comment'] if ret else ''
        self.ret['comment'] = []
        self.perms = {}

    def now(self):
        return file_status.stats(self.name, follow_symlinks=self.follow)

    def fail(self, *texts):
        self.ret['result'] = False
        self.ret['comment'].extend(texts)

    def owners(self, user, group, found):
        """Change user and group."""
        change = {}
        for kind, wanted, number, name in (('user', user, 'uid', 'user'), ('group', group, 'gid', 'group')):
            self.perms['l' + kind] = found[number] if isinstance(wanted, int) else found[name]
            if wanted and wanted != self.perms['l' + kind] and not self._same_number(kind, wanted, found[number]):
                change[kind] = self.perms['c' + kind] = wanted
        if not change:
            return
        if self.test:
            self.ret['changes'].update(change)
            return
        self._chown(change.get('user', ''), change.get('group', ''))
        after = self.now()
        for kind, number in (('user', 'uid'), ('group', 'gid')):
            if kind in change:
                wanted = change[kind]
                if wanted in (after[kind], after[number]) or self._same_number(kind, wanted, after[number]):
                    self.ret['changes'][kind] = wanted
                else:
                    self.fail('Failed to change %s to %s' % (kind, wanted))

    @staticmethod
    def _same_number(kind, wanted, number):
        return (user_to_uid if kind == 'user' else group_to_gid)(wanted) == number

    def _chown(self, user, group):
        change = file_status.lchown if os.path.islink(self.name) and not self.follow else file_status.chown
        try:
            wrong = change(self.name, user, group)
        except (OSError, TypeError) as exc:
            wrong = compat.error_text(exc)
        if wrong:
            self.fail(wrong)

    def mode(self, mode, found):
        """Change the mode; links have none."""
        self.perms['lmode'] = found['mode']
        if mode is None or found['type'] == 'link' and not self.follow:
            return
        mode = normal_mode(mode)
        if mode == self.now()['mode']:
            if mode != found['mode']:                   # a new owner took bits away, and so they were wanted
                self.perms['cmode'] = mode
            return
        self.perms['cmode'] = mode
        if not self.test:
            file_status.set_mode(self.name, mode)
            if self.now()['mode'] != mode:
                self.fail('Failed to change mode to %s' % mode)
                return
        self.ret['changes']['mode'] = mode

    def attributes(self, wanted):
        """Change the attributes of the file system."""
        if wanted is None or self.ret.get('name') is None or os.path.islink(self.name) and not self.follow:
            return
        try:
            listed = lsattr(self.name, self.host)
        except SaltInvocationError:
            listed = None
        if listed is None or self.name not in listed and os.path.isfile(self.name):
            return
        have = set(listed.get(self.name, ()))
        add, drop = set(wanted) - have, have - set(wanted) - set('e')
        if wanted and (add or drop):
            old = ''.join(listed.get(self.name, ()))
            if not self.test:
                self._change_attributes(add, drop)
            self.ret['changes']['attrs'] = {'old': old, 'new': wanted}

    def _change_attributes(self, add, drop):
        for operator, names in (('add', add), ('remove', drop)):
            if names:
                chattr([self.name], {'operator': operator, 'attributes': ''.join(sorted(names))}, self.host)

    def result(self):
        """(ret, perms), the comments joined to what was there."""
        if compat.is_text(self.before):
            parts = ([self.before] if self.before else []) + self.ret['comment']
            self.ret['comment'] = '; '.join(parts)
        if self.test and self.ret['result'] is True and self.ret['changes']:
            self.ret['result'] = None
        return self.ret, self.perms


def check_perms(name, ret, user, group, mode, attrs, follow_symlinks, selinux, host):
    """See file.check_perms; `selinux`: (user, role, type, range), each a text or None."""
    name = expand(name)
    check = _Check(name, ret, follow_symlinks, host)
    found = check.now()
    check.owners(user, group, found)
    check.mode(mode, found)
    check.attributes(attrs)
    if any(selinux):
        file_selinux.check(check, selinux)
    return check.result()


# ---- folders

def make_folder(name, user, group, mode, host):
    """Make a folder and its missing parents, all with this owner and mode (octal digits or their number, or None)."""
    name = expand(name)
    head, tail = os.path.split(name)
    if not tail:
        head, tail = os.path.split(head)
    if head and tail and not os.path.exists(head):
        make_folder(head, user, group, mode, host)
    os.mkdir(name)
    os.chmod(name, file_open.FOLDER_MODE)
    check_perms(name, None, user, group, int(mode) if mode else None, None, False, (), host)


def mkdir(path, user, group, mode, host):
    """See file.mkdir."""
    path = expand(path)
    folder = os.path.normpath(path)
    if not os.path.isdir(folder):
        make_folder(folder, user, group, mode, host)
    return True


def makedirs(path, user, group, mode, host):
    """See file.makedirs."""
    path = expand(path)
    if mode:
        mode = normal_mode(mode)
    folder = os.path.normpath(os.path.dirname(path))
    if os.path.isdir(folder):
        return "Directory '%s' already exists" % folder
    if os.path.exists(folder):
        return "The path '%s' already exists and is not a directory" % folder
    missing = []
    while not os.path.isdir(folder):
        missing.append(folder)
        above = os.path.dirname(folder)
        if above == folder:
            raise SaltInvocationError("Recursive creation for path '%s' would result in an infinite loop. Please use an "
                                      'absolute path.' % folder)
        folder = above
    for folder in reversed(missing):
        mkdir(folder, user, group, mode, host)
    return None


# ---- devices

_NODES = {'c': (stat.S_IFCHR, 'Character device'), 'b': (stat.S_IFBLK, 'Block device'), 'p': (stat.S_IFIFO, 'Fifo pipe')}


def make_node(name, kind, number, user, group, mode, host):
    """Make a device or pipe.  :param str kind: c, b or p.  :param tuple number: (major, minor)."""
    name = expand(name)
    ret = {'name': name, 'changes': {}, 'comment': '', 'result': False}
    flag, what = _NODES[kind]
    if os.path.lexists(name):
        ret['comment'] = 'File %s exists and cannot be overwritten' % name
        return ret
    for one in number:
        if not isinstance(one, int):
            raise TypeError("'%s' object cannot be interpreted as an integer" % type(one).__name__)
    if host.opts.get('test'):
        ret.update(result=None, changes={'new': '%s %s created.' % (what, name)})
        return ret
    try:
        if kind == 'p':
            os.mkfifo(name, 0o600)
        else:
            os.mknod(name, 0o600 | flag, os.makedev(*number))
    except OSError as exc:
        if exc.errno != errno.EEXIST:
            raise
        ret['comment'] = 'File %s exists and cannot be overwritten' % name
        return ret
    ret.update(result=True, changes={'new': '%s %s created.' % (what, name)})
    check_perms(name, None, user, group, int(mode) if mode else None, None, False, (), host)
    return ret


def mknod(name, ntype, number, user, group, mode, host):
    """See file.mknod."""
    name = expand(name)
    if ntype not in _NODES:
        raise SaltInvocationError("Node type unavailable: '%s'. Available node types are character ('c'), block ('b'), "
                                  "and pipe ('p')." % (ntype,))
    folder = os.path.dirname(absolute(name, 'Path to file must be absolute.'))
    if not os.path.isdir(folder):
        makedirs(name, user, group, None, host)
    return make_node(name, ntype, number, user, group, mode, host)
