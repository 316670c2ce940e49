"""A file system of one megabyte that can be filled up and made read-only; only root can have one."""
from __future__ import absolute_import, division, print_function

import ctypes
import errno
import os
import subprocess

import pytest

BALLAST = 'ballast'
CLONE_NEWNS = 0x20000


class SmallDisk(object):
    """A tmpfs at `path`, an existing folder; skips the test where mounting is not permitted.

    :param str size: as the option of mount has it.
    """

    def __init__(self, path, size='1m'):
        self.path, self._covered = str(path), False
        outcome = own_mounts() or command('mount', '-t', 'tmpfs', '-o', 'mode=0700,size=' + size, 'minion-test', self.path)
        if outcome:
            pytest.skip('no file system can be mounted here: ' + outcome)

    def fill(self):
        """Use up all space, to the last byte."""
        for step in (1 << 16, 1 << 10, 1):
            try:
                with open(os.path.join(self.path, BALLAST), 'ab', 0) as stream:
                    while True:
                        stream.write(b'x' * step)
            except (IOError, OSError) as exc:
                if exc.errno != errno.ENOSPC:
                    raise

    def empty(self):
        """Give the space back."""
        os.unlink(os.path.join(self.path, BALLAST))

    def read_only(self):
        """Nothing below the path can be changed by name any more.

        A read-only view is put over the folder: the kernel takes no file system away from a process that has a file
        open for writing. Such a file can be written on.
        """
        self._covered = True
        for words in (('--bind', self.path, self.path), ('-o', 'remount,bind,ro', self.path)):
            outcome = command('mount', *words)
            assert not outcome, outcome

    def writable(self):
        """The opposite."""
        self._covered = False
        command('umount', '-l', self.path)

    def close(self):
        """Take it away."""
        if self._covered:
            self.writable()
        command('umount', '-l', self.path)


def own_mounts():
    """Let this thread and what it starts have a view of their own: what is mounted is gone when they are, even killed.

    :return str: '' or why not.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWNS):
        return os.strerror(ctypes.get_errno())
    return command('mount', '--make-rprivate', '/')


def command(*words):
    """Run a command; '' or what it complained of."""
    try:
        process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    except OSError as exc:
        return '%s: %s' % (words[0], exc.strerror)
    output = process.communicate()[0].decode('utf-8', 'replace').strip()
    return '' if process.returncode == 0 else output or 'it failed'
