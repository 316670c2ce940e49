"""Packages and their files as rpm knows them (lowpkg.*), on RHEL, SUSE and their kin."""
from __future__ import absolute_import, division, print_function

import os
import shutil
import tempfile

from minion.errors import CommandExecutionError, SaltInvocationError
from minion.helpers import environment, pkgtools, rpmquery, rpmversion

__virtualname__ = 'lowpkg'
FAMILIES = ('RedHat', 'Suse', 'Mandriva')


def __virtual__():
    if not environment.which('rpm'):
        return False, 'The rpm execution module failed to load: rpm binary is not in the path.'
    if __grains__.get('os_family') in FAMILIES:
        return __virtualname__
    return False, 'The rpm execution module failed to load: only available on redhat/suse type systems.'


def _run(*argv, **options):
    return __salt__['cmd.run_all'](list(argv), python_shell=False, output_loglevel='trace', **options)


def _rpm(keywords, *argv, **options):
    root = keywords.get('root')
    return _run('rpm', *((['--root', root] if root else []) + list(argv)), **options)


def bin_pkg_info(path, saltenv='base'):
    """Name, version and architecture of an .rpm file, which may be an address. CLI: lowpkg.bin_pkg_info /tmp/foo.rpm"""
    if '://' in path:
        found = pkgtools.cached(path, saltenv, __salt__)
        if not found:
            raise CommandExecutionError("Unable to retrieve %s from saltenv '%s'" % (path, saltenv))
        path = found
    elif not os.path.isabs(path):
        raise SaltInvocationError('%s does not exist on minion' % path)
    elif not os.path.exists(path):
        raise CommandExecutionError('%s does not exist on minion' % path)
    reply = _run('rpm', '-qp', '--queryformat', rpmquery.LIST, path)
    packages = [one for one in (rpmquery.parse(line) for line in reply['stdout'].splitlines()) if one]
    if not packages:
        raise CommandExecutionError('Unable to get info for %s: %s' % (path, reply['stderr']))
    package = packages[-1]
    return {'name': rpmquery.key(package, __grains__.get('osarch')), 'version': rpmquery.full_version(package),
            'arch': package.arch}


def list_pkgs(*packages, **kwargs):
    """Installed packages and their versions, all without a name. CLI: lowpkg.list_pkgs httpd"""
    words = ['-q'] + list(packages) if packages else ['-qa']
    reply = _rpm(kwargs, *(words + ['--queryformat', '%{NAME} %{VERSION}\\n']))
    rows = [line.split(None, 1) for line in reply['stdout'].splitlines() if 'is not installed' not in line]
    return dict(row for row in rows if len(row) == 2)


def verify(*packages, **kwargs):
    """Files that differ from what the packages brought: path to type and mismatches.

    ignore_types: config, doc, ghost, license, readme: left out. verify_options: more of rpm's, as nouser.
    CLI: lowpkg.verify httpd
    """
    ignored = pkgtools.words(kwargs.get('ignore_types'))
    words = ['-V' if packages else '-Va']
    words += ['--%s' % option.lstrip('-') for option in pkgtools.words(kwargs.get('verify_options'))]
    reply = _rpm(kwargs, *(words + list(packages)), ignore_retcode=True)
    if not reply['stdout'].strip() and reply['stderr'] and reply['retcode'] != 0:
        raise CommandExecutionError(reply['stderr'])
    return rpmquery.verified(reply['stdout'], ignored)


def modified(*packages, **flags):
    """Files that differ, with what differs as True: path to size, mode, checksum... CLI: lowpkg.modified httpd"""
    reply = _rpm(flags, *((['-V'] + list(packages)) if packages else ['-Va']), ignore_retcode=True)
    found = {}
    for path, one in rpmquery.verified(reply['stdout']).items():
        wrong = set('checksum' if name == 'md5' else 'symlink' if name == 'readlink' else name
                    for name in one.get('mismatch', ()))
        wanted = dict((name, value) for name, value in pkgtools.public(flags).items() if name != 'root')
        if all((name in wrong) == bool(value) for name, value in wanted.items()):
            found[path] = sorted(wrong)
    return found


def _files(packages, keywords):
    """{package: files}, and what rpm says of packages that are not there."""
    names = list(packages) or sorted(set(one.name for one in rpmquery.installed(__salt__['cmd.run_all'],
                                                                                keywords.get('root'))))
    found, errors = {}, []
    for name in names:
        reply = _rpm(keywords, '-ql', name)
        lines = [line for line in reply['stdout'].splitlines() if line.startswith('/')]
        if reply['retcode'] != 0:
            errors.append('package %s is not installed' % name)
        else:
            found[name] = lines
    return found, errors


def file_list(*packages, **kwargs):
    """The files of packages, of all without a name, in one sorted list. CLI: lowpkg.file_list httpd"""
    found, errors = _files(packages, kwargs)
    return {'errors': errors, 'files': sorted(set(path for lines in found.values() for path in lines))}


def file_dict(*packages, **kwargs):
    """The files of packages, of all without a name, by package. CLI: lowpkg.file_dict httpd"""
    found, errors = _files(packages, kwargs)
    return {'errors': errors, 'packages': found}


def owner(*paths, **kwargs):
    """The package that a file belongs to, '' if there is none; a mapping for several. CLI: lowpkg.owner /usr/bin/vim"""
    found = {}
    for path in paths:
        reply = _rpm(kwargs, '-qf', '--queryformat', '%{name}', path)
        found[path] = reply['stdout'] if reply['retcode'] == 0 else ''
    return '' if not found else list(found.values())[0] if len(paths) == 1 else found


def diff(package_path, path):
    """How a file differs from the one in an .rpm file, as diff shows it. CLI: lowpkg.diff /root/foo.rpm /etc/foo"""
    folder = tempfile.mkdtemp(prefix='rpmdiff-')
    try:
        # what is in the pipe is binary and large, so that a shell connects both; it gets the names as variables
        reply = __salt__['cmd.run_all']('rpm2cpio "$PACKAGE" | cpio -id --quiet ".$NAME"', cwd=folder, python_shell=True,
                                        env={'PACKAGE': package_path, 'NAME': path}, ignore_retcode=True)
        found = os.path.join(folder, path.lstrip('/'))
        if not os.path.isfile(found):
            raise CommandExecutionError('%s is not in %s: %s' % (path, package_path, reply['stderr']))
        return _run('diff', '-u', found, path, ignore_retcode=True)['stdout'] or 'File is the same'
    finally:
        shutil.rmtree(folder)


def info(*packages, **kwargs):
    """Details of installed packages, of all without a name.

    attr: names of details, comma-separated or a list. all_versions: lists of all versions. CLI: lowpkg.info httpd
    """
    words = ['-q'] + list(packages) if packages else ['-qa']
    reply = _rpm(kwargs, *(words + ['--queryformat', rpmquery.DETAILS]))
    if reply['retcode'] != 0:
        text = reply['stderr'] or reply['stdout']
        raise CommandExecutionError('Error getting packages information: ' + text if packages else text)
    wanted, found = pkgtools.words(kwargs.get('attr')), {}
    for one in rpmquery.details(reply['stdout']):
        name = one['name']
        if wanted:
            one = dict((key, one[key]) for key in one if key in wanted)
        found.setdefault(name, []).append(one)
    if pkgtools.is_true(kwargs.get('all_versions')):
        return found
    return dict((name, found[name][0]) for name in found)


def version_cmp(ver1, ver2, ignore_epoch=False):
    """-1, 0 or 1 as the first version is older, equal or newer. CLI: lowpkg.version_cmp 0.2-001 0.2.0.1-002"""
    return rpmversion.compare(ver1, ver2, ignore_epoch)


def checksum(*paths, **kwargs):
    """True for each .rpm file whose digests are right. CLI: lowpkg.checksum /path/to/a.rpm"""
    if not paths:
        raise CommandExecutionError('No package files has been specified.')
    return dict((path, os.path.exists(path) and not _rpm(kwargs, '-K', '--nosignature', path, ignore_retcode=True)['retcode'])
                for path in paths)
