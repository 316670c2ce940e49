"""What an examination finds: in plain words, with what to do about it."""
from __future__ import absolute_import, division, print_function

from collections import namedtuple

OK, NOTE, WARNING, ERROR = 'ok', 'note', 'warning', 'error'
CODES = {OK: 0, NOTE: 0, WARNING: 1, ERROR: 2}       # exit codes: the worst finding counts

# check: short name; level: one of the above; text: what is so; remedy: what to do, '' where nothing is
Finding = namedtuple('Finding', 'check level text remedy')


def finding(check, level, text, remedy=''):
    """A Finding."""
    return Finding(check, level, text, remedy)


def exit_code(found):
    """0: nothing wrong, 1: a warning, 2: an error."""
    return max([0] + [CODES[one.level] for one in found])
