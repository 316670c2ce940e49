"""Slots: arguments that are the return of an execution function, `__slot__:salt:test.echo(hi).key ~ more`."""
from __future__ import absolute_import, division, print_function

import logging
import re
import shlex

from minion import compat
from minion.helpers import traverse

log = logging.getLogger(__name__)

_MARK = '__slot__:'
_CALL = re.compile(r'__slot__:salt:([\w.]+)\((.*)\)(.*)\Z', re.DOTALL)


def filled(value, functions):
    """`value` with every slot in it replaced; lists and mappings are looked through."""
    if compat.is_text(value):
        return _filled(compat.to_native(value), functions) if value.startswith(_MARK) else value
    if isinstance(value, list):
        return [filled(item, functions) for item in value]
    if isinstance(value, dict):
        return type(value)((key, filled(item, functions)) for key, item in value.items())
    return value


def _filled(text, functions):
    found = _CALL.match(text)
    if not found or found.group(1) not in functions:
        log.warning('%s: is no slot, or its function is not there; left as it is', text)
        return text
    args, kwargs = _arguments(found.group(2))
    value = functions[found.group(1)](*args, **kwargs)
    path, appended = _rest(found.group(3))
    if path:
        value = traverse.get(value, path, None, '.')
    return '%s%s' % (value, appended) if appended is not None else value


def _rest(text):
    """('a.b', text to append or None) of what follows the call."""
    path, mark, appended = text.partition('~')
    return path.strip().lstrip('.'), appended.strip() if mark else None


def _arguments(text):
    """(list, mapping) of texts, as between the brackets of a call."""
    args, kwargs = [], {}
    for word in _split(text):
        name, mark, value = word.partition('=')
        if mark and re.match(r'\s*\w+\s*\Z', name):
            kwargs[name.strip()] = _plain(value)
        else:
            args.append(_plain(word))
    return args, kwargs


def _split(text):
    """The parts between commas that are in no brackets and quotes."""
    parts, part, depth, quote = [], '', 0, ''
    for char in text:
        if quote:
            quote = '' if char == quote else quote
        elif char in '"\'':
            quote = char
        elif char in '([{':
            depth += 1
        elif char in ')]}':
            depth -= 1
        elif char == ',' and not depth:
            parts.append(part)
            part = ''
            continue
        part += char
    return parts + [part] if part.strip() or parts else []


def _plain(text):
    text = text.strip()
    if text[:1] in ('"', "'"):
        return ''.join(shlex.split(text))
    return text
