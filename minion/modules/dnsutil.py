"""Names and addresses (dnsutil.*): lookups, hosts files, zone files. Lookups have a deadline."""
from __future__ import absolute_import, division, print_function

import os
import socket
import time

from minion import compat, files
from minion.helpers import lookups, zonefile

_NO_DIG = 'This function requires dig, which is not currently available'


# ---- lookups

def _addresses(host, family):
    try:
        found = lookups.addresses(host, None, family)
    except socket.error:
        return 'Unable to resolve %s' % host
    return sorted(set(compat.to_native(info[4][0]) for info in found))


def _dig(function, *arguments):
    """What the module dig answers, where there is one."""
    return __salt__[function](*arguments) if function in __salt__ else _NO_DIG


def A(host, nameserver=None):
    """List of the IPv4 addresses of a name; nameserver: asked with dig. CLI: dnsutil.A www.example.com"""
    return _dig('dig.A', host, nameserver) if nameserver else _addresses(host, socket.AF_INET)


def AAAA(host, nameserver=None):
    """List of the IPv6 addresses of a name; nameserver: asked with dig. CLI: dnsutil.AAAA www.example.com"""
    return _dig('dig.AAAA', host, nameserver) if nameserver else _addresses(host, socket.AF_INET6)


def NS(domain, resolve=True, nameserver=None):
    """The name servers of a domain, asked with dig. CLI: dnsutil.NS example.com"""
    return _dig('dig.NS', domain, resolve, nameserver)


def SPF(domain, record='SPF', nameserver=None):
    """The addresses that may send mail for a domain, asked with dig. CLI: dnsutil.SPF example.com"""
    return _dig('dig.SPF', domain, record, nameserver)


def MX(domain, resolve=False, nameserver=None):
    """The mail servers of a domain, asked with dig. CLI: dnsutil.MX example.com"""
    return _dig('dig.MX', domain, resolve, nameserver)


def check_ip(ip_addr):
    """Is this an IP address? Decided by the module dig. CLI: dnsutil.check_ip 127.0.0.1"""
    return _dig('dig.check_ip', ip_addr)


# ---- hosts files

def _text(path):
    data = files.read(path, limit=16 << 20)
    return None if data is None else compat.to_native(data)


def _write(path, text):
    path = os.path.realpath(path)
    files.write(path, compat.to_bytes(text), os.stat(path).st_mode & 0o7777)


def parse_hosts(hostsfile='/etc/hosts', hosts=None):
    """Mapping of addresses to lists of names in a hosts file, or in the text `hosts`. CLI: dnsutil.parse_hosts"""
    text = hosts or _text(hostsfile)
    return zonefile.hosts(compat.to_native(text)) if text else 'Error: hosts data was not found'


def hosts_append(hostsfile='/etc/hosts', ip_addr=None, entries=None):
    """Add a line for an address with those of the names (with commas) that it lacks; says what was done.

    CLI: dnsutil.hosts_append /etc/hosts 127.0.0.1 ad1.yuk.co,ad2.yuk.co
    """
    names, text = entries.split(','), _text(hostsfile)
    if text is None:
        raise OSError(2, os.strerror(2), hostsfile)
    known = zonefile.hosts(text).get(ip_addr, [])
    new = [name for name in names if name not in known]
    if not new:
        return 'No additional hosts were added to %s' % hostsfile
    line = ' '.join([ip_addr] + new)
    _write(hostsfile, text + ('' if text.endswith('\n') or not text else '\n') + line + '\n')
    return 'The following line was added to %s:\n%s' % (hostsfile, line)


def hosts_remove(hostsfile='/etc/hosts', entries=None):
    """Take names (with commas) out of a hosts file. CLI: dnsutil.hosts_remove /etc/hosts ad1.yuk.co"""
    names, text = entries.split(','), _text(hostsfile)
    if text is None:
        raise OSError(2, os.strerror(2), hostsfile)
    _write(hostsfile, zonefile.without(text, names))


# ---- zone files

def parse_zone(zonefile=None, zone=None):
    """Mapping of what a zone file, or the text `zone`, holds. CLI: dnsutil.parse_zone /var/lib/named/example.com.zone"""
    text = zone or (_text(zonefile) if zonefile else None)
    return _read_zone(compat.to_native(text)) if text else 'Error: Zone data was not found'


_read_zone = zonefile.zone


def serial(zone='', update=False):
    """A serial number for a zone, kept in the grains: the date and two digits. update: the next one.

    CLI: dnsutil.serial example.com
    """
    name = 'dnsserial_%s' % zone if zone else 'dnsserial'
    kept, today = __salt__['grains.get'](name), time.strftime('%Y%m%d01')
    if not update:
        return kept or today
    number = str(int(kept) + 1) if kept and str(kept) >= today else today
    __salt__['grains.setval'](name, number)
    return number
