"""Processes that still use files which an upgrade replaced, as /proc shows them; and how they are reported."""
from __future__ import absolute_import, division, print_function

import os
import re
from collections import namedtuple

from minion import compat
from minion.helpers import processes

Use = namedtuple('Use', 'name pid program path')
"""`name` of the process as the kernel cut it, `program` what it runs, `path` of the file that is no more."""

MARK = ' (deleted)'
# where programs delete on purpose what they still use
PASSING = re.compile(r'/dev/shm/|/tmp/|/run/|/var/run/|/var/tmp/|/var/log/|/var/local/|/var/cache/|/dev/zero|/dev/pts/|/SYSV|'
                     r'/drm|/i915|/home/|/usr/share/locale|\[')


def uses(excluded=()):
    """All Uses, each once, in the order of the processes.

    :param excluded: pids to leave out.
    """
    seen = []
    for process in processes.listed():
        if process.pid in excluded:
            continue
        for path in _gone('/proc/%d/maps' % process.pid):
            use = Use(process.name, process.pid, _program(process.pid), path)
            if use not in seen:
                seen.append(use)
    return seen


def _program(pid):
    try:
        return compat.to_native(os.readlink('/proc/%d/exe' % pid))
    except OSError:                                     # it has ended, or the kernel runs it
        return ''


def _gone(maps):
    try:
        with open(maps, 'rb') as stream:
            text = compat.to_native(compat.decode_lossy(stream.read()))
    except (IOError, OSError):                          # it has ended, or is another user's
        return []
    found = []
    for line in text.splitlines():
        words = line.split(None, 5)
        if len(words) == 6 and words[5].endswith(MARK) and not PASSING.match(words[5]):
            path = words[5][:-len(MARK)]
            found += [] if path in found else [path]
    return found


class Group(object):
    """What is restarted together: a package, or a process that no package owns."""

    def __init__(self):
        self.lines, self.services, self.scripts = [], [], []


def shown(restart, groups, verbose):
    """The report: a text, or a list of names.

    :param bool restart: the whole host needs one.  :param groups: list of (name, Group).
    """
    can = [(name, group) for name, group in groups if group.services or group.scripts]
    cannot = [(name, group) for name, group in groups if not (group.services or group.scripts)]
    if not verbose:
        return [name for name, _ in can + cannot] + (['System restart required.'] if restart else [])
    text = 'System restart required.\n\n' if restart else ''
    if not groups:
        return text + 'No packages seem to need to be restarted.'
    text += 'Found %d processes using old versions of upgraded files.\nThese are the packages:\n' % len(groups)
    if can:
        text += ('Of these, %d seem to contain systemd service definitions or init scripts which can be used to restart '
                 'them:\n' % len(can)) + _listed(can)
        for title, key in (('systemd services', 'services'), ('initd scripts', 'scripts')):
            commands = [command for _, group in can for command in getattr(group, key)]
            text += '\n\nThese are the %s:\n%s' % (title, '\n'.join(commands)) if commands else ''
    if cannot:
        text += '\n\nThese processes %d do not seem to have an associated init script to restart them:\n%s' % (
            len(cannot), _listed(cannot))
    return text


def _listed(groups):
    return ''.join('%s:\n%s' % (name, ''.join(line + '\n' for line in group.lines)) for name, group in groups)
