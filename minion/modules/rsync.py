"""Copying with rsync (rsync.*)."""
from __future__ import absolute_import, division, print_function

import io
import os

from minion import compat
from minion.errors import CommandExecutionError, SaltInvocationError
from minion.helpers import environment, tool

_LIMIT = 1 << 20


def __virtual__():
    if environment.which('rsync'):
        return True
    return False, 'The rsync execution module cannot be loaded: the rsync binary is not in the path.'


def rsync(src, dst, delete=False, force=False, update=False, passwordfile=None, exclude=None, excludefrom=None,
          dryrun=False, rsh=None, additional_opts=None, saltenv='base'):
    """Copy files and folders; what cmd.run_all answers.

    src: a place of rsync, or a salt:// file. delete: what is not in `src`; force: folders that are not empty, too;
    update: leave newer files alone. exclude: pattern, or list of patterns; excludefrom: a file with such.
    dryrun: only tell. rsh: program to reach the other host. additional_opts: list of further options.
    CLI: rsync.rsync /path/to/src /path/to/dest delete=True
    """
    if not src or not dst:
        raise SaltInvocationError('src and dst cannot be empty')
    argv = ['rsync', '-avz'] + _options(delete, force, update, rsh, passwordfile, exclude, excludefrom, dryrun)
    return tool.run(__salt__, argv + list(additional_opts or []) + [_fetched(src, saltenv), dst])


def _options(delete, force, update, rsh, passwordfile, exclude, excludefrom, dryrun):
    argv = [flag for flag, wanted in (('--delete', delete), ('--force', force), ('--update', update)) if wanted]
    argv += ['--rsh=%s' % rsh] if rsh else []
    argv += ['--password-file', passwordfile] if passwordfile else []
    if excludefrom:
        argv += ['--exclude-from', excludefrom]
    elif exclude:
        for pattern in exclude if isinstance(exclude, (list, tuple)) else [exclude]:
            argv += ['--exclude', pattern]
    return argv + (['--dry-run'] if dryrun else [])


def _fetched(src, saltenv):
    """A place of this host for a file of the master."""
    if not src.startswith('salt://'):
        return src
    path = __salt__['cp.cache_file'](src, saltenv)
    if not path:
        raise CommandExecutionError('%s does not exist' % src)
    return path


def version():
    """The version of rsync. CLI: rsync.version"""
    words = tool.run(__salt__, ['rsync', '--version'])['stdout'].split()
    if words[:2] != ['rsync', 'version'] or len(words) < 3:
        raise CommandExecutionError('Unable to determine rsync version')
    return words[2]


def config(conf_path='/etc/rsyncd.conf'):
    """The text of the configuration of the rsync server. CLI: rsync.config"""
    if not os.path.isfile(conf_path):
        raise CommandExecutionError('%s does not exist' % conf_path)
    with io.open(conf_path, 'rb') as stream:
        return compat.to_native(compat.decode_lossy(stream.read(_LIMIT)))
