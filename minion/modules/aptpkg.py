"""Packages of Debian and its kin (pkg.*), through apt and dpkg. What is held: aptselections.py; repositories: aptrepos.py."""
from __future__ import absolute_import, division, print_function

import fnmatch
import logging
import os
import time

from minion import compat
from minion.errors import CommandExecutionError, CommandNotFoundError, SaltInvocationError
from minion.helpers import aptcommand, aptinstall, dpkgquery, dpkgversion, environment, pkgtools

log = logging.getLogger(__name__)

__virtualname__ = 'pkg'
ARCHIVES = '/var/cache/apt/archives'
LISTS = '/var/lib/apt/lists'


def __virtual__():
    if __grains__.get('os_family') == 'Debian':
        return __virtualname__
    return False, 'The pkg module could not be loaded: unsupported OS family'


def _call(*argv, **options):
    return aptcommand.call(argv, __salt__, **options)


def _ask(*argv):
    return dpkgquery.ask(__salt__['cmd.run_all'], *argv)


# ---- what is there

def list_pkgs(versions_as_list=False, removed=False, purge_desired=False, **kwargs):
    """Installed packages and their versions.

    versions_as_list: lists of versions. removed: those of which configuration files stay; purge_desired: those that are
    marked for purging. CLI: pkg.list_pkgs
    """
    native, found = (__grains__.get('osarch', ''), 'all'), {}
    wanted = ('purge',) if pkgtools.is_true(purge_desired) else None
    for desired, state, name, version, architecture in dpkgquery.statuses(__salt__['cmd.run_all']):
        if wanted:
            fits = desired in wanted and state == 'installed'
        elif pkgtools.is_true(removed):
            fits = desired in ('deinstall', 'purge') and state == 'config-files'
        else:
            fits = desired in ('install', 'hold') and state != 'not-installed' and state != 'config-files'
        if fits:
            key = name if architecture in native else '%s:%s' % (name, architecture)
            found.setdefault(key, []).append(version)
    if not pkgtools.is_true(versions_as_list):
        __salt__['pkg_resource.stringify'](found)
    return found


def version(*names, **kwargs):
    """The installed version of a package, '' if it is not; a mapping for several or a glob. CLI: pkg.version vim"""
    return __salt__['pkg_resource.version'](*names, **kwargs)


def latest_version(*names, **kwargs):
    """The version that could be installed or upgraded to, '' if there is none newer; a mapping unless apt knows just one.

    refresh: False leaves the index as it is. fromrepo: of this release. show_installed: also if it is installed.
    cache_valid_time: seconds for which the index counts as fresh. CLI: pkg.latest_version vim
    """
    if 'repo' in kwargs:
        raise SaltInvocationError("The 'repo' argument is invalid, use 'fromrepo' instead")
    if not names:
        return ''
    if pkgtools.is_true(kwargs.get('refresh', True)):
        refresh_db(kwargs.get('cache_valid_time', 0))
    release = ['-o', 'APT::Default-Release=%s' % kwargs['fromrepo']] if kwargs.get('fromrepo') else []
    reply = _call('apt-cache', '-q', 'policy', *(list(names) + release), scope=False)
    known, installed = aptcommand.candidates(reply['stdout']), list_pkgs(versions_as_list=True)
    shown = pkgtools.is_true(kwargs.get('show_installed', False))
    found = dict((name, _newer(known.get(name, ''), [] if shown else installed.get(name, []))) for name in names)
    if reply['retcode'] != 0:
        __context__['retcode'] = reply['retcode']        # an unknown release: the job fails with it
    told = [name for name in names if name in known]     # what apt has never heard of does not count
    return found[told[0]] if len(told) == 1 else found


available_version = latest_version


def _newer(candidate, installed):
    if candidate and any(dpkgversion.compare(one, candidate) in (0, 1) for one in installed):
        return ''
    return candidate


def upgrade_available(name, **kwargs):
    """True if latest_version has something for it, whatever `fromrepo` says. CLI: pkg.upgrade_available vim"""
    return latest_version(name, **dict(kwargs, fromrepo=None)) != ''


def list_upgrades(refresh=True, dist_upgrade=True, **kwargs):
    """What an upgrade would install: names to versions. CLI: pkg.list_upgrades"""
    if pkgtools.is_true(refresh):
        refresh_db(kwargs.get('cache_valid_time', 0))
    words = ['apt-get', '--just-print', 'dist-upgrade' if dist_upgrade else 'upgrade']
    if kwargs.get('fromrepo'):
        words += ['-o', 'APT::Default-Release=%s' % kwargs['fromrepo']]
    reply = _call(*words, scope=False)
    if reply['retcode'] != 0:
        text = reply['stderr'] or reply['stdout']
        raise CommandExecutionError('Failed to get upgrades' + (': ' + text if text else ''))
    return aptcommand.upgradable(reply['stdout'])


def list_downloaded(root=None, **kwargs):
    """Package files in the cache of apt: name to version to path, size and time. CLI: pkg.list_downloaded"""
    found, top = {}, (root or '').rstrip('/') + ARCHIVES
    for folder, _, names in os.walk(top):
        for path in (os.path.join(folder, name) for name in fnmatch.filter(names, '*_*_*.deb')):
            name, number, architecture = os.path.basename(path)[:-len('.deb')].split('_')[:3]
            name += '' if architecture in (__grains__.get('osarch', ''), 'all') else ':' + architecture
            stat = os.stat(path)
            found.setdefault(name, {})[number.replace('%3a', ':').replace('%3A', ':')] = {
                'path': path, 'size': stat.st_size, 'creation_date_time_t': int(stat.st_ctime),
                'creation_date_time': time.strftime('%Y-%m-%dT%H:%M:%S', time.gmtime(stat.st_ctime))}
    return found


def list_repo_pkgs(*args, **kwargs):
    """All versions that the repositories have of packages or globs, newest first. CLI: pkg.list_repo_pkgs 'php5*'"""
    if pkgtools.is_true(kwargs.get('refresh', False)):
        refresh_db(kwargs.get('cache_valid_time', 0))
    words = ['apt-cache', 'show'] + list(args) if args else ['apt-cache', 'dump']
    reply = __salt__['cmd.run_all'](words, python_shell=False, ignore_retcode=True, output_loglevel='trace')
    return aptcommand.versions(reply['stdout'])


def show(*names, **kwargs):
    """The records of packages in the index: name to version to fields.

    filter: names of fields, comma-separated or a list. refresh: True refreshes the index first. CLI: pkg.show vim
    """
    kwargs = pkgtools.public(kwargs)
    refresh, fields = kwargs.pop('refresh', False), pkgtools.words(kwargs.pop('filter', None))
    pkgtools.refuse(kwargs)
    if pkgtools.is_true(refresh):
        refresh_db()
    if not names:
        return {}
    reply = _call('apt-cache', 'show', *names, scope=False)
    return aptcommand.records(reply['stdout'], [field.lower() for field in fields])


def info_installed(*names, **kwargs):
    """Details of installed packages, of all without a name.

    failhard: False: {} instead of an error if one is not installed. CLI: pkg.info_installed vim
    """
    kwargs = pkgtools.public(kwargs)
    failhard = kwargs.pop('failhard', True)
    pkgtools.refuse(kwargs)
    keys = {'package': 'name', 'section': 'group', 'maintainer': 'packager', 'homepage': 'url', 'origin': 'vendor'}
    found = {}
    for name, details in __salt__['lowpkg.info'](*names, failhard=failhard).items():
        if details.get('status', 'ii')[1:2] == 'i':
            found[name] = dict((keys.get(key, key), details[key]) for key in details if key != 'status')
    return found


def file_list(*packages, **kwargs):
    """The files of packages in one list. CLI: pkg.file_list hostname"""
    return __salt__['lowpkg.file_list'](*packages)


def file_dict(*packages, **kwargs):
    """The files of packages, by package. CLI: pkg.file_dict hostname"""
    return __salt__['lowpkg.file_dict'](*packages)


def owner(*paths, **kwargs):
    """The package that a file belongs to, '' if there is none; a mapping for several. CLI: pkg.owner /bin/sh"""
    found = dict((path, _ask('dpkg', '-S', path)['stdout'].split(':')[0]) for path in paths)
    return '' if not found else list(found.values())[0] if len(paths) == 1 else found


def which(path):
    """The package that a file belongs to, False if there is none. CLI: pkg.which /bin/sh"""
    if not os.path.exists(path):
        return False
    reply = __salt__['cmd.run_all'](['dpkg', '-S', path], python_shell=False, ignore_retcode=True)
    return reply['stdout'].split(':')[0] if reply['retcode'] == 0 else False


# ---- names and versions

def normalize_name(name):
    """A name without an architecture that is the host's own. CLI: pkg.normalize_name zsh:amd64"""
    base, colon, architecture = name.rpartition(':')
    return base if colon and architecture in (__grains__.get('osarch', ''), 'all') else name


def parse_arch(name):
    """{'name': ..., 'arch': ...} of a name such as zsh:amd64. CLI: pkg.parse_arch zsh:amd64"""
    base, colon, architecture = name.rpartition(':')
    return {'name': base, 'arch': architecture} if colon else {'name': name, 'arch': None}


def version_cmp(pkg1, pkg2, ignore_epoch=False, **kwargs):
    """-1, 0 or 1 as the first version is older, equal or newer; None if one is no version. CLI: pkg.version_cmp 1 2"""
    return dpkgversion.compare(pkg1, pkg2, ignore_epoch)


# ---- the index

def refresh_db(cache_valid_time=0, failhard=False, **kwargs):
    """Fetch the indexes: source to True (fetched), None (unchanged) or False (failed).

    cache_valid_time: seconds for which the old ones count as fresh. failhard: raise if a source failed.
    CLI: pkg.refresh_db
    """
    if cache_valid_time:
        try:
            if time.time() - os.stat(LISTS).st_mtime < int(cache_valid_time):
                return {}
        except (OSError, ValueError):
            log.warning('the age of %s is not known; it is refreshed', LISTS)
    reply = _call('apt-get', '-q', 'update', scope=False)
    if reply['retcode'] != 0:
        raise CommandExecutionError(reply['stderr'])
    found, broken = aptcommand.fetched(reply['stdout'])
    if failhard and broken:
        raise CommandExecutionError('Error getting repos: %s' % ', '.join(broken))
    return found


# ---- installing and removing

def install(name=None, refresh=False, fromrepo=None, skip_verify=False, debconf=None, pkgs=None, sources=None,
            reinstall=False, downloadonly=False, ignore_epoch=False, normalize=True, **kwargs):
    """Install packages; what changed: name to old and new version.

    name: one, or several joined by commas; version: its version, or a condition as '>=1.0'. pkgs: a list of names or
    mappings to versions. sources: a list of mappings of names to .deb files or addresses. fromrepo: release to take.
    refresh: fetch the indexes first (cache_valid_time: unless this fresh). skip_verify: also without signatures.
    debconf: answers. reinstall, downloadonly, only_upgrade, install_recommends, force_yes, force_conf_new: as apt-get
    has them. env: variables. CLI: pkg.install vim
    """
    if pkgtools.is_true(refresh):
        refresh_db(kwargs.get('cache_valid_time', 0))
    if debconf:
        _answer(debconf)
    targets, kind = __salt__['pkg_resource.parse_targets'](name, pkgs, sources, normalize=normalize, **kwargs)
    if not targets:
        return {}
    options, old, skip = kwargs, list_pkgs(), pkgtools.is_true(skip_verify)
    words = aptinstall.file_prefix(options, skip) if kind == 'file' else aptinstall.prefix(
        options, skip, fromrepo or kwargs.get('repo'))
    planner = aptinstall.Planner(old, words, pkgtools.is_true(reinstall), pkgtools.is_true(downloadonly))
    if kind == 'file':
        for path in targets:
            found = __salt__['lowpkg.bin_pkg_info'](path)
            planner.add(found['name'], path, found['version'])
    else:
        _choose(planner, targets, ignore_epoch)
    return _carry_out(planner.plan(kind != 'file'), old, kwargs.get('env'))


def _answer(source):
    if 'debconf.set_file' not in __salt__:
        raise CommandExecutionError('debconf: %s' % __salt__.missing('debconf.set_file'))
    __salt__['debconf.set_file'](source)


def _choose(planner, targets, ignore_epoch):
    conditional = [name for name in targets if aptinstall.is_condition(_text(targets[name]))]
    available = list_repo_pkgs(*conditional) if conditional else {}
    for name, wanted in targets.items():
        wanted, error = _text(wanted), None
        if name in conditional:
            wanted, error = aptinstall.chosen(name, wanted, available.get(name, []), ignore_epoch)
        if error:
            planner.errors.append(error)
        else:
            wanted = wanted.lstrip('=') if wanted else None
            planner.add(name, '%s=%s' % (name, wanted) if wanted else name, wanted)


def _text(value):
    return None if value is None else compat.to_native(compat.shown(value))


def _carry_out(plan, old, env):
    errors, changed = list(plan.errors), {}
    if plan.commands:
        held = [name for name in __salt__['pkg.get_selections'](state='hold').get('hold', []) if name in plan.names]
        if held:
            __salt__['pkg.unhold'](pkgs=held)
        for argv in plan.commands:
            reply = _call(*argv, env=env)
            if reply['retcode'] != 0:
                errors.append(reply['stderr'] or reply['stdout'])
        new = list_pkgs()
        changed = pkgtools.changes(old, new)
        for name in plan.again:
            changed.setdefault(name, {'old': old.get(name, ''), 'new': new.get(name, '')})
        if held:
            __salt__['pkg.hold'](pkgs=held)
    if errors:
        raise pkgtools.failed('Problem encountered installing package(s)', errors, changed)
    return changed


def _uninstall(action, name, pkgs, env):
    targets = __salt__['pkg_resource.parse_targets'](name, pkgs)[0]
    old, old_removed = list_pkgs(), list_pkgs(removed=True)
    wanted = pkgtools.matching(old, targets)
    if action == 'purge':
        wanted += [one for one in pkgtools.matching(old_removed, targets) if one not in wanted]
    if not wanted:
        return {}
    reply = _call('apt-get', '-q', '-y', action, *wanted, env=env)
    changed = pkgtools.changes(old, list_pkgs())
    if action == 'purge':
        changed = {'removed': pkgtools.changes(old_removed, list_pkgs(removed=True)), 'installed': changed}
    if reply['retcode'] != 0:
        raise pkgtools.failed('Problem encountered removing package(s)', [reply['stderr'] or reply['stdout']], changed)
    return changed


def remove(name=None, pkgs=None, **kwargs):
    """Remove packages, not their configuration files; what changed. CLI: pkg.remove vim"""
    return _uninstall('remove', name, pkgs, kwargs.get('env'))


def purge(name=None, pkgs=None, **kwargs):
    """Remove packages and their configuration files; what changed. CLI: pkg.purge vim"""
    return _uninstall('purge', name, pkgs, kwargs.get('env'))


def autoremove(list_only=False, purge=False):
    """Remove what was installed for others and is not needed any more; what changed, or a list of names.

    list_only: only tell. purge: with configuration files. CLI: pkg.autoremove
    """
    if list_only:
        return aptcommand.to_be_removed(_call('apt-get', '--just-print', 'autoremove', scope=False)['stdout'])
    old = list_pkgs()
    _call('apt-get', '--assume-yes', *((['--purge'] if purge else []) + ['autoremove']))
    return pkgtools.changes(old, list_pkgs())


def upgrade(refresh=True, dist_upgrade=False, **kwargs):
    """Upgrade all packages; what changed.

    dist_upgrade: also where others must be removed. download_only, skip_verify, force_yes, force_conf_new,
    allow_downgrades: as for pkg.install. CLI: pkg.upgrade
    """
    if pkgtools.is_true(refresh):
        refresh_db(kwargs.get('cache_valid_time', 0))
    old, words = list_pkgs(), ['apt-get', '-q', '-y'] + aptinstall.conf_files(kwargs)
    for option, flags in (('force_yes', '--force-yes'), ('skip_verify', '--allow-unauthenticated'),
                          ('download_only', '--download-only'), ('downloadonly', '--download-only'),
                          ('allow_downgrades', '--allow-downgrades')):
        words += [flags] if pkgtools.is_true(kwargs.get(option, False)) else []
    reply = _call(*(words + ['dist-upgrade' if dist_upgrade else 'upgrade']), env=kwargs.get('env'))
    changed = pkgtools.changes(old, list_pkgs())
    if reply['retcode'] != 0:
        raise CommandExecutionError('Problem encountered upgrading packages', info={'changes': changed, 'result': reply})
    return changed


def services_need_restart(**kwargs):
    """Names of services that run with files that an upgrade replaced. CLI: pkg.services_need_restart"""
    if not environment.which('checkrestart'):
        raise CommandNotFoundError("'checkrestart' is needed. It is part of the 'debian-goodies' package which can be "
                                   'installed from official repositories.')
    reply = __salt__['cmd.run_all'](['checkrestart', '--machine', '--package'], python_shell=False)
    rows = [line[len('SERVICE:'):].split(',') for line in reply['stdout'].splitlines() if line.startswith('SERVICE:')]
    return [row[0] for row in rows]
