"""A small store of values that outlives the job (data.*), in the cache folder."""
from __future__ import absolute_import, division, print_function

import ast
import json
import logging
import os

from minion import compat, files

log = logging.getLogger(__name__)


def _path():
    return os.path.join(__opts__['cachedir'], 'data.json')


def load():
    """The whole store as a mapping. CLI: data.load"""
    try:
        text = files.read(_path(), limit=64 << 20)
        return dict((key, value) for key, value in compat.native_tree(json.loads(compat.to_text(text)))) if text else {}
    except (EnvironmentError, ValueError, TypeError) as exc:
        log.warning('%s: %s; taken as empty', _path(), exc)
        return {}


def clear():
    """Empty the store; True. CLI: data.clear"""
    try:
        files.remove(_path())
    except OSError as exc:
        log.error('%s: cannot be removed: %s', _path(), files.reason(exc))
        return False
    return True


def dump(new_data):
    """Replace the store by the mapping that `new_data`, a text, tells; False if it tells none. CLI: data.dump '{}'"""
    if not isinstance(new_data, dict):
        if not compat.is_text(new_data):
            raise ValueError('malformed node or string: %r' % (new_data,))
        new_data = ast.literal_eval(new_data)
    if not isinstance(new_data, dict):
        return False
    try:
        files.write(_path(), compat.to_bytes(json.dumps(sorted(new_data.items(), key=repr))), make_folder=True)
    except (EnvironmentError, TypeError, ValueError) as exc:
        log.error('%s: cannot be written: %s', _path(), exc)
        return False
    return True


def update(key, value):
    """Put a value into the store; True if that worked. CLI: data.update age 5"""
    store = load()
    store[key] = value
    return dump(store)


def cas(key, value, old_value):
    """Replace the value of `key` if it is `old_value`; True if it was. CLI: data.cas age 6 5"""
    store = load()
    return key in store and store[key] == old_value and update(key, value)


def pop(key, default=None):
    """Take a value out of the store and return it, else `default`. CLI: data.pop age"""
    store = load()
    value = store.pop(key, default)
    dump(store)
    return value


def get(key, default=None):
    """The value of a key, else `default`; of a list of keys the list of the values that are there. CLI: data.get age"""
    store = load()
    if isinstance(key, (list, tuple)):
        return [store[one] for one in key if one in store]
    return store.get(key, default)


def keys():
    """List of all keys. CLI: data.keys"""
    return list(load())


def values():
    """List of all values. CLI: data.values"""
    return list(load().values())


def items():
    """The whole store as a mapping. CLI: data.items"""
    return load()


def has_key(key):
    """True if the store has this key. CLI: data.has_key age"""
    return key in load()
