"""Configuration files of the host: read as lines, replaced as a whole, mode and owner kept."""
from __future__ import absolute_import, division, print_function

import io
import os
import shutil
import stat

from minion import compat, files
from minion.errors import SaltInvocationError

LIMIT = 16 << 20           # bytes of a file of tables


def text(path, missing=None):
    """The text of a file as `str`; undecodable bytes come back in rewrite().

    :param missing: what stands for a file that is not there; None: that is an error.
    :raises IOError: it cannot be read.
    """
    if missing is not None and not os.path.exists(path):
        return missing
    with io.open(path, 'rb') as stream:
        return compat.to_escaped(stream.read(LIMIT))


def lines(path, missing=None):
    """The lines of a file, with their ends; [] if `missing` is given and it is not there."""
    return text(path, None if missing is None else '').splitlines(True)


def rewrite(path, content, mode=0o644):
    """Let a file hold `content` (text): whole or not at all. A link stays one, what it leads to is replaced.

    :param int mode: of a file that is not there yet.
    :raises OSError: it cannot be written; it is then as it was.
    """
    path = os.path.realpath(path)
    before = os.stat(path) if os.path.exists(path) else None
    if before is not None and not stat.S_ISREG(before.st_mode):
        raise OSError('%s is not a regular file' % path)
    fresh = path + '.minion-new'
    files.write(fresh, compat.to_bytes(content), mode if before is None else stat.S_IMODE(before.st_mode))
    try:
        if before is not None:
            _keep(path, fresh, before)
        os.rename(fresh, path)
    except OSError:
        files.remove(fresh)
        raise


def _keep(path, fresh, before):
    """Owner, mode (which a change of owner may take bits from) and, where Python can, extended attributes."""
    os.chown(fresh, before.st_uid, before.st_gid)
    if hasattr(os, 'listxattr'):                  # the label of SELinux; Python 2 leaves that to the rules of the folder
        shutil.copystat(path, fresh)
        os.utime(fresh, None)
    os.chmod(fresh, stat.S_IMODE(before.st_mode))


def one_line(**values):
    """The values as `str`, for a line of a file; None stays None.

    :raises SaltInvocationError: one of them would end the line.
    """
    for name in values:
        if values[name] is not None:
            values[name] = value = _native(values[name])
            if set(value) & set('\n\r\0'):
                raise SaltInvocationError('%s: %r does not fit into one line' % (name, value))
    return values


def _native(value):
    return compat.to_native(value if compat.is_text(value) else compat.shown(value))
