"""Names of systemd's units and what systemctl prints about them."""
from __future__ import absolute_import, division, print_function

import os

TYPES = ('service', 'socket', 'device', 'mount', 'automount', 'swap', 'target', 'path', 'timer')
FOLDERS = ('/lib/systemd/system', '/usr/lib/systemd/system', '/run/systemd/system', '/etc/systemd/system')
LISTS = ('Before', 'After', 'Wants')


def unit(name):
    """The whole name of a unit, as a name without a type is that of a service."""
    return name if any(name.endswith('.' + kind) for kind in TYPES) else name + '.service'


def short(name):
    """The name as modules show it: without `.service`; None if it is no unit that they tell of."""
    base, dot, kind = name.rpartition('.')
    if not dot or kind not in TYPES:
        return None
    return base if kind == 'service' else name


def in_state(text, state):
    """Names of `systemctl list-unit-files` whose state it is."""
    rows = [line.split() for line in text.splitlines()]
    return set(short(row[0]) for row in rows if len(row) > 1 and row[1] == state) - set([None])


def running(text):
    """Names of the units that `systemctl list-units` shows as running."""
    rows = [line.split() for line in text.splitlines()]
    rows = [row[1:] if row and '.' not in row[0] else row for row in rows]          # a mark stands before some units
    return set(short(row[0]) for row in rows if len(row) > 3 and row[3] == 'running') - set([None])


def files(root=''):
    """Names of all units that have a file."""
    found = set()
    for folder in FOLDERS:
        path = root + folder
        found.update(short(name) for name in (os.listdir(path) if os.path.isdir(path) else ()))
    return found - set([None])


def properties(text):
    """{name: value} of `systemctl show`; what stands in braces becomes a mapping, dependencies become lists."""
    found = {}
    for line in text.splitlines():
        name, _, value = line.partition('=')
        if value.startswith('{'):
            pairs = [item.partition('=') for item in value.strip('{} ').split(' ; ')]
            found[name] = dict((key.strip(), rest.strip()) for key, _, rest in pairs if key.strip())
        else:
            found[name] = value.split() if name in LISTS else value
    return found
