"""What state runs leave in `cachedir` for people and tools: the last high data and results, requests, pauses; msgpack files."""
from __future__ import absolute_import, division, print_function

import logging
import os

from minion import compat, files
from minion.helpers import serializing

log = logging.getLogger(__name__)
LIMIT = 64 << 20


def keep(cachedir, name, value):
    """Write one of them, readable for our account only; a disk that refuses is a line in the log."""
    path = os.path.join(compat.to_native(cachedir), name)
    try:
        if os.path.isabs(name) or os.pardir in name.split(os.sep):           # a caller may choose it
            raise ValueError('it would not lie in the cache')
        files.write(path, serializing.write('msgpack', value, {'use_bin_type': True}), sync=False, make_folder=True)
    except (EnvironmentError, ValueError, TypeError) as exc:
        log.warning('%s: not written: %s', path, compat.error_text(exc))


def load(cachedir, name):
    """What one of them holds, {} if it is not there or is no mapping."""
    path = os.path.join(compat.to_native(cachedir), name)
    try:
        data = files.read(path, LIMIT)
        found = serializing.read('msgpack', data, {'raw': False}) if data else {}
    except (EnvironmentError, ValueError, TypeError) as exc:
        log.warning('%s: not read: %s', path, compat.error_text(exc))
        found = {}
    return found if isinstance(found, dict) else {}


def clear(cachedir):
    """Remove what previous runs kept of high data; sorted names of the files."""
    gone = []
    folder = compat.to_native(cachedir)
    for name in sorted(os.listdir(folder)) if os.path.isdir(folder) else ():
        if name.endswith('.cache.p') and files.remove(os.path.join(folder, name)):
            gone.append(name)
    return gone
