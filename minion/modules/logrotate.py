"""The configuration of logrotate (logrotate.*)."""
from __future__ import absolute_import, division, print_function

from minion.errors import SaltInvocationError
from minion.helpers import logrotateconf

__func_alias__ = {'set_': 'set'}


def show_conf(conf_file='/etc/logrotate.conf'):
    """Mapping of directives, and of logs to theirs, included files too. CLI: logrotate.show_conf"""
    return logrotateconf.read(conf_file)


def get(key, value=None, conf_file='/etc/logrotate.conf'):
    """The value of a directive, or of directive `value` of the log `key`; False if there is none. CLI: logrotate.get rotate"""
    found = show_conf(conf_file).get(key, False)
    if value is None or not isinstance(found, dict):
        return found
    return found.get(value, False)


def set_(key, value, setting=None, conf_file='/etc/logrotate.conf'):
    """Set a directive, or directive `value` of the log `key` to `setting`; True. True and False set and remove one.

    CLI: logrotate.set /var/log/wtmp rotate 2
    """
    old = show_conf(conf_file).get(key)
    if setting is None:
        if isinstance(old, dict):
            raise SaltInvocationError('Error: %s includes a dict, and a specific setting inside the dict was not declared'
                                      % key)
        logrotateconf.put(conf_file, key, value)
    else:
        if old is not None and not isinstance(old, dict):
            raise SaltInvocationError('Error: A setting for a dict was declared, but the configuration line given is not a '
                                      'dict')
        logrotateconf.put(conf_file, value, setting, key)
    return True
