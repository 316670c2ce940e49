"""`minion status`: what the running minion does."""
from __future__ import absolute_import, division, print_function

import json
import time

import click

from minion import compat
from minion.commands import service_state, terminal
from minion.commands.service_state import DEAD, NOT_RUNNING, RUNS
from minion.commands.terminal import paint, say

PAUSE = 0.1                                      # seconds between two looks while waiting


@click.command('minion status', context_settings=terminal.HELP)
@terminal.config_option
@click.option('--pid-file', 'pidfile', metavar='FILE', help='Its pid file, if it is not the configured one.')
@click.option('--wait', 'seconds', type=float, metavar='SECONDS',
              help='Wait until it listens, or has a reason not to; print that in one line.')
@click.option('--json', 'as_json', is_flag=True, help='Print what the status file holds, for programs.')
@click.pass_context
def command(ctx, config_dir, pidfile, seconds, as_json):
    """Tell whether the minion runs, whom it listens to and what it does.

    Needs no root: it reads the status file beside the pid file.

    \b
    Exit codes: 0  it runs
                1  it died, its pid file is still there
                3  it does not run
                4  that cannot be told
    """
    path = service_state.pidfile_of(config_dir and compat.to_native(config_dir), pidfile and compat.to_native(pidfile))
    if seconds is not None:
        ctx.exit(_wait(path, seconds))
    state = service_state.look(path)
    if as_json:
        facts = dict(state.facts or {}, running=state.code == RUNS, pid=state.pid)
        say(json.dumps(facts, sort_keys=True, indent=1))
    else:
        for line in lines(state, path, time.time()):
            say(line)
    ctx.exit(state.code)


def main(words=None):
    """Run `minion status WORDS` and return its exit code."""
    return terminal.run(command, 'minion status', words or [])


def _wait(path, seconds):
    deadline = compat.monotonic() + seconds
    while True:
        state = service_state.look(path)
        news = service_state.news(state) if state.code == RUNS else None
        if news is not None:
            say(news)
            return RUNS
        if compat.monotonic() >= deadline:
            break
        time.sleep(PAUSE)
    say('has not said within %g s whether it listens' % seconds if state.code == RUNS else _not_running(state, path))
    return state.code


def _not_running(state, path):
    if state.code == DEAD:
        return 'is dead, but its pid file %s is there' % path
    return 'does not run' if state.code == NOT_RUNNING else 'cannot be looked for: %s is not readable' % path


def lines(state, path, now):
    """What `minion status` prints."""
    if state.code != RUNS:
        return [paint('The minion %s.' % _not_running(state, path), 'error')]
    facts = state.facts
    if facts is None:
        return [paint('The minion runs as process %d and has not written its status yet.' % state.pid, 'warning')]
    healthy = any(way.get('ready') for way in facts['masters']) or facts.get('state') == 'without master'
    found = [paint('Minion %s runs as process %d.' % (facts['minion_id'], state.pid), 'ok' if healthy else 'warning')]
    for way in facts['masters']:
        found += _master_lines(way, now)
    jobs = facts.get('jobs') or {}
    found.append('jobs       %d running, %d waiting' % (jobs.get('running', 0), jobs.get('waiting', 0)))
    memory = facts.get('rss_kb')
    found.append('process    version %s, %s, %s descriptors' % (
        facts.get('version'), '%d MB of memory' % (memory // 1024) if memory else 'memory unknown',
        facts.get('descriptors')))
    found.append('as of      %s' % ago(now - facts['written']))
    return found


def _master_lines(way, now):
    found = ['master     %s: %s%s' % (
        way['master'], way['state'], ', protocol version %d, since %s' % (way['protocol'], stamp(way['since']))
        if way.get('protocol') is not None else '')]
    if way.get('trouble'):
        found.append(paint(terminal.folded('           ' + way['trouble'], '           '), 'warning'))
    if way.get('last_publish'):
        found.append('           last publication %s%s' % (
            ago(now - way['last_publish']), ', last job %s' % way['last_jid'] if way.get('last_jid') else ''))
    if way.get('spool') or way.get('disk'):
        found.append('           %d returns not delivered yet%s' % (
            way['spool'], '; the disk takes no more: %s' % way['disk'] if way.get('disk') else ''))
    return found


def stamp(seconds):
    """Local time of Unix seconds."""
    return time.strftime('%Y-%m-%d %H:%M:%S', time.localtime(seconds))


def ago(seconds):
    """How long ago, in words."""
    for size, name in ((86400, 'days'), (3600, 'hours'), (60, 'minutes')):
        if seconds >= 2 * size:
            return '%d %s ago' % (seconds // size, name)
    return '%d seconds ago' % max(0, seconds)
