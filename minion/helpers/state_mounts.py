"""Comparing what is mounted with what a state wants: options and devices. Pure functions on what mount.active tells."""
from __future__ import absolute_import, division, print_function

import os
import re

from minion import compat
from minion.helpers import tool, userdb

# What the kernel does not show of a mount, so that its absence there tells nothing.
INVISIBLE = frozenset(['_netdev', 'actimeo', 'auto', 'backup-volfile-servers', 'bg', 'bind', 'comment', 'defaults',
                       'delay_connect', 'direct-io-mode', 'intr', 'loop', 'nobootwait', 'nofail', 'nointr', 'nonempty',
                       'password', 'port', 'reconnect', 'retry', 'soft', 'transform_symlinks', 'users'])
INVISIBLE_KEYS = frozenset(['actimeo', 'comment', 'credentials', 'direct-io-mode', 'password', 'port', 'retry',
                            'secretfile'])
TRANSLATED = {'tcp': 'proto=tcp', 'udp': 'proto=udp'}
IGNORED_KEYS = {'ramfs': ['size']}                # by type: options that the file system takes and forgets
_SIZE = re.compile(r'size=(\d+)([kmg])\Z')
_KILOBYTES = {'k': 1, 'm': 1 << 10, 'g': 1 << 20}


class Rules(object):
    """Which options count when those of a mount are compared.

    :param hidden, options, keys: names (list, or text with commas) that do not count.
    :param dict ignored: {type: keys} that do not count either.  :param dict translated: {option: as it is shown}.
    """

    def __init__(self, fstype, hidden=None, options=None, keys=None, ignored=None, translated=None):
        self._hidden = set(tool.listed(hidden)) | INVISIBLE | set(tool.listed(options))
        self._keys = INVISIBLE_KEYS | set(tool.listed(keys)) | set(dict(IGNORED_KEYS, **(ignored or {})).get(fstype, ()))
        self._translated = dict(TRANSLATED, **(translated or {}))

    def differing(self, wanted, entry):
        """Sorted options of `wanted` that a mount does not have.

        :param dict entry: of mount.active(extended=True).
        """
        there = set(_plain(one) for one in entry['opts'] + entry.get('superopts', []))
        shown = [_plain(self._translated.get(one, one)) for one in wanted if self._counts(one)]
        return sorted(one for one in shown if one not in there)

    def _counts(self, option):
        return option not in self._hidden and option.partition('=')[0] not in self._keys

    def dropped(self, remembered, wanted):
        """Options with which it was mounted that are wanted no longer, in their order."""
        return [one for one in remembered if one not in wanted and self._counts(one)]


def _plain(option):
    """An option as the kernel shows it: sizes in kB, accounts as numbers."""
    size = _SIZE.match(option)
    if size:
        return 'size=%dk' % (int(size.group(1)) * _KILOBYTES[size.group(2)])
    key, equals, value = option.partition('=')
    if equals and not value.isdigit():
        entry = userdb.user(value) if key == 'uid' else userdb.group(value) if key == 'gid' else None
        if entry is not None:
            return '%s=%d' % (key, entry[2])
    return option


def names_of(entry):
    """Names of the device of a mount: list of texts, that of the kernel first."""
    found = [entry['device'], os.path.realpath(entry['device']), entry.get('alt_device')]
    if entry.get('device_uuid'):
        found.append('UUID=' + entry['device_uuid'])
    if entry.get('device_label'):
        found.append('LABEL=' + entry['device_label'])
    return [name for at, name in enumerate(found) if name and name not in found[:at]]


def is_device(wanted, entry):
    """True if a mount is one of the device `wanted`, whatever name that has."""
    tag, equals, value = wanted.partition('=')
    names = [wanted, os.path.realpath(wanted)] + ([tag.upper() + '=' + value.lower()] if equals else [])
    return any(name in names or name.lower() in names for name in names_of(entry))


def matched(device, patterns):
    """True if one of the regular expressions matches the beginning of the name of a device."""
    texts = [patterns] if compat.is_text(patterns) else patterns or []
    return any(re.match(text, device) for text in texts)
