"""Files that are written piece by piece and appear whole or not at all, however large they are."""
from __future__ import absolute_import, division, print_function

import errno
import os
import stat

from minion import compat, files


def _temporary_folder():
    import tempfile                              # half a megabyte, for devices and pipes only
    return tempfile.gettempdir()


class Draft(object):
    """A temporary file beside `path`; keep() puts it there, leaving the context without it removes it.

    A regular file that is replaced hands its mode and owner on; a symbolic link stays, what it leads to is replaced; into
    a device or a pipe the data is copied.

    :param int mode: of a file that is new.  :param bool hand_on: False: `mode` and our account, whatever was there.
    :raises OSError, IOError: the folder cannot be written.
    """

    def __init__(self, path, mode=0o644, hand_on=True):
        self.path = os.path.realpath(path)
        self._mode, self._old = mode, self._look() if hand_on else None
        special = self._old is not None and not stat.S_ISREG(self._old.st_mode)
        if special and stat.S_ISDIR(self._old.st_mode):
            raise OSError(errno.EISDIR, os.strerror(errno.EISDIR), path)
        self._special = special
        handle, self._temporary = files.new_file(_temporary_folder() if special else os.path.dirname(self.path), '.minion-')
        self._stream = os.fdopen(handle, 'wb')

    def _look(self):
        try:
            return os.stat(self.path)
        except OSError as exc:
            if exc.errno not in (errno.ENOENT, errno.ENOTDIR):
                raise
            return None

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        self._stream.close()
        if self._temporary is not None:
            files.remove(self._temporary)

    def write(self, data):
        """Append bytes."""
        self._stream.write(data)

    def keep(self):
        """Put what was written at the path.  :raises OSError, IOError: it cannot be; what was there is untouched."""
        self._stream.close()
        if self._special:
            return self._copy()
        if self._old is None:
            os.chmod(self._temporary, self._mode)
        else:
            if (self._old.st_uid, self._old.st_gid) != (os.geteuid(), os.getegid()):
                os.chown(self._temporary, self._old.st_uid, self._old.st_gid)
            os.chmod(self._temporary, stat.S_IMODE(self._old.st_mode))
        try:
            os.rename(self._temporary, self.path)
            self._temporary = None
        except OSError as exc:
            if exc.errno != errno.EBUSY:         # a mount point of its own, as /etc/hosts in containers: no rename there
                raise
            self._copy()

    def _copy(self):
        import shutil
        with open(self._temporary, 'rb') as source, open(self.path, 'wb') as target:
            shutil.copyfileobj(source, target, 1 << 18)


def same(path, kind, hsum):
    """True if there is a regular file at `path` with the hex digest `hsum` of `kind`."""
    try:
        return os.path.isfile(path) and compat.same_bytes(compat.to_bytes(files.digest(path, kind)),
                                                          compat.to_bytes(hsum))
    except (OSError, IOError, ValueError):       # unreadable, or a kind that this Python has not: fetched anew
        return False
