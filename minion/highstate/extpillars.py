"""External pillars of a minion without a master: programs that print YAML or JSON (`ext_pillar`)."""
from __future__ import absolute_import, division, print_function

import copy
import json
import logging

from minion import compat
from minion.helpers import slsyaml
from minion.helpers.rendererror import SaltRenderError

log = logging.getLogger(__name__)

MALFORMED = 'The "ext_pillar" option is malformed'


def laid_over(pillar, wanted, minion_id, run, merge):
    """(the pillar with that of each row of `ext_pillar` over it, errors).

    :param wanted: list of {name: arguments}.
    :param callable run: run(command) -> what it prints.  :param callable merge: merge(below, above) -> mapping.
    """
    if not isinstance(wanted, list) or not all(isinstance(row, dict) for row in wanted):
        return pillar, [MALFORMED]
    for row in wanted:
        for name, given in row.items():
            found = _asked(name, given, minion_id, run)
            pillar = merge(pillar, found) if found else pillar
    return pillar, []


def _asked(name, given, minion_id, run):
    """The pillar that one of them gives, {} where it gives none; the log says why."""
    if name not in _READERS:
        log.critical('the external pillar %s is not available here; %s are', name, ' and '.join(sorted(_READERS)))
        return {}
    command = _command(given)
    if command is None:
        log.critical('the external pillar %s: its arguments name no command', name)
        return {}
    try:
        found = _READERS[name](run(command.replace('%s', minion_id)))
    except (SaltRenderError, ValueError, EnvironmentError) as exc:
        log.critical('the external pillar %s: its command does not print what it has to: %s', name,
                     type(exc).__name__)           # the text would show what is secret
        return {}
    if found and not isinstance(found, dict):
        log.critical('the external pillar %s: its command prints no mapping', name)
        return {}
    return copy.deepcopy(found) if found else {}


def _command(given):
    """The command in a text, a list of one, or a mapping with `command`; None for anything else."""
    if isinstance(given, list) and len(given) == 1:
        given = given[0]
    if isinstance(given, dict) and list(given) == ['command']:
        given = given['command']
    return compat.to_native(given) if compat.is_text(given) else None


def _json(text):
    return compat.native_tree(json.loads(text)) if text.strip() else {}


_READERS = {'cmd_yaml': slsyaml.load, 'cmd_json': _json}
