"""Configuration files of logrotate: read as mappings, changed line by line."""
from __future__ import absolute_import, division, print_function

import os

from minion.helpers import diskinfo, etcfile

_SCRIPTS = ('postrotate', 'prerotate', 'firstaction', 'lastaction', 'preremove')


def read(path):
    """{directive: value, path of a log: mapping of its directives}; included files are read, too.

    :raises IOError: it cannot be read.
    """
    found, block, script = {}, None, None
    for line in etcfile.lines(path):
        line = line.strip()
        if script is not None and line != 'endscript':
            script.append(line)
        elif line == 'endscript':
            script = None
        elif not line or line.startswith('#'):
            continue
        elif line.endswith('{'):
            block = {}
            found.update((name, block) for name in line[:-1].split())
        elif line == '}':
            block = None
        elif line in _SCRIPTS and block is not None:
            script = block[line] = []
        else:
            _directive(line, found if block is None else block)
    return _with_included(found)


def _directive(line, into):
    name, _, value = line.replace('\t', ' ').partition(' ')
    into[name] = diskinfo.number(value.strip()) if value.strip() else True


def _with_included(found):
    folder = found.get('include')
    if isinstance(folder, str) and os.path.isdir(folder):
        files = found['include files'] = {}
        for name in sorted(os.listdir(folder)):
            path = os.path.join(folder, name)
            inner = read(path) if os.path.isfile(path) else {}
            files[name] = sorted(inner)
            found.update(inner)
    return found


def put(path, name, value, block=None):
    """Set a directive at the top or in the block of a log: a value, True for one without, False to remove it."""
    values = etcfile.one_line(name=name, value=value, block=block)
    text = '' if value is False else name if value is True else '%(name)s %(value)s' % values
    lines = etcfile.lines(path)
    if lines and not lines[-1].endswith('\n'):
        lines[-1] += '\n'
    start, end = (0, len(lines)) if block is None else _span(lines, block)
    if start is None:
        lines += ['%s {\n' % block, '    %s\n' % text, '}\n'] if text else []
    else:
        _put(lines, start, end, name, text, block is not None)
    etcfile.rewrite(path, ''.join(lines))


def _span(lines, block):
    """The lines of a block without its first and last one, (None, None) if it is not there."""
    for number, line in enumerate(lines):
        if line.strip().endswith('{') and block in line.strip()[:-1].split():
            end = next((at for at in range(number, len(lines)) if lines[at].strip() == '}'), len(lines))
            return number + 1, end
    return None, None


def _put(lines, start, end, name, text, inside):
    depth = script = 0
    for number in range(start, end):
        words = lines[number].split()
        if not depth and not script and words[:1] == [name]:
            margin = lines[number][:len(lines[number]) - len(lines[number].lstrip())]
            lines[number:number + 1] = [margin + text + '\n'] if text else []
            return
        script = (script or words[:1] in [[one] for one in _SCRIPTS]) and words != ['endscript']
        depth += words[-1:] == ['{']
        depth -= words == ['}']
    if text:
        lines.insert(end if inside else 0, ('    ' if inside else '') + text + '\n')
