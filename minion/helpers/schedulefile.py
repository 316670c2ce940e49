"""The file in which changes of the schedule or of the beacons are kept, as the reference names and writes it."""
from __future__ import absolute_import, division, print_function

import os

from minion import compat, files


def path(opts, name='_schedule.conf'):
    """`_schedule.conf` in the folder that `default_include` reads from (minion.d)."""
    folder = os.path.dirname(str(opts.get('default_include') or '')) or 'minion.d'
    return os.path.join(os.path.dirname(opts['conf_file']), folder, name)


def read(where, key='schedule'):
    """The mapping under `key`, {} without a file.  :raises ValueError: the file does not hold one.  :raises OSError:"""
    data = files.read(where)
    if data is None:
        return {}
    yaml = compat.import_yaml()
    try:
        found = compat.native_tree(yaml.safe_load(data) or {})
    except yaml.YAMLError as exc:
        raise ValueError('%s: %s' % (where, ' '.join(str(exc).split())))
    found = found.get(key) if isinstance(found, dict) else None
    return dict(found) if isinstance(found, dict) else {}


def write(where, values, key='schedule'):
    """Put the mapping there, whole or not at all; what is written is read back first.  :raises OSError, ValueError:"""
    text = compat.to_bytes(dump({key: values}))
    if compat.import_yaml().safe_load(text) != {key: values} and not compat.PY2:
        raise ValueError('%s: the values do not survive being written' % where)
    files.write(where, text, 0o600, make_folder=True)


def dump(values):
    """YAML in the reference's form."""
    return compat.to_native(compat.import_yaml().safe_dump(values, default_flow_style=False, allow_unicode=True))
