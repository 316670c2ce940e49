"""Sections with options as text and back, as Python's configparser does it."""
from __future__ import absolute_import, division, print_function

import re

from minion import compat

_SECTION = re.compile(r'\[(.+)\]')


def write(data):
    """The text of {section: {option: value}}.  :raises ValueError: it is not of that form."""
    if not isinstance(data, compat.Mapping) or not all(isinstance(body, compat.Mapping) for body in data.values()):
        raise ValueError('configparser can only serialize dictionaries of dictionaries')
    lines = []
    for section in data:
        lines.append('[%s]' % section)
        for option in data[section]:
            value = compat.to_native(compat.shown(data[section][option]))
            lines.append('%s = %s' % (str(option).lower(), value.replace('\n', '\n\t')))
        lines.append('')
    return '\n'.join(lines)


def read(text):
    """{section: {option: value}} of a text.  :raises ValueError: it is wrong."""
    found, section, last = {}, None, None
    for whole in text.splitlines():
        line = whole.strip()
        if not line or line[0] in '#;':
            continue
        header = _SECTION.match(line)
        if last is not None and whole[0] in ' \t':
            section[last] += '\n' + line
        elif header:
            section, last = found.setdefault(header.group(1), {}), None
        else:
            last = _option(section, line)
    return found


def _option(section, line):
    at = min([line.find(mark) for mark in '=:' if mark in line] or [-1])
    if section is None or at < 0:
        raise ValueError('Source contains parsing errors: %s' % line)
    name = line[:at].strip().lower()
    section[name] = line[at + 1:].strip()
    return name
