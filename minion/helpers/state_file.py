"""What the states of files share: their returns, checks of accounts and paths, and patterns of what is taken or left."""
from __future__ import absolute_import, division, print_function

import fnmatch
import os
import re
from collections import namedtuple

from minion import compat
from minion.errors import MinionError

World = namedtuple('World', 'opts functions grains pillar saltenv chunks')
"""`opts`: settings of the run; `functions`: `__salt__`; `saltenv`: of the state; `chunks`: all low chunks of the run."""

EXPECTED = (MinionError, EnvironmentError, TypeError, ValueError, AttributeError, LookupError)
"""What execution modules raise when they cannot do what they are asked."""


class Failed(MinionError):
    """A state cannot be brought about; the text is the comment of its return."""


def new(name, comment='', result=True):
    """A return without changes."""
    return {'name': name, 'changes': {}, 'comment': comment, 'result': result}


def failed(ret, text):
    """`ret` with result False and this comment."""
    ret.update(result=False, comment=text)
    return ret


def accounts(user, group, world):
    """What is wrong with a user and a group (names, numbers or None), '' if both exist."""
    wrong = ''
    if user and world.functions['file.user_to_uid'](user) == '':
        wrong += 'User %s is not available ' % user
    if group and world.functions['file.group_to_gid'](group) == '':
        wrong += 'Group %s is not available' % group
    return wrong


def check(name, user, group, world):
    """Refuse accounts that do not exist (not in test mode: an earlier state may make them) and relative paths.

    :raises Failed:
    """
    wrong = accounts(user, group, world)
    if wrong and not world.opts['test']:
        raise Failed(wrong)
    if not os.path.isabs(name):
        raise Failed('Specified file %s is not an absolute path' % name)


def owner(user, more):
    """The user of a state, which may be called `owner`."""
    return more.get('owner') if user is None else user


def text_of(error):
    """The text of an error as the reference shows it."""
    return compat.to_native(compat.error_text(error))


def fits(path, pattern):
    """True if a path fits a pattern: a glob, or a regular expression behind `E@`."""
    pattern = compat.to_native(pattern)
    if pattern.startswith('E@'):
        return re.search(pattern[2:], path) is not None
    return fnmatch.fnmatch(path, pattern)


def chosen(path, include, exclude):
    """True if a path is to be taken.  :param include, exclude: a pattern, a list of them, or None."""
    taken = not include or any(fits(path, pattern) for pattern in _listed(include))
    return taken and not (exclude and any(fits(path, pattern) for pattern in _listed(exclude)))


def _listed(patterns):
    return [patterns] if compat.is_text(patterns) else patterns


def below(path, folder):
    """True if `path` lies in a folder, at any depth."""
    return os.path.normpath(path).startswith(os.path.normpath(folder).rstrip('/') + '/')
