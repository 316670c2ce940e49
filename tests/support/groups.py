"""Process groups of the programs that tests start: whole trees are ended, none is left behind."""
from __future__ import absolute_import, division, print_function

import errno
import os
import resource
import signal
import subprocess
import tempfile

from tests.support.waiting import wait_until


DESCRIPTORS = 4096


def alone():
    """For preexec_fn: a session of its own, and few descriptors, since Python 2 closes each possible one at a start."""
    os.setsid()
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    enough = DESCRIPTORS if most == resource.RLIM_INFINITY else min(DESCRIPTORS, most)
    resource.setrlimit(resource.RLIMIT_NOFILE, (enough, most))


def start(command, log, folder, environment=None):
    """Start `command` in a session of its own, without input, its output appended to the file `log`.

    :return subprocess.Popen: its pid is also the number of its process group.
    """
    with open(log, 'ab') as output, open(os.devnull, 'rb') as nothing:
        return subprocess.Popen(command, stdin=nothing, stdout=output, stderr=output, cwd=folder, env=environment,
                                preexec_fn=alone)


def call(command, log, folder, environment=None, seconds=60):
    """Run `command` to its end, its errors appended to the file `log`.

    :return: (exit status, standard output as bytes).  :raises AssertionError: it ran longer than `seconds`.
    """
    with tempfile.TemporaryFile() as output, open(log, 'ab') as errors, open(os.devnull, 'rb') as nothing:
        process = subprocess.Popen(command, stdin=nothing, stdout=output, stderr=errors, cwd=folder, env=environment,
                                   preexec_fn=alone)
        try:
            wait_until(lambda: process.poll() is not None, seconds, 'end of ' + ' '.join(command))
        finally:
            end(process)
        output.seek(0)
        return process.returncode, output.read()


def members(group):
    """Pids of the living processes (zombies do not count) in the process group `group`."""
    return [pid for pid, state, of_group in _processes() if of_group == group and state not in 'ZX']


def _processes():
    for name in os.listdir('/proc'):
        if not name.isdigit():
            continue
        try:
            with open('/proc/%s/stat' % name, 'rb') as stream:
                fields = stream.read().rpartition(b')')[2].split()
        except (IOError, OSError):                            # it ended meanwhile
            continue
        yield int(name), fields[0].decode('ascii'), int(fields[2])


def send(group, number):
    """Send signal `number` to every process of a group; a group that is gone is fine."""
    try:
        os.killpg(group, number)
    except OSError as exc:
        if exc.errno != errno.ESRCH:
            raise


def end(process, grace=0.0):
    """End the whole group of a Popen: SIGTERM first if there is a grace (seconds), then SIGKILL; wait until it is gone.

    :return: exit status of the leader as Popen.wait gives it.
    """
    if grace:
        send(process.pid, signal.SIGTERM)
        try:
            wait_until(lambda: process.poll() is not None and not members(process.pid), grace, 'end by SIGTERM')
        except AssertionError:                                # it gets the harder signal
            pass
    send(process.pid, signal.SIGKILL)
    status = process.wait()
    wait_until(lambda: not members(process.pid), 10, lambda: 'end of processes %r' % members(process.pid))
    return status
