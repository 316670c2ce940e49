"""The command line of bin/bundle."""
from __future__ import absolute_import, division, print_function

import argparse
import os
import shutil
import sys
import tempfile
import time

import setup
from minion import compat, errors, files
from minion.bundle import archive, targets, wheels

USAGE_CODE = 64
DESCRIPTION = """\
Make one archive that installs the minion on a host without a network.

It holds the program, its libraries as ready wheels for one kind of host, and an
installer that needs nothing there but Python: no pip, no compiler. This command
fetches the wheels with pip, so run it where the package index is reachable.
"""
MORE = """\
examples:
  bin/bundle --python 2.7                   for RHEL 7, Debian 8 to 10
  bin/bundle --python 3.6                   for RHEL 8
  bin/bundle --python 3.11 --platform manylinux2014_aarch64

then, on the host, as root:
  tar xzf minion-*.tar.gz                   unpacks it into a folder
  sh minion-*/install.sh                    into /opt/minion, with its service

kinds of host:
  manylinux1_MACHINE       glibc 2.5:  every distribution that has a Python 2.7
  manylinux2014_MACHINE    glibc 2.17: RHEL 7, Debian 8, Ubuntu 14.04 and newer
  manylinux_2_28_MACHINE   glibc 2.28: RHEL 8, Debian 10; or any other number
  `ldd --version` tells the glibc of a host, `uname -m` its machine.

exit codes: 0 made; 1 a file cannot be read or written; 64 a wrong command
  line; 69 no pip of version 21 or newer, or no wheel of a library for that host
"""


class Parser(argparse.ArgumentParser):
    """Ends with the exit code that all our commands have for a wrong command line."""

    def error(self, message):
        self.exit(USAGE_CODE, '%s: %s; see --help\n' % (self.prog, message))


def parser():
    """What the command line may say."""
    made = Parser(prog='bin/bundle', description=DESCRIPTION, epilog=MORE,
                  formatter_class=argparse.RawDescriptionHelpFormatter)
    made.add_argument('--python', required=True, metavar='X.Y', help='the Python of the host: 2.7, 3.6 to 3.14')
    made.add_argument('--platform', metavar='NAME',
                      help='the kind of host, see below [default: the oldest for which all wheels exist]')
    made.add_argument('--abi', metavar='NAME',
                      help='how that Python was built [default: as distributions do: cp27mu, cp36m, cp311]')
    made.add_argument('--output', default='.', metavar='DIR', help='where the archive goes [default: here]')
    made.add_argument('--pip', default=sys.executable, metavar='PYTHON',
                      help='the Python whose pip fetches the wheels [default: the one that runs this]')
    made.add_argument('--find-links', metavar='DIR', action='append', default=[],
                      help='take wheels from this folder as well; may be given again')
    made.add_argument('--no-index', action='store_true', help='take wheels from those folders only')
    return made


def main(argv):
    """Run bin/bundle; its exit code."""
    try:
        chosen = parser().parse_args(argv)
    except SystemExit as exc:                        # --help, or a wrong command line, which was told
        return exc.code or 0
    try:
        make(targets.target(chosen.python, chosen.platform, chosen.abi), chosen)
    except errors.MinionError as exc:
        return _failed(exc, exc.exit_code)
    except EnvironmentError as exc:
        return _failed('%s: %s' % (exc.filename, files.reason(exc)) if exc.filename else exc, 1)
    return 0


def make(target, chosen):
    """Make the archive of a Target and tell its path, its sum and what lies in it.  :raises MinionError:"""
    requirements = setup.requirements('options', 'install_requires', [int(part) for part in target.python.split('.')])
    more = ['--no-index'] if chosen.no_index else []
    for folder in chosen.find_links:
        more += ['--find-links', folder]
    compat.make_dirs(chosen.output, 0o755)
    work = tempfile.mkdtemp(prefix='bundle-')
    try:
        fetched, whole = os.path.join(work, 'wheels'), os.path.join(work, archive.name_of(target))
        compat.make_dirs(fetched, 0o755)
        wheels.fetch(target, requirements, fetched, chosen.pip, more, say)
        about = archive.lay_out(target, fetched, whole)
        path = os.path.join(chosen.output, os.path.basename(whole) + '.tar.gz')
        archive.pack(whole, path + '.part', int(os.environ.get('SOURCE_DATE_EPOCH') or time.time()))
        os.rename(path + '.part', path)
    finally:
        shutil.rmtree(work)
    for name in about['wheels']:
        say('wheel:   %s' % name)
    say('needs:   Python %s (%s), %s, glibc %s or newer' % (target.python, target.abi, target.machine, about['glibc']))
    say('sha256:  %s' % archive.digest(path))
    say('wrote:   %s (%.1f MB)' % (path, os.path.getsize(path) / 1e6))


def say(line):
    """Print a line at once."""
    print(line)
    sys.stdout.flush()


def _failed(reason, code):
    sys.stderr.write('bin/bundle: %s\n' % reason)
    return code
