"""Users in password files of web servers."""
from __future__ import absolute_import, division, print_function

from minion.errors import SaltInvocationError
from minion.helpers import etcfile
from minion.helpers.state_return import returned as _returned

__virtualname__ = 'webutil'


def __virtual__():
    if 'webutil.useradd' in __salt__:
        return __virtualname__
    return False, 'webutil module could not be loaded: the program htpasswd is not there'


def _is_there(name, path):
    if not path:
        raise SaltInvocationError('htpasswd_file is not given')
    return any(line.startswith('%s:' % name) for line in etcfile.lines(path, missing=''))


def user_exists(name, password=None, htpasswd_file=None, options='', force=False, runas=None, update=False):
    """A user is in a file. force: set the password each time; update: set it if it is another one.

    options: letters of htpasswd's options.

        username:
          webutil.user_exists:
            - password: secr3t
            - htpasswd_file: /etc/nginx/htpasswd
            - options: d
            - update: True
    """
    there, call = _is_there(name, htpasswd_file), (htpasswd_file, name, password)
    if there and not force and (not update or __salt__['webutil.verify'](*call, opts=options, runas=runas)):
        return _returned(name, True, 'User already known')
    if __opts__['test']:
        return _returned(name, None, "User '%s' is set to be added to htpasswd file" % name, {name: True})
    return _done(name, __salt__['webutil.useradd'](*call, opts=options, runas=runas))


def user_absent(name, htpasswd_file=None, runas=None):
    """A user is not in a file.

        username:
          webutil.user_absent:
            - htpasswd_file: /etc/nginx/htpasswd
    """
    if not _is_there(name, htpasswd_file):
        return _returned(name, True, 'User already not in file')
    if __opts__['test']:
        return _returned(name, None, "User '%s' is set to be removed from htpasswd file" % name, {name: True})
    return _done(name, __salt__['webutil.userdel'](htpasswd_file, name, runas=runas, all_results=True))


def _done(name, result):
    if result['retcode']:
        return _returned(name, False, result['stderr'])
    return _returned(name, True, result['stderr'], {name: True})
