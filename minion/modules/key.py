"""Fingerprints of the keys (key.*), as `salt-key -F` shows them."""
from __future__ import absolute_import, division, print_function

import hashlib
import logging
import os

from minion import files

log = logging.getLogger(__name__)


def finger(hash_type=None):
    """Fingerprint of this minion's public key, '' without one. hash_type: default as in the settings. CLI: key.finger"""
    return _finger('minion.pub', hash_type)


def finger_master(hash_type=None):
    """Fingerprint of the master's public key, '' if it is not known. CLI: key.finger_master"""
    return _finger('minion_master.pub', hash_type)


def _finger(name, hash_type):
    try:
        text = files.read(os.path.join(__opts__['pki_dir'], name))
    except EnvironmentError as exc:
        log.error('%s: cannot be read: %s', name, exc)
        text = None
    if not text:
        return ''
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    body = b''.join(line + b'\n' for line in lines[1:-1])
    digest = hashlib.new(hash_type or __opts__.get('hash_type', 'sha256'), body).hexdigest()
    return ':'.join(digest[at:at + 2] for at in range(0, len(digest), 2))
