"""`salt://` of the embedded master: one folder, one environment (`base`)."""
from __future__ import absolute_import, division, print_function

import gzip
import hashlib
import io
import os

from minion import compat


class FileServer(object):
    """Answers of PROTOCOL section 6.3 for the files below one folder.

    :param str root: may be missing: then there are no files.
    :param dict settings: `hash_type`, `file_buffer_size` (bytes of one chunk) of the Master.
    """

    def __init__(self, root, settings):
        self._root, self._settings = root, settings

    def _find(self, load):
        """(path below the root, full path) of what a request names, or None for what is not there or not below."""
        path = compat.to_native(load.get('path') or '')
        full = os.path.realpath(os.path.join(self._root, path))
        inside = full.startswith(os.path.realpath(self._root) + os.sep)
        if not inside or load.get('saltenv', 'base') != 'base' or '|' in path or not os.path.isfile(full):
            return None
        return os.path.normpath(path), full

    def _walk(self, load):
        """(folder relative to the root, its folders, its files), where `saltenv` is ours."""
        if load.get('saltenv', 'base') != 'base':
            return
        prefix = compat.to_native(load.get('prefix') or '').strip('/')
        for folder, folders, names in os.walk(self._root):
            relative = os.path.relpath(folder, self._root)
            relative = '' if relative == '.' else relative
            if not prefix or (relative + '/').startswith(prefix + '/'):
                yield relative, folders, names

    def serve(self, load):
        """One chunk: {data, dest, [gzip]}; `data` is empty at the end and for what is missing."""
        found = self._find(load)
        if found is None:
            return {'data': '', 'dest': ''}
        with open(found[1], 'rb') as stream:
            stream.seek(load['loc'])
            data = stream.read(self._settings['file_buffer_size'])
        answer = {'data': data, 'dest': found[0]}
        if load.get('gzip') and data:
            answer.update(data=_gzipped(data, int(load['gzip'])), gzip=load['gzip'])
        return answer

    def hash(self, load):
        """{hsum, hash_type} or ''."""
        found = self._find(load)
        if found is None:
            return ''
        digest = hashlib.new(self._settings['hash_type'])
        with open(found[1], 'rb') as stream:
            for chunk in iter(lambda: stream.read(1 << 16), b''):
                digest.update(chunk)
        return {'hsum': digest.hexdigest(), 'hash_type': self._settings['hash_type']}

    def hash_and_stat(self, load):
        """[{hsum, hash_type}, ten stat numbers] or ''."""
        found = self._find(load)
        return [self.hash(load), _stat(found[1])] if found else ''

    def find(self, load):
        """{path, rel, stat, back}."""
        found = self._find(load)
        if found is None:
            return {'path': '', 'rel': ''}
        return {'path': found[1], 'rel': found[0], 'stat': _stat(found[1]), 'back': 'roots'}

    def list(self, load):
        """Paths of all files."""
        return sorted(os.path.join(at, name) for at, _, names in self._walk(load) for name in names)

    def folders(self, load):
        """Paths of all folders."""
        return sorted(at for at, _, _ in self._walk(load) if at)

    def empty_folders(self, load):
        """Paths of the folders that hold nothing."""
        return sorted(at for at, folders, names in self._walk(load) if at and not folders and not names)

    def links(self, load):
        """Symbolic link -> its target."""
        paths = [os.path.join(at, name) for at, folders, names in self._walk(load) for name in folders + names]
        return dict((path, os.readlink(os.path.join(self._root, path))) for path in paths
                    if os.path.islink(os.path.join(self._root, path)))


def _stat(path):
    return [int(number) for number in os.stat(path)[:10]]


def _gzipped(data, level):
    buffer = io.BytesIO()
    with gzip.GzipFile(fileobj=buffer, mode='wb', compresslevel=level) as stream:
        stream.write(data)
    return buffer.getvalue()
