"""Configuration of Apache built from mappings, and what its program prints about it."""
from __future__ import absolute_import, division, print_function

import re

from minion import compat
from minion.errors import SaltInvocationError

HEADER = '# This file is managed by Salt.\n'
FOLDER = '/etc/apache2'                           # Debian's


def text(config):
    """The configuration of a list of mappings: {directive: value or list}, {section: {'this': ATTRIBUTE, ...}}.

    :raises SaltInvocationError: a section without its attribute.
    """
    return '\n'.join(_part(name, entry[name]) for entry in config for name in compat.in_order(_mapping(entry))[:1])


def _mapping(entry):
    """:raises AttributeError: it is none."""
    if not isinstance(entry, dict):
        raise AttributeError("'%s' object has no attribute 'keys'" % type(entry).__name__)
    return entry


def _part(name, value):
    if isinstance(value, dict):
        return _section(name, value)
    if isinstance(value, list) and value and all(isinstance(one, dict) for one in value):
        return ''.join(_section(name, one) for one in value)
    if isinstance(value, list):
        return ''.join('%s %s\n' % (name, _word(one)) for one in value)
    return '' if value is None else '%s %s' % (name, _word(value))


def _word(value):
    return value if compat.is_text(value) else compat.to_native(compat.shown(value))


def _section(name, options):
    if 'this' not in options:
        raise SaltInvocationError('Apache section container "<%s>" expects attribute. Specify it using key "this".' % name)
    parts = ['<%s %s>' % (name, _word(options['this']))]
    parts += [_part(one, options[one]) for one in compat.in_order(options) if one != 'this']
    return '\n'.join(parts + ['</%s>\n' % name])


def fullversion(output):
    """Mapping of `apachectl -V`; what it was compiled with is a list."""
    found = {'compiled_with': []}
    for line in output.splitlines():
        if line.strip().startswith('-D '):
            found['compiled_with'].append(line.strip()[len('-D '):])
        else:
            name, colon, value = line.partition(':')
            if colon:
                found[re.sub(r'\s+', '_', name.strip().lower())] = value.strip()
    return found


def modules(output):
    """{'static': [...], 'shared': [...]} of `apachectl -M`."""
    found = {'static': [], 'shared': []}
    for line in output.splitlines():
        row = re.match(r'^\s*(\S+)\s+\((static|shared)\)', line)
        if row:
            found[row.group(2)].append(row.group(1))
    return found


def directives(output):
    """{directive: what is said of it} of `apachectl -L`."""
    found, name = {}, None
    for line in output.splitlines():
        if line[:1].strip():
            name = line.strip()
            found[name] = []
        elif name is not None and line.strip():
            found[name].append(line.strip())
    return dict((name, '\n'.join(lines)) for name, lines in found.items())


def vhosts(output):
    """{'*:80': {name: {'vhost', 'conf', 'port'}, 'default': {...}}} of `apachectl -S`."""
    found, hosts = {}, None
    for line in output.splitlines():
        address = re.match(r'^(\S+)\s+is a NameVirtualHost', line)
        default = re.match(r'^\s+default server (\S+) \((.+)\)', line)
        named = re.match(r'^\s+port (\S+) namevhost (\S+) \((.+)\)', line)
        if address:
            hosts = found.setdefault(address.group(1), {})
        elif default and hosts is not None:
            hosts['default'] = {'vhost': default.group(1), 'conf': default.group(2)}
        elif named and hosts is not None:
            hosts[named.group(2)] = {'vhost': named.group(2), 'conf': named.group(3), 'port': named.group(1)}
    return found


def status(page):
    """Mapping of the page server-status?auto; numbers are numbers, the scoreboard is counted."""
    found = {'Scoreboard': dict((letter, 0) for letter in '_SRWKDCLGI.')}
    for line in page.splitlines():
        name, colon, value = line.partition(': ')
        if colon and name == 'Scoreboard':
            for letter in value.strip():
                found['Scoreboard'][letter] = found['Scoreboard'].get(letter, 0) + 1
        elif colon:
            found[name] = _number(value.strip())
    return found


def _number(value):
    for kind in (int, float):
        try:
            return kind(value)
        except ValueError:
            continue
    return value
