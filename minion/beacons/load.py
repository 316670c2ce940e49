"""The load averages, when one is outside of its limits: `averages: {1m: [low, high], 5m: ..., 15m: ...}`."""
from __future__ import absolute_import, division, print_function

import os

from minion.helpers import beaconconfig

NAMES = ('1m', '5m', '15m')


def validate(config):
    """(True or False, why)"""
    if not isinstance(config, list):
        return False, 'Configuration for load beacon must be a list.'
    averages = beaconconfig.flat(config).get('averages')
    if not isinstance(averages, dict):
        return False, 'Averages configuration is required for load beacon.'
    for name, limits in averages.items():
        if name not in NAMES:
            return False, 'Configuration for load beacon: averages has an unknown entry %s.' % name
        if not isinstance(limits, (list, tuple)) or len(limits) != 2:
            return False, 'Configuration for load beacon: %s averages configuration must be a list of two numbers.' % name
    return True, 'Valid beacon configuration'


def beacon(config):
    """[{1m, 5m, 15m}] when a limit is broken."""
    rows = beaconconfig.flat(config)
    seen = dict(zip(NAMES, os.getloadavg()))
    broken = [name for name, (low, high) in rows['averages'].items() if not float(low) <= seen[name] <= float(high)]
    if not rows.get('onchangeonly'):
        return [seen] if broken else []
    known = __context__.setdefault('load.broken', {})
    before = known.get(rows.get('_beacon_name'), False)
    tell = beaconconfig.changed(known, rows.get('_beacon_name'), bool(broken), rows)
    return [seen] if tell and (broken or before) else []
