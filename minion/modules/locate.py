"""Finding files with the program locate and its database (locate.*)."""
from __future__ import absolute_import, division, print_function

from minion import compat

_FLAGS = (('basename', 'b'), ('count', 'c'), ('existing', 'e'), ('follow', 'L'), ('ignore', 'i'), ('nofollow', 'P'),
          ('wholename', 'w'))


def _lines(argv):
    return __salt__['cmd.run'](argv, python_shell=False).splitlines()


def version():
    """The version of locate, as lines. CLI: locate.version"""
    return _lines(['locate', '-V'])


def stats():
    """What the database holds. CLI: locate.stats"""
    told = {}
    for line in _lines(['locate', '-S']):
        words = line.strip().split()
        if line.startswith('Database'):
            told['database'] = line.replace('Database ', '').rstrip(':')
        elif words:
            told[' '.join(words[1:])] = words[0]
    return told


def updatedb():
    """Bring the database up to date; what the program says, as lines. CLI: locate.updatedb"""
    return _lines(['updatedb'])


def locate(pattern, database='', limit=0, **kwargs):
    """The paths that fit a pattern.

    database: path of another one. limit: at most so many. regex: the pattern is a regular expression. Further options:
    basename, count, existing, follow, ignore (upper and lower case), nofollow, wholename.
    CLI: locate.locate mlocate.db count=True
    """
    letters = ''.join(letter for name, letter in _FLAGS if kwargs.get(name))
    argv = ['locate'] + (['-' + letters] if letters else [])
    argv += ['-d', database] if database else []
    argv += ['-l', str(limit)] if limit > 0 else []
    argv += ['--regex'] if kwargs.get('regex') else []
    return _lines(argv + [compat.to_native(compat.shown(pattern))])
