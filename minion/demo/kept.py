"""What was made from small files, made anew when a file has changed: a look at it costs a tenth of reading it."""
from __future__ import absolute_import, division, print_function

import errno
import os


class Kept(object):
    """One thread.

    :param callable make: make(path) -> what the file stands for, None where it stands for nothing.
    """

    def __init__(self, make):
        self._make, self._made = make, {}                # path -> (stamp, what was made)

    def get(self, path):
        """What make() gives, or gave for the file as it is now; None where there is none.  :raises OSError: unreadable."""
        stamp = _stamp(path)
        if stamp is None:
            self._made.pop(path, None)
            return None
        if self._made.get(path, (None, None))[0] != stamp:
            self._made[path] = stamp, self._make(path)
        return self._made[path][1]


def _stamp(path):
    """Another value for another content: who writes these files puts a new one in the place of the old one."""
    try:
        status = os.stat(path)
    except OSError as exc:
        if exc.errno == errno.ENOENT:
            return None
        raise
    return status.st_ino, status.st_size, status.st_mtime, status.st_ctime
