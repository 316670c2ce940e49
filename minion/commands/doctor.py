"""`minion doctor`: everything between this host and a job from its master, examined without changing anything."""
from __future__ import absolute_import, division, print_function

import json
import logging

import click

from minion import compat, config, errors
from minion.commands import doctor_host, doctor_master, terminal
from minion.commands.findings import ERROR, exit_code, finding
from minion.commands.terminal import folded, paint, say

MARGIN = ' ' * 9


@click.command('minion doctor', context_settings=terminal.HELP)
@terminal.config_option
@click.option('--json', 'as_json', is_flag=True, help='Print the findings for programs.')
@click.option('-q', '--quiet', is_flag=True, help='Print only what is wrong.')
@click.pass_context
def command(ctx, config_dir, as_json, quiet):
    """Examine everything between this host and a job from its master.

    Configuration, id, names, ports, keys, the state of this minion's key on the master, protocol, clock, disks, lock,
    libraries, last job and waiting returns: each in plain words, with what to do. Nothing is changed: no key is made, no
    file is written, and without a key the master is not asked.

    \b
    Exit codes: 0  nothing is wrong
                1  there is a warning
                2  there is an error
    """
    found = examine(config_dir and compat.to_native(config_dir))
    if as_json:
        say(json.dumps({'exit_code': exit_code(found), 'findings': [dict(one._asdict()) for one in found]},
                       sort_keys=True, indent=1))
    else:
        for one in found:
            if not quiet or exit_code([one]):
                show(one)
    ctx.exit(exit_code(found))


def main(words=None):
    """Run `minion doctor WORDS` and return its exit code."""
    logging.getLogger('minion').addHandler(logging.NullHandler())
    return terminal.run(command, 'minion doctor', words or [])


def examine(config_dir=None):
    """A list of Finding."""
    found = doctor_host.libraries()
    try:
        conf = config.load(config_dir)
    except errors.ConfigError as exc:
        return found + [finding('configuration', ERROR, '%s.' % exc, 'Correct that; the minion does not start with it.')]
    found += doctor_host.configuration(conf)
    minion_id, more = doctor_host.minion_id(conf)
    if minion_id is not None:
        conf = conf.with_id(minion_id)
    found += more + doctor_host.disks(conf) + doctor_host.process(conf)
    pair, more = doctor_master.own_key(conf)
    return found + more + doctor_master.ways(conf, minion_id, pair) + doctor_host.work(conf)


def show(one):
    """One finding: its level, what is so, and what to do."""
    word = paint('%-8s' % one.level, one.level)
    lines = folded('%s %s: %s' % ('x' * 8, one.check, one.text), MARGIN).splitlines()
    say('\n'.join([word + lines[0][8:]] + lines[1:]))
    if one.remedy:
        say(folded(MARGIN + '-> ' + one.remedy, MARGIN + '   '))
