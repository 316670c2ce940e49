"""`minion service`: puts the files of a service in their places, and takes them away again."""
from __future__ import absolute_import, division, print_function

import os
import sys

import click

from minion import compat, errors
from minion.commands import service_files, terminal
from minion.commands.terminal import say

KINDS = ('sysv', 'systemd', 'upstart', 'openrc')
STARTING = {'sysv': 'service minion start', 'systemd': 'systemctl start minion', 'upstart': 'initctl start minion',
            'openrc': 'rc-service minion start'}


def _options(function):
    for option in (
            click.option('--init', 'kind', type=click.Choice(KINDS), help='The init system [default: the one that is here].'),
            click.option('--root', default='/', metavar='DIR', help='Folder of the system to work on [default: /].'),
            click.option('--daemon', metavar='FILE', help='The program that the service starts [default: this one].'),
            click.option('-c', '--config-dir', default='/etc/salt', metavar='DIR', help='Folder of the file `minion`.')):
        function = option(function)
    return function


@click.group('minion service', context_settings=terminal.HELP)
def command():
    """Make a service of the minion, or remove it.

    Each file that is written or removed and each command that is run is printed. Nothing is started or stopped.

    \b
    Exit codes: 0   done
                1   files are missing, or a file of somebody else is in the way
                77  not permitted
    """


@command.command(context_settings=terminal.HELP)
@_options
def install(kind, root, daemon, config_dir):
    """Put the files of the service in place and have it started at boot."""
    root, kind = _place(root, kind)
    plan = service_files.Plan(root, kind, _program(daemon), compat.to_native(config_dir), say)
    plan.install()
    if root == '/':
        say('To start it: %s' % STARTING[kind])


@command.command(context_settings=terminal.HELP)
@_options
def uninstall(kind, root, daemon, config_dir):
    """Remove the files of the service; settings that were changed, keys, logs and jobs stay."""
    root, kind = _place(root, kind)
    service_files.Plan(root, kind, _program(daemon), compat.to_native(config_dir), say).uninstall()


def main(words=None):
    """Run `minion service WORDS` and return its exit code."""
    return terminal.run(command, 'minion service', words or ['--help'])


def _program(daemon):
    return compat.to_native(daemon) if daemon else os.path.abspath(sys.argv[0])


def _place(root, kind):
    root = os.path.abspath(compat.to_native(root))
    if not os.path.isdir(root):
        raise errors.MinionError('%s is no folder' % root)
    return root, compat.to_native(kind) if kind else service_files.init_of(root)
