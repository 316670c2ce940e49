"""Mail aliases (aliases.*), in the file that the setting `aliases.file` names."""
from __future__ import absolute_import, division, print_function

import re

from minion.errors import SaltInvocationError
from minion.helpers import environment, etcfile, tool

__outputter__ = {'list_aliases': 'yaml', 'get_target': 'txt', 'has_target': 'txt', 'set_target': 'txt', 'rm_alias': 'txt'}

_LINE = re.compile(r'([^:#]+?)\s*:\s*([^#]*?)\s*(#.*)?$')


def _path():
    return __opts__.get('aliases.file') or '/etc/aliases'


def _parsed(line):
    """(alias, target, comment) of a line, None for others."""
    found = _LINE.match(line.strip())
    return found and (found.group(1), found.group(2), found.group(3) or '')


def list_aliases():
    """Mapping of aliases to their targets. CLI: aliases.list_aliases"""
    found = [_parsed(line) for line in etcfile.lines(_path(), missing=True)]
    return dict((one[0], one[1]) for one in found if one)


def get_target(alias):
    """The target of an alias, '' if there is none. CLI: aliases.get_target alias"""
    return list_aliases().get(alias, '')


def has_target(alias, target):
    """True if the alias has this target, a text or a list of all. CLI: aliases.has_target alias target"""
    return list_aliases().get(alias) == _target(target)


def _target(target):
    if target == '':
        raise SaltInvocationError('target can not be an empty string')
    return ', '.join(tool.words(target)) if isinstance(target, (list, tuple)) else target


def set_target(alias, target):
    """Let an alias have this target, a text or a list; True. CLI: aliases.set_target alias target"""
    if alias == '':
        raise SaltInvocationError('alias can not be an empty string')
    target = _target(target)
    return True if get_target(alias) == target else _change(alias, target)


def rm_alias(alias):
    """Remove an alias; True. CLI: aliases.rm_alias alias"""
    return True if not get_target(alias) else _change(alias, None)


def _change(alias, target):
    values = etcfile.one_line(alias=alias, target=target)
    lines, done = [], target is None
    for line in etcfile.lines(_path(), missing=True):
        found = _parsed(line)
        if found is None or found[0] != alias:
            lines.append(line if line.endswith('\n') else line + '\n')
        elif not done:
            done = True
            lines.append('%s: %s%s\n' % (alias, values['target'], found[2] and ' ' + found[2]))
    if not done:
        lines.append('%(alias)s: %(target)s\n' % values)
    etcfile.rewrite(_path(), ''.join(lines))
    if environment.which('newaliases'):
        tool.run(__salt__, ['newaliases'])
    return True
