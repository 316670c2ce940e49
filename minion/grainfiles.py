"""Grains that lie in files: CONFIG_DIR/grains, which administrators and grains.setval write, and the cache."""
from __future__ import absolute_import, division, print_function

import logging
import os
import time

from minion import compat, errors, files, payload
from minion.helpers import staticgrains

log = logging.getLogger(__name__)

LIMIT = 1 << 24                           # bytes of the cache


def read_static(path):
    """The mapping in the file, {} if it is missing, empty, or broken, which is logged in one line.

    A key that stands twice has its last value and a warning: the file may be older than we are, and the reference takes
    it.
    """
    try:
        data = files.read(path, staticgrains.LIMIT) if path else None
    except (IOError, OSError) as exc:
        log.warning('%s: cannot be read: %s; its grains are left out', path, files.reason(exc))
        return {}
    if data is None:
        return {}
    try:
        tree = _parsed(data, path)
    except errors.ConfigError as exc:
        log.warning('%s; its grains are left out', exc)
        return {}
    if tree is not None and not isinstance(tree, dict):
        log.warning('%s: holds no mapping (key: value); its grains are left out', path)
        return {}
    return tree or {}


def _parsed(data, path):
    from minion import yamlfile
    try:
        return yamlfile.parse(data, path)
    except errors.ConfigError as exc:
        try:
            tree = staticgrains.parse(data)
        except ValueError:
            raise exc
        log.warning('%s', exc)
        return tree


# ---- the cache

def cache_path(opts):
    """Name of the cache, None when the setting `grains_cache` is off."""
    folder = opts.get('cachedir')
    return os.path.join(folder, 'grains.cache.p') if opts.get('grains_cache') and folder else None


def read_cache(path, expiration, now=None):
    """The grains in the cache; None without one, with one older than `expiration` seconds, and with a broken one."""
    if path is None:
        return None
    try:
        age = (time.time() if now is None else now) - os.stat(path).st_mtime
        data = files.read(path, LIMIT) if 0 <= age < expiration else None
    except (IOError, OSError):                    # most often there is none yet; the next write tells of the rest
        return None
    if data is None:
        return None
    try:
        grains = compat.native_tree(payload.to_text_tree(payload.unpack(data, LIMIT)))
    except errors.BadPayload as exc:
        log.warning('%s: cannot be used: %s; the grains are collected anew', path, exc)
        return None
    if not isinstance(grains, dict):
        return None
    if isinstance(grains.get('osrelease_info'), list):        # a tuple when it is collected
        grains['osrelease_info'] = tuple(grains['osrelease_info'])
    return grains


def write_cache(path, grains):
    """Keep the grains; a failure is logged, and no old cache is left."""
    try:
        files.write(path, payload.pack(grains), sync=False)
    except (IOError, OSError, errors.BadPayload) as exc:
        log.error('%s: cannot be written: %s', path, files.reason(exc) if isinstance(exc, EnvironmentError) else exc)
        if os.path.exists(path):
            files.remove(path)
