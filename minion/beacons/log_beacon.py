"""Lines of a log file that match: `file: PATH` and `tags: {name: {regex: ...}}`."""
from __future__ import absolute_import, division, print_function

import io
import os
import re

from minion.helpers import beaconconfig

__virtualname__ = 'log'
MOST = 1 << 20                       # bytes that are read at a time


def __virtual__():
    return __virtualname__


def validate(config):
    """(True or False, why)"""
    rows = beaconconfig.flat(config)
    if not isinstance(config, list) or 'file' not in rows:
        return False, 'Configuration for log beacon must contain file option.'
    for name, tag in (rows.get('tags') or {}).items():
        if not isinstance(tag, dict) or 'regex' not in tag:
            return False, 'Configuration for log beacon: the tag %s needs a regex.' % name
    return True, 'Valid beacon configuration'


def beacon(config):
    """[{tag, match: 'yes', raw, ...groups}] for each new line that matches, in order."""
    rows, found = beaconconfig.flat(config), []
    for line in _new_lines(rows['file']):
        for name, tag in sorted((rows.get('tags') or {}).items()):
            match = re.search(tag['regex'], line)
            if match:
                event = dict((str(number), group) for number, group in enumerate(match.groups(), 1))
                found.append(dict(event, tag=name, match='yes', raw=line, error=''))
    return found


def _new_lines(path):
    """What was added since the last look; from the end on the first one, from the start in a new file."""
    places = __context__.setdefault('log.places', {})
    try:
        status = os.stat(path)
    except OSError:                                  # not there yet, or just being rotated
        return []
    inode, offset = places.get(path, (status.st_ino, status.st_size))
    if inode != status.st_ino or offset > status.st_size:
        offset = 0
    with io.open(path, 'rb') as stream:
        stream.seek(offset)
        data = stream.read(MOST)
    whole = data.rfind(b'\n') + 1
    if not whole and len(data) == MOST:
        whole = MOST
    places[path] = (status.st_ino, offset + whole)
    return [str(line) if str is bytes else line.decode('utf-8', 'replace') for line in data[:whole].splitlines()]
