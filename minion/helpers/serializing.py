"""Values to text and back: json, yaml, msgpack, configparser."""
from __future__ import absolute_import, division, print_function

import json

from minion import compat
from minion.helpers import iniserial

NAMES = ('json', 'yaml', 'msgpack', 'configparser')


def write(name, value, options):
    """The text (msgpack: bytes) of a value.  :param dict options: of the library.  :raises ValueError: not possible."""
    return _WRITERS[name](value, options)


def read(name, text, options):
    """The value of a text.  :raises ValueError: it is wrong."""
    return compat.native_tree(_READERS[name](text, options))


def _write_yaml(value, options):
    given = dict({'default_flow_style': None}, **options)
    text = compat.import_yaml().safe_dump(value, **given)
    return text[:-len('...\n')].rstrip('\n') if text.endswith('\n...\n') else text.rstrip('\n')


def _read_yaml(text, options):
    try:
        return compat.import_yaml().safe_load(text)
    except compat.import_yaml().YAMLError as exc:
        raise ValueError(str(exc))


def _write_msgpack(value, options):
    import msgpack
    return msgpack.packb(value, **options)


def _read_msgpack(data, options):
    import msgpack
    return msgpack.unpackb(compat.to_bytes(data), **options)


def _write_json(value, options):
    return compat.to_native(json.dumps(value, **dict({'ensure_ascii': False}, **options)))


_WRITERS = {'json': _write_json, 'yaml': _write_yaml, 'msgpack': _write_msgpack,
            'configparser': lambda value, options: iniserial.write(value) + '\n' if value else ''}
_READERS = {'json': lambda text, options: json.loads(text, **options), 'yaml': _read_yaml, 'msgpack': _read_msgpack,
            'configparser': lambda text, options: iniserial.read(text)}
