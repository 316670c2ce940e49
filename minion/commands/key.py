"""`minion key`: this minion's key and what it is called on the master."""
from __future__ import absolute_import, division, print_function

import os
import sys
import time

import click

from minion import accounts, compat, config as configuration, errors, files, identity, keys, pki
from minion.commands import terminal
from minion.commands.terminal import paint, say

config_dir = terminal.config_option


@click.group('minion key', invoke_without_command=True, context_settings=terminal.HELP)
@config_dir
@click.pass_context
def command(ctx, config_dir):
    """Show the fingerprint of this minion's key, or make a key.

    Without a command: show.

    \b
    Exit codes: 0   done
                1   no key to show, one is there already, or not confirmed
                77  not permitted
                78  the configuration or a key file is damaged
    """
    ctx.obj = configuration.load(config_dir and compat.to_native(config_dir))
    if ctx.invoked_subcommand is None:
        _show(ctx.obj)


def main(words=None):
    """Run `minion key WORDS` and return its exit code."""
    return terminal.run(command, 'minion key', words or [])


@command.command(context_settings=terminal.HELP)
@click.pass_obj
def show(conf):
    """Show the fingerprints as salt-key shows them."""
    _show(conf)


def _show(conf):
    pair = pki.look(conf['pki_dir'])
    if pair is None:
        raise errors.MinionError('there is no key in %s yet; the first start makes one, or: minion key generate'
                                 % conf['pki_dir'])
    _print_key('this minion, as salt-key -f ID shows it:', pair.pem, conf)
    pinned = pki.load_master_key(os.path.join(conf['pki_dir'], pki.MASTER))
    if pinned is not None:
        _print_key('its master, as salt-key -F master shows it:', pinned.pem, conf)


def _print_key(title, pem, conf):
    say(paint(title, 'bold'))
    say('  %s  masters up to 3007' % keys.fingerprint(pem, conf['hash_type']))
    say('  %s  masters from 3008' % keys.text_fingerprint(pem, conf['hash_type']))


@command.command(context_settings=terminal.HELP)
@click.pass_obj
def generate(conf):
    """Make the key that the first start would make."""
    path = os.path.join(conf['pki_dir'], pki.PRIVATE)
    if os.path.lexists(path):
        raise errors.MinionError('%s is there already; to replace it: minion key rotate' % path)
    _make(conf)


@command.command(context_settings=terminal.HELP)
@click.option('-y', '--yes', is_flag=True, help='Do not ask.')
@click.pass_obj
def rotate(conf, yes):
    """Set the key aside and make a new one, which the master must then accept anew.

    Until an operator has done so, this host takes no jobs.
    """
    path = os.path.join(conf['pki_dir'], pki.PRIVATE)
    if not os.path.lexists(path):
        raise errors.MinionError('there is no key in %s to be replaced; to make one: minion key generate' % conf['pki_dir'])
    terminal.complain(terminal.folded(
        'The master knows this host by its key. With another one it takes no jobs until an operator has removed the old '
        'key and accepted the new one: salt-key -d %s; salt-key -a %s' % (_name(conf), _name(conf))))
    if not yes:
        _confirm()
    stamp = time.strftime('%Y%m%dT%H%M%S', time.gmtime())
    try:
        for name in (pki.PUBLIC, pki.PRIVATE):
            old = os.path.join(conf['pki_dir'], name)
            if os.path.lexists(old):
                os.rename(old, '%s.old-%s' % (old, stamp))
                say('set aside: %s.old-%s' % (old, stamp))
    except OSError as exc:
        raise errors.Forbidden('%s: cannot be set aside: %s' % (old, files.reason(exc)))
    _make(conf)
    say('Now start the minion anew, for instance: service minion restart')


def _name(conf):
    try:
        return identity.resolve(conf, keep=False)[0]
    except errors.MinionError:
        return 'ID'


def _confirm():
    if not sys.stdin.isatty():
        raise errors.MinionError('not confirmed; without a terminal that takes --yes')
    try:
        click.confirm('Replace the key?', abort=True, err=True)
    except click.Abort:
        raise errors.MinionError('not confirmed; nothing was changed')


def _make(conf):
    owner = accounts.new_owner(conf['user'])
    if os.geteuid() and accounts.current() != conf['user']:
        raise errors.Forbidden('user: the key belongs to %s: run this as root or as that account' % conf['user'])
    compat.make_dirs(conf['pki_dir'], 0o700, owner)
    pair = pki.load_or_create(conf['pki_dir'], int(conf['keysize']))
    if owner is not None:
        for name in (pki.PRIVATE, pki.PUBLIC):
            os.chown(os.path.join(conf['pki_dir'], name), owner[0], owner[1])
    say('made: %s' % os.path.join(conf['pki_dir'], pki.PRIVATE))
    _print_key('this minion, as salt-key -f ID shows it:', pair.pem, conf)
