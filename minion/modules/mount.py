"""Mounted file systems and swap space (mount.*), and the tables in which they are kept."""
from __future__ import absolute_import, division, print_function

import json
import os

from minion import compat, files
from minion.helpers import environment, fstab as tables, mounts, tool


# ---- what is mounted

def active(extended=False):
    """Mapping of mount points to device, alt_device, fstype and opts of what is mounted there.

    extended: also the numbers and options that the kernel keeps, and UUID and label of the device. CLI: mount.active
    """
    found = mounts.mounted_extended() if extended else {}
    found = found or mounts.mounted()
    named = mounts.listed(tool.output(__salt__, ['mount', '-l'], ignore_retcode=True))
    known = __salt__['disk.blkid']() if extended else {}
    for point, entry in found.items():
        entry['alt_device'] = named.get(point)
        if extended:
            about = known.get(entry['device'], {})
            entry.update(device_uuid=about.get('UUID'), device_label=about.get('LABEL'))
            entry['device_uuid'] = entry['device_uuid'] and entry['device_uuid'].lower()
    return found


def is_mounted(name):
    """True if something is mounted at this place. CLI: mount.is_mounted /mnt/share"""
    found = active()
    return name in found or compat.is_text(name) and mounts.escaped(name) in found


def get_mount_from_path(path):
    """The mount point that a path lies below. CLI: mount.get_mount_from_path /opt/some/nested/path"""
    return mounts.point_of(path)


def get_device_from_path(path):
    """The device that a path lies on, None if the kernel does not tell. CLI: mount.get_device_from_path /"""
    entry = active().get(mounts.escaped(mounts.point_of(path)))
    return entry and entry['device']


def is_fuse_exec(cmd):
    """True if a program is linked with the library of FUSE. CLI: mount.is_fuse_exec sshfs"""
    path = environment.which(cmd)
    return path is not None and 'libfuse' in tool.output(__salt__, ['ldd', path])


# ---- mounting

def mount(name, device=False, mkmnt=False, fstype='', opts='defaults', user=None, util='mount'):
    """Mount `device` at `name`, or what fstab says of `name`; True, or what mount wrote on stderr.

    mkmnt: make the folder if there is none. opts: list or comma-separated text. user: mount as this user.
    CLI: mount.mount /mnt/foo /dev/sdz1 True
    """
    if util != 'mount':
        return util == 'guestfs' and __salt__['guestfs.mount'](name, root=device)
    _make(name, mkmnt, user)
    argv = ['mount'] + (_mount_options(opts, fstype) + [device] if device else []) + [name]
    return _done(argv, user)


def _make(name, mkmnt, user):
    if mkmnt and not os.path.exists(name):
        __salt__['file.mkdir'](name, user=user)


def _mount_options(opts, fstype, *more):
    wanted = [one for one in tool.listed(opts) + list(more)]
    return (['-o', ','.join(wanted)] if wanted else []) + (['-t', fstype] if fstype else [])


def _done(argv, user=None):
    result = tool.run(__salt__, argv, runas=user)
    return result['stderr'] if result['retcode'] else True


def remount(name, device, mkmnt=False, fstype='', opts='defaults', user=None):
    """Mount anew what is mounted at `name`; see mount.mount. CLI: mount.remount /mnt/foo /dev/sdz1 opts=ro"""
    if not is_mounted(name):
        return mount(name, device, mkmnt, fstype, opts, user)
    return _done(['mount'] + _mount_options(opts, fstype, 'remount') + [device, name], user)


def umount(name, device=None, user=None, util='mount', lazy=False):
    """Unmount `name`, or there only `device`; True, or why not. lazy: as soon as nobody uses it. CLI: mount.umount /mnt/foo"""
    if util != 'mount':
        return __salt__['guestfs.umount'](name, disk=device)
    if not is_mounted(name):
        return '%s does not have anything mounted' % name
    return _done(['umount'] + (['-l'] if lazy else []) + [device or name], user)


# ---- swap space

def swaps():
    """Mapping of swap files and devices to type, size, used (kB) and priority. CLI: mount.swaps"""
    return mounts.swaps()


def swapon(name, priority=None):
    """Swap to a file or device; its numbers and whether that is new. CLI: mount.swapon /root/swapfile"""
    found = swaps()
    if name in found:
        return {'stats': found[name], 'new': False}
    tool.run(__salt__, ['swapon', name] + (['-p', priority] if priority else []))
    found = swaps()
    return {'stats': found[name], 'new': True} if name in found else found


def swapoff(name):
    """Swap no longer to a file or device; True if that was done, None if nobody did. CLI: mount.swapoff /root/swapfile"""
    if name not in swaps():
        return None
    tool.run(__salt__, ['swapoff', name])
    return name not in swaps()


# ---- tables

def fstab(config='/etc/fstab'):
    """Mapping of mount points to device, fstype, opts, dump and pass in /etc/fstab. CLI: mount.fstab"""
    return tables.read(config)


def set_fstab(name, device, fstype, opts='defaults', dump=0, pass_num=0, config='/etc/fstab', test=False,
              match_on='auto', not_change=False, **kwargs):
    """Put a line into /etc/fstab; 'new', 'change' or 'present'.

    match_on: fields by which the line is found: device or name, or a list; auto: what suits the file system.
    test: write nothing. not_change: leave a line that is there as it is. CLI: mount.set_fstab /mnt/foo /dev/sdz1 ext4
    """
    entry = {'name': name, 'device': device, 'fstype': fstype, 'opts': _joined(opts), 'dump': dump, 'pass_num': pass_num}
    return tables.put(config, tables.FSTAB, entry, match_on, test, not_change)


def _joined(opts):
    return opts if compat.is_text(opts) else ','.join(tool.listed(opts))


def rm_fstab(name, device, config='/etc/fstab'):
    """Remove the line of a mount point, and of a device if one is given, from /etc/fstab; True.

    CLI: mount.rm_fstab /mnt/foo /dev/sdg
    """
    return tables.take(config, tables.FSTAB, name, device)


def vfstab(config='/etc/vfstab'):
    """The same as mount.fstab, for the place of the file on Solaris. CLI: mount.vfstab"""
    return fstab(config)


def set_vfstab(name, device, fstype, opts='-', device_fsck='-', pass_fsck='-', mount_at_boot='yes', config='/etc/vfstab',
               test=False, match_on='auto', not_change=False, **kwargs):
    """Put a line into the table of Solaris; see mount.set_fstab. CLI: mount.set_vfstab /mnt/foo /device/c0t0d0p0 ufs"""
    entry = {'name': name, 'device': device, 'fstype': fstype, 'opts': _joined(opts), 'device_fsck': device_fsck,
             'pass_fsck': pass_fsck, 'mount_at_boot': mount_at_boot}
    return tables.put(config, tables.VFSTAB, entry, match_on, test, not_change)


def rm_vfstab(name, device, config='/etc/vfstab'):
    """Remove a line from the table of Solaris; see mount.rm_fstab. CLI: mount.rm_vfstab /mnt/foo /device/c0t0d0p0"""
    return tables.take(config, tables.VFSTAB, name, device)


def filesystems(config='/etc/filesystems'):
    """The table of AIX: empty. CLI: mount.filesystems"""
    return {}


def set_filesystems(name, device, vfstype, opts='-', mount='true', config='/etc/filesystems', test=False, match_on='auto',
                    not_change=False, **kwargs):
    """The table of AIX: nothing is done, None. CLI: mount.set_filesystems /mnt/foo /dev/sdz1 jfs2"""


def rm_filesystems(name, device, config='/etc/filesystems'):
    """The table of AIX: False. CLI: mount.rm_filesystems /mnt/foo /dev/sdg"""
    return False


def automaster(config='/etc/auto_salt'):
    """Mapping of mount points to device, fstype and opts in a direct map of the automounter. CLI: mount.automaster"""
    return tables.read_automaster(config)


def set_automaster(name, device, fstype, opts='', config='/etc/auto_salt', test=False, not_change=False, **kwargs):
    """Put a line into a direct map of the automounter; see mount.set_fstab. CLI: mount.set_automaster /home/x host:/x nfs"""
    return tables.put_automaster(config, name, device, fstype, _joined(opts), test, not_change)


def rm_automaster(name, device, config='/etc/auto_salt'):
    """Remove the line of a mount point from a direct map; True. CLI: mount.rm_automaster /mnt/foo /dev/sdg"""
    if tables.take_automaster(config, name):
        tool.run(__salt__, ['automount', '-cv'])
    return True


# ---- what states remember

def _cache():
    return os.path.join(__opts__['cachedir'], 'mounts')


def _remembered():
    data = files.read(_cache())
    try:
        found = compat.import_yaml().safe_load(data) if data else None
    except compat.import_yaml().YAMLError:
        found = None                                      # written anew by the next call
    points = found.get('mounts') if isinstance(found, dict) else None
    return compat.native_tree(points) if isinstance(points, dict) else {}


def _remember(points):
    files.write(_cache(), compat.to_bytes(json.dumps({'mounts': points}, sort_keys=True)), sync=False, make_folder=True)
    return True


def read_mount_cache(name):
    """What mount.write_mount_cache was told of a place, {} if nothing. CLI: mount.read_mount_cache /mnt/share"""
    return _remembered().get(name, {})


def write_mount_cache(real_name, device, mkmnt, fstype, mount_opts):
    """Remember how a place was mounted; True. CLI: mount.write_mount_cache /mnt/share /dev/sda1 False ext4 defaults"""
    entry = {'device': device, 'fstype': fstype, 'mkmnt': mkmnt, 'opts': mount_opts}
    return _remember(dict(_remembered(), **{real_name: entry}))


def delete_mount_cache(real_name):
    """Forget how a place was mounted; True. CLI: mount.delete_mount_cache /mnt/share"""
    return _remember(dict((name, entry) for name, entry in _remembered().items() if name != real_name))
