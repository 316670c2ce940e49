"""Environment variables (environ.*) of this job and its commands, or of the whole minion."""
from __future__ import absolute_import, division, print_function

import logging
import os

from minion import compat
from minion.helpers import jobenv

log = logging.getLogger(__name__)


def setval(key, val, false_unsets=False, permanent=False):
    """Set a variable for the rest of the job and return its value; False if `key` or `val` is no text.

    val: text, or False for '' (None is returned and the variable taken away if false_unsets is True).
    permanent: of Windows, without effect here. CLI: environ.setval FOO bar
    """
    return _set(key, val, false_unsets, False)


def _set(key, val, false_unsets, whole_minion):
    if not _is_name(key) or val is not False and not compat.is_text(val):
        log.debug('environ: %s can only be set to a text or False', key)
        return False
    name, value = compat.to_native(key), None if val is False and false_unsets else compat.to_native(val or '')
    if '\0' in (value or ''):
        return False
    jobenv.change(__context__, name, value)
    if whole_minion:
        _set_here(name, value)
    return value


def _is_name(key):
    return compat.is_text(key) and bool(key) and not set(u'=\0') & set(compat.to_text(key, errors='replace'))


def _set_here(name, value):
    if value is None:
        os.environ.pop(name, None)
    else:
        os.environ[name] = value


def setenv(environ, false_unsets=False, clear_all=False, update_minion=False, permanent=False):
    """Set several variables for the rest of the job; a mapping of their values, False if `environ` is no mapping of texts.

    false_unsets: see environ.setval. clear_all: empty all others, or take them away with false_unsets.
    update_minion: also for all later jobs. permanent: of Windows, without effect here.
    CLI: environ.setenv '{"FOO": "bar", "OLD": false}' false_unsets=True
    """
    if not isinstance(environ, compat.Mapping):
        log.debug('environ.setenv: %s is not a mapping', type(environ).__name__)
        return False
    wanted = dict(environ)
    if clear_all:
        wanted.update((name, False) for name in items() if name not in environ)
    if not all(value is False or compat.is_text(value) for value in wanted.values()):
        log.debug('environ.setenv: a value that is neither a text nor False')
        return False
    return dict((name, _set(name, wanted[name], false_unsets, update_minion)) for name in wanted)


def get(key, default=''):
    """The value of a variable, `default` if there is none, False if `key` is no text. CLI: environ.get HOME"""
    return jobenv.seen(__context__).get(compat.to_native(key), default) if compat.is_text(key) else False


def has_value(key, value=None):
    """True if a variable is there, and has this value if one is given. CLI: environ.has_value HOME /root"""
    seen = jobenv.seen(__context__)
    if not compat.is_text(key) or compat.to_native(key) not in seen:
        return False
    return value is None or compat.is_text(value) and seen[compat.to_native(key)] == compat.to_native(value)


def item(keys, default=''):
    """A mapping of one variable, or of a list of them, to their values or `default`. CLI: environ.item '[HOME, X]'"""
    names = [keys] if compat.is_text(keys) else keys if isinstance(keys, (list, tuple)) else []
    return dict((name, get(name, default)) for name in names)


def items():
    """A mapping of all variables to their values. CLI: environ.items"""
    return jobenv.seen(__context__)
