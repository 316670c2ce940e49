"""Files of /etc/sysconfig about the network on Red Hat and its like: their names, reading and replacing one, quoting."""
from __future__ import absolute_import, division, print_function

import os
import re
import shlex

from minion import compat
from minion.errors import CommandExecutionError
from minion.helpers import etcfile

SYSCONFIG = '/etc/sysconfig'
MODPROBE = '/etc/modprobe.d'
BRIDGES = '/proc/sys/net/bridge'                     # not there without the kernel module br_netfilter
_NAME = re.compile(r'[^\s/\0"\'`$\\]+\Z')          # it also stands between quotes in a file that a shell reads
_PLAIN = re.compile(r'[\w.:/%@+,-]*\Z')
_SPECIAL = re.compile(r'(["\\$`])')


def scripts():
    return os.path.join(SYSCONFIG, 'network-scripts')


def of(kind, iface):
    """The path of a file of an interface, kind: 'ifcfg', 'route' or 'route6'."""
    return os.path.join(scripts(), '%s-%s' % (kind, named(iface)))


def of_bond(iface):
    return os.path.join(MODPROBE, '%s.conf' % named(iface))


def of_host():
    return os.path.join(SYSCONFIG, 'network')


def named(iface):
    """The name of an interface as `str`.  :raises CommandExecutionError: it cannot be one, as it leads out of the folder."""
    name = compat.to_native(iface) if compat.is_text(iface) else compat.shown(iface)
    if not _NAME.match(name) or '..' in name or name == '.':
        raise CommandExecutionError('%s cannot be the name of an interface' % iface)
    return name


def shown(path):
    """The lines of a file without their ends; [] without a file."""
    return without_gap(etcfile.text(path, '').splitlines())


def without_gap(lines):
    """The lines without the first empty one, as callers know them."""
    at = lines.index('') if '' in lines else len(lines)
    return lines[:at] + lines[at + 1:]


def replace(path, lines):
    """Let a file hold these lines and nothing else: whole or not at all."""
    if not os.path.isdir(os.path.dirname(path)):
        compat.make_dirs(os.path.dirname(path), 0o755)
    etcfile.rewrite(path, ''.join('%s\n' % line for line in lines))


def quoted(name, value):
    """NAME="value", as a shell reads it.  :raises SaltInvocationError: the value has more than one line."""
    return '%s="%s"' % (name, _SPECIAL.sub(r'\\\1', text(name, value)))


def plain(name, value):
    """NAME=value, with quotes where it needs some."""
    value = text(name, value)
    return '%s=%s' % (name, value) if _PLAIN.match(value) else quoted(name, value)


def text(name, value):
    """A value as `str`.  :raises SaltInvocationError: it has more than one line."""
    return etcfile.one_line(**{name: value})[name] if value is not None else ''


def values(path):
    """{NAME: value} of a file of assignments, as a shell reads them; lines that are none are passed over."""
    found = {}
    for line in etcfile.lines(path, missing=True):
        name, equals, value = line.strip().partition('=')
        if equals and not name.startswith('#'):
            found[name.strip()] = _unquoted(value)
    return found


def _unquoted(value):
    try:
        words = shlex.split(value, True)
    except ValueError:                      # a quote without its end
        return value.strip()
    return words[0] if words else ''
