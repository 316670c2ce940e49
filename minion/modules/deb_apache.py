"""Modules, sites and configurations of Apache as Debian turns them on and off: more of apache.*."""
from __future__ import absolute_import, division, print_function

import os

from minion.helpers import apacheconf, environment, tool

__virtualname__ = 'apache'


def __virtual__():
    if __grains__.get('os_family') == 'Debian' and environment.which('a2enmod'):
        return __virtualname__
    return False, 'The deb_apache module cannot be loaded: a2enmod is not in the path.'


def _is_on(folder, *names):
    return any(os.path.islink(os.path.join(apacheconf.FOLDER, folder, name)) for name in names)


def _switched(kind, name, on):
    """Mapping of what was asked for, and its `Status`: a sentence, or the exit code of the program."""
    code = tool.run(__salt__, ['%s%s' % ('a2en' if on else 'a2dis', kind), name])['retcode']
    title = kind.capitalize()
    status = {0: '%s %s %s' % (title, name, 'enabled' if on else 'disabled')}
    if on:
        status[1] = '%s %s Not found' % (title, name)
    return {'Name': 'Apache2 %s %s' % ('Enable' if on else 'Disable', title), title: name,
            'Status': status.get(code, code)}


def check_site_enabled(site):
    """True if a site is on. CLI: apache.check_site_enabled example.com"""
    name = site if site.endswith('.conf') else site + '.conf'
    return _is_on('sites-enabled', name, *(['000-default', '000-default.conf'] if site == 'default' else []))


def a2ensite(site):
    """Turn a site on. CLI: apache.a2ensite example.com"""
    return _switched('site', site, True)


def a2dissite(site):
    """Turn a site off. CLI: apache.a2dissite example.com"""
    return _switched('site', site, False)


def check_mod_enabled(mod):
    """True if a module is on. CLI: apache.check_mod_enabled status"""
    return _is_on('mods-enabled', mod if mod.endswith(('.load', '.conf')) else mod + '.load')


def a2enmod(mod):
    """Turn a module on. CLI: apache.a2enmod vhost_alias"""
    return _switched('mod', mod, True)


def a2dismod(mod):
    """Turn a module off. CLI: apache.a2dismod vhost_alias"""
    return _switched('mod', mod, False)


def check_conf_enabled(conf):
    """True if a configuration is on. CLI: apache.check_conf_enabled security"""
    return _is_on('conf-enabled', conf if conf.endswith('.conf') else conf + '.conf')


def a2enconf(conf):
    """Turn a configuration on. CLI: apache.a2enconf security"""
    return _switched('conf', conf, True)


def a2disconf(conf):
    """Turn a configuration off. CLI: apache.a2disconf security"""
    return _switched('conf', conf, False)
