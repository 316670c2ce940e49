"""The file of what an NFS server exports. Lines that are not changed stay as they are, with comments and blanks."""
from __future__ import absolute_import, division, print_function

import re

_WORD = re.compile(r'"[^"]*"\S*|\S+')
_OCTAL = re.compile(r'\\([0-7]{3})')


def entries(text):
    """Yield (first line, line after the last, path, [{'hosts', 'options'}]) of each entry."""
    lines = text.splitlines()
    number = 0
    while number < len(lines):
        start, line = number, lines[number]
        number += 1
        while line.endswith('\\') and number < len(lines):
            line = line[:-1] + ' ' + lines[number]
            number += 1
        words = _WORD.findall(line.partition('#')[0])
        if words:
            yield start, number, _path(words[0]), [_client(word) for word in words[1:]]


def _path(word):
    return _OCTAL.sub(lambda match: chr(int(match.group(1), 8)), word).strip('"')


def _client(word):
    hosts, bracket, options = word.partition('(')
    return {'hosts': hosts, 'options': options.rstrip(')').split(',') if bracket else []}


def listed(text):
    """{path: [{'hosts', 'options'}]}"""
    found = {}
    for _, _, path, clients in entries(text):
        found.setdefault(path, []).extend(clients)
    return found


def _line(path, clients):
    path = '"%s"' % path if re.search(r'\s', path) else path
    return ' '.join([path] + ['%s(%s)' % (client['hosts'], ','.join(client['options'])) for client in clients])


def added(text, path, client):
    """The text with one more client of a path."""
    lines, found = text.splitlines(), [entry for entry in entries(text) if entry[2] == path]
    if found:
        start, end, _, clients = found[-1]
        lines[start:end] = [_line(path, clients + [client])]
    else:
        lines.append(_line(path, [client]))
    return '\n'.join(lines) + '\n'


def without(text, path):
    """The text without a path."""
    lines = text.splitlines()
    for start, end, found, _ in reversed(list(entries(text))):
        if found == path:
            del lines[start:end]
    return ''.join(line + '\n' for line in lines)
