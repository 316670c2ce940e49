"""`minion config`: the settings in force and where each comes from."""
from __future__ import absolute_import, division, print_function

import json
import logging

import click

from minion import compat, config as configuration, errors, settings
from minion.commands import terminal
from minion.commands.terminal import paint, say

STARS = '**********'


@click.command('minion config', context_settings=terminal.HELP)
@terminal.config_option
@click.option('-a', '--all', 'everything', is_flag=True, help='Also the settings that nobody has set.')
@click.option('--json', 'as_json', is_flag=True, help='Print them for programs.')
@click.argument('names', nargs=-1, metavar='[NAME]...')
def command(config_dir, everything, as_json, names):
    """Show the settings in force, each with the file that it comes from.

    With NAME only those. Passwords and the like are not shown.

    \b
    Exit codes: 0  shown
                1  there is no setting of that name
                78 the configuration does not load
    """
    conf = configuration.load(config_dir and compat.to_native(config_dir))
    for level, text in conf.notes:
        if level >= logging.WARNING:
            terminal.complain('minion config: %s' % text)
    chosen = _chosen(conf, [compat.to_native(name) for name in names], everything)
    if as_json:
        facts = dict((name, {'value': shown(name, conf[name]), 'origin': conf.origin(name)}) for name in chosen)
        say(json.dumps(facts, sort_keys=True, indent=1, default=str))
        return
    for name in chosen:
        text = _line(name, shown(name, conf[name]))
        origin = conf.origin(name)
        say('%s%s%s' % (paint(text, 'bold') if origin else text, '\n' if '\n' in text else '  ',
                        '# %s' % (origin or 'default')))


def main(words=None):
    """Run `minion config WORDS` and return its exit code."""
    return terminal.run(command, 'minion config', words or [])


def _chosen(conf, names, everything):
    for name in names:
        if name not in conf:
            raise errors.MinionError('there is no setting %s' % name)
    if names:
        return names
    return sorted((name for name in conf if everything or conf.origin(name)), key=str)


def shown(name, value):
    """The value as it may be shown: secrets starred out, in mappings too."""
    if any(word in str(name).lower() for word in settings.SECRET) and value:
        return STARS
    if isinstance(value, dict):
        return dict((key, shown(key, item)) for key, item in value.items())
    if isinstance(value, list):
        return [shown('', item) for item in value]
    return value


def _line(name, value):
    text = compat.import_yaml().safe_dump({name: value}, default_flow_style=False, width=terminal.WIDTH)
    return compat.to_native(text).rstrip('\n')
