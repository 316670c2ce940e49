"""The way from `a:b:0` to a value inside nested mappings and lists, as grains.get, pillar.get and targeting walk it."""
from __future__ import absolute_import, division, print_function

import re

from minion import compat

MISSING = object()
"""Returned where nothing is found, so that None can be a value."""

# how numbers and dates begin, and the words that YAML 1.1 reads as something else than text
_SCALAR = re.compile(r'^(?:[-+0-9.~][-+0-9.~A-Za-z_:]{0,39}|true|false|yes|no|on|off|null|None)$', re.IGNORECASE)


def get(data, path, default=None, delimiter=':'):
    """The value at the end of `path`.

    :param data: mapping or list, nested at will.
    :param path: text that is split at `delimiter`, a list of keys, or a number, which is one key.
    :raises ValueError: for an empty delimiter.
    """
    found = data
    if not isinstance(path, (list, tuple)):
        path = path.split(delimiter) if compat.is_text(path) else [path]
    for key in path:
        found = step(found, key)
        if found is MISSING:
            return default
    return found


def steps(data, keys):
    """Walk as far as `keys` lead; yields one value per key that is there."""
    found = data
    for key in keys:
        found = step(found, key)
        if found is MISSING:
            return
        yield found


def step(data, key):
    """The value below `data` under one key, or MISSING.

    A list is entered by index, or through the first mapping in it that has the key; a mapping's key may also be the
    number, truth value or null that YAML reads in the text. Source: tests/data/parity/targeting.json, grains.json.
    """
    if isinstance(data, list):
        return _step_into_list(data, key)
    if not isinstance(data, compat.Mapping):
        return MISSING
    try:
        for form in compat.forms(key):
            if form in data:
                return data[form]
        scalar = as_scalar(key)
        return MISSING if scalar is MISSING else data.get(scalar, MISSING)
    except TypeError:                             # a key that cannot be hashed is nobody's key
        return MISSING


def _step_into_list(data, key):
    try:
        key = index = int(key)
    except (TypeError, ValueError, OverflowError):
        index = None
    for item in data:
        if isinstance(item, compat.Mapping) and key in item:
            return item[key]
    if index is None:
        return MISSING
    try:
        return data[index]
    except (IndexError, OverflowError):
        return MISSING


def as_scalar(text):
    """The number, truth value or None that YAML sees in a short text; MISSING for a plain text or anything longer.

    Only the plain scalars: this is fed with text from the wire.
    """
    if not compat.is_text(text) or not _SCALAR.match(text):
        return MISSING
    if text == 'None':
        return None
    if '_' in text and text.strip('0123456789_') == '':
        return MISSING                            # 1_000 is no number here, although YAML reads one
    try:
        value = compat.import_yaml().safe_load(text)
    except (ValueError, OverflowError, compat.import_yaml().YAMLError):
        return MISSING
    if value is None or isinstance(value, (bool, float) + compat.integer_types):
        return value
    return MISSING
