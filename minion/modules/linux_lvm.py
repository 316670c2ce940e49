"""Logical volumes of Linux (lvm.*)."""
from __future__ import absolute_import, division, print_function

import os

from minion.helpers import environment, tool

__virtualname__ = 'lvm'

_PV = ('Physical Volume Device', 'Volume Group Name', 'Physical Volume Size (kB)', 'Internal Physical Volume Number',
       'Physical Volume Status', 'Physical Volume (not) Allocatable', 'Current Logical Volumes Here',
       'Physical Extent Size (kB)', 'Total Physical Extents', 'Free Physical Extents', 'Allocated Physical Extents')
_VG = ('Volume Group Name', 'Volume Group Access', 'Volume Group Status', 'Internal Volume Group Number',
       'Maximum Logical Volumes', 'Current Logical Volumes', 'Open Logical Volumes', 'Maximum Logical Volume Size',
       'Maximum Physical Volumes', 'Current Physical Volumes', 'Actual Physical Volumes', 'Volume Group Size (kB)',
       'Physical Extent Size (kB)', 'Total Physical Extents', 'Allocated Physical Extents', 'Free Physical Extents', 'UUID')
_LV = ('Logical Volume Name', 'Volume Group Name', 'Logical Volume Access', 'Logical Volume Status',
       'Internal Logical Volume Number', 'Open Logical Volumes', 'Logical Volume Size', 'Current Logical Extents Associated',
       'Allocated Logical Extents', 'Allocation Policy', 'Read Ahead Sectors', 'Major Device Number', 'Minor Device Number')
_PV_OPTIONS = ('metadatasize', 'dataalignment', 'dataalignmentoffset', 'pvmetadatacopies', 'metadatacopies',
               'metadataignore', 'restorefile', 'norestorefile', 'labelsector', 'setphysicalvolumesize')
_VG_OPTIONS = ('addtag', 'alloc', 'autobackup', 'clustered', 'maxlogicalvolumes', 'maxphysicalvolumes', 'metadatatype',
               'vgmetadatacopies', 'metadatacopies', 'physicalextentsize', 'zero')
_LV_OPTIONS = ('activate', 'addtag', 'alloc', 'available', 'chunksize', 'contiguous', 'discards', 'ignoreactivationskip',
               'ignoremonitoring', 'major', 'metadataprofile', 'minor', 'mirrorlog', 'mirrors', 'monitor', 'name',
               'nosync', 'noudevsync', 'permission', 'persistent', 'poolmetadatasize', 'readahead', 'regionsize',
               'setactivationskip', 'stripes', 'stripesize', 'test', 'thin', 'thinpool', 'type', 'virtualsize', 'zero')
_LV_FLAGS = ('nosync', 'ignoremonitoring', 'noudevsync', 'test', 'thin')


def __virtual__():
    if environment.which('lvm'):
        return __virtualname__
    return False, 'The linux_lvm execution module cannot be loaded: the lvm binary is not in the path.'


# ---- asking

def version():
    """The version of LVM. CLI: lvm.version"""
    return list(_versions().values())[0] if _versions() else ''


def fullversion():
    """Mapping of all that `lvm version` tells. CLI: lvm.fullversion"""
    return dict(_versions())


def _versions():
    if 'lvm.version' not in __context__:
        lines = [line.partition(':') for line in tool.output(__salt__, ['lvm', 'version']).splitlines()]
        __context__['lvm.version'] = [(name.strip(), value.strip()) for name, colon, value in lines if colon]
    return _Pairs(__context__['lvm.version'])


class _Pairs(list):
    """Pairs in their order; Python 2 has no mapping that is as small."""

    def values(self):
        return [value for _, value in self]


def pvdisplay(pvname='', real=False, quiet=False):
    """Mapping of physical volumes to what LVM knows of them.

    real: by the paths that links lead to. quiet: a volume that is not there is no failure of the job. CLI: lvm.pvdisplay
    """
    found = _display('pvdisplay', pvname, _PV, quiet)
    if not real:
        return found
    return dict((os.path.realpath(name), dict(found[name], **{'Real Physical Volume Device': os.path.realpath(name)}))
                for name in found)


def vgdisplay(vgname='', quiet=False):
    """Mapping of volume groups to what LVM knows of them. quiet: see lvm.pvdisplay. CLI: lvm.vgdisplay"""
    return _display('vgdisplay', vgname, _VG, quiet)


def lvdisplay(lvname='', quiet=False):
    """Mapping of logical volumes to what LVM knows of them. quiet: see lvm.pvdisplay. CLI: lvm.lvdisplay"""
    return _display('lvdisplay', lvname, _LV, quiet)


def _display(program, name, fields, quiet=False):
    answer = tool.run(__salt__, [program, '-c'] + ([name] if name else []), ignore_retcode=quiet)
    if answer['retcode']:
        return {}
    rows = [line.strip().split(':') for line in answer['stdout'].splitlines()]
    return dict((row[0], dict(zip(fields, row))) for row in rows if len(row) >= len(fields))


# ---- physical volumes

def pvcreate(devices, override=True, force=True, **kwargs):
    """Make physical volumes of devices, a list or comma-separated text; True, or why not.

    override: let be what is one already. force: answer yes. Options of pvcreate by name. CLI: lvm.pvcreate /dev/sdb1,/dev/sdb2
    """
    if not devices:
        return 'Error: at least one device is required'
    wanted = []
    for device in tool.listed(devices):
        if not os.path.exists(device):
            return '%s does not exist' % device
        if not pvdisplay(device, quiet=True):
            wanted.append(device)
        elif not override:
            return 'Device "%s" is already an LVM physical volume.' % device
    if not wanted:
        return True
    argv = ['pvcreate', _yes(force)] + wanted + _options(kwargs, _PV_OPTIONS)
    answer = tool.run(__salt__, argv)
    for device in wanted:
        if not pvdisplay(device):
            return 'Device "%s" was not affected.' % device
    return answer['stderr'].strip() if answer['retcode'] else True


def _yes(force):
    return '--yes' if force else '-qq'


def _options(kwargs, known, flags=()):
    argv = []
    for name, value in kwargs.items():
        if name in known and name not in flags:
            argv += ['--' + name, value]
    return argv + ['--' + name for name in kwargs if name in flags and kwargs[name] is not False]


def pvremove(devices, override=True, force=True):
    """Let devices be no physical volumes; True, or why not. override: let be what is none. CLI: lvm.pvremove /dev/sdb1"""
    return _with_volumes('pvremove', devices, override, force, gone=True)


def pvresize(devices, override=True, force=True):
    """Let physical volumes fill their devices; True, or why not. override: let be what is none. CLI: lvm.pvresize /dev/sdb1"""
    return _with_volumes('pvresize', devices, override, force)


def _with_volumes(program, devices, override, force, gone=False):
    wanted = []
    for device in tool.listed(devices):
        if pvdisplay(device):
            wanted.append(device)
        elif not override:
            return '%s is not a physical volume' % device
    if not wanted:
        return True
    answer = tool.run(__salt__, [program, _yes(force)] + wanted)
    if answer['retcode']:
        return answer['stderr']
    left = [device for device in wanted if gone and pvdisplay(device, quiet=True)]
    return 'Device "%s" was not affected.' % left[0] if left else True


# ---- volume groups

def vgcreate(vgname, devices, force=False, **kwargs):
    """Make a volume group of physical volumes; what lvm.vgdisplay tells of it, and how it went.

    force: answer yes. Options of vgcreate by name. CLI: lvm.vgcreate my_vg /dev/sdb1,/dev/sdb2 clustered=y
    """
    if not vgname or not devices:
        return 'Error: vgname and device(s) are both required'
    argv = ['vgcreate', vgname] + tool.listed(devices) + [_yes(force)] + _options(kwargs, _VG_OPTIONS)
    said = _outcome(argv, 'Volume group "%s" successfully created' % vgname)
    return dict(vgdisplay(vgname), **{'Output from vgcreate': said})


def _outcome(argv, done):
    answer = tool.run(__salt__, argv)
    return answer['stderr'].strip() if answer['retcode'] else done


def vgextend(vgname, devices, force=False):
    """Add physical volumes to a volume group; how it went. force: answer yes. CLI: lvm.vgextend my_vg /dev/sdb1"""
    if not vgname or not devices:
        return 'Error: vgname and device(s) are both required'
    said = _outcome(['vgextend', vgname, _yes(force)] + tool.listed(devices),
                    'Volume group "%s" successfully extended' % vgname)
    return {'Output from vgextend': said}


def vgremove(vgname, force=True):
    """Remove a volume group; how it went. force: answer yes. CLI: lvm.vgremove my_vg"""
    return _outcome(['vgremove', vgname, _yes(force)], 'Volume group "%s" successfully removed' % vgname)


# ---- logical volumes

def lvcreate(lvname, vgname, size=None, extents=None, snapshot=None, pv=None, thinvolume=False, thinpool=False,
             force=False, **kwargs):
    """Make a logical volume; what lvm.lvdisplay tells of it, and how it went.

    size, or extents: how large. snapshot: of this volume. pv: on this physical volume. thinvolume: in the pool `vgname`
    (GROUP/POOL); thinpool: be a pool. force: answer yes. Options of lvcreate by name. CLI: lvm.lvcreate new_lv my_vg size=10G
    """
    if size and extents:
        return 'Error: Please specify only one of size or extents'
    if thinvolume and thinpool:
        return 'Error: Please set only one of thinvolume or thinpool to True'
    if not size and not extents:
        return 'Error: Either size or extents must be specified'
    argv = ['lvcreate'] + (['--thin', '-n', lvname] if thinvolume else ['--thinpool' if thinpool else '-n', lvname])
    argv += ['-s', '%s/%s' % (vgname, snapshot)] if snapshot else [vgname]
    argv += [('-V' if thinvolume else '-L'), size] if size else ['-l', extents]
    argv += ([pv] if pv else []) + _options(kwargs, _LV_OPTIONS, _LV_FLAGS) + [_yes(force)]
    said = _outcome(argv, 'Logical volume "%s" created.' % lvname)
    return dict(lvdisplay('/dev/%s/%s' % (vgname, lvname)), **{'Output from lvcreate': said})


def lvremove(lvname, vgname, force=True):
    """Remove a logical volume; how it went. force: answer yes. CLI: lvm.lvremove lvname vgname"""
    return _outcome(['lvremove', '%s/%s' % (vgname, lvname), _yes(force)],
                    'Logical volume "%s" successfully removed' % lvname)


def lvresize(size=None, lvpath=None, extents=None, force=False, resizefs=False):
    """Give a logical volume another size; how it went. resizefs: the file system, too. CLI: lvm.lvresize +12M /dev/vg/lv"""
    return _resize('lvresize', '--force', 'resized', size, lvpath, extents, force, resizefs)


def lvextend(size=None, lvpath=None, extents=None, force=False, resizefs=False):
    """Make a logical volume larger; how it went. resizefs: the file system, too. CLI: lvm.lvextend +12M /dev/vg/lv"""
    return _resize('lvextend', '--yes', 'extended', size, lvpath, extents, force, resizefs)


def _resize(program, yes, done, size, lvpath, extents, force, resizefs):
    if bool(size) == bool(extents) or not lvpath:
        return {}
    argv = [program, yes if force else '-qq'] + (['--resizefs'] if resizefs else [])
    argv += (['-L', size] if size else ['-l', extents]) + [lvpath]
    said = _outcome(argv, 'Logical volume "%s" successfully %s.' % (lvpath, done))
    return {'Output from %s' % program: said}
