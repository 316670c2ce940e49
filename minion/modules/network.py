"""Addresses, routes, neighbours and connections of this host (network.*). Results: tests/data/parity/returns/system.json.

What the kernel knows is asked of the kernel; programs are run only where they are the point: ping, traceroute, dig.
"""
from __future__ import absolute_import, division, print_function

import re
import socket

from minion.errors import CommandExecutionError, CommandNotFoundError
from minion.helpers import addresses, cidr, environment, hostnaming, lookups, netlink, nettests, procnet
from minion.helpers import interfaces as cards
from minion.helpers.rootfs import Root


# ---- interfaces

def interfaces():
    """Mapping of all interfaces to their state, hardware address and IP addresses. CLI: network.interfaces"""
    return dict(cards.read())


def _entry(iface, pick):
    """What `pick` makes of an interface; a sentence where there is none."""
    known = cards.read()
    if iface in known:
        return pick(known[iface])
    names = ', '.join('"%s"' % name for name in known)
    return 'Interface "%s" not in available interfaces: %s' % (iface, names)


def hw_addr(iface):
    """The hardware address of an interface. CLI: network.hw_addr eth0"""
    return _entry(iface, lambda entry: entry.get('hwaddr', ''))


hwaddr = hw_addr


def interface(iface):
    """List of the IPv4 addresses of an interface with netmask, broadcast and label. CLI: network.interface eth0"""
    return _entry(iface, lambda entry: entry.get('inet', ''))


def interface_ip(iface):
    """The first IPv4 address of an interface. CLI: network.interface_ip eth0"""
    return _entry(iface, lambda entry: entry['inet'][0]['address'] if entry.get('inet') else '')


def ifacestartswith(cidr):
    """Names of the interfaces with an IPv4 address that begins with the text `cidr`. CLI: network.ifacestartswith 10.0"""
    return [name for name, entry in cards.read().items()
            if any(item['address'].startswith(str(cidr)) for item in entry.get('inet', ()))]


# ---- addresses

def _listed(kind, interface, loopback, network=None):
    found = cards.all_addresses(cards.chosen(cards.read(), interface), kind, loopback)
    return [address for address in found if ip_in_subnet(address, network)] if network else found


def ip_addrs(interface=None, include_loopback=False, cidr=None, type=None):
    """IPv4 addresses of all interfaces, or of `interface`: a name, a glob, a list of them.

    include_loopback: 127.0.0.0/8, too. cidr: only those in this network. type: 'public' or 'private' ones only.
    CLI: network.ip_addrs cidr=10.0.0.0/8
    """
    found = _listed('inet', interface, include_loopback, cidr)
    if cidr or type not in ('public', 'private'):
        return found
    return [address for address in found if is_private(address) == (type == 'private')]


def ip_addrs6(interface=None, include_loopback=False, cidr=None):
    """IPv6 addresses of all interfaces; the arguments are those of network.ip_addrs. CLI: network.ip_addrs6 eth0"""
    return _listed('inet6', interface, include_loopback, cidr)


ipaddrs, ipaddrs6 = ip_addrs, ip_addrs6


def _networks(kind, interface, loopback, verbose=False):
    found = cards.all_networks(cards.chosen(cards.read(), interface), kind, loopback)
    if not verbose:
        return [addresses.network_text(*network) for network in found]
    return dict((addresses.network_text(version, number, prefix),
                 {'address': cidr.address_text(version, number), 'prefixlen': prefix,
                  'netmask': cidr.address_text(version, cidr.mask(version, prefix)),
                  'num_addresses': 1 << cidr.BITS[version] - prefix}) for version, number, prefix in found)


def ip_networks(interface=None, include_loopback=False, verbose=False):
    """IPv4 networks that the interfaces, or `interface`, are in; a mapping with details if verbose is True.

    CLI: network.ip_networks verbose=True
    """
    return _networks('inet', interface, include_loopback, verbose)


def ip_networks6(interface=None, include_loopback=False, verbose=False):
    """IPv6 networks; the arguments are those of network.ip_networks. CLI: network.ip_networks6"""
    return _networks('inet6', interface, include_loopback, verbose)


def subnets(interfaces=None):
    """IPv4 networks of all interfaces, or those named, without loopback. CLI: network.subnets eth1"""
    return _networks('inet', interfaces, False)


def subnets6():
    """IPv6 networks of all interfaces, without loopback. CLI: network.subnets6"""
    return _networks('inet6', None, False)


def in_subnet(cidr):
    """True if an address of this host, loopback not counted, is in the network. CLI: network.in_subnet 10.0.0.0/16"""
    known = cards.read()
    return ip_in_subnet([address for kind in ('inet', 'inet6') for address in cards.all_addresses(known, kind, False)],
                        cidr)


def ip_in_subnet(ip_addr, cidr):
    """True if the address, or one of a list, is in the network. CLI: network.ip_in_subnet 172.17.0.4 172.16.0.0/12"""
    network = _network(cidr)
    if network is None:
        return False
    tested = ip_addr if isinstance(ip_addr, (list, tuple)) else [ip_addr]
    return any(_contains(network, addresses.parse(address)) for address in tested)


def _network(text):
    try:
        return cidr.parse_network(text)
    except ValueError:
        return None


def _contains(network, address):
    return cidr.contains(network, address)


def convert_cidr(cidr):
    """Mapping of network, netmask and broadcast of a network. CLI: network.convert_cidr 172.31.0.0/16"""
    return _parts(addresses.network(cidr))


def _parts(network):
    version, number, prefix = network
    numbers = {'network': number, 'netmask': cidr.mask(version, prefix), 'broadcast': addresses.broadcast(*network)}
    return dict((name, cidr.address_text(version, numbers[name])) for name in numbers)


def calc_net(ip_addr, netmask=None):
    """The network around an address; netmask: length or mask. CLI: network.calc_net 172.17.0.5 255.255.255.240"""
    return addresses.network_text(*addresses.network(ip_addr if netmask is None else '%s/%s' % (ip_addr, netmask)))


def is_private(ip_addr):
    """True for an address that no public network routes. CLI: network.is_private 10.0.0.3"""
    return addresses.is_private(addresses.parse(ip_addr))


def is_loopback(ip_addr):
    """True for a loopback address. CLI: network.is_loopback 127.0.0.1"""
    return addresses.is_loopback(addresses.parse(ip_addr))


def reverse_ip(ip_addr):
    """The name that a reverse lookup of the address asks for. CLI: network.reverse_ip 172.17.0.4"""
    return addresses.reverse_name(*addresses.parse(ip_addr))


def iphexval(ip):
    """An IPv4 address in hexadecimal. CLI: network.iphexval 10.0.0.1"""
    return ''.join('%02X' % int(part) for part in ip.split('.'))


# ---- routes, neighbours, sockets

def routes(family=None):
    """List of routes: destination, gateway, netmask, flags, interface. family: 'inet' or 'inet6'. CLI: network.routes"""
    if family not in (None, 'inet', 'inet6'):
        raise CommandExecutionError('Invalid address family %s' % (family,))
    found = procnet.routes_4(Root()) if family != 'inet6' else []
    return found + (procnet.routes_6(Root()) if family != 'inet' else [])


def default_route(family=None):
    """The default routes, in the shape of network.routes. CLI: network.default_route inet"""
    return [route for route in routes(family)
            if route['destination'] == '::/0' or (route['destination'], route['netmask']) == ('0.0.0.0', '0.0.0.0')]


def get_route(ip):
    """How packets to an address leave: destination, gateway, interface, source. CLI: network.get_route 10.10.10.10"""
    version, number = addresses.parse(ip)
    text = cidr.address_text(version, number)
    family = socket.AF_INET if version == 4 else socket.AF_INET6
    try:
        way = netlink.way_to(family, socket.inet_pton(family, text))
        names = dict((link.index, link.name) for link in netlink.links())
    except EnvironmentError as exc:
        raise CommandExecutionError('there is no route to %s: %s' % (text, exc.strerror or exc))
    if way.index not in names:
        raise CommandExecutionError('there is no route to %s' % text)
    return {'destination': text, 'gateway': way.gateway, 'interface': names[way.index], 'source': way.source}


def arp():
    """Mapping of hardware addresses to IPv4 addresses of the neighbours. CLI: network.arp"""
    return procnet.arp(Root())


def ip_neighs():
    """Mapping of hardware addresses to IPv4 addresses of the neighbours. CLI: network.ip_neighs"""
    return cards.neighbours(socket.AF_INET)


def ip_neighs6():
    """Mapping of hardware addresses to IPv6 addresses of the neighbours. CLI: network.ip_neighs6"""
    return cards.neighbours(socket.AF_INET6)


ipneighs, ipneighs6 = ip_neighs, ip_neighs6


def netstat():
    """List of all TCP and UDP sockets with addresses, state, owner and program. CLI: network.netstat"""
    known = procnet.sockets(Root())
    owners = procnet.owners(set(one.inode for one in known))
    return [_socket(one, owners.get(one.inode)) for one in known]


def _socket(one, owner):
    found = {'proto': one.protocol, 'recv-q': str(one.received), 'send-q': str(one.sent),
             'local-address': procnet.shown(one.local), 'remote-address': procnet.shown(one.remote),
             'user': str(one.uid), 'inode': str(one.inode), 'program': '%d/%s' % owner if owner else '-'}
    if one.protocol.startswith('tcp'):
        found['state'] = procnet.STATES[one.state]
    return found


def active_tcp():
    """Numbered mapping of the established TCP connections. CLI: network.active_tcp"""
    known = [one for one in procnet.sockets(Root(), ('tcp', 'tcp6')) if one.state == procnet.ESTABLISHED]
    return dict((number, {'local_addr': one.local[0], 'local_port': one.local[1],
                          'remote_addr': one.remote[0], 'remote_port': one.remote[1]})
                for number, one in enumerate(known))


# ---- names

def get_hostname():
    """The name of this host. CLI: network.get_hostname"""
    return socket.gethostname()


def get_fqdn():
    """The full name of this host, as the resolver knows it; its name where that takes too long. CLI: network.get_fqdn"""
    try:
        return lookups.within(lookups.DEADLINE, socket.getfqdn)
    except socket.error:
        return socket.gethostname()


def fqdns():
    """{'fqdns': names of all addresses of this host}. CLI: network.fqdns"""
    known = cards.read()
    found = [address for kind in ('inet', 'inet6') for address in cards.all_addresses(known, kind, False)]
    return {'fqdns': lookups.names_of(found)}


def mod_hostname(hostname):
    """Give this host another name, now and after the next start; False if that failed. CLI: network.mod_hostname db1"""
    if hostname is None:
        return False
    if not hostnaming.is_name(hostname):
        __context__['retcode'] = 1
        return False
    if hostnaming.has_daemon() and environment.which('hostnamectl'):
        return __salt__['cmd.retcode'](['hostnamectl', 'set-hostname', hostname], python_shell=False) == 0
    old = socket.gethostname()
    if __salt__['cmd.retcode'](['hostname', hostname], python_shell=False):
        return False
    hostnaming.keep(Root(), old, hostname)
    return True


# ---- tests

def connect(host, port=None, **kwargs):
    """Try to reach a port: mapping of result (bool) and comment.

    proto: tcp (default) or udp, where an answer is waited for. timeout: seconds, default 5. family: ipv4 or ipv6.
    CLI: network.connect example.net 80 timeout=3
    """
    found = nettests.connect(host, port, **dict((key, kwargs[key]) for key in ('proto', 'timeout', 'family')
                                                if key in kwargs))
    if not found['result']:
        __context__['retcode'] = 1
    return found


def ping(host, timeout=False, return_boolean=False):
    """What ping tells of a host; with return_boolean True or False. timeout: seconds for each answer.

    CLI: network.ping example.net return_boolean=True timeout=3
    """
    words = ['ping'] + (['-W', str(timeout)] if timeout else []) + ['-c', '4']
    words += [name for name in [nettests.host_name(host)] if name]
    if not timeout and not return_boolean:
        return __salt__['cmd.run'](words, python_shell=False)
    result = __salt__['cmd.run_all'](words, python_shell=False)
    return result['retcode'] == 0 if return_boolean else result['stdout']


def _needs(program):
    if not environment.which(program):
        raise CommandNotFoundError("The '%s' binary was not found in $PATH." % program)


def traceroute(host):
    """List of the hops on the way to a host: count, hostname, ip, ms1, ms2, ms3. CLI: network.traceroute example.net"""
    _needs('traceroute')
    text = __salt__['cmd.run'](['traceroute', nettests.host_name(host)], python_shell=False)
    return nettests.hops(text)


def dig(host):
    """What dig prints about a name. CLI: network.dig example.net"""
    _needs('dig')
    return __salt__['cmd.run'](['dig', nettests.host_name(host)], python_shell=False)


def wol(mac, bcast='255.255.255.255', destport=9):
    """Send the packet that wakes the host with this hardware address. CLI: network.wol 08:00:27:13:69:77 10.0.0.255"""
    return nettests.wake(addresses.hardware(mac), bcast, int(destport))


# ---- ring buffers of cards

def get_bufsize(iface):
    """Mapping of ring buffer sizes of a card, {} without the program ethtool. CLI: network.get_bufsize eth0"""
    if not environment.which('ethtool'):
        return {}
    text = __salt__['cmd.run'](['ethtool', '-g', iface], python_shell=False)
    return nettests.ring_sizes(text)


_SIZES = ('rx', 'tx', 'rx-mini', 'rx-jumbo')


def mod_bufsize(iface, *args, **kwargs):
    """Set ring buffer sizes of a card: rx, tx, rx-mini, rx-jumbo; False without the program ethtool.

    CLI: network.mod_bufsize eth0 tx=256 rx=256
    """
    if not environment.which('ethtool'):
        return False
    given = dict(re.findall(r'^([a-z-]+)=(\d+)$', '\n'.join(str(word) for word in args), re.MULTILINE))
    given.update((name.replace('_', '-'), value) for name, value in kwargs.items() if not name.startswith('__'))
    words = [word for name in _SIZES if name in given for word in (name, str(given[name]))]
    if not words:
        return {'result': False, 'comment': 'Requires rx=<val> tx=<val> rx-mini=<val> rx-jumbo=<val>'}
    result = __salt__['cmd.run_all'](['ethtool', '-G', iface] + words, python_shell=False)
    return {'result': result['retcode'] == 0, 'comment': result['stderr'] or result['stdout']}
