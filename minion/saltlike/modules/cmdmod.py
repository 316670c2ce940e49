"""`salt.modules.cmdmod`: commands in grains that were written when these had no __salt__."""
from __future__ import absolute_import, division, print_function

import shlex

from minion import compat
from minion.helpers import command


def _ran(cmd, cwd, env, python_shell, timeout, stdin):
    words = ['/bin/sh', '-c', cmd] if python_shell and compat.is_text(cmd) else cmd
    words = shlex.split(compat.to_native(cmd)) if compat.is_text(words) else words
    return command.run([compat.to_native(word) for word in words], cwd=cwd, timeout=timeout, env=env and dict(
        compat.environment(), **env), stdin=None if stdin is None else compat.to_bytes(stdin), merge=False)


def _text(data):
    return compat.to_native(data).rstrip('\n')


def _run_quiet(cmd, cwd=None, stdin=None, python_shell=False, env=None, timeout=None, **kwargs):
    """What a command prints."""
    result = _ran(cmd, cwd, env, python_shell, timeout, stdin)
    return _text(result.stdout) or _text(result.stderr)


def _run_all_quiet(cmd, cwd=None, stdin=None, python_shell=False, env=None, timeout=None, **kwargs):
    """{pid, retcode, stdout, stderr} of a command."""
    result = _ran(cmd, cwd, env, python_shell, timeout, stdin)
    return {'pid': result.pid, 'retcode': result.retcode, 'stdout': _text(result.stdout),
            'stderr': _text(result.stderr)}
