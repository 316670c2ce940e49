"""Running apt without questions, and reading what it prints."""
from __future__ import absolute_import, division, print_function

import logging
import re
import time

from minion import compat
from minion.helpers import pkgtools

log = logging.getLogger(__name__)

QUIET = {'APT_LISTBUGS_FRONTEND': 'none', 'APT_LISTCHANGES_FRONTEND': 'none', 'DEBIAN_FRONTEND': 'noninteractive',
         'UCF_FORCE_CONFFOLD': '1'}
LOCKED = ('Could not get lock', 'Unable to acquire the dpkg frontend lock', 'Unable to lock')
TRIES, PAUSE = 24, 5.0                          # two minutes in all, for unattended upgrades and their like
_UPGRADE = re.compile(r'^Conf ([^ ]+) \(([^ ]+)', re.MULTILINE)
_SIZE = re.compile(r' \[.+B\]$')


def call(argv, functions, env=None, scope=True, pause=time.sleep):
    """The reply of cmd.run_all to apt; another process that holds the lock is waited for.

    :param functions: `__salt__`.  :param env: more variables.  :param bool scope: outlive a restart of the minion.
    """
    argv = pkgtools.isolated(argv, functions) if scope else list(argv)
    variables = dict(environment(env), **QUIET)
    for left in range(TRIES, -1, -1):
        reply = functions['cmd.run_all'](argv, python_shell=False, env=variables, output_loglevel='trace')
        if reply['retcode'] == 0 or not left or not any(text in reply['stderr'] for text in LOCKED):
            return reply
        log.warning('another process holds the lock of the package database; %d tries left', left)
        pause(PAUSE)


def environment(env):
    """{name: value} of a mapping or a list of mappings."""
    made = {}
    for part in env if isinstance(env, (list, tuple)) else [env]:
        if isinstance(part, compat.Mapping):
            made.update((compat.to_native(compat.shown(name)), compat.to_native(compat.shown(part[name])))
                        for name in part)
    return made


def upgradable(text):
    """{name: version} of what `apt-get --just-print upgrade` would configure."""
    return dict(_UPGRADE.findall(text))


def fetched(text):
    """({source: True fetched, None unchanged, False ignored or failed}, [sources that failed]) of `apt-get update`."""
    found, broken = {}, []
    for line in text.splitlines():
        words = line.split()
        if len(words) < 2:
            continue
        source, verdict = ' '.join(words[1:]), words[0].split(':')[0]
        if verdict == 'Get':
            found[_SIZE.sub('', source)] = True
        elif verdict in ('Ign', 'Err'):
            found[source] = False
            if verdict == 'Err':
                broken.append(source)
        elif verdict == 'Hit':
            found[source] = None
    return found, broken


def candidates(text):
    """{name: candidate version or ''} of `apt-cache policy`."""
    found, name = {}, None
    for line in text.splitlines():
        if line and not line[0].isspace():
            name = line.rstrip(':')
        elif name and line.strip().startswith('Candidate:'):
            version = line.split(':', 1)[1].strip()
            found[name] = '' if version == '(none)' else version
    return found


def records(text, wanted=()):
    """{name: {version: {field: value}}} of `apt-cache show`; `wanted`: lower-case names of fields, all without any."""
    found, one = {}, {}
    for line in text.splitlines() + ['']:
        field, colon, value = line.strip().partition(':')
        if not line.strip():
            name, version = one.pop('Package', None), one.pop('Version', None)
            if name is not None and version is not None:
                found.setdefault(name, {}).setdefault(version, {}).update(one)
            one = {}
        elif colon and (not wanted or field.strip().lower() in ('package', 'version') or
                        field.strip().lower() in wanted):
            one[field.strip()] = value.strip()
    return found


def versions(text):
    """{name: [versions, newest first]} of `apt-cache show` or `apt-cache dump`."""
    found, name = {}, None
    for line in text.splitlines():
        words = line.split()
        if len(words) < 2:
            continue
        if words[0] == 'Package:':
            name = words[1]
        elif words[0] == 'Version:' and name and words[1] not in found.setdefault(name, []):
            found[name].append(words[1])
    return found


def to_be_removed(text):
    """Names of what `apt-get --just-print autoremove` would take away."""
    rows = [line.split() for line in text.splitlines() if line.startswith(('Remv ', 'Purg '))]
    return [row[1] for row in rows if len(row) > 1]
