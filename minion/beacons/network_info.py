"""Counters of network interfaces: `interfaces: {eth0: {type: greater, bytes_sent: 100000}}`; without that type: equal."""
from __future__ import absolute_import, division, print_function

from minion.helpers import beaconconfig

ATTRIBUTES = ('bytes_recv', 'packets_recv', 'errin', 'dropin', 'bytes_sent', 'packets_sent', 'errout', 'dropout')
COLUMNS = dict(zip(ATTRIBUTES, (0, 1, 2, 3, 8, 9, 10, 11)))


def validate(config):
    """(True or False, why)"""
    if not isinstance(config, list):
        return False, 'Configuration for network_info beacon must be a list.'
    interfaces = beaconconfig.flat(config).get('interfaces') or {}
    if not isinstance(interfaces, dict):
        return False, 'Interfaces for network_info beacon must be a dictionary.'
    for rows in interfaces.values():
        if not isinstance(rows, dict) or not any(name in ATTRIBUTES + ('type',) for name in rows):
            return False, 'Invalid configuration item in Beacon configuration.'
    return True, 'Valid beacon configuration'


def beacon(config):
    """[{interface, network_info}] for each that fits."""
    found, counters = [], _counters()
    for name, rows in (beaconconfig.flat(config).get('interfaces') or {}).items():
        if name not in counters:
            continue
        seen, greater = counters[name], rows.get('type') == 'greater'
        for attribute in ATTRIBUTES:
            if attribute in rows:
                limit = int(rows[attribute])
                if seen[attribute] > limit if greater else seen[attribute] == limit:
                    found.append({'interface': name, 'network_info': seen})
                    break
    return found


def _counters():
    found = {}
    with open('/proc/net/dev') as stream:
        for line in stream:
            name, colon, rest = line.partition(':')
            if colon:
                numbers = rest.split()
                found[name.strip()] = dict((attribute, int(numbers[column])) for attribute, column in COLUMNS.items())
    return found
