"""A service of the host, by init system: whether it is there and started at boot; the salt-minion's processes."""
from __future__ import absolute_import, division, print_function

import errno
import os
import re
import subprocess
import tempfile
import time

from minion import compat, config, errors, files

OLD, OURS = 'salt-minion', 'minion'
PATIENCE = 180.0                                 # seconds that a command of the init system may take
PAUSE = 0.1                                      # seconds between two looks at what ends
FOLDERS = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'     # also where a job's PATH is short
JOB = ('_thread_return', 'ProcessPayload')       # in the title of a process that runs one job
MANUAL = b'manual\n'                             # in the override of an upstart job that is not to start by itself
DEFINED = {'sysv': ('etc/init.d/%s', 'etc/rc.d/init.d/%s'), 'openrc': ('etc/init.d/%s',),
           'upstart': ('etc/init/%s.conf', 'etc/init.d/%s'),
           'systemd': tuple('%s/systemd/system/%%s.service' % folder for folder in ('etc', 'run', 'usr/lib', 'lib')) +
           ('etc/init.d/%s',)}


def run(words):
    """(exit code, output) of a command; (None, '') where there is no such program.

    Its output goes to a file: daemons that it starts may keep that open.
    :raises MinionError: it does not end.
    """
    with tempfile.TemporaryFile() as output, open(os.devnull, 'rb') as nothing:
        path = '%s:%s' % (os.environ.get('PATH', ''), FOLDERS)
        try:
            process = subprocess.Popen(words, stdin=nothing, stdout=output, stderr=output, close_fds=True,
                                       env=dict(os.environ, PATH=path))
        except OSError:                          # not the way of this distribution
            return None, ''
        if not ends(lambda: process.poll() is not None, PATIENCE):
            process.kill()
            process.wait()
            raise errors.MinionError('%s did not end within %d s' % (' '.join(words), PATIENCE))
        output.seek(0)
        return process.returncode, compat.to_native(output.read(1 << 16)).strip()


def installed(program):
    """True if there is such a program where run() looks for it."""
    folders = os.environ.get('PATH', '').split(':') + FOLDERS.split(':')
    return any(os.access(os.path.join(folder, program), os.X_OK) for folder in folders if folder)


def ends(condition, seconds):
    """Wait until `condition()` is true; whether it became so in time."""
    deadline = compat.monotonic() + seconds
    while not condition():
        if compat.monotonic() >= deadline:
            return False
        try:
            time.sleep(PAUSE)
        except EnvironmentError:                 # a signal, on Python 2
            continue
    return True


class InitService(object):
    """One service.

    :param str root: folder of the system.  :param str kind: init system.  :param str name: of the service.
    :param callable run: as run().
    """

    def __init__(self, root, kind, name, run=run):
        self._root, self.kind, self.name, self._run = root, kind, name, run

    def definition(self):
        """Path of what defines it, None: there is no such service."""
        paths = [os.path.join(self._root, place % self.name) for place in DEFINED[self.kind]]
        return ([path for path in paths if os.path.exists(path)] or [None])[0]

    def boot(self):
        """What decides on its start at boot, for put_back(): {path below root: target of the link or content of the file}."""
        if self.kind == 'upstart':
            path = 'etc/init/%s.override' % self.name
            data = files.read(os.path.join(self._root, path))
            return {} if data is None else {path: compat.to_native(data)}
        return dict((path, os.readlink(os.path.join(self._root, path))) for path in self._links())

    def enabled(self):
        """True if it is started at boot."""
        if self.kind == 'upstart':
            texts = ''.join(self.boot().values())
            return self.definition() is not None and not re.search('^manual$', texts, re.MULTILINE)
        return any(self._starts(path) for path in self._links())

    def _links(self):
        """Paths below root of the links that an init system goes by."""
        if self.kind == 'openrc':
            return self._below('etc/runlevels', '%s$' % self.name)
        found = self._below('etc', r'[SK]\d\d%s$' % self.name, r'rc[0-6S]\.d$') + self._below(
            'etc/rc.d', r'[SK]\d\d%s$' % self.name, r'rc[0-6S]\.d$')
        if self.kind == 'systemd':
            found += self._below('etc/systemd/system', r'%s\.service$' % self.name, r'.*\.(wants|requires)$')
        return found

    def _below(self, folder, pattern, inner='.*'):
        found, top = [], os.path.join(self._root, folder)
        for name in sorted(os.listdir(top)) if os.path.isdir(top) else ():
            path = os.path.join(top, name)
            if re.match(inner, name) and os.path.isdir(path) and not os.path.islink(path):
                found += ['%s/%s/%s' % (folder, name, one) for one in sorted(os.listdir(path))
                          if re.match(pattern, one) and os.path.islink(os.path.join(path, one))]
        return found

    @staticmethod
    def _starts(path):
        return not re.match(r'K\d\d', os.path.basename(path))

    def words(self, action):
        """The command for `start` or `stop`."""
        return {'systemd': ['systemctl', action, self.name], 'upstart': ['initctl', action, self.name],
                'openrc': ['rc-service', self.name, action], 'sysv': ['service', self.name, action]}[self.kind]

    def act(self, action):
        """Start or stop it; (exit code, output)."""
        code, output = self._run(self.words(action))
        if code is None or self.kind == 'upstart' and code and 'etc/init.d' in (self.definition() or ''):
            code, output = self._run([os.path.join(self._root, 'etc/init.d', self.name), action])
        return (127, 'there is neither %s nor its script' % self.words(action)[0]) if code is None else (code, output)

    def disabling(self):
        """The commands after which it is not started at boot; those that the host has are run."""
        return {'systemd': [['systemctl', 'disable', self.name]], 'openrc': [['rc-update', '-a', 'del', self.name]],
                'sysv': [['update-rc.d', self.name, 'disable'], ['chkconfig', self.name, 'off']], 'upstart': []}[self.kind]

    def disable(self):
        """Not to be started at boot, with the tools of the distribution as far as they are there."""
        for words in self.disabling():
            self._run(words)
        if self.kind == 'upstart':
            path = os.path.join(self._root, 'etc/init/%s.override' % self.name)
            files.write(path, (files.read(path) or b'') + MANUAL, 0o644)
        for path in self._links():
            if self._starts(path):
                files.remove(os.path.join(self._root, path))

    def put_back(self, before):
        """Have it started at boot exactly as boot() had said."""
        if any(self._starts(path) for path in before):
            for words in {'systemd': [['systemctl', 'enable', self.name]], 'sysv': [
                    ['update-rc.d', self.name, 'enable'], ['chkconfig', self.name, 'on']]}.get(self.kind, []):
                self._run(words)
        for path in self.boot():
            if path not in before:
                files.remove(os.path.join(self._root, path))
        for path, was in before.items():
            place = os.path.join(self._root, path)
            if self.kind == 'upstart':
                files.write(place, compat.to_bytes(was), 0o644)
            elif not os.path.islink(place) or os.readlink(place) != was:
                compat.make_dirs(os.path.dirname(place), 0o755)
                files.remove(place)
                os.symlink(was, place)
        if self.kind == 'systemd':
            self._run(['systemctl', 'daemon-reload'])


# ---- processes of the salt-minion

def processes(config_dir):
    """{pid: words of the command line} of the salt-minions of this host with that configuration.

    Processes that run one job are left out, and those of containers.
    """
    found, wanted = {}, os.path.realpath(config_dir)
    for name in os.listdir('/proc'):
        words = words_of(int(name)) if name.isdigit() and int(name) != os.getpid() else []
        place = program(words)
        if place is None or any(mark in word for word in words for mark in JOB):
            continue
        if os.path.realpath(_config_dir(words[place:])) == wanted and _of_this_system(int(name), wanted):
            found[int(name)] = words
    return found


def program(words):
    """Where in a command line the program `salt-minion` stands, None: it is another one."""
    for place, word in enumerate(words[:4]):
        if os.path.basename(word) == OLD:
            return place
        if word.endswith('salt/run/run') and words[place + 1:place + 2] == [OURS]:     # one file with all in it, 3005
            return place + 1
        if place == 0 and not os.path.basename(word).startswith(('python', 'pypy')) or place and not word.startswith('-'):
            return None
    return None


def words_of(pid):
    """Words of the command line of a process, none when it is gone."""
    try:
        with open('/proc/%d/cmdline' % pid, 'rb') as stream:
            return compat.to_native(stream.read().replace(b'\0', b' ')).split()
    except EnvironmentError:                     # it has ended
        return []


def _config_dir(words):
    for place, word in enumerate(words):
        if word in ('-c', '--config-dir') and words[place + 1:]:
            return words[place + 1]
        if word.startswith('--config-dir='):
            return word.partition('=')[2]
        if word.startswith('-c') and word != '-c':
            return word[2:]
    return config.DEFAULT_DIR


def _of_this_system(pid, config_dir):
    """False for a process that sees another folder under that path: one in a container, or with mounts of its own."""
    try:
        its, ours = os.stat('/proc/%d/root%s' % (pid, os.path.abspath(config_dir))), os.stat(config_dir)
    except OSError as exc:                       # without the right to look it counts
        return exc.errno in (errno.EACCES, errno.EPERM)
    return (its.st_dev, its.st_ino) == (ours.st_dev, ours.st_ino)


def parent(pid):
    """Pid of the parent of a process, 0 when there is none."""
    try:
        with open('/proc/%d/stat' % pid) as stream:
            return int(stream.read().rpartition(')')[2].split()[1])
    except (EnvironmentError, IndexError, ValueError):
        return 0
