"""Readers of the files in /etc that say which distribution this is: os-release, lsb-release, *-release."""
from __future__ import absolute_import, division, print_function

import re
from collections import namedtuple

_ASSIGNMENT = re.compile(r'^([A-Za-z0-9_]+)=(["\']?)(.*)\2$')
_ESCAPED = re.compile(r'\\([\\$"\'`])')
_LSB = re.compile(r'^DISTRIB_(ID|RELEASE|CODENAME|DESCRIPTION)=["\']?([\w\s.\-]+)')
_RELEASE_FILE = re.compile(r'^\w+[-_](?:release|version)$')
_OTHERS = frozenset(('debian_version', 'lsb-release', 'oem-release', 'os-release', 'system-release', 'plesk-release',
                     'iredmail-release', 'board-release', 'ec2_version'))
_RELEASE = re.compile(r'^(?P<name>.*?[^\W\d_].*?) *(?:release *)?(?P<version>\d[a-z\d.+\-]*)(?: LTS)? *'
                      r'(?:\((?P<codename>.*)\)[^)]*)?$')
_CODENAME = re.compile(r'\((\D+)\)|,\s*(\D+)')

Release = namedtuple('Release', 'name version codename')


def os_release(root):
    """{NAME: value} of os-release, None without such a file. NAME, ID and PRETTY_NAME are always there."""
    text = root.text('/etc/os-release')
    if text is None:
        text = root.text('/usr/lib/os-release')
    if text is None:
        return None
    found = {'NAME': 'Linux', 'ID': 'linux', 'PRETTY_NAME': 'Linux'}
    for line in text.splitlines():
        match = _ASSIGNMENT.match(line.strip())
        if match:
            found[match.group(1)] = _ESCAPED.sub(r'\1', match.group(3))
    return found


def lsb_release(root):
    """{'lsb_distrib_id': ..., _release, _codename, _description} as far as /etc/lsb-release has them."""
    found = {}
    for line in root.lines('/etc/lsb-release'):
        match = _LSB.match(line)
        if match:
            found['lsb_distrib_' + match.group(1).lower()] = match.group(2).rstrip()
    return found


def release_file(root):
    """The Release that the first of /etc/*-release and /etc/*_version tells, empty texts if none does."""
    for name in root.names('/etc'):
        if name not in _OTHERS and _RELEASE_FILE.match(name):
            lines = root.lines('/etc/' + name)
            if lines and lines[0].strip():
                return parse_release(lines[0].strip())
    return Release('', '', '')


def parse_release(line):
    """Release of 'CentOS Linux release 7.9.2009 (Core)'; a line without a number is all name."""
    match = _RELEASE.match(line)
    if match:
        return Release(match.group('name'), match.group('version'), match.group('codename') or '')
    if re.match(r'^\d[\w.+\-]*$', line):                  # alpine-release holds nothing but the number
        return Release('', line, '')
    return Release(line, '', '')


def codename(info):
    """The code name in os-release data: VERSION_CODENAME, or what VERSION has in parentheses or behind a comma."""
    for key in ('VERSION_CODENAME', 'UBUNTU_CODENAME'):
        if key in info:
            return info[key]
    match = _CODENAME.search(info.get('VERSION', ''))
    return (match.group(1) or match.group(2)).strip() if match else ''


def most_precise(versions):
    """The first of the texts that has the most dots; empty ones do not count."""
    best = ''
    for version in versions:
        if version and (not best or version.count('.') > best.count('.')):
            best = version
    return best
