"""The environment of the programs that we start: the same after boot, from an ssh session and from cron.

It begins with ours, less what belongs to the session, supervisor or bundle that the minion was started from; the
search path is put in one order, and who we are comes from the user database.
"""
from __future__ import absolute_import, division, print_function

import logging
import os
import pwd

from minion import compat
from minion.errors import SaltInvocationError

log = logging.getLogger(__name__)

STANDARD_PATH = ('/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin')
LOCALE = ('LANGUAGE', 'LC_ADDRESS', 'LC_COLLATE', 'LC_CTYPE', 'LC_IDENTIFICATION', 'LC_MEASUREMENT', 'LC_MESSAGES',
          'LC_MONETARY', 'LC_NAME', 'LC_NUMERIC', 'LC_PAPER', 'LC_TELEPHONE', 'LC_TIME')
FOREIGN = (
    'NOTIFY_SOCKET', 'LISTEN_*', 'WATCHDOG_*', 'MAINPID', 'MANAGERPID', 'INVOCATION_ID', 'JOURNAL_STREAM', 'SYSTEMD_*',
    'UPSTART_*', 'RUNLEVEL', 'PREVLEVEL', 'runlevel', 'previous', 'INIT_VERSION', 'CONSOLE',           # init
    'LD_*', 'PYTHON*', '__PYVENV_LAUNCHER__', 'VIRTUAL_ENV*', 'PYENV_VERSION',                         # interpreter
    'SSH_*', 'SUDO_*', 'XDG_*', 'DBUS_SESSION_*', 'DISPLAY', 'XAUTHORITY', 'TMUX*', 'STY', 'WINDOW*',  # session
    'TERM', 'TERMCAP', 'COLORTERM', 'COLUMNS', 'LINES', 'LS_COLORS', 'MAIL', 'MAILTO', 'PWD', 'OLDPWD', 'SHLVL', '_',
    'BASH_*', 'ENV', 'SHELLOPTS', 'BASHOPTS', 'PROMPT_COMMAND', 'PS0', 'PS1', 'PS2', 'PS3', 'PS4', 'IFS', 'CDPATH',
    'HIST*',                                                                                           # shell
)
"""Names that a program does not get from us; with a `*`, how such names begin."""
_NAMES = frozenset(name for name in FOREIGN if not name.endswith('*'))
_BEGINNINGS = tuple(name[:-1] for name in FOREIGN if name.endswith('*'))


def base(inherited=None):
    """The environment, {str: str}, before locale and what the caller asks for.

    :param inherited: where it begins; None: the environment of this process.
    """
    if inherited is None:
        inherited = compat.environment()
    kept = dict((name, value) for name, value in inherited.items() if not is_foreign(name))
    kept['PATH'] = search_path(kept.get('PATH', ''))
    kept.update(_about(os.geteuid()))
    return kept


def is_foreign(name):
    """True for a variable that programs do not get from us."""
    return name in _NAMES or name.startswith(_BEGINNINGS)


def search_path(path):
    """`path` in one order: its own folders first, then the standard ones; without relative and empty entries."""
    own = []
    for folder in path.split(os.pathsep):
        if os.path.isabs(folder) and folder not in STANDARD_PATH and folder not in own:
            own.append(folder)
    return os.pathsep.join(own + list(STANDARD_PATH))


def home():
    """HOME of that environment."""
    return _about(os.geteuid()).get('HOME') or compat.environment().get('HOME', '/')


def _about(uid):
    try:
        return about(pwd.getpwuid(uid))
    except KeyError:                              # a number without a name, as containers have
        return {}


def about(user):
    """HOME, SHELL, USER and LOGNAME of an entry of the user database."""
    return {'HOME': user.pw_dir or '/', 'SHELL': user.pw_shell or '/bin/sh', 'USER': user.pw_name,
            'LOGNAME': user.pw_name}


def for_command(given=None, clean=False, reset_locale=True, login=None, changed=None):
    """The complete environment of one program, {str: str}.

    :param dict given: what the caller asks for, read by parse(); wins over all.
    :param bool clean: begin with nothing.
    :param bool reset_locale: `C` for every LC_* (but not LANG), as masters expect.
    :param dict login: variables of another user's login; win over ours and over the locale.
    :param dict changed: what the job changed in its environment, see jobenv; None takes a variable away.
    """
    env = {} if clean else base()
    if reset_locale:
        env.pop('LC_ALL', None)                   # it would win over them all
        env.update((name, 'C') for name in LOCALE)
    for more in ({} if clean else changed, login, given):
        env.update(more or {})
    return dict((name, value) for name, value in env.items() if value is not None)


def parse(env):
    """{str: str} of the argument `env` of cmd.*: a mapping, or a list of mappings of which later ones win.

    None becomes '', other values their text. Anything else than mappings counts as nothing, as in the reference.

    :raises SaltInvocationError: a name that no environment can hold.
    """
    read = {}
    for part in env if isinstance(env, (list, tuple)) else [env]:
        if isinstance(part, compat.Mapping):
            read.update((_text(name), '' if part[name] is None else _text(part[name])) for name in part)
        elif part:
            log.warning('env: %s is not a mapping; left out', type(part).__name__)
    for name in read:
        if not name or '=' in name or '\0' in name:
            raise SaltInvocationError('env: %r cannot be the name of a variable' % name)
    return read


def _text(value):
    return compat.to_escaped(value) if isinstance(value, bytes) else compat.to_native(compat.shown(value))


def which(program, path=None):
    """The path of an executable file, None when there is none.

    :param program: a name, looked up in `path` (default: that of base()), or an absolute path.
    """
    program = _text(program)
    if os.path.dirname(program):
        return program if os.path.isabs(program) and _executable(program) else None
    folders = (base()['PATH'] if path is None else path).split(os.pathsep)
    return next((found for found in (os.path.join(folder, program) for folder in folders) if _executable(found)), None)


def _executable(path):
    return '\0' not in path and os.path.isfile(path) and os.access(path, os.X_OK)
