"""Software RAID of Linux (raid.*)."""
from __future__ import absolute_import, division, print_function

import os

from minion import compat
from minion.helpers import tool
from minion.helpers.state_return import returned as _returned

__virtualname__ = 'raid'


def __virtual__():
    if 'raid.list' in __salt__:
        return __virtualname__
    return False, 'mdadm module could not be loaded'


def present(name, level, devices, **kwargs):
    """A RAID is there with these devices: made of new ones, or assembled of its members; new ones are added to it.

    Options of mdadm by name; None or True for one without a value.

    /dev/md0:
      raid.present:
        - level: 5
        - devices: [/dev/xvdd, /dev/xvde, /dev/xvdf]
        - chunk: 256
    """
    there = __salt__['raid.list']().get(name)
    members, fresh, missing = _sorted_out(tool.listed(devices))
    uuids = [uuid for number, (_, uuid) in enumerate(members) if uuid not in [known for _, known in members[:number]]]
    wrong = _wrong(there, uuids, fresh, missing)
    if wrong:
        return _returned(name, False, wrong)
    options = dict((option, kwargs[option]) for option in kwargs if not option.startswith('__'))
    if there:
        said, changes = ['Raid %s already present.' % name], {}
    elif __opts__['test']:
        said, changes = [_plan(name, level, [device for device, _ in members], fresh, missing, options)], {}
    else:
        said, changes = _start(name, level, [device for device, _ in members], fresh, missing, options)
        if not changes:
            return _returned(name, False, said[0])
    return _completed(name, there, said, changes, fresh if there or members else [], missing)


def _sorted_out(devices):
    """([(member of some RAID, its uuid)], [device of none], [what is not there])."""
    members, fresh, missing = [], [], []
    for device in devices:
        path = os.path.realpath(device) if os.path.islink(device) else device
        if path == 'missing' or not os.path.exists(path):
            missing.append(path)
            continue
        uuid = __salt__['raid.examine'](path, quiet=True).get('MD_UUID')
        if uuid:
            members.append((path, uuid))
        else:
            fresh.append(path)
    return members, fresh, missing


def _wrong(there, uuids, fresh, missing):
    """Why these devices make no such RAID; None if they do."""
    if len(uuids) > 1:
        return 'Devices are a mix of RAID constituents with multiple MD_UUIDs: %s.' % compat.shown(sorted(uuids))
    if there and uuids and uuids[0] != there.get('uuid'):
        return 'Devices MD_UUIDs: %s differs from present RAID uuid %s.' % (uuids[0], there.get('uuid'))
    if not there and not uuids and not fresh:
        return 'All devices are missing: %s.' % compat.shown(missing)
    return None


def _of_new(fresh, missing):
    """What a RAID is made of: mdadm leaves the place of a `missing` device free."""
    return fresh + ['missing'] * len(missing)


def _plan(name, level, members, fresh, missing, options):
    if members:
        return 'Raid will be assembled with: %s' % compat.shown(
            __salt__['raid.assemble'](name, members, test_mode=True, **options))
    made = __salt__['raid.create'](name, level, _of_new(fresh, missing), test_mode=True, **options)
    return 'Raid will be created with: %s' % compat.shown(made)


def _start(name, level, members, fresh, missing, options):
    """([what happened], the new RAID; nothing if there is none)."""
    if members:
        done = 'assembled'
        __salt__['raid.assemble'](name, members, **options)
    else:
        done = 'created'
        __salt__['raid.create'](name, level, _of_new(fresh, missing), **options)
    made = __salt__['raid.list']().get(name)
    if not made:
        return ['Raid %s failed to be %s.' % (name, done)], {}
    __salt__['raid.save_config']()
    return ['Raid %s %s.' % (name, done)], dict(made)


def _completed(name, there, said, changes, fresh, missing):
    """The return once the RAID runs, or would: devices that are new to it are added."""
    result, added = (True if there or not __opts__['test'] else None), []
    if fresh and __opts__['test']:
        result = None
        said.append('New devices will be added: %s' % compat.shown(fresh))
    elif fresh:
        for device in fresh:
            if __salt__['raid.add'](name, device):
                added.append(device)
                said.append('Added new device %s to %s.\n' % (device, name))
            else:
                result = False
                said.append('Unable to add %s to %s.\n' % (device, name))
    if added:
        changes['added'] = added
    if missing:
        said.append('Missing devices: %s' % compat.shown(missing))
    return _returned(name, result, ' '.join(said), changes)


def absent(name):
    """A RAID is not there: it is stopped, and its members are members no more.

    /dev/md0:
      raid.absent
    """
    if name not in __salt__['raid.list']():
        return _returned(name, True, 'Raid %s already absent' % name)
    if __opts__['test']:
        return _returned(name, None, 'Raid %s is set to be destroyed' % name)
    if __salt__['raid.destroy'](name):
        return _returned(name, True, 'Raid %s has been destroyed' % name)
    return _returned(name, False, 'Raid %s failed to be destroyed' % name)
