"""Routes, neighbours and sockets from /proc/net, which every kernel has; in the shapes that net-tools made customary."""
from __future__ import absolute_import, division, print_function

import binascii
import os
import socket
import struct
from collections import namedtuple

from minion import compat

_FLAGS_4 = ((0x2, 'G'), (0x4, 'H'), (0x8, 'R'), (0x10, 'D'), (0x20, 'M'), (0x400000, 'e'))
_FLAGS_6 = ((0x2, 'G'), (0x4, 'H'), (0x10000, 'D'), (0x40000, 'A'), (0x1000000, 'C'), (0x80000, 'a'), (0x400000, 'e'),
            (0x20, 'm'), (0x200000, 'n'), (0x2000000, 'f'))
_REJECT = 0x200
STATES = ('', 'ESTABLISHED', 'SYN_SENT', 'SYN_RECV', 'FIN_WAIT1', 'FIN_WAIT2', 'TIME_WAIT', 'CLOSE', 'CLOSE_WAIT',
          'LAST_ACK', 'LISTEN', 'CLOSING', 'SYN_RECV')
ESTABLISHED = 1
PROTOCOLS = ('tcp', 'tcp6', 'udp', 'udp6')

Socket = namedtuple('Socket', 'protocol local remote state received sent uid inode')
"""`local`, `remote`: (address, port); `state`: number; `received`, `sent`: bytes that wait; `inode`: number."""


# ---- routes

def routes_4(root):
    """IPv4 routes: mappings of addr_family, destination, gateway, netmask, flags, interface."""
    found = []
    for line in root.lines('/proc/net/route')[1:]:
        words = line.split()
        if len(words) > 7:
            found.append(_route_4(words))
    return found


def _route_4(words):
    flags, interface = int(words[3], 16), words[0]
    reject = flags & _REJECT
    return {'addr_family': 'inet', 'destination': _address_4(words[1]), 'netmask': _address_4(words[7]),
            'gateway': '-' if reject else _address_4(words[2]), 'interface': '-' if reject else interface,
            'flags': _letters('!' if reject else 'U', flags, _FLAGS_4)}


def routes_6(root):
    """IPv6 routes in the same shape; `destination` with the prefix length, `netmask` empty."""
    found = []
    for line in root.lines('/proc/net/ipv6_route'):
        words = line.split()
        if len(words) > 9:
            flags = int(words[8], 16)
            found.append({'addr_family': 'inet6', 'interface': words[9], 'netmask': '',
                          'destination': '%s/%d' % (_plain_6(words[0]), int(words[1], 16)),
                          'gateway': _plain_6(words[4]),
                          'flags': _letters('!' if flags & _REJECT else 'U', flags, _FLAGS_6)})
    return found


def _letters(first, flags, table):
    return first + ''.join(letter for bit, letter in table if flags & bit)


# ---- neighbours

def arp(root):
    """{hardware address: IPv4 address} of the neighbours that answered."""
    found = {}
    for line in root.lines('/proc/net/arp')[1:]:
        words = line.split()
        if len(words) > 5 and int(words[2], 16):
            found[words[3]] = words[0]
    return found


# ---- sockets

def sockets(root, protocols=PROTOCOLS):
    """Every Socket of these protocols, in the kernel's order."""
    found = []
    for protocol in protocols:
        for line in root.lines('/proc/net/' + protocol)[1:]:
            words = line.split()
            if len(words) > 9:
                found.append(_socket(protocol, words))
    return found


def _socket(protocol, words):
    sent, _, received = words[4].partition(':')
    return Socket(protocol, _end(words[1]), _end(words[2]), int(words[3], 16), int(received, 16), int(sent, 16),
                  int(words[7]), int(words[9]))


def _end(text):
    address, _, port = text.partition(':')
    return (_address_4(address) if len(address) == 8 else _words_6(address)), int(port, 16)


def shown(end):
    """`127.0.0.1:80`, `*` for no port."""
    return '%s:%s' % (end[0], end[1] or '*')


def owners(inodes):
    """{inode: (pid, name)} of the processes that hold these sockets, as far as we may look."""
    found = {}
    for pid in os.listdir('/proc') if os.path.isdir('/proc/self') else ():
        for inode in _sockets_of(pid) if pid.isdigit() else ():
            if inode in inodes and inode not in found:
                found[inode] = (int(pid), _name(pid))
    return found


def _sockets_of(pid):
    folder = '/proc/%s/fd' % pid
    try:
        names = os.listdir(folder)
    except OSError:                                     # it has ended, or is another user's
        return
    for name in names:
        try:
            target = os.readlink(os.path.join(folder, name))
        except OSError:                                 # closed meanwhile
            continue
        if target.startswith('socket:['):
            yield int(target[8:-1])


def _name(pid):
    """The first word of the command line, without folders."""
    try:
        with open('/proc/%s/cmdline' % pid, 'rb') as stream:
            words = compat.to_native(compat.decode_lossy(stream.read().split(b'\0')[0])).split()
    except (IOError, OSError):
        words = []
    return words[0].rpartition('/')[2] if words else '-'


# ---- addresses in hexadecimal

def _address_4(digits):
    """An IPv4 address that the kernel printed as a number in its own byte order."""
    return socket.inet_ntoa(struct.pack('=I', int(digits, 16)))


def _words_6(digits):
    """An IPv6 address printed as four such numbers; IPv4 inside of it is shown as IPv4."""
    packed = struct.pack('=IIII', *[int(digits[at:at + 8], 16) for at in (0, 8, 16, 24)])
    if packed.startswith(b'\0' * 10 + b'\xff\xff'):
        return socket.inet_ntoa(packed[12:])
    return socket.inet_ntop(socket.AF_INET6, packed)


def _plain_6(digits):
    return socket.inet_ntop(socket.AF_INET6, binascii.unhexlify(digits))
