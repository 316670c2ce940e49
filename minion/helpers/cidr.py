"""IP addresses and networks as numbers: Python 2.7 has no ipaddress module.

Strict in the way of the reference: no host bits in a network, no leading zeros in an octet, no blanks.
"""
from __future__ import absolute_import, division, print_function

import binascii
import re
import socket

from minion import compat

_OCTETS = re.compile(r'^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\Z')
BITS = {4: 32, 6: 128}


def parse_address(text):
    """(version 4 or 6, number) of an address; a plain int is taken as the number itself.

    :raises ValueError: for anything else.
    """
    if isinstance(text, compat.integer_types):
        return _from_number(int(text))
    if not compat.is_text(text):
        raise ValueError('not an IP address')
    if ':' in text:
        return 6, _parse_v6(text)
    return 4, _parse_v4(text)


def parse_network(text):
    """(version, first number, prefix length in bits) of `10.0.0.0/8`, `10.0.0.0/255.0.0.0`, `fe80::/10`, or an address.

    :raises ValueError: for anything else, host bits that are set included.
    """
    if not compat.is_text(text) or text.count('/') > 1:
        raise ValueError('not an IP network')
    base, slash, length = text.partition('/')
    version, number = parse_address(base)
    prefix = parse_prefix(length, version) if slash else BITS[version]
    if number & ((1 << (BITS[version] - prefix)) - 1):
        raise ValueError('host bits are set')
    return version, number, prefix


def contains(network, address):
    """True if the address, as parse_address gives it, lies in the network, as parse_network gives it."""
    version, number, prefix = network
    shift = BITS[version] - prefix
    return address[0] == version and address[1] >> shift == number >> shift


def address_text(version, number):
    """The customary text of an address, IPv6 in its short form."""
    if version == 4:
        return '.'.join(str(number >> shift & 255) for shift in (24, 16, 8, 0))
    return socket.inet_ntop(socket.AF_INET6, binascii.unhexlify(('%032x' % number).encode('ascii')))


def mask(version, prefix):
    """The network mask with `prefix` bits set, as a number."""
    return ((1 << prefix) - 1) << (BITS[version] - prefix)


def _from_number(number):
    if not 0 <= number < 1 << 128:
        raise ValueError('not an IP address')
    return (4 if number < 1 << 32 else 6), number


def _parse_v4(text):
    match = _OCTETS.match(text)
    if not match or not all(ord(sign) < 128 for sign in text):
        raise ValueError('not an IPv4 address')
    number = 0
    for octet in match.groups():
        if int(octet) > 255 or (octet[0] == '0' and octet != '0'):
            raise ValueError('not an IPv4 address')
        number = number << 8 | int(octet)
    return number


def _parse_v6(text):
    try:
        packed = socket.inet_pton(socket.AF_INET6, str(text))     # str: Python 2 takes no unicode; non-ASCII fails
    except (socket.error, UnicodeError):
        raise ValueError('not an IPv6 address')
    return int(binascii.hexlify(packed), 16)


def parse_prefix(text, version):
    """The prefix length that follows a `/`: a number, or for IPv4 a mask.  :raises ValueError: anything else."""
    if re.match(r'^[0-9]{1,8}\Z', text):
        prefix = int(text)
    elif version == 4:
        prefix = _prefix_of_mask(_parse_v4(text))
    else:
        raise ValueError('not a prefix length')
    if prefix > BITS[version]:
        raise ValueError('prefix too long')
    return prefix


def _prefix_of_mask(mask):
    """Prefix length of a netmask (255.255.0.0), or of its inverse, as access lists have it (0.0.255.255)."""
    for ones in (mask, mask ^ 0xffffffff):
        inverse = ones ^ 0xffffffff
        if inverse & (inverse + 1) == 0:
            return 32 - inverse.bit_length()
    raise ValueError('not a netmask')
