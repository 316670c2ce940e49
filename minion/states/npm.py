"""Packages of Node.js, through npm."""
from __future__ import absolute_import, division, print_function

import re

from minion import compat
from minion.errors import CommandExecutionError, CommandNotFoundError
from minion.helpers.state_return import returned as _returned

_PACKAGE = re.compile(r'(@?[^@\s]+)(?:@(\S+))?')
FAILED = (CommandExecutionError, CommandNotFoundError)
_COUNTS = ('added', 'removed', 'changed')


def __virtual__():
    if 'npm.list' in __salt__:
        return True
    return False, 'npm could not be found'


def installed(name, pkgs=None, dir=None, user=None, force_reinstall=False, registry=None, env=None):
    """Packages are installed: `name`, or all of `pkgs`; NAME@VERSION for one version. dir: in this folder, not for all.

        coffee-script:
          npm.installed:
            - name: coffee-script@1.0.1
    """
    wanted = [pkgs] if compat.is_text(pkgs) else list(pkgs or [name])
    env = _mapping(env)
    named = ', '.join(compat.shown(package) for package in wanted)
    try:
        there = __salt__['npm.list'](dir=dir, runas=user, env=env, depth=0)
        satisfied, missing = _sorted_out(wanted, {} if force_reinstall else there)
    except FAILED as exc:
        return _returned(name, False, "Error looking up '%s': %s" % (named, exc))
    fine = "Package(s) '%s' satisfied by %s" % (named, ', '.join(satisfied))
    if not missing:
        return _returned(name, True, fine)
    changes = {'new': missing, 'old': []}
    if __opts__['test']:
        comments = ["NPM package(s) '%s' are set to be installed" % ', '.join(missing)] + ([fine] if satisfied else [])
        return _returned(name, None, '. '.join(comments), changes)
    try:
        __salt__['npm.install'](dir=dir, runas=user, registry=registry, env=env, pkgs=wanted)
    except FAILED as exc:
        return _returned(name, False, "Error installing '%s': %s" % (named, exc))
    return _returned(name, True, "Package(s) '%s' successfully installed" % ', '.join(missing), changes)


def _mapping(env):
    """{name: value} of a mapping, or of a list of them."""
    if not isinstance(env, (list, tuple)):
        return env
    merged = {}
    for item in env:
        merged.update(item)
    return merged


def _sorted_out(wanted, there):
    """(NAME@VERSION that is there, packages that are not)"""
    satisfied, missing = [], []
    for package in wanted:
        found = compat.is_text(package) and _PACKAGE.match(package)
        if not found:
            raise CommandExecutionError('this is no name of a package: %s' % compat.shown(package))
        prefix, version = found.groups()
        current = there[prefix].get('version') if prefix in there else None
        if current is not None and version in (None, current):
            satisfied.append('%s@%s' % (prefix, current))
        else:
            missing.append(package)
    return satisfied, missing


def removed(name, dir=None, user=None):
    """A package is not installed.

        coffee-script:
          npm.removed: []
    """
    try:
        there = __salt__['npm.list'](dir=dir, runas=user, depth=0)
    except FAILED as exc:
        return _returned(name, False, "Error uninstalling '%s': %s" % (name, exc))
    if name not in there:
        return _returned(name, True, "Package '%s' is not installed" % name)
    if __opts__['test']:
        return _returned(name, None, "Package '%s' is set to be removed" % name)
    if not __salt__['npm.uninstall'](pkg=name, dir=dir, runas=user):
        return _returned(name, False, "Error removing package '%s'" % name)
    return _returned(name, True, "Package '%s' was successfully removed" % name, {name: 'Removed'})


def bootstrap(name, user=None, silent=True):
    """What the package.json of a folder asks for is installed there.

        /srv/app:
          npm.bootstrap:
            - user: app
    """
    test = bool(__opts__['test'])
    try:
        told = __salt__['npm.install'](dir=name, runas=user, pkg=None, silent=silent, dry_run=test)
    except FAILED as exc:
        return _returned(name, False, "Error Bootstrapping '%s': %s" % (name, exc))
    if not _changed(told):
        return _returned(name, True, '%s is already bootstrapped' % (name if test else 'Directory'))
    if test:
        return _returned(name, None, '%s is set to be bootstrapped' % name, {'old': [], 'new': told})
    return _returned(name, True, 'Directory was successfully bootstrapped', {name: 'Bootstrapped'})


def _changed(told):
    """False for no answer, and for one that counts no change."""
    if isinstance(told, dict) and any(key in told for key in _COUNTS):
        return any(told.get(key) for key in _COUNTS)
    return bool(told) and told != '[]'


def cache_cleaned(name=None, user=None, force=False):
    """npm's cache does not hold a package, or nothing at all. force: without it npm from 5 on refuses to empty all.

        npm-cache:
          npm.cache_cleaned:
            - name: null
            - force: True
    """
    try:
        cached = __salt__['npm.cache_list'](path=name, runas=user)
    except FAILED as exc:
        return _returned(name, False, 'Error looking up cached %s: %s' % (name or 'packages', exc))
    if name and not cached.strip():
        return _returned(name, True, 'Package %s is not in the cache' % name)
    what = 'Cached package %s' % name if name else 'Cached packages'
    if __opts__['test']:
        return _returned(name, None, '%s set to be removed' % what)
    if not __salt__['npm.cache_clean'](path=name, runas=user, force=force):
        return _returned(name, False, 'Error cleaning %s%s' % (what[0].lower(), what[1:]))
    return _returned(name, True, '%s successfully removed' % what, {name or 'cache': 'Removed'})
