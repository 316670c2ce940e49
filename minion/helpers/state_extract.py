"""What unpacking an archive would change (archive.extracted)."""
from __future__ import absolute_import, division, print_function

import os
import re

from minion import compat

FORMATS = ('tar', 'rar', 'zip')
BAD_FORMAT = ("Invalid archive_format '%s'. Either set it to a supported value (tar, rar, zip) or remove this argument and the "
              'archive format will be guessed based on file extension.')
NO_FORMAT = ("Could not guess archive_format from the value of the 'source' argument. Please set this archive_format to one of "
             'the following: tar, rar, zip')
NO_TOPLEVEL = (
    "Archive does not have a single top-level directory. To allow this archive to be extracted, set 'enforce_toplevel' to "
    "False. To avoid a 'tar-bomb' it may also be advisable to set a top-level directory by adding it to the 'name' value (for "
    "example, setting 'name' to %s instead of %s).")
WRONG_TYPE = ('The below paths (relative to %s) exist, but are the incorrect type (file instead of directory, symlink instead '
              'of file, etc.). %s\n\n%s')
FORCE = "To proceed with extraction, set 'force' to True. Note that this will remove these paths before extracting."
CLEARED = ("Since the 'clean' option is enabled, the destination paths would be cleared and the archive would be extracted.")


def stripped(options):
    """How many folders the options of tar leave away, or None."""
    found = re.search(r'--strip(?:-components)?(?:\s+|=)(\d+)', options or '')
    return int(found.group(1)) if found else None


def one_top(contents):
    """True if all of an archive lies in one folder."""
    return not contents['top_level_files'] and not contents['top_level_links'] and len(contents['top_level_dirs']) < 2


def compared(name, contents):
    """(True if something of the archive is not below the folder `name`, what is there as another kind)"""
    missing, wrong = False, []
    for path in contents['dirs'] + contents['files'] + contents['links']:
        full = os.path.join(name, path.rstrip('/'))
        if not os.path.lexists(full):
            missing = True
        elif os.path.isdir(full) != (path in contents['dirs']) and path not in contents['links']:
            wrong.append(path)
    return missing, wrong


def tops(name, contents):
    """What is there of the paths at the top of the archive."""
    found = contents['top_level_dirs'] + contents['top_level_files'] + contents['top_level_links']
    return [path for path in (os.path.join(name, top) for top in found) if os.path.lexists(path.rstrip('/'))]


def not_owned(name, contents, only, uid, gid):
    """Paths below `name` (or `only`, one of them and what is in it) that belong to somebody else."""
    paths = contents['dirs'] + contents['files']
    if only:
        paths = [path for path in paths if path.rstrip('/') == only.rstrip('/') or path.startswith(only.rstrip('/') + '/')]
    found = []
    for path in [''] * (not only) + paths:
        full = os.path.join(name, path)
        if os.path.lexists(full):
            status = os.lstat(full)
            if uid not in (None, status.st_uid) or gid not in (None, status.st_gid):
                found.append(full)
    return found


def lines_of(answer, plain=True):
    """The names that tar has said, those of folders with their slash if not `plain`."""
    return [compat.to_native(line).rstrip('/') if plain else compat.to_native(line) for line in answer['stdout'].splitlines()]
