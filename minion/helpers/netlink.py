"""Asks the kernel for links, addresses and routes through a netlink socket: no program, no text to parse.

Formats: linux/netlink.h, linux/rtnetlink.h, linux/if_link.h, linux/if_addr.h.
"""
from __future__ import absolute_import, division, print_function

import contextlib
import os
import socket
import struct
from collections import namedtuple

from minion import compat

_HEADER, _ATTRIBUTE = struct.Struct('=IHHII'), struct.Struct('=HH')
_LINK, _ADDRESS, _ROUTE = struct.Struct('=BxHiII'), struct.Struct('=BBBBI'), struct.Struct('=BBBBBBBBI')
_NEIGHBOUR = struct.Struct('=BxxxiHBB')
_GET_LINK, _GET_ADDRESS, _GET_ROUTE, _GET_NEIGHBOUR = 18, 22, 26, 30
_DUMP, _ONE = 0x301, 1                    # NLM_F_REQUEST | NLM_F_DUMP; NLM_F_REQUEST
_ERROR, _DONE = 2, 3
_INTERRUPTED = 0x10                       # NLM_F_DUMP_INTR: things changed while they were listed
_PATIENCE = 5.0                           # seconds; the kernel answers at once or never
_MAIN_TABLE, _UNICAST = 254, 1

Link = namedtuple('Link', 'index name kind flags hardware parent')
"""`kind`: ARPHRD number; `hardware`: bytes; `parent`: index of the link below, 0 for none, None if not told."""

Address = namedtuple('Address', 'index family prefix flags scope address label broadcast')
"""`family`: socket.AF_INET or AF_INET6; `address`, `broadcast`: text or None."""

Gateway = namedtuple('Gateway', 'family address')
"""A default route of the main table; `address` is None for one without a gateway address."""

Neighbour = namedtuple('Neighbour', 'address hardware state')
"""`address`: text; `hardware`: bytes; `state`: bits, see linux/neighbour.h."""

Way = namedtuple('Way', 'gateway index source kind')
"""How packets to one address leave; `gateway`, `source`: text or None; `index`: of the link; `kind`: RTN_ number."""


def links():
    """All network interfaces in the order of their numbers.  :raises EnvironmentError: the kernel does not answer."""
    return [_read_link(body) for body in _dump(_GET_LINK, _LINK.pack(0, 0, 0, 0, 0))]


def addresses():
    """All IP addresses.  :raises EnvironmentError: as links()."""
    found = [_read_address(body) for body in _dump(_GET_ADDRESS, _ADDRESS.pack(0, 0, 0, 0, 0))]
    return [address for address in found if address is not None]


def gateways(family):
    """The default routes of one family, the preferred one first.  :raises EnvironmentError: as links()."""
    found = [_read_route(body) for body in _dump(_GET_ROUTE, _ROUTE.pack(family, 0, 0, 0, 0, 0, 0, 0, 0))]
    return [gateway for gateway in found if gateway is not None and gateway.family == family]


def neighbours(family):
    """The hardware addresses that the kernel knows for IP addresses.  :raises EnvironmentError: as links()."""
    found = [_read_neighbour(body) for body in _dump(_GET_NEIGHBOUR, _NEIGHBOUR.pack(family, 0, 0, 0, 0))]
    return [neighbour for neighbour in found if neighbour is not None]


def way_to(family, packed):
    """The Way to an address (bytes).  :raises EnvironmentError: there is none, or as links()."""
    attribute = _ATTRIBUTE.pack(_ATTRIBUTE.size + len(packed), 1) + packed         # RTA_DST
    body = _ROUTE.pack(family, 8 * len(packed), 0, 0, 0, 0, 0, 0, 0) + attribute
    return _read_way(_dump_once(_GET_ROUTE, body, _ONE)[0][0])


def _dump(kind, body):
    """The bodies of all messages that answer a request; asked again when the list changed meanwhile."""
    for _ in range(3):
        found, whole = _dump_once(kind, body)
        if whole:
            break
    return found


def _dump_once(kind, body, flags=_DUMP):
    found, whole = [], True
    with contextlib.closing(socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0)) as channel:
        channel.settimeout(_PATIENCE)
        channel.bind((0, 0))
        channel.send(_HEADER.pack(_HEADER.size + len(body), kind, flags, 1, 0) + body)
        while True:
            for number, marks, content in _messages(channel.recv(1 << 18)):
                whole = whole and not marks & _INTERRUPTED
                if number == _DONE:
                    return found, whole
                if number == _ERROR:
                    code = -struct.unpack_from('=i', content)[0]
                    raise OSError(code, 'netlink: ' + os.strerror(code))
                found.append(content)
                if flags == _ONE:
                    return found, True


def _messages(data):
    at = 0
    while at + _HEADER.size <= len(data):
        length, number, flags, _, _ = _HEADER.unpack_from(data, at)
        if length < _HEADER.size:
            raise OSError(0, 'netlink: a message of %d bytes' % length)
        yield number, flags, data[at + _HEADER.size:at + length]
        at += length + 3 & ~3


def _attributes(data, start):
    """{number: bytes} behind the fixed part of a message."""
    found, at = {}, start
    while at + _ATTRIBUTE.size <= len(data):
        length, number = _ATTRIBUTE.unpack_from(data, at)
        if length < _ATTRIBUTE.size:
            break
        found[number & 0x3fff] = data[at + _ATTRIBUTE.size:at + length]
        at += length + 3 & ~3
    return found


def _read_link(body):
    _, kind, index, flags, _ = _LINK.unpack_from(body)
    known = _attributes(body, _LINK.size)
    parent = struct.unpack_from('=i', known[5])[0] if len(known.get(5, b'')) >= 4 else None
    return Link(index, _text(known.get(3, b'')), kind, flags, known.get(1, b''), parent)


def _read_address(body):
    family, prefix, flags, scope, index = _ADDRESS.unpack_from(body)
    known = _attributes(body, _ADDRESS.size)
    packed = known.get(2, known.get(1))           # IFA_LOCAL; of a point-to-point link IFA_ADDRESS is the other end
    if family not in (socket.AF_INET, socket.AF_INET6) or packed is None:
        return None
    broadcast = socket.inet_ntop(family, known[4]) if 4 in known else None
    return Address(index, family, prefix, flags, scope, socket.inet_ntop(family, packed), _text(known.get(3, b'')),
                   broadcast)


def _read_route(body):
    family, prefix, _, _, table, _, _, kind, _ = _ROUTE.unpack_from(body)
    known = _attributes(body, _ROUTE.size)
    if 15 in known:                               # RTA_TABLE, for numbers above 255
        table = struct.unpack_from('=I', known[15])[0]
    if prefix or table != _MAIN_TABLE or kind != _UNICAST:
        return None
    return Gateway(family, socket.inet_ntop(family, known[5]) if 5 in known else None)


def _read_neighbour(body):
    family, _, state, _, _ = _NEIGHBOUR.unpack_from(body)
    known = _attributes(body, _NEIGHBOUR.size)
    if family not in (socket.AF_INET, socket.AF_INET6) or 1 not in known:
        return None
    return Neighbour(socket.inet_ntop(family, known[1]), known.get(2, b''), state)


def _read_way(body):
    fixed, known = _ROUTE.unpack_from(body), _attributes(body, _ROUTE.size)
    gateway, source = [socket.inet_ntop(fixed[0], known[number]) if number in known else None for number in (5, 7)]
    return Way(gateway, struct.unpack_from('=I', known[4])[0] if 4 in known else None, source, fixed[7])


def _text(value):
    return compat.to_native(value.split(b'\x00')[0])
