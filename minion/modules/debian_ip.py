"""Network interfaces of Debian and its like, as /etc/network/interfaces has them (ip.*)."""
from __future__ import absolute_import, division, print_function

import os
import re

from minion import compat
from minion.errors import CommandExecutionError
from minion.helpers import debianbonds, debianfile, debianoptions, etcfile

__virtualname__ = 'ip'

_TYPES = ('eth', 'bond', 'alias', 'clone', 'ipsec', 'dialup', 'bridge', 'slave', 'vlan', 'pppoe', 'source')
_DEFAULTS = '/etc/default/networking'
_MODPROBE = '/etc/modprobe.d'
_SWITCH = re.compile(r'\s*CONFIGURE_INTERFACES\s*=\s*["\']?(\w+)')
_DEFAULTS_TEXT = """\
# Configuration for networking init script being run during
# the boot sequence

# Set to 'no' to skip interfaces configuration on boot
CONFIGURE_INTERFACES=%s

# Don't configure these interfaces. Shell wildcards supported/
#EXCLUDE_INTERFACES=

# Set to 'yes' to enable additional verbosity
#VERBOSE=no"""


def __virtual__():
    if __grains__.get('os_family') == 'Debian':
        return __virtualname__
    return False, 'The debian_ip module could not be loaded: unsupported OS family'


# ---- interfaces

def get_interface(iface):
    """The lines of an interface. CLI: ip.get_interface eth0"""
    return debianfile.shown(iface)


def build_interface(iface, iface_type, enabled, **settings):
    """Write an interface, as its type and settings say; its lines. With test=True nothing is written.

    CLI: ip.build_interface eth0 eth True proto=static ipaddr=10.1.0.2 netmask=255.255.0.0
    """
    kind = compat.shown(iface_type).lower()
    if kind not in _TYPES:
        raise debianoptions.wrong(iface, iface_type, _TYPES)
    if kind in ('alias', 'clone', 'ipsec', 'dialup'):
        raise CommandExecutionError('Interfaces of the type %s cannot be written here' % kind)
    if kind == 'source':
        return _source(settings)
    lines = _written(iface, kind, enabled, _with_defaults(iface, kind, settings))
    if settings.get('test'):
        return lines
    debianfile.replace(iface, lines[:-1])
    return debianfile.shown(iface)


def _source(settings):
    if settings.get('test'):
        return ['\n']
    debianfile.add_source(settings['source'])
    return debianfile.shown('source')


def _with_defaults(iface, kind, settings):
    settings = dict((name, value) for name, value in settings.items() if not name.startswith('__'))
    if kind == 'slave':
        if 'master' not in settings:
            raise AttributeError('master is a required setting for slave interfaces')
        settings['proto'] = 'manual'
    if kind == 'vlan' and 'vlan-raw-device' not in settings:
        settings['vlan-raw-device'] = re.sub(r'\.\d*', '', iface)
    return settings


def _written(iface, kind, enabled, settings):
    more = debianoptions.ethtool(iface, settings)
    if kind == 'bond':
        more.update(debianbonds.bond_options(iface, settings))
    elif kind == 'bridge':
        more.update(debianbonds.bridge_options(iface, settings))
    elif kind == 'slave':
        more['bond-master'] = settings['master']
    lines = ['auto %s\n' % iface] if enabled else []
    lines += ['allow-hotplug %s\n' % iface] if settings.get('hotplug') else []
    for family, name in ((debianoptions.INET, 'proto'), (debianoptions.INET6, 'ipv6proto')):
        if settings.get(name) in debianoptions.PROTOCOLS[family]:
            options = dict(debianoptions.chosen(settings, family), **more)
            lines += debianoptions.stanza(iface, family, settings[name], options)
    return lines + ['\n']


def up(iface, iface_type):
    """Start an interface; what ifup printed, None for a slave. CLI: ip.up eth0 eth"""
    return _run('ifup', iface, iface_type)


def down(iface, iface_type):
    """Stop an interface; what ifdown printed, None for a slave. CLI: ip.down eth0 eth"""
    return _run('ifdown', iface, iface_type)


def _run(program, iface, iface_type):
    if iface_type in ('slave', 'source'):
        return None
    return __salt__['cmd.run']([program, compat.shown(iface)], python_shell=False)


# ---- bonds

def get_bond(iface):
    """The lines of a bond in /etc/modprobe.d, '' without any. CLI: ip.get_bond bond0"""
    return etcfile.lines(_bond_file(iface)) if os.path.exists(_bond_file(iface)) else ''


def _bond_file(iface):
    if os.sep in compat.shown(iface):
        raise CommandExecutionError('%s cannot be the name of an interface' % iface)
    return os.path.join(_MODPROBE, '%s.conf' % iface)


def build_bond(iface, **settings):
    """Write the module's options for a bond; their lines. With test=True nothing is written.

    CLI: ip.build_bond bond0 mode=balance-alb
    """
    lines = debianbonds.module_options(iface, settings)
    if settings.get('test'):
        return lines
    if not os.path.isdir(_MODPROBE):
        compat.make_dirs(_MODPROBE, 0o755)
    etcfile.rewrite(_bond_file(iface), ''.join(lines) + '\n')
    return get_bond(iface)


# ---- routes

def _route_files(iface):
    if os.sep in compat.shown(iface):
        raise CommandExecutionError('%s cannot be the name of an interface' % iface)
    return [os.path.join(debianfile.FOLDER, folder, 'route-%s' % iface) for folder in ('if-up.d', 'if-down.d')]


def get_routes(iface):
    """The lines of the scripts with the routes of an interface, '' without any. CLI: ip.get_routes eth0"""
    found = [etcfile.lines(name) for name in _route_files(iface) if os.path.exists(name)]
    return sum(found, []) if found else ''


def build_routes(iface, **settings):
    """Write the scripts with the routes of an interface, `routes`: list of mappings with name, ipaddr, netmask, gateway,
    metric; their lines. With test=True nothing is written.

    CLI: ip.build_routes eth0 routes='[{ipaddr: 10.2.0.0/16, gateway: 10.1.0.1}]'
    """
    routes = settings.get('routes')
    if not isinstance(routes, list) or not all(isinstance(route, dict) for route in routes):
        raise AttributeError('Invalid option -- Route interface: %s, Option: routes, Expected: [List of routes]' % iface)
    scripts = [_script(iface, verb, routes) for verb in ('add', 'del')]
    if settings.get('test'):
        return sum(scripts, [])
    for name, lines in zip(_route_files(iface), scripts):
        if not os.path.isdir(os.path.dirname(name)):
            compat.make_dirs(os.path.dirname(name), 0o755)
        etcfile.rewrite(name, ''.join(lines), 0o755)
        os.chmod(name, 0o755)
    return get_routes(iface)


def _script(iface, verb, routes):
    lines = ['#!/bin/sh\n', '# %s\n' % verb, 'test "${IFACE}" = "%s" || exit 0\n' % iface]
    for route in routes:
        if route.get('name'):
            lines.append('# %s\n' % ' '.join(compat.shown(route['name']).split()))
        lines.append('ip route %s %s\n' % (verb, _route(iface, route)))
    return lines


def _route(iface, route):
    word = dict((name, compat.shell_quote(compat.shown(route.get(name) or ''))) if route.get(name) else (name, '')
                for name in ('ipaddr', 'netmask', 'gateway', 'metric'))
    target = '%s/%s' % (word['ipaddr'], word['netmask']) if word['netmask'] else word['ipaddr']
    text = '%s %s dev %s' % (target, 'via ' + word['gateway'] if word['gateway'] else '', compat.shell_quote(iface))
    return '%s metric %s' % (text, word['metric']) if word['metric'] else text


# ---- the host's settings

def get_network_settings():
    """The host's network settings, as lines NAME=value. CLI: ip.get_network_settings"""
    switch = _switch()
    lines = [] if switch is None else ['NETWORKING=%s\n' % switch]
    return lines + ['HOSTNAME=%s\n' % __salt__['network.get_hostname']()]


def _switch():
    """Whether interfaces are configured at boot, 'yes' or 'no'; None if nothing says so."""
    for line in etcfile.lines(_DEFAULTS, missing=True):
        found = _SWITCH.match(line)
        if found:
            return found.group(1)
    return None


def build_network_settings(**settings):
    """Write the host's network settings: `enabled`, whether interfaces are configured at boot, and `hostname`; their lines.
    With test=True the text of /etc/default/networking, and nothing is written.

    CLI: ip.build_network_settings enabled=True hostname=web1
    """
    switch = _switch()
    if 'enabled' in settings:
        switch = debianoptions.switched('', 'networking', settings['enabled'], 'yes', 'no')
    if switch is None:
        raise AttributeError('Invalid network setting -- Setting: networking, Expected: [%s]'
                             % '|'.join(debianoptions.ON + debianoptions.OFF))
    text = _DEFAULTS_TEXT % switch
    if settings.get('test'):
        return text.splitlines(True)
    etcfile.rewrite(_DEFAULTS, text + '\n')
    if settings.get('hostname'):
        etcfile.rewrite('/etc/hostname', compat.shown(settings['hostname']).partition('.')[0] + '\n')
    return get_network_settings()


def apply_network_settings(**settings):
    """Restart the service `networking`; with apply_hostname=True set the host's name before. With require_reboot=True nothing
    is done now. True if that worked.

    CLI: ip.apply_network_settings
    """
    if settings.get('require_reboot'):
        return True
    done = True
    if settings.get('apply_hostname') and settings.get('hostname'):
        done = bool(__salt__['network.mod_hostname'](settings['hostname']))
    stopped = __salt__['service.stop']('networking')
    return bool(__salt__['service.start']('networking') and stopped and done)
