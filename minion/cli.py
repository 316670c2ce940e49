"""The command line: the order of a start, errors to one line and an exit code. Nothing else ends the process."""
from __future__ import absolute_import, division, print_function

import importlib
import logging
import os
import re
import sys
import traceback

from minion import compat, errors, lean, options

log = logging.getLogger(__name__)

NAME = 'minion'
USAGE = 64                                       # EX_USAGE, the reference's code
STOPPED = 130                                    # a command, by Ctrl-C, as shells have it
LOCK = 'minion.lock'                             # in cachedir

# what is imported: what is installed
LIBRARIES = {'zmq': 'pyzmq', 'rsa': 'rsa', 'yaml': 'PyYAML', 'click': 'click', 'msgpack': 'msgpack', 'pyasn1': 'pyasn1'}

# name: (module with main(arguments) -> exit code, what the help says); loaded when called
COMMANDS = {
    'call': ('minion.caller.cli', 'Run one function of the execution modules on this host.'),
    'config': ('minion.commands.config', 'Show the settings in force and where each comes from.'),
    'key': ('minion.commands.key', 'Show the fingerprint of the key of this minion, or make a key.'),
    'migrate': ('minion.commands.migrate', 'Take this host over from salt-minion, or give it back.'),
    'service': ('minion.commands.service', 'Make a service of the minion, or remove it.'),
    'doctor': ('minion.commands.doctor', 'Examine everything between this host and a job from its master.'),
    'status': ('minion.commands.status', 'Tell whether the minion runs and whom it listens to.'),
    'demo': ('minion.demo.cli', 'Show this minion at work with a small master of its own.'),
}


SALTFILE_NAMES = ('config_dir', 'user', 'pidfile', 'log_file', 'log_level', 'log_level_logfile', 'daemon')


def main(arguments=None):
    """Run a command line and return its exit code.

    :param list arguments: native texts; None: those of the process.
    """
    try:
        return _main(list(sys.argv[1:] if arguments is None else arguments))
    except ImportError as exc:
        library = _missing_library(exc)
        if library is None:
            raise
        return _failed(None, 1, library)
    except KeyboardInterrupt:                    # of a command; a minion that serves stops as told
        _print_error('\n%s: stopped' % NAME)
        return STOPPED


def _missing_library(exc):
    """One line about a library of ours that is not installed, None for any other failed import."""
    found = re.match(r"No module named '?(\w+)", str(exc))
    package = LIBRARIES.get(found.group(1)) if found else None
    if package is None:
        return None
    return '%s: the library %s is not installed for it: run %s -m pip install %s, or use the Python that has it' % (
        sys.executable, package, sys.executable, package)


def _main(arguments):
    given = options.plain(arguments)
    if given is not None:
        return serve(given)
    if arguments[:1] == ['call']:                # in scripts it runs often: without the tenth of a second that click takes
        return importlib.import_module(COMMANDS['call'][0]).main([compat.to_native(word) for word in arguments[1:]])
    import click
    command = _command(click)
    try:
        # not command.main(): in a C locale on Python 3.6 it refuses to work at all
        with command.make_context(NAME, arguments) as context:
            command.invoke(context)
    except click.exceptions.Exit as exc:
        return exc.exit_code
    except click.UsageError as exc:
        return _usage_error(exc)
    return 0


def _usage_error(exc):
    import click
    if isinstance(exc, click.NoSuchOption):              # click words it anew now and then; the reference does not
        words = 'no such option: %s' % compat.to_native(exc.option_name)
    else:
        words = compat.to_native(exc.format_message())
    usage = compat.to_native(exc.ctx.get_usage()) if exc.ctx is not None else 'Usage: %s [OPTIONS]' % NAME
    _print_error('%s\n\n%s: error: %s' % (usage, NAME, words[:1].lower() + words[1:]))
    return USAGE


def _print_error(text):
    """Bytes to standard error: no encoding can be in the way."""
    stream = getattr(sys.stderr, 'buffer', sys.stderr)
    data = compat.to_bytes(text) + b'\n'
    if stream is None:                           # closed before we were started
        return
    try:
        if sys.stderr is sys.__stderr__:
            os.write(sys.stderr.fileno(), data)  # a buffer that a full disk refuses would change the exit code
            return
        stream.write(data if stream is not sys.stderr or compat.PY2 else compat.to_native(data))
        stream.flush()
    except EnvironmentError:                     # nobody reads it; the exit code still tells
        return


def _command(click):
    class Commands(click.Group):
        """Subcommands that are imported when they are called."""

        def list_commands(self, ctx):
            return sorted(COMMANDS)

        def get_command(self, ctx, name):
            return _subcommand(click, name) if name in COMMANDS else None

    return Commands(
        NAME, params=[_option(click, row) for row in options.ROWS], invoke_without_command=True,
        callback=click.pass_context(_default),
        context_settings={'help_option_names': ['-h', '--help']},
        help='Serve the configured Salt master until told to stop, or run one of the commands below.',
        epilog=_exit_codes())


def _exit_codes():
    """Lines for the help, as those of the commands have them."""
    import textwrap
    from minion import manual
    lines = ['\b']
    for code, text in manual.EXITS:
        first = 'Exit codes: ' if len(lines) == 1 else ' ' * 12
        lines += textwrap.wrap(text, 76, initial_indent='%s%-4d' % (first, code), subsequent_indent=' ' * 16)
    return '\n'.join(lines)


def _option(click, row):
    if row.kind is options.FLAG:
        return click.Option(list(row.names) + [row.key], is_flag=True, help=row.help)
    kind = click.Choice(row.kind) if isinstance(row.kind, tuple) else None
    return click.Option(list(row.names) + [row.key], type=kind, metavar=row.metavar, help=row.help)


def _subcommand(click, name):
    module, text = COMMANDS[name]

    def call(ctx, arguments):
        above = ctx.parent.params.get('config_dir')
        words = ['-c', above] if above else []               # `minion -c DIR doctor` as `minion doctor -c DIR`
        words = [compat.to_native(word) for word in words + list(arguments)]
        ctx.exit(importlib.import_module(module).main(words) or 0)

    arguments = click.Argument(['arguments'], nargs=-1, type=click.UNPROCESSED)
    return click.Command(name, params=[arguments], callback=click.pass_context(call), help=text, add_help_option=False,
                         context_settings={'ignore_unknown_options': True})


def _default(ctx, **chosen):
    """What the program does without a subcommand. Ends by ctx.exit: click 8.0 drops what a callback returns."""
    if ctx.invoked_subcommand is not None:
        return
    if chosen['version'] or chosen['versions_report']:
        from minion import versions
        print(versions.report() if chosen['versions_report'] else versions.version())
        return
    given = dict((name, compat.to_native(value) if compat.is_text(value) else value)
                 for name, value in chosen.items() if value)
    ctx.exit(serve(given))


def serve(given):
    """Start the minion and run it to its end.

    :param dict given: config_dir, user, daemon, pidfile, log_level, log_file, log_level_logfile, saltfile; those given.
    :return int: the exit code.
    """
    from minion import handover, process
    handed, launch = handover.take(), process.Launch()
    try:
        given = _absolute(dict(_saltfile(given), **given))
        command = handover.command(options.words(given))
        if handed is not None:
            launch = process.Launch(None, handed.hammer, handed.keeper, bool(given.get('daemon')),
                                    handed.hammer is None)
        elif given.get('daemon'):
            launch = process.daemonize()
            if launch.waiting:
                code, text = launch.outcome()
                if text:
                    _print_error(text)
                return code
            if not given.get('disable_keepalive') and handover.keeper_can_be():
                _become_keeper(launch, command)
        return _serve(launch, given, command, handed)
    except errors.MinionError as exc:
        return _failed(launch, _failed_again(exc) if launch.again else exc.exit_code, str(exc))
    except KeyboardInterrupt:                    # before the handlers of signals are there
        return 0
    except Exception as exc:                     # the outermost function of the main thread
        library = _missing_library(exc) if isinstance(exc, ImportError) else None
        if library is not None:
            return _failed(launch, 1, library)
        if logging.getLogger().handlers:
            log.critical('a fault of this program', exc_info=True, extra={'printed': True})
        else:
            traceback.print_exc()
        return _failed(launch, 1, 'a fault of this program, see its log: %s: %s' % (type(exc).__name__, exc))


def _become_keeper(launch, command):
    """Go on as the parent that keeps the minion alive."""
    from minion import handover
    hammer = launch.pass_on()
    try:
        handover.become_keeper(command, hammer)
    except OSError as exc:
        raise errors.MinionError('%s: the keep-alive parent cannot be started: %s; --disable-keepalive does without it'
                                 % (handover.SHELL, exc.strerror))


def _absolute(given):
    """The options with whole paths: the daemon changes to /."""
    for name in ('config_dir', 'pidfile', 'saltfile', 'log_file'):
        if given.get(name) and '://' not in given[name]:
            given[name] = os.path.abspath(given[name])
    return given


def _failed(launch, code, text):
    """One line to the user and to the log."""
    if logging.getLogger().handlers:
        log.error('%s', text, extra={'printed': True})
    text = '%s: %s' % (NAME, ' '.join(text.split()))
    if launch is not None and launch.background:
        launch.failed(code, text)
    else:
        _print_error(text)
    return code


def _failed_again(exc):
    """The exit code for the keep-alive parent of a start that was not the first: to be tried once more, or enough."""
    return 0 if isinstance(exc, errors.AlreadyRunning) else 1


def _serve(launch, given, command, handed):
    from minion import config, identity, logs, prepare
    names = ('user', 'pidfile', 'log_file', 'log_level_logfile')
    conf = config.load(given.get('config_dir'), dict((name, given.get(name)) for name in names),
                       _read_apart)
    logs.setup(conf, given.get('log_level'), launch.background)
    for level, text in conf.notes:
        log.log(level, '%s', text)
    if handed is not None and handed.note != '-':
        log.warning('%s', handed.note)
    prepare.check(conf)
    minion_id, source = identity.resolve(conf, _caller(conf))
    log.info('starting as %s (id from %s)', minion_id, source)
    conf = conf.with_id(minion_id)
    prepare.prepare(conf)
    return _run(launch, conf, minion_id, command, handed)


def _read_apart(work):
    """What work() gives, by a child: the YAML library and the table of settings, 2.2 MB, would stay for life.

    Meanwhile this process does its large imports, where signals can be held up for that time.
    """
    from minion import apart, process
    child = apart.Apart(work)
    try:
        if not compat.PY2:
            with process.signals_held():
                lean.import_zmq()
                importlib.import_module('minion.agent')
        return child.result()
    finally:
        child.end()


def _caller(conf):
    """What `id_function` is called with; modules are only looked for when it is set."""
    def call(name, keywords):
        from minion import settingcall
        return settingcall.call(conf, name, keywords)
    return call


def _run(launch, conf, minion_id, command, handed):
    """Take the lock, become the account, and be the minion until it ends."""
    from minion import accounts, apart, graincollect, memory, process, status
    memory.few_arenas()
    early = process.EarlyStop()
    process.set_title('%s (%s)' % (' '.join(command[1:]), minion_id))
    owner = accounts.new_owner(conf['user'])
    lock = process.Lock(os.path.join(conf['cachedir'], LOCK), owner, handed and handed.lock)
    locked = lock.acquire()
    pidfile, ahead = process.PidFile(conf['pidfile'], owner), None
    try:
        written = pidfile.write()
        status.give(status.path(conf['pidfile']), owner)
        lean.import_zmq()
        process.change_user(conf['user'])
        from minion.agent import Agent
        sys.path_importer_cache.clear()                 # names of all files in folders of modules: 0.1 MB
        agent = Agent(conf, minion_id)
        for done, task in ((locked, lock.again), (written, pidfile.write)):
            if not done:
                agent.repairs.add(task)
        _hear_signals(agent)
        if early.told:
            agent.bell.stop()
        ahead = apart.Apart(lambda: graincollect.ahead(conf))
        _prepare(agent, ahead)                          # key trouble is told to whoever waits for a daemon's start
        launch.ready(pidfile.path)
        code = agent.run()
        if agent.restarting and conf['minion_restart_command']:
            pidfile.remove()
            lock.release()
            _give_way(conf['minion_restart_command'])
        elif agent.restarting:
            _once_more(command, lock, launch)
        return code
    finally:
        if ahead is not None:
            ahead.end()
        pidfile.remove()
        lock.release()


def _hear_signals(agent):
    from minion import logs, process

    def hang_up():
        logs.reopen()
        agent.reload()
    process.install_signals(agent.bell, hang_up, lambda: process.log_stacks(agent.lengths()))


def _once_more(command, lock, launch):
    """Replace this program by itself; pid and lock stay."""
    from minion import handover
    log.info('starting anew as told')
    try:
        handover.become(command, handover.Handover(lock.handle, None, launch.keeper, None))
    except OSError as exc:
        raise errors.MinionError('%s cannot be started anew: %s' % (command[0], exc.strerror))


def _give_way(argv):
    """End as the command that starts the minion anew (`minion_restart_command`)."""
    from minion import handover
    log.info('starting anew by %s (minion_restart_command)', ' '.join(argv))
    try:
        handover.give_way(argv)
    except OSError as exc:
        raise errors.MinionError('minion_restart_command: %s: %s' % (argv[0], exc.strerror))


def _prepare(agent, ahead):
    try:
        agent.prepare(ahead)
    except errors.Interrupted:                   # told to stop while making the key: run() sees it and ends
        return
    except BaseException:
        agent.close()
        raise


def _saltfile(given):
    """Defaults from the section `salt-minion` of a Saltfile; most hosts have none, and this module is not loaded."""
    if not given.get('saltfile') and not os.environ.get('SALT_SALTFILE') and not os.path.exists(
            os.path.join(os.path.expanduser('~'), '.salt', 'Saltfile')):
        return {}
    from minion import saltfile
    return saltfile.defaults(given.get('saltfile'), 'salt-minion', SALTFILE_NAMES)
