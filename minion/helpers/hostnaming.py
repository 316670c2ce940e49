"""The name of this host in the files that the next start reads."""
from __future__ import absolute_import, division, print_function

import os
import re

from minion import compat, files

_NAME = re.compile(r'[A-Za-z0-9_]([A-Za-z0-9_.-]{0,62}[A-Za-z0-9_])?\Z')


def is_name(name):
    """True for a text that can name a host."""
    return compat.is_text(name) and _NAME.match(name) is not None


def has_daemon():
    """True where systemd runs: only then its program can change the name."""
    return os.path.isdir('/run/systemd/system')


def keep(root, old, new):
    """Put the new name in place of the old one into /etc/hosts, and into the file that the distribution reads.

    :raises OSError: a file cannot be written.
    """
    _rewrite(root, '/etc/hosts', lambda text: re.sub(r'(?m)(?<=[ \t])%s(?=\s|$)' % re.escape(old), new, text))
    if root.has('/etc/sysconfig/network'):
        _rewrite(root, '/etc/sysconfig/network', lambda text: _with_hostname(text, new))
    if root.has('/etc/hostname') or not root.has('/etc/sysconfig/network'):
        _write(root, '/etc/hostname', new + '\n')


def _with_hostname(text, new):
    lines = [line for line in text.splitlines() if not line.startswith('HOSTNAME=')]
    return '\n'.join(lines + ['HOSTNAME=%s' % new]) + '\n'


def _rewrite(root, path, change):
    text = root.text(path)
    if text is not None:
        _write(root, path, change(text))


def _write(root, path, text):
    path = os.path.realpath(root.at(path))
    mode = os.stat(path).st_mode & 0o7777 if os.path.exists(path) else 0o644
    files.write(path, compat.to_bytes(text), mode)
