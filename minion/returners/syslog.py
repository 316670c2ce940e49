"""Writes the return to the syslog of this host as JSON.

Settings: syslog.level (LOG_INFO), syslog.facility (LOG_USER), syslog.tag (salt-minion), syslog.options (a list of the
options of openlog).
"""
from __future__ import absolute_import, division, print_function

import json
import syslog

from minion.helpers import showing

__virtualname__ = 'syslog'


def __virtual__():
    return __virtualname__


def returner(ret):
    """Write `ret` in one line."""
    level = _constant('level', 'LOG_INFO')
    facility = _constant('facility', 'LOG_USER')
    options = 0
    for name in _setting('options') or ():
        options |= getattr(syslog, name)
    syslog.openlog(str(_setting('tag') or 'salt-minion'), options)
    try:
        syslog.syslog(facility | level, json.dumps(showing.texts(ret), default=repr))
    finally:
        syslog.closelog()


def _setting(name):
    return __salt__['config.get']('syslog.' + name) or __salt__['config.get']('syslog:' + name)


def _constant(name, default):
    """The number of `LOG_...`; a name that syslog does not know fails, and the log says which."""
    return getattr(syslog, str(_setting(name) or default))
