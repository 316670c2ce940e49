"""What the program hwinfo prints of the hardware."""
from __future__ import absolute_import, division, print_function

import re

_LISTS = {'Driver': ', ', 'Driver Modules': ', ', 'Device Files': ',', 'Features': ','}


def short(text):
    """{kind: {device, or a number for what has none: what it is}} of the summary."""
    found, kind = {}, None
    for line in text.splitlines():
        if line and not line[0].isspace():
            kind = found.setdefault(line.rstrip()[:-1], {}) if line.rstrip().endswith(':') else None
        elif line.strip() and kind is not None:
            name, _, about = line.strip().partition(' ')
            if line.startswith('   '):                   # nothing stands in the column of the devices
                kind[str(sum(key.isdigit() for key in kind))] = line.strip()
            else:
                kind[name] = about.strip()
    return found


def full(text):
    """{number: {key: value}} of the long form; what is indented below a key is a mapping."""
    found, levels = {}, []
    for line in text.splitlines():
        depth = len(line) - len(line.lstrip())
        if not line.strip():
            continue
        if not depth:
            number, colon, rest = line.partition(':')
            about = rest.strip().partition(': ')
            if not (number.isdigit() and colon):
                levels = []
                continue
            found[number] = {about[0]: about[2]} if about[1] else {}
            levels = [(0, found[number])]
        elif levels:
            _add(levels, depth, line.strip())
    return found


def _add(levels, depth, line):
    while len(levels) > 1 and levels[-1][0] >= depth:
        levels.pop()
    into = levels[-1][1]
    key, colon, value = line.partition(': ')
    if line.endswith(':'):
        into[line[:-1]] = {}
        levels.append((depth, into[line[:-1]]))
    elif not colon:
        into['Note'] = line[1:-1] if line.startswith('[') else line
    else:
        key = 'I/O Ports' if key == 'I/O Port' else key
        value = _value(key, value.strip())
        into[key] = _listed(into[key]) + [value] if key in into else value


def _listed(value):
    return value if isinstance(value, list) else [value]


def _value(key, value):
    if key in _LISTS:
        parts = [part.strip() for part in value.split(_LISTS[key])]
        return [_unquoted(part) for part in parts] if _LISTS[key] == ', ' else parts
    if key == 'Config Status':
        return dict(part.strip().partition('=')[::2] for part in value.split(','))
    return {'Handle': value} if value.startswith('#') else _unquoted(value)


def _unquoted(value):
    return re.sub(r'^"(.*)"$', r'\1', value)
