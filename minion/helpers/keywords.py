"""Functions with arguments that can only be named, behind `*args`: Python 2 has no words for them."""
from __future__ import absolute_import, division, print_function

import functools

from minion import compat


def only(rows):
    """Decorator: `function(args, **named)` becomes `function(*args, **named)` with the named arguments of `rows` only.

    :param rows: (name, default) of each, in order; sys.argspec and the checks of a job see them.
    """
    names, defaults = [name for name, _ in rows], tuple(default for _, default in rows)

    def decorate(function):
        @functools.wraps(function)
        def call(*args, **named):
            strange = sorted(set(named) - set(names))
            if strange:
                raise TypeError("%s() got an unexpected keyword argument '%s'" % (function.__name__, strange[0]))
            return function(args, **dict(rows, **named))
        call.__argspec__ = compat.ArgSpec(names, 'args', None, defaults)
        return call
    return decorate
