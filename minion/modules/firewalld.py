"""The firewall firewalld (firewalld.*). permanent: in the configuration that is read at a restart, not in what runs now."""
from __future__ import absolute_import, division, print_function

from minion.errors import CommandExecutionError
from minion.helpers import environment, firewallcmd, tool


def __virtual__():
    if environment.which('firewall-cmd'):
        return True
    return False, 'The firewalld execution module cannot be loaded: the firewall-cmd binary is not in the path.'


def _cmd(option, zone=None, permanent=False):
    """What firewall-cmd prints.  :raises CommandExecutionError: it failed."""
    argv = ['firewall-cmd'] + (['--zone=%s' % zone] if zone else []) + [option] + (['--permanent'] if permanent else [])
    return tool.checked(__salt__, argv, 'firewall-cmd failed: ')['stdout']


def _words(option, zone=None, permanent=False):
    return _cmd(option, zone, permanent).split()


def _permanent(option, restart):
    """What exists in the configuration only; restart: it is taken over at once."""
    told = _cmd(option, permanent=True)
    return _cmd('--reload') if restart else told


# ---- the daemon

def version():
    """The version of firewall-cmd. CLI: firewalld.version"""
    return _cmd('--version')


def reload_rules():
    """Take over the configuration, without losing connections. CLI: firewalld.reload_rules"""
    return _cmd('--reload')


def make_permanent():
    """Write what runs now into the configuration. CLI: firewalld.make_permanent"""
    return _cmd('--runtime-to-permanent')


# ---- zones

def default_zone():
    """The zone of connections and interfaces that are in no other. CLI: firewalld.default_zone"""
    return _cmd('--get-default-zone')


def set_default_zone(zone):
    """Set the default zone. CLI: firewalld.set_default_zone dmz"""
    return _cmd('--set-default-zone=%s' % zone)


def get_zones(permanent=True):
    """Names of all zones. CLI: firewalld.get_zones"""
    return _words('--get-zones', permanent=permanent)


def list_zones(permanent=True):
    """Mapping of all zones to all that is in them. CLI: firewalld.list_zones"""
    return firewallcmd.zones(_cmd('--list-all-zones', permanent=permanent))


def list_all(zone=None, permanent=True):
    """Mapping of a zone, else of the default one, to all that is in it. CLI: firewalld.list_all my_zone"""
    return firewallcmd.zones(_cmd('--list-all', zone, permanent))


def new_zone(zone, restart=True):
    """Make a zone. CLI: firewalld.new_zone my_zone"""
    return _permanent('--new-zone=%s' % zone, restart)


def delete_zone(zone, restart=True):
    """Remove a zone. CLI: firewalld.delete_zone my_zone"""
    return _permanent('--delete-zone=%s' % zone, restart)


# ---- services

def get_services(permanent=True):
    """Names of all services that are known. CLI: firewalld.get_services"""
    return _words('--get-services', permanent=permanent)


def list_services(zone=None, permanent=True):
    """Names of the services of a zone. CLI: firewalld.list_services my_zone"""
    return _words('--list-services', zone, permanent)


def new_service(name, restart=True):
    """Make a service. CLI: firewalld.new_service my_service"""
    return _permanent('--new-service=%s' % name, restart)


def delete_service(name, restart=True):
    """Remove a service. CLI: firewalld.delete_service my_service"""
    return _permanent('--delete-service=%s' % name, restart)


def add_service(service, zone=None, permanent=True):
    """Let a service into a zone. CLI: firewalld.add_service ssh my_zone"""
    return _cmd('--add-service=%s' % service, zone, permanent)


def remove_service(service, zone=None, permanent=True):
    """Take a service out of a zone. CLI: firewalld.remove_service ssh my_zone"""
    return _cmd('--remove-service=%s' % service, zone, permanent)


def _service(service, option):
    argv = ['firewall-cmd', '--permanent', '--service=%s' % service, option]
    return tool.checked(__salt__, argv, 'firewall-cmd failed: ')['stdout']


def _known_service(service, option):
    if service not in get_services(permanent=True):
        raise CommandExecutionError('The service does not exist.')
    return _service(service, option)


def add_service_port(service, port):
    """Add a port to a service. CLI: firewalld.add_service_port my_service 80/tcp"""
    return _known_service(service, '--add-port=%s' % port)


def remove_service_port(service, port):
    """Remove a port from a service. CLI: firewalld.remove_service_port my_service 80/tcp"""
    return _known_service(service, '--remove-port=%s' % port)


def get_service_ports(service):
    """The ports of a service. CLI: firewalld.get_service_ports my_service"""
    return _service(service, '--get-ports').split()


def add_service_protocol(service, protocol):
    """Add a protocol to a service. CLI: firewalld.add_service_protocol my_service ssh"""
    return _service(service, '--add-protocol=%s' % protocol)


def remove_service_protocol(service, protocol):
    """Remove a protocol from a service. CLI: firewalld.remove_service_protocol my_service ssh"""
    return _service(service, '--remove-protocol=%s' % protocol)


def get_service_protocols(service):
    """The protocols of a service. CLI: firewalld.get_service_protocols my_service"""
    return _service(service, '--get-protocols').split()


# ---- masquerading and ports

def get_masquerade(zone=None, permanent=True):
    """True if a zone masquerades. CLI: firewalld.get_masquerade zone"""
    told = list_all(zone, permanent)
    return any(part.get('masquerade') == ['yes'] for part in told.values())


def add_masquerade(zone=None, permanent=True):
    """Have a zone masquerade. CLI: firewalld.add_masquerade dmz"""
    return _cmd('--add-masquerade', zone, permanent)


def remove_masquerade(zone=None, permanent=True):
    """Have a zone no longer masquerade. CLI: firewalld.remove_masquerade dmz"""
    return _cmd('--remove-masquerade', zone, permanent)


def _masqueraded(zone, wanted):
    if wanted and not get_masquerade(zone):
        add_masquerade(zone)


def list_ports(zone, permanent=True):
    """The ports of a zone. CLI: firewalld.list_ports my_zone"""
    return _words('--list-ports', zone, permanent)


def add_port(zone, port, permanent=True, force_masquerade=False):
    """Open a port. force_masquerade: the zone masquerades, too. CLI: firewalld.add_port internal 443/tcp"""
    _masqueraded(zone, force_masquerade)
    return _cmd('--add-port=%s' % port, zone, permanent)


def remove_port(zone, port, permanent=True):
    """Close a port. CLI: firewalld.remove_port internal 443/tcp"""
    return _cmd('--remove-port=%s' % port, zone, permanent)


def list_port_fwd(zone, permanent=True):
    """The forwarded ports of a zone, each a mapping. CLI: firewalld.list_port_fwd public"""
    return firewallcmd.forwards(_cmd('--list-forward-ports', zone, permanent))


def add_port_fwd(zone, src, dest, proto='tcp', dstaddr='', permanent=True, force_masquerade=False):
    """Forward a port. CLI: firewalld.add_port_fwd public 80 443 tcp"""
    _masqueraded(zone, force_masquerade)
    return _cmd('--add-forward-port=%s' % firewallcmd.forward(src, dest, proto, dstaddr), zone, permanent)


def remove_port_fwd(zone, src, dest, proto='tcp', dstaddr='', permanent=True):
    """No longer forward a port. CLI: firewalld.remove_port_fwd public 80 443 tcp"""
    return _cmd('--remove-forward-port=%s' % firewallcmd.forward(src, dest, proto, dstaddr), zone, permanent)


# ---- kinds of ICMP

def get_icmp_types(permanent=True):
    """Names of all kinds that are known. CLI: firewalld.get_icmp_types"""
    return _words('--get-icmptypes', permanent=permanent)


def list_icmp_block(zone, permanent=True):
    """The kinds that a zone blocks. CLI: firewalld.list_icmp_block zone"""
    return _words('--list-icmp-blocks', zone, permanent)


def block_icmp(zone, icmp, permanent=True):
    """Block a kind; False for one that is not known. CLI: firewalld.block_icmp zone echo-reply"""
    return _icmp('--add-icmp-block=%s', zone, icmp, permanent, True)


def allow_icmp(zone, icmp, permanent=True):
    """No longer block a kind; False for one that is not known. CLI: firewalld.allow_icmp zone echo-reply"""
    return _icmp('--remove-icmp-block=%s', zone, icmp, permanent, False)


def _icmp(option, zone, icmp, permanent, blocked):
    if icmp not in get_icmp_types(permanent):
        return False
    if (icmp in list_icmp_block(zone, permanent)) is blocked:
        return 'success'
    return _cmd(option % icmp, zone, permanent)


# ---- interfaces, sources, rich rules

def get_interfaces(zone, permanent=True):
    """The interfaces of a zone. CLI: firewalld.get_interfaces zone"""
    return _words('--list-interfaces', zone, permanent)


def add_interface(zone, interface, permanent=True):
    """Put an interface into a zone. CLI: firewalld.add_interface zone eth0"""
    return _cmd('--add-interface=%s' % interface, zone, permanent)


def remove_interface(zone, interface, permanent=True):
    """Take an interface out of a zone. CLI: firewalld.remove_interface zone eth0"""
    return _cmd('--remove-interface=%s' % interface, zone, permanent)


def get_sources(zone, permanent=True):
    """The source addresses of a zone. CLI: firewalld.get_sources zone"""
    return _words('--list-sources', zone, permanent)


def add_source(zone, source, permanent=True):
    """Bind a source address to a zone. CLI: firewalld.add_source zone 192.168.1.0/24"""
    return _cmd('--add-source=%s' % source, zone, permanent)


def remove_source(zone, source, permanent=True):
    """No longer bind a source address to a zone. CLI: firewalld.remove_source zone 192.168.1.0/24"""
    return _cmd('--remove-source=%s' % source, zone, permanent)


def get_rich_rules(zone, permanent=True):
    """The rich rules of a zone. CLI: firewalld.get_rich_rules zone"""
    return [line for line in _cmd('--list-rich-rules', zone, permanent).splitlines() if line.strip()]


def add_rich_rule(zone, rule, permanent=True):
    """Add a rich rule to a zone. CLI: firewalld.add_rich_rule zone 'rule family="ipv4" accept'"""
    return _cmd('--add-rich-rule=%s' % rule, zone, permanent)


def remove_rich_rule(zone, rule, permanent=True):
    """Remove a rich rule from a zone. CLI: firewalld.remove_rich_rule zone 'rule family="ipv4" accept'"""
    return _cmd('--remove-rich-rule=%s' % rule, zone, permanent)
