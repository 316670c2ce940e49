"""The system that the program is installed on, or the one in a folder: links, versions, service, who runs."""
from __future__ import absolute_import, division, print_function

import errno
import fcntl
import io
import os
import re
import shutil
import subprocess
import sys

from contents import make_dirs, raw, sync
from suitable import FAILED, FORBIDDEN, Failure


def say(line):
    """Print a line at once."""
    print(line)
    sys.stdout.flush()


class Host(object):
    """:param options: of the command line. Paths are those of the system; place() tells where they are now."""

    def __init__(self, chosen):
        self.root, self.prefix, self.chosen = os.path.abspath(chosen.root), chosen.prefix, chosen
        self.home = self.place(chosen.prefix)
        self.program = os.path.join(chosen.prefix, 'bin', 'minion')
        if not os.path.isdir(self.root):
            raise Failure('%s is no folder' % self.root)

    def place(self, path):
        return os.path.join(self.root, path.lstrip('/'))

    def lock(self):
        """Hold the prefix for the rest of this process."""
        make_dirs(self.home)
        self._lock = io.open(os.path.join(self.home, '.lock'), 'ab')
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except (IOError, OSError) as exc:
            if exc.errno not in (errno.EAGAIN, errno.EACCES):
                raise
            raise Failure('another installation works on %s; wait for its end' % self.prefix)

    def named(self, link):
        """The version that a link names, None if there is none."""
        path = os.path.join(self.home, link)
        return os.readlink(path) if os.path.islink(path) and os.path.isdir(path) else None

    def point(self, path, target):
        """Have the link `path` name `target`, at once."""
        if os.path.islink(path) and os.readlink(path) == target:
            return
        make_dirs(os.path.dirname(path))
        fresh = '%s.new' % path
        if os.path.lexists(fresh):
            os.remove(fresh)
        os.symlink(target, fresh)
        os.rename(fresh, path)
        sync(os.path.dirname(path))
        say('linked:  %s -> %s' % (path, target))

    def switch(self, name):
        """Make `name` the version in use, and the one that was it the previous one."""
        before = self.named('current')
        self.point(os.path.join(self.home, 'current'), name)
        if before not in (None, name):
            self.point(os.path.join(self.home, 'previous'), before)
        self.point(os.path.join(self.home, 'bin', 'minion'), '../current/bin/minion')

    def versions(self):
        return [name for name in os.listdir(self.home) if os.path.isfile(os.path.join(self.home, name, 'bundle.json'))
                and not os.path.islink(os.path.join(self.home, name))]

    def running(self):
        """Pids of the minions of this prefix on this host; those of a system in a folder do not count."""
        if self.root != '/':
            return []
        wanted, found = raw(self.program), []
        for pid in [name for name in os.listdir('/proc') if name.isdigit()]:
            try:
                with io.open('/proc/%s/cmdline' % pid, 'rb') as stream:
                    words = re.split(b'[\0 ]', stream.read())
            except EnvironmentError:                 # it ended meanwhile
                continue
            if wanted in words[:5]:                  # after the interpreter, or after the shell of its parent
                found.append(pid)
        return found

    def service(self, action):
        """`minion service install` or `uninstall`, with the program in place."""
        if self.chosen.no_service:
            return
        words = [sys.executable, os.path.join(self.home, 'bin', 'minion'), 'service', action]
        words += ['--root', self.root] + (['--init', self.chosen.init] if self.chosen.init else [])
        words += ['--daemon', self.program, '--config-dir', self.chosen.config_dir]
        code = subprocess.call(words)
        if code:
            outcome = 'the program is in place, its service is not' if action == 'install' else 'nothing else was removed'
            raise Failure('%s: `minion service %s` ended with %d' % (outcome, action, code),
                          code if code == FORBIDDEN else FAILED)


def prune(host):
    """Remove what is neither in use nor the way back; while minions run, they may still read their files."""
    kept = (host.named('current'), host.named('previous'))
    for name in host.versions():
        if name not in kept and not in_use(os.path.join(host.prefix, name)):
            shutil.rmtree(os.path.join(host.home, name))
            say('removed: %s' % os.path.join(host.home, name))


def in_use(folder):
    """Has any process loaded a library from this folder?"""
    for pid in [name for name in os.listdir('/proc') if name.isdigit()]:
        try:
            with io.open('/proc/%s/maps' % pid, 'rb') as stream:
                if raw(folder + '/') in stream.read():
                    return True
        except EnvironmentError:                     # it ended meanwhile, or is not ours to read
            continue
    return False
