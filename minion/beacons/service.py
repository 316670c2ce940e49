"""Whether services run: `services: {sshd: {onchangeonly: True, emitatstartup: True, delay: 0, uncleanshutdown: FILE}}`.

uncleanshutdown: a file that the service removes when it ends as it should, such as its pid file."""
from __future__ import absolute_import, division, print_function

import os
import time

from minion.helpers import beaconconfig


def validate(config):
    """(True or False, why)"""
    if not isinstance(config, list):
        return False, 'Configuration for service beacon must be a list.'
    services = beaconconfig.flat(config).get('services')
    if services is None:
        return False, 'Configuration for service beacon requires services.'
    if not isinstance(services, dict):
        return False, 'Services configuration item for service beacon must be a dictionary.'
    if not all(isinstance(rows, dict) for rows in services.values()):
        return False, 'Configuration for service beacon must be a list of dictionaries.'
    return True, 'Valid beacon configuration'


def beacon(config):
    """[{service_name, tag, name: {running}}]"""
    found = []
    known = __context__.setdefault('service.known', {})
    since = __context__.setdefault('service.since', {})
    for name, rows in (beaconconfig.flat(config).get('services') or {}).items():
        state = {'running': bool(__salt__['service.status'](name))}
        marker = rows.get('uncleanshutdown')
        if marker is not None and not state['running']:
            marker = marker if marker.startswith(os.sep) else os.path.join('/var/run', marker)
            state['uncleanshutdown'] = os.path.exists(marker)
        if rows.get('delay') and known.get(name) is not None and known[name] != state:
            if time.time() - since.setdefault(name, time.time()) < float(rows['delay']):
                continue
        since.pop(name, None)
        if beaconconfig.changed(known, name, state, rows):
            found.append({'service_name': name, 'tag': name, name: state})
    return found
