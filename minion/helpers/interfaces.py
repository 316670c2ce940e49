"""Network interfaces and addresses of this host in the shapes that network.* functions and grains have."""
from __future__ import absolute_import, division, print_function

import binascii
import fnmatch
import logging
import socket
from collections import OrderedDict

from minion import compat
from minion.helpers import cidr, netlink

log = logging.getLogger(__name__)

_UP = 1
_SECONDARY = 1
_NO_ARP = 0x40                            # NUD_NOARP: multicast and the like
_SCOPES = {0: 'global', 200: 'site', 253: 'link', 254: 'host', 255: 'nowhere'}
_TUNNELS = {768: socket.AF_INET, 776: socket.AF_INET, 778: socket.AF_INET, 769: socket.AF_INET6, 823: socket.AF_INET6}


def read():
    """{name: {'up': bool, 'hwaddr': text, 'inet': [...], 'inet6': [...], 'secondary': [...], 'parent': text}}.

    An item of inet is {'address', 'netmask', 'broadcast', 'label'}, of inet6 {'address', 'prefixlen', 'scope'}, of
    secondary either of these with 'type': 'inet' or 'inet6'. Keys without content are missing. In the kernel's order.
    An empty mapping where the kernel cannot be asked, which is logged.
    """
    try:
        return build(netlink.links(), netlink.addresses())
    except EnvironmentError as exc:
        log.warning('network interfaces: the kernel does not tell them: %s; the grains and functions that show '
                    'addresses stay empty', exc.strerror or exc)
        return OrderedDict()


def build(links, addresses):
    """The mapping of read() from lists of netlink.Link and netlink.Address."""
    names = dict((link.index, link.name) for link in links)
    found = OrderedDict((link.name, _entry(link, names)) for link in links)
    for address in addresses:
        if address.index in names:
            _add(address, found[names[address.index]])
    return found


def _entry(link, names):
    entry = {'up': bool(link.flags & _UP)}
    if link.parent is not None:
        entry['parent'] = names.get(link.parent, 'if%d' % link.parent) if link.parent else 'NONE'
    if link.hardware:
        entry['hwaddr'] = _hardware(link)
    return entry


def _hardware(link):
    """The address of a card; of a tunnel the address of its end."""
    family = _TUNNELS.get(link.kind)
    if family is not None and len(link.hardware) == (4 if family == socket.AF_INET else 16):
        return socket.inet_ntop(family, link.hardware)
    return _colons(link.hardware)


def _colons(data):
    digits = compat.to_native(binascii.hexlify(data))
    return ':'.join(digits[at:at + 2] for at in range(0, len(digits), 2))


def _add(address, entry):
    if address.family == socket.AF_INET:
        kind, item = 'inet', {'address': address.address, 'broadcast': address.broadcast, 'label': address.label,
                              'netmask': cidr.address_text(4, cidr.mask(4, address.prefix))}
        if address.flags & _SECONDARY:
            kind, item['type'] = 'secondary', 'inet'
    else:
        scope = _SCOPES.get(address.scope, str(address.scope))
        kind, item = 'inet6', {'address': address.address, 'prefixlen': str(address.prefix), 'scope': scope}
    entry.setdefault(kind, []).append(item)


# ---- addresses

def chosen(interfaces, wanted):
    """The interfaces whose name is, or matches, `wanted`: a glob, a list of globs, or None for all."""
    if wanted is None:
        return interfaces
    globs = [wanted] if compat.is_text(wanted) else wanted
    return OrderedDict((name, interfaces[name]) for name in interfaces
                       if any(fnmatch.fnmatchcase(name, str(glob)) for glob in globs))


def all_networks(interfaces, kind, loopback=True):
    """Sorted (version, number, prefix length) of the networks of all interfaces, each once; see all_addresses()."""
    found = set()
    for entry in interfaces.values():
        for item in entry.get(kind, []) + [item for item in entry.get('secondary', []) if item['type'] == kind]:
            found.add(_network_of(item))
    home = cidr.parse_network('127.0.0.0/8' if kind == 'inet' else '::1/128')
    return [network for network in sorted(found) if loopback or not cidr.contains(home, network[:2])]


def _network_of(item):
    version, number = cidr.parse_address(item['address'])
    prefix = cidr.parse_prefix(str(item.get('prefixlen') or item['netmask']), version)
    return version, number & cidr.mask(version, prefix), prefix


def of_family(entry, kind):
    """Addresses (text) of one interface, kind 'inet' or 'inet6', the secondary ones last."""
    items = entry.get(kind, []) + [item for item in entry.get('secondary', []) if item['type'] == kind]
    return [item['address'] for item in items]


def all_addresses(interfaces, kind, loopback=True):
    """Sorted addresses of all interfaces, each once, of kind 'inet' or 'inet6'.

    :param bool loopback: with 127.0.0.0/8 or ::1.
    """
    found = set()
    for entry in interfaces.values():
        found.update(cidr.parse_address(text) for text in of_family(entry, kind))
    home = cidr.parse_network('127.0.0.0/8' if kind == 'inet' else '::1/128')
    return [cidr.address_text(*address) for address in sorted(found) if loopback or not cidr.contains(home, address)]


def neighbours(family):
    """{hardware address: IP address} that the kernel knows of one family; empty where it cannot be asked."""
    try:
        known = netlink.neighbours(family)
    except EnvironmentError as exc:
        log.debug('neighbours: %s', exc)
        return {}
    return dict((_colons(one.hardware), one.address) for one in known if one.hardware and not one.state & _NO_ARP)


def default_gateways():
    """{4: ..., 6: ...}: address of the default gateway, True for a default route without one, False for no route."""
    found = {}
    for version, family in ((4, socket.AF_INET), (6, socket.AF_INET6)):
        try:
            routes = netlink.gateways(family)
        except EnvironmentError as exc:                  # IPv6 switched off, or no netlink at all
            log.debug('default route of IPv%d: %s', version, exc)
            routes = []
        found[version] = (routes[0].address or True) if routes else False
    return found
