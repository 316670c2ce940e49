"""SCSI devices (scsi.*), through the program lsscsi."""
from __future__ import absolute_import, division, print_function

import os
import re

from minion import compat
from minion.helpers import tool

_HOST = '/sys/class/scsi_host/host%s'
_NUMBERS = re.compile(r'\[(\d+):(\d+)\]$')


def ls_(get_size=True):
    """Mapping of SCSI devices to what is known of them. get_size: old releases of lsscsi know no sizes.

    CLI: scsi.ls get_size=False
    """
    answer = tool.run(__salt__, ['lsscsi', '-dLsv' if get_size else '-dLv'])
    if answer['retcode']:
        return (answer['stderr'].splitlines() or [''])[0]
    found, device = {}, None
    for line in answer['stdout'].splitlines():
        if line.startswith('['):
            words = line.split()
            device = found[words[0]] = _device(words, get_size)
        elif device is not None:
            device.update(_detail(line.strip()))
    return found


def _device(words, with_size):
    size = words.pop() if with_size else None
    numbers = _NUMBERS.search(words[-1])
    if numbers:
        words[-1:] = [part for part in [words[-1][:numbers.start()]] if part]
    elif words[-1] == '-':
        words.pop()
    major, minor = numbers.groups() if numbers else (None, None)
    return {'lun': words[0].strip('[]'), 'size': size, 'major': major, 'minor': minor, 'device': words[-1],
            'model': ' '.join(words[3:-1])}


def _detail(line):
    if line.startswith('dir:'):
        return {'dir': [word.strip('[]') for word in line.split()[1:]]}
    name, equals, value = line.partition('=')
    return {name: value} if equals else {}


def rescan_all(host):
    """Have the kernel look for devices at a host again, given by its number. CLI: scsi.rescan_all 0"""
    number = compat.to_native(compat.shown(host))
    if not number.isdigit() or not os.path.isdir(_HOST % number):
        return 'Host %s does not exist' % number
    with open(os.path.join(_HOST % number, 'scan'), 'w') as stream:
        stream.write('- - -\n')
    return []


__func_alias__ = {'ls_': 'ls'}
