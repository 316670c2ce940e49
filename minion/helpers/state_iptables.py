"""What the states of the packet filter share."""
from __future__ import absolute_import, division, print_function

from minion.helpers.state_return import returned


def rules(tables):
    """The rules alone of what iptables.get_rules returns: policies and counters are no reason to save them again."""
    return [[table, chain, tables[table][chain].get('rules')] for table in sorted(tables) for chain in sorted(tables[table])]


def together(name, outcomes):
    """One return of several: False as soon as one failed, else None as soon as one would do something in test mode."""
    results = [outcome['result'] for outcome in outcomes]
    result = False if False in results else None if None in results or not results else True
    changed = [outcome['changes']['locale'] for outcome in outcomes if 'locale' in outcome['changes']]
    text = '\n'.join(outcome['comment'] for outcome in outcomes)
    return returned(name, result, text, {'locale': changed} if changed else {})
