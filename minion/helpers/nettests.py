"""Trying ports, waking hosts, and reading what ping, traceroute and ethtool print."""
from __future__ import absolute_import, division, print_function

import contextlib
import re
import socket

from minion import compat
from minion.helpers import lookups

_PATIENCE = 5.0                           # seconds for one address
_KINDS = {'tcp': socket.SOCK_STREAM, 'udp': socket.SOCK_DGRAM}
_FAMILIES = {'ipv4': socket.AF_INET, 'ipv6': socket.AF_INET6}
_HOP = re.compile(r'\s*(\d+)\s+(?:(\*)|(\S+)\s+\(([^()\s]+)\))\s')


def connect(host, port, proto='tcp', timeout=_PATIENCE, family=None):
    """{'result': bool, 'comment': text}: can a port be reached? Only the first address of the host is tried.

    :param proto: tcp; udp, where something must come back; anything else counts as tcp.
    :param timeout: seconds.  :param family: ipv4, ipv6, anything else for both.
    """
    for name, value in (('host', host), ('port', port)):
        if not value:
            return {'result': False, 'comment': 'Required argument, %s, is missing.' % name}
    proto = proto if proto in _KINDS else 'tcp'
    try:
        if not compat.is_text(host):
            raise socket.error('a name is a text')
        found = lookups.addresses(host, port, _FAMILIES.get(family, socket.AF_UNSPEC), _KINDS[proto])
    except EnvironmentError:
        return {'result': False, 'comment': 'Unable to resolve host %s on %s port %s' % (host, proto, port)}
    reached, address = _reaches(found[0], proto, _seconds(timeout), port), found[0][4][0]
    words = 'Successfully connected' if reached else 'Unable to connect'
    return {'result': reached, 'comment': '%s to %s (%s) on %s port %s' % (words, host, address, proto, port)}


def _seconds(value):
    """None for what is no time."""
    try:
        return float(value)
    except (TypeError, ValueError):
        return None


def _reaches(info, proto, patience, port):
    family, kind, _, _, place = info
    if patience is None or patience < 0 or str(port).isdigit() and int(port) > 65535:
        return False
    try:
        with contextlib.closing(socket.socket(family, kind)) as channel:
            channel.settimeout(patience)
            channel.connect(place)
            if proto == 'udp':
                channel.send(b'')
                channel.recv(1)
    except EnvironmentError:
        return False
    return True


def wake(hardware, broadcast, port):
    """Send the magic packet for a hardware address (bytes); True.  :raises socket.error: it could not be sent."""
    with contextlib.closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as channel:
        channel.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
        channel.sendto(b'\xff' * 6 + bytes(hardware) * 16, (broadcast, port))
    return True


def host_name(host):
    """The text with only what can be in a name or address, so that no program takes it for an option."""
    return re.sub(r'[^A-Za-z0-9_.:-]', '', compat.to_native(compat.shown(host))).lstrip('-')


def hops(text):
    """The list of network.traceroute; {} for a line that tells nothing, as in the reference."""
    found = []
    for line in text.splitlines():
        if not line.startswith('traceroute'):
            found.append(_hop(line))
    return found


def _hop(line):
    match = _HOP.match(line + ' ')
    if not match:
        return {}
    if match.group(2):
        return {'count': int(match.group(1)), 'hostname': '*'}
    hop = {'count': int(match.group(1)), 'hostname': match.group(3), 'ip': match.group(4)}
    times = re.findall(r'(\d+(?:\.\d+)?)\s*ms', line)
    hop.update(('ms%d' % number, float(took)) for number, took in enumerate(times, 1))
    return hop


def ring_sizes(text):
    """What `ethtool -g` prints as a mapping: 'rx' -> number now in use, 'rx-max' -> the largest possible one."""
    found, ending = {'result': False}, ''
    for line in text.splitlines():
        match = re.match(r'(.+):\s+(\d+)$', line)
        if match:
            found[match.group(1).lower().replace(' ', '-') + ending] = int(match.group(2))
            found['result'] = True
        elif line.endswith('maximums:'):
            ending = '-max'
        elif line.endswith('settings:'):
            ending = ''
    if not found['result']:
        found['comment'] = text
    return found
