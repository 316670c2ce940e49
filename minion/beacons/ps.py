"""Whether processes run as they should: `processes: {salt-master: running, mysql: stopped}`."""
from __future__ import absolute_import, division, print_function

import os

from minion.helpers import beaconconfig

__virtualname__ = 'ps'


def __virtual__():
    return __virtualname__


def validate(config):
    """(True or False, why)"""
    if not isinstance(config, list):
        return False, 'Configuration for ps beacon must be a list.'
    processes = beaconconfig.flat(config).get('processes')
    if processes is None:
        return False, 'Configuration for ps beacon requires processes.'
    if not isinstance(processes, dict):
        return False, 'Processes for ps beacon must be a dictionary.'
    return True, 'Valid beacon configuration'


def beacon(config):
    """[{name: 'Running' or 'Stopped'}] for each that is in the named state; False for one that does not run and should be
    in a state of another name.
    """
    running = _names()
    found = []
    for name, wanted in (beaconconfig.flat(config).get('processes') or {}).items():
        wanted = str(wanted).lower()
        if name in running and wanted == 'running':
            found.append({name: 'Running'})
        elif name not in running and wanted != 'running':
            found.append({name: 'Stopped' if wanted == 'stopped' else False})
    return found


def _names():
    """Names of all processes: whole ones where the kernel has cut them off after 15 letters."""
    names = set()
    for pid in os.listdir('/proc'):
        if not pid.isdigit():
            continue
        try:
            with open('/proc/%s/stat' % pid, 'rb') as stream:
                name = stream.read().decode('utf-8', 'replace').partition('(')[2].rpartition(')')[0]
            with open('/proc/%s/cmdline' % pid, 'rb') as stream:
                words = stream.read().decode('utf-8', 'replace').split('\0')
        except EnvironmentError:                     # it has just ended
            continue
        names.add(str(name))
        names.update(str(os.path.basename(word)) for word in words[:2] if os.path.basename(word).startswith(name))
    return names
