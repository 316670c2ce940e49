"""System programs that execution modules run: with a list of words, never through a shell, their exit code kept.

Whatever is run is run with cmd.run_all, so that it is tied to the job, logged, and its exit code becomes that of the job.
"""
from __future__ import absolute_import, division, print_function

from minion import compat
from minion.errors import CommandExecutionError
from minion.helpers import environment


def required(program):
    """`program`, when it is installed.

    :raises CommandExecutionError: it is not.
    """
    if environment.which(program) is None:
        raise CommandExecutionError("Command '%s' cannot be found" % program)
    return program


def run(salt, argv, **options):
    """{'retcode', 'stdout', 'stderr', 'pid'} of a program, as cmd.run_all answers.

    :param salt: `__salt__`.  :param list argv: words; numbers are written out.
    :param options: of cmd.run_all, such as stdin, timeout, ignore_retcode.
    """
    return salt['cmd.run_all'](words(argv), python_shell=False, **options)


def succeeds(salt, argv, **options):
    """True if the program ends with 0."""
    return run(salt, argv, **options)['retcode'] == 0


def output(salt, argv, **options):
    """What a program prints on both outputs, as cmd.run answers."""
    return salt['cmd.run'](words(argv), python_shell=False, **options)


def checked(salt, argv, message, **options):
    """The same as run().

    :param str message: what could not be done; what the program wrote on stderr follows it.
    :raises CommandExecutionError: the program failed.
    """
    result = run(salt, argv, **options)
    if result['retcode']:
        raise CommandExecutionError('%s%s' % (message, result['stderr'] or result['stdout']))
    return result


def words(argv):
    """The words of a command as texts."""
    return [word if compat.is_text(word) else compat.to_native(compat.shown(word)) for word in argv]


def listed(value):
    """A list of texts from a list, or from a text with commas: 'a,b' -> ['a', 'b']; None and '' are no text.

    :raises TypeError: for anything else.
    """
    if value is None or value == '':
        return []
    if compat.is_text(value):
        return [part.strip() for part in value.split(',') if part.strip()]
    if not isinstance(value, (list, tuple, set)):
        raise TypeError("'%s' object is not iterable" % type(value).__name__)
    return words(value)
