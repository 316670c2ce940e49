"""Repositories of git (git.*)."""
from __future__ import absolute_import, division, print_function

from minion import compat
from minion.errors import CommandExecutionError, SaltInvocationError
from minion.helpers import state_git
from minion.helpers.state_return import returned as _returned


def __virtual__():
    if 'git.version' in __salt__:
        return True
    return False, 'git module could not be loaded'


def latest(name, target, rev='HEAD', branch=None, user=None, password=None, update_head=True, force_checkout=False,
           force_clone=False, force_fetch=False, force_reset=False, submodules=False, bare=False, mirror=False, remote='origin',
           fetch_tags=True, sync_tags=True, depth=None, identity=None, https_user=None, https_pass=None, refspec_branch='*',
           refspec_tag='*', output_encoding=None, **kwargs):
    """A folder has a repository at the newest commit of a branch, at a tag or at a commit of the remote `name`.

    https://example.com/app.git:
      git.latest:
        - target: /srv/app
        - rev: stable
        - identity: /root/.ssh/deploy

    branch: the local branch, else the one that is checked out. force_clone: what is in the folder is removed.
    force_reset: changes and commits that are only there are lost.
    """
    return _attempted(name, lambda job: job.run(), locals())


def _attempted(name, run, given):
    """What run(job) makes, as a return; an error is told with what was done before it."""
    job = state_git.Latest(given, __salt__, __opts__['test'])
    try:
        result, comment, changes = run(job)
        return _returned(name, result, comment, changes)
    except (state_git.Failed, CommandExecutionError, SaltInvocationError) as exc:
        text = compat.to_native(compat.error_text(exc))
        if job.comments and not __opts__['test']:
            text += '\n\nChanges already made: ' + job.joined()
        keep = {} if __opts__['test'] else dict(item for item in job.changes.items() if item[0] not in ('new', 'revision'))
        return _returned(name, False, text, keep)


def present(name, force=False, bare=True, template=None, separate_git_dir=None, shared=None, user=None, password=None,
            output_encoding=None):
    """A folder is a repository, an empty one if it is made by this. force: what else is in the folder is removed.

    /srv/app.git:
      git.present
    """
    kind = 'bare ' if bare else ''
    try:
        found = state_git.checked_target(name, bare, force)
    except state_git.Failed as exc:
        return _returned(name, False, _present_refusal(name, str(exc)))
    if found == 'there':
        return _returned(name, True)
    changes = dict({'new': name}, **({'forced init': True} if found == 'replace' else {}))
    if __opts__['test']:
        return _returned(name, None, 'New %srepository would be created' % kind, changes)
    if found == 'replace':
        __salt__['file.remove'](name)
    try:
        __salt__['git.init'](cwd=name, bare=bare, template=template, separate_git_dir=separate_git_dir, shared=shared,
                             user=user, password=password, output_encoding=output_encoding)
    except CommandExecutionError as exc:
        return _returned(name, False, compat.error_text(exc))
    return _returned(name, True, 'Initialized %srepository in %s' % (kind, name), changes)


def _present_refusal(name, text):
    if 'is non-empty' in text:
        return ("Target '%s' exists, is non-empty, and is not a git repository. Set the 'force' option to True to remove this "
                "directory's contents and proceed with initializing a repository" % name)
    return text


def cloned(name, target, branch=None, user=None, password=None, identity=None, https_user=None, https_pass=None,
           output_encoding=None):
    """A folder has a copy of the repository `name`, whatever its state; `branch` is checked out.

    https://example.com/app.git:
      git.cloned:
        - target: /srv/app
    """
    who = {'user': user, 'password': password, 'output_encoding': output_encoding}
    try:
        if state_git.checked_target(target, False, False) == 'there':
            return _branch(name, target, branch, who)
        changes = {'new': '%s => %s' % (name, target)}
        if __opts__['test']:
            return _returned(name, None, '%s would be cloned to %s' % (name, target), changes)
        __salt__['git.clone'](target, name, opts=['--branch', branch] if branch else [], identity=identity,
                              https_user=https_user, https_pass=https_pass, **who)
    except state_git.Failed as exc:
        return _returned(name, False, str(exc))
    except CommandExecutionError as exc:
        return _returned(name, False, 'Clone failed: ' + state_git.unwrapped(exc))
    return _returned(name, True, '%s cloned to %s' % (name, target) + (" with branch '%s'" % branch if branch else ''), changes)


def _branch(name, target, branch, who):
    current = __salt__['git.current_branch'](target, **who)
    if not branch or branch == current:
        return _returned(name, True, 'Repository already exists at %s%s' % (
            target, " and is checked out to branch '%s'" % branch if branch else ''))
    changes = {'branch': {'old': current, 'new': branch}}
    if __opts__['test']:
        return _returned(name, None, "Branch would be changed to '%s'" % branch, changes)
    known = branch in __salt__['git.list_branches'](target, **who)
    try:
        __salt__['git.checkout'](target, None if not known else branch,
                                 opts=[] if known else ['-b', branch, 'origin/' + branch], **who)
    except CommandExecutionError as exc:
        return _returned(name, False, "Failed to change branch to '%s': %s" % (branch, compat.error_text(exc)))
    return _returned(name, True, "Branch changed to '%s'" % branch, changes)


def detached(name, rev, target, remote='origin', user=None, password=None, force_clone=False, force_checkout=False,
             fetch_remote=True, hard_reset=False, submodules=False, identity=None, https_user=None, https_pass=None,
             output_encoding=None, **kwargs):
    """A folder has a copy of the repository `name` with a branch, tag or commit checked out, and no local branch.

    https://example.com/app.git:
      git.detached:
        - target: /srv/app
        - rev: v1.2
    """
    given = dict(locals(), bare=False, mirror=False, depth=None, branch=None)
    return _attempted(name, lambda job: job.detach(), given)


# ---- settings

def config_set(name, value=None, multivar=None, repo=None, user=None, password=None, output_encoding=None, **kwargs):
    """A setting of git has this value, or these: of a repository, or with `global: True` of a user.

    user.email:
      git.config_set:
        - value: me@example.com
        - repo: /srv/app
    """
    if value is not None and multivar is not None:
        return _returned(name, False, "Only one of 'value' and 'multivar' is permitted")
    where, wrong = _where(repo, kwargs)
    if wrong:
        return _returned(name, False, wrong)
    if value is None and multivar is None:
        return _returned(name, False, "One of 'value' and 'multivar' is required")
    given = multivar if isinstance(multivar, list) else [value if multivar is None else multivar]
    wanted, who = [compat.to_native(compat.shown(one)) for one in given], _who(user, password, output_encoding)
    shown = "'%s'" % wanted[0] if multivar is None else compat.shown(wanted)
    old = __salt__['git.config_get'](name, ignore_retcode=True, **dict(where, all=True, **who))
    if old == wanted:
        return _returned(name, True, "'%s' is already set to %s" % (name, shown))
    done = 'set to' if old else 'added as'
    if __opts__['test']:
        return _returned(name, None, "'%s' would be %s %s" % (name, done, shown), {'old': old, 'new': wanted})
    try:
        now = __salt__['git.config_set'](name, **dict(where, multivar=wanted, **who))
    except CommandExecutionError as exc:
        return _returned(name, False, "Failed to set '%s': %s" % (name, compat.error_text(exc)))
    if now != wanted:
        return _returned(name, False, "Failed to set '%s' to %s" % (name, shown), {name: {'old': old, 'new': now}})
    return _returned(name, True, "'%s' was %s %s" % (name, done, shown), {name: {'old': old, 'new': now}})


def _who(user, password, output_encoding):
    return {'user': user, 'password': password, 'output_encoding': output_encoding}


def _where(repo, kwargs):
    """({'cwd' or 'global': ...}, what is wrong or None)"""
    if kwargs.get('global'):
        return {'global': True}, "The 'repo' argument is not compatible with 'global'" if repo else None
    if not repo:
        return None, 'Non-global config options require the \'repo\' argument to be set'
    return {'cwd': repo}, None


def config_unset(name, value_regex=None, repo=None, user=None, password=None, output_encoding=None, **kwargs):
    """Settings of git whose names fit an expression are not set. all: though one of them has several values.

    mysection.mykey:
      git.config_unset:
        - repo: /srv/app
    """
    where, wrong = _where(repo, kwargs)
    if wrong:
        return _returned(name, False, wrong)
    who, several = _who(user, password, output_encoding), bool(kwargs.get('all'))
    found = __salt__['git.config_get_regexp']('^%s$' % name, value_regex, ignore_retcode=True, **dict(where, **who))
    if not found:
        return _returned(name, True, 'No matching keys are set')
    many = ['%s (%s)' % (key, ', '.join(found[key])) for key in sorted(found) if len(found[key]) > 1]
    if many and not several:
        return _returned(name, False, "Multivar(s) matched by the key expression (set 'all' to True to force removal): %s"
                         % '; '.join(many))
    changes = dict((key, {'old': found[key], 'new': None}) for key in found)
    if __opts__['test']:
        return _returned(name, None, '%s would have value(s) unset' % ', '.join(sorted(found)), changes)
    try:
        for key in sorted(found):
            __salt__['git.config_unset'](key, value_regex, **dict(where, all=several, **who))
    except CommandExecutionError as exc:
        return _returned(name, False, compat.error_text(exc))
    return _returned(name, True, '%s had value(s) unset' % ', '.join(sorted(found)), changes)
