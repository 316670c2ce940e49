"""The web server Apache (apache.*)."""
from __future__ import absolute_import, division, print_function

import os

from minion import compat
from minion.errors import FileClientError
from minion.helpers import apacheconf, environment, etcfile, tool, webfetch

_WITH_K = ('start', 'stop', 'restart', 'graceful', 'graceful-stop')
_WITHOUT_K = ('configtest', 'status', 'fullstatus')


def __virtual__():
    if environment.which(_program()):
        return 'apache'
    return False, 'The apache execution module cannot be loaded: apache is not installed.'


def _program():
    return 'apache2ctl' if __grains__.get('os_family') in ('Debian', 'Suse') else 'apachectl'


def _ask(option):
    return tool.output(__salt__, [_program(), option])


def version():
    """The version of the server. CLI: apache.version"""
    return _ask('-v').splitlines()[0].partition(': ')[2]


def fullversion():
    """Mapping of all that the server tells of its version. CLI: apache.fullversion"""
    return apacheconf.fullversion(_ask('-V'))


def modules():
    """The static and shared modules that are loaded. CLI: apache.modules"""
    return apacheconf.modules(_ask('-M'))


def servermods():
    """The modules that are compiled into the server. CLI: apache.servermods"""
    return [line.strip() for line in _ask('-l').splitlines() if line.strip().endswith('.c')]


def directives():
    """Mapping of the directives that the server knows to what it says of them. CLI: apache.directives"""
    return apacheconf.directives(_ask('-L'))


def vhosts():
    """Mapping of addresses to their virtual hosts. CLI: apache.vhosts"""
    return apacheconf.vhosts(_ask('-S'))


def signal(signal=None):
    """Tell the server to start, stop, restart, graceful, graceful-stop, configtest, status or fullstatus; what it says.

    CLI: apache.signal restart
    """
    if signal not in _WITH_K + _WITHOUT_K:
        return None
    argv = [_program()] + (['-k'] if signal in _WITH_K else []) + [signal]
    answer = tool.run(__salt__, argv)
    done = 'Command: "%s" completed successfully!' % ' '.join(argv)
    return answer['stderr'].strip() or answer['stdout'].strip() or done


def useradd(pwfile, user, password, opts=''):
    """Add a user to a file of htpasswd, which is made if it is not there; what cmd.run_all returns.

    opts: letters of htpasswd's options. CLI: apache.useradd /etc/httpd/htpasswd larry badpassword
    """
    letters = '-b%s%s' % (opts, '' if os.path.exists(pwfile) else 'c')
    return tool.run(__salt__, ['htpasswd', letters, pwfile, user, password])


def userdel(pwfile, user):
    """Remove a user from a file of htpasswd; the lines it says. CLI: apache.userdel /etc/httpd/htpasswd larry"""
    if not os.path.exists(pwfile):
        return 'Error: The specified htpasswd file does not exist'
    return tool.output(__salt__, ['htpasswd', '-D', pwfile, user]).splitlines()


def server_status(profile='default'):
    """Mapping of the page server-status, or the word error. Setting apache.server_status:PROFILE:url (user, pass) says where.

    CLI: apache.server_status
    """
    setting = 'apache.server_status:%s:' % profile
    url = __salt__['config.get'](setting + 'url', 'http://localhost/server-status')
    user = __salt__['config.get'](setting + 'user', '')
    if user:
        scheme, _, rest = url.partition('://')
        secret = __salt__['config.get'](setting + 'pass', '')
        url = '%s://%s:%s@%s' % (scheme, _quoted(user), _quoted(secret), rest)
    try:
        page = b''.join(webfetch.fetch(url + '?auto', __opts__))
    except FileClientError:
        return 'error'
    return apacheconf.status(compat.to_native(page))


def _quoted(part):
    return compat.import_urlencode()([('', part)])[1:].replace('+', '%20')


def config(name, config, edit=True):
    """The configuration of a list of mappings as text; edit: it is written to this file.

    CLI: apache.config /etc/httpd/conf.d/ports.conf config="[{'Listen': '22'}]"
    """
    text = apacheconf.text(config)
    if edit:
        etcfile.rewrite(name, apacheconf.HEADER + text)
    return text
