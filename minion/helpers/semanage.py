"""What the programs semanage, semodule and restorecon of SELinux print and take."""
from __future__ import absolute_import, division, print_function

import re

from minion import compat
from minion.errors import SaltInvocationError

_FILETYPES = (('a', 'all files'), ('f', 'regular file'), ('d', 'directory'), ('c', 'character device'), ('b', 'block device'),
              ('s', 'socket'), ('l', 'symbolic link'), ('p', 'named pipe'))
_PARTS = ('sel_user', 'sel_role', 'sel_type', 'sel_level')
_RELABEL = re.compile(r'^(?:Would relabel (?P<path>.+) from (?P<old>\S+) to (?P<new>\S+)|'
                      r'restorecon reset (?P<path2>.+) context (?P<old2>\S+)->(?P<new2>\S+))$')


def filetype(letter):
    """'regular file' of 'f'.

    :raises SaltInvocationError: unknown.
    """
    words = dict(_FILETYPES)
    if letter not in words:
        known = ', '.join(name for name, _ in _FILETYPES)
        raise SaltInvocationError("Invalid file type code '%s'; expected one of: %s" % (compat.shown(letter), known))
    return words[letter]


def booleans(text):
    """{name: {'State', 'Default', 'Description'}} of `semanage boolean --list`, of RHEL 5 (NAME -> on TEXT), too."""
    found = {}
    for line in text.splitlines():
        row = re.match(r'^(\S+)\s+\((\w+)\s*,\s*(\w+)\)\s*(.*)$', line)
        old = re.match(r'^(\S+)\s+->\s+(\w+)\s*(.*)$', line)
        if row:
            found[row.group(1)] = dict(zip(('State', 'Default', 'Description'), row.groups()[1:]))
        elif old:
            found[old.group(1)] = {'State': old.group(2), 'Default': old.group(2), 'Description': old.group(3)}
    return found


def modules(text):
    """{name: {'Enabled', 'Version'}} of `semodule --list-modules=full`: PRIORITY NAME LANGUAGE [disabled]."""
    rows = [line.split() for line in text.splitlines()]
    return dict((row[1], {'Enabled': row[3:] != ['disabled'], 'Version': None}) for row in rows if len(row) > 2)


def old_modules(text):
    """{name: {'Enabled', 'Version'}} of `semodule -l` before 2.4: NAME VERSION [Disabled]."""
    rows = [line.split() for line in text.splitlines()]
    return dict((row[0], {'Enabled': row[2:] != ['Disabled'], 'Version': row[1]}) for row in rows if len(row) > 1)


def contexts(text):
    """Mappings of `semanage fcontext --list`, in its order."""
    kinds = '|'.join(words for _, words in _FILETYPES)
    for line in text.splitlines():
        row = re.match(r'^(?P<filespec>\S.*?)\s+(?P<filetype>%s)\s+(?P<context>[^\s:]+:[^\s:]+:\S+)\s*$' % kinds, line)
        if row:
            found = dict(zip(_PARTS, row.group('context').split(':', 3)))
            yield dict(found, filespec=row.group('filespec'), filetype=row.group('filetype'))


def first(rows, wanted):
    """The first of the mappings that has all that is wanted, but for what is None; None without one."""
    for row in rows:
        if all(value is None or row.get(name) == value for name, value in wanted.items()):
            return row
    return None


def relabelled(text):
    """{path: {'old', 'new'}} with the parts that differ, of what restorecon says, before or after libselinux 2.5."""
    found = {}
    for line in text.splitlines():
        row = _RELABEL.match(line.strip())
        if row:
            path, old, new = [row.group(name) or row.group(name + '2') for name in ('path', 'old', 'new')]
            pairs = [(name, before, after) for name, before, after in zip(_PARTS, old.split(':', 3), new.split(':', 3))
                     if before != after]
            found[path] = {'old': dict((name, before) for name, before, _ in pairs),
                           'new': dict((name, after) for name, _, after in pairs)}
    return found


def port(name, protocol, number):
    """(protocol, port or range) of 'tcp/80', or of the two arguments.

    :raises SaltInvocationError: neither tells.
    """
    if protocol and number:
        return protocol, compat.to_native(compat.shown(number)) if not compat.is_text(number) else number
    found = re.match(r'^(tcp|udp)/(\d+(?:-\d+)?)$', name)
    if not found:
        raise SaltInvocationError('Invalid name "%s" format and protocol and port not provided or invalid: "%s" "%s".'
                                  % (name, protocol, number))
    return protocol or found.group(1), number or found.group(2)


def ports(text):
    """Mappings of `semanage port --list`."""
    rows = [line.split(None, 2) for line in text.splitlines()]
    return [{'sel_type': row[0], 'protocol': row[1], 'port': row[2].strip()} for row in rows
            if len(row) == 3 and row[1] in ('tcp', 'udp')]
