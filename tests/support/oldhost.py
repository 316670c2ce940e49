"""This host with an /etc and a /run of the test's own, and a salt-minion, false or real, as its System V service.

Mounts are seen by this process and its children only, and are gone with them.
"""
from __future__ import absolute_import, division, print_function

import os
import signal
import sys

import pytest

from minion import compat, files
from tests.support import groups, smalldisk
from tests.support.minionprocess import PROGRAM, ROOT
from tests.support.waiting import wait_until

FAKE = u"""#!%s
# passes for a salt-minion: -d, a pid file, an end at SIGTERM; --job runs the rest of the line as a job of its would
import os, signal, subprocess, sys
if sys.argv[1:2] == ['--job']:
    sys.exit(subprocess.call(sys.argv[2:]))
ear, hammer = os.pipe()
if os.fork():
    os.close(hammer)
    os.read(ear, 1)
    os._exit(0)
os.setsid()
for number in range(3):
    os.dup2(os.open(os.devnull, os.O_RDWR), number)
def stop(*_):
    os.unlink(%r)
    os._exit(0)
signal.signal(signal.SIGTERM, stop)
with open(%r, 'w') as stream:
    stream.write(str(os.getpid()))
os.close(hammer)
while True:
    signal.pause()
"""
SCRIPT = u"""#!/bin/sh
### BEGIN INIT INFO
# Provides:          salt-minion
# Required-Start:    $remote_fs $network
# Required-Stop:     $remote_fs $network
# Default-Start:     2 3 4 5
# Default-Stop:      0 1 6
# Short-Description: salt-minion
### END INIT INFO
case $1 in
start) exec %(program)s -d ;;
stop) [ ! -s %(pidfile)s ] || kill "$(cat %(pidfile)s)" ;;
*) exit 2 ;;
esac
"""
PIDFILE = '/var/run/salt-minion.pid'


class OldHost(object):
    """:param str folder: for all of it.  :param str program: the salt-minion; None: a false one.

    :param str python: that ours runs on.  :param config: of /etc/salt/minion.
    """

    def __init__(self, folder, program=None, python=PROGRAM[0], **config):
        if os.geteuid() != 0:
            pytest.skip('a service is stopped and started by root')
        if not os.path.exists('/usr/sbin/update-rc.d'):
            pytest.skip('there is no update-rc.d here')
        self.folder, self.log = folder, os.path.join(folder, 'log')
        compat.make_dirs(folder)
        self._known = None
        trouble = smalldisk.own_mounts() or smalldisk.command('cp', '-a', '/etc', os.path.join(folder, 'etc'))
        if trouble:
            pytest.skip('no mounts of our own here: ' + trouble)
        os.mkdir(os.path.join(folder, 'run'), 0o755)
        for name in ('etc', 'run'):
            assert not smalldisk.command('mount', '--bind', os.path.join(folder, name), '/' + name)
        self._known = set(self._pids())
        for name in ('default/minion', 'init.d/minion', 'salt', 'logrotate.d/minion'):
            assert not smalldisk.command('rm', '-rf', '/etc/' + name)
        self.pki = '/etc/salt/pki/minion'
        compat.make_dirs(self.pki)
        os.chmod('/etc/salt', 0o755)
        self.program = self._write('bin/minion', u'#!%s\nimport sys\nsys.path.insert(0, %r)\nfrom minion.cli import main\n'
                                   u'sys.exit(main())\n' % (python, ROOT))
        self.old = program or self._write('bin/salt-minion', FAKE % (sys.executable, PIDFILE, PIDFILE))
        self.settings = dict({
            'log_file': self.log, 'log_level_logfile': 'info', 'cachedir': os.path.join(folder, 'cache'),
            'sock_dir': os.path.join(folder, 'sock'), 'extension_modules': os.path.join(folder, 'extmods'),
            'acceptance_wait_time': 1, 'random_reauth_delay': 0}, **config)
        files.write('/etc/salt/minion', compat.to_bytes(compat.import_yaml().safe_dump(self.settings)), 0o644, sync=False)
        files.write('/etc/init.d/salt-minion', compat.to_bytes(SCRIPT % {
            'program': self.old, 'pidfile': PIDFILE}), 0o755, sync=False)
        assert not smalldisk.command('update-rc.d', 'salt-minion', 'defaults')

    def _write(self, name, text):
        path = os.path.join(self.folder, name)
        compat.make_dirs(os.path.dirname(path))
        files.write(path, compat.to_bytes(text), 0o755, sync=False)
        return path

    def key(self, path, mode=0o400):
        """Use this private key file."""
        files.write(os.path.join(self.pki, 'minion.pem'), files.read(path), mode, sync=False)

    def impatient(self):
        """Let our init.d script not wait until its minion listens."""
        text = '# Salt minion\nDAEMON="%s"\nSTART_TIMEOUT=0\n' % self.program
        files.write('/etc/default/minion', compat.to_bytes(text), 0o644)

    def call(self, *words):
        """(exit code, output and errors) of a command."""
        code, output = groups.call(['sh', '-c', 'exec "$@" 2>&1', 'sh'] + list(words), self.log, '/', seconds=120)
        return code, compat.to_native(output)

    def migrate(self, *words):
        """(exit code, output and errors) of `minion migrate`."""
        return self.call(self.program, 'migrate', *words)

    @staticmethod
    def links():
        """The links by which services are started at boot and stopped, of both minions."""
        return sorted('%s/%s' % (folder, name) for folder in os.listdir('/etc') if folder.startswith('rc')
                      and os.path.isdir('/etc/' + folder) for name in os.listdir('/etc/' + folder) if 'minion' in name)

    def running(self):
        """Sorted words `salt-minion` or `minion`, one for each process of the two; keep-alive parents left out."""
        found = []
        for pid in self._pids():
            words = compat.to_native(files.read('/proc/%d/cmdline' % pid) or b'').replace('\0', ' ').split()
            found += [os.path.basename(word) for word in words[:3] if word in (self.old, self.program)]
        return sorted(found)

    @staticmethod
    def _pids():
        """Pids that see our mounts."""
        mine, found = os.readlink('/proc/self/ns/mnt'), []
        for name in os.listdir('/proc'):
            try:
                if name.isdigit() and os.readlink('/proc/%s/ns/mnt' % name) == mine:
                    found.append(int(name))
            except OSError:                              # it ended meanwhile
                continue
        return found

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        def ended():
            left = set(self._pids()) - self._known
            for pid in left:
                try:
                    os.kill(pid, signal.SIGKILL)
                except OSError:
                    continue
            return not left
        wait_until(ended, 10, 'end of all processes of the host')
        for name in ('run', 'etc'):
            smalldisk.command('umount', '-l', '/' + name)
