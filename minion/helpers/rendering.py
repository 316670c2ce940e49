"""Text through a chain of renderers: `jinja|yaml` and its like. Jinja marks need Jinja2; text without any does not."""
from __future__ import absolute_import, division, print_function

import json
import re

from minion import compat
from minion.errors import SaltException

_MARKS = re.compile(r'\{\{|\{%|\{#')


class SaltRenderError(SaltException):
    """Text that a renderer cannot read."""
    __module__ = 'salt.exceptions'


def chain(text, default):
    """(text, names of its renderers): a first line `#!a|b` names them, else they are `default`."""
    first, _, rest = text.partition('\n')
    if first.startswith('#!') and not first.startswith('#!/'):
        return rest, [name.split()[0] for name in first[2:].split('|') if name.strip()]
    return text, [name.strip() for name in default.split('|')]


def render(text, names, variables):
    """What the renderers make of a text, one after the other; None if there is none of such a name.

    :param dict variables: for jinja.  :raises SaltRenderError: the text is wrong.
    """
    value = text
    for name in names:
        if name not in _RENDERERS:
            return None
        value = _RENDERERS[name](value, variables)
    return value


def _jinja(text, variables):
    if not _MARKS.search(text):
        return text
    try:
        import jinja2
    except ImportError:
        raise SaltRenderError('the text has Jinja marks, but Jinja2 is not installed for this Python')
    room = jinja2.Environment(undefined=jinja2.StrictUndefined, extensions=['jinja2.ext.do', 'jinja2.ext.loopcontrols'])
    try:
        return compat.to_native(room.from_string(compat.to_text(text)).render(**variables))
    except jinja2.TemplateSyntaxError as exc:
        raise SaltRenderError('Jinja syntax error: %s; line %d' % (exc.message, exc.lineno))
    except jinja2.UndefinedError as exc:
        raise SaltRenderError('Jinja variable %s' % exc.message)


def _yaml(text, variables):
    try:
        found = compat.import_yaml().safe_load(text)
    except compat.import_yaml().YAMLError as exc:
        raise SaltRenderError(str(exc))
    return {} if found is None else compat.native_tree(found)


def _json(text, variables):
    try:
        return compat.native_tree(json.loads(text)) if text.strip() else {}
    except ValueError as exc:
        raise SaltRenderError(str(exc))


_RENDERERS = {'jinja': _jinja, 'yaml': _yaml, 'json': _json}
