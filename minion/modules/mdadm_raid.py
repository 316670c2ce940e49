"""Software RAID of Linux (raid.*)."""
from __future__ import absolute_import, division, print_function

import os
import re

from minion import compat
from minion.errors import CommandExecutionError
from minion.helpers import environment, etcfile, tool

__virtualname__ = 'raid'
__func_alias__ = {'list_': 'list'}


def __virtual__():
    if __grains__.get('kernel') == 'Linux' and environment.which('mdadm'):
        return __virtualname__
    return False, 'The mdadm execution module cannot be loaded: the mdadm binary is not in the path.'


# ---- asking

def list_():
    """Mapping of the RAID devices to their metadata, name and uuid. CLI: raid.list"""
    found = {}
    for line in _scan():
        words = line.split()
        if words[:1] == ['ARRAY'] and len(words) > 1:
            pairs = [word.partition('=') for word in words[2:]]
            found[words[1]] = dict(((name.lower(), value) for name, _, value in pairs), device=words[1])
    return found


def _scan():
    return tool.output(__salt__, ['mdadm', '--detail', '--scan']).splitlines()


def detail(device='/dev/md0'):
    """Mapping of all that mdadm tells of a RAID device, its members included. CLI: raid.detail /dev/md0"""
    if not os.path.exists(device):
        raise CommandExecutionError("Device %s doesn't exist!" % device)
    found, columns, members = {}, None, {}
    for line in tool.output(__salt__, ['mdadm', '--detail', device]).splitlines():
        name, colon, value = line.partition(' : ')
        if colon:
            found[re.sub(r'\s+', '_', name.strip()).lower()] = value.strip()
        elif line.split()[:2] == ['Number', 'Major']:
            columns = [word.lower() for word in line.split()]
        elif columns and '/dev/' in line:
            words = line.split()
            members[words[0]] = dict(zip(columns[:4], words), state=' '.join(words[4:-1]), device=words[-1])
    return dict(found, members=members) if columns else found


def examine(device, quiet=False):
    """Mapping of what is written on a member of a RAID. quiet: a failure is none of the job. CLI: raid.examine /dev/sdb"""
    text = tool.output(__salt__, ['mdadm', '-Y', '-E', device], ignore_retcode=quiet)
    return dict((name.strip(), value) for name, _, value in (line.partition('=') for line in text.splitlines()))


# ---- changing

def create(name, level, devices, metadata='default', test_mode=False, **kwargs):
    """Make a RAID of devices (a list); what mdadm says. test_mode: only the command line.

    Options of mdadm by name; None or True for one without a value. CLI: raid.create /dev/md0 level=1 devices="['/dev/sdb']"
    """
    options, spare = _options(kwargs), kwargs.get('spare-devices', 0)
    argv = ['mdadm', '-C', name, '-R', '-v', '-l', level] + options
    argv = tool.words(argv + ['-e', metadata, '-n', len(devices) - int(spare)] + _list(devices))
    return ' '.join(argv) if test_mode else tool.output(__salt__, argv)


def _list(devices):
    if compat.is_text(devices):
        raise TypeError('can only concatenate list (not "str") to list')
    return list(devices)


def _options(kwargs):
    argv = []
    for name, value in kwargs.items():
        if not name.startswith('__'):
            argv += ['--' + name] + ([] if value is True else [value])
    return argv


def assemble(name, devices, test_mode=False, **kwargs):
    """Start a RAID from its members (list or comma-separated text); what mdadm says. test_mode: only the words.

    Options of mdadm by name. CLI: raid.assemble /dev/md0 "['/dev/sdb', '/dev/sdc']"
    """
    argv = tool.words(['mdadm', '-A', name, '-v'] + _options(kwargs) + tool.listed(devices))
    return argv if test_mode else tool.output(__salt__, argv)


def add(name, device):
    """Add a device to a RAID; True if that was done. CLI: raid.add /dev/md0 /dev/sda1"""
    return tool.succeeds(__salt__, ['mdadm', '--manage', name, '--add', device])


def stop():
    """Stop all RAID devices that nobody uses; True if that was done. CLI: raid.stop"""
    return tool.succeeds(__salt__, ['mdadm', '--stop', '--scan'])


def destroy(device):
    """Stop a RAID and take its mark off its members; True if it is gone, False for an unknown one.

    CLI: raid.destroy /dev/md0
    """
    try:
        members = [one['device'] for _, one in sorted(detail(device).get('members', {}).items())]
    except CommandExecutionError:
        return False
    tool.run(__salt__, ['mdadm', '--stop', device])
    tool.run(__salt__, ['mdadm', '--zero-superblock'] + members)
    path = _configuration()
    if os.path.isfile(path):
        lines = etcfile.lines(path)
        kept = [line for line in lines if line.split()[:2] != ['ARRAY', device]]
        if kept != lines:
            etcfile.rewrite(path, ''.join(kept))
    return device not in list_()


def _configuration():
    return '/etc/mdadm/mdadm.conf' if __grains__.get('os_family') == 'Debian' else '/etc/mdadm.conf'


def save_config():
    """Write the RAID devices that run into mdadm.conf, so that they start with the host; what update-initramfs says.

    CLI: raid.save_config
    """
    path, arrays = _configuration(), [line for line in _scan() if line.startswith('ARRAY')]
    kept = [line for line in etcfile.lines(path, missing=True) if not line.startswith('ARRAY')]
    if kept and not kept[-1].endswith('\n'):
        kept[-1] += '\n'
    etcfile.rewrite(path, ''.join(kept) + ''.join(line + '\n' for line in arrays))
    if __grains__.get('os_family') == 'Debian':
        return tool.output(__salt__, ['update-initramfs', '-u'])
    return ''
