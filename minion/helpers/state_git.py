"""The state git.latest: a folder with a repository at a revision of a remote."""
from __future__ import absolute_import, division, print_function

import os
import re

from minion import compat
from minion.errors import CommandExecutionError
from minion.helpers.gitcommand import redacted, with_login


class Failed(Exception):
    """The state fails; the text says why."""


def is_repository(path, bare=False):
    """True if a folder holds a repository."""
    if bare:
        return all(os.path.exists(os.path.join(path, name)) for name in ('HEAD', 'objects', 'refs'))
    return os.path.exists(os.path.join(path, '.git'))


def checked_target(target, bare, force_clone):
    """'there', 'clone', or 'replace', what is to be done about a folder.  :raises Failed: nothing can."""
    if not compat.is_text(target) or not os.path.isabs(target):
        raise Failed("target '%s' is not an absolute path" % (target,))
    if os.path.isfile(target):
        raise Failed("Target '%s' exists and is a regular file, cannot proceed" % target)
    if is_repository(target, bare):
        return 'there'
    if not os.path.isdir(target) or not os.listdir(target):
        return 'clone'
    if force_clone:
        return 'replace'
    raise Failed("Target '%s' exists, is non-empty and is not a git repository. Set the 'force_clone' option to True to remove "
                 "this directory's contents and proceed with cloning the remote repository" % target)


class Wanted(object):
    """The revision of the remote: `commit`, `shown` (a text for comments), `upstream` (a branch to follow, or None)."""

    def __init__(self, refs, rev, remote):
        branch, tag = 'refs/heads/%s' % rev, 'refs/tags/%s' % rev
        self.upstream, self.rev = None, rev
        if rev == 'HEAD':
            self.commit, name = refs.get('HEAD'), 'remote HEAD'
        elif branch in refs:
            self.commit, name = refs[branch], '%s/%s' % (remote, rev)
            self.upstream = name
        elif tag in refs:
            self.commit, name = refs.get(tag + '^{}', refs[tag]), rev
        elif re.match(r'[0-9a-f]{40}\Z', rev):
            self.commit, name = rev, None
        else:
            self.commit = None
        if self.commit is None:
            raise Failed("No revision matching '%s' exists in the remote repository" % rev)
        self.short = self.commit[:7]
        self.shown = self.short if name is None else '%s (%s)' % (name, self.short)
        heads = sorted(name[11:] for name in refs if name.startswith('refs/heads/') and refs[name] == refs.get('HEAD'))
        self.default = 'master' if 'master' in heads else heads[0] if heads else None
        self.tags = set(name[10:] for name in refs if name.startswith('refs/tags/') and not name.endswith('^{}'))


class Latest(object):
    """One call of git.latest.

    :param dict given: its arguments by name.  :param functions: `__salt__`.
    """

    def __init__(self, given, functions, test):
        self.name, self.target, self.test = given['name'], given['target'], test
        self.given, self.functions = given, functions
        self.who = dict((key, given[key]) for key in ('user', 'password', 'output_encoding'))
        self.keys = dict(self.who, identity=given['identity'])
        self.bare = given['bare'] or given['mirror']
        self.comments, self.changes, self.on_branch = [], {}, True

    def call(self, function, *args, **kwargs):
        return self.functions['git.' + function](*args, **dict(self.who, **kwargs))

    def run(self):
        """(result, comment, changes).  :raises Failed, CommandExecutionError:"""
        given = self.given
        rev = given['rev']
        if not rev or not isinstance(rev, compat.string_types + (int, float)):
            raise Failed("'%s' is not a valid value for the 'rev' argument" % (rev,))
        if self.bare and rev != 'HEAD':
            raise Failed("'rev' is not compatible with the 'mirror' and 'bare' arguments")
        found = checked_target(self.target, self.bare, given['force_clone'])
        login = {'https_user': given['https_user'], 'https_pass': given['https_pass']}
        try:
            refs = self.functions['git.remote_refs'](self.name, ignore_retcode=False, **dict(self.keys, **login))
        except CommandExecutionError as exc:
            raise Failed('Failed to check remote refs: %s' % unwrapped(exc))
        self.url = with_login(self.name, given['https_user'], given['https_pass'])
        if self.bare:
            return self._bare(refs) if found == 'there' else self._cloned(found, None, refs)
        wanted = Wanted(refs, '%s' % rev, given['remote'])
        return self._updated(wanted) if found == 'there' else self._cloned(found, wanted, refs)

    # ---- cloning

    def _cloned(self, found, wanted, refs):
        name, target, given = redacted(self.name), self.target, self.given
        self.changes['new'] = '%s => %s' % (name, target)
        if found == 'replace':
            self.changes['forced clone'] = True
        if self.test:
            if found == 'replace':
                return None, ('Target directory %s exists. Since force_clone=True, the contents of %s would be deleted, and %s '
                              'would be cloned into this directory.' % (target, target, name)), self.changes
            return None, 'Repository %s would be cloned to %s' % (name, target), self.changes
        if found == 'replace':
            self.functions['file.remove'](target)
        opts = ['--mirror'] if given['mirror'] else ['--bare'] if given['bare'] else []
        opts += ['--origin', given['remote']] if given['remote'] != 'origin' and not given['mirror'] else []
        if given['depth']:
            opts += ['--depth', '%s' % given['depth']]
            opts += ['--branch', wanted.rev] if wanted is not None and wanted.rev != 'HEAD' else []
        url = 'file://' + self.url if given['depth'] and os.path.isabs(self.url) else self.url
        try:
            self.functions['git.clone'](target, url, opts=opts, **self.keys)
        except CommandExecutionError as exc:
            raise Failed('Clone failed: %s' % unwrapped(exc))
        kind = ' as mirror' if given['mirror'] else ' as bare repository' if given['bare'] else ''
        self.comments.append('%s cloned to %s%s' % (name, target, kind))
        new = refs.get('HEAD')
        if wanted is not None and wanted.commit is not None:
            self._start_at(wanted)
            new = self._head()
        self.changes['revision'] = {'new': new, 'old': None}
        self._submodules()
        return True, self.joined(), self.changes

    def joined(self):
        return '. '.join(self.comments) + ('.' if len(self.comments) > 1 else '')

    def _head(self):
        try:
            return self.call('revision', self.target, 'HEAD', ignore_retcode=True)
        except CommandExecutionError:                      # nothing was committed yet
            return None

    def _start_at(self, wanted):
        """Bring a new clone to what is wanted."""
        branch = self.given['branch']
        if branch and branch != self.call('current_branch', self.target, ignore_retcode=True):
            start = ['-B', branch] + (['--track', wanted.upstream] if wanted.upstream else ['--no-track', wanted.commit])
            self.call('checkout', self.target, opts=start, force=self.given['force_checkout'])
            self.comments.append("Branch '%s' checked out, with %s as a starting point" % (branch, wanted.shown))
            return
        if self._head() != wanted.commit:
            self.call('reset', self.target, opts=['--hard', wanted.commit])
            self.comments.append('Repository was reset to %s' % wanted.shown)
        self._follow(wanted)

    def _upstream(self):
        try:
            return self.call('rev_parse', self.target, '@{upstream}', opts=['--abbrev-ref'], ignore_retcode=True)
        except CommandExecutionError:                      # there is none
            return None

    def _follow(self, wanted):
        """Let the branch follow that of the remote which is wanted; HEAD leaves it as it is."""
        if wanted.rev == 'HEAD' or not self.on_branch:
            return
        current = self._upstream()
        if current == wanted.upstream:
            return
        said = 'unset' if not wanted.upstream else '%s to %s' % ('updated' if current else 'set', wanted.upstream)
        if self.test:
            self.comments.append('Tracking branch would be %s' % said)
            return
        self.call('branch', self.target, opts=['--set-upstream-to', wanted.upstream] if wanted.upstream
                  else ['--unset-upstream'])
        self.comments.append('Tracking branch was %s' % said)

    def detach(self):
        """(result, comment, changes) of git.detached."""
        given, target, name = self.given, self.target, redacted(self.name)
        self.url = with_login(self.name, given['https_user'], given['https_pass'])
        found, old = checked_target(target, False, given['force_clone']), None
        if found != 'there':
            if self.test:
                return None, 'Repository %s would be cloned to %s' % (name, target), {}
            if found == 'replace':
                self.functions['file.remove'](target)
            opts = ['--origin', given['remote']] if given['remote'] != 'origin' else []
            self.functions['git.clone'](target, self.url, opts=opts, **self.keys)
            self.comments.append('%s cloned to %s' % (name, target))
        else:
            old = self._head()
            commit = self._resolved()
            if commit == old and commit is not None and self.call('current_branch', target) == 'HEAD':
                return True, 'Already checked out at correct revision', {}
            if self.test:
                if given['fetch_remote']:
                    return None, 'Repository remote %s would be fetched' % given['remote'], {}
                return None, 'The revision %s would be checked out' % given['rev'], {}
            self._remote()
            if given['fetch_remote']:
                self.functions['git.fetch'](target, given['remote'], force=True, opts=['--tags'], **self.keys)
        return self._detached_at(old)

    def _resolved(self):
        for prefix in ('refs/remotes/%s/' % self.given['remote'], 'refs/tags/', ''):
            try:
                return self.call('rev_parse', self.target, '%s%s^{commit}' % (prefix, self.given['rev']),
                                 opts=['--quiet', '--verify'], ignore_retcode=True)
            except CommandExecutionError:
                continue
        return None

    def _detached_at(self, old):
        commit = self._resolved()
        if commit is None:
            raise Failed("Revision '%s' does not exist" % self.given['rev'])
        if self.given['hard_reset']:
            self.call('reset', self.target, opts=['--hard', 'HEAD'])
        self.call('checkout', self.target, commit, opts=['--detach'], force=self.given['force_checkout'])
        self._submodules()
        self.comments.append('Commit ID %s was checked out at %s' % (commit, self.target))
        return True, self.joined(), {'HEAD': {'old': old, 'new': commit}}

    def _submodules(self):
        if self.given['submodules'] and not self.bare:
            try:
                self.call('submodule', self.target, 'update', opts=['--init', '--recursive'], identity=self.keys['identity'])
            except CommandExecutionError as exc:
                raise Failed(compat.error_text(exc))

    # ---- what is there already

    def _bare(self, refs):
        before = self.call('ls_remote', self.target, '.')
        if self.test:
            if all(before.get(name) == refs[name] for name in refs):
                return True, 'Repository %s is up-to-date' % self.target, {}
            return None, 'Bare repository at %s would be fetched' % self.target, {}
        spec = '+refs/*:refs/*' if self.given['mirror'] else '+refs/heads/*:refs/heads/*'
        self.functions['git.fetch'](self.target, self.url, refspecs=[spec], opts=['--tags'], **self.keys)
        said = 'Bare repository at %s was fetched' % self.target
        if self.call('ls_remote', self.target, '.') != before:
            said += ', resulting in updated refs'
        return True, 'Repository %s is up-to-date\n\nChanges made: %s' % (self.target, said), {}

    def _updated(self, wanted):
        given, target = self.given, self.target
        head, branch = self._head(), self.call('current_branch', target, ignore_retcode=True)
        self.on_branch = branch != 'HEAD' or given['branch']
        elsewhere = given['branch'] and given['branch'] != branch
        base, self.has = head, self._has(wanted.commit)
        if elsewhere:
            known = given['branch'] in self.call('list_branches', target)
            base = self.call('revision', target, 'refs/heads/' + given['branch']) if known else wanted.commit
        forced = self.has and self._judged(wanted, base, branch)
        there = self.has
        self._remote()
        self._fetch(wanted)
        forced = forced if there else self._judged(wanted, base, branch)
        if not given['update_head'] and base != wanted.commit:
            return True, ('%s is already present and local HEAD (%s) does not match, but update_head=False. HEAD has not been '
                          'updated locally.' % (wanted.shown, (head or 'None')[:7])), {}
        if elsewhere:
            self._switch(wanted, known)
        self._move(wanted, base, forced)
        if head != wanted.commit:
            self.changes['revision'] = {'new': wanted.commit, 'old': head}
        self._submodules()
        if self.changes and set(self.changes) - set(['deleted_tags', 'new_tags']):
            return None if self.test else True, self.joined(), self.changes
        text = 'Repository %s is up-to-date' % target
        if self.comments:
            text += '\n\n%s: %s' % ('Changes that would be made' if self.test else 'Changes made', self.joined())
        return True, text, self.changes

    def _remote(self):
        remote, known = self.given['remote'], self.call('remotes', self.target, redact_auth=False)
        old = known.get(remote, {}).get('fetch')
        if old == self.url:
            return
        name = redacted(self.url)
        change = 'set to %s' % name if old is None else 'changed from %s to %s' % (redacted(old), name)
        self.comments.append("Remote '%s' %s%s" % (remote, 'would be ' if self.test else '', change))
        if old is None:
            self.changes['new'] = '%s => %s' % (name, remote)
        if not self.test:
            self.call('remote_set', self.target, self.url, remote)

    def _has(self, commit):
        try:
            self.call('rev_parse', self.target, commit + '^{commit}', opts=['--quiet', '--verify'], ignore_retcode=True)
        except CommandExecutionError:
            return False
        return True

    def _fetch(self, wanted):
        """Fetch what lacks, and bring the tags to those of the remote."""
        given = self.given
        remote, tags = given['remote'], set(self.call('list_tags', self.target))
        gone = sorted(tags - wanted.tags) if given['sync_tags'] and given['fetch_tags'] else []
        lacking = wanted.upstream and self._tracked(wanted.upstream) != wanted.commit
        if not self.has or lacking or given['fetch_tags'] and wanted.tags - tags:
            if self.test:
                self.comments.append("Remote '%s' would be fetched" % remote)
                return
            specs = ['refs/heads/%s:refs/remotes/%s/%s' % (given['refspec_branch'], remote, given['refspec_branch'])]
            opts = (['--tags'] if given['fetch_tags'] else []) + (['--depth', str(given['depth'])] if given['depth'] else [])
            try:
                self.functions['git.fetch'](self.target, remote, refspecs=['+' + spec for spec in specs], opts=opts,
                                            force=given['force_fetch'], **self.keys)
            except CommandExecutionError as exc:
                raise Failed('Fetch failed. %s' % unwrapped(exc))
            self.comments.append('%s was fetched, resulting in updated refs' % redacted(self.name))
            new = sorted(set(self.call('list_tags', self.target)) - tags)
            if new:
                self.changes['new_tags'] = new
            if not self._has(wanted.commit):
                raise Failed('Fetch did not successfully retrieve rev \'%s\' from %s' % (wanted.rev, redacted(self.name)))
            self.has = True
        if gone:
            self.changes['deleted_tags'] = gone
            said = 'would be' if self.test else 'were'
            self.comments.append('The following tags %s removed from the local checkout: %s' % (said, ', '.join(gone)))
            for name in gone if not self.test else ():
                self.call('tag', self.target, name, ref='', opts=['-d'])

    def _tracked(self, name):
        try:
            return self.call('rev_parse', self.target, 'refs/remotes/' + name, ignore_retcode=True)
        except CommandExecutionError:
            return None

    def _judged(self, wanted, base, branch):
        """True where the update has to be forced.  :raises Failed: it is not to be."""
        given, force = self.given, self.given['force_reset']
        self.dirty = bool(self.call('diff', self.target, 'HEAD')) if base is not None else False
        if base == wanted.commit or not given['update_head']:
            self.dirty = False
            return False
        ahead = base is None or not self.has or self.call('merge_base', self.target, refs=[base, wanted.commit],
                                                          is_ancestor=True, ignore_retcode=True)
        if (self.dirty or not ahead) and not force:
            raise Failed(self._refusal(wanted, base, branch))
        return not ahead or self.dirty

    def _refusal(self, wanted, base, branch):
        if self.dirty:
            text = ("Repository would be updated from %s to %s, but there are uncommitted changes. Set 'force_reset' to True "
                    "(or 'remote-changes') to force this update and discard these changes." % (base[:7], wanted.short))
        else:
            text = ("Repository would be updated to %s, but this is not a fast-forward merge. Set 'force_reset' to True to "
                    'force this update.' % wanted.short)
        if not self.given['branch']:
            if wanted.rev == 'HEAD' and wanted.default and wanted.default != branch:
                text += (" The default remote branch (%s) differs from the local branch (%s). This could be caused by changing "
                         'the default remote branch, or if the local branch was manually changed. Rather than forcing an '
                         "update, it may be advisable to set the 'branch' argument to '%s' instead. To ensure that this state "
                         "follows the '%s' branch instead of the remote HEAD, set the 'rev' argument to '%s'."
                         % (wanted.default, branch, wanted.default, wanted.default, wanted.default))
            elif wanted.rev not in ('HEAD', branch):
                text += (" The desired rev (%s) differs from the name of the local branch (%s), if the desired rev is a "
                         "branch name then a forced update could possibly be avoided by setting the 'branch' argument to '%s' "
                         'instead.'
                         % (wanted.rev, branch, wanted.rev))
        return text

    def _switch(self, wanted, known):
        branch = self.given['branch']
        said = "'%s' %s checked out" % (branch, 'would be' if self.test else 'was')
        if not known:
            said = 'New branch %s, with %s as a starting point' % (said, wanted.shown)
        self.comments.append(said)
        if not self.test:
            opts = [] if known else ['-b', branch] + (['--track', wanted.upstream] if wanted.upstream
                                                      else ['--no-track', wanted.commit])
            self.call('checkout', self.target, branch if known else None, force=self.given['force_checkout'], opts=opts)

    def _move(self, wanted, base, forced):
        """Bring the branch that is checked out to the wanted commit."""
        if base == wanted.commit:
            if not (self.given['branch'] and self.test):
                self._follow(wanted)
            return
        if forced:
            self.changes['forced update'] = True
        if self.test:
            how = 'Repository would be hard-reset to %s' % wanted.short if forced else (
                'Repository would be %s from %s to %s' % ('fast-forwarded' if self.has else 'updated', (base or '')[:7],
                                                          wanted.short))
            self.comments.append(how)
            self._follow(wanted)
            return
        if forced:
            if self.dirty:
                self.comments.append('Uncommitted changes were discarded')
            self.call('reset', self.target, opts=['--hard', wanted.commit])
            self.comments.append('Repository was hard-reset to %s' % wanted.shown)
            self._follow(wanted)
            return
        self._follow(wanted)
        self.call('merge', self.target, wanted.commit, opts=['--ff-only'])
        self.comments.append('Repository was fast-forwarded to %s' % wanted.shown)


def unwrapped(error):
    """What git said, without the command that it was told."""
    text = compat.to_native(compat.error_text(error))
    return re.sub(r"\ACommand 'git .*?' failed: ", '', text, flags=re.DOTALL)
