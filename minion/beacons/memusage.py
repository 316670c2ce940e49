"""How much memory is used, from a limit on: `percent: 63%`."""
from __future__ import absolute_import, division, print_function

from minion.helpers import beaconconfig


def validate(config):
    """(True or False, why)"""
    if not isinstance(config, list):
        return False, 'Configuration for memusage beacon must be a list.'
    if 'percent' not in beaconconfig.flat(config):
        return False, 'Configuration for memusage beacon requires percent.'
    return True, 'Valid beacon configuration'


def beacon(config):
    """[{memusage: percent}] when that many percent are used."""
    limit = float(str(beaconconfig.flat(config)['percent']).strip().rstrip('%'))
    kib = {}
    with open('/proc/meminfo') as stream:
        for line in stream:
            name, _, value = line.partition(':')
            kib[name] = int(value.split()[0])
    free = kib.get('MemAvailable', kib['MemFree'] + kib.get('Buffers', 0) + kib.get('Cached', 0))
    used = round(100.0 * (kib['MemTotal'] - free) / kib['MemTotal'], 1)
    return [{'memusage': used}] if used >= limit else []
