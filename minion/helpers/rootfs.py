"""Files of the running system below a root that tests can choose."""
from __future__ import absolute_import, division, print_function

import os

from minion import compat, files


class Root(object):
    """Reads files that may be missing, unreadable or badly encoded; None and [] stand for what cannot be read."""

    def __init__(self, path='/'):
        self.path = path

    def at(self, path):
        """The real name of `/etc/x` below this root."""
        return os.path.join(self.path, path.lstrip('/'))

    def text(self, path, limit=1 << 20):
        """Content of a file as native text, None if it cannot be read; wrong UTF-8 is replaced.

        :param int limit: bytes; a longer file counts as unreadable.
        """
        try:
            data = files.read(self.at(path), limit)
        except (IOError, OSError):
            return None
        return None if data is None else compat.to_native(compat.decode_lossy(data))

    def line(self, path):
        """The content without blanks around it, None if there is none."""
        text = self.text(path)
        return text.strip() or None if text is not None else None

    def lines(self, path):
        """Lines without their ends."""
        return (self.text(path) or '').splitlines()

    def names(self, path):
        """Sorted names in a folder."""
        try:
            return sorted(os.listdir(self.at(path)))
        except OSError:
            return []

    def has(self, path):
        """True if there is a file, folder or device of that name."""
        return os.path.exists(self.at(path))

    def is_folder(self, path):
        """True for a folder."""
        return os.path.isdir(self.at(path))

    def link(self, path):
        """Where a symbolic link leads, '' for anything else."""
        try:
            return os.readlink(self.at(path))
        except OSError:
            return ''
