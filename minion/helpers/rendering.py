"""Text through a chain of renderers: `jinja|yaml` and its like. Jinja marks need Jinja2; text without any does not."""
from __future__ import absolute_import, division, print_function

import json

from minion import compat
from minion.helpers import templating
from minion.helpers.rendererror import SaltRenderError


def chain(text, default):
    """(text, names of its renderers): a first line `#!a|b` names them, else they are `default`."""
    first, _, rest = text.partition('\n')
    if first.startswith('#!') and not first.startswith('#!/'):
        return rest, [name.split()[0] for name in first[2:].split('|') if name.strip()]
    return text, [name.strip() for name in default.split('|')]


def render(text, names, space):
    """What the renderers make of a text, one after the other; None if there is none of such a name.

    :param space: templating.Space, for jinja.  :raises SaltRenderError: the text is wrong.
    """
    value = text
    for name in names:
        if name not in _RENDERERS:
            return None
        value = _RENDERERS[name](value, space)
    return value


def _jinja(text, space):
    return templating.render(text, 'jinja', space)


def _yaml(text, space):
    try:
        found = compat.import_yaml().safe_load(text)
    except compat.import_yaml().YAMLError as exc:
        raise SaltRenderError(str(exc))
    return {} if found is None else compat.native_tree(found)


def _json(text, space):
    try:
        return compat.native_tree(json.loads(text)) if text.strip() else {}
    except ValueError as exc:
        raise SaltRenderError(str(exc))


_RENDERERS = {'jinja': _jinja, 'yaml': _yaml, 'json': _json}
