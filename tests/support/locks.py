"""A lock on a file that ends with the process at the latest. Needs the standard library only."""
from __future__ import absolute_import, division, print_function

import errno
import fcntl


def take(path):
    """The open file that holds the lock until it is closed; None if somebody else has it.

    :raises IOError, OSError: the file cannot be made or locked.
    """
    stream = open(path, 'w')
    try:
        fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return stream
    except (IOError, OSError) as exc:
        stream.close()
        if exc.errno not in (errno.EAGAIN, errno.EACCES):
            raise
        return None
