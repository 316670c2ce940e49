"""Names to addresses, anew each time, never holding up a stop: the lookup runs on a thread that may be left behind."""
from __future__ import absolute_import, division, print_function

import socket
import threading

from minion import compat, errors

DEADLINE = 30.0                  # seconds; a resolver that says nothing for longer counts as a name not found


class NameNotResolved(errors.MinionError):
    """The master's name has no address now."""


def is_address(host):
    """True for a numeric IPv4 or IPv6 address."""
    for family in (socket.AF_INET, socket.AF_INET6):
        try:
            socket.inet_pton(family, compat.to_native(host))
            return True
        except (socket.error, ValueError):
            continue
    return False


def addresses(host, bell, ipv6=None, lookup=None, patience=None):
    """All numeric addresses of a host, each once, in the order in which they are to be tried.

    :param ipv6: True: IPv6 first; False: IPv4 first; None: in the order that the system prefers.
    :param Bell bell: of the calling thread; a stop ends the wait.
    :param callable lookup: instead of socket.getaddrinfo.  :param float patience: seconds, instead of DEADLINE.
    :raises NameNotResolved: none, or no answer in time.  :raises Interrupted: told to stop.
    """
    if is_address(host):
        return [host]
    found = _found(_looked_up(host, bell, lookup or socket.getaddrinfo,
                              DEADLINE if patience is None else patience))
    if ipv6 is not None:
        found.sort(key=lambda pair: (pair[0] == socket.AF_INET6) != bool(ipv6))
    result = []
    for _, address in found:
        if address not in result:
            result.append(address)
    if not result:
        raise NameNotResolved('the name %s has no address' % host)
    return result


def _found(infos):
    return [(info[0], compat.to_native(info[4][0])) for info in infos if info[0] in (socket.AF_INET, socket.AF_INET6)]


def _looked_up(host, bell, lookup, patience):
    box = []

    def work():
        try:
            box.append((lookup(host, None, 0, socket.SOCK_STREAM), None))
        except (socket.error, UnicodeError) as exc:
            box.append((None, exc))
        bell.ring()
    thread = threading.Thread(target=work, name='resolver')
    thread.daemon = True
    thread.start()
    deadline = compat.monotonic() + patience
    while not box:
        left = deadline - compat.monotonic()
        if left <= 0:
            raise NameNotResolved('the name %s gave no answer within %g s' % (host, patience))
        bell.wait(left)
        if bell.stopping:
            raise errors.Interrupted('stopped while looking up %s' % host)
    infos, error = box[0]
    if error is not None:
        raise NameNotResolved('the name %s cannot be resolved: %s' % (host, getattr(error, 'strerror', None) or error))
    return infos
