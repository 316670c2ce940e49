"""A whole crontab from a file (cron.file)."""
from __future__ import absolute_import, division, print_function

import contextlib
import os
import tempfile

from minion import compat
from minion.errors import SaltException
from minion.helpers.state_return import returned as _returned

__virtualname__ = 'cron'
__func_alias__ = {'file_': 'file'}


def __virtual__():
    if 'cron.list_tab' in __salt__:
        return __virtualname__
    return False, 'cron module could not be loaded'


def file_(name, source_hash='', source_hash_name=None, user='root', template=None, context=None, replace=True, defaults=None,
          backup='', **kwargs):
    """A user's crontab is the content of a file, whatever else was in it.

    salt://web/crontab:
      cron.file:
        - user: www-data
        - template: jinja

    replace: False leaves a crontab that is there.
    """
    account = __salt__['user.info'](user)
    if not account:
        return _returned(name, False, 'Could not identify group for user %s' % user)
    group = __salt__['file.gid_to_group'](account['gid'])
    current = __salt__['cron.raw_cron'](user)
    if not replace and current.strip():
        return _returned(name, True, 'User %s already has a crontab. No changes made' % user)
    wanted = {'source': name, 'source_hash': source_hash, 'source_hash_name': source_hash_name, 'user': user, 'group': group,
              'template': template, 'context': context, 'defaults': defaults, 'saltenv': __env__, 'mode': '0600', 'attrs': ''}
    twice = sorted(set(wanted) & set(kwargs))
    if twice:
        return _returned(name, False, "Unable to manage file: got multiple values for keyword argument '%s'" % twice[0])
    with _kept(current) as path:
        return _managed(name, path, dict(wanted, **kwargs), backup)


@contextlib.contextmanager
def _kept(text):
    """The path of a file with this text, which nobody else may read."""
    handle, path = tempfile.mkstemp(prefix='__salt.tmp.')
    try:
        with os.fdopen(handle, 'wb') as stream:
            stream.write(compat.to_bytes(text or '\n'))
        yield path
    finally:
        os.unlink(path)


def _managed(name, path, wanted, backup):
    functions, user = __salt__, wanted['user']
    if __opts__['test']:
        return _foreseen(name, path, wanted)
    try:
        content, checksum, wrong = functions['file.get_managed'](path, **wanted)
    except (SaltException, TypeError, ValueError, EnvironmentError) as exc:
        return _returned(name, False, 'Unable to manage file: %s' % compat.error_text(exc))
    if wrong:
        return _returned(name, False, wrong)
    ret = functions['file.manage_file'](path, content, _returned(name, True), name, checksum, user, wanted['group'],
                                        wanted['mode'], wanted['attrs'], __env__, backup)
    if not ret['result']:
        return ret
    if not ret['changes']:
        return dict(ret, comment='Crontab for user %s is in the correct state' % user)
    done = functions['cron.write_cron_file_verbose'](user, path)
    if done['retcode']:
        return _returned(name, False, 'Unable to update user %s crontab %s. Error: %s' % (user, path, done['stderr']))
    return dict(ret, comment='Crontab for user %s was updated' % user)


def _foreseen(name, path, wanted):
    found = __salt__['file.check_managed'](path, **wanted)
    return _returned(name, found[0], found[1])
