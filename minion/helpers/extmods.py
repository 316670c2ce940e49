"""Plug-ins that a master hands out: `salt://_KIND` of each environment, put into extension_modules/KIND."""
from __future__ import absolute_import, division, print_function

import logging
import os
import shutil

from minion import compat, files
from minion.helpers.draft import Draft

log = logging.getLogger(__name__)

BYTECODE = ('.pyc', '.pyo')


class Sync(object):
    """:param client: FileClient.  :param str top: extension_modules.  :param str cachedir:
    :param bool clean: remove what the master no longer has (`clean_dynamic_modules`).
    """

    def __init__(self, client, top, cachedir, clean=True):
        self._client, self._top, self._cachedir, self._clean = client, top, cachedir, clean

    def run(self, kind, saltenvs, only=(), never=()):
        """(sorted names `KIND.NAME` of the files that are new or changed, True if anything is other than before).

        :param only, never: names of the only plug-ins, and of those that are not wanted.
        """
        home = os.path.join(self._top, kind)
        wanted, changed = {}, []
        for saltenv in saltenvs:
            for path, cached in self._offered(kind, saltenv):
                name = os.path.splitext(path)[0].replace(os.sep, '.')
                if not (only and name not in only or name in never or path.endswith(BYTECODE)):
                    wanted[path] = name, cached
        for path, (name, cached) in wanted.items():
            if self._put(cached, os.path.join(home, path)):
                changed.append('%s.%s' % (kind, name))
        gone = self._sweep(home, wanted) if self._clean else False
        return sorted(changed), bool(changed) or gone

    def _offered(self, kind, saltenv):
        """(path below the folder of the kind, where it is cached) of what one environment has."""
        home = os.path.join(self._cachedir, 'files', saltenv, '_' + kind)
        for cached in self._client.cache_dir('salt://_' + kind, saltenv):
            yield os.path.relpath(cached, home), cached

    def _put(self, cached, target):
        """Copy one file whole; True if that changed something."""
        with open(cached, 'rb') as stream:
            data = stream.read()
        if os.path.isfile(target):
            with open(target, 'rb') as stream:
                if stream.read() == data:
                    return False
        elif os.path.isdir(target):
            shutil.rmtree(target)
        compat.make_dirs(os.path.dirname(target), 0o700)
        with Draft(target, 0o600, hand_on=False) as draft:
            draft.write(data)
            draft.keep()
        _forget_bytecode(target)
        return True

    def _sweep(self, home, wanted):
        """Remove what is not wanted, bytecode of what is gone with it; True if a file was removed."""
        gone = False
        for folder, folders, names in os.walk(home, topdown=False):
            for name in names:
                path = os.path.relpath(os.path.join(folder, name), home)
                if path not in wanted and not _is_bytecode_of(path, wanted):
                    log.info('%s: the master has it no longer; removed', os.path.join(folder, name))
                    gone = files.remove(os.path.join(folder, name)) or gone
            if folder != home and not os.listdir(folder):
                os.rmdir(folder)
        return gone


def _forget_bytecode(path):
    """What Python compiled from the file before: its stamp has whole seconds only."""
    folder, name = os.path.split(path)
    stem = os.path.splitext(name)[0]
    for ending in BYTECODE:
        files.remove(os.path.join(folder, stem + ending))
    cache = os.path.join(folder, '__pycache__')
    for entry in os.listdir(cache) if os.path.isdir(cache) else ():
        if entry.startswith(stem + '.'):
            files.remove(os.path.join(cache, entry))


def _is_bytecode_of(path, wanted):
    if not path.endswith(BYTECODE):
        return False
    folder, name = os.path.split(path)
    folder = os.path.dirname(folder) if os.path.basename(folder) == '__pycache__' else folder
    return os.path.join(folder, name.split('.')[0] + '.py') in wanted


def chosen(given, setting, kind):
    """The names that a white or black list holds for a kind.

    :param given: argument of the job: None, text with commas, list, or {kind: names}.  :param setting: {kind: names}.
    """
    found = setting if given is None else given
    if isinstance(found, compat.Mapping):
        found = found.get(kind)
    if compat.is_text(found):
        found = found.split(',')
    return [compat.to_native(name).strip() for name in found if compat.is_text(name)] if isinstance(
        found, (list, tuple)) else []
