"""What rpm tells of packages. Functions that ask take `run`, which is cmd.run_all of the job."""
from __future__ import absolute_import, division, print_function

import re
import time
from collections import namedtuple

from minion.helpers import rpmversion

Package = namedtuple('Package', 'name epoch version release arch installed')
"""`epoch` is '' where there is none; `installed`: seconds, a text."""

LIST = '%{NAME}_|-%{EPOCH}_|-%{VERSION}_|-%{RELEASE}_|-%{ARCH}_|-%{INSTALLTIME}\\n'
ARCHES = ('i386', 'i486', 'i586', 'i686', 'athlon', 'x86_64', 'amd64', 'ia32e', 'ppc', 'ppc64', 'ppc64le', 's390', 's390x',
          'aarch64', 'armv7hl', 'ia64', 'sparc', 'sparc64', 'noarch')
_FIELDS = (('name', 'NAME'), ('relocations', 'PREFIXES'), ('version', 'VERSION'), ('vendor', 'VENDOR'),
           ('release', 'RELEASE'), ('epoch', 'EPOCH'), ('build_date_time_t', 'BUILDTIME'),
           ('install_date_time_t', 'INSTALLTIME'), ('build_host', 'BUILDHOST'), ('group', 'GROUP'),
           ('source_rpm', 'SOURCERPM'), ('size', 'SIZE'), ('arch', 'ARCH'), ('license', 'LICENSE'),
           ('signature', 'SIGPGP:pgpsig'), ('packager', 'PACKAGER'), ('url', 'URL'), ('summary', 'SUMMARY'))
_MARK = '-----'
_NUMBERS = ('build_date_time_t', 'install_date_time_t')
DETAILS = ''.join('%s: %%{%s}\\n' % field for field in _FIELDS) + 'description:\\n%{DESCRIPTION}\\n' + _MARK + '\\n'


def parse(line):
    """A Package from a line of LIST; None if it is none."""
    parts = line.strip().split('_|-')
    if len(parts) != 6:
        return None
    return Package(parts[0], '' if parts[1] == '(none)' else parts[1], *parts[2:])


def key(package, native):
    """The name under which it is shown: with its architecture if that is not the host's."""
    return package.name if package.arch in (native, 'noarch') else '%s.%s' % (package.name, package.arch)


def full_version(package):
    """'1:2-3'."""
    epoch = package.epoch + ':' if package.epoch not in ('', '0') else ''
    return '%s%s-%s' % (epoch, package.version, package.release)


def installed(run, root=None):
    """Every Package."""
    reply = run(['rpm'] + (['--root', root] if root else []) + ['-qa', '--nodigest', '--nosignature', '--queryformat', LIST],
                python_shell=False, output_loglevel='trace')
    return [package for package in (parse(line) for line in reply['stdout'].splitlines()) if package]


def attributes(package):
    """What pkg.list_pkgs can tell of a Package."""
    seconds = int(package.installed) if package.installed.isdigit() else None
    return {'epoch': package.epoch or None, 'version': package.version, 'release': package.release, 'arch': package.arch,
            'install_date': iso(seconds), 'install_date_time_t': seconds}


def iso(seconds):
    """ISO 8601 in UTC, None for None."""
    return None if seconds is None else time.strftime('%Y-%m-%dT%H:%M:%SZ', time.gmtime(seconds))


def details(text):
    """[{name: value}] of packages queried with DETAILS, the newest installed ones of a name first."""
    found = []
    for block in text.split('\n' + _MARK):
        head, _, description = block.lstrip('\n').partition('\ndescription:\n')
        one = {}
        for line in head.splitlines():
            name, _, value = line.partition(': ')
            if value and value != '(none)':
                one[name] = int(value) if name in _NUMBERS and value.isdigit() else value
        if one.get('name'):
            found.append(_complete(one, description))
    return sorted(found, key=lambda one: one.get('install_date_time_t') or 0, reverse=True)


def _complete(one, description):
    one['description'] = description.rstrip('\n')
    for name in ('build_date', 'install_date'):
        if name + '_time_t' in one:
            one[name] = iso(one[name + '_time_t'])
    return one


_VERIFIED = re.compile(r'(?P<flags>missing|[.?SM5DLUGTPC]{8,9})\s+(?:(?P<kind>[cdglra])\s+)?(?P<path>/.*)\Z')
_MISMATCHES = {'S': 'size', 'M': 'mode', '5': 'md5', 'D': 'device', 'L': 'readlink', 'U': 'user', 'G': 'group',
               'T': 'mtime', 'P': 'capabilities'}
_KINDS = {'c': 'config', 'd': 'doc', 'g': 'ghost', 'l': 'license', 'r': 'readme', 'a': 'artifact'}


def verified(text, ignored=()):
    """{path: {'type': ..., 'mismatch': [...]}} of `rpm -V`; files of the kinds `ignored` are left out."""
    found = {}
    for line in text.splitlines():
        row = _VERIFIED.match(line)
        if not row:
            continue
        kind = _KINDS.get(row.group('kind'))
        if kind in ignored:
            continue
        path = row.group('path')
        one = found.setdefault(path, {})
        if kind:
            one['type'] = kind
        if row.group('flags') == 'missing':
            one['missing'] = True
        else:
            one['mismatch'] = [_MISMATCHES[flag] for flag in row.group('flags') if flag in _MISMATCHES]
    return found


def split_arch(name):
    """(name, architecture or None) of 'bash.x86_64'."""
    base, dot, arch = name.rpartition('.')
    return (base, arch) if dot and arch in ARCHES else (name, None)


def newest(versions):
    """Versions, the newest first, each once."""
    return sorted(set(versions), key=_Key, reverse=True)


class _Key(object):
    """Sorts versions."""

    def __init__(self, version):
        self._version = version

    def __lt__(self, other):
        return rpmversion.compare(self._version, other._version) < 0
