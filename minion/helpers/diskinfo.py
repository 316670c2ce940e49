"""Reading what programs about disks print: df, blkid, iostat, hdparm, smartctl, dumpe2fs."""
from __future__ import absolute_import, division, print_function

import re

_PAIR = re.compile(r'([A-Za-z0-9_]+)="((?:[^"\\]|\\.)*)"')
_NOTED = re.compile(r'([0-9]+) \((.*)\)\Z')
_GROUP = re.compile(r'Group (\d+): \(Blocks (\d+-\d+)\)')


def df(text, names):
    """{mount point: {'filesystem': device, name: number}} of `df -P`; lines without numbers are left out.

    :param names: of the four columns after the device.
    """
    found = {}
    for line in text.splitlines():
        words = line.split()
        while len(words) > 2 and not words[1].isdigit():           # a device with blanks, or more columns asked for
            words[:2] = [words[0] + ' ' + words[1]]
        if len(words) > 5 and not line.startswith('Filesystem'):
            found[words[5]] = dict(zip(names, words[1:5]), filesystem=words[0])
    return found


def blkid(text):
    """{device: {tag: value}}."""
    found = {}
    for line in text.splitlines():
        device, colon, tags = line.partition(': ')
        if colon:
            found[device] = dict(_PAIR.findall(tags))
    return found


# ---- iostat

def iostat(text):
    """{device, or 'sys' for the processors: {column: mean of all reports}}."""
    columns, values, name, header = {}, {}, None, []
    for line in text.splitlines():
        words = line.split()
        if not words:
            name = None
        elif words[0] in ('Device:', 'Device', 'avg-cpu:'):
            name, header = words[0], words[1:]
        elif name == 'avg-cpu:':
            _add('sys', header, words, columns, values)
        elif name:
            _add(words[0], header, words[1:], columns, values)
    return dict((one, dict(zip(columns[one], _means(values[one])))) for one in values)


def _add(name, header, words, columns, values):
    columns[name] = header
    values.setdefault(name, []).append([int(round(float(word.replace(',', '.')) * 100)) for word in words])


def _means(rows):
    return [_mean(sum(column), len(column)) / 100.0 for column in zip(*rows)]


def _mean(total, count):
    """A whole number, the even one in the middle of two, on both Pythons."""
    mean, rest = divmod(total, count)
    return mean + (2 * rest > count or 2 * rest == count and mean % 2)


# ---- hdparm and smartctl

def hdparm(text, device):
    """{name: value} of what hdparm tells of one disk; a value is a number, a text, or a list of such and mappings."""
    found = {}
    for line in text.splitlines():
        line = line.strip()
        mark = ':' if ':' in line else '='
        name, there, value = line.partition(mark)
        values = _parts(value.strip()) if there and line != device + ':' else []
        if values:
            name = re.sub(r' is$', '', name.strip()).strip().lower().replace(' ', '_')
            found[name] = values[0] if len(values) == 1 else values
    return found


def _parts(text):
    noted = _NOTED.match(text)
    if noted:
        return [int(noted.group(1)), noted.group(2)]
    values, named = [], {}
    for part in re.split(r'[/,]', text):
        name, there, value = [piece.strip() for piece in part.partition('=')]
        if there and value:
            named[name] = value
        elif name and not there:
            values.append(number(name))
    return values + ([named] if named else [])


def number(text):
    """An int, if the text is one."""
    try:
        return int(text)
    except ValueError:
        return text


def smart(text):
    """{number of an attribute: {column: value}} of `smartctl --attributes`."""
    found, names = {}, None
    for line in text.splitlines():
        words = line.split(None, 9)
        if words[:1] == ['ID#']:
            names = [word.lower() for word in line.split()[1:]]
        elif names and len(words) == 10 and words[0].isdigit():
            found[int(words[0])] = dict((name, number(word.strip())) for name, word in zip(names, words[1:]))
    return found


# ---- dumpe2fs

def dumpe2fs(text):
    """{'attributes': of an ext file system, 'blocks': {group: what is told of it}}."""
    attributes, blocks, group = {}, {}, None
    for line in text.splitlines():
        start = _GROUP.match(line)
        if start:
            group = blocks.setdefault('Group ' + start.group(1), {'group': start.group(1), 'range': start.group(2),
                                                                  'extra': []})
        elif group is None:
            _attribute(line, attributes)
        elif line.strip():
            _of_group(line.strip(), group)
    return {'attributes': attributes, 'blocks': blocks}


def _attribute(line, attributes):
    name, colon, value = line.partition(':')
    if colon and not line.startswith('dumpe2fs'):
        value = value.strip()
        attributes[name] = value.split() if name == 'Filesystem features' else value


def _of_group(line, group):
    name, colon, value = line.partition(': ') if ': ' in line else line.partition(':')
    if colon and name in ('Free blocks', 'Free inodes'):
        group[name.lower()] = [part.strip() for part in value.split(',')]
    else:
        group['extra'].append(line)
