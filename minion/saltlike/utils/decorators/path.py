"""`salt.utils.decorators.path`: functions that need programs."""
from __future__ import absolute_import, division, print_function

import functools

from minion.errors import CommandNotFoundError
from salt.utils import path as programs


def which(exe):
    """Decorator: a call fails with a clear error where the program is missing."""
    return which_bin([exe])


def which_bin(exes):
    """Decorator: a call fails with a clear error where all of the programs are missing."""
    def decorate(function):
        @functools.wraps(function)
        def call(*args, **kwargs):
            if programs.which_bin(list(exes)) is None:
                raise CommandNotFoundError('%s is not found' % ', '.join(exes))
            return function(*args, **kwargs)
        return call
    return decorate
