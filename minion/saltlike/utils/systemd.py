"""`salt.utils.systemd`: is it the init of this host?"""
from __future__ import absolute_import, division, print_function

import os


def booted(context=None):
    """Is systemd process number 1?"""
    return os.path.isdir('/run/systemd/system')
