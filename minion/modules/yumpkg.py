"""Packages of RHEL and its kin (pkg.*), through yum, dnf or dnf5 and rpm. Repositories, groups, locks: yumrepos.py."""
from __future__ import absolute_import, division, print_function

import fnmatch
import logging
import os
import time

from minion import compat
from minion.errors import CommandExecutionError
from minion.helpers import environment, pkgtools, rpmquery, rpmversion, yumoutput

log = logging.getLogger(__name__)

__virtualname__ = 'pkg'
CACHES = ('/var/cache/yum', '/var/cache/dnf', '/var/cache/libdnf5')


def __virtual__():
    if __grains__.get('os_family') != 'RedHat':
        return False, 'Module yumpkg: no yum based system detected'
    if not any(environment.which(name) for name in ('dnf5', 'dnf', 'yum')):
        return False, "DNF nor YUM found"
    return __virtualname__


# ---- asking

def _tool():
    return next((name for name in ('dnf5', 'dnf', 'yum') if environment.which(name)), 'yum')


def _native():
    return __grains__.get('osarch', '')


def _run(argv, scope=False, **options):
    argv = pkgtools.isolated(argv, __salt__) if scope else argv
    return __salt__['cmd.run_all'](argv, python_shell=False, output_loglevel='trace', **options)


def _list(what, keywords, *more):
    if what == 'updates' and _tool() != 'yum':
        what = 'upgrades'
    words = ['list', '--%s' % what] if _tool() == 'dnf5' else ['list', what]
    argv = [_tool(), '--quiet'] + yumoutput.repo_options(keywords) + words + list(more)
    return _run(argv, ignore_retcode=True)


# ---- names and versions

def normalize_name(name):
    """A name without an architecture that is the host's own. CLI: pkg.normalize_name zsh.x86_64"""
    base, arch = rpmquery.split_arch(name)
    return base if arch in (_native(), 'noarch') else name


def parse_arch(name):
    """{'name': ..., 'arch': ...} of a name such as zsh.x86_64. CLI: pkg.parse_arch zsh.x86_64"""
    base, arch = rpmquery.split_arch(name)
    return {'name': base, 'arch': arch}


def version_cmp(pkg1, pkg2, ignore_epoch=False, **kwargs):
    """-1, 0 or 1 as the first version is older, equal or newer. CLI: pkg.version_cmp 0.2-001 0.2.0.1-002"""
    return rpmversion.compare(pkg1, pkg2, ignore_epoch)


# ---- what is there

def list_pkgs(versions_as_list=False, **kwargs):
    """Installed packages and their versions.

    versions_as_list: lists of versions. attr: details of each version instead, a list or 'all': epoch, version,
    release, arch, install_date, install_date_time_t. CLI: pkg.list_pkgs
    """
    if any(pkgtools.is_true(kwargs.get(name)) for name in ('removed', 'purge_desired')):
        return {}
    attr, found = kwargs.get('attr'), {}
    if attr is not None and attr != 'all':
        attr = pkgtools.words(attr)
    for package in rpmquery.installed(__salt__['cmd.run_all']):
        found.setdefault(rpmquery.key(package, _native()), []).append(package)
    if attr:
        details = dict((name, [rpmquery.attributes(one) for one in found[name]]) for name in found)
        return __salt__['pkg_resource.format_pkg_list'](details, versions_as_list, attr)
    found = dict((name, sorted(rpmquery.full_version(one) for one in found[name])) for name in found)
    if not pkgtools.is_true(versions_as_list):
        __salt__['pkg_resource.stringify'](found)
    return found


def version(*names, **kwargs):
    """The installed version of a package, '' if it is not; a mapping for several or a glob. CLI: pkg.version bash"""
    return __salt__['pkg_resource.version'](*names, **kwargs)


def latest_version(*names, **kwargs):
    """The version that could be installed or upgraded to, '' if there is none newer; a mapping for several packages.

    refresh: False leaves the metadata as they are. fromrepo, enablerepo, disablerepo, disableexcludes, setopt: see
    pkg.install. CLI: pkg.latest_version bash
    """
    if not names:
        return ''
    if pkgtools.is_true(kwargs.get('refresh', True)):
        refresh_db(**kwargs)
    installed = list_pkgs(versions_as_list=True)
    reply = _list('available', kwargs, *names)
    known = yumoutput.versions(reply['stdout'], _native())
    found = {}
    for name in names:
        newest = (known.get(name) or known.get(normalize_name(name)) or [''])[0]
        old = installed.get(normalize_name(name), [])
        found[name] = '' if any(rpmversion.compare(one, newest) >= 0 for one in old) else newest
    return list(found.values())[0] if len(names) == 1 else found


available_version = latest_version


def upgrade_available(name, **kwargs):
    """True if latest_version has something for it. CLI: pkg.upgrade_available bash"""
    return latest_version(name, **kwargs) != ''


def list_repo_pkgs(*args, **kwargs):
    """All versions that the repositories have of packages or globs, newest first; with byrepo=True by repository.

    fromrepo: only of these. CLI: pkg.list_repo_pkgs 'samba4*' fromrepo=base
    """
    found = {}
    for what in ('installed', 'available'):
        reply = _list(what, kwargs, *((['--showduplicates'] if what == 'available' else []) + list(args)))
        for row in yumoutput.rows(reply['stdout']):
            name = yumoutput.shown_name(row, _native())
            found.setdefault(row.repo if what == 'available' else 'installed', {}).setdefault(name, []).append(row.version)
    if pkgtools.is_true(kwargs.get('byrepo', False)):
        found.pop('installed', None)
        return dict((repo, dict((name, rpmquery.newest(names[name])) for name in names)) for repo, names in found.items())
    merged = {}
    for names in found.values():
        for name in names:
            merged.setdefault(name, []).extend(names[name])
    return yumoutput.fitting(dict((name, rpmquery.newest(merged[name])) for name in merged), args)


def list_upgrades(refresh=True, **kwargs):
    """What an upgrade would install: names to versions. Options: see pkg.latest_version. CLI: pkg.list_upgrades"""
    if pkgtools.is_true(refresh):
        refresh_db(**kwargs)
    reply = _list('updates', kwargs)
    if reply['retcode'] != 0 and 'Error:' in reply['stdout'] + reply['stderr']:
        return {}
    return dict((name, found[0]) for name, found in yumoutput.versions(reply['stdout'], _native()).items())


list_updates = list_upgrades


def list_downloaded(**kwargs):
    """Package files in the caches: name to version to path, size and time. CLI: pkg.list_downloaded"""
    found = {}
    for folder, _, names in (step for top in CACHES for step in os.walk(top)):
        for path in (os.path.join(folder, name) for name in fnmatch.filter(names, '*.rpm')):
            package, stat = __salt__['lowpkg.bin_pkg_info'](path), os.stat(path)
            found.setdefault(package['name'], {})[package['version']] = {
                'path': path, 'size': stat.st_size, 'creation_date_time_t': int(stat.st_ctime),
                'creation_date_time': time.strftime('%Y-%m-%dT%H:%M:%S', time.gmtime(stat.st_ctime))}
    return found


def info_installed(*names, **kwargs):
    """Details of installed packages, of all without a name. Options: see lowpkg.info. CLI: pkg.info_installed httpd"""
    wanted = dict((name, kwargs[name]) for name in ('attr', 'all_versions') if name in kwargs)
    renamed = {'source_rpm': 'source'}
    found = {}
    for name, details in __salt__['lowpkg.info'](*names, **wanted).items():
        many = details if isinstance(details, list) else [details]
        many = [dict((renamed.get(key, key), one[key]) for key in one) for one in many]
        found[name] = many if isinstance(details, list) else many[0]
    return found


def file_list(*packages, **kwargs):
    """The files of packages in one list. CLI: pkg.file_list httpd"""
    return __salt__['lowpkg.file_list'](*packages)


def file_dict(*packages, **kwargs):
    """The files of packages, by package. CLI: pkg.file_dict httpd"""
    return __salt__['lowpkg.file_dict'](*packages)


def owner(*paths, **kwargs):
    """The package that a file belongs to, '' if there is none; a mapping for several. CLI: pkg.owner /usr/bin/vim"""
    return __salt__['lowpkg.owner'](*paths)


def verify(*names, **kwargs):
    """Files that differ from what the packages brought. CLI: pkg.verify httpd"""
    return __salt__['lowpkg.verify'](*names, **pkgtools.public(kwargs))


def modified(*packages, **flags):
    """Files that differ, and in what. CLI: pkg.modified httpd"""
    return __salt__['lowpkg.modified'](*packages, **pkgtools.public(flags))


# ---- the metadata

def refresh_db(**kwargs):
    """Fetch the metadata; True if there are updates, None if there are none, False on errors.

    check_update: False leaves out asking for updates. CLI: pkg.refresh_db
    """
    options = yumoutput.repo_options(kwargs)
    _run([_tool(), '--quiet', '--assumeyes', 'clean', 'expire-cache'] + options, ignore_retcode=True)
    if pkgtools.is_true(kwargs.get('check_update', True)):
        reply = _run([_tool(), '--quiet', '--assumeyes', 'check-update'] + options, ignore_retcode=True)
        return {100: True, 0: None}.get(reply['retcode'], False)
    return True


def clean_metadata(**kwargs):
    """See pkg.refresh_db. CLI: pkg.clean_metadata"""
    return refresh_db(**kwargs)


# ---- installing and removing

def install(name=None, refresh=False, skip_verify=False, pkgs=None, sources=None, downloadonly=False, reinstall=False,
            normalize=True, update_holds=False, saltenv='base', ignore_epoch=False, **kwargs):
    """Install packages; what changed: name to old and new version.

    name: one, or several joined by commas; version: its version, or a condition as '>=1.0'. pkgs: a list of names or
    mappings to versions. sources: a list of mappings of names to .rpm files or addresses. refresh: fetch the metadata
    first. skip_verify: also without signatures. fromrepo: only from this repository; enablerepo, disablerepo,
    disableexcludes, setopt: as yum has them. update_holds: also what is held. CLI: pkg.install vim
    """
    if pkgtools.is_true(refresh):
        refresh_db(**kwargs)
    targets, kind = __salt__['pkg_resource.parse_targets'](name, pkgs, sources, saltenv=saltenv, normalize=normalize,
                                                           **kwargs)
    if not targets:
        return {}
    old, errors = list_pkgs(versions_as_list=False), []
    sorted_targets = _sorted(targets, kind, old, pkgtools.is_true(reinstall), ignore_epoch, errors, kwargs)
    options = yumoutput.repo_options(kwargs) + (['--nogpgcheck'] if pkgtools.is_true(skip_verify) else [])
    options += ['--downloadonly'] if pkgtools.is_true(downloadonly) else []
    held = _held_among(targets) if pkgtools.is_true(update_holds) else []
    if held:
        __salt__['pkg.unhold'](pkgs=held)
    for action in ('install', 'downgrade', 'reinstall'):
        if sorted_targets[action]:
            reply = _run([_tool(), '-y'] + options + [action] + sorted_targets[action], scope=True)
            if reply['retcode'] != 0:
                errors.append(reply['stderr'] or reply['stdout'])
    if held:
        __salt__['pkg.hold'](pkgs=held)
    new = list_pkgs(versions_as_list=False)
    changed = pkgtools.changes(old, new)
    for one in targets if reinstall and kind != 'file' else ():
        if one in old and sorted_targets['reinstall']:
            changed.setdefault(one, {'old': old[one], 'new': new.get(one, '')})
    if errors:
        raise pkgtools.failed('Error occurred installing package(s)', errors, changed)
    return changed


def _held_among(targets):
    return [name for name in __salt__['pkg.list_holds'](full=False) if name in targets]


def _sorted(targets, kind, old, reinstall, ignore_epoch, errors, keywords):
    """{'install': words, 'downgrade': words, 'reinstall': words}."""
    found = {'install': [], 'downgrade': [], 'reinstall': []}
    if kind == 'file':
        found['reinstall' if reinstall else 'install'] = list(targets)
        return found
    for name, wanted in targets.items():
        wanted = None if wanted is None else compat.to_native(compat.shown(wanted)).strip()
        if wanted and (wanted[:1] in '<>!' or '*' in wanted):
            available = list_repo_pkgs(name, **keywords).get(name, [])
            condition, wanted = wanted, pkgtools.best(wanted, available,
                                                      lambda a, b: rpmversion.compare(a, b, ignore_epoch))
            if wanted is None:
                errors.append("No version matching '%s%s' could be found (available: %s)" % (
                    name, condition, ', '.join(available) or None))
                continue
        present = old.get(name, '').split(',')[-1]
        order = rpmversion.compare(wanted.lstrip('='), present) if wanted and present else None
        action = 'downgrade' if order == -1 else 'reinstall' if reinstall and present and order in (0, None) else 'install'
        found[action].append(_word(name, wanted))
    return found


def _word(name, wanted):
    """name-epoch:version-release.arch, of which all but the name may be missing."""
    if not wanted:
        return name
    base, arch = rpmquery.split_arch(name)
    return '%s-%s%s' % (base, wanted.lstrip('='), '.' + arch if arch else '')


def remove(name=None, pkgs=None, **kwargs):
    """Remove packages; what changed. CLI: pkg.remove vim"""
    targets = __salt__['pkg_resource.parse_targets'](name, pkgs)[0]
    old = list_pkgs()
    wanted = pkgtools.matching(old, targets)
    if not wanted:
        return {}
    reply = _run([_tool(), '-y', 'remove'] + wanted, scope=True)
    changed = pkgtools.changes(old, list_pkgs())
    if reply['retcode'] != 0 and reply['stderr']:
        raise pkgtools.failed('Error occurred removing package(s)', [reply['stderr']], changed)
    return changed


def purge(name=None, pkgs=None, **kwargs):
    """The same as pkg.remove, as rpm knows no other way. CLI: pkg.purge vim"""
    return remove(name=name, pkgs=pkgs)


def upgrade(name=None, pkgs=None, refresh=True, skip_verify=False, normalize=True, minimal=False, obsoletes=True,
            diff_attr=None, **kwargs):
    """Upgrade packages, all without a name; what changed.

    minimal: only what fixes need; security=True: only security fixes. obsoletes: also replace what is obsolete.
    diff_attr: details instead of versions, see pkg.list_pkgs. Options: see pkg.install. CLI: pkg.upgrade
    """
    if pkgtools.is_true(refresh):
        refresh_db(**kwargs)
    old = list_pkgs(attr=diff_attr)
    options = yumoutput.repo_options(kwargs) + (['--nogpgcheck'] if pkgtools.is_true(skip_verify) else [])
    options += ['--security'] if pkgtools.is_true(kwargs.get('security', False)) else []
    options += ['--downloadonly'] if pkgtools.is_true(kwargs.get('downloadonly', False)) else []
    targets = __salt__['pkg_resource.parse_targets'](name, pkgs, normalize=normalize)[0] if name or pkgs else {}
    action = ('upgrade' if obsoletes else 'update') + ('-minimal' if minimal else '')
    reply = _run([_tool(), '--quiet', '-y'] + options + [action] + [_word(one, targets[one]) for one in targets], scope=True)
    changed = pkgtools.changes(old, list_pkgs(attr=diff_attr))
    if reply['retcode'] != 0:
        raise CommandExecutionError('Problem encountered upgrading packages', info={'changes': changed, 'result': reply})
    return changed


def update(name=None, pkgs=None, refresh=True, skip_verify=False, normalize=True, minimal=False, obsoletes=False, **kwargs):
    """Like pkg.upgrade, but what is obsolete stays. CLI: pkg.update"""
    return upgrade(name, pkgs, refresh, skip_verify, normalize, minimal, obsoletes, **kwargs)
