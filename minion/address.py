"""The address of a master, as the setting `master` may hold it."""
from __future__ import absolute_import, division, print_function

import re
import socket

from minion import errors

HOST = re.compile(r'^[^\x00-\x20\x7f/\\@\[\]*?#,;"\'<>|:]{1,255}\Z')
ZONE = re.compile(r'%[\w.-]{1,32}\Z')                                  # fe80::1%eth0
PORT = re.compile(r'[1-9][0-9]{0,4}\Z')


def parse_address(text, default_port, uri_format='default'):
    """(host, port) of what `master` may hold: host, host:port, IPv6, [IPv6], [IPv6]:port.

    :param str uri_format: 'ip_only': a colon never starts a port.
    :raises ConfigError: no such form; the text quotes it and says why, without file and key.
    """
    text = text.strip()
    host, port = text, None
    if text.startswith('['):
        host, bracket, rest = text[1:].partition(']')
        if not bracket or (rest and not rest.startswith(':')):
            raise _bad_address(text, 'needs the form [IPv6]:port')
        port = rest[1:] if rest else None
    elif text.count(':') == 1 and uri_format == 'default':
        host, _, port = text.partition(':')
    if not (_is_ipv6(host) if ':' in host or text.startswith('[') else HOST.match(host)):
        raise _bad_address(text, 'is no host name or address')
    try:
        return host, _port(default_port if port is None else port)
    except ValueError as exc:
        raise _bad_address(text, 'has a port that should be %s' % exc)


def _port(value):
    """A number from 1 to 65535; what looks odd is left to the checks of settings, which a minion that serves does not load.

    :raises ValueError: the text says what it should be.
    """
    if PORT.match(str(value)) and int(value) <= 65535:
        return int(value)
    from minion.settings import checks
    return checks.port(value)


def _is_ipv6(host):
    try:
        socket.inet_pton(socket.AF_INET6, ZONE.sub('', host))
    except (socket.error, ValueError):               # ValueError: a NUL inside, on newer Pythons
        return False
    return True


def _bad_address(text, why):
    return errors.ConfigError('the address %r %s' % (text[:80], why))
