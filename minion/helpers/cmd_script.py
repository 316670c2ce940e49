"""Scripts of cmd.script and code of cmd.exec_code: fetched, put into a folder of their own, removed afterwards."""
from __future__ import absolute_import, division, print_function

import os
import shutil

from minion import compat, files
from minion.errors import CommandExecutionError
from minion.helpers import cmd_request, command, runas, templating

SIZE_LIMIT = 64 << 20     # bytes of a script
PREFIX = '__salt.tmp.'    # masters and scripts know the name by this


def fetch(source, saltenv, functions):
    """The bytes of a script, None when there is no such file.

    :param str source: absolute path, file://, or what cp.cache_file takes (salt://, http://).
    :param functions: `__salt__`.
    :raises CommandExecutionError: cp.cache_file is needed and not there.
    """
    path = source[len('file://'):] if source.startswith('file://') else source
    if '://' in path:
        if 'cp.cache_file' not in functions:
            raise CommandExecutionError('%s cannot be fetched: this minion has no function cp.cache_file' % source)
        path = functions['cp.cache_file'](source, saltenv)
    elif not os.path.isabs(path):
        raise CommandExecutionError("Path '%s' is not absolute" % source)
    if not path or not os.path.isabs(path) or not os.path.isfile(path):
        return None
    try:
        return files.read(path, SIZE_LIMIT)
    except (IOError, OSError) as exc:
        raise CommandExecutionError('%s cannot be read: %s' % (path, files.reason(exc)))


def place(data, suffix='', user=None):
    """The path of a new executable file that holds `data`, in a new folder; remove() takes both away.

    A child writes it: were it open for writing in this process, a child of another thread could inherit it, and the
    system refuses to execute a file that somebody may write.

    :param user: entry of the user database that is to own it, or None for us.
    :raises CommandExecutionError: it cannot be written.
    """
    import tempfile                              # half a megabyte that an idle minion does without
    folder = tempfile.mkdtemp(prefix='minion-')
    path = os.path.join(folder, PREFIX + os.path.basename(folder)[len('minion-'):] + suffix)
    try:
        result = command.run(['/bin/sh', '-c', 'cat > "$0" && chmod 500 "$0"', path], stdin=data, umask=0o077)
        if result.retcode:
            raise CommandExecutionError('%s cannot be written: %s' % (path, compat.to_native(result.stderr).strip()))
        if user is not None:
            for owned in (path, folder):
                os.chown(owned, user.pw_uid, user.pw_gid)
    except BaseException:
        remove(path)
        raise
    return path


def remove(path):
    """Take away what place() made; a script may have done so itself."""
    shutil.rmtree(os.path.dirname(path), ignore_errors=True)


def owner(name):
    """The entry of the user database for `runas`, None without one."""
    return None if name in (None, '') else runas.account(name)


def suffix_of(source):
    """The ending of a script's name, without the file server's `?saltenv=`."""
    return os.path.splitext(source.split('?')[0])[1]


def variables(extra):
    """What a script's template knows besides the usual: further arguments of the call, its `context` over them.

    :raises ValueError, TypeError: `context` is no mapping.
    """
    known = dict((name, extra[name]) for name in extra if not name.startswith('__') and name != 'context')
    known.update(extra.get('context') or {})
    return known


def rendered(data, engine, space):
    """`data` with its template filled in."""
    if not engine:
        return data
    return compat.to_bytes(templating.render(compat.to_escaped(data), engine, space))


def command_line(path, args, background=False):
    """The text that runs a script: text arguments as they are, for the shell to read; listed ones quoted.

    :param bool background: nobody waits for it, so that the shell is to remove it afterwards.
    """
    if isinstance(args, (list, tuple)):
        args = ' '.join(compat.shell_quote(cmd_request.text(word)) for word in args)
    line = compat.shell_quote(path) + (' ' + cmd_request.text(args) if args not in (None, '') else '')
    return '%s; rm -rf %s' % (line, compat.shell_quote(os.path.dirname(path))) if background else line
