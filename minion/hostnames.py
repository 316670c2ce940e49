"""What this host calls itself: the candidates for the name of a minion that was given none."""
from __future__ import absolute_import, division, print_function

import os
import re
import socket
import threading

from minion import compat, files

LIMIT = 1 << 18
NO_NAMES = re.compile(r'^(localhost[0-9]*(\..*)?|ip6-.*|.*-loopback|127\.[0-9.]+|::1|0\.0\.0\.0|fe00::.*|'
                      r'ff0[0-9]::.*|)\Z', re.I)
LOCAL_ADDRESS = re.compile(r'/32 host LOCAL')


def is_loopback(name):
    """True for localhost and its like, which name no particular host."""
    return bool(NO_NAMES.match(name))


def is_address(name):
    """True for an IPv4 or IPv6 address."""
    for family in (socket.AF_INET, socket.AF_INET6):
        try:
            socket.inet_pton(family, name)
            return True
        except (socket.error, ValueError):           # ValueError: a NUL inside, on newer Pythons
            continue
    return False


class Host(object):
    """The places where a name may be found. `root` is put in front of file names (tests).

    :param float deadline: seconds that the resolver has; a dead name server would hold the start up for half a minute.
    """

    def __init__(self, root='/', deadline=1.0, resolve=socket.getfqdn, nodename=lambda: os.uname()[1]):
        self._root, self._deadline, self._resolve, self._nodename = root, deadline, resolve, nodename

    def candidates(self):
        """(names, complete): names in order of preference; complete is False when the resolver did not answer in time."""
        full = self._full_name()
        names = [full or '', self._nodename()]
        names += self._first_words('etc/hostname') + self._first_words('etc/nodename')
        names += self._loopback_names() + self._addresses()
        good = []
        for name in names:
            name = compat.to_native(name).strip()
            if name not in good and not is_loopback(name):
                good.append(name)
        return good, full is not None

    def _full_name(self):
        """The full name by the resolver, asked on a thread of its own; None when it did not answer in time."""
        answers = []

        def ask():
            try:
                answers.append(self._resolve())
            except (EnvironmentError, UnicodeError):     # no such name; a host name that no DNS name can be
                answers.append('')

        thread = threading.Thread(target=ask, name='host-name')
        thread.daemon = True
        thread.start()
        thread.join(self._deadline)
        return answers[0] if answers else None

    def _lines(self, name):
        """Lines of a file, without comments; none where it cannot be read: it is one source of several."""
        try:
            data = files.read(os.path.join(self._root, name), LIMIT)
        except EnvironmentError:
            return []
        text = compat.to_native((data or b'').decode('utf-8', 'replace'))
        return [line.partition('#')[0].strip() for line in text.splitlines()]

    def _first_words(self, name):
        return [line.split()[0] for line in self._lines(name) if line][:1]

    def _loopback_names(self):
        """Names that the hosts file gives to 127.0.0.x."""
        words = (line.split() for line in self._lines('etc/hosts'))
        return [name for line in words if line and (line[0].startswith('127.') or line[0] == '::1') for name in line[1:]]

    def _addresses(self):
        """IPv4 addresses of this host as the kernel lists them, without a socket."""
        lines = self._lines('proc/net/fib_trie')
        found = [above.split()[-1] for above, line in zip(lines, lines[1:])
                 if LOCAL_ADDRESS.match(line) and above.startswith('|-- ')]
        return sorted(set(found))
