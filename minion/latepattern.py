"""Patterns of libraries, compiled when they are used first: of those that PyYAML makes a short file needs none."""
from __future__ import absolute_import, division, print_function

import re
import threading


class Late(object):
    """In the place of a compiled pattern; the arguments are those of re.compile()."""

    def __init__(self, *args):
        self._args = args

    def __getattr__(self, name):                     # once for each name
        if name.startswith('__'):
            raise AttributeError(name)
        found = getattr(re.compile(*self._args), name)
        setattr(self, name, found)
        return found


def importing(name):
    """Import a module by name, with what it loads; the patterns that they make meanwhile are Late.

    For modules that call methods of their patterns and nothing else. Where other threads run, which might compile patterns
    meanwhile, it is imported as usual.
    """
    if threading.active_count() > 1:
        return __import__(name)
    compiled = re.compile
    re.compile = Late
    try:
        return __import__(name)
    finally:
        re.compile = compiled
