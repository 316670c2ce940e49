"""Disks and the file systems on them (disk.*)."""
from __future__ import absolute_import, division, print_function

from minion import compat
from minion.errors import CommandExecutionError, CommandNotFoundError, SaltInvocationError
from minion.helpers import diskinfo, environment, mounts, tool

__func_alias__ = {'format_': 'format'}

_DF_FLAGS = 'aBhHiklPtTxv'
_GETTERS = ('getro', 'getsz', 'getss', 'getpbsz', 'getiomin', 'getioopt', 'getalignoff', 'getmaxsect', 'getsize',
            'getsize64', 'getra', 'getfra')
_SETTERS = {'read-ahead': 'setra', 'filesystem-read-ahead': 'setfra', 'read-only': 'setro', 'read-write': 'setrw'}


def _need(program):
    if environment.which(program) is None:
        raise CommandNotFoundError("The '%s' binary was not found in $PATH." % program)


# ---- what is used

def usage(args=None):
    """Mapping of mount points to size, use and capacity (kB). args: letters of flags of df. CLI: disk.usage"""
    return diskinfo.df(_df('-P', _flags(args, 'disk.usage')), ('1K-blocks', 'used', 'available', 'capacity'))


def inodeusage(args=None):
    """Mapping of mount points to inodes and their use. args: flags of df, one letter each. CLI: disk.inodeusage"""
    return diskinfo.df(_df('-iP', _flags(args, 'disk.inodeusage')), ('inodes', 'used', 'free', 'use'))


def percent(args=None):
    """Mapping of mount points to what is used, or the text of the one that is given. CLI: disk.percent /var"""
    found = dict((point, entry['use']) for point, entry in
                 diskinfo.df(_df('-P', ''), ('size', 'used', 'free', 'use')).items())
    return found if args is None else found.get(args, {})


def _flags(args, function):
    flags = [compat.to_native(compat.shown(flag)) for flag in (() if args is None else args)]
    if not set(flags) <= set(_DF_FLAGS):
        raise CommandExecutionError('Invalid flag passed to %s' % function)
    return ''.join(flags)


def _df(option, flags):
    return tool.run(__salt__, ['df', option + flags], ignore_retcode=True)['stdout']


# ---- what there is

def blkid(device=None, token=None):
    """Mapping of block devices to their tags: UUID, LABEL, TYPE and so on.

    token: show those with this NAME=value. CLI: disk.blkid /dev/sda
    """
    argv = ['blkid'] + ([device] if device else ['-t', token] if token else [])
    answer = tool.run(__salt__, argv)
    return diskinfo.blkid(answer['stdout']) if answer['retcode'] == 0 else {}


def fstype(device):
    """The file system on a device, a line of df of a mount point, '' for neither. CLI: disk.fstype /dev/sdb1"""
    if environment.which('lsblk'):
        lines = tool.run(__salt__, ['lsblk', '-o', 'fstype', device], ignore_retcode=True)['stdout'].splitlines()
        if len(lines) > 1 and lines[1].strip():
            return lines[1].strip()
    answer = tool.run(__salt__, ['df', '-T', device])
    lines = answer['stdout'].splitlines()
    return lines[1] if answer['retcode'] == 0 and len(lines) > 1 else ''


def get_fstype_from_path(path):
    """The file system that a path lies on, see disk.fstype. CLI: disk.get_fstype_from_path /root"""
    return fstype(__salt__['mount.get_device_from_path'](path) or mounts.point_of(path))


def dump(device, args=None):
    """Mapping of all that blockdev tells of a device, False if it cannot. args: a list, only these. CLI: disk.dump /dev/sda"""
    argv = ['blockdev'] + ['--' + name for name in _GETTERS] + [device]
    answer = tool.run(__salt__, argv)
    if answer['retcode']:
        return False
    found = dict(zip(_GETTERS, answer['stdout'].splitlines()))
    return dict((name, found[name]) for name in args) if args else found


def iostat(interval=1, count=5, disks=None):
    """Mapping of devices, and `sys` for the processors, to the means of what iostat reports.

    interval: seconds; count: of reports; disks: names, default all. CLI: disk.iostat 1 5 disks=sda
    """
    _need('iostat')
    argv = ['iostat', '-xd' if disks else '-x', interval, count] + tool.listed(disks)
    return diskinfo.iostat(tool.run(__salt__, argv)['stdout'])


def hdparms(disks, args='aAbBcCdgHiJkMmNnQrRuW'):
    """Mapping of disks to the settings that hdparm tells; args: letters of its options. CLI: disk.hdparms sda"""
    _need('hdparm')
    found = {}
    for disk in tool.listed(disks):
        disk = _device(disk)
        answer = tool.run(__salt__, ['hdparm', '-' + args, disk])
        found[disk] = {} if answer['retcode'] else diskinfo.hdparm(answer['stdout'], disk)
    return found


def _device(disk):
    return disk if disk.startswith('/dev') else '/dev/' + disk


def hpa(disks, size=None):
    """Mapping of disks to their sectors: visible, hidden, total. size: hide so many (or N%) from now on.

    CLI: disk.hpa sda size=5%
    """
    found = {}
    for disk, data in hdparms(disks, 'N').items():
        visible, total, status = (list(data.values()) or [[0, 0, 'disabled']])[0]
        hidden = {} if visible == total or 'disabled' in status else {'visible': visible, 'hidden': total - visible}
        found[disk] = dict(hidden, total=total)
    if size is None:
        return found
    for disk, data in found.items():
        tool.run(__salt__, ['hdparm', '--yes-i-know-what-i-am-doing', '-Np%d' % _visible(size, data['total']), disk])


def _visible(size, total):
    text = compat.to_native(compat.shown(size))
    try:
        left = (100 - int(text[:-1])) * total // 100 if text.endswith('%') else total - int(text)
    except ValueError:
        raise SaltInvocationError('size is %s, neither a number of sectors nor a percentage' % text)
    return left if left > 0 else total


def smart_attributes(dev, attributes=None, values=None):
    """Mapping of the numbers of SMART attributes to what smartctl tells of them.

    attributes, values: lists; only these attributes, or columns. CLI: disk.smart_attributes /dev/sda
    """
    _need('smartctl')
    found = diskinfo.smart(tool.checked(__salt__, ['smartctl', '--attributes', dev], '')['stdout'])
    return dict((number, dict((name, row[name]) for name in row if not values or name in values))
                for number, row in found.items() if not attributes or number in attributes)


# ---- changing

def tune(device, **kwargs):
    """Set read-ahead, filesystem-read-ahead, read-only or read-write of a device; what disk.dump tells of them then.

    CLI: disk.tune /dev/sda1 read-ahead=1024 read-write=True
    """
    wanted = dict((name, kwargs[name]) for name in kwargs if not name.startswith('__pub_'))
    unknown = ['%s=%s' % (name, compat.shown(wanted[name])) for name in wanted if not _known(name, wanted[name])]
    if unknown:
        raise SaltInvocationError('Invalid keyword arguments: ' + ', '.join(unknown))
    argv, shown = ['blockdev'], []
    for name, value in wanted.items():
        switch = _SETTERS[name]
        argv += ['--' + switch] + ([] if value is True else [value])
        shown.append('getro' if switch in ('setro', 'setrw') else 'g' + switch[1:])
    tool.checked(__salt__, argv + [device], '')
    return dump(device, shown)


def _known(name, value):
    return name in _SETTERS and (value is True or name not in ('read-only', 'read-write'))


def wipe(device):
    """Remove all signatures of file systems from a device; True if that was done. CLI: disk.wipe /dev/sda1"""
    return tool.succeeds(__salt__, ['wipefs', '-a', device])


def format_(device, fs_type='ext4', inode_size=None, lazy_itable_init=None, fat=None, force=False):
    """Make a file system on a device; True if that was done.

    inode_size: of ext and xfs; lazy_itable_init: of ext; fat: bits of a FAT, 12, 16 or 32; force: of ext and xfs.
    CLI: disk.format /dev/sdX1
    """
    kind, argv = fs_type[:3], ['mkfs', '-t', fs_type]
    if inode_size is not None and kind in ('ext', 'xfs'):
        argv += ['-i', inode_size if kind == 'ext' else 'size=%s' % inode_size]
    if lazy_itable_init is not None and kind == 'ext':
        argv += ['-E', 'lazy_itable_init=%s' % lazy_itable_init]
    if fat in (12, 16, 32) and 'fat' in fs_type:
        argv += ['-F', fat]
    if force and kind in ('ext', 'xfs'):
        argv.append('-F' if kind == 'ext' else '-f')
    made = tool.run(__salt__, argv + [device], ignore_retcode=True)['retcode'] == 0
    return tool.succeeds(__salt__, ['sync'], ignore_retcode=True) and made


def resize2fs(device):
    """Let an ext file system fill its device; True if that was done, else None. CLI: disk.resize2fs /dev/sda1"""
    return tool.succeeds(__salt__, ['resize2fs', device]) or None
