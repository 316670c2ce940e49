"""Lines of a log file that match from their start on: `file: PATH` and `tags: {name: {regex: ...}}`."""
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
    if not isinstance(config, list):
        return False, 'Configuration for log beacon must be a list.'
    if 'file' not in rows:
        return False, 'Configuration for log beacon must contain file option.'
    return True, 'Valid beacon configuration'


def beacon(config):
    """[{tag, match: 'yes', raw, error: ''}] for each new line that matches, in order."""
    rows, found = beaconconfig.flat(config), []
    tags = rows.get('tags') if isinstance(rows.get('tags'), dict) else {}
    lines = _new_lines(rows['file'])
    patterns = [(name, _compiled(tag['regex'])) for name, tag in tags.items() if isinstance(tag, dict) and 'regex' in tag]
    if lines:
        found = [_event(name, 'no', '', 'bad regex') for name, pattern in patterns if pattern is None]
    for line in lines:
        found += [_event(name, 'yes', line, '') for name, pattern in patterns if pattern is not None and pattern.match(line)]
    return found


def _event(name, match, raw, error):
    return {'tag': name, 'match': match, 'raw': raw, 'error': error}


def _compiled(text):
    try:
        return re.compile(text)
    except (re.error, TypeError):
        return None


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
