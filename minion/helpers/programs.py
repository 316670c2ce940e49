"""Asks small programs for one answer and does not wait long for it."""
from __future__ import absolute_import, division, print_function

import logging
from collections import namedtuple

from minion import compat
from minion.helpers import command, environment

log = logging.getLogger(__name__)

PATIENCE = 5.0                            # seconds; what is asked here is done in hundredths of one
_LIMIT = 1 << 20                          # bytes of output

Answer = namedtuple('Answer', 'code text')
"""`text`: standard output, native, without blanks at its end."""


def ask(program, *arguments):
    """The Answer of a program, None if it is not installed, cannot be started or takes longer than PATIENCE.

    :param str program: name or absolute path; no shell reads the arguments.
    """
    path = environment.which(program)
    if path is None:
        return None
    try:
        result = command.run([path] + list(arguments), timeout=PATIENCE, limit=_LIMIT)
    except (OSError, command.OutputTooLong) as exc:
        log.debug('%s: %s', path, exc)
        return None
    if result.timed_out:
        log.warning('%s did not answer within %d seconds; what it would have told is left out', path, PATIENCE)
        return None
    return Answer(result.retcode, compat.to_native(compat.decode_lossy(result.stdout)).rstrip())


def output(program, *arguments):
    """The text of a program that ended with 0, else None."""
    answer = ask(program, *arguments)
    return answer.text if answer is not None and answer.code == 0 else None
