"""Hosts that are a mapping: what the execution modules of tests/support/statemods tell and change, for tests of states."""
from __future__ import absolute_import, division, print_function

import os

from tests.support.hoststates import States

WORLD = {}
MODULES = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'statemods')
EMPTY = {'calls': list, 'broken': set, 'failing': set, 'idle': set, 'offline': bool, 'all': set, 'running': set,
         'enabled': set, 'masked': set, 'installed': dict, 'available': dict, 'held': set, 'leftover': dict, 'altered': dict,
         'groups': dict}


def make(folder, monkeypatch, **content):
    """States whose service.* and pkg.* belong to a fresh WORLD with this content."""
    WORLD.clear()
    WORLD.update((name, kind()) for name, kind in EMPTY.items())
    WORLD.update(content)
    host = States(folder, monkeypatch)
    host.loader.opts['module_dirs'] = [MODULES]
    return host
