"""From one image of this program to the next: the same command once more, with the lock and the word of its starter.

A restart replaces the program inside its process (same pid), the keep-alive parent starts it anew in a child. Both go
through exec, so that an update of the program on the disk is taken over as a whole.
"""
from __future__ import absolute_import, division, print_function

import fcntl
import os
import sys
from collections import namedtuple

NAME = 'MINION_HANDOVER'

# lock: descriptor that holds the flock or None; hammer: descriptor of the pipe to who waits for the start, or None;
# note: what the log is to say of it
Handover = namedtuple('Handover', 'lock hammer note')


def command(words):
    """The command that starts this program again, found before the working directory changes.

    :param list words: its options.
    """
    return [sys.executable, os.path.abspath(sys.argv[0])] + list(words)


def become(argv, handed):
    """Replace this program by `argv`.  :raises OSError: it cannot be started."""
    for handle in (handed.lock, handed.hammer):
        if handle is not None:
            fcntl.fcntl(handle, fcntl.F_SETFD, 0)
    environment = dict(os.environ)
    environment[NAME] = '%s %s %s' % tuple('-' if part is None else part for part in handed)
    os.execve(argv[0], argv, environment)


def take():
    """What the image before left for this one, None where there was none. Jobs do not see it any more."""
    text = os.environ.pop(NAME, None)
    if text is None:
        return None
    lock, hammer, note = (text.split(' ', 2) + ['-', '-'])[:3]
    return Handover(_descriptor(lock), _descriptor(hammer), note)


def _descriptor(word):
    """The number of an open descriptor, closed again at the next exec; None for any other word."""
    if not word.isdigit() or int(word) < 3:
        return None
    try:
        fcntl.fcntl(int(word), fcntl.F_SETFD, fcntl.FD_CLOEXEC)
    except (IOError, OSError, OverflowError):            # not open: somebody else's idea of this variable
        return None
    return int(word)
