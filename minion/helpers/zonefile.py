"""Reading DNS zone files and hosts files."""
from __future__ import absolute_import, division, print_function

import re

_UNITS = {'s': 1, 'm': 60, 'h': 3600, 'd': 86400, 'w': 604800}
_CLASSES = ('IN', 'CH', 'HS')
_LISTED = ('NS', 'MX')


# ---- hosts

def hosts(text):
    """{address: [names]} of a hosts file; what follows a name is not looked at, remarks included."""
    found = {}
    for line in text.splitlines():
        words = line.split()
        if words and not words[0].startswith('#'):
            found.setdefault(words[0], []).extend(words[1:])
    return found


def without(text, names):
    """The hosts file without these names, and without lines that had no others."""
    lines = []
    for line in text.splitlines():
        words = line.split()
        if not words or words[0].startswith('#') or not set(words[1:]) & set(names):
            lines.append(line)
        elif set(words[1:]) - set(names):
            lines.append(' '.join(word for at, word in enumerate(words) if not at or word not in names))
    return ''.join(line + '\n' for line in lines)


# ---- zones

def zone(text):
    """ORIGIN, TTL, what the SOA record says, and the other records by type: {name: value}, NS and MX as lists."""
    found, owner = {}, ''
    for line in _joined(text):
        words = line.split()
        if words[0].startswith('$'):
            found[words[0][1:]] = words[1] if len(words) > 1 else ''
            continue
        if not line[0].isspace():
            owner = words.pop(0)
        _record(_whole(owner, found.get('ORIGIN', '')), words, found)
    return found


def _joined(text):
    """Lines without remarks and empty ones; what stands in brackets becomes one line."""
    text = re.sub(r'("[^"\n]*")|;[^\n]*', lambda match: match.group(1) or '', text)
    text = re.sub(r'\(([^)]*)\)', lambda match: ' '.join(match.group(1).split()), text)
    return [line for line in text.splitlines() if line.strip()]


def _whole(name, origin):
    if name in ('@', ''):
        return origin
    return name if name.endswith('.') else '%s.%s' % (name, origin)


def _record(name, words, found):
    ttl = None
    while words and (words[0].upper() in _CLASSES or seconds(words[0]) is not None):
        word = words.pop(0)
        ttl = ttl if word.upper() in _CLASSES else word
    if len(words) < 2:
        return
    kind, value = words[0].upper(), words[1:]
    if kind == 'SOA':
        _start(value, found)
    elif kind == 'MX':
        found.setdefault(kind, []).append({'priority': value[0], 'host': value[-1]})
    elif kind in _LISTED:
        found.setdefault(kind, []).append(value[0])
    else:
        target = ' '.join(value)
        found.setdefault(kind, {})[name] = target if ttl is None else {'TARGET': target, 'TTL': ttl}


def _start(value, found):
    found.update(NETWORK='IN', SOURCE=value[0])
    if len(value) > 2:
        found.update(CONTACT=value[1].replace('.', '@', 1), SERIAL=value[2])
    for name, word in zip(('REFRESH', 'RETRY', 'EXPIRE', 'MINTTL'), value[3:]):
        found[name] = seconds(word)


def seconds(text):
    """The number of seconds of `3600`, `1h` or `1h30m`; None for anything else."""
    if not re.match(r'(\d+[smhdwSMHDW]?)+\Z', text):
        return None
    return sum(int(number) * _UNITS[unit.lower() or 's'] for number, unit in re.findall(r'(\d+)([smhdwSMHDW]?)', text))
