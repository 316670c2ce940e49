"""Settings of the kernel (sysctl.*): now, and after the next boot."""
from __future__ import absolute_import, division, print_function

import os

from minion import compat
from minion.errors import CommandExecutionError
from minion.helpers import etcfile, tool

__virtualname__ = 'sysctl'
_HEADER = '#\n# Kernel sysctl configuration\n#\n'
_SINCE_SYSTEMD = 207          # which reads sysctl.d and no longer sysctl.conf


def __virtual__():
    if __grains__.get('kernel') == 'Linux':
        return __virtualname__
    return False, 'The linux_sysctl execution module cannot be loaded: only available on Linux systems.'


def default_config():
    """The file that sysctl.persist writes. CLI: sysctl.default_config"""
    version = (__grains__.get('systemd') or {}).get('version')
    if os.path.isdir('/run/systemd/system') and compat.shown(version).isdigit() and int(version) >= _SINCE_SYSTEMD:
        return '/etc/sysctl.d/99-salt.conf'
    return '/etc/sysctl.conf'


def show(config_file=False):
    """Mapping of all settings, or of those in a file, to their values. CLI: sysctl.show"""
    if config_file:
        if not os.path.isfile(config_file):
            return []
        pairs = [_parsed(line) for line in etcfile.lines(config_file)]
        return dict(pair for pair in pairs if pair)
    found, last = {}, None
    for line in tool.output(__salt__, ['sysctl', '-a'], ignore_retcode=True).splitlines():
        name, equals, value = line.partition(' = ')
        if equals:
            found[name], last = value, name
        elif last is not None and line[:1].isspace():
            found[last] += '\n' + line
    return found


def _parsed(line):
    """(name, value) of a line of a file, None for others."""
    name, equals, value = line.strip().partition('=')
    return (name.strip(), value.strip()) if equals and name[:1] not in ('#', ';') else None


def get(name):
    """The value of a setting. CLI: sysctl.get net.ipv4.ip_forward"""
    return tool.output(__salt__, ['sysctl', '-n', name])


def assign(name, value):
    """Set a setting until the next boot; mapping of the setting to its new value. CLI: sysctl.assign net.ipv4.ip_forward 1"""
    name, value = compat.to_native(name), compat.to_native(compat.shown(value))
    if not os.path.exists('/proc/sys/' + name.translate(_swapped())):
        raise CommandExecutionError('sysctl %s does not exist' % name)
    answer = tool.run(__salt__, ['sysctl', '-w', '%s=%s' % (name, value)])
    shown, equals, after = answer['stdout'].partition('=')
    if answer['retcode'] or not equals or 'Invalid argument' in answer['stderr']:
        raise CommandExecutionError('sysctl -w failed: %s' % (answer['stderr'] or answer['stdout']))
    return {name: after.strip()}


def _swapped():
    """A table with which str.translate exchanges dots and slashes."""
    table = [chr(number) for number in range(256)]
    table[ord('.')], table[ord('/')] = '/', '.'
    return ''.join(table)


def persist(name, value, config=None):
    """Set a setting now and after each boot; 'Updated' or 'Already set'. config: file. CLI: sysctl.persist vm.swappiness 10"""
    path = config or default_config()
    values = etcfile.one_line(name=name, value=value)
    lines = etcfile.lines(path, missing=True) if os.path.isfile(path) else [_HEADER]
    done, at = 'Updated', None
    for number, line in enumerate(lines):
        pair = _parsed(line)
        if pair and pair[0] == values['name']:
            at, done = number, 'Already set' if pair[1].split() == values['value'].split() else 'Updated'
    if done == 'Updated':
        _write(path, lines, '%(name)s = %(value)s\n' % values, at)
    if done == 'Updated' or get(name).split() != values['value'].split():
        assign(name, values['value'])
    return done


def _write(path, lines, line, at):
    if at is not None:
        lines[at] = line
    else:
        ended = [''.join(lines[-1:]).rstrip('\n') + '\n'] if lines else []
        lines = lines[:-1] + ended + [line]
    folder = os.path.dirname(path)
    if not os.path.isdir(folder):
        compat.make_dirs(folder, 0o755)
    etcfile.rewrite(path, ''.join(lines))
