"""A beacon's configuration: a list of mappings, or one mapping as in old files."""
from __future__ import absolute_import, division, print_function

from minion import compat


def as_list(config):
    """The list form."""
    if isinstance(config, (list, tuple)):
        return list(config)
    return [{key: value} for key, value in config.items()] if isinstance(config, compat.Mapping) else []


def flat(config):
    """One mapping of all entries."""
    found = {}
    for row in as_list(config):
        if isinstance(row, compat.Mapping):
            found.update(row)
    return found


def changed(known, key, value, rows):
    """What a beacon that speaks only of changes is to say of a value.

    :param dict known: {key: value seen last}, kept by the beacon; the value is put there.
    :param dict rows: its configuration; `onchangeonly`, and `emitatstartup` for the first time.
    :return bool: True if it is to be told.
    """
    first, old = key not in known, known.get(key)
    known[key] = value
    if not rows.get('onchangeonly'):
        return True
    return bool(rows.get('emitatstartup', True)) if first else old != value
