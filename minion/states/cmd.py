"""States that run commands. What a command's arguments mean is told at the execution module cmd."""
from __future__ import absolute_import, division, print_function

import os

from minion.errors import MinionError
from minion.helpers import state_cmd

_FOR_RUN = ('cwd', 'runas', 'password', 'env', 'prepend_path', 'output_loglevel', 'hide_output', 'use_vt', 'timeout',
            'success_retcodes', 'success_stdout', 'success_stderr')
_FOR_SCRIPT = tuple(name for name in _FOR_RUN if name != 'prepend_path') + ('template',)
_NO_FOLDER = 'Desired working directory "%s" is not available'


def _returned(name, result=True, comment='', changes=None):
    return {'name': name, 'result': result, 'comment': comment, 'changes': changes or {}}


def _options(arguments, names):
    """The keywords for the execution module, of the locals() of a state."""
    options = dict(arguments['kwargs'], **dict((name, arguments[name]) for name in names))
    options['shell'] = arguments['shell'] or __grains__.get('shell') or '/bin/bash'
    umask = (globals().get('__low__') or {}).get('umask')            # an argument that all states have
    return options if umask is None else dict(options, umask=umask)


def wait(name, cwd=None, root=None, runas=None, shell=None, env=[], stateful=False, output_loglevel='debug',
         hide_output=False, use_vt=False, success_retcodes=None, success_stdout=None, success_stderr=None, **kwargs):
    """Run a command only when a watched state changes something; the arguments are those of run.

    newaliases:
      cmd.wait:
        - watch:
          - file: /etc/aliases
    """
    return state_cmd.reported(_returned(name)) if stateful else _returned(name)


watch = wait


def wait_script(name, source=None, template=None, cwd=None, runas=None, shell=None, env=None, stateful=False,
                use_vt=False, output_loglevel='debug', hide_output=False, success_retcodes=None, success_stdout=None,
                success_stderr=None, **kwargs):
    """Run a script only when a watched state changes something; the arguments are those of script."""
    return state_cmd.reported(_returned(name)) if stateful else _returned(name)


def run(name, cwd=None, root=None, runas=None, password=None, shell=None, env=None, prepend_path=None, stateful=False,
        output_loglevel='debug', hide_output=False, timeout=None, ignore_timeout=False, use_vt=False,
        success_retcodes=None, success_stdout=None, success_stderr=None, **kwargs):
    """Run a command through a shell. It failed when its exit code is not 0.

    root: a folder to change the root to. ignore_timeout: running out of time is no failure.
    stateful: the command's output says whether it changed something, as JSON or as a last line of name=value pairs;
    as `- test_name: COMMAND` it names a command for test mode.

    make_index:
      cmd.run:
        - name: mkindex /srv/data
        - creates: /srv/data/INDEX
    """
    arguments = dict(locals())
    stateful, for_test = state_cmd.test_name(stateful)
    if __opts__['test'] and for_test:
        arguments['name'] = for_test
    error = state_cmd.bad_environment(env)
    if error:
        return _returned(name, False, error)
    if __opts__['test'] and not for_test:
        if stateful:
            return _returned(name, None)
        return _returned(name, None, 'Command "%s" would have been executed' % name, {'cmd': name})
    if cwd and not os.path.isdir(cwd):
        return _returned(name, False, _NO_FOLDER % cwd)
    try:
        done = _run(arguments)
    except (MinionError, TypeError, ValueError) as exc:
        return _returned(name, False, str(exc))
    if ignore_timeout and done['retcode'] == 1 and 'Timed out after' in done['stdout']:
        done['retcode'] = 0
    ret = _returned(name, not done['retcode'], 'Command "%s" run' % name, done)
    return _told(ret, done) if stateful else ret


def _run(arguments):
    if 'python_shell' in arguments['kwargs']:
        raise TypeError("salt.loaded.int.module.cmdmod.run_all() got multiple values for keyword argument 'python_shell'")
    options = dict(_options(arguments, _FOR_RUN), python_shell=True)
    if arguments['root']:
        return __salt__['cmd.run_chroot'](arguments['root'], arguments['name'], **options)
    return __salt__['cmd.run_all'](arguments['name'], **options)


def _told(ret, done):
    """The return of a stateful command; in test mode what it would change is not changed."""
    ret = state_cmd.reported(ret)
    if __opts__['test'] and not done['retcode'] and ret['changes']:
        ret['result'] = None
    return ret


def script(name, source=None, template=None, cwd=None, runas=None, password=None, shell=None, env=None, stateful=False,
           timeout=None, use_vt=False, output_loglevel='debug', hide_output=False, defaults=None, context=None,
           success_retcodes=None, success_stdout=None, success_stderr=None, **kwargs):
    """Fetch a script and run it. Words behind the first one of `name` are its arguments, unless `args` names others.

    source: where it is, default `name`. template: engine that fills it in, with `context` over `defaults`.
    stateful: as of run.

    check.sh --fast:
      cmd.script:
        - source: salt://scripts/check.sh
    """
    arguments = dict(locals())
    stateful, for_test = state_cmd.test_name(stateful)
    if __opts__['test'] and for_test:
        name, source = for_test, for_test
    error = state_cmd.bad_environment(env) or state_cmd.bad_variables(context=context, defaults=defaults)
    if error:
        return _returned(name, False, error)
    if __opts__['test'] and not for_test:
        return _returned(name, None, '' if stateful else "Command '%s' would have been executed" % name)
    if cwd and not os.path.isdir(cwd):
        return _returned(name, False, _NO_FOLDER % cwd)
    options = _options(arguments, _FOR_SCRIPT)
    options['context'] = dict(defaults or {}, **(context or {}))
    if source is not None and len(name.split()) > 1:
        options.setdefault('args', name.split(' ', 1)[1])
    return _script(name, name if source is None else source, stateful, options)


def _script(name, source, stateful, options):
    try:
        done = __salt__['cmd.script'](source, python_shell=True, saltenv=__env__, **options)
    except (MinionError, EnvironmentError) as exc:
        return _returned(name, False, str(exc))
    ret = _returned(name, not done['retcode'], "Command '%s' run" % name, done)
    if done.get('cache_error'):
        ret['comment'] = "Unable to cache script %s from saltenv '%s'" % (source, __env__)
    return _told(ret, done) if stateful else ret


def call(name, func, args=[], kws=None, output_loglevel='debug', hide_output=False, use_vt=False, **kwargs):
    """Call a Python function that a renderer in Python passed in; what it returns is the result."""
    return state_cmd.answer(name, func(*args, **(kws or {})))


def wait_call(name, func, args=[], kws=None, stateful=False, use_vt=False, output_loglevel='debug', hide_output=False,
              **kwargs):
    """Call a Python function only when a watched state changes something."""
    return state_cmd.reported(_returned(name)) if stateful else _returned(name)


def mod_watch(name, **kwargs):
    """What a watched state that changed something makes of run, wait, script and the others."""
    sfun = kwargs['sfun']
    if sfun in ('wait', 'run', 'watch'):
        return _watched(run, name, kwargs)
    if sfun in ('wait_script', 'script'):
        return _watched(script, name, kwargs)
    if sfun in ('wait_call', 'call'):
        if not kwargs.get('func'):
            return _returned(name, False, 'cmd.%s needs a named parameter func' % sfun)
        return call(name, **kwargs)
    return _returned(name, False, 'cmd.%s does not work with the watch requisite, please use cmd.wait or cmd.wait_script'
                     % sfun)


def _watched(function, name, kwargs):
    stateful = kwargs.pop('stateful', False)
    ret = function(name, **dict((key, value) for key, value in kwargs.items() if key != 'sfun'))
    return state_cmd.reported(ret) if stateful else ret
