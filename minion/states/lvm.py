"""Physical volumes, volume groups and logical volumes (lvm.*). Options of LVM's programs are arguments, by their names."""
from __future__ import absolute_import, division, print_function

import os

from minion import compat
from minion.helpers import state_lvm, tool
from minion.helpers.state_return import returned as _returned


def __virtual__():
    if 'lvm.version' in __salt__:
        return True
    return False, 'lvm module could not be loaded'


def pv_present(name, **kwargs):
    """A device is a physical volume.

    /dev/sdb5:
      lvm.pv_present
    """
    if __salt__['lvm.pvdisplay'](name, quiet=True):
        return _returned(name, True, 'Physical Volume %s already present' % name)
    if __opts__['test']:
        return _returned(name, None, 'Physical Volume %s is set to be created' % name)
    changes = __salt__['lvm.pvcreate'](name, **kwargs)
    if not __salt__['lvm.pvdisplay'](name):
        return _returned(name, False, 'Failed to create Physical Volume %s' % name)
    return _returned(name, True, 'Created Physical Volume %s' % name, {'created': changes})


def pv_absent(name):
    """A device is no physical volume.

    /dev/sdb5:
      lvm.pv_absent
    """
    if not __salt__['lvm.pvdisplay'](name, quiet=True):
        return _returned(name, True, 'Physical Volume %s does not exist' % name)
    if __opts__['test']:
        return _returned(name, None, 'Physical Volume %s is set to be removed' % name)
    changes = __salt__['lvm.pvremove'](name)
    if __salt__['lvm.pvdisplay'](name, quiet=True):
        return _returned(name, False, 'Failed to remove Physical Volume %s' % name)
    return _returned(name, True, 'Removed Physical Volume %s' % name, {'removed': changes})


def vg_present(name, devices=None, **kwargs):
    """A volume group is there and has these physical volumes (a list, or text with commas).

    my_vg:
      lvm.vg_present:
        - devices: /dev/sdb5,/dev/sdc5
    """
    if __salt__['lvm.vgdisplay'](name, quiet=True):
        return _members(name, devices)
    if __opts__['test']:
        return _returned(name, None, 'Volume Group %s is set to be created' % name)
    changes = __salt__['lvm.vgcreate'](name, devices, **kwargs)
    if not __salt__['lvm.vgdisplay'](name):
        return _returned(name, False, 'Failed to create Volume Group %s' % name)
    return _returned(name, True, 'Created Volume Group %s' % name, {'created': changes})


def _members(name, devices):
    """The return for a group that is there: each device is in it, is added to it, or cannot be."""
    said, result, changes = ['Volume Group %s already present' % name], True, {}
    if devices is None:
        raise TypeError("'NoneType' object is not iterable")
    for device in tool.listed(devices):
        path = os.path.realpath(device)
        found = __salt__['lvm.pvdisplay'](path, real=True, quiet=True)
        group = found[path]['Volume Group Name'] if path in found else None
        if group == name:
            said.append('%s is part of Volume Group' % device)
        elif group is None:
            result = False
            said.append('pv %s is not present' % device)
        elif group not in ('', '#orphans_lvm2'):
            result = False
            said.append('%s is part of %s' % (device, group))
        elif __opts__['test']:
            result = None if result else result
            said.append('%s will be added to Volume Group' % device)
        else:
            result = _add(name, device, path, said, changes) and result
    return _returned(name, result, '\n'.join(said), changes)


def _add(name, device, path, said, changes):
    __salt__['lvm.vgextend'](name, device)
    found = __salt__['lvm.pvdisplay'](path, real=True)
    if found.get(path, {}).get('Volume Group Name') == name:
        changes[device] = 'added to %s' % name
        return True
    said.append('%s could not be added' % device)
    return False


def vg_absent(name):
    """A volume group is not there.

    my_vg:
      lvm.vg_absent
    """
    if not __salt__['lvm.vgdisplay'](name, quiet=True):
        return _returned(name, True, 'Volume Group %s already absent' % name)
    if __opts__['test']:
        return _returned(name, None, 'Volume Group %s is set to be removed' % name)
    changes = __salt__['lvm.vgremove'](name)
    if __salt__['lvm.vgdisplay'](name, quiet=True):
        return _returned(name, False, 'Failed to remove Volume Group %s' % name)
    return _returned(name, True, 'Removed Volume Group %s' % name, {'removed': changes})


def lv_present(name, vgname=None, size=None, extents=None, snapshot=None, pv='', thinvolume=False, thinpool=False,
               force=False, resizefs=False, **kwargs):
    """A logical volume is there, and of this size (MiB unless it says s, g, t or p) or number of extents.

    snapshot: the name of a snapshot of the volume `name`. thinvolume: in the pool `vgname` (GROUP/POOL). force: also
    smaller than it is. resizefs: the file system, too.

    lvroot:
      lvm.lv_present:
        - vgname: my_vg
        - size: 10G
    """
    if extents and size:
        return _returned(name, False, 'Only one of extents or size can be specified.')
    wanted = state_lvm.sectors(size) if size else None
    made, origin = (snapshot, name) if snapshot else (name, None)
    path = '/dev/%s/%s' % (compat.to_native(compat.shown(vgname)).split('/')[0] if thinvolume else vgname, made)
    found = __salt__['lvm.lvdisplay'](path, quiet=True)
    if found:
        return _sized(name, made, path, _volume(found, path), wanted, size, extents, force, resizefs)
    if __opts__['test']:
        return _returned(name, None, 'Logical Volume %s is set to be created' % made)
    said = __salt__['lvm.lvcreate'](made, vgname, size=size, extents=extents, snapshot=origin, pv=pv, thinvolume=thinvolume,
                                    thinpool=thinpool, force=force, **kwargs)
    if not __salt__['lvm.lvdisplay'](path):
        reason = said['Output from lvcreate'] if isinstance(said, dict) else said
        return _returned(name, False, 'Failed to create Logical Volume %s. Error: %s' % (made, reason))
    return _returned(name, True, 'Created Logical Volume %s' % made, {'created': said})


def _volume(found, path):
    """What lvdisplay tells of a path; it may know the volume by another one."""
    return found.get(path) or list(found.values())[0]


def _sized(name, made, path, volume, wanted, size, extents, force, resizefs):
    """The return for a volume that is there: of that size, or made so."""
    if extents and '%' in compat.shown(extents):
        return _returned(name, True, "Logical Volume %s already present, %s won't be resized." % (made, extents))
    now = _size(volume, extents)
    if not (size or extents) or now == (int(extents) if extents else wanted):
        return _returned(name, True, 'Logical Volume %s already present' % made)
    if (int(extents) if extents else wanted) < now and not force:
        return _returned(name, False, "To reduce a Logical Volume option 'force' must be True.")
    if __opts__['test']:
        return _returned(name, None, 'Logical Volume %s is set to be resized' % made)
    said = __salt__['lvm.lvresize'](size, path, extents, force=force, resizefs=resizefs)
    after = __salt__['lvm.lvdisplay'](path)
    if not after or _size(_volume(after, path), extents) == now:
        text = 'Failed to resize Logical Volume %s.\nError: %s' % (made, said.get('Output from lvresize', said))
        return _returned(name, False, text)
    return _returned(name, True, 'Resized Logical Volume %s' % made, {'resized': said})


def _size(volume, extents):
    return int(volume['Current Logical Extents Associated' if extents else 'Logical Volume Size'])


def lv_absent(name, vgname=None):
    """A logical volume is not there.

    lvroot:
      lvm.lv_absent:
        - vgname: my_vg
    """
    path = '/dev/%s/%s' % (vgname, name)
    if not __salt__['lvm.lvdisplay'](path, quiet=True):
        return _returned(name, True, 'Logical Volume %s already absent' % name)
    if __opts__['test']:
        return _returned(name, None, 'Logical Volume %s is set to be removed' % name)
    changes = __salt__['lvm.lvremove'](name, vgname)
    if __salt__['lvm.lvdisplay'](path, quiet=True):
        return _returned(name, False, 'Failed to remove Logical Volume %s' % name)
    return _returned(name, True, 'Removed Logical Volume %s' % name, {'removed': changes})
