"""What is in an archive, and which names an archive gets: shared by the functions of archive.*."""
from __future__ import absolute_import, division, print_function

import contextlib
import glob
import io
import stat
import tarfile
import zipfile

from minion import compat
from minion.errors import CommandExecutionError, CommandNotFoundError
from minion.helpers import command, environment

TAR_ENDINGS = ('.tar', '.tar.gz', '.tgz', '.tar.bz2', '.tbz2', '.tbz', '.tar.xz', '.txz', '.tar.lzma', '.tlz')
XZ_LIMIT = 1 << 29                       # bytes of a tar archive that is unpacked in memory on Python 2
_NO_TAR = ('Unable to list contents of %s. If this is an XZ-compressed tar archive, install XZ Utils to enable listing its '
           'contents. If it is compressed using something other than XZ, it may be necessary to specify CLI options to '
           'decompress the archive. See the documentation for details.')


def need(*programs):
    """The name of the first program that is installed.  :raises CommandNotFoundError: none is."""
    for program in programs:
        if environment.which(program):
            return program
    if len(programs) == 1:
        raise CommandNotFoundError("The '%s' binary was not found in $PATH." % programs)
    raise CommandNotFoundError('None of provided binaries([%s]) were found in $PATH.'
                               % ', '.join('"\'%s\'"' % program for program in programs))


def several(value):
    """A list of a list, or of a text with commas."""
    if isinstance(value, (list, tuple)):
        return [compat.to_native(compat.shown(item)) for item in value]
    return [] if value is None else [part.strip() for part in compat.to_native(compat.shown(value)).split(',')]


def expanded(sources):
    """The paths that the patterns fit; one that fits nothing stays."""
    return [path for source in several(sources) for path in glob.glob(source) or [source]]


def trimmed(names, limit):
    """The first names and a line that says so; `limit`: a number, True for 100, False for all."""
    most = 100 if limit is True else limit
    if not most or len(names) <= most:
        return names
    return names[:most] + ['List trimmed after %d files.' % most]


def guess(name):
    """'tar', 'zip' or 'rar' by the ending of a name, or None."""
    name = name.lower()
    if name.endswith(TAR_ENDINGS):
        return 'tar'
    return next((ending for ending in ('zip', 'rar') if name.endswith('.' + ending)), None)


# ---- members: lists of (name, kind), kind one of dir, file, link

def of_tar(path):
    """Members of a tar archive.  :raises CommandExecutionError: it is none, or cannot be read."""
    with _tar(path) as archive:
        return [_of_tar(member) for member in archive.getmembers()]


def _of_tar(member):
    name = compat.to_native(member.name)
    if member.isdir():
        return name.rstrip('/') + '/', 'dir'
    return name, 'link' if member.issym() else 'file'


@contextlib.contextmanager
def _tar(path):
    try:
        archive = tarfile.open(path, 'r:*')
    except tarfile.TarError:
        archive = _xz(path)
    except (IOError, OSError) as exc:
        raise CommandExecutionError('Failed to list contents of %s: [Errno %s] %s: \'%s\''
                                    % (path, exc.errno, exc.strerror, path))
    with contextlib.closing(archive):
        try:
            yield archive
        except (tarfile.TarError, EOFError) as exc:
            raise CommandExecutionError('Failed to list contents of %s: %s' % (path, exc))


def _xz(path):
    program = environment.which('xz')
    if compat.PY2 and program:
        result = command.run([program, '-dc', path], limit=XZ_LIMIT)
        if result.retcode == 0:
            return tarfile.open(fileobj=io.BytesIO(result.stdout), mode='r:')
    raise CommandExecutionError(_NO_TAR % path)


def of_zip(path):
    """Members of a zip archive.  :raises CommandExecutionError: it is none, or cannot be read."""
    try:
        with contextlib.closing(zipfile.ZipFile(path)) as archive:
            return [_of_zip(info) for info in archive.infolist()]
    except zipfile.BadZipfile:
        raise CommandExecutionError('%s is not a ZIP file' % path)
    except (IOError, OSError) as exc:
        raise CommandExecutionError("Failed to list contents of %s: [Errno %s] %s: '%s'"
                                    % (path, exc.errno, exc.strerror, path))


def is_link(info):
    """True for the member of a zip archive that is a symbolic link."""
    return stat.S_ISLNK(info.external_attr >> 16)


def _of_zip(info):
    name = compat.to_native(info.filename)
    return name, 'dir' if name.endswith('/') else 'link' if is_link(info) else 'file'


def of_rar(path, functions):
    """Members of a rar archive, by the program rar or unrar.  :raises CommandExecutionError: it is none."""
    program = next((name for name in ('rar', 'unrar') if environment.which(name)), None)
    if program is None:
        raise CommandExecutionError('rar command not available, is it installed?')
    text = functions['cmd.run']([program, 'lt', path], python_shell=False)
    members, name = [], None
    for line in text.splitlines():
        key, _, value = line.strip().partition(': ')
        if key == 'Name':
            name = value
        elif key == 'Type' and name is not None:
            folder = value == 'Directory'
            members.append((name + '/' if folder else name, 'dir' if folder else 'link' if 'link' in value else 'file'))
            name = None
    if not members:
        raise CommandExecutionError('Failed to list %s, is it a rar file? If so, the installed version of rar may be too '
                                    'old to list data in a parsable format. Installing the rar package from a 3rd-party '
                                    'repository may be necessary.' % path)
    return members


# ---- what is shown of them

def stripped(members, count):
    """Members without the first `count` parts of their names; those of which nothing is left are not there."""
    left = []
    for name, kind in members:
        parts = name.rstrip('/').split('/')[count or 0:]
        if parts:
            left.append(('/'.join(parts) + ('/' if kind == 'dir' else ''), kind))
    return left


def listed(members, verbose):
    """What archive.list returns."""
    if not verbose:
        return sorted(set(name for name, _ in members))
    told = {}
    for kind in ('dir', 'file', 'link'):
        names = sorted(set(name for name, one in members if one == kind))
        told[kind + 's'] = names
        told['top_level_%ss' % kind] = [name for name in names if '/' not in name.rstrip('/')]
    return told
