"""Addresses of files: `salt://PATH?saltenv=ENV`, and where below the cache a file of an address lies.

What a path is made of comes from masters, modules and web addresses: no part of it may lead out of its folder.
"""
from __future__ import absolute_import, division, print_function

import hashlib
import os

from minion import compat
from minion.errors import CommandExecutionError, FileClientError

SCHEME = 'salt://'
LONGEST = 255                                    # bytes of a file name


def split_env(url):
    """(address, environment named in it or None): `salt://a?saltenv=dev` is ('salt://a', 'dev')."""
    if not url.startswith(SCHEME) or url.startswith(SCHEME + '|'):
        return url, None
    path, _, query = url.partition('?')
    found = [part.split('=', 1)[1] for part in query.split('&') if part.startswith('saltenv=')]
    return path, compat.to_native(found[-1]) if found and found[-1] else None


def relative(url):
    """The path on the file server that a `salt://` address names.  :raises FileClientError: another address."""
    if not url.startswith(SCHEME):
        raise FileClientError('Unsupported path: %s' % url)
    path = compat.to_native(split_env(url)[0][len(SCHEME):])
    return path[1:] if path.startswith('|') else path.lstrip('/')


def create(path, saltenv=None):
    """The address of a path on the file server."""
    path = ('|' if '?' in path else '') + path
    return SCHEME + path + ('?saltenv=' + saltenv if saltenv else '')


def inside(folder, *parts):
    """The path of `parts` below `folder`.

    :raises CommandExecutionError: it would lie elsewhere, or no file can have this name.
    """
    names = [compat.to_native(part) for part in parts]
    path = os.path.normpath(os.path.join(folder, *[name.lstrip('/') for name in names]))
    home = os.path.normpath(folder)
    if any('\0' in name for name in names) or not (path + os.sep).startswith(home.rstrip(os.sep) + os.sep):
        raise CommandExecutionError('Invalid path')
    return path


def cached(cachedir, saltenv, path):
    """Where the file of a `salt://` path is kept.  :raises CommandExecutionError: outside the cache."""
    home = os.path.join(cachedir, 'files')
    return inside(_environment(home, saltenv), path)


def cached_web(cachedir, saltenv, url):
    """Where the file of a web address is kept: below its host; a long path becomes one digest.

    :raises CommandExecutionError: outside the cache.
    """
    parsed = compat.import_urllib()[2].urlparse(url)
    host = compat.to_native(parsed.netloc.rpartition('@')[2]).replace(':', '')
    path = compat.to_native(parsed.path)
    if parsed.query:
        path += '-' + compat.to_native(parsed.query)
    if len(path) > LONGEST:
        path = hashlib.sha256(compat.to_bytes(path)).hexdigest()
    home = _environment(os.path.join(cachedir, 'extrn_files'), saltenv)
    return inside(inside(home, host), path)


def _environment(home, saltenv):
    """The folder of an environment, which is one name."""
    name = compat.to_native(saltenv)
    if name in ('', '.', '..') or '/' in name or '\0' in name:
        raise CommandExecutionError('Invalid path')
    return os.path.join(home, name)
