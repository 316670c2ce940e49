"""Figures of the module status: `loadavg: [all]`, `meminfo: [MemFree]`; without any, a choice of them."""
from __future__ import absolute_import, division, print_function

import time

from minion import compat
from minion.errors import CommandExecutionError
from minion.helpers import beaconconfig

DEFAULT = ('loadavg', 'cpustats', 'meminfo', 'vmstats', 'time')
_SETTINGS = ('interval', 'enabled', 'disable_during_state_run', 'beacon_module')     # of every beacon, no figures


def validate(config):
    """(True or False, why)"""
    if not isinstance(config, list):
        return False, 'Configuration for status beacon must be a list.'
    return True, 'Valid beacon configuration'


def beacon(config):
    """[{tag: time, data: {figure: value}}], of each what the configuration names.

    :raises CommandExecutionError: there is no such figure.
    """
    rows = [(name, items) for row in beaconconfig.as_list(config) if isinstance(row, compat.Mapping)
            for name, items in row.items() if name not in _SETTINGS and not str(name).startswith('_')]
    data = dict((name, _figures(name, items)) for name, items in rows or [(name, ['all']) for name in DEFAULT])
    return [{'tag': _now(), 'data': data}]


def _now():
    """The time in UTC, with microseconds."""
    now = time.time()
    return '%s.%06d' % (time.strftime('%Y-%m-%dT%H:%M:%S', time.gmtime(now)), now % 1 * 1e6)


def _figures(name, items):
    function = 'status.%s' % name
    if function not in __salt__:
        raise CommandExecutionError("'%s' is not available." % function)
    items = list(items) if isinstance(items, (list, tuple)) else [items]
    found = __salt__[function]()
    if 'all' in items:
        return found
    try:
        return dict((item, found[item if isinstance(found, compat.Mapping) else int(item)]) for item in items)
    except (LookupError, TypeError, ValueError) as exc:
        return 'Status beacon is incorrectly configured: %s' % (exc,)
