"""Packages of SUSE (pkg.*), through zypper and rpm. Repositories, locks, patterns, patches: zypperrepos.py."""
from __future__ import absolute_import, division, print_function

import os

from minion import compat
from minion.errors import CommandExecutionError, SaltInvocationError
from minion.helpers import environment, pkgtools, rpmquery, rpmversion, zypperoutput

__virtualname__ = 'pkg'
DOWNLOADS = '/var/cache/zypp/packages'


def __virtual__():
    if __grains__.get('os_family') != 'Suse':
        return False, 'Module zypper: non SUSE OS not supported by zypper package manager'
    if not environment.which('zypper'):
        return False, 'Module zypper: zypper package manager not found'
    return __virtualname__


# ---- asking

def _native():
    return __grains__.get('osarch') or __grains__.get('cpuarch', '')


def _zypper(words, root=None, refresh=False, xml=True, scope=False, allowed=()):
    argv = ['zypper', '--non-interactive'] + (['--root', root] if root else [])
    argv += (['--xmlout'] if xml else []) + ([] if refresh else ['--no-refresh']) + list(words)
    argv = pkgtools.isolated(argv, __salt__) if scope else argv
    reply = __salt__['cmd.run_all'](argv, python_shell=False, output_loglevel='trace', ignore_retcode=True,
                                    env={'ZYPP_READONLY_HACK': '0' if scope or refresh else '1'})
    return zypperoutput.checked(reply, allowed)


# ---- names and versions

def normalize_name(name):
    """A name without an architecture that is the host's own. CLI: pkg.normalize_name zsh.x86_64"""
    base, arch = rpmquery.split_arch(name)
    return base if arch in (_native(), 'noarch') else name


def parse_arch(name):
    """{'name': ..., 'arch': ...} of a name such as zsh.x86_64. CLI: pkg.parse_arch zsh.x86_64"""
    base, arch = rpmquery.split_arch(name)
    return {'name': base, 'arch': arch}


def version_cmp(ver1, ver2, ignore_epoch=False, **kwargs):
    """-1, 0 or 1 as the first version is older, equal or newer. CLI: pkg.version_cmp 0.2-001 0.2.0.1-002"""
    return rpmversion.compare(ver1, ver2, ignore_epoch)


# ---- what is there

def list_pkgs(versions_as_list=False, root=None, includes=None, **kwargs):
    """Installed packages and their versions.

    versions_as_list: lists of versions. includes: also `pattern` and `product`. attr: details of each version instead, a
    list or 'all'. CLI: pkg.list_pkgs
    """
    if any(pkgtools.is_true(kwargs.get(name)) for name in ('removed', 'purge_desired')):
        return {}
    attr, found = kwargs.get('attr'), {}
    for package in rpmquery.installed(__salt__['cmd.run_all'], root):
        if package.name != 'gpg-pubkey':
            found.setdefault(rpmquery.key(package, _native()), []).append(rpmquery.attributes(package))
    for kind in pkgtools.words(includes):
        for one in _search(['--installed-only', '--type', kind], root):
            version, _, release = one.get('edition', '').partition('-')
            found['%s:%s' % (kind, one['name'])] = [{'epoch': None, 'version': version, 'release': release,
                                                     'arch': one.get('arch'), 'install_date': None,
                                                     'install_date_time_t': None}]
    attr = attr if attr in (None, 'all') else pkgtools.words(attr)
    return __salt__['pkg_resource.format_pkg_list'](found, pkgtools.is_true(versions_as_list), attr)


def _search(words, root=None, refresh=False):
    reply = _zypper(['search', '--details'] + words, root, refresh, allowed=(zypperoutput.NOT_FOUND,))
    return zypperoutput.attributes(reply['stdout'], 'solvable')


def version(*names, **kwargs):
    """The installed version of a package, '' if it is not; a mapping for several or a glob. CLI: pkg.version bash"""
    return __salt__['pkg_resource.version'](*names, **kwargs)


def info_available(*names, **kwargs):
    """What the repositories tell of packages. CLI: pkg.info_available bash"""
    if not names:
        return {}
    if pkgtools.is_true(kwargs.get('refresh', True)):
        refresh_db(root=kwargs.get('root'))
    found = {}
    for name, one in zypperoutput.infos(_zypper(['info', '-t', 'package'] + sorted(set(names)), kwargs.get('root'),
                                                xml=False, allowed=(zypperoutput.NOT_FOUND,))['stdout']).items():
        status = one.get('status', '').lower()
        found[name] = dict(one, installed=one.get('installed', '').lower().startswith('yes'), status=status)
    return found


def latest_version(*names, **kwargs):
    """The version that could be installed or upgraded to, '' if there is none newer; a mapping for several packages.

    refresh: False leaves the metadata as they are. CLI: pkg.latest_version bash
    """
    if not names:
        return ''
    known, found = info_available(*names, **kwargs), {}
    for name in names:
        one = known.get(name, {})
        newer = not one.get('installed') or 'out-of-date' in one.get('status', '')
        found[name] = one.get('version', '') if newer else ''
    return list(found.values())[0] if len(names) == 1 else found


available_version = latest_version


def upgrade_available(name, **kwargs):
    """True if latest_version has something for it. CLI: pkg.upgrade_available bash"""
    return bool(latest_version(name, **kwargs))


def list_upgrades(refresh=True, root=None, **kwargs):
    """What an upgrade would install: names to versions. fromrepo: only of this repository. CLI: pkg.list_upgrades"""
    if pkgtools.is_true(refresh):
        refresh_db(root=root)
    repo = kwargs.get('fromrepo') or kwargs.get('repo')
    words = ['list-updates'] + (['--repo', repo] if repo else [])
    return zypperoutput.upgrades(_zypper(words, root)['stdout'])


list_updates = list_upgrades


def list_repo_pkgs(*args, **kwargs):
    """All versions that the repositories have of packages or globs, newest first; with byrepo=True by repository.

    fromrepo: only of these. CLI: pkg.list_repo_pkgs 'samba4*'
    """
    repos = pkgtools.words(kwargs.get('fromrepo'))
    words = ['-s', '--type', 'package'] + [word for repo in repos for word in ('--repo', repo)] + (list(args) or ['*'])
    found = {}
    for one in _search(words, kwargs.get('root')):
        repo = found.setdefault(one.get('repository', ''), {})
        repo.setdefault(one['name'], []).append(one.get('edition', ''))
    if pkgtools.is_true(kwargs.get('byrepo', False)):
        return dict((repo, dict((name, rpmquery.newest(names[name])) for name in names)) for repo, names in found.items())
    merged = {}
    for names in found.values():
        for name in names:
            merged.setdefault(name, []).extend(names[name])
    return dict((name, rpmquery.newest(merged[name])) for name in merged)


def info_installed(*names, **kwargs):
    """Details of installed packages, of all without a name. Options: see lowpkg.info. CLI: pkg.info_installed bash"""
    wanted = dict((name, kwargs[name]) for name in ('attr', 'all_versions', 'root') if name in kwargs)
    found = {}
    for name, details in __salt__['lowpkg.info'](*names, **wanted).items():
        many = details if isinstance(details, list) else [details]
        many = [dict(('source' if key == 'source_rpm' else key, one[key]) for key in one) for one in many]
        found[name] = many if isinstance(details, list) else many[0]
    return found


def file_list(*packages, **kwargs):
    """The files of packages in one list. CLI: pkg.file_list bash"""
    return __salt__['lowpkg.file_list'](*packages, **pkgtools.public(kwargs))


def file_dict(*packages, **kwargs):
    """The files of packages, by package. CLI: pkg.file_dict bash"""
    return __salt__['lowpkg.file_dict'](*packages, **pkgtools.public(kwargs))


def owner(*paths, **kwargs):
    """The package that a file belongs to, '' if there is none; a mapping for several. CLI: pkg.owner /usr/bin/vim"""
    return __salt__['lowpkg.owner'](*paths, **pkgtools.public(kwargs))


def verify(*names, **kwargs):
    """Files that differ from what the packages brought. CLI: pkg.verify bash"""
    return __salt__['lowpkg.verify'](*names, **pkgtools.public(kwargs))


def modified(*packages, **flags):
    """Files that differ, and in what. CLI: pkg.modified bash"""
    return __salt__['lowpkg.modified'](*packages, **pkgtools.public(flags))


# ---- the metadata

def refresh_db(force=None, root=None, gpgautoimport=False, **kwargs):
    """Fetch the metadata: repository to True (fetched) or False (it was fresh). CLI: pkg.refresh_db"""
    words = (['--gpg-auto-import-keys'] if gpgautoimport else []) + ['refresh'] + (['--force'] if force else [])
    found = {}
    for line in _zypper(words, root, refresh=True, xml=False)['stdout'].splitlines():
        if line.startswith('Repository') and "'" in line:
            found[line.split("'")[1]] = 'is up to date' not in line
        elif line.startswith(('Retrieving', 'Building')) and "'" in line:
            found[line.split("'")[1]] = True
    return found


# ---- installing and removing

def install(name=None, refresh=False, fromrepo=None, pkgs=None, sources=None, downloadonly=None, skip_verify=False,
            version=None, ignore_repo_failure=False, no_recommends=False, root=None, **kwargs):
    """Install packages; what changed: name to old and new version.

    name: one, or several joined by commas; version: its version, or a condition as '>=1.0'. pkgs: a list of names or
    mappings to versions or conditions. sources: a list of mappings of names to .rpm files or addresses. fromrepo: only
    from this repository. skip_verify: also without signatures. CLI: pkg.install vim
    """
    if pkgtools.is_true(refresh):
        refresh_db(root=root)
    targets, kind = __salt__['pkg_resource.parse_targets'](name, pkgs, sources, version=version, **kwargs)
    if not targets:
        return {}
    words = list(targets) if kind == 'file' else [_word(one, targets[one]) for one in targets]
    options = ['--no-gpg-checks'] if pkgtools.is_true(skip_verify) else []
    command = ['install', '--auto-agree-with-licenses', '--name' if kind != 'file' and not _conditional(words) else None]
    command = [word for word in command if word]
    command += ['--download-only'] if pkgtools.is_true(downloadonly) else []
    command += ['--no-recommends'] if pkgtools.is_true(no_recommends) else []
    command += ['--oldpackage'] if _conditional(words) else []
    command += ['--from', fromrepo] if fromrepo else []
    old = list_pkgs(root=root)
    errors = _attempt(options + command + words, root, ignore_repo_failure)
    changed = pkgtools.changes(old, list_pkgs(root=root))
    if errors:
        raise pkgtools.failed('Problem encountered installing package(s)', errors, changed)
    return changed


def _conditional(words):
    return any(letter in word for word in words for letter in '<>=')


def _word(name, wanted):
    if wanted is None:
        return name
    operator, number = pkgtools.split_condition(compat.to_native(compat.shown(wanted)))
    if operator == '!=':
        raise SaltInvocationError('zypper knows no condition !=, as in %s%s' % (name, wanted))
    return '%s%s%s' % (name, '=' if operator == '==' else operator, number)


def _attempt(words, root, skipped_repositories=False):
    """Texts of what went wrong."""
    try:
        _zypper(words, root, scope=True, allowed=(4,) if skipped_repositories else ())
    except CommandExecutionError as exc:
        return [str(exc)]
    return []


def remove(name=None, pkgs=None, root=None, **kwargs):
    """Remove packages; what changed. CLI: pkg.remove vim"""
    return _uninstall(name, pkgs, root, [])


def purge(name=None, pkgs=None, root=None, **kwargs):
    """Remove packages and what only they needed; what changed. CLI: pkg.purge vim"""
    return _uninstall(name, pkgs, root, ['-u'])


def _uninstall(name, pkgs, root, options):
    targets = __salt__['pkg_resource.parse_targets'](name, pkgs)[0]
    old = list_pkgs(root=root)
    wanted = pkgtools.matching(old, targets)
    if not wanted:
        return {}
    errors = _attempt(['remove'] + options + wanted, root)
    changed = pkgtools.changes(old, list_pkgs(root=root))
    if errors:
        raise pkgtools.failed('Problem encountered removing package(s)', errors, changed)
    return changed


def upgrade(name=None, pkgs=None, refresh=True, dryrun=False, dist_upgrade=False, fromrepo=None, novendorchange=False,
            skip_verify=False, no_recommends=False, root=None, diff_attr=None, **kwargs):
    """Upgrade packages, all without a name; what changed.

    dist_upgrade: a whole new distribution. dryrun: change nothing. novendorchange: stay with the vendors.
    Other options: see pkg.install. CLI: pkg.upgrade
    """
    if pkgtools.is_true(refresh):
        refresh_db(root=root)
    words = (['--no-gpg-checks'] if skip_verify else []) + ['dist-upgrade' if dist_upgrade else 'update']
    words += ['--auto-agree-with-licenses'] + (['--dry-run'] if dryrun else [])
    words += ['--no-recommends'] if no_recommends else []
    words += ['--no-allow-vendor-change'] if novendorchange and dist_upgrade else []
    for repo in pkgtools.words(fromrepo):
        words += ['--from' if dist_upgrade else '--repo', repo]
    targets = __salt__['pkg_resource.parse_targets'](name, pkgs)[0] if name or pkgs else {}
    old = list_pkgs(root=root, attr=diff_attr)
    errors = _attempt(words + list(targets), root)
    changed = pkgtools.changes(old, list_pkgs(root=root, attr=diff_attr))
    if errors:
        raise CommandExecutionError('Problem encountered upgrading packages', info={'changes': changed, 'result': errors[0]})
    return changed


def download(*packages, **kwargs):
    """Fetch packages into the cache: name to repository and path. CLI: pkg.download httpd"""
    if not packages:
        raise SaltInvocationError('No packages specified')
    if pkgtools.is_true(kwargs.get('refresh', False)):
        refresh_db(root=kwargs.get('root'))
    found = {}
    reply = _zypper(['download'] + list(packages), kwargs.get('root'), refresh=True, allowed=(zypperoutput.NOT_FOUND,))
    for result in zypperoutput.tree(reply['stdout']).iter('download-result'):
        parts = dict((part.tag, part) for part in result)
        path = parts['localfile'].get('path', '') if 'localfile' in parts else ''
        name = parts['solvable'].get('n') or parts['solvable'].get('name') if 'solvable' in parts else None
        if name and os.path.isfile(path):
            repository = parts['repository']
            found[name] = {'path': path, 'repository-name': repository.get('name'),
                           'repository-alias': repository.get('alias')}
    if not found:
        raise CommandExecutionError('Unable to download packages: %s' % ', '.join(packages))
    return found


def diff(*paths, **kwargs):
    """How files differ from those in the packages that brought them: path to text. CLI: pkg.diff /etc/sysctl.conf"""
    found = {}
    for path in paths:
        package = __salt__['lowpkg.owner'](path)
        if package:
            found[path] = __salt__['lowpkg.diff'](download(package)[package]['path'], path)
        else:
            found[path] = 'Not a package file'
    return found
