"""What is mounted and swapped to, as the kernel tells."""
from __future__ import absolute_import, division, print_function

import os

from minion import compat
from minion.helpers.rootfs import Root

_SPECIAL = ' \t\n\\'


def escaped(name):
    """A path as the kernel and fstab write it: blanks and their like as octal numbers."""
    return ''.join('\\%03o' % ord(char) if char in _SPECIAL else char for char in compat.to_native(name))


def mounted(root=None):
    """{mount point: {'device', 'fstype', 'opts'}}; of several on one point the last."""
    found = {}
    for line in (root or Root()).lines('/proc/self/mounts'):
        words = line.split()
        if len(words) > 3:
            found[words[1]] = {'device': words[0], 'fstype': words[2], 'opts': words[3].split(',')}
    return found


def mounted_extended(root=None):
    """The same with all that mountinfo holds; {} where the kernel has none (before 2.6.26)."""
    found = {}
    for line in (root or Root()).lines('/proc/self/mountinfo'):
        words = line.split()
        if '-' not in words[6:]:
            continue
        after = words[words.index('-', 6) + 1:] + ['', '', '']
        major, _, minor = words[2].partition(':')
        found[words[4]] = {'mountid': words[0], 'parentid': words[1], 'major': major, 'minor': minor, 'root': words[3],
                           'opts': words[5].split(','), 'fstype': after[0], 'device': after[1],
                           'superopts': after[2].split(',')}
    return found


def listed(text):
    """{mount point: device} of what `mount -l` prints."""
    found = {}
    for line in text.splitlines():
        device, on, rest = line.partition(' on ')
        if on:
            found[rest.partition(' type ')[0]] = device
    return found


def swaps(root=None):
    """{file or device: {'type', 'size', 'used', 'priority'}}, all as text."""
    found = {}
    for line in (root or Root()).lines('/proc/swaps')[1:]:
        words = line.split()
        if len(words) > 4:
            found[words[0]] = dict(zip(('type', 'size', 'used', 'priority'), words[1:5]))
    return found


def point_of(path):
    """The mount point that a path lies below."""
    path = os.path.realpath(path)
    while not os.path.ismount(path):
        path = os.path.dirname(path)
    return path
