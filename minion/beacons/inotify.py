"""Changes of files, where pyinotify is installed: `files: {PATH: {mask: [create, modify], recurse: True, exclude: [...]}}`."""
from __future__ import absolute_import, division, print_function

import fnmatch
import os

from minion.helpers import beaconconfig

try:
    import pyinotify
except ImportError:
    pyinotify = None

__virtualname__ = 'inotify'
USUAL = ('create', 'delete', 'modify')


def __virtual__():
    if pyinotify is None:
        return False, 'pyinotify is not installed'
    return __virtualname__


def validate(config):
    """(True or False, why)"""
    files = beaconconfig.flat(config).get('files')
    if not isinstance(config, list) or not isinstance(files, dict):
        return False, 'Configuration for inotify beacon must include files, a dictionary.'
    for rows in files.values():
        for name in (rows or {}).get('mask') or ():
            if not hasattr(pyinotify, 'IN_' + str(name).upper()):
                return False, 'Configuration for inotify beacon invalid mask option %s.' % name
    return True, 'Valid beacon configuration'


def beacon(config):
    """[{tag, path, change}] for each change since the last look."""
    rows, found = beaconconfig.flat(config), []
    notifier, watches, events = _watcher(rows.get('_beacon_name'))
    for path, wanted in rows['files'].items():
        if path not in watches and os.path.exists(path):
            _watch(watches, path, wanted or {})
    while notifier.check_events(1):
        notifier.read_events()
        notifier.process_events()
    while events:
        event = events.pop(0)
        for path, wanted in rows['files'].items():
            if event.path == path or event.pathname == path or event.path.startswith(path.rstrip('/') + '/'):
                if not _excluded(event.pathname, (wanted or {}).get('exclude') or ()):
                    found.append({'tag': path, 'path': event.pathname, 'change': event.maskname})
                break
    return found


def _watcher(name):
    key = 'inotify.%s' % name
    if key not in __context__:
        events = []
        manager = pyinotify.WatchManager()
        __context__[key] = (pyinotify.Notifier(manager, events.append), {None: manager}, events)
    return __context__[key]


def _watch(watches, path, rows):
    mask = 0
    for name in rows.get('mask') or USUAL:
        mask |= getattr(pyinotify, 'IN_' + str(name).upper())
    watches[None].add_watch(path, mask, rec=rows.get('recurse', False), auto_add=rows.get('auto_add', False))
    watches[path] = True


def _excluded(path, patterns):
    return any(fnmatch.fnmatch(path, pattern if not isinstance(pattern, dict) else list(pattern)[0])
               for pattern in patterns)
