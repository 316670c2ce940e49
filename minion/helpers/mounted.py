"""The file systems that are mounted, as the kernel lists them."""
from __future__ import absolute_import, division, print_function

import re
from collections import namedtuple

Mount = namedtuple('Mount', 'device folder kind options')

_ESCAPE = re.compile(r'\\([0-7]{3})')


def listed(root, path='/proc/mounts'):
    """Every Mount in the kernel's order."""
    found = []
    for line in root.lines(path):
        words = [_ESCAPE.sub(lambda match: chr(int(match.group(1), 8)), word) for word in line.split()]
        if len(words) > 3:
            found.append(Mount(*words[:4]))
    return found


def with_devices(root):
    """Kinds of file systems that live on block devices, as the running kernel knows them; and zfs."""
    kinds = [line.strip() for line in root.lines('/proc/filesystems') if not line.startswith('nodev')]
    return set(kinds) | set(['zfs'])
