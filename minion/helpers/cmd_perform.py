"""Runs what a Request of cmd.* asks for and makes the reply of it. Facts: tests/data/parity/returns/cmd.json."""
from __future__ import absolute_import, division, print_function

import fnmatch
import logging
import os
from collections import namedtuple

from minion import compat, spawning
from minion.errors import CommandExecutionError, SaltInvocationError
from minion.helpers import cmd_request, command, environment, jobenv, runas

log = logging.getLogger(__name__)

LEVELS = {'critical': logging.CRITICAL, 'error': logging.ERROR, 'warning': logging.WARNING, 'info': logging.INFO,
          'profile': 15, 'debug': logging.DEBUG, 'trace': 5, 'garbage': 1, 'all': 1, 'quiet': None}

Setting = namedtuple('Setting', 'opts context functions tie')
"""What surrounds a call: `__opts__`, `__context__`, `__salt__`, and who is told of process groups (or None)."""


def perform(request, setting):
    """Run a Request; the shape of cmd.run_all.

    Sets `retcode` in the job's context, except after a time limit and for `bg`, as masters expect.

    :return dict: pid, retcode, stdout, stderr. After the time limit retcode is 1 and stdout says so; with `bg`
        retcode is None and the texts are empty.
    :raises CommandExecutionError: it cannot be started, is not permitted, or wrote too much.
    """
    _check_permitted(request, setting)
    with command.held(setting.tie):
        return _perform(request, setting, _options(request, setting))


def _perform(request, setting, options):
    log.info('running %s in %s', request.program(), options['cwd'])
    try:
        if request.bg:
            pid = command.start(request.argv(), **options)
            return {'pid': pid, 'retcode': None, 'stdout': '', 'stderr': ''}
        result = command.run(request.argv(), timeout=request.timeout, merge=request.redirect_stderr,
                             limit=_limit(setting.opts), **options)
    except command.OutputTooLong as exc:
        raise CommandExecutionError('%s: the setting cmd_output_limit allows no more' % exc)
    except OSError as exc:
        raise CommandExecutionError(_start_failed(request, options['cwd'], exc))
    reply = _timed_out(result, request) if result.timed_out else _finished(result, request, setting)
    if request.hide_output:
        reply.update(stdout='', stderr='')
    return reply


# ---- before it runs

def _check_permitted(request, setting):
    """Hold the command against `cmd_blacklist_glob` and `cmd_whitelist_glob`."""
    words = request.cmd if isinstance(request.cmd, str) else ' '.join(request.cmd)
    refused, allowed = _globs('cmd_blacklist_glob', setting), _globs('cmd_whitelist_glob', setting)
    if _matches(words, refused) or allowed and not _matches(words, allowed):
        raise CommandExecutionError('The shell command "%s" is not permitted' % words)


def _globs(name, setting):
    found = setting.opts.get(name)
    if found is None and 'config.get' in setting.functions:      # it may stand in the pillar
        found = setting.functions['config.get'](name, [])
    return cmd_request.as_list(found)


def _matches(words, globs):
    return any(fnmatch.fnmatchcase(words, cmd_request.text(glob)) for glob in globs)


def _options(request, setting):
    """What command.run and command.start take alike."""
    cmd_request.usable_shell(request.shell)
    user = runas.account(request.runas) if request.runas not in (None, '') else None
    login = runas.login_environment(user, cmd_request.usable_shell(request.shell)) if user else None
    env = environment.for_command(request.env, request.clean_env, request.reset_system_locale, login,
                                  jobenv.changes(setting.context))
    if request.prepend_path:
        env['PATH'] = os.pathsep.join((request.prepend_path, env.get('PATH') or environment.search_path('')))
    return {'cwd': _folder(request.cwd, user), 'env': env, 'stdin': request.stdin, 'umask': request.umask,
            'identity': runas.identity(user, request.group or None),
            'tie': command.NO_TIE if setting.tie is None else setting.tie}


def _folder(cwd, user):
    if cwd is None:
        home = user.pw_dir if user else environment.home()
        return home if os.path.isdir(home) and os.access(home, os.R_OK | os.X_OK) else '/'
    if not os.path.isabs(cwd) or not os.path.isdir(cwd):
        raise CommandExecutionError("Specified cwd '%s' either not absolute or does not exist" % cwd)
    return cwd


def _limit(opts):
    limit = opts.get('cmd_output_limit')
    if limit is None:
        return None
    if isinstance(limit, bool) or not isinstance(limit, compat.integer_types) or limit < 1:
        raise SaltInvocationError('the setting cmd_output_limit must be a number of bytes, not %r' % (limit,))
    return limit


def _start_failed(request, cwd, error):
    what = request.cmd if request.python_shell or isinstance(request.cmd, list) else request.argv()
    if request.hide_output:
        what = request.program()
    errors = spawning.STDOUT if request.redirect_stderr else spawning.PIPE
    context = (('cwd', cwd), ('shell', request.python_shell), ('stdout', None if request.bg else spawning.PIPE),
               ('stderr', None if request.bg else errors), ('with_communicate', not request.bg),
               ('timeout', request.given_timeout), ('bg', request.bg), ('close_fds', True))    # in the reference's order
    context = '{%s}' % ', '.join("'%s': %s" % (name, _literal(value)) for name, value in context)
    return "Unable to run command '%s' with the context '%s', reason: [Errno %s] %s: '%s'" % (
        cmd_request.text(what), context, error.errno, error.strerror, error.filename)


def _literal(value):
    """The text that Python 3 shows for a value within a mapping."""
    return compat.to_native(compat.shown([value]))[1:-1]


# ---- after it ran

def _timed_out(result, request):
    log.warning('%s: ended after its time limit of %s s', request.program(), request.limit_text)
    told = '%s : Timed out after %s seconds' % (request.shown(), request.limit_text)
    return {'pid': result.pid, 'retcode': 1, 'stdout': told, 'stderr': ''}


def _finished(result, request, setting):
    stdout, stderr = _shown(result.stdout, request), _shown(result.stderr, request)
    retcode = result.retcode
    if (retcode in request.success_retcodes or any(part in stdout for part in request.success_stdout)
            or any(part in stderr for part in request.success_stderr)):
        retcode = 0
    if retcode and not request.ignore_retcode:
        log.error('%s failed with return code %d', request.program(), retcode)
    _log_output(request, stdout, stderr)
    setting.context['retcode'] = 0 if request.ignore_retcode else retcode
    return {'pid': result.pid, 'retcode': retcode, 'stdout': stdout, 'stderr': stderr}


def _shown(data, request):
    """Output as `str` that is always valid UTF-8."""
    shown = compat.decode_lossy(data, request.output_encoding)
    if request.rstrip and not request.use_vt:                    # masters get the bare output of a terminal
        shown = shown.rstrip()
    return compat.to_native(shown)


def _log_output(request, stdout, stderr):
    level = LEVELS.get(request.output_loglevel, logging.DEBUG)
    if level is None or request.hide_output or not log.isEnabledFor(level):
        return
    mask = request.log_callback if callable(request.log_callback) else cmd_request.text
    for name, output in (('stdout', stdout), ('stderr', stderr)):
        if output:
            log.log(level, '%s: %s: %s', request.program(), name, mask(output))
