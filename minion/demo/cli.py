"""`minion demo`: its options, its folder, its end."""
from __future__ import absolute_import, division, print_function

import logging
import os
import shutil
import signal
import sys
import tempfile

import click

from minion import compat, errors
from minion.demo import control
from minion.demo.remote import Remote
from minion.demo.show import Show
from minion.demo.words import arguments, say, shown

USAGE = 64
CALL_SLACK = 10.0                 # seconds that an answer may take beyond the time of the job


class Stopped(Exception):
    """A signal asks the demo to end."""


@click.group('minion demo', invoke_without_command=True, context_settings={'help_option_names': ['-h', '--help']})
@click.option('--keep', is_flag=True, help='Stay up afterwards and take jobs from `minion demo call`.')
@click.option('--dir', 'folder', metavar='DIR', help='Use this folder and leave it there; else one in the temp folder.')
@click.option('--port', type=click.IntRange(0, 65535), default=0, help='Request port of the master; 0: any free one.')
@click.option('--protocol', type=click.Choice(['0', '2', '3']), default='3', help='Protocol version of the master.')
@click.option('--master', metavar='HOST[:PORT]', help='Use this real master instead and tell what happens.')
@click.option('--id', 'minion_id', metavar='ID', help='Id at the real master [default: demo-HOSTNAME].')
@click.pass_context
def demo(ctx, **options):
    """Show a master and this minion at work on this host: keys, sign-in, jobs, returns.

    Nothing outside one folder is touched and nothing listens beyond 127.0.0.1.
    """
    if ctx.invoked_subcommand is None:
        ctx.exit(_inside(options))               # a group's return value is lost in click 8.0


@demo.command(context_settings={'ignore_unknown_options': True, 'allow_interspersed_args': False,
                                'help_option_names': ['-h', '--help']})
@click.option('--timeout', type=click.IntRange(1, 86400), default=60, help='Seconds to wait for the return.')
@click.argument('function')
@click.argument('args', nargs=-1, type=click.UNPROCESSED)
@click.pass_context
def call(ctx, timeout, function, args):
    """Have the minion of a demo that was started with --keep run FUNCTION."""
    job = {'fun': compat.to_native(function), 'arg': arguments([compat.to_native(one) for one in args]),
           'timeout': timeout}
    answer = control.ask(job, timeout + CALL_SLACK)
    if 'error' in answer:
        raise errors.MinionError(answer['error'])
    say(shown(answer['return']))
    ctx.exit(1 if answer['retcode'] else 0)


def main(words=None):
    """Run `minion demo WORDS` and return its exit code."""
    logging.getLogger('minion.demo').addHandler(logging.NullHandler())
    try:
        with demo.make_context('minion demo', list(sys.argv[1:] if words is None else words)) as context:
            demo.invoke(context)
        return 0
    except click.exceptions.Exit as exc:
        return exc.exit_code
    except click.UsageError as exc:
        usage = exc.ctx.get_usage() if exc.ctx is not None else 'Usage: minion demo [OPTIONS]'
        _complain('%s\n\nminion demo: error: %s' % (usage, exc.format_message()))
        return USAGE
    except errors.MinionError as exc:
        _complain('minion demo: %s' % exc)
        return exc.exit_code


def _complain(text):
    stream = getattr(sys.stderr, 'buffer', sys.stderr)
    data = compat.to_bytes(text) + b'\n'
    stream.write(data if compat.PY2 or stream is not sys.stderr else compat.to_native(data))
    stream.flush()


def _inside(options):
    """Run in the folder asked for, or in one that is removed unless something went wrong."""
    given = options['folder']
    folder = os.path.abspath(compat.to_native(given)) if given else tempfile.mkdtemp(prefix='minion-demo-')
    handlers = _listen_to_signals()
    code = 1
    try:
        compat.make_dirs(folder)
        code = _remote(folder, options) if options['master'] else _local(folder, options)
    except OSError as exc:
        raise errors.MinionError('%s: %s' % (exc.filename or folder, exc.strerror))
    finally:
        for number, handler in handlers:
            signal.signal(number, handler)
        if code == 0 and not given:
            shutil.rmtree(folder, ignore_errors=True)
        else:
            say('folder    %s is left there' % folder)
    return code


def _listen_to_signals():
    """SIGINT, SIGTERM and SIGHUP raise Stopped in the main thread; [(number, former handler)]."""
    def stop(number, frame):
        raise Stopped()
    return [(number, signal.signal(number, stop)) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)]


def _local(folder, options):
    show, server, code = Show(folder, options['port'], int(options['protocol'])), None, 1
    try:
        code = 1 if show.run() else 0
        if options['keep']:
            server = control.Server(os.path.join(folder, 'call.sock'), show.call)
            server.start()
            say('ready     from another terminal: minion demo call test.ping      (Ctrl-C ends it)')
            show.keep()
    except Stopped:
        say('\nstopping' if sys.stdout.isatty() else 'stopping')          # behind the ^C that a terminal shows
    finally:
        _quietly(server, show)
    return code


def _remote(folder, options):
    remote = Remote(folder, compat.to_native(options['master']),
                    options['minion_id'] and compat.to_native(options['minion_id']))
    try:
        remote.run()
    except Stopped:
        say('\nstopping' if sys.stdout.isatty() else 'stopping')          # behind the ^C that a terminal shows
    finally:
        _quietly(remote)
    return 0


def _quietly(*parts):
    """Stop what was started; a second signal does not get in between."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    for part in parts:
        if part is not None:
            part.stop()
