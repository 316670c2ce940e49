"""`minion migrate`: takes a host over from salt-minion, and gives it back."""
from __future__ import absolute_import, division, print_function

import contextlib
import fcntl
import logging
import os
import signal
import sys
import time

import click

from minion import compat, config as configuration, errors, files
from minion.commands import doctor, migrate_job, migrate_review, service_files, terminal
from minion.commands.findings import ERROR, OK, WARNING, finding
from minion.commands.migrate_steps import KEYS, Host, Journal, Switch, hear_nothing, how_disabled
from minion.commands.service import KINDS
from minion.commands.terminal import folded, paint, say

SECONDS = 60                                     # until the new service listens


@click.command('minion migrate', context_settings=terminal.HELP)
@terminal.config_option
@click.option('--run', 'go', is_flag=True, help='Do it.')
@click.option('--back', is_flag=True, help='Undo it: the salt-minion runs again as before.')
@click.option('--init', 'kind', type=click.Choice(KINDS), help='The init system [default: the one that is here].')
@click.option('--daemon', metavar='FILE', help='The program of the new service [default: this one].')
@click.option('--wait', 'seconds', type=float, default=SECONDS, metavar='SECONDS',
              help='How long the new service has to listen, or all is taken back [default: %d].' % SECONDS)
@click.pass_context
def command(ctx, config_dir, go, back, kind, daemon, seconds):
    """Take this host over from salt-minion: the same configuration, id and keys, another service.

    Without --run nothing is changed: it shows what is there and each step. The two never run at the same time. If this
    minion does not listen in time, the salt-minion runs again and the reason is told. What was done stands in
    migration.json beside the configuration; after an interruption --run goes on and --back goes back.

    \b
    Exit codes: 0   done; without --run: nothing is in the way
                1   not done, and nothing is other than before; the reason is told
                2   neither done nor taken back; what to do is told
                77  not permitted
                78  the configuration or the journal is damaged
    """
    if go and back:
        raise click.UsageError('--run and --back exclude each other', ctx)
    conf = configuration.load(config_dir and compat.to_native(config_dir))
    program = os.path.abspath(compat.to_native(daemon) if daemon else sys.argv[0])
    host = Host('/', compat.to_native(kind) if kind else service_files.init_of('/'), conf.config_dir, conf['pki_dir'],
                conf['pidfile'], conf['log_file'], program, seconds)
    if not go and not back:
        ctx.exit(_show(conf, host))
    if os.geteuid():
        raise errors.Forbidden('services and keys belong to root: run this as root')
    migrate_job.leave(conf['log_file'])
    with _alone(conf.config_dir), _steady():
        (_back if back else _run)(conf, host)


def main(words=None):
    """Run `minion migrate WORDS` and return its exit code."""
    logging.getLogger('minion').addHandler(logging.NullHandler())
    return terminal.run(command, 'minion migrate', words or [])


# ---- what would be done

def _show(conf, host):
    journal = Journal(conf.config_dir)
    if journal.facts is not None:
        return _show_journal(journal)
    switch = Switch(host, journal, say)
    found = _salt_minion(switch) + migrate_review.review(conf, switch)
    for one in found:
        doctor.show(one)
    say()
    if any(one.level == ERROR for one in found):
        say('Nothing can be done before the errors above are corrected.')
        return 1
    for number, (what, why) in enumerate(_steps(host, switch), 1):
        say('%2d. %s' % (number, paint(what, 'bold')))
        say('    %s' % folded(why, '    '))
    say('\nNothing has been changed.\nTo do it:               minion migrate --run')
    say('To undo it afterwards:  minion migrate --back')
    return 0


def _show_journal(journal):
    since = time.strftime('%Y-%m-%d %H:%M:%S', time.localtime(journal.facts['began']))
    if journal.facts['state'] == 'done':
        say('This host was taken over on %s. To undo it: minion migrate --back' % since)
        return 0
    say('A migration that began on %s was interrupted (%s).' % (
        since, ', '.join(journal.facts['begun']) or 'before its first step'))
    say('To go on: minion migrate --run; to undo it: minion migrate --back')
    return 0


def _salt_minion(switch):
    """The finding on the service and the processes of the salt-minion."""
    definition, running = switch.old.definition(), switch.look()
    if definition is None and not running:
        return []
    text = '%s, %s; %s.' % (
        'The service %s (%s)' % (definition, switch.old.kind) if definition else 'No service',
        'started at boot' if switch.old.enabled() else 'not started at boot',
        'runs as process %s' % ', '.join('%d' % pid for pid in sorted(running)) if running else 'it does not run')
    return [finding('salt-minion', OK if definition and running else WARNING, text)]


def _steps(host, switch):
    """(what, why) of each step, in order."""
    if switch.look():
        by_hand = 'kill -TERM %s' % ' '.join('%d' % pid for pid in sorted(switch.look()))
        yield (' '.join(switch.old.words('stop')) if switch.old.definition() else by_hand,
               'Two minions under one id would both run every job. The rest waits until its processes are gone.')
    if switch.old.enabled():
        yield how_disabled(switch.old), 'Or the next boot would start both. Its package stays installed.'
    for name, wanted in KEYS:
        path = os.path.join(host.pki_dir, name).rstrip('/')
        if path in switch.loose():
            yield ('chmod %04o %s' % (wanted, path),
                   'Its mode is %04o: others may look into it. The key itself stays as it is.' % switch.loose()[path])
    if not switch.plan.installed():
        yield ('minion service install --init %s' % host.kind, 'Writes %s and has the service started at boot.' % ', '.join(
            switch.plan.places()))
    yield (' '.join(switch.ours.words('start')), 'Has %g s to listen with the id and key of the salt-minion; or else all of '
           'this is taken back, and the salt-minion runs again.' % host.seconds)


# ---- doing it

def _run(conf, host):
    journal = Journal(conf.config_dir)
    if journal.facts is not None:
        if journal.facts['state'] == 'done':
            _show_journal(journal)
            return
        say('going on with the migration that was interrupted')
        host = Host(**journal.facts['host'])._replace(seconds=host.seconds)
        Switch(host, journal, say).forward()
    else:
        switch = Switch(host, journal, say)
        wrong = [one for one in migrate_review.review(conf, switch) if one.level == ERROR]
        if wrong:
            raise errors.MinionError('%s: %s%s' % (wrong[0].check, wrong[0].text, ' ' + wrong[0].remedy))
        switch.forward()
    say('Done. To undo it: minion migrate --back')


def _back(conf, host):
    journal = Journal(conf.config_dir)
    if journal.facts is None:
        raise errors.MinionError('there is no %s: no migration was done with this configuration' % journal.path)
    hear_nothing()
    switch = Switch(Host(**journal.facts['host']), journal, say)
    switch.back()
    running = switch.look()
    say('Done: all is as it was before, %s' % ('salt-minion runs as process %d' % min(running) if running
                                              else 'no salt-minion runs'))


@contextlib.contextmanager
def _alone(config_dir):
    """One migration of a configuration at a time."""
    handle = os.open(config_dir, os.O_RDONLY)
    try:
        fcntl.fcntl(handle, fcntl.F_SETFD, fcntl.FD_CLOEXEC)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except EnvironmentError as exc:
            raise errors.MinionError('%s: another migration is under way (%s)' % (config_dir, files.reason(exc)))
        yield
    finally:
        os.close(handle)


@contextlib.contextmanager
def _steady():
    """A terminal that goes away does not end it; an interruption takes back what was done."""
    def interrupt(number, frame):
        raise KeyboardInterrupt()
    numbers = (signal.SIGHUP, signal.SIGTERM, signal.SIGINT)
    before = [signal.getsignal(number) for number in numbers]
    try:
        for number, handler in zip(numbers, (lambda *_: None, interrupt, interrupt)):
            signal.signal(number, handler)
        yield
    finally:
        for number, handler in zip(numbers, before):
            signal.signal(number, handler)
