"""Configuration of syslog-ng, from what YAML gives."""
from __future__ import absolute_import, division, print_function

from minion import compat
from minion.errors import SaltInvocationError

_NAMELESS = ('log', 'options', 'channel', 'junction')
_INDENT = '    '


def build(name, config):
    """The text of one statement.

    :param name: TYPE.ID, with its options as `config`; or ID, with {TYPE: options}.
    :param config: {'config': text} is that text.
    :raises SaltInvocationError: there is no way to write it.
    """
    kind, dot, identifier = name.partition('.')
    if not dot:
        kind, config = _pair(config, name)
        identifier = name
        if kind == 'config':
            if not compat.is_text(config):
                raise SaltInvocationError('%s: config is no text' % name)
            return compat.to_native(config) + '\n'
    header = kind if kind in _NAMELESS else '%s %s' % (kind, identifier)
    inside = _part if kind == 'log' else _option
    return '\n'.join(_block(header, [inside(*_pair(item, name)) for item in _list(config, name)])) + '\n'


def _block(header, parts):
    return [header + ' {'] + [_INDENT + line for part in parts for line in part] + ['};']


def _part(key, value):
    """Lines of what stands in a `log` statement: a block where it has options of its own."""
    if not _has_options(value):
        return _option(key, value)
    if key == 'junction':
        return _block(key, [_block('channel', [_option(*_pair(item, key)) for item in _list(channel, key)])
                            for _, channel in (_pair(item, key) for item in value)])
    return _block(key, [_option(*_pair(item, key)) for item in value])


def _has_options(value):
    return isinstance(value, (list, tuple)) and all(isinstance(item, compat.Mapping) for item in value)


def _option(key, value):
    lines = _parameter(key, value, 0)
    return lines[:-1] + [lines[-1] + ';']


def _parameter(key, value, depth):
    """Lines of `key(value, ...)`. depth: from the third on values have no commas between them."""
    items = list(value) if isinstance(value, (list, tuple)) else [] if value is None else [value]
    parts = [_parameter(*_pair(item, key), depth=depth + 1) if isinstance(item, compat.Mapping) else [_word(item, key)]
             for item in items]
    for part in parts[:-1]:
        part[-1] += ',' if depth < 2 else ''
    return ['%s(' % key] + [_INDENT + line for part in parts for line in part] + [')']


def _word(value, key):
    if value is None or isinstance(value, (list, tuple)):
        raise SaltInvocationError('%s: %r is no value' % (key, value))
    return compat.to_native(compat.shown(value))


def _list(value, name):
    if not isinstance(value, (list, tuple)):
        raise SaltInvocationError('%s: %s is no list of options' % (name, compat.to_native(compat.shown(value))))
    return value


def _pair(item, name):
    """The key and the value of a mapping that has one."""
    if not isinstance(item, compat.Mapping) or len(item) != 1:
        raise SaltInvocationError('%s: %s is no mapping of one option' % (name, compat.to_native(compat.shown(item))))
    key, value = list(item.items())[0]
    return compat.to_native(compat.shown(key)), value
