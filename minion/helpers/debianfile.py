"""/etc/network/interfaces: its stanzas read, and those of one interface replaced. All other lines stay as they are."""
from __future__ import absolute_import, division, print_function

import os

from minion import compat
from minion.helpers import debianoptions, etcfile

FOLDER = '/etc/network'
_WORDS = ('iface', 'auto', 'mapping', 'source', 'source-directory', 'template', 'no-auto-down', 'no-scripts', 'rename')


def path():
    return os.path.join(FOLDER, 'interfaces')


def _pieces(lines):
    """Logical lines as (words, physical lines): continued ones together; no words for comments and empty ones."""
    held = []
    for line in lines:
        held.append(line)
        if line.rstrip('\r\n').endswith('\\') and not line.lstrip().startswith('#'):
            continue
        text = ' '.join(part.rstrip('\r\n').rstrip('\\') for part in held)
        yield ([] if text.lstrip().startswith('#') else text.split()), held
        held = []
    if held:
        yield held[0].rstrip('\\\n').split(), held


def _begins(words):
    return bool(words) and (words[0] in _WORDS or words[0].startswith('allow-'))


def shown(iface):
    """What ip.get_interface answers: the lines of an interface as this minion would write them; [] without any.

    :raises AttributeError: a line `iface` is wrong.
    """
    if not os.path.exists(path()):
        return []
    auto, hotplug, sources, stanzas = False, False, [], []
    mine = None
    for words, _ in _pieces(etcfile.lines(path())):
        if _begins(words):
            mine = None
            auto |= words[0] in ('auto', 'allow-auto') and iface in words[1:]
            hotplug |= words[0] == 'allow-hotplug' and iface in words[1:]
            if words[0] in ('source', 'source-directory'):
                sources.append(' '.join(words) + '\n')
            elif words[0] == 'iface':
                mine = _opened(words, iface, stanzas)
        elif mine is not None and len(words) > 1:
            _option(mine, words)
    if iface == 'source':
        return ['\n'] + sources + ['\n'] if sources else []
    return _lines(iface, auto, hotplug, stanzas)


def _opened(words, iface, stanzas):
    if len(words) != 4:
        raise AttributeError('Interface file malformed: %s.' % compat.shown(words))
    if words[1] != iface or words[2] not in (debianoptions.INET, debianoptions.INET6):
        return None
    stanzas.append((words[2], words[3], {}))
    return stanzas[-1][2]


def _option(options, words):
    name, value = debianoptions.from_file(words[0]), ' '.join(words[1:])
    if name in ('address', 'up_cmds', 'down_cmds', 'pre_up_cmds', 'post_up_cmds', 'pre_down_cmds', 'post_down_cmds'):
        options.setdefault(name, []).append(value)
    elif name is not None:
        options[name] = value


def _lines(iface, auto, hotplug, stanzas):
    if not (auto or hotplug or stanzas):
        return []
    found = ['auto %s\n' % iface] if auto else []
    found += ['allow-hotplug %s\n' % iface] if hotplug else []
    for family, proto, options in sorted(stanzas, key=lambda row: row[0]):
        found += debianoptions.stanza(iface, family, proto, options)
    return found + ['\n']


def replace(iface, new):
    """Write the lines `new` in place of those of an interface, or at the end of the file."""
    kept, at, dropping = [], None, False
    for words, physical in _pieces(etcfile.lines(path(), missing=True)):
        if _begins(words):
            dropping = words[0] == 'iface' and words[1:2] == [iface]
            names = words[1:] if words[0] == 'auto' or words[0].startswith('allow-') else []
            if iface in names:
                others = [name for name in names if name != iface]
                physical = ['%s %s\n' % (words[0], ' '.join(others))] if others else []
                at = len(kept) + len(physical) if at is None else at
        if not dropping or not words:                   # comments and empty lines between stanzas stay
            kept += physical
        elif at is None:
            at = len(kept)
    _write(kept, at, new)


def _write(kept, at, new):
    if at is None:
        if kept and not kept[-1].endswith('\n'):
            kept[-1] += '\n'
        at = len(kept)
    if not os.path.isdir(FOLDER):
        compat.make_dirs(FOLDER, 0o755)
    etcfile.rewrite(path(), ''.join(kept[:at] + new + kept[at:]))


def add_source(name):
    """Have a line `source NAME` in the file."""
    lines = etcfile.lines(path(), missing=True)
    if not any(words == ['source', name] for words, _ in _pieces(lines)):
        _write(lines, None, ['source %s\n' % name])
