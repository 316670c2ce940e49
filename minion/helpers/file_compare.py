"""Comparing two files, and applying a difference (file.get_diff, file.patch)."""
from __future__ import absolute_import, division, print_function

import io
import os
import re
import shlex

from minion import compat
from minion.errors import CommandExecutionError
from minion.helpers import environment, file_diff
from minion.helpers.file_paths import expand, reason

HIDDEN = '<show_changes=False>'
LOCAL = re.compile(r'file://(/.*)\Z', re.DOTALL)


def cached(source, saltenv, host):
    """The path on this host of a local path or an address, False if there is none.

    :raises CommandExecutionError: a relative path.
    """
    if not compat.is_text(source):
        raise AttributeError("'%s' object has no attribute 'startswith'" % type(source).__name__)
    found = LOCAL.match(source)
    if found or os.path.isabs(source):
        return found.group(1) if found else source
    if '://' not in source:
        raise CommandExecutionError("Path '%s' is not absolute" % source)
    return host.functions['cp.cache_file'](source, saltenv) or False


def content(path):
    """Bytes of a file.  :raises CommandExecutionError: it cannot be read."""
    try:
        with io.open(path, 'rb') as stream:
            return stream.read()
    except (IOError, OSError) as exc:
        raise CommandExecutionError('Failed to read %s: %s' % (path, reason(exc)))


def difference(old, new, names=('', ''), show=True):
    """What file.* shows as the difference of two contents (bytes), '' if they are the same."""
    if old == new:
        return ''
    if not show:
        return HIDDEN
    was, becomes = (data == b'' or file_diff.is_text(data) for data in (old, new))
    if was and becomes:
        return file_diff.unified(file_diff.lines(old), file_diff.lines(new), *names)
    if was or becomes:
        return 'Replace %s file with %s file' % (('text', 'binary') if was else ('binary', 'text'))
    return 'Replace binary file'


class Ignoring(object):
    """What is not looked at when two texts are compared: the order of lines, white space, comments."""

    def __init__(self, ordering, whitespace, comments):
        self._ordering, self._whitespace, self._comments = ordering, whitespace, comments
        self.active = bool(ordering or whitespace or comments)

    def same(self, old, new):
        """True if two contents (bytes) differ in nothing else."""
        return self._plain(old) == self._plain(new)

    def _plain(self, data):
        lines = data.split(b'\n')
        marks = self._comments or ()
        for mark in [marks] if compat.is_text(marks) else marks:
            lines = [line for line in lines if not line.lstrip().startswith(compat.to_bytes(mark))]
        if self._whitespace:
            lines = [b''.join(line.split()) for line in lines]
            lines = [line for line in lines if line]
        return sorted(lines) if self._ordering else lines


def get_diff(file1, file2, saltenv, wanted, host):
    """See file.get_diff; `wanted`: its other arguments by name."""
    paths, missing = [], []
    for source in (file1, file2):
        paths.append(cached(source, saltenv, host))
        if not paths[-1]:
            missing.append('File %s not found' % source)
    if missing:
        raise CommandExecutionError('Failed to cache one or more files', info=missing)
    old, new = content(paths[0]), content(paths[1])
    ignoring = Ignoring(wanted['ignore_ordering'], wanted['ignore_whitespace'], wanted['ignore_comment_characters'])
    names = (file1, file2) if wanted['show_filenames'] else ('', '')
    text = difference(old, new, names, wanted['show_changes'])
    return (not ignoring.same(old, new), text) if ignoring.active else text


def patch(originalfile, patchfile, options, dry_run, host):
    """See file.patch."""
    program = environment.which('patch')
    if program is None:
        raise CommandExecutionError("patch executable not found. Is the distribution's patch package installed?")
    argv = [program] + shlex.split(options or '')
    argv += [] if '-N' in argv or '--forward' in argv else ['--forward']
    if not any(word == '-r' or word.startswith('--reject-file') for word in argv):
        argv.append('--reject-file=-')
    argv += ['--dry-run'] if dry_run else []
    originalfile, patchfile = expand(originalfile), expand(patchfile)
    if os.path.isdir(originalfile) and not any(word.startswith(('-p', '--strip')) for word in argv):
        argv.append('--strip=0')
    argv += ['-i', patchfile] + (['-d', originalfile] if os.path.isdir(originalfile) else [originalfile])
    return host.functions['cmd.run_all'](argv, python_shell=False)
