"""Network interfaces of Red Hat and its like, as the files of /etc/sysconfig/network-scripts have them (ip.*)."""
from __future__ import absolute_import, division, print_function

import os

from minion import compat
from minion.errors import CommandExecutionError
from minion.helpers import environment, rhbonds, rhfile, rhnetwork, rhoptions
from minion.helpers.debianoptions import switched, wrong

__virtualname__ = 'ip'


def __virtual__():
    if __grains__.get('os_family') != 'RedHat':
        return False, 'The rh_ip module could not be loaded: unsupported OS family'
    if not environment.which('ifup') and not os.path.isdir(rhfile.scripts()):
        return False, 'The rh_ip module could not be loaded: the network of this host is not set up by network-scripts'
    return __virtualname__


# ---- interfaces

def get_interface(iface):
    """The lines of the file of an interface. CLI: ip.get_interface eth0"""
    return rhfile.shown(rhfile.of('ifcfg', iface))


def build_interface(iface, iface_type, enabled, **settings):
    """Write the file of an interface, as its type and settings say; its lines. With test=True nothing is written.

    A bridge keeps the packets that pass it from the firewall unless bypassfirewall=False.
    CLI: ip.build_interface eth0 eth True proto=none ipaddr=10.1.0.2 netmask=255.255.0.0
    """
    kind = compat.shown(iface_type).lower()
    if kind not in rhoptions.TYPES:
        raise wrong(iface, iface_type, rhoptions.TYPES)
    if kind in ('clone', 'ipsec', 'dialup'):
        raise CommandExecutionError('Interfaces of the type %s cannot be written here' % kind)
    path = rhfile.of('ifcfg', iface)
    bypass = _bypass(iface, settings) if kind == 'bridge' else None
    lines = rhoptions.lines(iface, kind, enabled, settings, _card(iface))
    if settings.get('test'):
        return lines
    _install(kind)
    rhfile.replace(path, lines)
    if bypass is not None:
        _filter_bridges(bypass)
    return rhfile.shown(path)


def _card(iface):
    known = __salt__['network.interfaces']().get(iface) or {}
    return {'hwaddr': known.get('hwaddr'), 'cpus': int(__grains__.get('num_cpus') or 1)}


def _bypass(iface, settings):
    value = settings.get('bypassfirewall', True)
    return switched(iface, compat.shown(value), value) == 'on'


def _install(kind):
    """Have the package without which ifup cannot make such an interface; a bridge needs none from release 8 on."""
    name = {'team': 'teamd', 'bridge': 'bridge-utils'}.get(kind)
    if kind == 'bridge' and int(__grains__.get('osmajorrelease') or 0) >= 8:
        return
    if name and not __salt__['pkg.version'](name):
        __salt__['pkg.install'](name)


def _filter_bridges(bypass):
    for family in ('ip6', 'ip', 'arp'):
        name = 'bridge-nf-call-%stables' % family
        if os.path.exists(os.path.join(rhfile.BRIDGES, name)):
            __salt__['sysctl.assign']('net.bridge.' + name, '0' if bypass else '1')


def up(iface, iface_type):
    """Start an interface; what ifup printed, None for one that belongs to another. CLI: ip.up eth0 eth"""
    return _run('ifup', iface, iface_type)


def down(iface, iface_type):
    """Stop an interface; what ifdown printed, None for one that belongs to another. CLI: ip.down eth0 eth"""
    return _run('ifdown', iface, iface_type)


def _run(program, iface, iface_type):
    if iface_type in ('slave', 'teamport'):
        return None
    return __salt__['cmd.run']([program, rhfile.named(iface)], python_shell=False)


# ---- bonds

def get_bond(iface):
    """The lines of a bond in /etc/modprobe.d. CLI: ip.get_bond bond0"""
    return rhfile.shown(rhfile.of_bond(iface))


def build_bond(iface, **settings):
    """Write the module's options for a bond and load the module `bonding`; their lines. With test=True nothing is done.

    CLI: ip.build_bond bond0 mode=balance-alb miimon=100
    """
    path = rhfile.of_bond(iface)
    lines = ['alias %s bonding' % rhfile.named(iface),
             'options %s %s' % (rhfile.named(iface), rhbonds.options(iface, settings))]
    if settings.get('test'):
        return lines
    rhfile.replace(path, lines)
    failed = __salt__['kmod.load']('bonding')
    if compat.is_text(failed):
        raise CommandExecutionError(failed)
    return rhfile.shown(path)


# ---- routes

def get_routes(iface):
    """The lines of the files with the routes of an interface. CLI: ip.get_routes eth0"""
    return rhfile.shown(rhfile.of('route', iface)) + rhfile.shown(rhfile.of('route6', iface))


def build_routes(iface, **settings):
    """Write the files with the routes of an interface, `routes`: list of mappings with name, ipaddr, netmask, gateway,
    metric; their lines. With test=True nothing is written.

    CLI: ip.build_routes eth0 routes='[{ipaddr: 10.2.0.0/16, gateway: 10.1.0.1}]'
    """
    paths = rhfile.of('route', iface), rhfile.of('route6', iface)
    found = rhnetwork.route_lines(iface, settings.get('routes'))
    if settings.get('test'):
        return sum([rhfile.without_gap(lines) for lines in found], [])
    for path, lines in zip(paths, found):
        rhfile.replace(path, lines)
    return get_routes(iface)


# ---- the host's settings

def get_network_settings():
    """The lines of /etc/sysconfig/network. CLI: ip.get_network_settings"""
    return rhfile.shown(rhfile.of_host())


def build_network_settings(**settings):
    """Write /etc/sysconfig/network: `enabled`, hostname, gateway, gatewaydev, nisdomain, networkdelay, nozeroconf,
    networking_ipv6, enable_ipv6, ipv6gateway; its lines. With retain_settings=True those not given stay. With test=True
    nothing is written.

    CLI: ip.build_network_settings enabled=True hostname=web1.example.com
    """
    lines = rhnetwork.settings_lines(settings, rhfile.values(rhfile.of_host()))
    if settings.get('test'):
        return lines
    rhfile.replace(rhfile.of_host(), lines)
    return get_network_settings()


def apply_network_settings(**settings):
    """Restart the service `network`; with apply_hostname=True set the host's name before. With require_reboot=True nothing
    is restarted now. True if that worked.

    CLI: ip.apply_network_settings
    """
    named = True
    if settings.get('apply_hostname'):
        named = bool(settings.get('hostname') and __salt__['network.mod_hostname'](settings['hostname']))
    if settings.get('require_reboot'):
        return named
    return bool(__salt__['service.restart']('network')) and named
