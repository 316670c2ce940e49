"""Repositories, groups, locks and advisories of yum and dnf (pkg.*)."""
from __future__ import absolute_import, division, print_function

import glob
import os

from minion.errors import CommandExecutionError, CommandNotFoundError, SaltInvocationError
from minion.helpers import environment, pkgtools, rpmrepos, yumoutput

__virtualname__ = 'pkg'
DOWNLOADS = '/var/cache/yum/packages'


def __virtual__():
    if __grains__.get('os_family') != 'RedHat':
        return False, 'Module yumpkg: no yum based system detected'
    if not any(environment.which(name) for name in ('dnf5', 'dnf', 'yum')):
        return False, "DNF nor YUM found"
    return __virtualname__


def _tool():
    return next((name for name in ('dnf5', 'dnf', 'yum') if environment.which(name)), 'yum')


def _run(argv, **options):
    return __salt__['cmd.run_all'](argv, python_shell=False, output_loglevel='trace', **options)


# ---- repositories

def list_repos(basedir=None, **kwargs):
    """All repositories: name to options and file. basedir: folders to look into. CLI: pkg.list_repos"""
    return rpmrepos.all_of(rpmrepos.folders(basedir, rpmrepos.YUM))


def get_repo(repo, basedir=None, **kwargs):
    """The options of a repository, {} if there is none. CLI: pkg.get_repo base"""
    found = dict(list_repos(basedir).get(repo, {}))
    found.pop('file', None)
    return found


def del_repo(repo, basedir=None, **kwargs):
    """Delete a repository, and its file if it holds no other; a text that says so. CLI: pkg.del_repo epel"""
    known = list_repos(basedir)
    if repo not in known:
        return 'Error: the %s repo does not exist in %s' % (repo, rpmrepos.folders(basedir, rpmrepos.YUM))
    path = known[repo]['file']
    if rpmrepos.remove(path, repo):
        return 'File %s containing repo %s has been removed' % (path, repo)
    return 'Repo %s has been removed from %s' % (repo, path)


def mod_repo(repo, basedir=None, **kwargs):
    """Add a repository or change its options; {file: {repo: options}}.

    A new one needs name and one of baseurl, mirrorlist, metalink. An option of None goes away.
    CLI: pkg.mod_repo epel name=EPEL baseurl=http://mirror/epel/6
    """
    wanted = dict((name, None if value is None else rpmrepos.text(value))
                  for name, value in pkgtools.public(kwargs).items() if name not in ('saltenv', 'refresh'))
    if 'enabled' in wanted:
        wanted['enabled'] = '1' if pkgtools.is_true(kwargs['enabled']) else '0'
    known = list_repos(basedir)
    if repo in known:
        path = known[repo]['file']
        if wanted.get('mirrorlist') or wanted.get('metalink'):
            wanted.setdefault('baseurl', None)
        elif wanted.get('baseurl'):
            wanted.update((name, None) for name in ('mirrorlist', 'metalink') if name in known[repo])
    else:
        path = _new_file(repo, basedir, wanted)
    return {path: {repo: rpmrepos.change(path, repo, wanted)}}


def _new_file(repo, basedir, wanted):
    places = rpmrepos.folders(basedir, rpmrepos.YUM)
    if not places:
        raise SaltInvocationError('The repo does not exist and needs to be created, but none of the following basedir '
                                  'directories exist: %s' % (basedir or list(rpmrepos.YUM)))
    if not wanted.get('name'):
        raise SaltInvocationError('The repo does not exist and needs to be created, but a name was not given')
    if not any(wanted.get(key) for key in ('baseurl', 'mirrorlist', 'metalink')):
        raise SaltInvocationError('The repo does not exist and needs to be created, but none of baseurl, mirrorlist or '
                                  'metalink was given')
    return '%s/%s.repo' % (places[-1], os.path.basename(repo))


# ---- locks

def _need_versionlock():
    names = {'yum': ('yum-plugin-versionlock', 'yum-versionlock')}.get(
        _tool(), ('python3-dnf-plugin-versionlock', 'python2-dnf-plugin-versionlock', 'python-dnf-plugins-extras-versionlock'))
    if _tool() != 'dnf5' and not any(name in __salt__['pkg.list_pkgs']() for name in names):
        raise SaltInvocationError('Packages cannot be held, %s is not installed.' % names[0])


def list_holds(pattern=yumoutput.HOLD_PATTERN, full=True):
    """Packages that are held, whole or with full=False only their names. CLI: pkg.list_holds full=False"""
    _need_versionlock()
    argv = [_tool(), 'versionlock', 'list'] if _tool() != 'yum' else ['yum', '--quiet', 'versionlock', 'list']
    return yumoutput.held(_run(argv)['stdout'], full)


def _targets(name, pkgs, sources):
    if not name and not pkgs and not sources:
        raise SaltInvocationError('One of name, pkgs, or sources must be specified.')
    if pkgs and sources:
        raise SaltInvocationError('Only one of pkgs or sources can be specified.')
    if sources:
        return [key for source in sources for key in list(source)[:1]]
    return list(pkgtools.named_packages(pkgtools.listed(pkgs))) if pkgs else [name]


def hold(name=None, pkgs=None, sources=None, normalize=True, **kwargs):
    """Keep packages at their versions; name to result, changes and comment. CLI: pkg.hold vim"""
    _need_versionlock()
    held, found = list_holds(full=False), {}
    for target in _targets(name, pkgs, sources):
        one = found[target] = {'name': target, 'changes': {}, 'result': False, 'comment': ''}
        if target in held:
            one.update(result=True, comment='Package %s is already set to be held.' % target)
        elif __opts__.get('test'):
            one.update(result=None, comment='Package %s is set to be held.' % target)
        elif _run([_tool(), 'versionlock'] + (['add'] if _tool() != 'yum' else []) + [target])['retcode'] == 0:
            one.update(result=True, comment='Package %s is now being held.' % target, changes={'new': 'hold', 'old': ''})
        else:
            one.update(comment='Package %s was unable to be held.' % target)
    return found


def unhold(name=None, pkgs=None, sources=None, **kwargs):
    """Let packages be upgraded again; name to result, changes and comment. CLI: pkg.unhold vim"""
    _need_versionlock()
    held, found = list_holds(full=True), {}
    for target in _targets(name, pkgs, sources):
        one = found[target] = {'name': target, 'changes': {}, 'result': False, 'comment': ''}
        locks = [lock for lock in held if lock == target or lock.startswith(target + '-')]
        if not locks:
            one.update(result=True, comment='Package %s is not being held.' % target)
        elif __opts__.get('test'):
            one.update(result=None, comment='Package %s is set to be unheld.' % target)
        elif _run([_tool(), 'versionlock', 'delete'] + _lock_words(target, locks))['retcode'] == 0:
            one.update(result=True, comment='Package %s is no longer held.' % target, changes={'new': '', 'old': locks[0]})
        else:
            one.update(comment='Package %s was unable to be unheld.' % target)
    return found


def _lock_words(target, locks):
    return [target] if _tool() != 'yum' else ['*:%s*' % lock for lock in locks]


# ---- groups

def group_list():
    """Groups of packages: kind to names. CLI: pkg.group_list"""
    words = ['grouplist', 'hidden'] if _tool() == 'yum' else ['group', 'list', '--hidden']
    argv = [_tool(), '--quiet'] + words
    return yumoutput.groups(_run(argv)['stdout'])


def group_info(name, expand=False, ignore_groups=None, **kwargs):
    """Type, id, description and packages of a group; expand: also those of groups in it. CLI: pkg.group_info Base"""
    argv = [_tool(), '--quiet'] + yumoutput.repo_options(kwargs) + (
        ['groupinfo', name] if _tool() == 'yum' else ['group', 'info', name])
    found = yumoutput.group(_run(argv)['stdout'])
    if not found:
        raise CommandExecutionError("Group '%s' not found" % name)
    if expand and found.get('type') == 'environment group':
        seen = set(ignore_groups or ()) | set([name])
        for kind in ('mandatory', 'optional', 'default', 'conditional'):
            inner = [group_info(one, expand=True, ignore_groups=seen) for one in found[kind] if one not in seen]
            found[kind] = sorted(set(package for one in inner for package in one[kind]))
    return found


def group_diff(name, **kwargs):
    """Packages of a group by kind, those installed and those not. CLI: pkg.group_diff Base"""
    group, installed = group_info(name, expand=True, **kwargs), __salt__['pkg.list_pkgs']()
    return dict((kind, {'installed': [one for one in group[kind] if one in installed],
                        'not installed': [one for one in group[kind] if one not in installed]})
                for kind in ('mandatory', 'optional', 'default', 'conditional'))


def group_install(name, skip=[], include=[], **kwargs):
    """Install the mandatory and default packages of groups; what changed.

    name: one, or several joined by commas, or a list. skip, include: packages to leave out, or to add.
    CLI: pkg.group_install 'My Group' skip=foo
    """
    wanted = []
    for group in pkgtools.words(name):
        details = group_info(group, expand=True)
        wanted += details['mandatory'] + details['default']
    left_out, installed = pkgtools.words(skip), __salt__['pkg.list_pkgs']()
    chosen = sorted(set(one for one in wanted + pkgtools.words(include) if one not in left_out and one not in installed))
    return __salt__['pkg.install'](pkgs=chosen, **pkgtools.public(kwargs)) if chosen else {}


# ---- files and advisories

def download(*packages, **kwargs):
    """Fetch packages into a folder of the cache: name to path. CLI: pkg.download httpd"""
    if not packages:
        raise SaltInvocationError('No packages were specified')
    if _tool() == 'yum' and not environment.which('yumdownloader'):
        raise CommandExecutionError("The 'yumdownloader' command must be installed from yum-utils")
    if not os.path.isdir(DOWNLOADS):
        os.makedirs(DOWNLOADS)
    words = ['yumdownloader', '-q'] if _tool() == 'yum' else [_tool(), 'download', '-q']
    _run(words + yumoutput.repo_options(kwargs) + ['--destdir=%s' % DOWNLOADS] + list(packages))
    found = {}
    for name in packages:
        for path in glob.glob('%s/%s-*.rpm' % (DOWNLOADS, name)):
            if __salt__['lowpkg.bin_pkg_info'](path)['name'] == name:
                found[name] = path
    missing = [name for name in packages if name not in found]
    if missing:
        found['_error'] = 'The following package(s) failed to download: %s' % ', '.join(missing)
    return found


def diff(*paths, **kwargs):
    """How files differ from those in the packages that brought them: path to text. CLI: pkg.diff /etc/sysctl.conf"""
    found = {}
    for path in paths:
        package = __salt__['lowpkg.owner'](path)
        fetched = download(package).get(package) if package else None
        if not package:
            found[path] = 'Not a package file'
        else:
            found[path] = __salt__['lowpkg.diff'](fetched, path) if fetched else 'Cannot be fetched: %s' % package
    return found


def list_patches(refresh=False, **kwargs):
    """Advisories: name to whether they are installed, and packages. CLI: pkg.list_patches"""
    if pkgtools.is_true(refresh):
        __salt__['pkg.refresh_db']()
    argv = [_tool(), '--quiet', 'updateinfo', 'list', 'all'] if _tool() == 'yum' else [
        _tool(), '--quiet', 'updateinfo', 'list', '--all']
    reply = _run(argv, ignore_retcode=True)
    if reply['retcode'] != 0:
        raise CommandExecutionError(reply['stderr'])
    return yumoutput.patches(reply['stdout'])


def list_installed_patches(**kwargs):
    """Advisories that are installed. CLI: pkg.list_installed_patches"""
    return dict((name, one) for name, one in list_patches().items() if one['installed'])


def services_need_restart(**kwargs):
    """Names of services that run with files that an upgrade replaced. CLI: pkg.services_need_restart"""
    if _tool() == 'yum':
        raise CommandNotFoundError('dnf is required to list outdated services.')
    if not os.path.isdir('/run/systemd/system'):
        raise CommandExecutionError('systemd is required to list outdated services.')
    return _run([_tool(), '--quiet', 'needs-restarting', '-s'], ignore_retcode=True)['stdout'].split()
