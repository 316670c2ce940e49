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
    if averages is None:
        return False, 'Averages configuration is required for load beacon.'
    if not isinstance(averages, dict) or not any(name in averages for name in NAMES):
        return False, 'Averages configuration for load beacon must contain 1m, 5m or 15m items.'
    for name in NAMES:
        limits = averages.get(name, (0, 0))
        if not isinstance(limits, (list, tuple)):
            return False, 'Averages configuration for load beacon: 1m, 5m and 15m items must be a list of two items.'
        if len(limits) != 2:
            return False, 'Configuration for load beacon: 1m, 5m and 15m items must be a list of two items.'
    return True, 'Valid beacon configuration'


def beacon(config):
    """[{1m, 5m, 15m}] when a limit is broken."""
    rows = beaconconfig.flat(config)
    seen = dict(zip(NAMES, os.getloadavg()))
    broken = [name for name, (low, high) in rows['averages'].items()
              if name in seen and not float(low) <= seen[name] <= float(high)]
    if not rows.get('onchangeonly'):
        return [seen] if broken else []
    known = __context__.setdefault('load.broken', {})
    before = known.get(rows.get('_beacon_name'), False)
    tell = beaconconfig.changed(known, rows.get('_beacon_name'), bool(broken), rows)
    return [seen] if tell and (broken or before) else []
