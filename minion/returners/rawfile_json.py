"""Adds the return to a file, one line of JSON each. Setting: rawfile_json.filename (/var/log/salt/events)."""
from __future__ import absolute_import, division, print_function

import json

from minion import compat
from minion.helpers import showing

DEFAULT = '/var/log/salt/events'


def returner(ret):
    """Add `ret`."""
    _add([ret])


def event_return(events):
    """Add each of a list of events."""
    _add(events)


def _add(items):
    path = __salt__['config.get']('rawfile_json.filename') or __salt__['config.get']('rawfile_json:filename') or DEFAULT
    lines = [compat.to_bytes(json.dumps(showing.texts(item), default=repr)) + b'\n' for item in items]
    with open(path, 'ab') as stream:
        stream.write(b''.join(lines))
