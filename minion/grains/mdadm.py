"""Software RAID."""
from __future__ import absolute_import, division, print_function

from minion.helpers import hostfiles
from minion.helpers.rootfs import Root


def mdadm():
    """mdadm: names of the arrays, where the kernel has that driver."""
    found = hostfiles.raid_arrays(Root())
    return {} if found is None else {'mdadm': found}
