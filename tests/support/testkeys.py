"""Fixed RSA keys for tests, since making one takes seconds. They protect nothing."""
from __future__ import absolute_import, division, print_function

import os

from minion import keys

FOLDER = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), 'data', 'keys')


def path(name):
    """Path of the private key `master`, `minion`, `other` or `sign`; `small-master` and `small-minion` have 1024 bits,
    for tests that use them hundreds of times."""
    return os.path.join(FOLDER, name + '.pem')


def private(name):
    """The same as a PrivateKey."""
    with open(path(name), 'rb') as stream:
        return keys.PrivateKey.from_pem(stream.read())
