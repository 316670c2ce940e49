"""What the programs of xfsprogs and xfsdump print."""
from __future__ import absolute_import, division, print_function

import re

_VALUE = re.compile(r'([\w-]+)=([^=,]*?)(?=,|\s{2,}|\s+[\w-]+=|\s*$)')
_DUMP = (('Session ID', 'session id:'), ('Session label', 'session label:'), ('Media size', 'media file size'),
         ('Dump complete', 'dump complete:'), ('Status', 'Dump Status:'))
_ESTIMATE = ('block _size', 'blocks', 'megabytes', 'logsize')


def geometry(text):
    """{section: {'section': what stands behind its name, key: value}} of xfs_info and mkfs.xfs."""
    found, section = {}, None
    for line in text.splitlines():
        name, equals, rest = line.partition('=')
        values = _VALUE.findall(rest)
        if not equals or not values:
            continue
        if name.strip():
            about = rest[:_VALUE.search(rest).start()].strip()
            section = found[name.strip()] = {'section': about or name.strip()}
        if section is not None:
            section.update((key, value.strip()) for key, value in values)
    return found


def dump(text):
    """What xfsdump tells of a dump that it made."""
    found, lines = {}, [line.partition(':')[2].strip() for line in text.splitlines() if line.startswith('xfsdump:')]
    for number, line in enumerate(lines):
        for key, begin in _DUMP:
            if line.startswith(begin):
                found[key] = line[len(begin):].strip()
        if line == 'Dump Summary:' and number + 1 < len(lines):
            found['Summary'] = lines[number + 1]
    return found


def inventory(text):
    """The tree of file systems, sessions, streams and media files that `xfsrestore -I` indents with tabs."""
    root = {}
    levels = [root]
    for line in text.splitlines():
        if line.startswith('xfsrestore:'):
            root['restore_status'] = line
            continue
        name, colon, value = line.strip().partition(':')
        depth = len(line) - len(line.lstrip('\t'))
        if not colon or depth >= len(levels):
            continue
        del levels[depth + 1:]
        if value.strip():
            levels[depth][name] = value.strip()
        else:
            levels.append(levels[depth].setdefault(name, {}))
    return root


def pruned(text, session):
    """What xfsinvutil tells of the session that it removed; {} if it was none."""
    found, parts = {}, re.split(r'(?m)^-.*$', text, maxsplit=2)
    for line in '\n'.join(parts[1:2]).strip().splitlines()[1:]:      # the first line is the title of the session
        name, colon, value = line.partition(':')
        if colon:
            found[name.strip().lower().replace(' ', '_')] = value.strip()
    return found if found.get('uuid') == session else {}


def estimate(text):
    """{folder: {...}} of the table that `xfs_estimate -v` prints below its title."""
    rows = [line.rsplit(None, 4) for line in text.splitlines()[1:]]
    return dict((row[0], dict(zip(_ESTIMATE, row[1:]))) for row in rows if len(row) == 5)


def devices(text):
    """{device: {'label', 'uuid', ...}} of the XFS file systems among what `blkid -o export` prints."""
    found = {}
    for block in re.split(r'\n\s*\n', text):
        values = dict(line.partition('=')[::2] for line in block.splitlines() if '=' in line)
        if values.pop('TYPE', None) == 'xfs' and 'DEVNAME' in values:
            about = found[values.pop('DEVNAME')] = {'label': None}
            about.update((key.lower(), value) for key, value in values.items())
    return found
