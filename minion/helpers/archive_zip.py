"""Making and unpacking zip archives; nothing that is unpacked lies outside the folder that was named."""
from __future__ import absolute_import, division, print_function

import contextlib
import os
import shutil
import stat
import zipfile
import zlib

from minion import compat
from minion.errors import CommandExecutionError
from minion.helpers import archive_names, file_open, file_tree

FAILURES = (zipfile.BadZipfile, zipfile.LargeZipFile, zlib.error, RuntimeError, NotImplementedError, ValueError, EOFError,
            IOError, OSError)


def _reason(exc):
    if isinstance(exc, (IOError, OSError)) and exc.errno and exc.filename:
        return file_tree.told(exc, exc.filename)
    return compat.to_native(compat.error_text(exc))


def pack(target, sources, folder, zip64):
    """Add files and folders to a zip archive.

    :param folder: what the names in it are relative to, None: the root.
    :return list: the names.  :raises CommandExecutionError:
    """
    names, new = [], not os.path.exists(target)
    try:
        with contextlib.closing(zipfile.ZipFile(target, 'a', zipfile.ZIP_DEFLATED, bool(zip64))) as archive:
            for source in sources:
                path = os.path.normpath(source if folder is None else os.path.join(folder, source))
                for one in _below(path):
                    name = os.path.relpath(one, folder or '/')
                    name += '/' if os.path.isdir(one) else ''
                    archive.write(one, name)
                    names.append(name)
        if new:
            os.chmod(target, file_open.FILE_MODE)
    except FAILURES as exc:
        raise CommandExecutionError('Exception encountered creating zipfile: %s' % _reason(exc))
    return names


def _below(path):
    """A file, or a folder and all that is in it."""
    if os.path.isfile(path):
        yield path
    elif os.path.isdir(path):
        for folder, _, names in os.walk(path):
            yield folder
            for name in names:
                if os.path.isfile(os.path.join(folder, name)):
                    yield os.path.join(folder, name)


class _Unpacking(object):
    """One archive into one folder."""

    def __init__(self, archive, dest, keep_modes):
        self._archive, self._keep_modes, self._links = archive, keep_modes, []
        self._dest = os.path.realpath(dest)

    def run(self, excludes):
        """The names of what was unpacked."""
        names = []
        for info in self._archive.infolist():
            name = compat.to_native(info.filename)
            if name in excludes:
                continue
            self._one(info, name)
            names.append(name)
        for path, target in self._links:                # at the end, so that no member goes through a link of its own
            self._clear(path)
            os.symlink(target, path)
        return names

    def _place(self, name):
        """The path for a member.  :raises CommandExecutionError: it would lie elsewhere."""
        parts = [part for part in name.split('/') if part not in ('', '.')]
        if '..' in parts or '\0' in name or not parts:
            raise CommandExecutionError('%s: a name in the archive that leads out of %s' % (name, self._dest))
        folder = os.path.join(self._dest, *parts[:-1])
        real = os.path.realpath(folder)
        if real != self._dest and not real.startswith(self._dest.rstrip('/') + '/'):
            raise CommandExecutionError('%s: a link leads out of %s' % (name, self._dest))
        compat.make_dirs(real, 0o755)
        return os.path.join(real, parts[-1])

    @staticmethod
    def _clear(path):
        if os.path.lexists(path) and not (os.path.isdir(path) and not os.path.islink(path)):
            os.unlink(path)

    def _one(self, info, name):
        path, mode = self._place(name), stat.S_IMODE(info.external_attr >> 16)
        if archive_names.is_link(info):
            self._links.append((path, compat.to_native(self._archive.read(info))))
            return
        if name.endswith('/'):
            if os.path.islink(path):
                self._clear(path)
            compat.make_dirs(path, 0o755)
        else:
            with contextlib.closing(self._archive.open(info)) as source:
                self._clear(path)
                handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
                with os.fdopen(handle, 'wb') as target:
                    shutil.copyfileobj(source, target, 1 << 16)
            os.chmod(path, 0o644)
        if self._keep_modes and mode:
            os.chmod(path, mode)


def unpack(source, dest, excludes, password, keep_modes):
    """Unpack a zip archive.  :return list: names of its members.  :raises CommandExecutionError:"""
    try:
        with contextlib.closing(zipfile.ZipFile(source)) as archive:
            if password:
                archive.setpassword(compat.to_bytes(compat.shown(password)))
            compat.make_dirs(dest, 0o755)
            return _Unpacking(archive, dest, keep_modes).run(excludes)
    except CommandExecutionError as exc:
        raise CommandExecutionError('Exception encountered unpacking zipfile: %s' % exc)
    except FAILURES as exc:
        raise CommandExecutionError('Exception encountered unpacking zipfile: %s' % _reason(exc))


def encrypted(path):
    """True if a member of a zip archive needs a password.

    :raises CommandExecutionError: it cannot be read, or is no zip archive.
    """
    try:
        with contextlib.closing(zipfile.ZipFile(path)) as archive:
            return any(info.flag_bits & 1 for info in archive.infolist())
    except zipfile.BadZipfile:
        raise CommandExecutionError('%s is not a ZIP file' % path)
    except (IOError, OSError) as exc:
        raise CommandExecutionError(file_tree.told(exc, path))
