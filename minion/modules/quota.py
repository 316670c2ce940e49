"""Disk quotas (quota.*). device: a device or a mount point."""
from __future__ import absolute_import, division, print_function

import re

from minion.errors import CommandExecutionError, SaltInvocationError
from minion.helpers import environment, tool

_MODE = re.compile(r'(user|group) quota on (\S+) \((\S+)\) is (\S+)')
_GRACE = re.compile(r'(Block|Inode) grace time: ([^;]*)')
_FIELDS = ('block-used', 'block-soft-limit', 'block-hard-limit', 'block-grace', 'file-used', 'file-soft-limit',
           'file-hard-limit', 'file-grace')
_LIMITS = ('block-soft-limit', 'block-hard-limit', 'file-soft-limit', 'file-hard-limit')


def __virtual__():
    if environment.which('setquota'):
        return True
    return False, ('The quota execution module cannot be loaded: the module is only available on POSIX-like systems '
                   'with the setquota binary available.')


def report(mount):
    """Mapping of a mount point to the quotas of its users and groups. CLI: quota.report /media/data"""
    return {mount: {'User Quotas': _report(mount, '-u', 'Users'), 'Group Quotas': _report(mount, '-g', 'Groups')}}


def _report(mount, option, key):
    found = {key: {}}
    for line in tool.output(__salt__, ['repquota', '-vp', option, mount]).splitlines():
        for kind, time in _GRACE.findall(line):
            found['%s Grace Time' % kind] = [time.strip()]
        words = line.split()
        if len(words) == 2 + len(_FIELDS) and re.match(r'[-+]{2}\Z', words[1]):
            found[key][words[0]] = dict(zip(_FIELDS, words[2:]))
    return found


def set(device, **kwargs):
    """Set limits of a user or a group: block-soft-limit, block-hard-limit, file-soft-limit, file-hard-limit.

    Limits that are not named stay as they are. CLI: quota.set /media/data user=larry block-soft-limit=1048576
    """
    user, group = kwargs.get('user'), kwargs.get('group')
    if user and group:
        raise SaltInvocationError('Please specify a user or group, not both.')
    if not user and not group:
        raise CommandExecutionError('A valid user or group was not found')
    option, key, name = ('-u', 'Users', user) if user else ('-g', 'Groups', group)
    current = _report(device, option, key)[key].get(str(name), {})
    limits = dict((limit, kwargs.get(limit, int(current.get(limit, 0)))) for limit in _LIMITS)
    result = tool.run(__salt__, ['setquota', option, name] + [limits[limit] for limit in _LIMITS] + [device])
    if result['retcode']:
        raise CommandExecutionError('Unable to set desired quota. Error follows: \n%s' % result['stderr'])
    return {'%s: %s' % (key[:-1], name): limits}


def warn():
    """Have users be told that they use too much. CLI: quota.warn"""
    tool.output(__salt__, ['warnquota'])


def stats():
    """Mapping of the kernel's statistics of quotas. CLI: quota.stats"""
    rows = [line.partition(': ') for line in tool.output(__salt__, ['quotastats']).splitlines()]
    return dict((key, value) for key, colon, value in rows if colon)


def on(device):
    """Turn quotas on; True, and the retcode of quotaon. CLI: quota.on /media/data"""
    tool.output(__salt__, ['quotaon', device])
    return True


def off(device):
    """Turn quotas off; True, and the retcode of quotaoff. CLI: quota.off /media/data"""
    tool.output(__salt__, ['quotaoff', device])
    return True


def get_mode(device):
    """Mapping of mount points to `device`, and `user` and `group`: on or off. CLI: quota.get_mode /media/data"""
    text = tool.output(__salt__, ['quotaon', '-p', device])
    found = {}
    for kind, mount, where, mode in _MODE.findall(text):
        found.setdefault(mount, {'device': where})[kind] = mode
    return found or {device: 'disabled'}
