"""The working tree of a repository of git: branches, commits, changes (git.*). Repositories themselves: git."""
from __future__ import absolute_import, division, print_function

from minion.errors import SaltInvocationError
from minion.helpers import environment, gitcommand
from minion.helpers.gitcommand import folder as _folder, words as _words


__virtualname__ = 'git'
_KINDS = {'M': 'modified', 'A': 'new', 'D': 'deleted', '?': 'untracked', 'U': 'unmerged', 'R': 'renamed', 'C': 'copied'}


def __virtual__():
    if environment.which('git'):
        return __virtualname__
    return False, 'The git execution module cannot be loaded: git unavailable.'


def _said(argv, cwd, user, password, ignore_retcode, output_encoding, **more):
    return gitcommand.run(__salt__, argv, _folder(cwd), user, password, ignore_retcode, output_encoding, **more)['stdout']


def add(cwd, filename, opts='', git_opts='', user=None, password=None, ignore_retcode=False, output_encoding=None):
    """Stage a file for the next commit; what git says. CLI: git.add /path/to/repo foo/bar.py"""
    return _said(_words(git_opts) + ['add', '--verbose'] + _words(opts) + ['--', filename], cwd, user, password, ignore_retcode,
                 output_encoding)


def branch(cwd, name=None, opts='', git_opts='', user=None, password=None, ignore_retcode=False, output_encoding=None):
    """Make a branch, or what the options of `git branch` say; True. CLI: git.branch /path/to/repo mybranch"""
    _said(_words(git_opts) + ['branch'] + _words(opts) + ([name] if name is not None else []), cwd, user, password,
          ignore_retcode, output_encoding)
    return True


def checkout(cwd, rev=None, force=False, opts='', git_opts='', user=None, password=None, ignore_retcode=False,
             output_encoding=None):
    """Check out a branch or revision; what git says. CLI: git.checkout /path/to/repo somebranch"""
    options = _words(opts)
    if rev is None and not any(word in ('-b', '-B') for word in options):
        raise SaltInvocationError("'rev' argument is required unless -b or -B in opts")
    argv = _words(git_opts) + ['checkout'] + (['--force'] if force else []) + options + ([rev] if rev is not None else [])
    return _said(argv, cwd, user, password, ignore_retcode, output_encoding, merge=True)


def commit(cwd, message, opts='', git_opts='', user=None, password=None, filename=None, ignore_retcode=False,
           output_encoding=None):
    """Commit what is staged, or a file; what git says. CLI: git.commit /path/to/repo 'The commit message'"""
    argv = _words(git_opts) + ['commit', '-m', message] + _words(opts) + (['--', filename] if filename else [])
    return _said(argv, cwd, user, password, ignore_retcode, output_encoding)


def describe(cwd, rev='HEAD', user=None, password=None, ignore_retcode=False, output_encoding=None):
    """A name for a revision. CLI: git.describe /path/to/repo"""
    return _said(['describe', '--always', rev], cwd, user, password, ignore_retcode, output_encoding)


def diff(cwd, item1=None, item2=None, opts='', git_opts='', user=None, password=None, no_index=False, cached=False, paths=None,
         output_encoding=None):
    """The difference of two revisions, or of the working tree. CLI: git.diff /path/to/repo branch1 branch2"""
    if no_index and cached:
        raise SaltInvocationError("The 'no_index' and 'cached' options cannot be used together")
    argv = _words(git_opts) + ['diff'] + (['--cached'] if cached else []) + (['--no-index'] if no_index else [])
    argv += _words(opts) + [item for item in (item1, item2) if item]
    if paths:
        argv += ['--'] + (paths if isinstance(paths, list) else [one.strip() for one in str(paths).split(',')])
    return _said(argv, cwd, user, password, no_index, output_encoding, failhard=not no_index)


def discard_local_changes(cwd, path='.', user=None, password=None, ignore_retcode=False, output_encoding=None):
    """Take back changes that are not staged; what git says. CLI: git.discard_local_changes /path/to/repo"""
    return _said(['checkout', '--', path], cwd, user, password, ignore_retcode, output_encoding)


def merge(cwd, rev=None, opts='', git_opts='', user=None, password=None, identity=None, ignore_retcode=False,
          output_encoding=None, **kwargs):
    """Merge a revision; what git says. CLI: git.merge /path/to/repo otherbranch"""
    return _said(_words(git_opts) + ['merge'] + _words(opts) + ([rev] if rev else []), cwd, user, password, ignore_retcode,
                 output_encoding, identity=identity)


def merge_base(cwd, refs=None, octopus=False, is_ancestor=False, independent=False, fork_point=None, opts='', git_opts='',
               user=None, password=None, ignore_retcode=False, output_encoding=None, **kwargs):
    """The commit that revisions have in common; with is_ancestor whether the first comes before the second.

    CLI: git.merge_base /path/to/repo 'master,mybranch'
    """
    refs = refs if isinstance(refs, list) else [one.strip() for one in str(refs or '').split(',') if one.strip()]
    argv = _words(git_opts) + ['merge-base'] + _words(opts)
    argv += [word for word, wanted in (('--octopus', octopus), ('--is-ancestor', is_ancestor), ('--independent', independent))
             if wanted]
    argv += ['--fork-point', fork_point] if fork_point else []
    answer = gitcommand.run(__salt__, argv + refs, _folder(cwd), user, password, ignore_retcode, output_encoding,
                            failhard=not is_ancestor)
    if not is_ancestor:
        return answer['stdout']
    if answer['retcode'] and not ignore_retcode:
        __context__['retcode'] = answer['retcode']
    return answer['retcode'] == 0


def rebase(cwd, rev='master', opts='', git_opts='', user=None, password=None, ignore_retcode=False, output_encoding=None):
    """Put the commits of the branch onto another; what git says. CLI: git.rebase /path/to/repo master"""
    argv = _words(git_opts) + ['rebase'] + _words(opts) + _words(rev)
    return _said(argv, cwd, user, password, ignore_retcode, output_encoding)


def reset(cwd, opts='', git_opts='', user=None, password=None, identity=None, ignore_retcode=False, output_encoding=None):
    """What `git reset` says. CLI: git.reset /path/to/repo opts='--hard origin/master'"""
    return _said(_words(git_opts) + ['reset'] + _words(opts), cwd, user, password, ignore_retcode, output_encoding)


def rm(cwd, filename, opts='', git_opts='', user=None, password=None, ignore_retcode=False, output_encoding=None):
    """Remove a file; what git says. CLI: git.rm /path/to/repo foo/bar.py"""
    return _said(_words(git_opts) + ['rm'] + _words(opts) + ['--', filename], cwd, user, password, ignore_retcode,
                 output_encoding)


def stash(cwd, action='save', opts='', git_opts='', user=None, password=None, ignore_retcode=False, output_encoding=None):
    """What `git stash` says. CLI: git.stash /path/to/repo save opts='work in progress'"""
    return _said(_words(git_opts) + ['stash', action] + _words(opts), cwd, user, password, ignore_retcode, output_encoding)


def status(cwd, user=None, password=None, ignore_retcode=False, output_encoding=None):
    """Mapping of modified, new, deleted, untracked ... to lists of files. CLI: git.status /path/to/repo"""
    found = {}
    for row in _said(['status', '-z', '--porcelain'], cwd, user, password, ignore_retcode, output_encoding).split('\0'):
        kind = _KINDS.get(row.strip()[:1])
        if kind and len(row) > 3:
            found.setdefault(kind, []).append(row.strip().partition(' ')[2].strip())
    return found


def submodule(cwd, command, opts='', git_opts='', user=None, password=None, identity=None, ignore_retcode=False, saltenv='base',
              output_encoding=None, **kwargs):
    """What `git submodule` says. CLI: git.submodule /path/to/repo update opts='--init --recursive'"""
    return _said(_words(git_opts) + ['submodule', command] + _words(opts), cwd, user, password, ignore_retcode, output_encoding,
                 identity=identity, saltenv=saltenv)


def symbolic_ref(cwd, ref, value=None, opts='', git_opts='', user=None, password=None, ignore_retcode=False,
                 output_encoding=None):
    """The ref that a symbolic ref stands for, or let it stand for another. CLI: git.symbolic_ref /path/to/repo HEAD"""
    argv = _words(git_opts) + ['symbolic-ref'] + _words(opts) + [ref] + ([value] if value else [])
    return _said(argv, cwd, user, password, ignore_retcode, output_encoding)


def tag(cwd, name, ref='HEAD', message=None, opts='', git_opts='', user=None, password=None, ignore_retcode=False,
        output_encoding=None):
    """Make a tag; what git says. CLI: git.tag /path/to/repo v1.2 message='Version 1.2 tagged'"""
    argv = _words(git_opts) + ['tag'] + (['-m', message] if message else []) + _words(opts) + [name] + ([ref] if ref else [])
    return _said(argv, cwd, user, password, ignore_retcode, output_encoding)
