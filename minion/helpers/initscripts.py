"""What all modules `service` share: names that are globs, links of run levels, jobs of upstart."""
from __future__ import absolute_import, division, print_function

import fnmatch
import glob
import os
import re

from minion import compat, files

_GLOB = re.compile(r'[*?]|\[.+\]')
_LINK = re.compile(r'[SK]\d\d(.+)\Z')
SCRIPTS = '/etc/init.d'
JOBS = '/etc/init'


def booted_with_systemd():
    """True if systemd is process 1."""
    return os.path.isdir('/run/systemd/system')


def answer(name, known, check):
    """check(name), or a mapping of all services that a glob fits to what check says.

    :param callable known: all services.  :param callable check: takes one name.
    """
    if _GLOB.search(name):
        return dict((one, check(one)) for one in fnmatch.filter(known(), name))
    return check(name)


def retcode(functions, *argv, **options):
    """The exit code of a program."""
    return functions['cmd.retcode'](list(argv), python_shell=False, **options)


_DONE = {'start': 'Start a service', 'stop': 'Stop a service', 'restart': 'Restart a service',
         'reload': 'Let a service read its configuration'}


def actions(do):
    """(start, stop, restart, reload) of a module: each is do(name, action).

    :param callable do: do(name, action) -> True on success.
    """
    return tuple(_action(do, name) for name in ('start', 'stop', 'restart', 'reload'))


def _action(do, action):
    def act(name):
        return do(name, action)
    act.__name__ = action
    act.__doc__ = '%s; True on success. CLI: service.%s sshd' % (_DONE[action], action)
    return act


def status(functions, name, sig, known, check):
    """What service.status says: of a signature where there is one, else check(name), or a mapping for a glob."""
    return by_signature(functions, sig) if sig else answer(name, known, check)


def by_signature(functions, signature):
    """True if a process has `signature` in its command line."""
    return bool(functions['status.pid'](signature))


def literal(name):
    """A name in which no character is a wildcard of glob."""
    return ''.join('[%s]' % letter if letter in '*?[' else letter for letter in name)


def scripts(folder=SCRIPTS):
    """Names of init scripts, without README and what packaging tools leave."""
    found = os.listdir(folder) if os.path.isdir(folder) else []
    return sorted(name for name in found if 'README' not in name and not name.startswith('.'))


def runlevel(functions, unknown):
    """The run level as a digit; `unknown` where `runlevel` does not know it."""
    text = functions['cmd.run']('runlevel', python_shell=False, output_loglevel='trace')
    words = text.split()
    return words[1] if len(words) == 2 and words[1] in '0123456S' else unknown


def linked(level, folder='/etc'):
    """Names of services that the run level `level`, or S, starts."""
    found = set()
    for path in glob.glob('%s/rc[S%s].d/S*' % (folder, level)):
        link = _LINK.match(os.path.basename(path))
        if link:
            found.add(link.group(1))
    return found


# ---- upstart

def jobs(folder=JOBS):
    """Names of upstart's jobs."""
    return sorted(os.path.basename(path)[:-len('.conf')] for path in glob.glob(folder + '/*.conf'))


def is_manual(name, folder=JOBS):
    """True if a job does not start by itself: it has the stanza `manual`, in its file or in its override."""
    for ending in ('.override', '.conf'):
        data = files.read(os.path.join(folder, name + ending)) or b''
        if re.search(br'^\s*manual\s*$', data, re.MULTILINE):
            return True
    return False


def job_runs(functions, name):
    """True if a job of upstart runs."""
    return 'start/running' in functions['cmd.run'](['status', name], python_shell=False, ignore_retcode=True)


def script_runs(functions, program, name):
    """True if a service says so, asked by `service` or `rc-service`."""
    return retcode(functions, program, name, 'status', ignore_retcode=True) == 0


def set_manual(name, manual, folder=JOBS):
    """Write the stanza `manual` into the override of a job, or take it away."""
    path = os.path.join(folder, name + '.override')
    lines = compat.to_native(compat.decode_lossy(files.read(path) or b'')).splitlines()
    kept = [line for line in lines if line.strip() != 'manual'] + (['manual'] if manual else [])
    if kept:
        files.write(path, compat.to_bytes(''.join(line + '\n' for line in kept)), 0o644)
    else:
        files.remove(path)
