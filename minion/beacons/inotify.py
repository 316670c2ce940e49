"""Changes of files, where pyinotify is installed: `files: {PATH: {mask: [create, modify], recurse: True, auto_add: True}}`.

`exclude` of a path: globs, or `{EXPRESSION: {regex: True}}`.
"""
from __future__ import absolute_import, division, print_function

import fnmatch
import os
import re

from minion.helpers import beaconconfig

try:
    import pyinotify
except ImportError:
    pyinotify = None

__virtualname__ = 'inotify'
USUAL = ('create', 'delete', 'modify')
WORDS = 'Configuration for inotify beacon '


def __virtual__():
    if pyinotify is None:
        return False, 'pyinotify is not installed'
    return __virtualname__


def validate(config):
    """(True or False, why)"""
    if not isinstance(config, list):
        return False, WORDS + 'must be a list.'
    rows = beaconconfig.flat(config)
    if 'files' not in rows:
        return False, WORDS + 'must include files.'
    if not isinstance(rows['files'], dict):
        return False, WORDS + 'invalid, files must be a dict.'
    wrong = [why for why in map(_wrong, rows['files'].values()) if why]
    return (False, WORDS + wrong[0]) if wrong else (True, 'Valid beacon configuration')


def _wrong(rows):
    if not isinstance(rows, dict):
        return 'must be a list of dictionaries.'
    if not any(name in rows for name in ('mask', 'recurse', 'auto_add')):
        return 'must contain mask, recurse or auto_add items.'
    for name in ('auto_add', 'recurse'):
        if not isinstance(rows.get(name, True), bool):
            return '%s must be boolean.' % name
    if not isinstance(rows.get('mask', []), list):
        return 'mask must be list.'
    unknown = [name for name in rows.get('mask', []) if not hasattr(pyinotify, 'IN_' + str(name).upper())]
    return 'invalid mask option %s.' % unknown[0] if unknown else ''


def beacon(config):
    """[{tag, path, change}] for each change since the last look; a path that is not there yet is waited for."""
    files, found = beaconconfig.flat(config)['files'], []
    notifier, manager, events = _watcher(files)
    for path, rows in files.items():
        if manager.get_wd(path) is None and os.path.exists(path):
            manager.add_watch(path, _mask(rows), rec=rows.get('recurse', False), auto_add=rows.get('auto_add', False))
    while notifier.check_events(1):
        notifier.read_events()
        notifier.process_events()
    while events:
        event = events.pop(0)
        path = next((path for path in files if _concerns(event, path)), None)
        if path is not None and not _excluded(event.pathname, files[path].get('exclude') or ()):
            found.append({'tag': path, 'path': event.pathname, 'change': event.maskname})
    return found


def close(config):
    """Give the descriptor of the watches back."""
    if 'inotify' in __context__:
        __context__.pop('inotify')[1].stop()


def _watcher(files):
    """(notifier, manager, events) of this configuration; another one begins anew."""
    if 'inotify' in __context__ and __context__['inotify'][0] != files:
        close(None)
    if 'inotify' not in __context__:
        events, manager = [], pyinotify.WatchManager()
        __context__['inotify'] = files, pyinotify.Notifier(manager, events.append), manager, events
    return __context__['inotify'][1:]


def _mask(rows):
    mask = 0
    for name in rows.get('mask') or USUAL:
        mask |= getattr(pyinotify, 'IN_' + str(name).upper())
    return mask


def _concerns(event, path):
    return path in (event.path, event.pathname) or event.path.startswith(path.rstrip('/') + '/')


def _excluded(path, patterns):
    for pattern in patterns:
        if isinstance(pattern, dict):
            expression, rows = next(iter(pattern.items()))
            if isinstance(rows, dict) and rows.get('regex'):
                if re.search(expression, path):
                    return True
                continue
            pattern = expression
        if fnmatch.fnmatch(path, pattern):
            return True
    return False
