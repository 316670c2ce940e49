"""Python's own notation, in lines of a terminal's width."""
from __future__ import absolute_import, division, print_function

import pprint

__virtualname__ = 'pprint'


def __virtual__():
    return __virtualname__


def output(data, **kwargs):
    """The Python text, names in order."""
    indent = __opts__.get('output_indent')
    return pprint.pformat(data, indent=1 if indent is None else max(indent + 0, 0))
