"""A folder of synced plug-ins for tests."""
from __future__ import absolute_import, division, print_function

import io
import os

from minion.loader import Loader


class Folder(object):
    """extension_modules of a test: add() puts plug-ins there."""

    def __init__(self, top):
        self.top = top

    def add(self, name, source, kind='modules'):
        path = os.path.join(self.top, kind, name)
        if not os.path.isdir(os.path.dirname(path)):
            os.makedirs(os.path.dirname(path))
        with io.open(path, 'wb') as stream:
            stream.write(source if isinstance(source, bytes) else source.encode('utf-8'))
        return path

    def loader(self, **settings):
        opts = dict({'extension_modules': self.top, 'imported': []}, **settings)
        return Loader(opts, {'os': 'Debian'}, {'role': 'web'}, 'the link')
