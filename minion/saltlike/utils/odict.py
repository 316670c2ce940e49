"""`salt.utils.odict`: mappings that keep their order."""
from __future__ import absolute_import, division, print_function

from collections import OrderedDict

__all__ = ('OrderedDict', 'DefaultOrderedDict')


class DefaultOrderedDict(OrderedDict):
    """An OrderedDict with a default for keys that are missing."""

    def __init__(self, default_factory=None, *args, **kwargs):
        OrderedDict.__init__(self, *args, **kwargs)
        self.default_factory = default_factory

    def __missing__(self, key):
        if self.default_factory is None:
            raise KeyError(key)
        self[key] = self.default_factory()
        return self[key]
