"""Repositories of git: making and fetching them, what they have, remotes and settings (git.*). The working tree: git_work."""
from __future__ import absolute_import, division, print_function

import os

from minion import compat
from minion.errors import CommandExecutionError, SaltInvocationError
from minion.helpers import environment, gitcommand
from minion.helpers.gitcommand import folder as _folder, words as _words


def __virtual__():
    if environment.which('git'):
        return True
    return False, 'The git execution module cannot be loaded: git unavailable.'


def _run(argv, cwd, user, password, ignore_retcode, output_encoding, **more):
    return gitcommand.run(__salt__, argv, cwd if cwd is None else _folder(cwd), user, password, ignore_retcode, output_encoding,
                          **more)


def _said(*args, **more):
    return _run(*args, **more)['stdout']


def version(versioninfo=False):
    """The version of git, as a text, or as a list of numbers. CLI: git.version"""
    words_ = _said(['--version'], None, None, None, False, None).split()
    found = next((word for word in words_ if word[:1].isdigit()), '')
    return [int(part) if part.isdigit() else part for part in found.split('.')] if versioninfo else found


# ---- making and fetching

def init(cwd, bare=False, template=None, separate_git_dir=None, shared=None, opts='', git_opts='', user=None, password=None,
         ignore_retcode=False, output_encoding=None):
    """Make an empty repository; what git says. CLI: git.init /path/to/repo bare=True"""
    argv = _words(git_opts) + ['init'] + (['--bare'] if bare else [])
    argv += ['--template=%s' % template] if template is not None else []
    argv += ['--separate-git-dir=%s' % separate_git_dir] if separate_git_dir is not None else []
    if shared is not None:
        argv += ['--shared'] if shared is True else ['--shared=%s' % shared] if shared is not False else []
    return _said(argv + _words(opts) + [_folder(cwd)], None, user, password, ignore_retcode, output_encoding)


def clone(cwd, url=None, name=None, opts='', git_opts='', user=None, password=None, identity=None, https_user=None,
          https_pass=None, ignore_retcode=False, saltenv='base', output_encoding=None):
    """Copy a repository to the folder `cwd`, or to `name` below it; True. identity: key for ssh.

    CLI: git.clone /path/to/repo https://example.com/repo.git
    """
    cwd = _folder(cwd)
    if not url:
        raise SaltInvocationError("Missing 'url' argument")
    target = os.path.join(cwd, name) if name else cwd
    argv = _words(git_opts) + ['clone'] + _words(opts) + ['--', gitcommand.with_login(url, https_user, https_pass), target]
    _run(argv, None, user, password, ignore_retcode, output_encoding, identity=identity, saltenv=saltenv)
    return True


def fetch(cwd, remote=None, force=False, refspecs=None, opts='', git_opts='', user=None, password=None, identity=None,
          ignore_retcode=False, saltenv='base', output_encoding=None):
    """Fetch from a remote; mapping of kinds of changes to what changed. CLI: git.fetch /path/to/repo upstream"""
    argv = _words(git_opts) + ['fetch'] + (['--force'] if force else []) + _words(opts) + ([remote] if remote else [])
    if refspecs is not None:
        argv += refspecs if isinstance(refspecs, list) else [one.strip() for one in str(refspecs).split(',')]
    answer = _run(argv, cwd, user, password, ignore_retcode, output_encoding, identity=identity, saltenv=saltenv, merge=True)
    return gitcommand.fetched(answer['stdout'])


def pull(cwd, opts='', git_opts='', user=None, password=None, identity=None, ignore_retcode=False, saltenv='base',
         output_encoding=None):
    """Fetch and merge; what git says. CLI: git.pull /path/to/repo opts='--rebase origin master'"""
    return _said(_words(git_opts) + ['pull'] + _words(opts), cwd, user, password, ignore_retcode, output_encoding,
                 identity=identity, saltenv=saltenv)


def push(cwd, remote=None, ref=None, opts='', git_opts='', user=None, password=None, identity=None, ignore_retcode=False,
         saltenv='base', output_encoding=None, **kwargs):
    """Push a ref to a remote; what git says. CLI: git.push /path/to/repo origin issue21"""
    return _said(_words(git_opts) + ['push'] + _words(opts) + [remote, ref], cwd, user, password, ignore_retcode,
                 output_encoding, identity=identity, saltenv=saltenv)


# ---- what is there

def is_worktree(cwd, user=None, password=None, output_encoding=None):
    """True if a folder is a further working tree of a repository. CLI: git.is_worktree /path/to/repo"""
    path = os.path.join(_folder(cwd), '.git')
    if not os.path.isfile(path):
        return False
    found = _run(['rev-parse', '--git-dir'], cwd, user, password, True, output_encoding, failhard=False)
    return found['retcode'] == 0 and '/worktrees/' in found['stdout']


def rev_parse(cwd, rev=None, opts='', git_opts='', user=None, password=None, ignore_retcode=False, output_encoding=None):
    """What `git rev-parse` says. CLI: git.rev_parse /path/to/repo HEAD"""
    return _said(_words(git_opts) + ['rev-parse'] + _words(opts) + ([rev] if rev is not None else []), cwd, user, password,
                 ignore_retcode, output_encoding)


def revision(cwd, rev='HEAD', short=False, user=None, password=None, ignore_retcode=False, output_encoding=None):
    """The commit that a revision is. CLI: git.revision /path/to/repo mybranch"""
    return _said(['rev-parse'] + (['--short'] if short else []) + [rev], cwd, user, password, ignore_retcode, output_encoding)


def current_branch(cwd, user=None, password=None, ignore_retcode=False, output_encoding=None):
    """The branch that is checked out, '' or HEAD for none. CLI: git.current_branch /path/to/repo"""
    return _said(['rev-parse', '--abbrev-ref', 'HEAD'], cwd, user, password, ignore_retcode, output_encoding)


def list_branches(cwd, remote=False, user=None, password=None, ignore_retcode=False, output_encoding=None):
    """The branches, or those of remotes. CLI: git.list_branches /path/to/repo remote=True"""
    prefix = 'refs/%s/' % ('remotes' if remote else 'heads')
    rows = _said(['for-each-ref', '--format', '%(refname)', prefix], cwd, user, password, ignore_retcode, output_encoding)
    return [row[len(prefix):] for row in rows.splitlines()]


def list_tags(cwd, user=None, password=None, ignore_retcode=False, output_encoding=None):
    """The tags. CLI: git.list_tags /path/to/repo"""
    return _said(['tag', '-l'], cwd, user, password, ignore_retcode, output_encoding).split()


def ls_remote(cwd=None, remote='origin', ref=None, opts='', git_opts='', user=None, password=None, identity=None,
              https_user=None, https_pass=None, ignore_retcode=False, output_encoding=None, saltenv='base'):
    """Mapping of the refs of a remote, or of an address, to commits. CLI: git.ls_remote /path/to/repo origin master"""
    argv = _words(git_opts) + ['ls-remote'] + _words(opts) + [gitcommand.with_login(remote, https_user, https_pass)]
    return gitcommand.refs(_said(argv + ([ref] if ref else []), cwd, user, password, ignore_retcode, output_encoding,
                                 identity=identity, saltenv=saltenv))


def remote_refs(url, heads=False, tags=False, user=None, password=None, identity=None, https_user=None, https_pass=None,
                ignore_retcode=False, output_encoding=None, saltenv='base', **kwargs):
    """Mapping of the refs at an address to commits. heads, tags: only those. CLI: git.remote_refs https://x.org/y.git"""
    argv = ['ls-remote'] + (['--heads'] if heads else []) + (['--tags'] if tags else [])
    return gitcommand.refs(_said(argv + [gitcommand.with_login(url, https_user, https_pass)], None, user, password,
                                 ignore_retcode, output_encoding, identity=identity, saltenv=saltenv))


# ---- remotes

def remotes(cwd, user=None, password=None, redact_auth=True, ignore_retcode=False, output_encoding=None):
    """Mapping of remotes to their addresses, fetch and push. CLI: git.remotes /path/to/repo"""
    found = {}
    for line in _said(['remote', '-v'], cwd, user, password, ignore_retcode, output_encoding).splitlines():
        name, _, rest = line.partition('\t')
        url, _, kind = rest.rpartition(' ')
        found.setdefault(name, {})[kind.strip('()')] = gitcommand.redacted(url) if redact_auth else url
    return found


def remote_get(cwd, remote='origin', user=None, password=None, redact_auth=True, ignore_retcode=False, output_encoding=None):
    """The addresses of a remote, fetch and push. CLI: git.remote_get /path/to/repo upstream"""
    found = remotes(cwd, user, password, redact_auth, ignore_retcode, output_encoding)
    if remote not in found:
        raise CommandExecutionError("Remote '%s' not present in git checkout located at %s" % (remote, cwd))
    return found[remote]


def remote_set(cwd, url, remote='origin', user=None, password=None, https_user=None, https_pass=None, push_url=None,
               push_https_user=None, push_https_pass=None, ignore_retcode=False, output_encoding=None):
    """Let a remote have this address; its addresses then. CLI: git.remote_set /path/to/repo git@example.com:y.git upstream"""
    url = gitcommand.with_login(url, https_user, https_pass)
    known, rest = remotes(cwd, user, password), (cwd, user, password, ignore_retcode, output_encoding)
    _run(['remote'] + (['set-url'] if remote in known else ['add']) + [remote, url], *rest)
    if push_url:
        _run(['remote', 'set-url', '--push', remote, gitcommand.with_login(push_url, push_https_user, push_https_pass)], *rest)
    return remote_get(cwd, remote, user, password)


# ---- settings

def _where(cwd, kwargs):
    """(the folder or None, words of `git config`) for the keyword `global`, or `cwd`."""
    unknown = sorted(name for name in kwargs if name not in ('global', 'all', 'add', 'is_global') and name[:2] != '__')
    if unknown:
        raise SaltInvocationError('The following keyword arguments are not valid: %s' % ', '.join(
            '%s=%s' % (name, compat.shown(kwargs[name])) for name in unknown))
    if kwargs.get('global'):
        return None, ['config', '--global']
    if cwd is None:
        raise SaltInvocationError("'cwd' argument required unless global=True")
    return _folder(cwd), ['config', '--local']


def config_get(key, cwd=None, user=None, password=None, ignore_retcode=False, output_encoding=None, **kwargs):
    """The value of a setting, None if it is not set; with all=True a list of its values. CLI: git.config_get user.name /repo"""
    where, argv = _where(cwd, kwargs)
    argv = argv + (['--get-all'] if kwargs.get('all') else ['--get']) + [key]
    answer = _run(argv, where, user, password, ignore_retcode, output_encoding, failhard=False)
    if answer['retcode']:
        _told(answer['retcode'], ignore_retcode)
        return None
    found = answer['stdout'].splitlines()
    return found if kwargs.get('all') else found[-1] if found else ''


def _told(code, ignore_retcode):
    if not ignore_retcode:
        __context__['retcode'] = code


def config_get_regexp(key, value_regex=None, cwd=None, user=None, password=None, ignore_retcode=False, output_encoding=None,
                      **kwargs):
    """Mapping of the settings whose names fit an expression to lists of values. CLI: git.config_get_regexp 'user.*' /repo"""
    where, argv = _where(cwd, kwargs)
    argv = argv + ['--get-regexp', key]
    answer = _run(argv + ([value_regex] if value_regex is not None else []), where, user, password, ignore_retcode,
                  output_encoding, failhard=False)
    found = {}
    if answer['retcode']:
        _told(answer['retcode'], ignore_retcode)
    for line in answer['stdout'].splitlines() if answer['retcode'] == 0 else ():
        name, _, value = line.partition(' ')
        found.setdefault(name, []).append(value)
    return found


config_get_regex = config_get_regexp


def config_set(key, value=None, multivar=None, cwd=None, user=None, password=None, ignore_retcode=False, output_encoding=None,
               **kwargs):
    """Give a setting a value, or several; the list of its values then. CLI: git.config_set user.email me@example.com /repo"""
    where, argv = _where(cwd, kwargs)
    if (value is None) == (multivar is None):
        raise SaltInvocationError("Only one of 'value' and 'multivar' is permitted" if value is not None
                                  else "One of 'value' and 'multivar' is required")
    rest = (where, user, password, ignore_retcode, output_encoding)
    wanted = [value] if multivar is None else multivar if isinstance(multivar, list) else str(multivar).split(',')
    wanted = [compat.to_native(compat.shown(one)) for one in wanted]
    if multivar is None and kwargs.get('add'):
        _run(argv + ['--add', key, wanted[0]], *rest)
    else:
        for number, one in enumerate(wanted):
            _run(argv + ['--replace-all' if number == 0 else '--add', key, one], *rest)
    return config_get(key, cwd, user, password, ignore_retcode, output_encoding, **dict(kwargs, all=True))


def config_unset(key, value_regex=None, cwd=None, user=None, password=None, ignore_retcode=False, output_encoding=None,
                 **kwargs):
    """Remove a setting, with all=True though it has several values; True. CLI: git.config_unset user.name /repo"""
    where, argv = _where(cwd, kwargs)
    argv += ['--unset-all' if kwargs.get('all') else '--unset', key] + ([value_regex] if value_regex is not None else [])
    answer = _run(argv, where, user, password, ignore_retcode, output_encoding, failhard=False)
    if answer['retcode'] == 0:
        return True
    if config_get(key, cwd, user, password, True, output_encoding, **dict(kwargs, all=True)) is None:
        raise CommandExecutionError("Key '%s' does not exist" % key)
    raise CommandExecutionError("Multiple values exist for key '%s'" % key if not answer['stderr'] or answer['retcode'] == 5
                                else answer['stderr'])
