"""The files of a service by init system: which, where, and what is run for them."""
from __future__ import absolute_import, division, print_function

import errno
import os
import subprocess
import sys

from minion import compat, errors, files

MARK = b'Salt minion'                            # stands in every file of ours
USUAL = ('/usr/bin/minion', '/etc/salt')         # program and configuration in the files as they come
USUAL_PIDFILE = '/var/run/salt-minion.pid'


def source_folder():
    """Where the files lie: conf/ of the checkout or of the bundle, or share/minion of the installation."""
    above = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    program = os.path.dirname(os.path.realpath(sys.argv[0]))
    for folder in (os.path.join(above, 'conf'), os.path.join(program, '..', 'conf'),
                   os.path.join(program, '..', 'share', 'minion'), os.path.join(sys.prefix, 'share', 'minion')):
        if os.path.isfile(os.path.join(folder, 'init.d', 'minion')):
            return os.path.normpath(folder)
    raise errors.MinionError('the files of the service were not installed with this program (share/minion)')


def init_of(root):
    """The init system of the host, or of the system in a folder."""
    def there(*names):
        return any(os.path.exists(os.path.join(root, name)) for name in names)
    if root == '/' and there('run/systemd/system') or root != '/' and there('lib/systemd/systemd', 'usr/lib/systemd/systemd'):
        return 'systemd'
    if there('sbin/openrc-run', 'usr/sbin/openrc-run'):
        return 'openrc'
    if there('sbin/initctl', 'usr/sbin/initctl') and there('etc/init'):
        return 'upstart'
    return 'sysv'


class Plan(object):
    """:param str root:  :param str kind: init system.  :param str daemon, config_dir: what the service starts.
    :param callable say: told each step.  :param str pidfile: where it is not the usual one.
    """

    def __init__(self, root, kind, daemon, config_dir, say, pidfile=None):
        self._root, self._kind, self._say = root, kind, say
        self._daemon, self._config_dir = daemon, config_dir
        self._pidfile = None if pidfile == USUAL_PIDFILE else pidfile

    # ---- what belongs to it

    def _files(self):
        """(source, place, mode) of the program's own files."""
        found = {'sysv': [('init.d/minion', 'etc/init.d/minion', 0o755)],
                 'systemd': [('minion.service', 'etc/systemd/system/minion.service', 0o644)],
                 'upstart': [('minion.upstart', 'etc/init/minion.conf', 0o644)],
                 'openrc': [('init.d/minion.openrc', 'etc/init.d/minion', 0o755)]}[self._kind]
        extra = [('logrotate.d/minion', 'etc/logrotate.d/minion', 0o644),
                 ('completion/minion.bash', 'etc/bash_completion.d/minion', 0o644)]
        return found + [row for row in extra if os.path.isdir(os.path.dirname(self._path(row[1])))]

    def _settings(self):
        """(place, content) of the file that the administrator may change, None where there is none."""
        if self._kind == 'openrc':
            return 'etc/conf.d/minion', '# Salt minion\nMINION_DAEMON="%s"\nMINION_CONFIG_DIR="%s"\n%s' % (
                self._daemon, self._config_dir, 'MINION_PIDFILE="%s"\n' % self._pidfile if self._pidfile else '')
        if self._kind != 'sysv':
            return None
        folder = 'etc/sysconfig' if os.path.isdir(self._path('etc/sysconfig')) else 'etc/default'
        text = compat.to_native(files.read(os.path.join(source_folder(), 'default', 'minion')))
        mine = 'PIDFILE="%s"\n' % self._pidfile if self._pidfile else ''
        return os.path.join(folder, 'minion'), 'DAEMON="%s"\nCONFIG_DIR="%s"\n%s%s' % (
            self._daemon, self._config_dir, mine, text)

    def _links(self):
        """(place, target) of the links that have it started at boot, where no command makes them."""
        if self._kind == 'systemd':
            return [('etc/systemd/system/multi-user.target.wants/minion.service', '/etc/systemd/system/minion.service')]
        if self._kind == 'openrc':
            return [('etc/runlevels/default/minion', '/etc/init.d/minion')]
        if self._kind == 'upstart':
            return []
        base = 'etc/rc.d' if os.path.isdir(self._path('etc/rc.d/rc3.d')) else 'etc'
        levels = [(level, 'S97minion') for level in '2345'] + [(level, 'K03minion') for level in '016']
        return [('%s/rc%s.d/%s' % (base, level, name), '/etc/init.d/minion') for level, name in levels
                if os.path.isdir(self._path('%s/rc%s.d' % (base, level)))]

    def _path(self, place):
        return os.path.join(self._root, place)

    # ---- both ways

    def installed(self):
        """True if the file that makes it a service is there."""
        return os.path.lexists(self._path(self._files()[0][1]))

    def obstacle(self):
        """What install() would be refused for, '' for nothing."""
        try:
            for source, place, _ in self._files():
                self._content(source)
                self._check_ours(place)
        except errors.MinionError as exc:
            return str(exc)
        return ''

    def places(self):
        """Paths of the files that install() writes."""
        settings = self._settings()
        return [self._path(row[1]) for row in self._files()] + ([self._path(settings[0])] if settings else [])

    def install(self):
        """:raises MinionError, Forbidden:"""
        for source, place, mode in self._files():
            self._write(place, self._content(source), mode)
        settings = self._settings()
        if settings is not None and not os.path.lexists(self._path(settings[0])):
            self._write(settings[0], compat.to_bytes(settings[1]), 0o644)
        elif settings is not None:
            self._say('kept:    %s' % self._path(settings[0]))
        if not self._run({'systemd': [['systemctl', 'daemon-reload'], ['systemctl', 'enable', 'minion']],
                          'sysv': [['update-rc.d', 'minion', 'defaults'], ['chkconfig', '--add', 'minion']],
                          'openrc': [['rc-update', 'add', 'minion', 'default']], 'upstart': []}[self._kind]):
            for place, target in self._links():
                self._link(place, target)

    def uninstall(self):
        """:raises MinionError, Forbidden:"""
        self._run({'systemd': [['systemctl', 'disable', 'minion']], 'sysv': [['chkconfig', '--del', 'minion']],
                   'openrc': [['rc-update', 'del', 'minion', 'default']], 'upstart': []}[self._kind])
        for place, _ in self._links():
            if os.path.islink(self._path(place)):
                self._remove(place)
        for _, place, _ in self._files():
            if os.path.lexists(self._path(place)):
                self._check_ours(place)
                self._remove(place)
        settings = self._settings()
        if settings is not None and os.path.exists(self._path(settings[0])):
            if files.read(self._path(settings[0])) == compat.to_bytes(settings[1]):
                self._remove(settings[0])
            else:
                self._say('kept:    %s, which was changed' % self._path(settings[0]))
        self._run({'systemd': [['systemctl', 'daemon-reload']], 'sysv': [['update-rc.d', 'minion', 'remove']],
                   'openrc': [], 'upstart': []}[self._kind])

    def _content(self, source):
        data = files.read(os.path.join(source_folder(), source))
        if source in ('minion.service', 'minion.upstart'):
            ours = '%s -c %s' % (self._daemon, self._config_dir)
            data = data.replace(compat.to_bytes('%s -c %s' % USUAL), compat.to_bytes(ours))
        return data

    # ---- steps, each told

    def _write(self, place, data, mode):
        path = self._path(place)
        self._check_ours(place)
        self._try(path, lambda: (compat.make_dirs(os.path.dirname(path), 0o755), files.write(path, data, mode)))
        self._say('wrote:   %s' % path)

    def _link(self, place, target):
        path = self._path(place)
        if os.path.islink(path) and os.readlink(path) == target:
            return
        self._try(path, lambda: (compat.make_dirs(os.path.dirname(path), 0o755), os.symlink(target, path)))
        self._say('linked:  %s -> %s' % (path, target))

    def _remove(self, place):
        self._try(self._path(place), lambda: files.remove(self._path(place)))
        self._say('removed: %s' % self._path(place))

    def _check_ours(self, place):
        path = self._path(place)
        try:
            data = files.read(path)
        except EnvironmentError as exc:
            raise errors.MinionError('%s: cannot be read: %s' % (path, files.reason(exc)))
        if data is not None and MARK not in data:
            raise errors.MinionError('%s is not a file of this program; move it away first' % path)

    def _try(self, path, step):
        try:
            step()
        except EnvironmentError as exc:
            kind = errors.Forbidden if exc.errno in (errno.EACCES, errno.EPERM) else errors.MinionError
            raise kind('%s: %s' % (path, files.reason(exc)))

    def _run(self, commands):
        """Run the commands that are installed, on the running system only; True if any was there."""
        done = False
        for words in commands if self._root == '/' else ():
            try:
                process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
            except OSError:                          # not the way of this distribution
                continue
            output = compat.to_native(process.communicate()[0]).strip()
            self._say('ran:     %s%s' % (' '.join(words), '' if process.returncode == 0 else ' (exit code %d: %s)' % (
                process.returncode, output)))
            done = done or process.returncode == 0
        return done
