"""The arguments of one call of cmd.*, checked and brought into one form. Facts: tests/data/parity/returns/cmd.json."""
from __future__ import absolute_import, division, print_function

import codecs
import os
import shlex

from minion import compat
from minion.errors import CommandExecutionError, SaltInvocationError
from minion.helpers import environment, templating

DEFAULT_SHELL = '/bin/bash'
DEFAULT_UMASK = 0o022
DEFAULTS = {
    'cmd': None, 'cwd': None, 'stdin': None, 'runas': None, 'group': None, 'shell': DEFAULT_SHELL, 'python_shell': None,
    'env': None, 'clean_env': False, 'template': None, 'rstrip': True, 'umask': None, 'output_encoding': None,
    'output_loglevel': 'debug', 'log_callback': None, 'hide_output': False, 'timeout': None,
    'reset_system_locale': True, 'ignore_retcode': False, 'saltenv': None, 'use_vt': False, 'redirect_stderr': False,
    'bg': False, 'raise_err': False, 'prepend_path': None, 'success_retcodes': None, 'success_stdout': None,
    'success_stderr': None,
}
"""What counts for an argument that a function does not have. `password` and `encoded_cmd` are for Windows only."""


class Request(object):
    """What to run and how; the fields are those of DEFAULTS.

    `cmd`: text, or a list of text that no shell reads.  `env`: {str: str}.  `stdin`: bytes or None; what a command line
    passed as backslash and n has become a line's end.
    `timeout`: seconds or None.  `umask`: int.  `success_retcodes`: list of int, `success_stdout` and
    `success_stderr`: lists of text.  `given_timeout`, `limit_text`: the time limit as it was given,
    and its text.

    :param dict arguments: those of the function, by name; `kwargs` holds the rest.
    :param space: templating.Space, of which a template sees.
    :param bool cmd_safe: the setting; False makes the shell the default for calls from other modules too.
    :raises SaltInvocationError, CommandExecutionError: an argument that cannot work.
    """

    def __init__(self, arguments, cmd_safe=True, space=None):
        extra = arguments.get('kwargs') or {}
        vars(self).update(DEFAULTS)
        for given in (extra, arguments):
            vars(self).update((name, given[name]) for name in given if name in DEFAULTS)
        if self.python_shell is None:             # a call from the master has a jid, one from another module has none
            self.python_shell = bool(extra.get('__pub_jid')) or cmd_safe is False
        self.given_timeout, self.limit_text = self.timeout, text(self.timeout)
        self.timeout = read_timeout(self.timeout)
        self.umask = read_umask(self.umask)
        self.env = environment.parse(self.env)
        self.stdin = None if self.stdin is None else compat.to_bytes(text(self.stdin)).replace(br'\n', b'\n')
        self.output_encoding = read_encoding(self.output_encoding)
        self.success_retcodes = [read_retcode(item) for item in as_list(self.success_retcodes)]
        self.success_stdout = [text(item) for item in as_list(self.success_stdout)]
        self.success_stderr = [text(item) for item in as_list(self.success_stderr)]
        self._read_command(space)

    def _read_command(self, space):
        if isinstance(self.cmd, (list, tuple)):
            for word in self.cmd if self.python_shell else ():         # a shell takes texts; without one all is shown as text
                if not isinstance(word, (bytes, compat.string_types)):
                    raise TypeError('expected str, bytes or os.PathLike object, not %s' % type(word).__name__)
            self.cmd = [templating.render(text(word), self.template, space) for word in self.cmd]
        else:
            self.cmd = templating.render(text(self.cmd), self.template, space)
        if not ''.join(self.cmd).strip():
            raise SaltInvocationError('there is no command to run: cmd is empty')
        self.cwd = templating.render(text(self.cwd), self.template, space) if self.cwd else None
        self.prepend_path = text(self.prepend_path) if self.prepend_path else None

    def program(self):
        """The first word of the command: all of it that may be logged, the others may be secrets."""
        words = self.cmd if isinstance(self.cmd, list) else self.cmd.split(None, 1)
        return words[0]

    def argv(self):
        """The argument list that is executed."""
        if self.python_shell:
            return [usable_shell(self.shell), '-c'] + (self.cmd if isinstance(self.cmd, list) else [self.cmd])
        if isinstance(self.cmd, list):
            return self.cmd
        try:
            return shlex.split(self.cmd)
        except ValueError as exc:
            raise SaltInvocationError('the command cannot be split into words: %s' % exc)

    def shown(self):
        """The command as messages name it."""
        return text(self.cmd)


def text(value):
    """The `str` of any argument, as Python 3 would show it; bytes keep their value on their way to the system."""
    return compat.to_escaped(value) if isinstance(value, bytes) else compat.to_native(compat.shown(value))


def usable_shell(shell):
    """The shell's path; the default one may be missing, as where BusyBox is all there is.

    :raises CommandExecutionError: it is not there.
    """
    shell = text(shell)
    if os.path.isfile(shell) and os.access(shell, os.X_OK):
        return shell
    if shell == DEFAULT_SHELL:
        return '/bin/sh'
    raise CommandExecutionError('The shell %s is not available' % shell)


def read_timeout(value):
    """Seconds as float; None for none.  :raises SaltInvocationError:"""
    if value in (None, '', 0):
        return None
    try:
        seconds = float(value)
    except (TypeError, ValueError):
        seconds = -1.0
    if not 0 < seconds < 1e9:
        raise SaltInvocationError('timeout %s must be a number of seconds' % text(value))
    return seconds


def read_umask(value):
    """int of an octal text, or of a number with octal digits.  :raises CommandExecutionError:"""
    if value is None:
        return DEFAULT_UMASK
    digits = text(value).lstrip('0')
    if not digits:
        raise CommandExecutionError('Zero umask is not allowed.')
    if set(digits) - set('01234567') or len(digits) > 4:
        raise CommandExecutionError("Invalid umask: '%s'" % text(value))
    return int(digits, 8)


def read_encoding(value):
    """The name of an encoding, default UTF-8 (in any locale).  :raises SaltInvocationError:"""
    if not value:
        return 'utf-8'
    try:
        return codecs.lookup(text(value)).name
    except LookupError:
        raise SaltInvocationError('output_encoding %s is not known' % text(value))


def read_retcode(value):
    """int.  :raises SaltInvocationError:"""
    try:
        return int(value)
    except (TypeError, ValueError):
        raise SaltInvocationError('success_retcodes must be a list of integers')


def as_list(value):
    """A list of what may be None, one thing, several in a list, or several in a text with commas."""
    if value is None:
        return []
    if isinstance(value, compat.string_types):
        return text(value).split(',')
    return list(value) if isinstance(value, (list, tuple, set)) else [value]
