"""What an IP address or network is: private, loopback, its reverse name, the network around it. Python 2.7 lacks ipaddress.

Errors have the words of Python 3's module ipaddress, because callers see them.
"""
from __future__ import absolute_import, division, print_function

import re

from minion import compat
from minion.helpers import cidr

_PRIVATE = {
    4: ('0.0.0.0/8', '10.0.0.0/8', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12', '192.0.0.0/29', '192.0.0.170/31',
        '192.0.2.0/24', '192.168.0.0/16', '198.18.0.0/15', '198.51.100.0/24', '203.0.113.0/24', '240.0.0.0/4'),
    6: ('::1', '::', '::ffff:0:0/96', '100::/64', '2001::/23', '2001:db8::/32', 'fc00::/7', 'fe80::/10'),
}
_LOOPBACK = {4: ('127.0.0.0/8',), 6: ('::1',)}


def parse(value):
    """(version, number) of an address or a number.  :raises ValueError: with the words that callers know."""
    found = _or_none(cidr.parse_address, value)
    if found is None:
        raise ValueError('%s does not appear to be an IPv4 or IPv6 address' % _quoted(value))
    return found


def network(value):
    """(version, first number, prefix length) of the network that an address or `address/length` lies in.

    :raises ValueError: as parse().
    """
    base, slash, length = value.partition('/') if compat.is_text(value) else (value, '', '')
    address = _or_none(cidr.parse_address, base)
    prefix = address and (_or_none(cidr.parse_prefix, length, address[0]) if slash else cidr.BITS[address[0]])
    if prefix is None:
        raise ValueError('%s does not appear to be an IPv4 or IPv6 network' % _quoted(value))
    return address[0], address[1] & cidr.mask(address[0], prefix), prefix


def _or_none(parse_one, *arguments):
    """What it returns; None where it raises, so that no second error shows in what callers see."""
    try:
        return parse_one(*arguments)
    except ValueError:
        return None


def network_text(version, number, prefix):
    """`10.0.0.0/8`"""
    return '%s/%d' % (cidr.address_text(version, number), prefix)


def broadcast(version, number, prefix):
    """The last address of a network, a number."""
    return number | (1 << (cidr.BITS[version] - prefix)) - 1


def is_private(address):
    """True for addresses, as parse() gives them, that no public network routes."""
    return _in(_PRIVATE, address)


def is_loopback(address):
    """True for 127.0.0.0/8 and ::1."""
    return _in(_LOOPBACK, address)


def _in(networks, address):
    return any(cidr.contains(cidr.parse_network(text), address) for text in networks[address[0]])


def reverse_name(version, number):
    """The name below in-addr.arpa or ip6.arpa that a PTR query asks for."""
    if version == 4:
        return '.'.join(reversed(cidr.address_text(4, number).split('.'))) + '.in-addr.arpa'
    return '.'.join(reversed('%032x' % number)) + '.ip6.arpa'


def hardware(mac):
    """The six bytes of a hardware address, twelve digits with or without a sign between pairs.

    :raises ValueError: it is none.
    """
    digits = mac.replace(mac[2], '') if len(mac) == 17 else mac
    if len(mac) not in (12, 17) or not re.match(r'[0-9a-fA-F]{12}\Z', digits):
        raise ValueError('Invalid MAC address')
    return bytearray(int(digits[at:at + 2], 16) for at in range(0, 12, 2))


def _quoted(value):
    return "'%s'" % (value,) if compat.is_text(value) else repr(value)
