"""`import salt...` in plug-ins that were written for Salt, on hosts without Salt.

`salt.exceptions` are our own errors; what else there is lies in minion/saltlike, found and loaded when it is imported. A
plug-in that imports more of Salt does not load, and the log says so.
"""
from __future__ import absolute_import, division, print_function

import os
import re
import sys
import types

from minion.helpers import saltexceptions

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'saltlike')
_IMPORT = re.compile(br'^\s*(?:import|from)\s+salt\b', re.MULTILINE)


def wanted_by(source):
    """True if the source text (bytes) of a plug-in imports something of Salt."""
    return _IMPORT.search(source) is not None


def provide():
    """Make `import salt` and what plug-ins use of it work: with the real one where there is one, else with ours.

    This puts modules into sys.modules, once for the process; that is what such an import asks for.
    """
    if 'salt.exceptions' in sys.modules:
        return
    try:
        __import__('salt.exceptions')
    except ImportError:
        parent = sys.modules['salt'] = types.ModuleType('salt')
        parent.__path__ = [FOLDER]
        parent.exceptions = sys.modules['salt.exceptions'] = _exceptions()


def _exceptions():
    module = types.ModuleType(saltexceptions.HOME)
    for name in saltexceptions.names():
        setattr(module, name, saltexceptions.named(name))
    return module
