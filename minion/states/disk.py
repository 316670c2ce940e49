"""How full disks are (disk.*)."""
from __future__ import absolute_import, division, print_function

import os

from minion import compat
from minion.helpers.state_edit import answer as _answer


def status(name, maximum=None, minimum=None, absolute=False, free=False):
    """What is used (with `free`: left) of a mount point or folder lies in these bounds, in percent or (absolute) kB.

    .. code-block:: yaml

        used_space:
          disk.status:
            - name: /
            - maximum: 90%
    """
    ret = dict(_answer(name, False), data={})
    unit, limits = (' KB', ()) if absolute else (' %', (0, 100))
    wrong, bounds = '', {}
    for key, value in (('maximum', maximum), ('minimum', minimum)):
        if value is not None:
            try:
                bounds[key] = int(compat.to_native(compat.shown(value)).rstrip('KB' if absolute else '%'))
            except ValueError:
                wrong += '%s must be an integer ' % key
                continue
            if limits and not limits[0] <= bounds[key] <= limits[1]:
                wrong += '%s must be in the range [%d, %d] ' % (key, limits[0], limits[1])
    if len(bounds) == 2 and bounds['minimum'] >= bounds['maximum']:
        wrong += 'minimum must be less than maximum '
    if wrong:
        return dict(ret, comment=wrong)
    usage = __salt__['disk.usage']()
    if name in usage:
        data, total = usage[name], int(usage[name]['1K-blocks'])
        used, left, percent = int(data['used']), int(data['available']), int(data['capacity'].strip('%') or 0)
    elif os.path.isdir(name):
        found, data = os.statvfs(name), {}
        total, left = (blocks * found.f_frsize // 1024 for blocks in (found.f_blocks, found.f_bavail))
        used = (found.f_blocks - found.f_bfree) * found.f_frsize // 1024
        percent = int(round(100.0 * used / (used + left))) if used + left else 0
    else:
        return dict(ret, comment='Disk mount %s not present. Directory %s does not exist or is not a directory'
                    % (name, name))
    word = 'available' if free else 'used'
    held = (left if free else used) if absolute else 100 - percent if free else percent
    told = 'Disk %s space ' % word
    if 'minimum' in bounds and held < bounds['minimum']:
        comment = '%sis below minimum of %d%s at %d%s' % (told, bounds['minimum'], unit, held, unit)
    elif 'maximum' in bounds and held > bounds['maximum']:
        comment = '%sis above maximum of %d%s at %d%s' % (told, bounds['maximum'], unit, held, unit)
    else:
        ret['result'], comment = True, told + 'in acceptable range'
    return dict(ret, data=data, comment=comment)
