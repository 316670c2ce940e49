"""Running commands (cmd.*). What the arguments mean is told once, at cmd.run; all other functions take them alike."""
from __future__ import absolute_import, division, print_function

import os
import stat

from minion import compat
from minion.errors import CommandExecutionError
from minion.helpers import cmd_chroot, cmd_request, cmd_script, command, environment, shellinfo, templating
from minion.helpers.cmd_perform import Setting, perform

__virtualname__ = 'cmd'


def __virtual__():
    return __virtualname__


def _setting():
    """What the loader put around this module; parts may be missing outside of a job."""
    space = globals()
    context, link = space.get('__context__'), space.get('__minion__')
    return Setting(space.get('__opts__') or {}, {} if context is None else context, space.get('__salt__') or {},
                   getattr(link, 'jobs', None))


def _perform(arguments, **forced):
    """Run the command that the arguments of one function, its locals(), ask for; the shape of cmd.run_all."""
    setting = _setting()
    request = cmd_request.Request(dict(arguments, **forced), setting.opts.get('cmd_safe', True),
                                  templating.space_of(globals(), arguments.get('saltenv')))
    return perform(request, setting)


def run(cmd, cwd=None, stdin=None, runas=None, group=None, shell='/bin/bash', python_shell=None, env=None,
        clean_env=False, template=None, rstrip=True, umask=None, output_encoding=None, output_loglevel='debug',
        log_callback=None, hide_output=False, timeout=None, reset_system_locale=True, ignore_retcode=False,
        saltenv=None, use_vt=False, redirect_stderr=True, bg=False, password=None, encoded_cmd=False, raise_err=False,
        prepend_path=None, success_retcodes=None, success_stdout=None, success_stderr=None, **kwargs):
    """Run a command and return what it prints, stderr included. Its exit code becomes the retcode of the job.

    cmd: a text, or a list of words. python_shell: let `shell` read it; the default for calls from the master.
    cwd: folder, default the home of the user. stdin: text for it to read. timeout: seconds, then it is ended.
    runas, group: become this user and group, with the environment of a login. umask: octal, default 022.
    env: mapping of variables, or a list of such; clean_env: no others; prepend_path: put before PATH;
    reset_system_locale: set the LC_* variables to C.
    rstrip: cut white space off the end; output_encoding: of what it prints, default UTF-8; hide_output: return
    nothing; redirect_stderr: False leaves stderr out. use_vt: no terminal is made, only rstrip is off.
    bg: start it and do not wait. raise_err: fail if the exit code is not 0.
    ignore_retcode: the job succeeds whatever the exit code; success_retcodes, success_stdout, success_stderr: exit
    codes, or parts of the output, that mean success.
    output_loglevel, log_callback: level at which the output is logged (`quiet`: never), function to change it first.
    template: engine that fills in cmd and cwd. saltenv, password, encoded_cmd: without effect here.

    CLI: cmd.run 'df -h'
    """
    reply = _perform(locals())
    if raise_err and reply['retcode']:
        raise CommandExecutionError(reply['stdout'])
    return reply['stdout']


def shell(cmd, cwd=None, stdin=None, runas=None, group=None, shell='/bin/bash', env=None, clean_env=False,
          template=None, rstrip=True, umask=None, output_encoding=None, output_loglevel='debug', log_callback=None,
          hide_output=False, timeout=None, reset_system_locale=True, ignore_retcode=False, saltenv=None, use_vt=False,
          bg=False, password=None, prepend_path=None, success_retcodes=None, success_stdout=None, success_stderr=None,
          **kwargs):
    """cmd.run that always lets a shell read the command. CLI: cmd.shell 'ls /etc | wc -l'"""
    return _perform(locals(), python_shell=True, redirect_stderr=True)['stdout']


def run_stdout(cmd, cwd=None, stdin=None, runas=None, group=None, shell='/bin/bash', python_shell=None, env=None,
               clean_env=False, template=None, rstrip=True, umask=None, output_encoding=None, output_loglevel='debug',
               log_callback=None, hide_output=False, timeout=None, reset_system_locale=True, ignore_retcode=False,
               saltenv=None, use_vt=False, password=None, prepend_path=None, success_retcodes=None,
               success_stdout=None, success_stderr=None, **kwargs):
    """Run a command and return what it prints to stdout; see cmd.run. CLI: cmd.run_stdout 'df -h'"""
    return _perform(locals())['stdout']


def run_stderr(cmd, cwd=None, stdin=None, runas=None, group=None, shell='/bin/bash', python_shell=None, env=None,
               clean_env=False, template=None, rstrip=True, umask=None, output_encoding=None, output_loglevel='debug',
               log_callback=None, hide_output=False, timeout=None, reset_system_locale=True, ignore_retcode=False,
               saltenv=None, use_vt=False, password=None, prepend_path=None, success_retcodes=None,
               success_stdout=None, success_stderr=None, **kwargs):
    """Run a command and return what it prints to stderr; see cmd.run. CLI: cmd.run_stderr 'ls /nowhere'"""
    return _perform(locals())['stderr']


def run_all(cmd, cwd=None, stdin=None, runas=None, group=None, shell='/bin/bash', python_shell=None, env=None,
            clean_env=False, template=None, rstrip=True, umask=None, output_encoding=None, output_loglevel='debug',
            log_callback=None, hide_output=False, timeout=None, reset_system_locale=True, ignore_retcode=False,
            saltenv=None, use_vt=False, redirect_stderr=False, password=None, encoded_cmd=False, prepend_path=None,
            success_retcodes=None, success_stdout=None, success_stderr=None, **kwargs):
    """Run a command and return pid, retcode, stdout and stderr; see cmd.run. CLI: cmd.run_all 'df -h'"""
    return _perform(locals())


def retcode(cmd, cwd=None, stdin=None, runas=None, group=None, shell='/bin/bash', python_shell=None, env=None,
            clean_env=False, template=None, umask=None, output_encoding=None, output_loglevel='debug',
            log_callback=None, timeout=None, reset_system_locale=True, ignore_retcode=False, saltenv=None,
            use_vt=False, password=None, success_retcodes=None, success_stdout=None, success_stderr=None, **kwargs):
    """Run a command and return its exit code, -N if signal N ended it; see cmd.run. CLI: cmd.retcode 'test -e /x'"""
    return _perform(locals(), redirect_stderr=True)['retcode']


def run_bg(cmd, cwd=None, runas=None, group=None, shell='/bin/bash', python_shell=None, env=None, clean_env=False,
           template=None, umask=None, timeout=None, output_encoding=None, output_loglevel='debug', log_callback=None,
           reset_system_locale=True, ignore_retcode=False, saltenv=None, password=None, prepend_path=None,
           success_retcodes=None, success_stdout=None, success_stderr=None, **kwargs):
    """Start a command, do not wait for it, and return {'pid': number}; see cmd.run.

    Nobody reads its output or learns its exit code; a timeout has no effect. CLI: cmd.run_bg 'updatedb'
    """
    return {'pid': _perform(locals(), bg=True)['pid']}


def run_chroot(root, cmd, cwd=None, stdin=None, runas=None, group=None, shell='/bin/bash', python_shell=True,
               binds=None, env=None, clean_env=False, template=None, rstrip=True, umask=None, output_encoding=None,
               output_loglevel='quiet', log_callback=None, hide_output=False, timeout=None, reset_system_locale=True,
               ignore_retcode=False, saltenv=None, use_vt=False, bg=False, success_retcodes=None, success_stdout=None,
               success_stderr=None, **kwargs):
    """Run a command with `root` as its root folder and return pid, retcode, stdout and stderr.

    For its time dev, proc and sys are mounted in there, and `binds`, folders of this host. What the command left
    running in there is ended. `cwd` is a folder in there; otherwise see cmd.run. CLI: cmd.run_chroot /srv/image 'ls /'
    """
    setting = _setting()
    request = cmd_request.Request(locals(), space=templating.space_of(globals(), saltenv))
    if request.bg:
        raise CommandExecutionError('run_chroot cannot leave a command running: the mounts of %s end with it' % root)
    root = cmd_request.text(root)
    request.cmd, request.python_shell = cmd_chroot.argv(root, request), False
    request.runas = request.group = request.cwd = None
    with command.held(setting.tie), cmd_chroot.prepared(root, binds):
        return perform(request, setting)


def script(source, args=None, cwd=None, stdin=None, runas=None, group=None, shell='/bin/bash', python_shell=None,
           env=None, template=None, umask=None, output_encoding=None, output_loglevel='debug', log_callback=None,
           hide_output=False, timeout=None, reset_system_locale=True, saltenv=None, use_vt=False, bg=False,
           password=None, success_retcodes=None, success_stdout=None, success_stderr=None, **kwargs):
    """Fetch a script, run it, and return pid, retcode, stdout and stderr.

    source: salt://, http:// or file:// address, or absolute path on this host. args: text for the shell, or a list of
    words. template: engine that fills in the script; it knows further arguments, and what a mapping `context` holds.
    Otherwise see cmd.run. A script that cannot be fetched gives retcode 1 and cache_error True.
    CLI: cmd.script salt://scripts/check.sh 'one two'
    """
    arguments, setting = dict(locals(), template=None), _setting()
    source = cmd_request.text(source)
    data = cmd_script.fetch(source, saltenv or setting.opts.get('saltenv') or 'base', setting.functions)
    if data is None:
        return {'pid': 0, 'retcode': 1, 'stdout': '', 'stderr': '', 'cache_error': True}
    data = cmd_script.rendered(data, template, templating.space_of(globals(), saltenv, cmd_script.variables(kwargs)))
    with command.held(setting.tie):
        path, started = cmd_script.place(data, cmd_script.suffix_of(source), cmd_script.owner(runas)), False
        try:
            forced = {'python_shell': True} if bg else {}
            reply = _perform(arguments, cmd=cmd_script.command_line(path, args, bg), **forced)
            started = True
        finally:
            if not (bg and started):
                cmd_script.remove(path)
    return reply


def script_retcode(source, args=None, cwd=None, stdin=None, runas=None, group=None, shell='/bin/bash',
                   python_shell=None, env=None, template='jinja', umask=None, timeout=None, reset_system_locale=True,
                   saltenv=None, output_encoding=None, output_loglevel='debug', log_callback=None, use_vt=False,
                   password=None, success_retcodes=None, success_stdout=None, success_stderr=None, **kwargs):
    """Fetch a script, run it, and return its exit code; see cmd.script. CLI: cmd.script_retcode salt://check.sh"""
    arguments = dict(locals())
    arguments.update(arguments.pop('kwargs'))
    return script(**arguments)['retcode']


def exec_code(lang, code, cwd=None, args=None, **kwargs):
    """Run a text with an interpreter and return what it prints. CLI: cmd.exec_code python3 'print(1 + 1)'"""
    return exec_code_all(lang, code, cwd, args, **kwargs)['stdout']


def exec_code_all(lang, code, cwd=None, args=None, **kwargs):
    """Run a text with an interpreter and return pid, retcode, stdout and stderr.

    lang: name of the interpreter. args: one word, or a list of words. kwargs: as of cmd.run.
    CLI: cmd.exec_code_all sh 'echo $1' args=hello
    """
    if not isinstance(code, compat.string_types):
        raise TypeError('expected str, bytes, or bytearray not %s' % type(code))
    words = list(args) if isinstance(args, (list, tuple)) else [args] if args is not None else []
    with command.held(_setting().tie):
        path = cmd_script.place(compat.to_bytes(code), '', cmd_script.owner(kwargs.get('runas')))
        try:
            return _perform({'cwd': cwd, 'kwargs': kwargs}, cmd=[lang, path] + words, python_shell=False)
        finally:
            cmd_script.remove(path)


def which(cmd):
    """The path of a program, None if it is not installed. CLI: cmd.which perl"""
    return environment.which(cmd)


def which_bin(cmds):
    """The path of the first program of a list that is installed, None if none is. CLI: cmd.which_bin '[perl, sh]'"""
    return next((path for path in map(environment.which, cmd_request.as_list(cmds)) if path), None)


def has_exec(cmd):
    """True if a program is installed. CLI: cmd.has_exec perl"""
    return environment.which(cmd) is not None


def shells():
    """The shells that /etc/shells lists. CLI: cmd.shells"""
    try:
        with open('/etc/shells', 'rb') as stream:
            lines = [compat.to_native(compat.decode_lossy(line)).strip() for line in stream]
    except (IOError, OSError):
        return []
    return [line for line in lines if line and not line.startswith('#')]


def shell_info(shell, list_modules=False):
    """Whether a shell or script language is installed, where, and its version. CLI: cmd.shell_info bash

    bash, perl, php, python, ruby, tcsh and zsh are known. list_modules: of PowerShell only, without effect here.
    """
    return shellinfo.info(cmd_request.text(shell))


def tty(device, echo=''):
    """Write a text to a terminal, ttyN or pts/N. CLI: cmd.tty tty1 'This is a test'"""
    device = cmd_request.text(device)
    path = '/dev/pts/' + device[3:].lstrip('/') if device.startswith('pts') else '/dev/' + device
    if not device.startswith(('tty', 'pts')) or '..' in device or '\0' in device:
        return {'Error': 'The specified device is not a valid TTY'}
    try:
        handle = os.open(path, os.O_WRONLY | os.O_NOCTTY | os.O_NONBLOCK)
    except OSError:
        return {'Error': 'Echoing to %s returned error' % path}
    try:
        if not stat.S_ISCHR(os.fstat(handle).st_mode):
            return {'Error': 'Echoing to %s returned error' % path}
        os.write(handle, compat.to_bytes(cmd_request.text(echo)))
    except OSError:
        return {'Error': 'Echoing to %s returned error' % path}
    finally:
        os.close(handle)
    return {'Success': 'Message was successfully echoed to %s' % path}


def powershell(cmd, cwd=None, stdin=None, runas=None, shell='powershell', env=None, clean_env=False, template=None,
               rstrip=True, umask=None, output_encoding=None, output_loglevel='debug', hide_output=False,
               timeout=None, reset_system_locale=True, ignore_retcode=False, saltenv=None, use_vt=False,
               password=None, depth=None, encode_cmd=False, success_retcodes=None, success_stdout=None,
               success_stderr=None, **kwargs):
    """Refused: a shell of Windows."""
    raise CommandExecutionError('The shell powershell is not available')


def powershell_all(cmd, cwd=None, stdin=None, runas=None, shell='powershell', env=None, clean_env=False,
                   template=None, rstrip=True, umask=None, output_encoding=None, output_loglevel='debug', quiet=False,
                   timeout=None, reset_system_locale=True, ignore_retcode=False, saltenv=None, use_vt=False,
                   password=None, depth=None, encode_cmd=False, force_list=False, success_retcodes=None,
                   success_stdout=None, success_stderr=None, **kwargs):
    """Refused: a shell of Windows."""
    raise CommandExecutionError('The shell powershell is not available')
