"""`salt.utils.json`: JSON, in and out as UTF-8."""
from __future__ import absolute_import, division, print_function

import json

from minion import compat

JSONDecodeError = getattr(json, 'JSONDecodeError', ValueError)


def loads(s, **kwargs):
    """The value of a JSON text or bytes."""
    kwargs.pop('encoding', None)
    json_module = kwargs.pop('_json_module', json)
    return compat.native_tree(json_module.loads(compat.to_text(s), **kwargs))


def load(fp, **kwargs):
    """The value of a JSON file."""
    return loads(fp.read(), **kwargs)


def dumps(obj, **kwargs):
    """A value as JSON; letters beyond ASCII stay what they are."""
    json_module = kwargs.pop('_json_module', json)
    kwargs.setdefault('ensure_ascii', False)
    return compat.to_native(json_module.dumps(obj, **kwargs))


def dump(obj, fp, **kwargs):
    """A value as JSON into a file."""
    fp.write(dumps(obj, **kwargs))


def find_json(raw):
    """The first JSON list or mapping in the lines of a text.  :raises ValueError: there is none."""
    lines = compat.to_text(raw).splitlines()
    for start, line in enumerate(lines):
        if line.lstrip()[:1] in (u'{', u'['):
            for end in range(len(lines), start, -1):
                try:
                    return loads(u'\n'.join(lines[start:end]))
                except ValueError:               # not up to here: try a shorter part
                    continue
    raise ValueError('no JSON in it')
