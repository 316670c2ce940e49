"""What the states of packages share: versions that are asked for, names in comments, errors, refreshing once."""
from __future__ import absolute_import, division, print_function

import fnmatch

from minion import compat
from minion.errors import CommandExecutionError
from minion.helpers import pkgtools

REFRESH = 'states.pkg.refresh'
NO_PACKAGES = 'No packages to install provided'


def answer(name, result, comment, changes=None):
    """The return of a state."""
    return {'name': name, 'changes': changes or {}, 'result': result, 'comment': comment}


def want_refresh(context, refresh):
    """Whether the index is to be fetched: as the caller says, else once in a run."""
    if refresh is not None and refresh != '':
        return pkgtools.is_true(refresh)
    return bool(context.get(REFRESH))


def refreshed(context, done=True):
    """From here on this run needs no other refresh."""
    if done:
        context.pop(REFRESH, None)


def failure(name, error, what):
    """The return of a state whose execution module failed; what changed all the same is in the error.

    :param CommandExecutionError error: raised.  :param str what: 'installing', ...: for errors that tell no details.
    """
    info = getattr(error, 'info', None)
    if not info:
        return answer(name, False, 'An error was encountered while %s package(s): %s' % (what, compat.error_text(error)))
    if not isinstance(info, dict):
        return answer(name, False, error.strerror)
    rest = dict((key, value) for key, value in info.items() if key != 'changes')
    return answer(name, False, CommandExecutionError(error.error, info=rest).strerror, info.get('changes'))


# ---- versions

def conditions(text):
    """[('>=', '1.0'), ...] of '>=1.0, <2.0'."""
    return [pkgtools.split_condition(part) for part in text.split(',')]


def fulfils(installed, wanted, compare, ignore_epoch=None, allow_updates=False):
    """True if one of the `installed` versions is what `wanted` asks for.

    :param callable compare: pkg.version_cmp.  :param ignore_epoch: None: where the version asked for has none.
    """
    asked = conditions(wanted)
    if allow_updates and len(asked) == 1 and asked[0][0] == '==':
        asked = [('>=', asked[0][1])]
    return any(all(_holds(one, operator, version, compare, ignore_epoch) for operator, version in asked)
               for one in installed)


def _holds(installed, operator, version, compare, ignore_epoch):
    if operator == '==' and fnmatch.fnmatchcase(installed, version):
        return True
    ignore = ':' not in version if ignore_epoch is None else ignore_epoch
    return pkgtools.fits(operator, compare(installed, version, ignore_epoch=ignore))


def shown(name, versions):
    """'vim', 'vim=1.0' or 'vim>=1.0'."""
    version = versions.get(name)
    if not version:
        return name
    return name + ('' if version.startswith(('<', '>', '=')) else '=') + version


def all_shown(names, versions=None):
    """Names with the versions asked for, joined by commas."""
    return ', '.join(names if versions is None else [shown(name, versions) for name in names])


def counted(names, versions, few, many, limit=20):
    """A comment that lists the names, or tells their number where there are more than `limit`.

    :param str few: with %s for the names.  :param str many: with %s for the number and its words.
    """
    if len(names) <= limit:
        return few % all_shown(names, versions)
    return many % ('%d targeted packages were' % len(names))


def nested(value, margin=0):
    """What pkg.verify tells, as lines with colons."""
    lines, space = [], ' ' * margin
    for key in sorted(value, key=str):
        if isinstance(value[key], dict):
            lines += ['%s%s:' % (space, key), space + '    ----------'] + nested(value[key], margin + 4)
        elif isinstance(value[key], (list, tuple)):
            lines += ['%s%s:' % (space, key)] + ['%s    - %s' % (space, one) for one in value[key]]
        else:
            lines += ['%s%s:' % (space, key), '%s    %s' % (space, value[key])]
    return lines


def nested_text(value):
    """`nested` as the text that a comment gets."""
    return '\n'.join(nested(value))
