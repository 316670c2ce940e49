"""Which program is process 1? The grain `init`."""
from __future__ import absolute_import, division, print_function

from minion.helpers import environment

_MARKS = (b'upstart', b'sysvinit', b'systemd')
_CHUNK = 1 << 18
_SMALL = ('supervisord', 'dumb-init', 'tini')


def name(root, which=environment.which):
    """systemd, upstart, sysvinit, supervisord, dumb-init, tini, runit, or unknown.

    :param Root root: of the system.  :param callable which: finds a program's path.
    """
    if root.has('/run/systemd/system'):
        return 'systemd'
    words = (root.text('/proc/1/cmdline') or '').replace('\x00', ' ').split()
    if not words:
        return 'unknown'
    path = which(words[0])
    if path and path.endswith('bin/init'):
        return _marked(root.at(path)) or 'unknown'
    for program in _SMALL:
        if which(program) in words:
            return program
    if words == ['runit'] or '/sbin/my_init' in words:
        return 'runit'
    return 'unknown'


def _marked(path):
    """The first of the names that the program has inside itself, None for none."""
    rest = b''
    try:
        with open(path, 'rb') as stream:
            for chunk in iter(lambda: stream.read(_CHUNK), b''):
                chunk = rest + chunk.lower()
                for mark in _MARKS:
                    if mark in chunk:
                        return mark.decode('ascii')
                rest = chunk[-16:]
    except (IOError, OSError):
        pass                                      # a program that we may not read tells nothing
    return None
