"""conf/minion.1, from what --help shows: the click commands, the optparse parser of `minion call`, and minion/manual.py."""
from __future__ import absolute_import, division, print_function

import importlib
import inspect
import re

import click

from minion import __version__, cli, manual
from minion.caller import words

INTRODUCTION = (
    u'minion serves a Salt master: it makes a key pair, signs in, receives jobs, runs them and returns each outcome. It takes '
    u'the place of salt-minion, with its configuration, its keys and its names. Without a command it does that until told to '
    u'stop, in the foreground or, with -d, in the background.')
SEE = (u'docs/operations.md explains every line of the log from warning on, docs/service.md the service, docs/configuration.md '
       u'the settings. `minion doctor` examines a host that does not work and says what to do.')
NUMBERS = (click.IntRange, type(click.INT), type(click.FLOAT))


def page():
    """The text of the page."""
    main = cli._command(click)
    parts = [u'.\\" Written by `python -m docs.pages`; not by hand.\n', u'.TH MINION 1 "" "minion %s"\n' % __version__,
             u'.SH NAME\nminion \\- a Salt minion for old hosts and new ones\n',
             u'.SH SYNOPSIS\n.B minion\n[\\fIOPTIONS\\fR] [\\fICOMMAND\\fR [\\fIARGUMENTS\\fR]]\n',
             u'.SH DESCRIPTION\n%s\n' % _text(INTRODUCTION), u'.SH OPTIONS\n%s' % _options(main), u'.SH COMMANDS\n']
    for name in sorted(cli.COMMANDS):
        parts += _command(u'minion ' + name, name)
    parts.append(u'.SH EXIT STATUS\n%s' % u''.join(_tagged(u'%d' % code, text) for code, text in manual.EXITS))
    for title, rows in ((u'SIGNALS', manual.SIGNALS), (u'FILES', manual.FILES), (u'ENVIRONMENT', manual.ENVIRONMENT)):
        parts.append(u'.SH %s\n%s' % (title, u''.join(_tagged(name, text) for name, text in rows)))
    return u''.join(parts + [u'.SH SEE ALSO\n%s\n' % _text(SEE)])


def _command(title, name):
    module = importlib.import_module(cli.COMMANDS[name][0])
    if name == 'call':
        return _call(title)
    return _clicked(title, getattr(module, 'command', None) or getattr(module, name))


def _clicked(title, command):
    """Parts for a click command and those below it."""
    arguments = [_argument(one) for one in command.params if isinstance(one, click.Argument)]
    parts = [u'.SS %s\n' % _escaped(u' '.join([title] + arguments)), _help(command.help), _options(command)]
    for name, below in sorted(getattr(command, 'commands', {}).items()):
        parts += _clicked(u'%s %s' % (title, name), below)
    return parts


def _argument(one):
    if one.metavar:
        return one.metavar
    return u'[%s]...' % one.name.upper() if one.nargs == -1 else one.name.upper()


def _options(command):
    rows = [(u', '.join(sorted(one.opts, key=len)) + _operand(one), one.help)
            for one in command.params if isinstance(one, click.Option)]
    return u''.join(_tagged(name, text or u'') for name, text in rows + [(u'-h, --help', u'Show this and exit.')])


def _operand(option):
    if option.is_flag:
        return u''
    if isinstance(option.type, click.Choice) and not option.metavar:
        return u' ' + u'|'.join(option.type.choices)
    if isinstance(option.type, NUMBERS) and not option.metavar:
        return u' NUMBER'
    return u' ' + (option.metavar or u'TEXT')


def _help(text):
    """The long help of a click command: paragraphs, and lines kept as they are behind \\b."""
    parts = []
    for paragraph in re.split(r'\n\s*\n', inspect.cleandoc(text or u'')):
        if paragraph.startswith(u'\b'):
            parts.append(u'.nf\n%s\n.fi\n' % u'\n'.join(_escaped(line) for line in paragraph.splitlines()[1:]))
        else:
            parts.append(_text(u' '.join(paragraph.split())) + u'\n')
    return u'.PP\n'.join(parts)


def _call(title):
    """Parts for `minion call`."""
    parser = words.parser()
    groups = [(None, parser)] + [(group.title, group) for group in parser.option_groups]
    parts = [u'.SS %s\n%s\n' % (_escaped(title + u' [OPTIONS] FUNCTION [ARGUMENTS]'), _text(parser.description))]
    for name, group in groups:
        parts += [u'.PP\n%s:\n' % _text(name)] if name else []
        parts += [_tagged(_names(one), one.help) for one in group.option_list]
    return parts


def _names(option):
    operand = u''
    if option.takes_value():
        operand = u' ' + (option.metavar or option.dest.upper())
    names = option._short_opts + option._long_opts
    return u', '.join(names) + operand


def _tagged(name, text):
    return u'.TP\n\\fB%s\\fR\n%s\n' % (_escaped(name), _text(text[:1].upper() + text[1:]))


def _text(text):
    """Running text; what stands in backquotes is bold."""
    return re.sub(u'`([^`]*)`', u'\\\\fB\\1\\\\fR', _escaped(text))


def _escaped(text):
    text = text.replace(u'\\', u'\\e').replace(u'-', u'\\-')
    return u'\\&' + text if text[:1] in (u'.', u"'") else text
