"""Encrypted devices (cryptdev.*): those that a start opens, in /etc/crypttab, and those that are open. config: that file."""
from __future__ import absolute_import, division, print_function

import os
import re

from minion import compat
from minion.errors import CommandExecutionError, SaltInvocationError
from minion.helpers import etcfile, notoption, tool

_FIELDS = ('name', 'device', 'password', 'options')
_LINE = '%-12s %-44s %-22s %s\n'
_ACTIVE = re.compile(r'(?m)^(\S+)\s+\((\d+), (\d+)\)')


def _entry(line):
    """The fields of a line; None for a line that is no entry of three or four words."""
    words = line.split()
    if line.lstrip().startswith('#') or len(words) not in (3, 4):
        return None
    return dict(zip(_FIELDS, words + ['']))


def active():
    """Mapping of the open devices to name and numbers. CLI: cryptdev.active"""
    text = tool.run(__salt__, ['dmsetup', 'ls', '--target', 'crypt'])['stdout']
    return dict((name, {'devname': name, 'major': major, 'minor': minor}) for name, major, minor in _ACTIVE.findall(text))


def crypttab(config='/etc/crypttab'):
    """Mapping of the names in the file to device, password (of a file) and options. CLI: cryptdev.crypttab"""
    found = {}
    for entry in filter(None, map(_entry, etcfile.lines(config) if os.path.isfile(config) else [])):
        name = entry.pop('name')
        found[name] = dict(entry, options=entry['options'].split(','))
    return found


def rm_crypttab(name, config='/etc/crypttab'):
    """Remove a name from the file; `change` or `absent`. CLI: cryptdev.rm_crypttab foo"""
    try:
        lines = etcfile.lines(config)
        kept = [line for line in lines if (_entry(line) or {}).get('name') != name]
        if kept == lines:
            return 'absent'
        etcfile.rewrite(config, ''.join(kept))
    except EnvironmentError as exc:
        raise CommandExecutionError('Could not read from %s: %s' % (config, exc))
    return 'change'


def set_crypttab(name, device, password='none', options='', config='/etc/crypttab', test=False, match_on='name'):
    """Have the file say this of a device; `new`, `change` or `present`. password: the file that it is in.

    options: a list or a text with commas. match_on: the fields (name, device, password, options) by which an entry is taken
    for the same. test: change nothing. CLI: cryptdev.set_crypttab foo /dev/sdz1 mypassword swap,size=256
    """
    wanted = _checked(name, device, password, options)
    keys = [match_on] if compat.is_text(match_on) else list(match_on)
    unknown = [compat.to_native(compat.shown(key)) for key in keys if key not in _FIELDS]
    if unknown:
        raise CommandExecutionError('Unrecognized keys in match_on: "%s"' % ', '.join(unknown))
    if not os.path.isfile(config):
        raise CommandExecutionError('Bad config file "%s"' % config)
    lines, outcome, line = etcfile.lines(config), 'new', _LINE % tuple(wanted[key] for key in _FIELDS)
    for number, old in enumerate(lines):
        entry = _entry(old)
        if entry and all(entry[key] == wanted[key] for key in keys):
            if entry != wanted:
                lines[number] = line
            outcome = 'change' if entry != wanted or outcome == 'change' else 'present'
    if outcome == 'new':
        lines[-1:] = [last if last.endswith('\n') else last + '\n' for last in lines[-1:]]
        lines.append(line)
    if outcome != 'present' and not test:
        etcfile.rewrite(config, ''.join(lines))
    return outcome


def _checked(name, device, password, options):
    if isinstance(options, (list, tuple)) and all(compat.is_text(option) for option in options):
        options = ','.join(options)
    elif options is not None and not compat.is_text(options):
        raise CommandExecutionError('options must be a string or list of strings')
    wanted = etcfile.one_line(name=name, device=device, password=password or 'none', options=options or '')
    for key in _FIELDS:
        if len((wanted[key] or '').split()) != 1 and (wanted[key] or key != 'options') or wanted[key].startswith('#'):
            raise SaltInvocationError('%s: %r is not one word' % (key, wanted[key]))
    return wanted


def open(name, device, keyfile):
    """Open a device with the key in a file; True if that was done. CLI: cryptdev.open foo /dev/sdz1 /path/to/keyfile"""
    if keyfile in (None, '', 'none', '-'):
        raise CommandExecutionError('For immediate crypt device mapping, keyfile must not be none')
    notoption.names(name=name, device=device)
    return tool.succeeds(__salt__, ['cryptsetup', 'open', '--key-file', keyfile, device, name])


def close(name):
    """Close a device; True if that was done. CLI: cryptdev.close foo"""
    notoption.names(name=name)
    return tool.succeeds(__salt__, ['cryptsetup', 'close', name])
