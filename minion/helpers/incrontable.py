"""Tables of incron: a line `PATH MASK COMMAND` each, where MASK names events of inotify, with commas."""
from __future__ import absolute_import, division, print_function

from minion.errors import SaltInvocationError
from minion.helpers import etcfile

_MASKS = frozenset('IN_' + name for name in (
    'ACCESS', 'ATTRIB', 'CLOSE', 'CLOSE_NOWRITE', 'CLOSE_WRITE', 'CREATE', 'DELETE', 'DELETE_SELF', 'MODIFY', 'MOVE',
    'MOVE_SELF', 'MOVED_FROM', 'MOVED_TO', 'OPEN', 'ALL_EVENTS', 'DONT_FOLLOW', 'ONESHOT', 'ONLYDIR', 'NO_LOOP'))


def entry(line):
    """{'path', 'mask', 'cmd'} of a line; None for a comment or what is no entry."""
    words = line.split(None, 2)
    if len(words) < 3 or line.lstrip().startswith('#'):
        return None
    return dict(zip(('path', 'mask', 'cmd'), [word.strip() for word in words]))


def parse(text):
    """{'crons': [entry, ...], 'pre': [other line, ...]}"""
    lines = [(line, entry(line)) for line in text.splitlines()]
    return {'crons': [found for _, found in lines if found], 'pre': [line for line, found in lines if not found]}


def wrong_mask(mask):
    """The first event of a mask that there is not, None if there are all."""
    return next((event for event in mask.upper().split(',') if event not in _MASKS), None)


def checked(path, mask, cmd):
    """The entry of these.  :raises SaltInvocationError: a table cannot hold them."""
    wanted = etcfile.one_line(path=path, mask=mask, cmd=cmd)
    if len((wanted['path'] or '').split()) != 1 or wanted['path'].startswith('#'):
        raise SaltInvocationError('path: %r is not one word' % (wanted['path'],))
    if not (wanted['cmd'] or '').strip():
        raise SaltInvocationError('cmd: an entry needs a command')
    return dict(wanted, mask=wanted['mask'].upper(), cmd=wanted['cmd'].strip())


def put(text, wanted):
    """(new text, 'new', 'updated' or 'present'); 'updated' replaces what does the same at some of the events."""
    events, kept, outcome = _events(wanted), [], 'new'
    for line in text.splitlines():
        found = entry(line)
        if found and _same_job(found, wanted) and _events(found) & events:
            if _events(found) == events:
                return text, 'present'
            outcome = 'updated'
        else:
            kept.append(line)
    return _joined(kept + ['%(path)s %(mask)s %(cmd)s' % wanted]), outcome


def without(text, gone):
    """The text without an entry; unchanged if that is not in it."""
    def is_it(found):
        return found and _same_job(found, gone) and _events(found) == _events(gone)
    lines = text.splitlines()
    kept = [line for line in lines if not is_it(entry(line))]
    return text if kept == lines else _joined(kept)


def _same_job(one, other):
    return (one['path'], one['cmd']) == (other['path'], other['cmd'])


def _events(one):
    return frozenset(one['mask'].split(','))


def _joined(lines):
    return ''.join(line + '\n' for line in lines)
