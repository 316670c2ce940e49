"""Waiting for a condition, with a deadline that says what did not happen."""
from __future__ import absolute_import, division, print_function

import threading

from minion import compat


def wait_until(condition, seconds, what, pause=0.05):
    """Call `condition()` until it gives something true, and return that.

    :param float seconds: deadline; `pause`: seconds between two calls.
    :param what: text, or a function that gives the text, of the thing waited for; only used for the error.
    :raises AssertionError: the deadline passed.
    """
    deadline = compat.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if compat.monotonic() > deadline:
            raise AssertionError('not within %g s: %s' % (seconds, what() if callable(what) else what))
        threading.Event().wait(pause)
