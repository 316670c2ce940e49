"""A name service for tests: names and addresses as the test says, changed at any time."""
from __future__ import absolute_import, division, print_function

import socket


class FakeNames(object):
    """To be called like socket.getaddrinfo.  :param addresses: name=[numeric addresses]; any other name is unknown."""

    def __init__(self, **addresses):
        self.addresses = addresses
        self.asked = 0

    def __call__(self, host, port, family=0, kind=0):
        self.asked += 1
        found = self.addresses.get(host)
        if not found:
            raise socket.gaierror(socket.EAI_NONAME, 'Name or service not known')
        return [(socket.AF_INET6 if ':' in address else socket.AF_INET, kind, 6, '', (address, port or 0))
                for address in found]
