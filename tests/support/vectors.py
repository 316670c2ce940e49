"""The recorded traffic and function results of real Salt in tests/data/vectors."""
from __future__ import absolute_import, division, print_function

import base64
import io
import json
import os

from minion import compat

VERSIONS = ('2016.11.10', '2019.2.8', '3000.9', '3004.2', '3006.24', '3007.13', '3008.3')
_FOLDER = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), 'data', 'vectors')


def load(kind, version):
    """The content of one file; `kind` is 'crypto' or 'transcript'."""
    with io.open(os.path.join(_FOLDER, '%s-%s.json' % (kind, version)), encoding='utf-8') as stream:
        return json.load(stream)


def raw(text):
    """Bytes of a base64 member."""
    return base64.b64decode(text)


def as_recorded(value):
    """A tree from payload.unpack in the form that the files use: text where it is UTF-8, else {'__b64__': ...}."""
    if isinstance(value, bytes):
        try:
            return value.decode('utf-8')
        except UnicodeDecodeError:
            return {'__b64__': compat.to_text(base64.b64encode(value))}
    if isinstance(value, dict):
        return dict((as_recorded(key), as_recorded(item)) for key, item in value.items())
    if isinstance(value, list):
        return [as_recorded(item) for item in value]
    return value
