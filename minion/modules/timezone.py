"""Time zone and hardware clock (timezone.*)."""
from __future__ import absolute_import, division, print_function

import filecmp
import os
import re

from minion import compat
from minion.errors import CommandExecutionError, SaltInvocationError
from minion.helpers import environment, etcfile, tool

_ZONES, _LOCAL, _NAME = '/usr/share/zoneinfo', '/etc/localtime', '/etc/timezone'
_ADJTIME, _RCS = '/etc/adjtime', '/etc/default/rcS'
_CLOCK = '/etc/sysconfig/clock'            # of RedHat and Suse before systemd


def __virtual__():
    if __grains__.get('kernel') == 'Linux':
        return True
    return False, 'The timezone execution module cannot be loaded: only available on Linux.'


def _has_timedatectl():
    return environment.which('timedatectl') is not None


def _ask(pattern):
    """What timedatectl shows behind a label."""
    answer = tool.run(__salt__, ['timedatectl'])
    if answer['retcode']:
        raise CommandExecutionError('timedatectl failed: %s' % (answer['stderr'] or answer['stdout']))
    found = re.search(pattern, answer['stdout'])
    if not found:
        raise CommandExecutionError('Failed to parse timedatectl output: %s\nPlease file an issue with SaltStack'
                                    % answer['stdout'])
    return found.group(1)


# ---- the zone

def get_zone():
    """Name of the time zone, such as America/Denver. CLI: timezone.get_zone"""
    if _has_timedatectl():
        return _ask(r'Time ?zone:\s+(\S+)')
    named = _written()
    if named:
        return named
    linked = os.path.realpath(_LOCAL)
    if linked.startswith(_ZONES + '/'):
        return os.path.relpath(linked, _ZONES)
    raise CommandExecutionError('The time zone is named neither in %s nor by a link at %s' % (_NAME, _LOCAL))


def _written():
    for line in etcfile.lines(_NAME, missing=True):
        if line.strip() and not line.startswith('#'):
            return line.strip()
    for line in etcfile.lines(_CLOCK, missing=True):
        found = re.match(r'\s*(?:ZONE|TIMEZONE)=["\']?([^"\'\s]+)', line)
        if found:
            return found.group(1)
    return None


def get_zonecode():
    """Short name of the time zone now, such as MST. CLI: timezone.get_zonecode"""
    return tool.output(__salt__, ['date', '+%Z'])


def get_offset():
    """Difference to UTC now, such as -0700. CLI: timezone.get_offset"""
    return tool.output(__salt__, ['date', '+%z'])


def _path(timezone):
    """The file of a zone, None if there is none: never one outside of the folder of zones."""
    path = os.path.normpath(os.path.join(_ZONES, timezone.lstrip('/')))
    return path if path.startswith(_ZONES + '/') and os.path.isfile(path) else None


def zone_compare(timezone):
    """True if the system's time zone is this one; without systemd, if it has the same rules. CLI: timezone.zone_compare UTC"""
    name = compat.to_native(compat.shown(timezone))
    if _has_timedatectl() and tool.succeeds(__salt__, ['timedatectl']):
        return get_zone() == name
    path = _path(name)
    if path is None:
        raise SaltInvocationError('Can\'t find a local timezone "%s"' % timezone)
    if not os.path.exists(_LOCAL):
        raise CommandExecutionError('Failed to compare timezones: %s does not exist' % _LOCAL)
    return filecmp.cmp(_LOCAL, path, shallow=False)


def set_zone(timezone):
    """Set the time zone; True, or why not. CLI: timezone.set_zone America/Denver"""
    path, done = _path(timezone), False
    if _has_timedatectl():
        done = tool.succeeds(__salt__, ['timedatectl', 'set-timezone', timezone])
    if path is None:
        return 'Zone does not exist: %s' % os.path.join(_ZONES, timezone)
    if done:
        return True
    fresh = _LOCAL + '.minion-new'
    if os.path.lexists(fresh):
        os.unlink(fresh)
    os.symlink(path, fresh)
    os.rename(fresh, _LOCAL)
    if os.path.exists(_NAME) or __grains__.get('os_family') == 'Debian':
        etcfile.rewrite(_NAME, timezone.strip('/') + '\n')
    if os.path.exists(_CLOCK):
        _set_clock(re.compile(r'\s*(ZONE|TIMEZONE)='), timezone)
    return True


def _set_clock(pattern, value):
    lines = etcfile.lines(_CLOCK)
    for number, line in enumerate(lines):
        found = pattern.match(line)
        if found:
            lines[number] = '%s="%s"\n' % (found.group(1), value)
    etcfile.rewrite(_CLOCK, ''.join(lines))


# ---- the hardware clock

def get_hwclock():
    """What the hardware clock keeps: UTC or localtime. CLI: timezone.get_hwclock"""
    if _has_timedatectl():
        return 'localtime' if _ask(r'RTC in local TZ:\s+(\S+)').lower() == 'yes' else 'UTC'
    lines = [line.strip() for line in etcfile.lines(_ADJTIME, missing=True)]
    if len(lines) > 2:
        return 'localtime' if lines[2] == 'LOCAL' else 'UTC'
    local = [line for line in etcfile.lines(_RCS, missing=True) if re.match(r'\s*UTC\s*=\s*["\']?no', line)]
    return 'localtime' if local else 'UTC'


def set_hwclock(clock):
    """Let the hardware clock keep UTC or localtime; True if that was done. CLI: timezone.set_hwclock UTC"""
    local = clock == 'localtime'
    if _has_timedatectl():
        return tool.succeeds(__salt__, ['timedatectl', 'set-local-rtc', 'true' if local else 'false'])
    if not local and clock != 'UTC':
        raise SaltInvocationError("clock must be either 'UTC' or 'localtime'")
    tool.checked(__salt__, ['hwclock', '--systohc', '--localtime' if local else '--utc'], 'hwclock failed: ')
    return True
