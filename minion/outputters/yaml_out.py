"""YAML. `--out-indent`: blanks per level, negative: the short form."""
from __future__ import absolute_import, division, print_function

import yaml

from minion import compat
from minion.helpers import showing

__virtualname__ = 'yaml'


def __virtual__():
    return __virtualname__


def output(data, **kwargs):
    """The YAML text."""
    indent = __opts__.get('output_indent')
    form = {'default_flow_style': False}
    if indent is not None:
        indent += 0                                  # a text is no number, on Python 2 either
        form = {'default_flow_style': indent < 0, 'indent': max(indent, 0) or None}
    text = compat.to_native(yaml.safe_dump(showing.plain(data), allow_unicode=True, **form)).rstrip()
    return text[:-4] if text.endswith('\n...') else text
