"""The state file.recurse: a folder of the file server, file by file."""
from __future__ import absolute_import, division, print_function

import os

from minion import compat
from minion.helpers import file_status, salturl, state_file_clean
from minion.helpers.state_file import Failed, check, chosen, failed, new, owner, text_of
from minion.helpers.state_file_folder import directory
from minion.helpers.state_file_link import symlink
from minion.helpers.state_file_managed import managed, normal_mode

# the arguments of file.managed that have another value than None if they are not given
MANAGED = {'source_hash': '', 'keep_source': True, 'makedirs': False, 'replace': True, 'backup': '', 'show_changes': True,
           'create': True, 'tmp_ext': '', 'contents_newline': True, 'contents_delimiter': ':', 'encoding_errors': 'strict',
           'allow_empty': True, 'follow_symlinks': True, 'skip_verify': False, 'verify_ssl': True, 'use_etag': False,
           'ignore_ordering': False, 'ignore_whitespace': False, 'new_file_diff': False, 'sig_backend': 'gpg'}
_OTHERS = ('source', 'source_hash_name', 'user', 'group', 'mode', 'attrs', 'template', 'dir_mode', 'context', 'defaults',
           'contents', 'tmp_dir', 'contents_pillar', 'contents_grains', 'encoding', 'check_cmd', 'selinux', 'signature',
           'source_hash_sig', 'signed_by_any', 'signed_by_all', 'keyring', 'gnupghome', 'ignore_comment_characters')
_DIRECTORY = {'recurse': None, 'max_depth': None, 'file_mode': None, 'makedirs': True, 'clean': False, 'require': None,
              'exclude_pat': None, 'follow_symlinks': False, 'force': False, 'backupname': None, 'allow_symlink': True,
              'children_only': False, 'kwargs': {}}
_SYMLINK = {'backupname': None, 'makedirs': True, 'atomic': False, 'disallow_copy_and_unlink': False, 'kwargs': {},
            'inherit_user_and_group': False, 'follow_symlinks': True}


class Tree(object):
    """What of a folder of the file server belongs where: `folders`, `files` {path: address}, `links` {path: target}."""

    def __init__(self, name, source, wanted, world):
        self._name, self._wanted = name, wanted
        self.folders, self.files, self.links = set(), {}, {}
        path, env = salturl.split_env(source)
        self._env, self._functions = env or world.saltenv, world.functions
        self._top = salturl.relative(path).rstrip('/')
        prefix = self._top + '/' if self._top else ''
        self._listed = [path for path in self._functions['cp.list_master'](self._env, prefix) if path.startswith(prefix)]
        self._folders = [path for path in self._functions['cp.list_master_dirs'](self._env, prefix)
                         if (path.rstrip('/') + '/').startswith(prefix)]
        self.exists = bool(self._listed) or any(self._relative(one) == '.' for one in self._folders)
        links = self._functions['cp.list_master_symlinks'](self._env, prefix) if wanted['keep_symlinks'] else {}
        self._take(links)

    def _relative(self, path):
        return os.path.relpath(path, self._top or '.')

    def _taken(self, path):
        relative, depth = self._relative(path), self._wanted['maxdepth']
        if depth is not None and relative.count('/') > depth:
            return False
        return chosen(relative, self._wanted['include_pat'], self._wanted['exclude_pat'])

    def _take(self, links):
        for path in links:
            if self._taken(path):
                self.links[self._place(path)] = links[path]
        for path in self._listed:
            if self._taken(path) and not any(path == link or path.startswith(link.rstrip('/') + '/') for link in links):
                place = self._place(path)
                self.files[place] = salturl.create(path, self._env)
                self.folders.add(os.path.dirname(place))
        if self._wanted['include_empty']:
            self.folders.update(self._place(path) for path in self._folders
                                if self._taken(path) and path.rstrip('/') not in links)

    def _place(self, path):
        """Where below the folder a path of the file server belongs.  :raises CommandExecutionError: elsewhere."""
        relative = self._relative(path)
        if relative != '.':
            salturl.inside(self._name, relative)
        return os.path.join(self._name, relative)

    def all(self):
        """All paths that belong into the folder."""
        return [os.path.normpath(path) for path in list(self.folders) + list(self.files) + list(self.links)]


class _Recurse(object):
    """One call of file.recurse; `wanted`: its arguments by name."""

    def __init__(self, name, wanted, world):
        self.name, self.wanted, self.world = name, wanted, world
        self.ret, self.comments = new(name), []
        self.user, self.group = owner(wanted['user'], wanted['kwargs']), wanted['group']
        self.test = world.opts['test']

    def run(self):
        """What file.recurse returns.  :raises Failed:"""
        wanted = self.wanted
        if 'mode' in wanted['kwargs']:
            raise Failed("'mode' is not allowed in 'file.recurse'. Please use 'file_mode' and 'dir_mode'.")
        self.file_mode, keep = normal_mode(wanted['file_mode'])
        self.file_mode = 'keep' if keep else self.file_mode
        self.dir_mode = file_status.normal_mode(wanted['dir_mode'])
        check(self.name, self.user, self.group, self.world)
        trees = self._trees()
        self._folder()
        for tree in trees:
            self._bring(tree)
        if wanted['clean']:
            self._clean(trees)
        return self._said()

    def _trees(self):
        """The Tree of the first source that is there, or of all that are there.  :raises Failed: none is."""
        sources = self.wanted['source']
        trees = []
        for source in sources if isinstance(sources, list) else [sources]:
            if not compat.is_text(source) or not source.startswith(salturl.SCHEME):
                raise Failed("Recurse failed: Invalid source '%s' (must be a salt:// URI)" % (source,))
            if not trees or self.wanted['merge']:
                tree = Tree(self.name, compat.to_native(source), self.wanted, self.world)
                trees += [tree] if tree.exists else []
        if not trees:
            raise Failed('Recurse failed: none of the specified sources were found')
        return trees

    def _folder(self):
        if os.path.isdir(self.name):
            return
        if os.path.lexists(self.name):
            raise Failed('The path %s exists and is not a directory' % self.name)
        if not self.test:
            self.world.functions['file.makedirs_perms'](self.name, self.user, self.group, self.dir_mode)

    def _bring(self, tree):
        for path in sorted(tree.folders):
            self._one(path, self._make_folder)
        for path in sorted(tree.files):
            self._one(path, self._make_file, tree.files[path])
        for path in sorted(tree.links):
            self._one(path, self._make_link, tree.links[path])

    def _one(self, path, make, *args):
        """Add the return of one path to ours."""
        try:
            ret = make(path, *args)
        except EnvironmentError as exc:
            ret = new(path, text_of(exc), False)
        if ret['result'] is False or self.ret['result'] is True:
            self.ret['result'] = ret['result']
        if ret['result'] is not True and ret['comment']:
            self.comments.append((path, ret['comment']))
        if ret['changes']:
            self.ret['changes'][path] = ret['changes']

    def _make_folder(self, path):
        if self.wanted['clean'] and os.path.lexists(path) and not os.path.isdir(path):
            if self.test:
                return new(path, 'Replacing %s with a directory' % path, None)
            self.world.functions['file.remove'](path)
        return directory(path, dict(_DIRECTORY, user=self.user, group=self.group, dir_mode=self.dir_mode), self.world)

    def _make_file(self, path, source):
        wanted = self.wanted
        if wanted['clean'] and wanted['replace'] and os.path.isdir(path) and not os.path.islink(path):
            if self.test:
                return new(path, 'Replacing directory %s with a file' % path, None)
            self.world.functions['file.remove'](path)
        given = dict(dict.fromkeys(_OTHERS), **MANAGED)
        more = wanted['kwargs']
        given.update((key, more[key]) for key in more if key in given and key not in ('mode', 'makedirs'))
        given.update((key, wanted[key]) for key in ('keep_source', 'template', 'context', 'defaults', 'replace', 'backup'))
        given.update(source=source, user=self.user, group=self.group, mode=self.file_mode, makedirs=True, kwargs={})
        return managed(path, given, self.world)

    def _make_link(self, path, target):
        given = dict(_SYMLINK, target=target, force=self.wanted['force_symlinks'], user=self.user, group=self.group,
                     mode=self.wanted['sym_mode'])
        return symlink(path, given, self.world)

    def _clean(self, trees):
        keep = set(path for tree in trees for path in tree.all())
        keep = state_file_clean.parents(keep, self.name) | state_file_clean.kept(self.name, self.wanted['require'], self.world)
        removed = state_file_clean.clean(self.name, keep, self.wanted['exclude_pat'], self.world)
        if not removed:
            return
        if not self.test:
            self.ret['changes']['removed'] = removed
            return
        self.ret['result'] = None if self.ret['result'] else self.ret['result']
        self.comments.append(('removed', '\n'.join(removed)))

    def _said(self):
        ret = self.ret
        ret['comment'] = '\n'.join('\n#### %s ####\n%s' % pair for pair in self.comments).strip()
        if not ret['comment']:
            ret['comment'] = 'Recursively updated %s' % self.name
            if not ret['changes'] and ret['result']:
                ret['comment'] = 'The directory %s is in the correct state' % self.name
        return ret


def recurse(name, wanted, world):
    """See the state file.recurse; `wanted`: its other arguments by name."""
    state = _Recurse(os.path.expanduser(name), wanted, world)
    try:
        return state.run()
    except Failed as exc:
        return failed(state.ret, text_of(exc))
