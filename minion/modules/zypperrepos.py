"""Repositories, locks, patterns, products and patches of zypper (pkg.*)."""
from __future__ import absolute_import, division, print_function

import fnmatch
import os
import time

from minion import compat, files
from minion.errors import CommandExecutionError, CommandNotFoundError, SaltInvocationError
from minion.helpers import environment, pkgtools, rpmrepos, zypperoutput

__virtualname__ = 'pkg'
REPOS, LOCKS, CACHE = '/etc/zypp/repos.d', '/etc/zypp/locks', '/var/cache/zypp/packages'
BOOLEANS = ('enabled', 'autorefresh', 'gpgcheck', 'keeppackages')


def __virtual__():
    if __grains__.get('os_family') != 'Suse':
        return False, 'Module zypper: non SUSE OS not supported by zypper package manager'
    if not environment.which('zypper'):
        return False, 'Module zypper: zypper package manager not found'
    return __virtualname__


def _zypper(words, root=None, refresh=False, xml=True, allowed=()):
    argv = ['zypper', '--non-interactive'] + (['--root', root] if root else [])
    argv += (['--xmlout'] if xml else []) + ([] if refresh else ['--no-refresh']) + list(words)
    return zypperoutput.checked(__salt__['cmd.run_all'](argv, python_shell=False, output_loglevel='trace',
                                                        ignore_retcode=True), allowed)


# ---- repositories

def list_repos(root=None, **kwargs):
    """All repositories: alias to options. CLI: pkg.list_repos"""
    return dict((alias, _shown(alias, one)) for alias, one in rpmrepos.all_of([(root or '') + REPOS]).items())


def _shown(alias, options):
    found = dict((key, value) for key, value in options.items() if key != 'file')
    found['alias'] = alias
    for key in BOOLEANS:
        if key in found:
            found[key] = pkgtools.is_true(found[key])
    if found.get('priority', '').isdigit():
        found['priority'] = int(found['priority'])
    return found


def get_repo(repo, root=None, **kwargs):
    """The options of a repository, {} if there is none. CLI: pkg.get_repo alias"""
    return list_repos(root).get(repo, {})


def del_repo(repo, root=None):
    """Delete a repository: {alias: True, 'message': ...}. CLI: pkg.del_repo alias"""
    if repo not in list_repos(root):
        raise CommandExecutionError("Repository '%s' not found." % repo)
    _zypper(['rr', '--loose-auth', '--loose-query', repo], root)
    return {repo: True, 'message': "Repository '%s' has been removed." % repo}


def mod_repo(repo, **kwargs):
    """Add a repository or change it; its options.

    url or mirrorlist: of a new one. name, enabled, refresh, priority, cache, gpgcheck, gpgautoimport, humanname.
    CLI: pkg.mod_repo alias url=http://host/path refresh=True
    """
    root, known = kwargs.get('root'), get_repo(repo, kwargs.get('root'))
    url = kwargs.get('url') or kwargs.get('mirrorlist') or kwargs.get('baseurl')
    if not known:
        if not url:
            raise CommandExecutionError("Repository '%s' not found, and neither 'baseurl' nor 'mirrorlist' was specified"
                                        % repo)
        _zypper(['ar', url, repo], root)
    elif url and url != known.get('baseurl'):
        _zypper(['rr', repo], root)
        _zypper(['ar', url, repo], root)
    words = _modifications(kwargs)
    if words:
        _zypper(['mr'] + words + [repo], root)
    if pkgtools.is_true(kwargs.get('gpgautoimport', False)):
        _zypper(['--gpg-auto-import-keys', 'refresh', repo], root, refresh=True, xml=False)
    if not words and known and not url:
        return dict(known, comment='Specified arguments did not result in modification of repo')
    return get_repo(repo, root)


def _modifications(options):
    words = []
    for name, yes, no in (('enabled', '--enable', '--disable'), ('refresh', '--refresh', '--no-refresh'),
                          ('cache', '--keep-packages', '--no-keep-packages'), ('gpgcheck', '--gpgcheck', '--no-gpgcheck')):
        if name in options:
            words.append(yes if pkgtools.is_true(options[name]) else no)
    if 'priority' in options:
        words.append('--priority=%s' % options['priority'])
    return words + (['--name=%s' % options['humanname']] if options.get('humanname') else [])


# ---- locks

def list_locks(root=None):
    """Locks: name to their options. CLI: pkg.list_locks"""
    data = files.read((root or '') + LOCKS) or b''
    return zypperoutput.locks(compat.to_native(compat.decode_lossy(data)))


def clean_locks(root=None):
    """Take away locks that mean nothing any more: {'removed': number}. CLI: pkg.clean_locks"""
    if not os.path.exists((root or '') + LOCKS):
        return {'removed': 0}
    text = _zypper(['cl'], root, xml=False)['stdout']
    numbers = [word for word in text.split() if word.isdigit()]
    return {'removed': int(numbers[0]) if numbers else 0}


def list_holds(pattern=None, full=True, root=None, **kwargs):
    """Installed packages that are held, with their versions or with full=False only names. CLI: pkg.list_holds"""
    installed = __salt__['pkg.list_pkgs'](root=root)
    names = [name for name in sorted(installed) if any(fnmatch.fnmatchcase(name, lock) for lock in list_locks(root))]
    names = [name for name in names if not pattern or fnmatch.fnmatchcase(name, pattern)]
    return ['%s-%s' % (name, installed[name]) if full else name for name in names]


def _targets(name, pkgs):
    if not name and not pkgs:
        raise CommandExecutionError('Name or packages must be specified.')
    return list(__salt__['pkg_resource.parse_targets'](name, pkgs)[0])


def hold(name=None, pkgs=None, root=None, **kwargs):
    """Keep packages at their versions; name to result, changes and comment. CLI: pkg.hold vim"""
    known, found = list_locks(root), {}
    for target in _targets(name, pkgs):
        one = found[target] = {'name': target, 'changes': {}, 'result': True, 'comment': ''}
        if target in known:
            one['comment'] = 'Package %s is already set to be held.' % target
        elif __opts__.get('test'):
            one.update(result=None, comment='Package %s is set to be held.' % target)
        else:
            _zypper(['al', target], root)
            one.update(changes={'new': 'hold', 'old': ''}, comment='Package %s is now being held.' % target)
    return found


def unhold(name=None, pkgs=None, root=None, **kwargs):
    """Let packages be upgraded again; name to result, changes and comment. CLI: pkg.unhold vim"""
    known, found = list_locks(root), {}
    for target in _targets(name, pkgs):
        one = found[target] = {'name': target, 'changes': {}, 'result': True, 'comment': ''}
        if target not in known:
            one.update(result=False, comment='Package %s was already unlocked.' % target)
        elif __opts__.get('test'):
            one.update(result=None, comment='Package %s is set to be unheld.' % target)
        else:
            _zypper(['rl', target], root)
            one.update(changes={'new': '', 'old': 'hold'}, comment='Package %s is no longer held.' % target)
    return found


# ---- patterns, products, patches

def _refresh(refresh, root):
    if pkgtools.is_true(refresh):
        __salt__['pkg.refresh_db'](root=root)


def _solvables(words, root):
    reply = _zypper(['search', '--details'] + words, root, allowed=(zypperoutput.NOT_FOUND,))
    return zypperoutput.attributes(reply['stdout'], 'solvable')


def list_patterns(refresh=False, root=None):
    """Patterns: name to whether it is installed, and a summary. CLI: pkg.list_patterns"""
    _refresh(refresh, root)
    found = {}
    for one in _solvables(['--type', 'pattern'], root):
        installed = one.get('status') == 'installed' or found.get(one['name'], {}).get('installed', False)
        found[one['name']] = {'installed': installed, 'summary': one.get('summary', '')}
    return found


def list_installed_patterns(root=None):
    """Patterns that are installed. CLI: pkg.list_installed_patterns"""
    return dict((name, one) for name, one in list_patterns(root=root).items() if one['installed'])


def search(criteria, refresh=False, **kwargs):
    """Packages of which the name has `criteria` in it: name to summary and attributes.

    match: exact, words or substrings. installed_only, not_installed_only, ignore_case; provides, recommends, requires,
    suggests, conflicts, obsoletes: look there. CLI: pkg.search vim
    """
    kwargs, words = pkgtools.public(kwargs), []
    root, match = kwargs.pop('root', None), kwargs.pop('match', None)
    _refresh(refresh, root)
    if match and match not in ('exact', 'words', 'substrings'):
        raise SaltInvocationError('match must be exact, words or substrings, not %s' % match)
    words += ['--match-%s' % match] if match else []
    for option in ('provides', 'recommends', 'requires', 'suggests', 'conflicts', 'obsoletes', 'file_list'):
        words += ['--' + option.replace('_', '-')] if pkgtools.is_true(kwargs.get(option, False)) else []
    words += ['--installed-only'] if kwargs.get('installed_only') else []
    words += ['--not-installed-only'] if kwargs.get('not_installed_only') else []
    words += ['--case-sensitive'] if not kwargs.get('ignore_case', True) else []
    found = dict((one['name'], one) for one in _solvables(words + [criteria], root))
    if not found:
        raise CommandExecutionError("No packages found matching '%s'" % criteria)
    return found


def list_products(all=False, refresh=False, root=None):
    """Products that are installed, with all=True those that could be: a list of mappings. CLI: pkg.list_products"""
    _refresh(refresh, root)
    found = []
    reply = _zypper(['products'] + ([] if all else ['-i']), root)
    for one in zypperoutput.tree(reply['stdout']).iter('product'):
        entry = dict((compat.to_native(key), compat.to_native(value)) for key, value in one.attrib.items())
        entry.update((key, pkgtools.is_true(entry.get(key, False))) for key in ('installed', 'isbase'))
        for part in one:
            if part.tag == 'endoflife' and part.get('time_t'):
                seconds = int(float(part.get('time_t')))
                entry.update(eol_t=seconds, eol=time.strftime('%Y-%m-%dT%H:%M:%SZ', time.gmtime(seconds)))
            elif part.tag == 'descr':
                entry['description'] = ' '.join((part.text or '').split())
        found.append(entry)
    return found


def list_patches(refresh=False, root=None, **kwargs):
    """Patches: name to whether it is installed, and a summary. CLI: pkg.list_patches"""
    _refresh(refresh, root)
    return dict((one['name'], {'installed': one.get('status') == 'installed', 'summary': one.get('summary', '')})
                for one in _solvables(['--type', 'patch'], root))


def list_installed_patches(root=None, **kwargs):
    """Patches that are installed. CLI: pkg.list_installed_patches"""
    return dict((name, one) for name, one in list_patches(root=root).items() if one['installed'])


# ---- others

def list_provides(root=None, **kwargs):
    """What installed packages provide: capability to names of packages. CLI: pkg.list_provides"""
    argv = ['rpm'] + (['--root', root] if root else []) + ['-qa', '--queryformat', '[%{PROVIDES}_|-%{NAME}\\n]']
    found = {}
    for line in __salt__['cmd.run'](argv, python_shell=False, output_loglevel='trace').splitlines():
        capability, _, name = line.partition('_|-')
        if name and name not in found.setdefault(capability, []):
            found[capability].append(name)
    return found


def resolve_capabilities(pkgs, refresh=False, root=None, **kwargs):
    """Packages in the place of capabilities that just one package provides. CLI: pkg.resolve_capabilities '[a, b]'"""
    _refresh(refresh, root)
    found = []
    for item in pkgs:
        name = list(item)[0] if isinstance(item, compat.Mapping) else item
        exact = [one['name'] for one in _solvables(['--match-exact', name], root)]
        providers = [] if exact else sorted(set(
            one['name'] for one in _solvables(['--provides', '--match-exact', name], root)))
        if len(providers) == 1:
            found.append({providers[0]: item[name]} if isinstance(item, compat.Mapping) else providers[0])
        else:
            found.append(item)
    return found


def list_downloaded(root=None, **kwargs):
    """Package files in the cache: name to version to path, size and time. CLI: pkg.list_downloaded"""
    found = {}
    for folder, _, names in os.walk((root or '') + CACHE):
        for path in (os.path.join(folder, name) for name in fnmatch.filter(names, '*.rpm')):
            package, stat = __salt__['lowpkg.bin_pkg_info'](path), os.stat(path)
            found.setdefault(package['name'], {})[package['version']] = {
                'path': path, 'size': stat.st_size, 'creation_date_time_t': int(stat.st_ctime),
                'creation_date_time': time.strftime('%Y-%m-%dT%H:%M:%S', time.gmtime(stat.st_ctime))}
    return found


def services_need_restart(root=None, **kwargs):
    """Names of services that run with files that an upgrade replaced. CLI: pkg.services_need_restart"""
    if not environment.which('zypper'):
        raise CommandNotFoundError('zypper is needed')
    text = _zypper(['ps', '-sss'], root, xml=False)['stdout']
    return [line.strip() for line in text.splitlines() if line.strip()]
