"""Repositories of packages, of apt, yum and zypper."""
from __future__ import absolute_import, division, print_function

from minion import files
from minion.errors import CommandExecutionError, SaltInvocationError
from minion.helpers import pkgtools, state_pkg, state_pkgrepo

FAILED = (CommandExecutionError, SaltInvocationError, IOError, OSError)
CAUTION = (' This may cause pkg states to behave differently than stated if this action is repeated without test=True, due '
           'to the differences in the configured repositories.')


def __virtual__():
    if 'pkg.mod_repo' in __salt__:
        return 'pkgrepo'
    return False, 'The pkgrepo state module could not be loaded: repositories are not managed on this platform'


def _family():
    return __grains__.get('os_family')


def managed(name, ppa=None, copr=None, aptkey=True, **kwargs):
    """A repository is configured. Debian: `name` is its line, or ppa its launchpad name; others: its id.

    enabled or disabled. Debian: file, comps, architectures, signedby; key_url, or key_text, or keyid and keyserver; aptkey:
    False: keys are files; clean_file: empty the file first. Others: humanname, baseurl, mirrorlist, gpgcheck, gpgkey, and
    whatever else the file may hold. refresh: False leaves the index as it is.

        base:
          pkgrepo.managed:
            - name: deb [signed-by=/etc/apt/keyrings/x.gpg] https://repo.example.org/debian bookworm main
            - file: /etc/apt/sources.list.d/x.list
            - key_url: salt://x/x.gpg
            - aptkey: False
    """
    if 'enabled' in kwargs and 'disabled' in kwargs:
        return state_pkg.answer(name, False, 'Only one of enabled/disabled is allowed')
    repo, options = _repo(name, ppa), dict(kwargs)
    if _family() != 'Debian' and copr:
        return state_pkg.answer(name, False, "Failed to configure repo '%s': copr is not supported" % name)
    if 'enabled' in options or 'disabled' in options:
        options['disabled'] = not pkgtools.is_true(options.pop('enabled')) if 'enabled' in options else \
            pkgtools.is_true(options['disabled'])
    wanted = state_pkgrepo.of_apt(repo, options) if _family() == 'Debian' else state_pkgrepo.of_rpm(
        repo, options, _family())
    try:
        before = __salt__['pkg.get_repo'](repo, **_place(options))
    except FAILED as exc:
        return state_pkg.answer(name, False, "Failed to examine repo '%s': %s" % (name, exc))
    if before and state_pkgrepo.same(wanted, before, _family()):
        return state_pkg.answer(name, True, "Package repo '%s' already configured" % name)
    if __opts__.get('test'):
        return state_pkg.answer(name, None, "Package repo '%s' would be configured.%s" % (name, CAUTION),
                                state_pkgrepo.changes(wanted, before, wanted) if before else {'repo': name})
    return _configure(name, repo, wanted, before, options, aptkey)


def _repo(name, ppa):
    """What pkg.mod_repo calls it."""
    if not ppa:
        return name
    return ppa if ppa.startswith('ppa:') else 'ppa:' + ppa


def _place(options):
    return dict((key, options[key]) for key in ('basedir', 'root') if key in options)


def _configure(name, repo, wanted, before, options, aptkey):
    try:
        if options.pop('clean_file', False) and options.get('file'):
            files.write(options['file'], b'', 0o644)
        if _family() == 'Debian':
            __salt__['pkg.mod_repo'](repo, saltenv=__env__, aptkey=aptkey, **options)
        else:
            known = dict((key, options[key]) for key in ('humanname',) if key in options and _family() == 'Suse')
            __salt__['pkg.mod_repo'](repo, **dict(dict(wanted, **known), **_place(options)))
    except FAILED as exc:
        return state_pkg.answer(name, False, "Failed to configure repo '%s': %s" % (name, exc))
    if _family() == 'Debian' and pkgtools.is_true(options.get('refresh', True)):
        state_pkg.refreshed(__context__)
    try:
        after = __salt__['pkg.get_repo'](repo, **_place(options))
    except FAILED as exc:
        return state_pkg.answer(name, False, "Failed to confirm config of repo '%s': %s" % (name, exc))
    changes = state_pkgrepo.changes(wanted, before, after) if before else {'repo': repo}
    return state_pkg.answer(name, True, "Configured package repo '%s'" % name, changes)


def absent(name, **kwargs):
    """A repository is not configured. keyid: its key goes, too.

        base:
          pkgrepo.absent:
            - name: deb https://repo.example.org/debian bookworm main
    """
    repo, options = _repo(name, kwargs.get('ppa')), dict(kwargs)
    options.pop('ppa', None)
    keyid = options.get('keyid') or options.get('keyid_ppa')
    if keyid and 'pkg.del_repo_key' not in __salt__:
        return state_pkg.answer(name, False, 'Repo key management is not implemented for this platform')
    try:
        there = __salt__['pkg.get_repo'](repo, **_place(options))
    except FAILED as exc:
        return state_pkg.answer(name, False, "Failed to configure repo '%s': %s" % (name, exc))
    if not there:
        return state_pkg.answer(name, True, 'Package repo %s is absent' % name)
    if __opts__.get('test'):
        return state_pkg.answer(name, None, "Package repo '%s' will be removed.%s" % (name, CAUTION))
    try:
        __salt__['pkg.del_repo'](repo, **(options if _family() == 'Debian' else _place(options)))
    except FAILED as exc:
        return state_pkg.answer(name, False, getattr(exc, 'strerror', None) or str(exc))
    if __salt__['pkg.get_repo'](repo, **_place(options)):
        return state_pkg.answer(name, False, 'Failed to remove repo %s' % name)
    ret = state_pkg.answer(name, True, 'Removed repo %s' % name, {'repo': name})
    return _without_key(ret, repo, options) if keyid else ret


def _without_key(ret, repo, options):
    try:
        gone = __salt__['pkg.del_repo_key'](repo, **options)
    except FAILED as exc:
        return dict(ret, result=False, comment='%s, but failed to remove key: %s' % (ret['comment'], exc))
    ret['changes']['keyid'] = gone
    ret['comment'] += ', and keyid %s' % gone
    return ret
