"""Archives, trial merges and further working trees of a repository of git (git.*)."""
from __future__ import absolute_import, division, print_function

import os

from minion.errors import CommandExecutionError, SaltInvocationError
from minion.helpers import environment, gitcommand
from minion.helpers.gitcommand import folder as _folder, words as _words

__virtualname__ = 'git'


def __virtual__():
    if environment.which('git'):
        return __virtualname__
    return False, 'The git execution module cannot be loaded: git unavailable.'


def _said(argv, cwd, user, password, ignore_retcode, output_encoding, **more):
    return gitcommand.run(__salt__, argv, _folder(cwd), user, password, ignore_retcode, output_encoding, **more)['stdout']


def _only(keywords, *known):
    """The values of these keywords.  :raises SaltInvocationError: there are others."""
    wrong = ['%s=%s' % (name, keywords[name]) for name in sorted(keywords) if not name.startswith('__') and name not in known]
    if wrong:
        raise SaltInvocationError('The following keyword arguments are not valid: %s' % ', '.join(wrong))
    return [keywords.get(name) for name in known]


def archive(cwd, output, rev='HEAD', prefix=None, git_opts='', user=None, password=None, ignore_retcode=False,
            output_encoding=None, **kwargs):
    """Write a revision into an archive. prefix: of the names in it, else that of the folder; format: tar, zip ..., else by the
    name of the file. CLI: git.archive /path/to/repo /path/to/archive.tar.gz
    """
    wanted, = _only(kwargs, 'format')
    prefix = os.path.basename(_folder(cwd).rstrip('/')) + os.sep if prefix is None else prefix
    argv = _words(git_opts) + ['archive'] + (['--prefix', prefix] if prefix else [])
    argv += (['--format', wanted] if wanted else []) + ['--output', output, rev]
    _said(argv, cwd, user, password, ignore_retcode, output_encoding)
    return True


def merge_tree(cwd, ref1, ref2, base=None, user=None, password=None, ignore_retcode=False, output_encoding=None):
    """What a merge of two revisions would change; nothing is merged. base: what they have in common.

    CLI: git.merge_tree /path/to/repo topic1 topic2
    """
    if base is None:
        try:
            base = _said(['merge-base', ref1, ref2], cwd, user, password, ignore_retcode, output_encoding)
        except CommandExecutionError:
            raise CommandExecutionError('Unable to determine merge base for %s and %s' % (ref1, ref2))
    return _said(['merge-tree', base, ref1, ref2], cwd, user, password, ignore_retcode, output_encoding)


def worktree_add(cwd, worktree_path, ref=None, reset_branch=None, force=None, detach=False, opts='', git_opts='', user=None,
                 password=None, ignore_retcode=False, output_encoding=None, **kwargs):
    """Make a further working tree; what git says. branch: its new branch, else one of the name of the folder.

    ref: where it begins. reset_branch: also if the branch is there. detach: without a branch.
    CLI: git.worktree_add /path/to/repo/main ../hotfix ref=origin/main
    """
    branch, = _only(kwargs, 'branch')
    if branch and detach:
        raise SaltInvocationError("Only one of 'branch' and 'detach' is allowed")
    argv = _words(git_opts) + ['worktree', 'add']
    if detach:
        argv.append('--detach')
    else:
        argv += ['-B' if reset_branch else '-b', branch or os.path.basename(worktree_path)]
    argv += (['--force'] if force else []) + _words(opts) + [worktree_path] + ([ref] if ref else [])
    return _said(argv, cwd, user, password, ignore_retcode, output_encoding, merge=True)


def worktree_prune(cwd, dry_run=False, verbose=True, expire=None, opts='', git_opts='', user=None, password=None,
                   ignore_retcode=False, output_encoding=None):
    """Forget working trees whose folders are gone; what git says. dry_run: only tell. CLI: git.worktree_prune /path/to/repo"""
    argv = _words(git_opts) + ['worktree', 'prune'] + (['--dry-run'] if dry_run else []) + (['--verbose'] if verbose else [])
    argv += (['--expire', expire] if expire else []) + _words(opts)
    return _said(argv, cwd, user, password, ignore_retcode, output_encoding, merge=True)


def list_worktrees(cwd, stale=False, user=None, password=None, output_encoding=None, **kwargs):
    """{path: {HEAD, branch, detached, stale, and the tags of a detached one}} of the working trees whose folders are there.

    stale: of those whose folders are gone; all: of both. CLI: git.list_worktrees /path/to/repo
    """
    everything, = _only(kwargs, 'all')
    if everything and stale:
        raise CommandExecutionError("'all' and 'stale' cannot both be set to True")
    who = user, password, False, output_encoding
    found = {}
    for block in _said(['worktree', 'list', '--porcelain'], cwd, *who).split('\n\n'):
        rows = dict(line.partition(' ')[::2] for line in block.splitlines())
        gone = not os.path.isdir(rows.get('worktree', ''))
        if 'HEAD' in rows and (everything or gone == bool(stale)):          # a bare repository has none
            found[rows['worktree']] = _tree(rows, gone, lambda commit: _said(['tag', '--points-at', commit], cwd, *who))
    return found


def _tree(rows, gone, tags_at):
    tree = {'HEAD': rows.get('HEAD'), 'branch': None, 'detached': 'detached' in rows, 'stale': gone}
    if rows.get('branch'):
        tree['branch'] = rows['branch'].split('/', 2)[-1]
    tags = tags_at(rows['HEAD']).splitlines() if tree['detached'] else []
    return dict(tree, tags=sorted(tags)) if tags else tree


def worktree_rm(cwd, user=None, output_encoding=None):
    """Remove the folder of a further working tree; True. CLI: git.worktree_rm /path/to/worktree"""
    path = _folder(cwd)
    if not os.path.exists(path):
        raise CommandExecutionError('%s does not exist' % path)
    if not __salt__['git.is_worktree'](path, user=user, output_encoding=output_encoding):
        raise CommandExecutionError('%s is not a git worktree' % path)
    return bool(__salt__['file.remove'](path))
