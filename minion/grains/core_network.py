"""Addresses, gateways, names of this host, its name servers."""
from __future__ import absolute_import, division, print_function

import socket

from minion import compat
from minion.helpers import hostfiles, interfaces
from minion.helpers.rootfs import Root


def addresses():
    """ip_interfaces, ip4_interfaces, ip6_interfaces, hwaddr_interfaces by name; ipv4, ipv6: all addresses, sorted."""
    known = interfaces.read()
    of = interfaces.of_family
    return {
        'ip_interfaces': dict((name, _all(entry)) for name, entry in known.items()),
        'ip4_interfaces': dict((name, of(entry, 'inet')) for name, entry in known.items()),
        'ip6_interfaces': dict((name, of(entry, 'inet6')) for name, entry in known.items()),
        'hwaddr_interfaces': dict((name, entry['hwaddr']) for name, entry in known.items() if 'hwaddr' in entry),
        'ipv4': interfaces.all_addresses(known, 'inet'),
        'ipv6': interfaces.all_addresses(known, 'inet6'),
    }


def _all(entry):
    return [item['address'] for kind in ('inet', 'inet6', 'secondary') for item in entry.get(kind, [])]


def gateways():
    """ip4_gw, ip6_gw: the default gateway, True or False if it has no address or is missing; ip_gw: is there any."""
    found = interfaces.default_gateways()
    return {'ip4_gw': found[4], 'ip6_gw': found[6], 'ip_gw': bool(found[4] or found[6])}


def dns():
    """dns: the name servers and search lists of the resolver."""
    found = hostfiles.resolver(Root())
    return {} if found is None else {'dns': found}


# ---- names: these ask the resolver

def _without_resolver():
    name = socket.gethostname()
    host, _, domain = name.partition('.')
    return {'localhost': name, 'fqdn': name, 'host': host, 'domain': domain, 'fqdn_ip4': [], 'fqdn_ip6': []}


def hostname():
    """localhost, fqdn, host, domain; fqdn_ip4, fqdn_ip6: the addresses that the resolver gives for fqdn."""
    found = _without_resolver()
    found['fqdn'] = _full_name(found['localhost'])
    found['host'], _, found['domain'] = found['fqdn'].partition('.')
    known = interfaces.read()
    for kind, family, grain in (('inet', socket.AF_INET, 'fqdn_ip4'), ('inet6', socket.AF_INET6, 'fqdn_ip6')):
        if interfaces.all_addresses(known, kind):
            found[grain] = _lookup(found['fqdn'], family)
    return found


hostname.brings = ('fqdn', 'host', 'domain', 'fqdn_ip4', 'fqdn_ip6')
hostname.meanwhile = _without_resolver


def _full_name(name):
    """The canonical name that the resolver has for our own, else what gethostbyaddr makes of it."""
    try:
        infos = socket.getaddrinfo(name, 0, socket.AF_UNSPEC, socket.SOCK_STREAM, socket.SOL_TCP, socket.AI_CANONNAME)
    except (socket.error, UnicodeError):
        infos = []
    names = [info[3] for info in infos if info[3]]
    return compat.to_native(names[-1]) if names else socket.getfqdn() or 'localhost.localdomain'


def _lookup(name, family):
    try:
        infos = socket.getaddrinfo(name, None, family)
    except (socket.error, UnicodeError):
        return []
    return sorted(set(compat.to_native(info[4][0]) for info in infos))


def _no_fqdns():
    return {'fqdns': []}


def fqdns():
    """fqdns: the names of all addresses, with the setting `enable_fqdns_grains` only, else empty."""
    names = set()
    if __opts__.get('enable_fqdns_grains'):
        known = interfaces.read()
        for address in interfaces.all_addresses(known, 'inet', False) + interfaces.all_addresses(known, 'inet6', False):
            try:
                names.add(socket.getfqdn(socket.gethostbyaddr(address)[0]))
            except (socket.error, UnicodeError):              # an address without a name
                continue
    return {'fqdns': sorted(names)}


fqdns.brings, fqdns.meanwhile = ('fqdns',), _no_fqdns


def append_domain():
    """append_domain: the setting, if it is set."""
    return {'append_domain': __opts__['append_domain']} if 'append_domain' in __opts__ else {}
