"""The source lists of apt, in both forms: reading them, finding and changing one entry.

An entry is a mapping: type, types, uri, uris, dist, suites, comps, architectures, signedby, disabled, enabled, file,
line. Changing a file leaves all other lines as they are.
"""
from __future__ import absolute_import, division, print_function

import glob
import os
import re

from minion import compat, files

MAIN, PARTS = '/etc/apt/sources.list', '/etc/apt/sources.list.d'
_LINE = re.compile(r'(?P<off>[#\s]*)(?P<type>deb(?:-src)?)\s+(?:\[(?P<options>[^\]]*)\]\s+)?(?P<uri>\S+)\s+'
                   r'(?P<dist>[^\s#]+)(?P<comps>[^#]*)(?P<comment>#.*)?\Z')
_FIELD = re.compile(r'([A-Za-z-]+)\s*:\s*(.*)\Z')


def parse(text, path=MAIN):
    """The entry of one line; None if it is none. A line behind `#` is one that is disabled."""
    found = _LINE.match(text.strip())
    if not found or '#' in found.group('off') and ':' not in found.group('uri'):
        return None
    options = dict(word.partition('=')[::2] for word in (found.group('options') or '').split())
    made = entry(found.group('type'), found.group('uri'), found.group('dist'), found.group('comps').split(), path)
    made.update(architectures=[word for word in options.get('arch', '').split(',') if word],
                signedby=options.get('signed-by', ''), disabled='#' in found.group('off'), line=text.strip())
    made['enabled'] = not made['disabled']
    return made


def entry(kind, uri, dist, comps, path):
    """A new entry without options."""
    return {'type': kind, 'types': [kind], 'uri': uri, 'uris': [uri], 'dist': dist, 'suites': [dist], 'comps': comps,
            'architectures': [], 'signedby': '', 'disabled': False, 'enabled': True, 'file': path, 'line': ''}


def written(one, comment=''):
    """The line of an entry."""
    options = []
    if one['architectures']:
        options.append('arch=' + ','.join(one['architectures']))
    if one['signedby']:
        options.append('signed-by=' + one['signedby'])
    words = ['#'] if one['disabled'] else []
    words += [one['type']] + (['[%s]' % ' '.join(options)] if options else []) + [one['uri'], one['dist']]
    return ' '.join(words + one['comps'] + ([comment] if comment else []))


def comment_of(line):
    """The `#...` at the end of a line, or ''."""
    found = _LINE.match(line.strip())
    return (found.group('comment') or '').strip() if found else ''


# ---- files

def paths():
    """All source lists that are there."""
    found = [MAIN] if os.path.isfile(MAIN) else []
    return found + sorted(path for ending in ('list', 'sources') for path in glob.glob(PARTS + '/*.' + ending))


def read(path):
    """The lines of a file, none if there is none."""
    return compat.to_native(compat.decode_lossy(files.read(path, 1 << 22) or b'')).splitlines()


def write(path, lines):
    """Replace a file; one below sources.list.d that is empty goes away.  :return bool: it went."""
    if not any(line.strip() for line in lines) and path.startswith(PARTS + '/'):
        return files.remove(path)
    files.write(path, compat.to_bytes(''.join(line + '\n' for line in lines)), 0o644)
    return False


def entries():
    """All entries of all files."""
    return [one for path in paths() for one in of_file(path)]


def of_file(path):
    """All entries of one file."""
    if path.endswith('.sources'):
        return [one for stanza in stanzas(read(path)) for one in of_stanza(stanza, path)]
    return [one for one in (parse(line, path) for line in read(path)) if one]


def stanzas(lines):
    """Lists of lines, each with its first line's number: (number, lines)."""
    found, begun = [], None
    for number, line in enumerate(lines + ['']):
        if line.strip() and begun is None:
            begun = number
        elif not line.strip() and begun is not None:
            found.append((begun, lines[begun:number]))
            begun = None
    return found


def fields(lines):
    """{lower-case name: text} of a stanza, without comments."""
    found, name = {}, None
    for line in lines:
        field = None if line[:1].isspace() else _FIELD.match(line)
        if line.startswith('#'):
            continue
        if field:
            name = field.group(1).lower()
            found[name] = field.group(2).strip()
        elif name:
            found[name] += '\n' + line.strip()
    return found


def of_stanza(stanza, path):
    """The entries of one stanza, one for each type, address and suite."""
    found = fields(stanza[1])
    types, uris, suites = [found.get(name, '').split() for name in ('types', 'uris', 'suites')]
    off = found.get('enabled', 'yes').lower() in ('no', 'false', '0', 'off', 'without', 'disable')
    made = []
    for kind in types:
        for uri in uris:
            for suite in suites:
                one = entry(kind, uri, suite, found.get('components', '').split(), path)
                one.update(types=types, uris=uris, suites=suites, architectures=found.get('architectures', '').split(),
                           signedby=found.get('signed-by', ''), disabled=off, enabled=not off)
                one['line'] = written(one)
                made.append(one)
    return made


# ---- one entry

def same_place(one, other):
    """True if two entries tell of the same type, address and distribution."""
    return (one['type'], one['uri'].rstrip('/'), one['dist']) == (other['type'], other['uri'].rstrip('/'), other['dist'])


def replace(old, new):
    """Put `new` in the place of the entry `old` in its file."""
    path, lines = old['file'], read(old['file'])
    if not path.endswith('.sources'):
        at = [line.strip() for line in lines].index(old['line'])
        lines[at] = new['line'] = written(new, comment_of(new['line']) or comment_of(old['line']))
    else:
        begun, stanza = _stanza_of(old, path, lines)
        lines[begun:begun + len(stanza)] = _changed(stanza, old, new)
    write(path, lines)


def remove(old):
    """Take an entry out of its file, from a `.sources` file its whole stanza.  :return bool: the file is gone."""
    path, lines = old['file'], read(old['file'])
    if path.endswith('.sources'):
        begun, stanza = _stanza_of(old, path, lines)
        del lines[begun:begun + len(stanza) + 1]
    else:
        lines.pop([line.strip() for line in lines].index(old['line']))
    return write(path, lines)


def add(new):
    """Append an entry to its file, a new one if there is none."""
    lines = read(new['file'])
    if new['file'].endswith('.sources'):
        lines += ([''] if lines else []) + ['Types: ' + new['type'], 'URIs: ' + new['uri'], 'Suites: ' + new['dist']]
        lines += ['%s: %s' % pair for pair in _values(new) if pair[1]]
    else:
        lines.append(new['line'])
    write(new['file'], lines)


def _stanza_of(old, path, lines):
    for stanza in stanzas(lines):
        if old in of_stanza(stanza, path):
            return stanza
    raise ValueError('%s has changed meanwhile' % path)


def _values(one):
    return (('Components', ' '.join(one['comps'])), ('Architectures', ' '.join(one['architectures'])),
            ('Signed-By', one['signedby']), ('Enabled', 'no' if one['disabled'] else ''))


def _changed(stanza, old, new):
    """The lines of a stanza with the fields that differ in new ones."""
    lines, before = list(stanza), dict(_values(old))
    for name, value in _values(new):
        if value != before[name]:
            kept = [line for line in lines if not line.lower().startswith(name.lower() + ':')]
            lines = kept + (['%s: %s' % (name, value)] if value else [])
    return lines
