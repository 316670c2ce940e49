"""Folders with a system of their own (chroot.*). root: such a folder."""
from __future__ import absolute_import, division, print_function

import os

from minion.errors import CommandExecutionError
from minion.helpers import environment

_FOLDERS = (('dev', 0o755), ('proc', 0o555), ('sys', 0o555))


def __virtual__():
    if environment.which('chroot'):
        return True
    return False, 'The chroot execution module cannot be loaded: chroot is not in the path.'


def exist(root):
    """True if a folder looks like one. CLI: chroot.exist /chroot"""
    return all(os.path.isdir(os.path.join(root, name)) for name, _ in _FOLDERS)


def create(root):
    """Make the folders that programs in it need; nothing is put into them. CLI: chroot.create /chroot"""
    try:
        if not os.path.isdir(root):
            os.makedirs(root, 0o755)
        for path, mode in ((os.path.join(root, name), mode) for name, mode in _FOLDERS):
            if not os.path.isdir(path):
                os.mkdir(path)
                os.chmod(path, mode)                 # whatever the umask
    except OSError as exc:
        raise CommandExecutionError(str(exc))
    return exist(root)


def in_chroot():
    """True if the minion itself sees another root than the first process; False, too, where nobody may ask that.

    CLI: chroot.in_chroot
    """
    try:
        ours, first = os.stat('/'), os.stat('/proc/1/root/.')
    except OSError:                                  # some containers keep the first process to themselves
        return False
    return (ours.st_dev, ours.st_ino) != (first.st_dev, first.st_ino)


def call(root, function, *args, **kwargs):
    """Refused: it takes a copy of Salt for such folders (salt-thin). CLI: cmd.run_chroot /chroot 'command'"""
    if not function:
        raise CommandExecutionError('Missing function parameter')
    if not exist(root):
        raise CommandExecutionError('Chroot environment not found')
    raise CommandExecutionError('chroot.call takes salt-thin, which is not here; cmd.run_chroot runs commands')
