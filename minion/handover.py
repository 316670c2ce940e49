"""From one image of this program to the next: the same command once more, with what the one before it held.

A restart replaces the program inside its process (same pid, same lock); the keep-alive parent, a small shell script,
starts it in a child. Both go through exec, so that an update of the program on the disk is taken over as a whole.
"""
from __future__ import absolute_import, division, print_function

import fcntl
import os
import sys

from minion.record import record

NAME = 'MINION_HANDOVER'
SHELL, SCRIPT = '/bin/sh', os.path.join(os.path.dirname(os.path.abspath(__file__)), 'keeper.sh')
HAMMER, EAR, KEEPER = 7, 8, 9                    # descriptors that the script knows

# lock: descriptor that holds the flock or None; hammer: of the pipe to who waits for the start, or None; keeper: of the
# pipe to the keep-alive parent, or None; note: what the log is to say, '-' for nothing
Handover = record('Handover', 'lock hammer keeper note')


def command(words):
    """The command that starts this program again, found before the working directory changes.

    :param list words: its options.
    """
    return [sys.executable, os.path.abspath(sys.argv[0])] + list(words)


def become(argv, handed):
    """Replace this program by `argv`.  :raises OSError: it cannot be started."""
    for handle in handed[:3]:
        if handle is not None:
            fcntl.fcntl(handle, fcntl.F_SETFD, 0)
    environment = dict(os.environ)
    environment[NAME] = ' '.join('-' if part is None else str(part) for part in handed)
    os.execve(argv[0], argv, environment)


def give_way(argv):
    """Replace this program by another that is looked for in PATH (`minion_restart_command`); it gets nothing of ours.

    :raises OSError: it cannot be started.
    """
    os.execvp(argv[0], list(argv))


def keeper_can_be():
    """False where there is no shell, or the script was not installed: the minion is then its own only process."""
    return os.access(SHELL, os.X_OK) and os.path.isfile(SCRIPT)


def become_keeper(argv, hammer):
    """Replace this program by the keep-alive parent, which starts `argv`.

    :param int hammer: descriptor of the pipe to who waits for the start.  :raises OSError: there is no shell.
    """
    ear, mouth = os.pipe()
    above = [fcntl.fcntl(handle, fcntl.F_DUPFD, KEEPER + 1) for handle in (hammer, ear, mouth)]
    for handle, number in zip(above, (HAMMER, EAR, KEEPER)):
        os.dup2(handle, number)
    for handle in set(above + [hammer, ear, mouth]) - set((HAMMER, EAR, KEEPER)):
        os.close(handle)
    os.execv(SHELL, [SHELL, SCRIPT] + argv)


def take():
    """What the image before left for this one, None where there was none. Jobs do not see it any more."""
    text = os.environ.pop(NAME, None)
    if text is None:
        return None
    lock, hammer, keeper, note = (text.split(' ', 3) + ['-'] * 3)[:4]
    return Handover(_descriptor(lock), _descriptor(hammer), _descriptor(keeper), note)


def _descriptor(word):
    """The number of an open descriptor, closed again at the next exec; None for any other word."""
    if not word.isdigit() or int(word) < 3:
        return None
    try:
        fcntl.fcntl(int(word), fcntl.F_SETFD, fcntl.FD_CLOEXEC)
    except (EnvironmentError, OverflowError, ValueError):        # not open: somebody else's idea of this variable
        return None
    return int(word)
