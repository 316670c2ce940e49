"""Prints the return on the standard output, for tests."""
from __future__ import absolute_import, division, print_function

import sys

from minion import compat


def returner(ret):
    """Print `ret`."""
    sys.stdout.write(compat.to_native(compat.shown(ret)) + '\n')
    sys.stdout.flush()


def event_return(event):
    """Print an event."""
    returner(event)
