"""Block devices (blockdev.*): their file system and how the kernel treats them."""
from __future__ import absolute_import, division, print_function

import os
import stat

from minion.helpers import environment
from minion.helpers.state_return import returned as _returned

_PENDING = 'Changes to %s will be applied '


def __virtual__():
    if 'disk.tune' in __salt__:
        return True
    return False, 'disk module could not be loaded'


def tuned(name, **kwargs):
    """A device has this read-ahead, filesystem-read-ahead, and is read-only or read-write.

    /dev/vg/data:
      blockdev.tuned:
        - read-ahead: 1024
        - read-write: True
    """
    if not _is_device(name):
        return _returned(name, False, 'Changes to %s cannot be applied. Not a block device.' % name)
    if not kwargs:
        return _returned(name, True, 'Block device %s already in correct state' % name)
    if __opts__['test']:
        return _returned(name, None, _PENDING % name)
    before = __salt__['disk.dump'](name)
    after = __salt__['disk.tune'](name, **kwargs)
    changes = {}
    for setting in kwargs:
        key = {'read-ahead': 'getra', 'filesystem-read-ahead': 'getfra'}.get(setting, 'getro')
        if key in after and before.get(key) != after[key]:
            old, new = (before[key], after[key]) if key != 'getro' else (before[key] == '1', after[key] == '1')
            changes[setting] = 'Changed from %s to %s' % (old, new)
    if not changes:
        return _returned(name, True, 'Block device %s already in correct state' % name)
    return _returned(name, True, 'Block device %s successfully modified ' % name, changes)


def _is_device(name):
    try:
        return stat.S_ISBLK(os.stat(name).st_mode)
    except OSError:
        return False


def formatted(name, fs_type='ext4', force=False, **kwargs):
    """A device has a file system of this type; what is on it is lost when it has another.

    /dev/vg/data:
      blockdev.formatted:
        - fs_type: ext4

    Also inode_size, lazy_itable_init, fat and the like, see disk.format.
    """
    if not os.path.exists(name):
        return _returned(name, False, '%s does not exist' % name)
    current = _type_of(name) if _is_device(name) else ''
    if current == fs_type:
        return _returned(name, True, '%s already formatted with %s' % (name, fs_type))
    if environment.which('mkfs.' + fs_type) is None:
        return _returned(name, False, 'Invalid fs_type: %s' % fs_type)
    if __opts__['test']:
        return _returned(name, None, _PENDING % name)
    options = dict((key, kwargs[key]) for key in ('inode_size', 'lazy_itable_init', 'fat') if key in kwargs)
    made = _is_device(name) and __salt__['disk.format'](name, fs_type, force=force, **options)
    if not made or _type_of(name) != fs_type:
        return _returned(name, False, 'Failed to format %s' % name)
    return _returned(name, True, '%s has been formatted with %s' % (name, fs_type), {'new': fs_type, 'old': current})


def _type_of(name):
    """The type of what is on a device; blkid looks at the device itself, lsblk only at what udev knows."""
    return __salt__['disk.blkid'](name).get(name, {}).get('TYPE', '')
