"""known_hosts of OpenSSH."""
from __future__ import absolute_import, division, print_function

import os

from minion.helpers import sshkeys, userdb

_OF_ALL, _OF_USER = '/etc/ssh/ssh_known_hosts', '.ssh/known_hosts'
_PORT = 22


def error(text):
    """What ssh.* answers instead of an exception."""
    return {'status': 'error', 'error': text}


def path_of(user, config):
    """(entry of the user or None, path), or (None, what error() gives)."""
    entry = userdb.user(user) if user else None
    if user and entry is None:
        return None, error('User %s does not exist' % user)
    path = config or (_OF_USER if user else _OF_ALL)
    if os.path.isabs(path):
        return entry, path
    if entry is None:
        return None, error('Cannot determine absolute path to file.')
    return entry, os.path.join(entry.pw_dir, path)


def name_of(hostname, port):
    """How a host stands in the file."""
    return hostname if not port or int(port) == _PORT else '[%s]:%s' % (hostname, port)


def parse(text, hash_type=None):
    """List of {'hostname', 'enc', 'key', 'fingerprint'} of lines; what has no fingerprint is left out."""
    found = []
    for line in text.splitlines():
        words = line.split()
        if line.startswith('#') or len(words) < 3:
            continue
        fingerprint = sshkeys.fingerprint(words[2], hash_type)
        if fingerprint is not None:
            found.append({'hostname': words[0], 'enc': words[1], 'key': words[2], 'fingerprint': fingerprint})
    return found
