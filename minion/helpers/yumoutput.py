"""Reading what yum and dnf print, and the options that both take for repositories."""
from __future__ import absolute_import, division, print_function

import fnmatch
import re
from collections import namedtuple

from minion.helpers import pkgtools, rpmquery

Row = namedtuple('Row', 'name arch version repo')
HOLD_PATTERN = r'[\w+]+(?:[.-][^-]+)*'
_HELD = re.compile(r'!?(?:\d+:)?(?P<full>(?P<name>.+?)-(?:\d+:)?[^-]+-[^-]+?)(?:\.\*|\.[a-z0-9_]+)?\Z')


def rows(text):
    """Every Row of `yum list`; a long name has the rest of its row in the next line."""
    joined = re.sub(r'\n[ \t]+(?=\S)', ' ', text)
    for words in (line.split() for line in joined.splitlines()):
        if len(words) == 3:
            name, arch = rpmquery.split_arch(words[0])
            if arch:
                yield Row(name, arch, words[1], words[2].lstrip('@'))


def shown_name(row, native):
    """The name of a row as modules show it."""
    return row.name if row.arch in (native, 'noarch') else '%s.%s' % (row.name, row.arch)


def versions(text, native):
    """{name: [versions, the newest first]} of `yum list`."""
    found = {}
    for row in rows(text):
        found.setdefault(shown_name(row, native), []).append(row.version)
    return dict((name, rpmquery.newest(found[name])) for name in found)


def repo_options(keywords):
    """Options of the command line for fromrepo (or repo), enablerepo, disablerepo, disableexcludes, branch, setopt."""
    only = keywords.get('fromrepo') or keywords.get('repo')
    if only:
        found = ['--disablerepo=*', '--enablerepo=%s' % only]
    else:
        found = ['--%s=%s' % (name, repo) for name in ('disablerepo', 'enablerepo')
                 for repo in pkgtools.words(keywords.get(name))]
    if keywords.get('disableexcludes'):
        found.append('--disableexcludes=%s' % keywords['disableexcludes'])
    if keywords.get('branch'):
        found.append('--branch=%s' % keywords['branch'])
    return found + ['--setopt=%s' % option for option in pkgtools.words(keywords.get('setopt'))]


def held(text, full):
    """Packages of `yum versionlock list`, whole or only their names."""
    found = []
    for line in text.splitlines():
        lock = _HELD.match(line.strip())
        if lock and ' ' not in line.strip():
            found.append(lock.group('full') if full else lock.group('name'))
    return found


_SECTIONS = {'mandatory': 'mandatory', 'default': 'default', 'optional': 'optional', 'conditional': 'conditional'}


def group(text):
    """Details of one group of `yum groupinfo`: type, group, id, description and its packages by kind."""
    found, section = dict((name, []) for name in ('mandatory', 'optional', 'default', 'conditional')), None
    for line in text.splitlines():
        head, colon, value = line.strip().partition(':')
        kind = head.lower().split(' ')[0]
        if colon and kind in _SECTIONS and ('package' in head.lower() or 'group' in head.lower()):
            section = kind
            found.setdefault('type', 'environment group' if 'group' in head.lower() else 'package group')
        elif colon and head in ('Group', 'Environment Group', 'Group-Id', 'Environment-Id', 'Id', 'Description', 'Name'):
            section = None
            key = {'Description': 'description', 'Name': 'group'}.get(head, 'id' if head.endswith('Id') else 'group')
            found[key] = value.strip()
        elif section and line.strip():
            found[section].append(line.strip().lstrip('+-=@ '))
    return found if found.get('group') or section else {}


_LISTS = {'installed groups': 'installed', 'available groups': 'available',
          'installed environment groups': 'installed environments',
          'available environment groups': 'available environments', 'available language groups': 'available languages',
          'installed language groups': 'installed languages'}


def groups(text):
    """{kind: names} of `yum grouplist hidden`."""
    found = {'installed': [], 'available': [], 'installed environments': [], 'available environments': [],
             'available languages': {}}
    section = None
    for line in text.splitlines():
        title = line.strip().rstrip(':').lower()
        if title in _LISTS:
            section = _LISTS[title]
        elif section and line[:1].isspace() and line.strip():
            name = line.strip()
            if isinstance(found.get(section), dict):
                name, _, language = name.partition(' [')
                found[section][name] = {'name': name, 'language': language.rstrip(']')}
            else:
                found.setdefault(section, []).append(name)
    return found


def patches(text):
    """{advisory: {'installed': ..., 'summary': [packages]}} of `yum updateinfo list all`."""
    found = {}
    for line in text.splitlines():
        row = re.match(r'([i ]?)\s*([A-Z]+-[0-9A-Za-z:-]+)\s+(\S+)\s+(\S+)\Z', line)
        if row:
            one = found.setdefault(row.group(2), {'installed': row.group(1) == 'i', 'summary': []})
            one['installed'] = one['installed'] or row.group(1) == 'i'
            one['summary'].append(row.group(4))
    return found


def fitting(names, patterns):
    """{name: ...} of a mapping whose names fit one of the globs; all without a glob."""
    return dict((name, names[name]) for name in names
                if not patterns or any(fnmatch.fnmatchcase(name, pattern) for pattern in patterns))
