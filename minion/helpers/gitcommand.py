"""The program git: words of options, names and passwords in addresses, keys for ssh, and errors that show neither."""
from __future__ import absolute_import, division, print_function

import contextlib
import os
import re
import shlex
import tempfile

from minion import compat
from minion.errors import CommandExecutionError, SaltInvocationError
from minion.helpers import tool

_SECRET = re.compile(r'(\w+://)[^/@\s]+@')
_SSH = '#!/bin/sh\nexec ssh -oStrictHostKeyChecking=no -oPasswordAuthentication=no -oKbdInteractiveAuthentication=no %s "$@"\n'


def redacted(text):
    """A text without the names and passwords of addresses in it."""
    return _SECRET.sub(r'\1<redacted>@', text)


def words(opts):
    """The words of options that are one text, or a list."""
    if not opts:
        return []
    if isinstance(opts, (list, tuple)):
        return tool.words(opts)
    return shlex.split(compat.to_native(compat.shown(opts)))


def folder(cwd):
    """A path that is absolute.  :raises SaltInvocationError: it is not."""
    if not compat.is_text(cwd):
        raise SaltInvocationError("'%s' is no path" % compat.shown(cwd))
    path = os.path.expanduser(compat.to_native(cwd))
    if not os.path.isabs(path):
        raise SaltInvocationError("'%s' is not an absolute path" % path)
    return path


def with_login(url, user, password):
    """An address with the name and password for https.  :raises SaltInvocationError: it is another kind of address."""
    if not user:
        return url
    scheme, mark, rest = compat.to_native(url).partition('://')
    if not mark or scheme.lower() != 'https':
        raise SaltInvocationError('Basic Auth only supported for HTTPS')
    login = _escaped(user) + (':' + _escaped(password) if password else '')
    return '%s://%s@%s' % (scheme, login, rest.rpartition('@')[2] if '@' in rest.partition('/')[0] else rest)


def _escaped(text):
    return ''.join(chr(byte) if chr(byte).isalnum() and byte < 128 or chr(byte) in '-._~' else '%%%02X' % byte
                   for byte in bytearray(compat.to_bytes(compat.shown(text))))


def run(salt, argv, cwd=None, user=None, password=None, ignore_retcode=False, output_encoding=None, identity=None,
        saltenv='base', failhard=True, merge=False):
    """What cmd.run_all answers for git and these words.

    :param identity: path or salt:// address of a key for ssh, or a list of them.  :param bool merge: both outputs in stdout.
    :param bool failhard: False: a failure is for the caller.
    :raises CommandExecutionError: it failed, or a key is not there.
    """
    if cwd is not None and not os.path.isdir(cwd):
        raise CommandExecutionError("Specified cwd '%s' either not absolute or does not exist" % cwd)
    options = {'ignore_retcode': ignore_retcode or not failhard, 'output_loglevel': 'quiet', 'redirect_stderr': merge,
               'output_encoding': output_encoding, 'env': {'GIT_TERMINAL_PROMPT': '0'}}
    if cwd is not None:
        options['cwd'] = cwd
    if user:
        options.update(runas=user, password=password)
    with _ssh(salt, identity, user, saltenv) as script:
        if script:
            options['env']['GIT_SSH'] = script
        answer = tool.run(salt, ['git'] + tool.words(argv), **options)
    if answer['retcode'] and failhard:
        said = answer['stderr'] or answer['stdout'] or 'exit code %s' % answer['retcode']
        raise CommandExecutionError(redacted("Command 'git %s' failed: %s" % (' '.join(tool.words(argv)), said)))
    return answer


@contextlib.contextmanager
def _ssh(salt, identity, user, saltenv):
    """The path of a program that git may run as ssh, which uses these keys; None where there are none."""
    if not identity:
        yield None
        return
    found, missing = [], []
    for key in identity if isinstance(identity, (list, tuple)) else [identity]:
        path = salt['cp.cache_file'](key, saltenv) if '://' in key else key
        if path and os.path.isfile(path):
            found.append(path)
        else:
            missing.append(key)
    if missing:
        raise CommandExecutionError('Unable to authenticate using identity file:\n\nThe following identity file(s) were not '
                                    'found: %s' % ', '.join(missing))
    handle, script = tempfile.mkstemp(prefix='__salt.tmp.')
    try:
        with os.fdopen(handle, 'wb') as stream:
            stream.write(compat.to_bytes(_SSH % ' '.join('-i ' + compat.shell_quote(path) for path in found)))
        os.chmod(script, 0o700 if not user else 0o755)             # it holds paths, no key
        yield script
    finally:
        os.unlink(script)


def refs(text):
    """{ref: commit} of `git ls-remote` or `git show-ref`."""
    rows = [line.split(None, 1) for line in text.splitlines()]
    return dict((row[1], row[0]) for row in rows if len(row) == 2 and re.match(r'[0-9a-f]{40,64}\Z', row[0]))


def fetched(text):
    """What `git fetch` changed, {'new tags': [...], 'new branches': [...], 'updated branches': {...}, ...}."""
    found = {}
    for mark, summary, name in re.findall(r'^\s(.)\s(\[[^\]]+\]|[0-9a-f]+\.{2,3}[0-9a-f]+)\s+.*->\s+(\S+)', text, re.MULTILINE):
        if summary.startswith('['):
            kind = summary[1:-1]
            key = {'new tag': 'new tags', 'new branch': 'new branches', 'new ref': 'new refs', 'tag update': 'updated tags'}
            found.setdefault(key.get(kind, kind), []).append(name)
        else:
            old, _, new = re.sub(r'\.{2,3}', ' ', summary).partition(' ')
            found.setdefault('updated branches', {})[name] = {'old': old, 'new': new}
    return found
