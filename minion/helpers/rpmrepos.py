"""Repository files of yum, dnf and zypper: sections with options, between comments that stay."""
from __future__ import absolute_import, division, print_function

import glob
import os
import re

from minion import compat, files

YUM = ('/etc/yum/repos.d', '/etc/yum.repos.d', '/etc/distro.repos.d')
_SECTION = re.compile(r'\[([^\]]+)\]\s*\Z')


def folders(basedir, standard):
    """The folders to look into: what the caller names (a list or joined by commas), else the standard ones."""
    given = basedir.split(',') if compat.is_text(basedir) else list(basedir or ())
    return [folder.strip() for folder in given if os.path.isdir(folder.strip())] or [
        folder for folder in standard if os.path.isdir(folder)]


def parse(text):
    """(lines before the first section, [(name, lines of the section)])."""
    head, sections = [], []
    for line in text.splitlines():
        begun = _SECTION.match(line.strip())
        if begun:
            sections.append((begun.group(1), []))
        else:
            (sections[-1][1] if sections else head).append(line)
    return head, sections


def options(lines):
    """{name: value} of the lines of a section; a line that begins with a blank continues the one before."""
    found, name = {}, None
    for line in lines:
        if not line.strip() or line.lstrip()[0] in '#;':
            continue
        key, equals, value = line.partition('=')
        if line[0].isspace() and name:
            found[name] += '\n' + line.strip()
        elif equals:
            name = key.strip()
            found[name] = value.strip()
    return found


def read(path):
    """See parse()."""
    return parse(compat.to_native(compat.decode_lossy(files.read(path, 1 << 22) or b'')))


def all_of(where):
    """{name: its options and `file`} of all files in these folders."""
    found = {}
    for folder in where:
        for path in sorted(glob.glob(folder + '/*.repo')):
            for name, lines in read(path)[1]:
                found[name] = dict(options(lines), file=path)
    return found


def write(path, head, sections):
    """Replace a file; one without sections goes away.  :return bool: it went."""
    if not sections:
        return files.remove(path)
    lines = list(head)
    for name, body in sections:
        lines += ['[%s]' % name] + body
    files.write(path, compat.to_bytes('\n'.join(lines).rstrip('\n') + '\n'), 0o644)
    return False


def remove(path, name):
    """Take a section out of a file.  :return bool: the file went, too."""
    head, sections = read(path)
    return write(path, head, [one for one in sections if one[0] != name])


def change(path, name, wanted):
    """Set options of a section, made if there is none; None takes one away.  :return dict: all its options."""
    head, sections = read(path) if os.path.exists(path) else ([], [])
    if name not in [one[0] for one in sections]:
        sections.append((name, []))
    for section, lines in sections:
        if section == name:
            for key in sorted(wanted):
                _set(lines, key, wanted[key])
    write(path, head, sections)
    return options(dict(sections)[name])


def _set(lines, key, value):
    """Change the line of one option, in place."""
    at, own = len(lines), [number for number, line in enumerate(lines) if line.partition('=')[0].strip() == key]
    while at and not lines[at - 1].strip():                 # before the blank lines at the end
        at -= 1
    if own:
        at, end = own[0], own[0] + 1
        while end < len(lines) and lines[end][:1].isspace() and lines[end].strip():
            end += 1
        del lines[at:end]
    if value is not None:
        lines.insert(at, '%s=%s' % (key, value))


def text(value):
    """The text of an option."""
    if isinstance(value, bool):
        return '1' if value else '0'
    if isinstance(value, (list, tuple)):
        return '\n '.join(text(item) for item in value)
    return compat.to_native(compat.shown(value))
