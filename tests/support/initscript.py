"""The init.d script of the repository as a service of the test's own: its shell, its settings, what it leaves."""
from __future__ import absolute_import, division, print_function

import os
import signal
import subprocess

from minion import compat, files
from tests.support import groups, leaks
from tests.support.minionprocess import PROGRAM, ROOT, MinionProcess
from tests.support.waiting import wait_until

SCRIPT = os.path.join(ROOT, 'conf', 'init.d', 'minion')
SHELLS = [name for name in ('dash', 'bash', 'busybox') if any(
    os.access(os.path.join(folder, name), os.X_OK) for folder in ('/bin', '/usr/bin', '/sbin', '/usr/sbin'))]


class Service(object):
    """:param str folder: for all of it.  :param Master master:  :param str shell: word of SHELLS.
    :param config: settings of the minion beside those of MinionProcess.
    """

    def __init__(self, folder, master, shell, key, **config):
        self.minion = MinionProcess(folder, master, key=key, **config)
        self.minion.write_config()
        self.pidfile = os.path.join(folder, 'minion.pid')
        self.daemon = self._program(folder)
        self.defaults = os.path.join(folder, 'defaults')
        self.settings = {'DAEMON': self.daemon, 'CONFIG_DIR': os.path.join(folder, 'conf'), 'PIDFILE': self.pidfile,
                         'OPTIONS': '', 'STOP_TIMEOUT': '15', 'START_TIMEOUT': '30'}
        self.environment = dict(os.environ, MINION_DEFAULTS=self.defaults)
        self.words = ['busybox', 'sh'] if shell == 'busybox' else [shell]

    def _program(self, folder):
        """bin/minion with the interpreter of this run in its first line, as an installation makes it."""
        path = os.path.join(folder, 'bin', 'minion')
        compat.make_dirs(os.path.dirname(path))
        text = '#!%s\nimport sys\nsys.path.insert(0, %r)\nfrom minion.cli import main\nsys.exit(main())\n' % (PROGRAM[0], ROOT)
        files.write(path, compat.to_bytes(text), 0o755, sync=False)
        return path

    def start_script(self, action):
        """The script as a Popen, its output in a pipe."""
        text = ''.join('%s="%s"\n' % item for item in self.settings.items())
        files.write(self.defaults, compat.to_bytes(text), sync=False)
        return subprocess.Popen(self.words + [SCRIPT, action], env=self.environment, stdout=subprocess.PIPE,
                                stderr=subprocess.STDOUT, preexec_fn=groups.alone, close_fds=True)

    def __call__(self, action):
        """(exit code, output) of one action."""
        process = self.start_script(action)
        output = process.communicate()[0]
        return process.returncode, compat.to_native(output)

    def pid(self):
        """What the pid file says, None without."""
        data = files.read(self.pidfile, 64) if os.path.exists(self.pidfile) else None
        return int(data) if data else None

    def tree(self):
        """{pid: command line} of every process of this service: minions, keep-alive parents, starts under way."""
        return dict((pid, line) for pid, line in leaks.marked('MINION_DEFAULTS=' + self.defaults).items()
                    if 'minion' in line and SCRIPT not in line)

    def roles(self):
        """Sorted roles of the processes in tree()."""
        return sorted('keeper' if 'keeper.sh' in line else 'minion' for line in self.tree().values())

    def alive(self):
        """True while the process in the pid file lives."""
        return self.pid() in self.tree()

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        for _ in range(3):                           # a parent may start another meanwhile
            for pid in sorted(self.tree()):
                try:
                    os.kill(pid, signal.SIGKILL)
                except OSError:
                    continue
        wait_until(lambda: not self.tree(), 10, lambda: 'end of %r' % self.tree())
