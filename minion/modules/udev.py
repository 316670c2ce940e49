"""What udev knows of devices (udev.*). dev: a name as vda or /dev/vda, or a path below /sys."""
from __future__ import absolute_import, division, print_function

import re

from minion.errors import CommandExecutionError, SaltInvocationError
from minion.helpers import environment, tool

_WHOLE = re.compile(r'\s*[-+]?\d+\s*\Z')
_BROKEN = re.compile(r'\s*[-+]?(?:\d+\.\d*|\.\d+|\d+(?=[eE]))(?:[eE][-+]?\d+)?\s*\Z')


def __virtual__():
    return bool(environment.which('udevadm'))


def _told(*words):
    result = tool.run(__salt__, ['udevadm', 'info'] + list(words))
    if result['retcode']:
        raise CommandExecutionError(result['stderr'])
    return result['stdout']


def _devices(text):
    """A mapping of letters to values for each device; values of one letter are a list, those of E a mapping."""
    for part in re.split(r'\n\s*\n', text.strip()):
        found = {}
        for line in part.splitlines():
            letter, _, value = line.partition(': ')
            if letter == 'E':
                key, _, value = value.partition('=')
                found.setdefault('E', {})[key] = _number(value)
            elif letter in found:
                found[letter] = (found[letter] if isinstance(found[letter], list) else [found[letter]]) + [value]
            elif letter:
                found[letter] = value
        yield found


def _number(value):
    """The number that a text is, else the text."""
    return int(value) if _WHOLE.match(value) else float(value) if _BROKEN.match(value) else value


def info(dev):
    """All that udev knows of a device, by its letters: P path, N name, S links, E environment. CLI: udev.info /dev/sda"""
    name = '--path=%s' % dev if str(dev).startswith('/sys') else '--name=%s' % dev
    return next(_devices(_told('--export', '--query=all', name)))


def env(dev):
    """The environment of a device. CLI: udev.env /dev/sda"""
    return info(dev).get('E', {})


def name(dev):
    """The kernel's name of a device, None where it has no node. CLI: udev.name /dev/sda"""
    return info(dev).get('N')


def path(dev):
    """The path of a device below /sys. CLI: udev.path /dev/sda"""
    return info(dev).get('P')


def links(dev):
    """The links to a device: a list, or the only one as text. CLI: udev.links /dev/sda"""
    return info(dev).get('S', [])


def exportdb(subsystems=None):
    """All that udev knows of all devices, or of those of a list of subsystems. CLI: udev.exportdb '[block, net]'"""
    if subsystems is not None and not isinstance(subsystems, list):
        raise SaltInvocationError('subsystems must be a list')
    return [found for found in _devices(_told('--export-db'))
            if subsystems is None or found.get('E', {}).get('SUBSYSTEM') in subsystems]
