"""Configuration files of Apache (apache.*)."""
from __future__ import absolute_import, division, print_function

from minion.helpers import etcfile
from minion.helpers.state_return import returned as _returned


def __virtual__():
    if 'apache.config' in __salt__:
        return True
    return False, 'apache module could not be loaded'


def configfile(name, config):
    """A file is this configuration: a list of {directive: value}, {section: {this: ATTRIBUTE, directive: value}}.

    /etc/httpd/conf.d/website.com.conf:
      apache.configfile:
        - config:
          - VirtualHost:
              this: '*:80'
              ServerName: website.com
    """
    wanted = __salt__['apache.config'](name, config, edit=False)
    current = etcfile.text(name, missing='')
    if current.strip() == wanted.strip():
        return _returned(name, True, 'Configuration is up to date.')
    changes = {'old': current, 'new': wanted}
    if __opts__['test']:
        return _returned(name, None, 'Configuration will update.', changes)
    try:
        etcfile.rewrite(name, wanted.rstrip('\n') + '\n')
    except (IOError, OSError):
        return _returned(name, False, 'Failed to create apache configuration.')
    return _returned(name, True, 'Successfully created configuration.', changes)
