"""What cmd.run_chroot needs around its command: file systems mounted, what runs on in there ended, all unmounted."""
from __future__ import absolute_import, division, print_function

import contextlib
import logging
import os
import select
import signal

from minion import compat
from minion.errors import CommandExecutionError
from minion.helpers import cmd_request, command, processes

log = logging.getLogger(__name__)

KERNEL = (('devtmpfs', 'dev'), ('proc', 'proc'), ('sysfs', 'sys'))
PATIENCE = 2.0            # seconds for processes that were told to end


def argv(root, request):
    """The argument list that runs a Request within `root`, as its own user there."""
    words = ['chroot']
    if request.runas or request.group:
        names = [cmd_request.text(name or '') for name in (request.runas, request.group)]
        words.append('--userspec=' + ':'.join(names))
    words.append(root)
    if isinstance(request.cmd, list) or not request.python_shell:
        return words + (request.cmd if isinstance(request.cmd, list) else request.argv())
    shell = '/bin/bash' if os.path.exists(os.path.join(root, 'bin/bash')) else '/bin/sh'
    enter = 'cd %s || exit 1\n' % compat.shell_quote(request.cwd) if request.cwd else ''
    return words + [shell, '-c', enter + request.cmd]


@contextlib.contextmanager
def prepared(root, binds):
    """dev, proc and sys mounted in `root` for the time of a `with`, unless they are or their folder is missing.

    :param binds: folders of this host that are to be seen under the same name in there.
    """
    if not os.path.isdir(root) or os.path.samefile(root, '/'):
        yield                                        # chroot itself says what is wrong with it
        return
    before, mounted = processes.rooted(os.path.realpath(root)), []
    try:
        for folder in cmd_request.as_list(binds):
            mounted += _bind(root, cmd_request.text(folder))
        for kind, name in KERNEL:
            mounted += _mount(os.path.join(root, name), ['-t', kind, kind])
        yield
    finally:
        _end_new(os.path.realpath(root), before)
        for place in reversed(mounted):
            if not _run(['umount', place]):
                _run(['umount', '-l', place])        # whoever removes the folder later must not find our /dev in it


def _bind(root, folder):
    if not os.path.isabs(folder) or not os.path.isdir(folder):
        raise CommandExecutionError('binds: %s is no absolute path of a folder' % folder)
    place = os.path.join(root, folder.lstrip('/'))
    if not os.path.isdir(place):
        os.makedirs(place)
    return _mount(place, ['--bind', folder])


def _mount(place, how):
    """[place] if it was mounted, [] if it need not or could not be."""
    if not os.path.isdir(place) or os.path.ismount(place):
        return []
    return [place] if _run(['mount'] + how + [place]) else []


def _run(words):
    try:
        result = command.run(words, merge=True)
    except OSError as exc:
        log.warning('%s cannot be run: %s', words[0], exc.strerror)
        return False
    if result.retcode:
        log.warning('%s failed: %s', ' '.join(words), compat.to_native(result.stdout).strip())
    return result.retcode == 0


def _end_new(root, before):
    """End the processes that were begun inside and run on: they would keep the mounts busy."""
    old = set((process.pid, process.started) for process in before)

    def new():
        return [process for process in processes.rooted(root) if (process.pid, process.started) not in old]

    for signum in (signal.SIGTERM, signal.SIGKILL):
        for process in new():
            processes.signal_one(process.pid, signum)
        deadline = compat.monotonic() + PATIENCE
        while new() and compat.monotonic() < deadline:
            select.select([], [], [], 0.05)
