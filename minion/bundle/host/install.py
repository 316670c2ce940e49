"""Installs the minion of an archive on this host; called by install.sh.

Layout, below the prefix: `VERSION-SUM` holds one installation whole (bin, lib, conf), the links `current` and `previous`
name two of them, and `bin/minion` is what services and people call. Whatever fails, `current` stays what it was.
"""
from __future__ import absolute_import, division, print_function

import argparse
import errno
import os
import shutil
import sys
import tempfile
import zipfile

import contents
import suitable
from place import Host, prune, say
from suitable import FAILED, FORBIDDEN, UNSUITED, USAGE, Failure

HERE = os.path.dirname(os.path.abspath(__file__))
EPILOG = """\
exit codes: 0 done; 1 failed, nothing was changed or what was is told; 64 a wrong
  command line; 65 the archive is damaged; 69 it is for another Python or kind of
  host; 77 not permitted
"""


class Parser(argparse.ArgumentParser):
    """Ends with the exit code that all our commands have for a wrong command line."""

    def error(self, message):
        self.exit(USAGE, 'install.sh: %s; see --help\n' % message)


def options(words):
    """The parsed command line."""
    made = Parser(prog='sh install.sh', description='Install this minion, or go back, or remove it. Nothing is fetched.',
                  epilog=EPILOG, formatter_class=argparse.RawDescriptionHelpFormatter)
    what = made.add_mutually_exclusive_group()
    what.add_argument('--check', action='store_true', help='only look whether the archive is whole and suits this host')
    what.add_argument('--rollback', action='store_true',
                      help='go back to the version that was there before; the service stays as it is')
    what.add_argument('--uninstall', action='store_true',
                      help='remove program and service; configuration, keys, logs and jobs stay')
    made.add_argument('--python', metavar='FILE', help='the Python to use [default: the first suitable one on PATH]')
    made.add_argument('--prefix', default='/opt/minion', metavar='DIR', help='where the program goes [default: /opt/minion]')
    made.add_argument('--config-dir', default='/etc/salt', metavar='DIR',
                      help='gets the sample configuration if it has none [default: /etc/salt]')
    made.add_argument('--root', default=os.environ.get('DESTDIR') or '/', metavar='DIR',
                      help='work on the system in this folder [default: DESTDIR, else /]')
    made.add_argument('--no-service', action='store_true', help='do not touch the files of the service')
    made.add_argument('--init', choices=('sysv', 'systemd', 'upstart', 'openrc'),
                      help='the init system [default: the one that is found]')
    made.add_argument('--no-link', action='store_true', help='do not make the link /usr/bin/minion')
    made.add_argument('--force', action='store_true', help='install even if this very version is in place')
    chosen = made.parse_args(words)
    for name in ('prefix', 'config_dir'):
        value = os.path.normpath(getattr(chosen, name))
        if not os.path.isabs(value) or value == '/':
            made.error('--%s must be a whole path below /' % name.replace('_', '-'))
        setattr(chosen, name, value)
    return chosen


def install(host, source):
    names, whole = suitable.verify(source)
    about = suitable.description(source)
    suitable.check_host(about)
    if host.chosen.check:
        say('the archive is whole and suits %s' % sys.executable)
        return
    host.lock()
    name = str('%s-%s' % (about['version'], whole[:8]))
    if host.named('current') == name and not host.chosen.force:
        say('kept:    %s, which is this version' % os.path.join(host.home, name))
    else:
        name = put(host, source, names, name)
        host.switch(name)
        prune(host)
    configure(host)
    if not host.chosen.no_link:
        link(host)
    host.service('install')
    if host.root != '/' and not os.path.exists(host.place(sys.executable)):
        say('note:    %s has no %s, which the program is started with' % (host.root, sys.executable))
    say('next:    %s' % ('restart the minion: the one that runs is the one from before' if host.running() else
                         'name the master in %s/minion and start the service; `minion doctor` helps' % host.chosen.config_dir))


def put(host, source, names, name):
    """Build a version beside the others and give it its name when it is whole; that name."""
    number, free = 1, name
    while os.path.lexists(os.path.join(host.home, free)):
        number += 1
        free = '%s-%d' % (name, number)
    fresh = tempfile.mkdtemp(prefix='.new-', dir=host.home)
    try:
        os.chmod(fresh, 0o755)
        contents.build(source, names, fresh)
        contents.compile_all(fresh, os.path.join(host.prefix, free))
        trouble = contents.attempt(fresh)
        if trouble:
            raise Failure('the program does not start here, nothing was changed: %s' % trouble, UNSUITED)
        contents.settle(fresh)
        os.rename(fresh, os.path.join(host.home, free))
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    say('wrote:   %s' % os.path.join(host.home, free))
    return free


def configure(host):
    path = os.path.join(host.place(host.chosen.config_dir), 'minion')
    if os.path.lexists(path):
        say('kept:    %s' % path)
        return
    contents.make_dirs(os.path.dirname(path))
    shutil.copyfile(os.path.join(host.home, 'current', 'conf', 'minion'), path + '.new')
    os.chmod(path + '.new', 0o644)
    os.rename(path + '.new', path)
    say('wrote:   %s' % path)


def link(host):
    path = host.place('/usr/bin/minion')
    if os.path.lexists(path) and not (os.path.islink(path) and os.readlink(path) == host.program):
        say('kept:    %s, which is not ours' % path)
        return
    host.point(path, host.program)


def rollback(host):
    host.lock()
    before = host.named('previous')
    if before is None:
        raise Failure('there is no version before this one in %s' % host.home)
    host.switch(before)
    if host.running():
        say('next:    restart the minion: the one that runs is the one from before')


def uninstall(host):
    if host.named('current') is None:
        raise Failure('no minion is installed in %s' % host.home)
    if host.running():
        raise Failure('the minion runs (process %s): stop it first' % ', '.join(host.running()))
    host.lock()
    host.service('uninstall')
    path = host.place('/usr/bin/minion')
    if os.path.islink(path) and os.readlink(path) == host.program:
        os.remove(path)
        say('removed: %s' % path)
    for name in ('bin/minion', 'current', 'previous'):
        if os.path.islink(os.path.join(host.home, name)):
            os.remove(os.path.join(host.home, name))
    for name in host.versions():
        shutil.rmtree(os.path.join(host.home, name))
    os.remove(os.path.join(host.home, '.lock'))
    for folder in (os.path.join(host.home, 'bin'), host.home):
        if os.path.isdir(folder) and not os.listdir(folder):
            os.rmdir(folder)
    say('removed: %s' % host.home)
    say('kept:    %s, keys, logs and jobs' % host.chosen.config_dir)


def main(words):
    """Run the installer; its exit code."""
    try:
        chosen = options(words)
        os.umask(0o022)
        host = Host(chosen)
        if chosen.uninstall:
            uninstall(host)
        elif chosen.rollback:
            rollback(host)
        else:
            install(host, HERE)
        return 0
    except Failure as exc:
        reason, code = str(exc), exc.code
    except (EnvironmentError, zipfile.BadZipfile) as exc:
        reason = getattr(exc, 'strerror', None) or str(exc)
        if getattr(exc, 'filename', None):
            reason = '%s: %s' % (exc.filename, reason)
        code = FORBIDDEN if getattr(exc, 'errno', None) in (errno.EACCES, errno.EPERM) else FAILED
    sys.stderr.write('install.sh: %s\n' % reason)
    return code


if __name__ == '__main__':
    raise SystemExit(main(sys.argv[1:]))
