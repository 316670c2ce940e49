"""Users in password files of web servers, through htpasswd (webutil.*)."""
from __future__ import absolute_import, division, print_function

import os

from minion.helpers import environment, tool


def __virtual__():
    if environment.which('htpasswd'):
        return True
    return False, 'The htpasswd execution mdule cannot be loaded: htpasswd binary not in path.'


def useradd(pwfile, user, password, opts='', runas=None):
    """Add a user to a file, which is made if it is not there, or set the password; what cmd.run_all returns.

    opts: letters of htpasswd's options. CLI: webutil.useradd /etc/httpd/htpasswd larry badpassword
    """
    letters = '-b%s%s' % (opts, '' if os.path.exists(pwfile) else 'c')
    return tool.run(__salt__, ['htpasswd', letters, pwfile, user, password], runas=runas)


def userdel(pwfile, user, runas=None, all_results=False):
    """Remove a user from a file; the lines that htpasswd says. all_results: what cmd.run_all returns.

    CLI: webutil.userdel /etc/httpd/htpasswd larry
    """
    if not os.path.exists(pwfile):
        return 'Error: The specified htpasswd file does not exist'
    argv = ['htpasswd', '-D', pwfile, user]
    if all_results:
        return tool.run(__salt__, argv, runas=runas)
    return tool.output(__salt__, argv, runas=runas).splitlines()


def verify(pwfile, user, password, opts='', runas=None):
    """True if this is the user's password. CLI: webutil.verify /etc/httpd/htpasswd larry maybepassword"""
    if not os.path.exists(pwfile):
        return False
    return tool.succeeds(__salt__, ['htpasswd', '-bv%s' % opts, pwfile, user, password], runas=runas)
