"""The processes of this host as /proc shows them: owner, command line, tree."""
from __future__ import absolute_import, division, print_function

import os
import pwd
from collections import namedtuple

from minion import compat
from minion.helpers import processes

Row = namedtuple('Row', 'pid parent user name state words')
"""`words`: the command line; empty for threads of the kernel and for zombies. `user`: name, or the number as text."""


def rows():
    """Every Row, by number; a process that ends meanwhile is left out."""
    names, found = {}, []
    for process in processes.listed():
        try:
            uid = os.stat('/proc/%d' % process.pid).st_uid
        except OSError:
            continue
        if uid not in names:
            names[uid] = user_name(uid)
        found.append(Row(process.pid, process.parent, names[uid], process.name, process.state,
                         command_line(process.pid)))
    return sorted(found)


def user_name(uid):
    """The name of a user, its number as text where there is none."""
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def command_line(pid):
    """The words that a process was started with; []."""
    try:
        with open('/proc/%d/cmdline' % pid, 'rb') as stream:
            data = stream.read()
    except (IOError, OSError):                          # it has ended
        return []
    return words_of(data)


def words_of(data):
    """The words in the content of a cmdline file; programs that rewrite it leave blanks in the place of NULs."""
    text = compat.to_native(compat.decode_lossy(data))
    if not text.strip('\0'):
        return []
    if not text.endswith('\0') or '\0' in text[:-1]:
        return (text[:-1] if text.endswith('\0') else text).split('\0')
    return [word for word in text[:-1].split(' ')] if ' ' in text else [text[:-1]]


def shown(row):
    """The command as ps writes it."""
    if row.words:
        return ' '.join(' '.join(row.words).split())
    return '[%s]%s' % (row.name, ' <defunct>' if row.state == 'Z' else '')


def tree_order(found):
    """The rows with each process before its children, as `ps -H` lists them."""
    known = set(row.pid for row in found)
    children = {}
    for row in found:
        children.setdefault(row.parent if row.parent in known else 0, []).append(row)
    ordered, waiting = [], list(reversed(children.get(0, [])))
    while waiting:
        row = waiting.pop()
        ordered.append(row)
        waiting.extend(reversed(children.get(row.pid, [])))
    return ordered
