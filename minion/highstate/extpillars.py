"""External pillars of a minion without a master (`ext_pillar`): programs that print YAML or JSON, files, node groups."""
from __future__ import absolute_import, division, print_function

import copy
import json
import logging

from minion import compat
from minion.helpers import slsyaml
from minion.helpers.rendererror import SaltRenderError
from minion.highstate import filetree

log = logging.getLogger(__name__)

MALFORMED = 'The "ext_pillar" option is malformed'


def laid_over(pillar, wanted, host, merge):
    """(the pillar with that of each row of `ext_pillar` over it, errors).

    :param wanted: list of {name: arguments}.
    :param host: host.opts, host.run(command) -> what it prints, host.groups() -> names of the nodegroups of this minion,
        host.render_as(text, names of renderers) -> what they make of it.
    :param callable merge: merge(below, above) -> mapping.
    """
    if not isinstance(wanted, list) or not all(isinstance(row, dict) for row in wanted):
        return pillar, [MALFORMED]
    errors = []
    for row in wanted:
        for name, given in row.items():
            try:
                found = _asked(name, given, host)
            except (SaltRenderError, ValueError, EnvironmentError) as exc:
                reason = compat.to_native(compat.error_text(exc))
                log.critical('the external pillar %s cannot be used: %s', name, reason.partition('\n---\n')[0])
                errors.append('Failed to load ext_pillar %s: %s' % (name, reason))
                continue
            pillar = merge(pillar, found) if found else pillar
    return pillar, errors


def _asked(name, given, host):
    """The pillar that one of them gives, {} where it gives none; the log says why."""
    if name in _OTHERS:
        return _OTHERS[name](given, host)
    if name in _READERS:
        return _printed(name, given, host)
    log.critical('the external pillar %s is not available here; %s are', name, ', '.join(NAMES))
    return {}


def _printed(name, given, host):
    command = _command(given)
    if command is None:
        log.critical('the external pillar %s: its arguments name no command', name)
        return {}
    try:
        found = _READERS[name](host.run(command.replace('%s', compat.to_native(host.opts['id']))))
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


def _file_tree(given, host):
    return filetree.pillar_of(host, filetree.arguments(given))


def _nodegroups(given, host):
    """The names of the node groups of this minion, below the key `pillar_name`."""
    given = given[0] if isinstance(given, list) and len(given) == 1 else given
    if isinstance(given, dict):
        unknown = sorted(str(name) for name in given if name != 'pillar_name')
        if unknown:
            raise SaltRenderError("ext_pillar() got an unexpected keyword argument '%s'" % unknown[0])
        given = given.get('pillar_name')
    if isinstance(given, (dict, list)):
        raise SaltRenderError('pillar_name is no text')
    return {given or 'nodegroups': host.groups()}


_OTHERS = {'file_tree': _file_tree, 'nodegroups': _nodegroups}
_READERS = {'cmd_yaml': slsyaml.load, 'cmd_json': _json}
NAMES = tuple(sorted(_OTHERS) + sorted(_READERS))
