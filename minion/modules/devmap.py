"""Devices with several paths (devmap.*), through the program multipath."""
from __future__ import absolute_import, division, print_function

import os

from minion.helpers import notoption, tool


def multipath_list():
    """The lines that multipath prints about its devices. CLI: devmap.multipath_list"""
    return tool.output(__salt__, ['multipath', '-l']).splitlines()


def multipath_flush(device):
    """Forget a device, given by its path, that nobody uses. CLI: devmap.multipath_flush /dev/mapper/mpath1"""
    if not os.path.exists(device):
        return '%s does not exist' % device
    notoption.names(device=device)
    return tool.output(__salt__, ['multipath', '-f', device]).splitlines()
