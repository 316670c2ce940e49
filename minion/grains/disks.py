"""Block devices."""
from __future__ import absolute_import, division, print_function

from minion.helpers import hostfiles
from minion.helpers.rootfs import Root


def disks():
    """disks: names of disks that turn; ssds: of those that do not."""
    return hostfiles.disks(Root())
