"""Packages that are downloaded, groups of packages and advisories (pkg.downloaded, group_installed, patch_installed)."""
from __future__ import absolute_import, division, print_function

from minion.errors import CommandExecutionError, SaltInvocationError
from minion.helpers import state_pkg, state_pkgplan

__virtualname__ = 'pkg'


def __virtual__():
    if 'pkg.install' in __salt__:
        return __virtualname__
    return False, 'The pkg state module could not be loaded: there is no execution module for packages'


def _answer(name, result, comment, changes=None):
    return state_pkg.answer(name, result, comment, changes)


# ---- downloaded

def downloaded(name, version=None, pkgs=None, fromrepo=None, ignore_epoch=None, **kwargs):
    """The files of packages are in the cache of the package manager.

        zsh:
          pkg.downloaded:
            - version: 5.9-4
    """
    if 'pkg.list_downloaded' not in __salt__:
        return _answer(name, False, 'The pkg.downloaded state is not available on this platform')
    if isinstance(pkgs, list) and not pkgs:
        return _answer(name, True, 'No packages to download provided')
    pkgs = pkgs or ([{name: version}] if version else [name])
    wanted = __salt__['pkg_resource.parse_targets'](pkgs=pkgs)[0]
    if not wanted:
        return _answer(name, False, 'Invalidly formatted pkgs parameter. See minion log.')
    targets = _not_downloaded(wanted, __salt__['pkg.list_downloaded'](fromrepo=fromrepo, **kwargs), ignore_epoch)
    if not targets:
        exact = ' (matching specified versions)' if any(wanted.values()) else ''
        return _answer(name, True, 'All specified packages%s are already downloaded' % exact)
    if __opts__.get('test'):
        return _answer(name, None, 'The following packages would be downloaded: %s' % ', '.join(targets))
    try:
        changed = __salt__['pkg.install'](name=name, pkgs=pkgs, version=None, downloadonly=True, fromrepo=fromrepo,
                                          ignore_epoch=ignore_epoch, **kwargs)
    except CommandExecutionError as exc:
        return state_pkg.failure(name, exc, 'downloading')
    there = __salt__['pkg.list_downloaded'](**kwargs)
    there = dict((one, list(there[one])) for one in there)
    failed = state_pkgplan.verified(targets, there, __salt__['pkg.version_cmp'], __salt__, ignore_epoch)[1]
    if failed:
        return _answer(name, False, 'The following packages failed to download: %s' % state_pkg.all_shown(failed, targets),
                       changed)
    return _answer(name, True, '' if changed else 'Packages downloaded: %s' % ', '.join(targets), changed)


def _not_downloaded(wanted, there, ignore_epoch):
    """{name: version or None} of those of which no file fits."""
    found = {}
    for one in wanted:
        versions = list(there.get(one, ()))
        if not versions or wanted[one] and not state_pkg.fulfils(versions, wanted[one], __salt__['pkg.version_cmp'],
                                                                 ignore_epoch):
            found[one] = wanted[one]
    return found


# ---- advisories

def patch_installed(name, advisory_ids=None, downloadonly=None, **kwargs):
    """The patches of an advisory are installed (zypper, yum)."""
    if isinstance(advisory_ids, list) and not advisory_ids:
        return _answer(name, True, 'No advisory ids provided')
    if 'pkg.list_patches' not in __salt__:
        return _answer(name, False, 'The pkg.patch_installed state is not available on this platform')
    there = __salt__['pkg.list_installed_patches'](**kwargs)
    targets = [one for one in advisory_ids or [name] if not there.get(one)]
    if not targets:
        text = 'All specified advisory patches are already installed' if advisory_ids else \
            'Advisory patch %s is already installed' % name
        return _answer(name, True, text)
    status = 'downloaded' if downloadonly else 'installed'
    if __opts__.get('test'):
        return _answer(name, None, 'The following advisory patches would be %s: %s' % (status, ', '.join(targets)))
    try:
        changed = __salt__['pkg.install'](name=name, advisory_ids=targets, downloadonly=downloadonly, **kwargs)
    except CommandExecutionError as exc:
        return state_pkg.failure(name, exc, 'installing')
    comment = '' if changed else 'Advisory patch is not needed or related packages are already %s' % status
    return _answer(name, True, comment, changed)


def patch_downloaded(name, advisory_ids=None, **kwargs):
    """The patches of an advisory are downloaded, not installed."""
    if 'pkg.list_patches' not in __salt__:
        return _answer(name, False, 'The pkg.patch_downloaded state is not available on this platform')
    kwargs.pop('downloadonly', None)
    return patch_installed(name, advisory_ids=advisory_ids, downloadonly=True, **kwargs)


# ---- groups

def group_installed(name, skip=None, include=None, **kwargs):
    """A group of packages is installed (yum). skip: default packages that are not wanted; include: optional ones that are.

        'Load Balancer':
          pkg.group_installed:
            - skip: [piranha]
    """
    if 'pkg.group_diff' not in __salt__:
        return _answer(name, False, 'pkg.group_install not available for this platform')
    for value, word in ((skip, 'skip'), (include, 'include')):
        if value is not None and not isinstance(value, list):
            return _answer(name, False, '%s must be formatted as a list' % word)
    skip, include = [str(one) for one in skip or ()], [str(one) for one in include or ()]
    try:
        diff = __salt__['pkg.group_diff'](name)
    except (CommandExecutionError, SaltInvocationError) as exc:
        return _answer(name, False, "An error was encountered while installing/updating group '%s': %s." % (name, exc))
    mandatory, default = diff['mandatory'], diff['default']
    bad = sorted(one for one in mandatory['installed'] + mandatory['not installed'] if one in skip)
    if bad:
        return _answer(name, False, 'The following mandatory packages cannot be skipped: %s' % ', '.join(bad))
    targets = list(mandatory['not installed'])
    targets += [one for one in default['not installed'] if one not in skip]
    targets += [one for one in diff['optional']['not installed'] if one in include and one not in targets]
    return _install_group(name, targets, any(diff[kind]['installed'] for kind in ('mandatory', 'default', 'optional')), kwargs)


def _install_group(name, targets, begun, options):
    if not targets:
        return _answer(name, True, "Group '%s' is already installed" % name)
    if __opts__.get('test'):
        return _answer(name, None, "Group '%s' %s" % (
            name, 'is partially installed and will be updated' if begun else 'will be installed'))
    try:
        changed = __salt__['pkg.install'](pkgs=targets, **options)
    except CommandExecutionError as exc:
        ret = state_pkg.failure(name, exc, 'installing')
        if getattr(exc, 'info', None):
            return ret
        return dict(ret, comment="An error was encountered while installing/updating group '%s': %s." % (name, exc))
    there = __salt__['pkg.list_pkgs'](**options)
    failed = [one for one in targets if one not in there]
    if failed:
        return _answer(name, False, 'Failed to install the following packages: %s' % ', '.join(failed), changed)
    return _answer(name, True, "Group '%s' was %s" % (name, 'updated' if begun else 'installed'), changed)
