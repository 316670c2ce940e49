"""JSON. `--out-indent`: blanks per level, negative: one line."""
from __future__ import absolute_import, division, print_function

import json

from minion import compat
from minion.helpers import showing

__virtualname__ = 'json'


def __virtual__():
    return __virtualname__


def output(data, **kwargs):
    """The JSON text; what JSON has no form for is shown as Python shows it."""
    indent, in_order = __opts__.get('output_indent', 4), False
    if indent is None:
        indent = 4
    elif indent == 'pretty':
        indent, in_order = 4, True
    elif not compat.is_text(indent) and indent < 0:
        indent = None
    try:
        text = json.dumps(showing.texts(data), indent=indent, default=repr, ensure_ascii=False, skipkeys=True,
                          sort_keys=in_order, separators=(', ', ': ') if indent is None else (',', ': '))
    except UnicodeDecodeError:                       # Python 2: bytes that are no text
        text = json.dumps({'error': 'the return holds bytes that JSON cannot have'}, indent=indent)
    return compat.to_native(text, errors='surrogatepass' if not compat.PY2 else 'replace')
