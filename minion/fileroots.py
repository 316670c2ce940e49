"""`salt://` from folders of this host: the answers of docs/protocol.md section 6.3 that are about files.

For `file_client: local`, where there is no master to ask, and for the embedded master.
"""
from __future__ import absolute_import, division, print_function

import fnmatch
import io
import os
import re

from minion import compat, files
from minion.helpers import rootfolders


class FileRoots(object):
    """:param dict roots: environment -> list of folders, or of patterns for them; the first that has a file gives it. They may
        be missing.
    :param settings: mapping with `hash_type`, `file_buffer_size` (bytes of one chunk) and, where they are to count,
        `file_ignore_regex` and `file_ignore_glob`; it may change meanwhile.
    :param bool follow: serve what symbolic links below a folder lead to, wherever it lies.
    """

    def __init__(self, roots, settings, follow=True):
        self._roots, self._settings, self._follow = roots, settings, follow
        self._table = {
            '_serve_file': self.serve, '_file_hash': self.hash, '_file_hash_and_stat': self.hash_and_stat,
            '_file_find': self.find, '_file_list': self.list, '_file_list_emptydirs': self.empty_folders,
            '_dir_list': self.folders, '_symlink_list': self.links, '_file_envs': self.environments,
            '_master_opts': self.options, '_master_tops': lambda load: {}, '_ext_nodes': lambda load: {}}

    def answer(self, load):
        """What a master answers to one load; an unknown command is answered with an empty map."""
        handler = self._table.get(load.get('cmd'))
        return handler(load) if handler else {}

    def _folders_of(self, load):
        return rootfolders.named(self._roots.get(compat.to_native(load.get('saltenv') or 'base')))

    def _find(self, load):
        """(path below the folder, full path) of what a request names, or None for what is not there or not below."""
        path = compat.to_native(load.get('path') or '')
        if '|' in path or '\0' in path or self._ignored(path):
            return None
        for root in self._folders_of(load):
            full = os.path.normpath(os.path.join(root, path))
            if _below(full, os.path.normpath(root)) and os.path.isfile(full):
                if self._follow or _below(os.path.realpath(full), os.path.realpath(root)):
                    return os.path.normpath(path), full
        return None

    def _ignored(self, path):
        patterns, globs = (self._settings.get(name) or () for name in ('file_ignore_regex', 'file_ignore_glob'))
        return (any(re.search(pattern, path) for pattern in ([patterns] if compat.is_text(patterns) else patterns))
                or any(fnmatch.fnmatch(path, glob) for glob in ([globs] if compat.is_text(globs) else globs)))

    def _walk(self, load):
        """(root, folder relative to it, its folders, its files) in all folders of an environment."""
        for root in self._folders_of(load):
            for folder, folders, names in os.walk(root, followlinks=self._follow):
                relative = os.path.relpath(folder, root)
                yield root, '' if relative == '.' else relative, folders, names

    def _listed(self, load, paths):
        prefix = compat.to_native(load.get('prefix') or '').strip('/')
        return sorted(set(path for path in paths if path.startswith(prefix) and not self._ignored(path)))

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
        return {'hsum': files.digest(found[1], self._settings['hash_type']), 'hash_type': self._settings['hash_type']}

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
        return self._listed(load, (os.path.join(at, name) for _, at, _, names in self._walk(load) for name in names))

    def folders(self, load):
        """Paths of all folders."""
        return self._listed(load, (at for _, at, _, _ in self._walk(load) if at))

    def empty_folders(self, load):
        """Paths of the folders that hold nothing."""
        return self._listed(load, (at for _, at, folders, names in self._walk(load) if at and not folders and not names))

    def links(self, load):
        """Symbolic link -> its target."""
        found = {}
        for root, at, folders, names in self._walk(load):
            for name in folders + names:
                if os.path.islink(os.path.join(root, at, name)):
                    found.setdefault(os.path.join(at, name), os.readlink(os.path.join(root, at, name)))
        return dict((path, found[path]) for path in self._listed(load, found))

    def environments(self, load=None):
        """Names of all environments."""
        return sorted(self._roots)

    def options(self, load):
        """The settings that top files depend on."""
        names = ('top_file_merging_strategy', 'env_order', 'default_top', 'renderer', 'failhard', 'state_top')
        chosen = names[:3] if load.get('env_only') else names
        return dict(((name, self._settings.get(name)) for name in chosen), file_roots=self._roots)


def _below(path, root):
    return path.startswith(root.rstrip(os.sep) + os.sep)


def _stat(path):
    return [int(number) for number in os.stat(path)[:10]]


def _gzipped(data, level):
    import gzip                                  # an idle minion does without it
    buffer = io.BytesIO()
    with gzip.GzipFile(fileobj=buffer, mode='wb', compresslevel=level) as stream:
        stream.write(data)
    return buffer.getvalue()
