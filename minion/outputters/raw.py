"""The return as Python shows it."""
from __future__ import absolute_import, division, print_function

from minion.helpers import showing


def output(data, **kwargs):
    """The Python text, in one line."""
    return showing.native(data)
