"""Answers to the questions of Debian packages (debconf.*), through the programs of debconf-utils."""
from __future__ import absolute_import, division, print_function

import contextlib
import os
import tempfile

from minion import compat
from minion.errors import SaltInvocationError
from minion.helpers import environment, tool

__virtualname__ = 'debconf'
__func_alias__ = {'set_': 'set'}


def __virtual__():
    if __grains__.get('os_family') != 'Debian':
        return False, 'The debconfmod module could not be loaded: unsupported OS family'
    if environment.which('debconf-get-selections') is None:
        return False, 'The debconfmod module could not be loaded: debconf-utils is not installed.'
    return __virtualname__


def get_selections(fetchempty=True):
    """Mapping of packages to their answers, [question, type, value] each. fetchempty: those without a value, too.

    CLI: debconf.get_selections
    """
    found = {}
    for line in tool.output(__salt__, ['debconf-get-selections']).splitlines():
        words = line.split('\t', 3)
        if line.startswith('#') or len(words) < 3:
            continue
        package, question, kind, value = words + [''] * (4 - len(words))
        if value or fetchempty:
            found.setdefault(package.strip(), []).append([question.strip(), kind.strip(), value.strip()])
    return found


def show(name):
    """The answers of a package, None if there are none. CLI: debconf.show tzdata"""
    return get_selections().get(name)


def set_(package, question, type, value, *extra):
    """Answer a question; True if that was done. CLI: debconf.set mysql-server mysql-server/root_password password secret"""
    words = tool.words([package, question, type, value] + list(extra))
    if any(set(word) & set('\r\n') for word in words):
        raise SaltInvocationError('an answer of debconf is one line')
    with _kept(' '.join(words) + '\n') as path:
        return _set_from(path)


@contextlib.contextmanager
def _kept(text):
    """The path of a file with this text, which nobody else may read."""
    handle, path = tempfile.mkstemp(prefix='__salt.tmp.')
    try:
        with os.fdopen(handle, 'wb') as stream:
            stream.write(compat.to_bytes(text))
        yield path
    finally:
        os.unlink(path)


def _set_from(path):
    return tool.succeeds(__salt__, ['debconf-set-selections', path])


def set_template(path, template, context, defaults, saltenv='base', **kwargs):
    """Answer the questions of a template; True if that was done.

    CLI: debconf.set_template salt://pathto/pkg.selections.jinja jinja None None
    """
    cached = __salt__['cp.get_template'](path=path, dest=None, template=template, saltenv=saltenv, context=context,
                                         defaults=defaults, **kwargs)
    return bool(cached) and _set_from(cached)


def set_file(path, saltenv='base', **kwargs):
    """Answer the questions of a file of the master; True if that was done. CLI: debconf.set_file salt://pkg.selections"""
    cached = __salt__['cp.cache_file'](path, saltenv)
    return bool(cached) and _set_from(cached)
