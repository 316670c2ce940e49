"""A run of states in an archive: lowstate.json, pillar.json, roster_grains.json, and a folder of files for each environment."""
from __future__ import absolute_import, division, print_function

import contextlib
import json
import os
import shutil
import tarfile
from collections import namedtuple

from minion import compat, files
from minion.errors import CommandExecutionError

MOST = 64 << 20                  # bytes of one of the JSON files

Package = namedtuple('Package', 'chunks pillar grains roots')
"""Low data, pillar, grains of the roster, and {environment: [folder]}."""


def unpacked(path, folder):
    """The Package of a gzipped tar archive, its files laid below `folder`; only plain files and folders are taken.

    :raises CommandExecutionError: it is no such archive, or its JSON says something else than it should.
    """
    try:
        with contextlib.closing(tarfile.open(path, 'r:gz')) as archive:
            for member in archive:
                _lay(archive, member, folder)
    except (tarfile.TarError, EnvironmentError, EOFError) as exc:
        raise CommandExecutionError('%s: not a gzipped tar archive of states: %s' % (path, compat.error_text(exc)))
    chunks = _read(folder, 'lowstate.json', list, [])
    if not all(isinstance(chunk, dict) and set(chunk) >= set(('state', 'fun', 'name', '__id__')) for chunk in chunks):
        raise CommandExecutionError('%s: lowstate.json holds something that is no chunk of low data' % path)
    roots = dict((name, [os.path.join(folder, name)]) for name in os.listdir(folder)
                 if os.path.isdir(os.path.join(folder, name)))
    return Package(chunks, _read(folder, 'pillar.json', dict, {}), _read(folder, 'roster_grains.json', dict, {}), roots)


def _lay(archive, member, folder):
    """One member at its place; what would lie elsewhere, or is a link or a device, is left out."""
    parts = [part for part in compat.to_native(member.name).split('/') if part not in ('', '.')]
    if not parts or '..' in parts or member.name.startswith('/'):
        return
    place = os.path.join(folder, *parts)
    if member.isdir():
        compat.make_dirs(place, 0o700)
    elif member.isfile():
        compat.make_dirs(os.path.dirname(place), 0o700)
        handle = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o700 if member.mode & 0o100 else 0o600)
        with os.fdopen(handle, 'wb') as stream, contextlib.closing(archive.extractfile(member)) as source:
            shutil.copyfileobj(source, stream)


def _read(folder, name, kind, default):
    data = files.read(os.path.join(folder, name), limit=MOST)
    if data is None:
        return default
    try:
        found = compat.native_tree(json.loads(compat.to_text(data)))
    except ValueError as exc:
        raise CommandExecutionError('%s of the archive of states: %s' % (name, exc))
    if not isinstance(found, kind):
        raise CommandExecutionError('%s of the archive of states is not a %s' % (name, kind.__name__))
    return found
