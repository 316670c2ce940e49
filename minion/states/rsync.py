"""Folders that rsync keeps alike."""
from __future__ import absolute_import, division, print_function

import os
import re

from minion.errors import CommandExecutionError, SaltInvocationError
from minion.helpers.state_return import returned as _returned

_DELETING = 'deleting '


def __virtual__():
    if 'rsync.rsync' in __salt__:
        return True
    return False, 'rsync module could not be loaded'


def synchronized(name, source, delete=False, force=False, update=False, passwordfile=None, exclude=None, excludefrom=None,
                 prepare=False, dryrun=False, additional_opts=None):
    """The folder `name` holds what `source` holds. prepare: it is made if it is not there; dryrun: only tell.

    delete: and nothing else; force: not even folders that are not empty; update: newer files are left alone.

        /srv/mirror:
          rsync.synchronized:
            - source: backup@host1:/srv/data/
            - delete: True
    """
    dryrun = dryrun or bool(__opts__['test'])
    if not os.path.exists(name) and not prepare:
        return _returned(name, False, 'Destination directory %s was not found.' % name)
    try:
        if not os.path.exists(name) and not dryrun:
            os.makedirs(name)
        result = __salt__['rsync.rsync'](
            source, name, delete=delete, force=force, update=update, passwordfile=passwordfile, exclude=exclude,
            excludefrom=excludefrom, dryrun=dryrun, additional_opts=additional_opts, saltenv=__env__)
    except (CommandExecutionError, SaltInvocationError, EnvironmentError) as exc:
        return _returned(name, False, str(exc))
    if result['retcode']:
        return _returned(name, False, result['stderr'])
    copied, deleted, figures = _told(result['stdout'])
    comment = '\n'.join('- %s' % figure for figure in figures)
    if dryrun:
        return _returned(name, None if copied or deleted else True, comment)
    changes = dict((key, '\n'.join(sorted(lines))) for key, lines in (('copied', copied), ('deleted', deleted)) if lines)
    return _returned(name, True, comment, changes)


def _told(text):
    """(what was copied, what was deleted, figures) of what rsync prints."""
    listed, _, summary = text.strip().rpartition('\n\n')
    lines = [line for line in listed.splitlines()[1:] if line.strip()]
    return ([line for line in lines if not line.startswith(_DELETING)],
            [line[len(_DELETING):] for line in lines if line.startswith(_DELETING)],
            [part for part in re.split(r'\n|\s{2,}', summary) if part])
