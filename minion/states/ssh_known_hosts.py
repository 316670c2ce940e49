"""Keys of hosts that users trust (ssh_known_hosts.*): lines of known_hosts."""
from __future__ import absolute_import, division, print_function

import os

from minion.helpers.state_return import returned as _returned

_FILES = {True: '.ssh/known_hosts', False: '/etc/ssh/ssh_known_hosts'}
_NEEDS_PATH = 'If not specifying a "user", specify an absolute "config".'


def _place(user, config):
    """The file, None where it would have to be an absolute path."""
    path = config or _FILES[bool(user)]
    return path if user or os.path.isabs(path) else None


def present(name, user=None, fingerprint=None, key=None, port=None, enc=None, config=None, hash_known_hosts=True, timeout=5,
            fingerprint_hash_type=None):
    """A user, or everybody, knows the key of a host; without one the host is asked, and its fingerprint compared.

    github.com:
      ssh_known_hosts.present:
        - user: root
        - fingerprint: 16:27:ac:a5:76:28:2d:36:63:1b:56:4d:eb:df:a6:48
        - fingerprint_hash_type: md5
    """
    path = _place(user, config)
    if path is None:
        return _returned(name, False, _NEEDS_PATH)
    if __opts__['test']:
        return _foreseen(name, user, fingerprint, key, port, enc, path, fingerprint_hash_type)
    said = __salt__['ssh.set_known_host'](user=user, hostname=name, fingerprint=fingerprint, key=key, port=port, enc=enc,
                                          config=path, hash_known_hosts=hash_known_hosts, timeout=timeout,
                                          fingerprint_hash_type=fingerprint_hash_type)
    if said['status'] == 'exists':
        return _returned(name, True, '%s already exists in %s' % (name, path))
    if said['status'] == 'error':
        return _returned(name, False, said['error'])
    about = 'key: %s' % key if key else 'fingerprint: %s' % said['new'][0]['fingerprint']
    return _returned(name, True, "%s's key saved to %s (%s)" % (name, path, about), {'old': said['old'], 'new': said['new']})


def _foreseen(name, user, fingerprint, key, port, enc, path, hash_type):
    if key and fingerprint:
        return _returned(name, False, 'Specify either "key" or "fingerprint", not both.')
    if key and not enc:
        return _returned(name, False, 'Required argument "enc" if using "key" argument.')
    check = __salt__['ssh.check_known_host'](user, name, key=key, fingerprint=fingerprint, config=path, port=port,
                                             fingerprint_hash_type=hash_type)
    if check == 'exists':
        return _returned(name, True, 'Host %s is already in %s' % (name, path))
    if check == 'add':
        return _returned(name, None, 'Key for %s is set to be added to %s' % (name, path))
    return _returned(name, None, 'Key for %s is set to be updated in %s' % (name, path))


def absent(name, user=None, config=None):
    """A user, or everybody, does not know a host.

    example.com:
      ssh_known_hosts.absent:
        - user: root
    """
    path = _place(user, config)
    if path is None:
        return _returned(name, False, _NEEDS_PATH)
    there = __salt__['ssh.get_known_host_entries'](user, name, config=path)
    if not there or isinstance(there, dict):
        return _returned(name, True, 'Host is already absent')
    if __opts__['test']:
        return _returned(name, None, 'Key for %s is set to be removed from %s' % (name, path))
    said = __salt__['ssh.rm_known_host'](user=user, hostname=name, config=path)
    if said['status'] == 'error':
        return _returned(name, False, said['error'])
    return _returned(name, True, said['comment'], {'old': there, 'new': None})
