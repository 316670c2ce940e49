"""`minion demo --master`: the minion in a folder of its own against a real master, told from its log."""
from __future__ import absolute_import, division, print_function

import socket
import time

from minion import compat, errors
from minion.demo.child import Child
from minion.demo.words import say

PORT = 4506
LOOK = 0.2                        # seconds between two looks at the log


def address(text):
    """(host, port) of HOST, HOST:PORT, [HOST] or [HOST]:PORT; IPv6 addresses may stand without brackets.

    :raises ConfigError: the port is none.
    """
    if text.startswith('['):
        host, _, rest = text[1:].partition(']')
        port = rest.lstrip(':')
    elif text.count(':') == 1:
        host, _, port = text.partition(':')
    else:
        host, port = text, ''
    if not host or port and not (port.isdigit() and 0 < int(port) < 65536):
        raise errors.ConfigError('--master %s: should be HOST or HOST:PORT' % text)
    return host, int(port or PORT)


def default_id():
    """An id that does not stand in the way of this host's own minion."""
    return 'demo-' + (socket.gethostname().partition('.')[0] or 'minion')


class Remote(object):
    """:param str folder: of the demo, mode 0700; made when missing.  :param str master: see address().
    :param str minion_id: None for default_id().  :param words: command of another minion (see Child).
    """

    def __init__(self, folder, master, minion_id=None, words=None):
        self._host, port = address(master)
        self._id = minion_id or default_id()
        self._folder = folder
        self._told = False                       # how to accept the key
        self.child = Child(folder, {'id': self._id, 'master': self._host, 'master_port': port,
                                    'acceptance_wait_time': 5, 'minimum_auth_version': 0}, words)

    def run(self):
        """Tell what happens until a signal comes. :raises MinionError: the minion ended."""
        say('folder    %s' % self._folder)
        say('minion    starts as %s for master %s, process %d' % (self._id, self._host, self.child.start()))
        while True:
            for level, text in self.child.news():
                say('minion    %s' % text if level else '          ' + text)
            self._tell_remedy()
            self.child.check()
            time.sleep(LOOK)

    def stop(self):
        """End the minion."""
        if not self.child.stop():
            say('minion    did not stop by itself and was killed')

    def _tell_remedy(self):
        fingers = None if self._told else self.child.fingerprints()
        if fingers is None:
            return
        self._told = True
        name = compat.shell_quote(self._id)
        say('key       fingerprint %s' % fingers[0])
        say('          or, on a 3008 master, %s' % fingers[1])
        say('          compare it on the master:  salt-key -f %s' % name)
        say('          accept it there:           salt-key -a %s' % name)
        say('          then send a job:           salt %s test.ping' % name)
