"""A migration that the salt-minion itself is told to do: it goes on in a process that outlives the job."""
from __future__ import absolute_import, division, print_function

import os

import click

from minion import compat, errors, files
from minion.commands import migrate_host
from minion.commands.terminal import say

LOG = 'minion-migrate.log'                       # beside the log of the minion
JOB_ENDS = 20.0                                  # seconds that the job has to return


def leave(log_file):
    """Go on behind the back of a job of the salt-minion, whose end would be ours; elsewhere do nothing.

    In the process of the job this raises the Exit of the command line, with what the job is to return.
    """
    job = above()
    if job is None:
        return
    folder = '/var/log' if '://' in log_file else os.path.dirname(log_file)
    path = os.path.join(folder, LOG)
    try:
        compat.make_dirs(folder)
        log = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW, 0o600)
        nothing = os.open(os.devnull, os.O_RDONLY)
    except OSError as exc:
        raise errors.MinionError('%s cannot be written: %s' % (path, files.reason(exc)))
    if os.fork():
        os.close(log)
        os.close(nothing)
        say('This is a job of the salt-minion, which ends with it: the migration begins when the job has returned. What '
            'it says goes to %s' % path)
        raise click.exceptions.Exit(0)
    os.setsid()
    for handle, number in ((nothing, 0), (log, 1), (log, 2)):
        os.dup2(handle, number)
    os.close(log)
    os.close(nothing)
    migrate_host.ends(lambda: not os.path.exists('/proc/%d' % job), JOB_ENDS)


def above():
    """Pid of the nearest process above this one that belongs to a salt-minion, None."""
    pid = os.getpid()
    while pid > 1:
        pid = migrate_host.parent(pid)
        if pid > 1 and migrate_host.program(migrate_host.words_of(pid)) is not None:
            return pid
    return None
