"""`onlyif`, `unless`, `creates` before a state function is called, `check_cmd` after it."""
from __future__ import absolute_import, division, print_function

import logging
import os

from minion import compat
from minion.errors import CommandExecutionError
from minion.helpers import traverse

log = logging.getLogger(__name__)

_OPTIONS = ('cwd', 'runas', 'env', 'prepend_path', 'shell', 'timeout', 'success_retcodes')
_NOT_PASSED = ('fun', 'args', 'get_return')


def held_back(functions, chunk):
    """The result of a chunk whose conditions keep it from being called, None if they let it."""
    comments, held = [], False
    for name, check in (('onlyif', _onlyif), ('unless', _unless), ('creates', _creates)):
        if name in chunk:
            kept, comment = check(functions, chunk)
            held = held or kept
            comments.append(comment)
    if not held:
        return None
    return {'name': chunk['name'], 'result': True, 'changes': {}, 'skip_watch': True,
            'comment': '\n'.join(comment for comment in comments if comment)}


def checked(functions, chunk, result):
    """The result, turned by `check_cmd` into what its commands say."""
    commands = chunk['check_cmd']
    options = dict((name, chunk[name]) for name in ('runas',) if name in chunk)
    commands = commands if isinstance(commands, list) else [commands]
    if not commands:
        return dict(result, result=False)
    succeeded = all(compat.is_text(command) and _retcode(functions, command, options) == 0 for command in commands)
    word = 'succeeded' if succeeded else 'failed'
    return dict(result, result=succeeded, comment='check_cmd determined the state ' + word)


def _onlyif(functions, chunk):
    for entry in _entries(chunk['onlyif']):
        if not _is_entry(entry, 'onlyif'):
            break
        if not _holds(functions, chunk, entry, False):
            return True, 'onlyif condition is false'
    return False, 'onlyif condition is true'


def _unless(functions, chunk):
    entries = _entries(chunk['unless'])
    if entries and all(_is_entry(entry, 'unless') and _holds(functions, chunk, entry, True) for entry in entries):
        return True, 'unless condition is true'
    return False, 'unless condition is false'


def _creates(functions, chunk):
    paths = chunk['creates']
    if compat.is_text(paths) and os.path.exists(paths):
        return True, '%s exists' % paths
    if isinstance(paths, list) and all(os.path.exists(path) for path in paths):
        return True, 'All files in creates exist'
    return False, None


def _entries(value):
    return value if isinstance(value, list) else [value]


def _is_entry(entry, name):
    """Is this a command or a function to be called?"""
    if compat.is_text(entry) or isinstance(entry, dict) and entry.get('fun'):
        return True
    log.warning('%s: %r is neither a command nor a mapping with `fun`; the state is called', name, entry)
    return False


def _holds(functions, chunk, entry, unknown):
    """Does a command end with 0, or a function return something true? `unknown` for a command that cannot be run."""
    if isinstance(entry, dict):
        return bool(_returned(functions, entry))
    options = dict((name, chunk[name]) for name in _OPTIONS if chunk.get(name) is not None)
    try:
        return _retcode(functions, entry, options) == 0
    except CommandExecutionError as exc:
        log.warning('a condition cannot be run: %s: %s', entry, exc)
        return unknown


def _retcode(functions, command, options):
    return functions['cmd.retcode'](command, ignore_retcode=True, python_shell=True, **options)


def _returned(functions, entry):
    """What the function of an entry returns, or the part of it that `get_return` names."""
    args = entry.get('args') or []
    kwargs = dict((key, value) for key, value in entry.items() if key not in _NOT_PASSED)
    value = functions[compat.to_native(entry['fun'])](*(args if isinstance(args, list) else [args]), **kwargs)
    return traverse.get(value, entry['get_return']) if entry.get('get_return') else value
