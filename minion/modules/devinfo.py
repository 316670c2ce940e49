"""Devices and hardware of this host (devinfo.*), through udev and the program hwinfo."""
from __future__ import absolute_import, division, print_function

import os
import re

from minion import compat
from minion.errors import SaltInvocationError
from minion.helpers import hwinfooutput, notoption, tool

__func_alias__ = {'filter_': 'filter'}

_BLOCK = '/sys/block'
_ITEMS = ('bios', 'cpu', 'disk', 'memory', 'network', 'partition')
_GRAINS = {'bios': ('efi', 'efi-secure-boot'), 'memory': ('mem_total',), 'network': ('fqdn', 'ip_interfaces', 'dns')}
_ITEM = re.compile(r'[a-z0-9][a-z0-9-]*\Z')


def filter_(udev_in=None, udev_ex=None):
    """The disks of which udev tells all that udev_in says, and nothing that udev_ex says.

    Both are mappings of names in small letters, as e.id_bus for ID_BUS of E, to a value or a list of values of which one
    is enough. CLI: devinfo.filter udev_in='{"e.id_bus": "ata"}'
    """
    found = []
    for device in sorted(os.listdir(_BLOCK)):
        if os.path.exists(os.path.join(_BLOCK, device, 'device')):
            told = __salt__['udev.info'](device)
            if all(_fits(told, item) for item in (udev_in or {}).items()) and not any(
                    _fits(told, item) for item in (udev_ex or {}).items()):
                found.append(device)
    return found


def _fits(told, item):
    name, wanted = item
    for part in name.upper().split('.'):
        told = told.get(part) if isinstance(told, compat.Mapping) else None
    return told is not None and any(value in _listed(wanted) for value in _listed(told))


def _listed(value):
    return list(value) if isinstance(value, (list, tuple)) else [value]


def hwinfo(items=None, short=True, listmd=False, devices=None):
    """What hwinfo and the grains tell of the hardware.

    items: kinds, else bios, cpu, disk, memory, network and partition. short: in a few words. listmd: RAID devices, too.
    devices: only these. CLI: devinfo.hwinfo items='["disk"]' short=False devices='["/dev/sda"]'
    """
    items = _listed(items) if items else list(_ITEMS)
    argv = ['hwinfo']
    for item in items:
        if not _ITEM.match(compat.to_native(compat.shown(item))):
            raise SaltInvocationError('items: %s is no kind of hardware' % (item,))
        argv.append('--%s' % item)
    argv += (['--short'] if short else []) + (['--listmd'] if listmd else [])
    for device in _listed(devices or []):
        notoption.names(devices=device)
        argv += ['--only', device]
    text = tool.run(__salt__, argv)['stdout']
    told = {'hwinfo': hwinfooutput.short(text) if short else hwinfooutput.full(text)}
    for item in set(items).intersection(_GRAINS):
        told['%s grains' % item] = dict((name, __grains__[name]) for name in _GRAINS[item] if name in __grains__
                                        and not (short and name == 'dns'))
    return told
