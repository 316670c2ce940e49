"""How full file systems are, from a limit on: `- /: 63%`; the name may be an expression for mount points."""
from __future__ import absolute_import, division, print_function

import os
import re

from minion.helpers import beaconconfig

_OWN = ('interval', 'disable_during_state_run', 'beacon_module', 'enabled', 'onchangeonly', 'emitatstartup', '_beacon_name')


def validate(config):
    """(True or False, why)"""
    if not isinstance(config, list):
        return False, 'Configuration for diskusage beacon must be a list.'
    return True, 'Valid beacon configuration'


def beacon(config):
    """[{mount, diskusage}] for each file system that is that full."""
    found, mounts = [], _mounts()
    for name, limit in beaconconfig.flat(config).items():
        if name in _OWN:
            continue
        limit = float(str(limit).strip().rstrip('%'))
        for mount in _matching(name, mounts):
            used = _percent(mount)
            if used is not None and used >= limit:
                found.append({'diskusage': used, 'mount': mount})
    return found


def _mounts():
    with open('/proc/self/mounts') as stream:
        points = [line.split()[1] for line in stream if len(line.split()) > 1]
    return sorted(set(re.sub(r'\\([0-7]{3})', lambda octal: chr(int(octal.group(1), 8)), point) for point in points))


def _matching(name, mounts):
    if name in mounts:
        return [name]
    try:
        pattern = re.compile(name + r'\Z')
    except re.error:
        return []
    return [mount for mount in mounts if pattern.match(mount)]


def _percent(mount):
    """As df shows it: used of what users can have."""
    try:
        status = os.statvfs(mount)
    except OSError:                                  # unmounted meanwhile, or not for us
        return None
    used = status.f_blocks - status.f_bfree
    total = used + status.f_bavail
    return round(100.0 * used / total, 1) if total else None
