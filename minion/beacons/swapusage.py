"""How much swap space is used, from a limit on: `percent: 13%`."""
from __future__ import absolute_import, division, print_function

from minion.helpers import beaconconfig, hoststats
from minion.helpers.rootfs import Root


def validate(config):
    """(True or False, why)"""
    if not isinstance(config, list):
        return False, 'Configuration for swapusage beacon must be a list.'
    if 'percent' not in beaconconfig.flat(config):
        return False, 'Configuration for swapusage beacon requires percent.'
    return True, 'Valid beacon configuration'


def beacon(config):
    """[{swapusage: percent}] when that many percent are used; 0 without swap space."""
    limit = float(str(beaconconfig.flat(config)['percent']).strip().rstrip('%'))
    figures = hoststats.memory_bytes(Root())
    total = figures.get('SwapTotal', 0)
    used = round(100.0 * (total - figures.get('SwapFree', 0)) / total, 1) if total else 0.0
    return [{'swapusage': used}] if used >= limit else []
