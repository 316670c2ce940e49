"""Programs that people run in their shells: a new child of a login shell is an event {user, cmd, args}."""
from __future__ import absolute_import, division, print_function

import os
import pwd

__virtualname__ = 'sh'
SHELLS = ('sh', 'bash', 'dash', 'ksh', 'zsh', 'csh', 'tcsh', 'fish')


def __virtual__():
    return __virtualname__


def validate(config):
    """(True or False, why)"""
    if not isinstance(config, list):
        return False, 'Configuration for sh beacon must be a list.'
    return True, 'Valid beacon configuration'


def beacon(config):
    """[{tag, user, cmd, args}] for each program that was not there at the last look."""
    processes = _processes()
    shells = set(pid for pid, (_, words, _) in processes.items()
                 if words and os.path.basename(words[0]).lstrip('-') in SHELLS and _has_terminal(pid))
    seen = dict((pid, row) for pid, row in processes.items() if row[0] in shells)
    known = __context__.get('sh.known')
    __context__['sh.known'] = set(seen)
    if known is None:
        return []
    return [{'tag': str(pid), 'user': user, 'cmd': words[0], 'args': words[1:]}
            for pid, (_, words, user) in sorted(seen.items()) if pid not in known and words]


def _processes():
    """{pid: (parent, words, user)}"""
    found = {}
    for name in os.listdir('/proc'):
        if name.isdigit():
            try:
                with open('/proc/%s/stat' % name, 'rb') as stream:
                    parent = int(stream.read().rpartition(b')')[2].split()[1])
                with open('/proc/%s/cmdline' % name, 'rb') as stream:
                    words = [str(word.decode('utf-8', 'replace')) for word in stream.read().split(b'\0')[:-1]]
                owner = os.stat('/proc/' + name).st_uid
            except EnvironmentError:                 # it has just ended
                continue
            found[int(name)] = (parent, words, _user(owner))
    return found


def _user(uid):
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def _has_terminal(pid):
    try:
        return os.readlink('/proc/%d/fd/0' % pid).startswith(('/dev/pts/', '/dev/tty'))
    except OSError:                                  # another account's, or it has just ended
        return False
