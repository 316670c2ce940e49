"""Looking for text in files (file.contains*, search, grep, sed_contains)."""
from __future__ import absolute_import, division, print_function

import fnmatch
import glob
import io
import os
import re
import shlex

from minion import compat
from minion.errors import SaltInvocationError
from minion.helpers import file_diff, file_open
from minion.helpers.file_paths import checked, expand


def contains(path, text):
    """True if a file holds the text, white space around it put aside. CLI: file.contains /etc/crontab 'mymaintenance.sh'"""
    path = expand(path)
    wanted = compat.to_bytes(compat.shown(text)).strip()
    try:
        with io.open(path, 'rb') as stream:
            return wanted in stream.read()
    except (IOError, OSError):
        return False


def contains_regex(path, regex, lchar=''):
    """True if the regular expression is found in a line of a file, whose leading `lchar` are put aside.

    CLI: file.contains_regex /etc/crontab '^maint'
    """
    path = expand(path)
    if not os.path.isfile(path):
        return False
    if not isinstance(regex, compat.string_types):
        raise TypeError('first argument must be string or compiled pattern')
    found = re.compile(compat.to_text(regex), re.UNICODE)
    strip = compat.to_text(lchar or '')
    for line in compat.to_text(file_open.read_bytes(path)).splitlines(True):
        if found.search(line.lstrip(strip) if strip else line):
            return True
    return False


def contains_glob(path, glob_expr):
    """True if the text of a file as a whole fits the pattern. CLI: file.contains_glob /etc/foobar '*cheese*'"""
    path = expand(path)
    if not os.path.isfile(path):
        return False
    checked(glob_expr)
    text = file_open.read_text(path)
    return bool(text) and fnmatch.fnmatch(text, glob_expr)


# ---- with programs

def grep(path, pattern, options, host):
    """See file.grep."""
    path = expand(path)
    found = glob.glob(path)
    split = []
    for option in options:
        words = shlex.split(option) if compat.is_text(option) else [compat.to_native(compat.shown(option))]
        if len(words) > 1:
            raise SaltInvocationError(
                'Passing multiple command line arguments in a single string is not supported, please pass the following '
                'arguments separately: %s' % option)
        split += words
    argv = ['grep'] + split + [pattern] + (found or [path])
    return host.functions['cmd.run_all'](argv, python_shell=False)


def escaped(text, escape_all):
    """A text for the inside of s/.../ of sed; `escape_all`: its special characters stand for themselves."""
    text = compat.to_native(compat.shown(text)).replace('/', '\\/')
    return re.sub(r'([\^.\[$()|*+?{])', r'\\\1', text) if escape_all else text


def sed_contains(path, text, limit, flags, host):
    """See file.sed_contains."""
    path = expand(path)
    if not os.path.exists(path):
        return False
    script = '%ss/%s/$/%s' % ('/%s/ ' % escaped(limit, False) if limit else '', escaped(text, False), 'p%s' % flags)
    return bool(host.functions['cmd.run'](['sed', '-n', '-r', '-e', script, path], python_shell=False))


def sed(path, before, after, limit, backup, options, flags, escape_all, negate_match, host):
    """See file.sed."""
    path = expand(path)
    if not os.path.exists(path):
        return False
    if limit:
        limit = '/%s/%s ' % (escaped(limit, escape_all), '!' if negate_match else '')
    elif negate_match:
        limit = '!'
    script = '%ss/%s/%s/%s' % (limit or '', escaped(before, escape_all), escaped(after, escape_all), flags)
    argv = ['sed', '-i%s' % backup if backup else '-i'] + options.split() + [script, path]
    return host.functions['cmd.run_all'](argv, python_shell=False)


def text_file(path):
    """The path itself.  :raises SaltInvocationError: no file, or not one of text."""
    if not os.path.isfile(path):
        raise SaltInvocationError('File not found: %s' % path)
    if file_diff.is_binary(path):
        raise SaltInvocationError('Cannot perform string replacements on a binary file: %s' % path)
    return path
