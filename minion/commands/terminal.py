"""What the commands share: their start and end, lines of 80 columns, colours on terminals only."""
from __future__ import absolute_import, division, print_function

import os
import re
import sys
import textwrap

import click

from minion import compat, errors

USAGE, WIDTH = 64, 80
STOPPED = 130                                    # by Ctrl-C, as shells have it
COLOURS = {'ok': '32', 'note': '36', 'warning': '33', 'error': '31', 'bold': '1'}
HELP = {'help_option_names': ['-h', '--help'], 'max_content_width': WIDTH}

config_option = click.option('-c', '--config-dir', metavar='DIR', help='Folder of the file `minion` [default: /etc/salt].')


def run(command, name, words):
    """Run a click command and return its exit code; what goes wrong is one line on standard error."""
    try:
        with command.make_context(name, [compat.to_text(word) for word in words]) as context:
            command.invoke(context)
        return 0
    except click.exceptions.Exit as exc:
        return exc.exit_code
    except click.UsageError as exc:
        usage = exc.ctx.get_usage() if exc.ctx is not None else 'Usage: %s [OPTIONS]' % name
        complain('%s\n\n%s: error: %s' % (compat.to_native(usage), name, compat.to_native(exc.format_message())))
        return USAGE
    except errors.MinionError as exc:
        complain('%s: %s' % (name, exc))
        return exc.exit_code
    except KeyboardInterrupt:
        complain('\n%s: stopped' % name)
        return STOPPED


def say(text=''):
    """A line on standard output, whatever the locale is able to show. A reader who has gone away is no fault."""
    _put(sys.stdout, text)


def complain(text):
    """A line on standard error."""
    _put(sys.stderr, text)


def _put(stream, text):
    try:
        stream.flush()
        data = compat.to_bytes(text) + b'\n'
        if hasattr(stream, 'buffer'):
            stream.buffer.write(data)
            stream.buffer.flush()
        elif compat.PY2:
            stream.write(data)
            stream.flush()
        else:                                        # put in place by somebody else
            stream.write(compat.to_native(data))
    except EnvironmentError:
        _to_nowhere(stream)


def _to_nowhere(stream):
    """What the stream still holds goes nowhere: at the end of the process Python would try, and complain, once more."""
    try:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
    except (EnvironmentError, ValueError):           # no stream of the system
        return


def colourful(stream=None):
    """True for a terminal whose owner has not asked for no colours (NO_COLOR, TERM=dumb)."""
    stream = stream or sys.stdout
    if os.environ.get('NO_COLOR') or os.environ.get('TERM', 'dumb') == 'dumb':
        return False
    return bool(getattr(stream, 'isatty', None) and stream.isatty())


def paint(text, kind):
    """The text in the colour of `kind` (see COLOURS) on a terminal, as it is elsewhere."""
    return '\033[%sm%s\033[0m' % (COLOURS[kind], text) if colourful() else text


def folded(text, margin=''):
    """The text in lines of at most 80 columns; words that are longer, such as paths, stay whole."""
    return textwrap.fill(text, WIDTH, subsequent_indent=margin, break_long_words=False, break_on_hyphens=False)


def plain(text):
    """The text without colours, to count its columns."""
    return re.sub('\033\\[[0-9;]*m', '', text)


def overrides(**given):
    """The options that were given, as config.load takes them."""
    return dict((name, compat.to_native(value)) for name, value in given.items() if value)
