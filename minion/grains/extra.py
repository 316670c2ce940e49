"""Shell, secure boot, transactional systems."""
from __future__ import absolute_import, division, print_function

from minion import compat
from minion.helpers import environment, hostfiles
from minion.helpers.rootfs import Root


def shell():
    """shell: SHELL of the process, /bin/sh without one."""
    return {'shell': compat.environment().get('SHELL', '/bin/sh')}


def uefi():
    """efi: the machine was started by EFI; efi-secure-boot: and checked what it started."""
    efi, secure = hostfiles.secure_boot(Root())
    return {'efi': efi, 'efi-secure-boot': secure}


def transactional():
    """transactional: the system is changed by transactional-update only."""
    return {'transactional': environment.which('transactional-update') is not None}
