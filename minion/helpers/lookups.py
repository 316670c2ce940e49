"""Names to addresses with a deadline: the lookup runs on a thread that may be left behind."""
from __future__ import absolute_import, division, print_function

import socket
import threading

from minion import compat

DEADLINE = 15.0                  # seconds; a resolver that says nothing for longer counts as a name not found


def addresses(host, port, family=socket.AF_UNSPEC, kind=socket.SOCK_STREAM, deadline=DEADLINE):
    """What socket.getaddrinfo finds, in its shape.

    :raises socket.error: nothing, or no answer before the deadline (seconds).
    """
    host = compat.to_native(host)
    return within(deadline, lambda: socket.getaddrinfo(host, port, family, kind))


def within(deadline, ask):
    """What `ask()` returns, a question to the resolver.

    :raises socket.error: what it raised, or no answer before the deadline (seconds).
    """
    box = []

    def work():
        try:
            box.append((ask(), None))
        except (EnvironmentError, UnicodeError, OverflowError) as exc:
            box.append((None, exc))
    thread = threading.Thread(target=work, name='lookup')
    thread.daemon = True
    thread.start()
    thread.join(deadline)
    if not box:
        raise socket.error('no answer from the resolver within %g s' % deadline)
    found, error = box[0]
    if isinstance(error, EnvironmentError):
        raise error
    if error is not None:
        raise socket.error(str(error))
    return found


def names_of(found, deadline=DEADLINE):
    """Sorted names that the resolver has for addresses; those without a name, or an answer in time, are left out."""
    names, end = set(), compat.monotonic() + deadline
    for address in found:
        left = end - compat.monotonic()
        if left <= 0:
            break
        try:
            names.add(within(left, lambda: socket.getfqdn(socket.gethostbyaddr(address)[0])))
        except EnvironmentError:                         # an address without a name
            continue
    return sorted(names)
