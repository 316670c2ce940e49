"""Whether the minion runs and what it does, from the pid file and the status file; without its help and without root."""
from __future__ import absolute_import, division, print_function

import os
from collections import namedtuple

from minion import compat, config, errors, files, process, settings, status

RUNS, DEAD, NOT_RUNNING, UNKNOWN = 0, 1, 3, 4        # exit codes of the LSB for `status`

# code: one of the above; pid: or None; facts: what the status file says of that process, None if nothing
State = namedtuple('State', 'code pid facts')


def pidfile_of(config_dir, pidfile):
    """Path of the pid file: as given, as configured, or the usual one where the configuration cannot be read."""
    if pidfile:
        return os.path.abspath(pidfile)
    try:
        return config.load(config_dir)['pidfile']
    except errors.ConfigError:
        if config_dir is not None:
            raise
        return settings.TABLE['pidfile'].default


def look(pidfile):
    """The State of the minion with this pid file."""
    try:
        pid = files.read(pidfile, 64)
    except EnvironmentError:
        return State(UNKNOWN, None, None)
    facts = _facts(status.path(pidfile))
    if not pid or not pid.strip().isdigit():
        return State(NOT_RUNNING, None, facts)
    pid = int(pid)
    if not process.is_minion(pid):
        return State(DEAD, pid, facts)
    return State(RUNS, pid, facts if facts and facts.get('pid') == pid else None)


def _facts(path):
    for _ in compat.range_(3):                       # it may be written at this very moment
        try:
            return status.read(path)
        except ValueError:
            continue
        except EnvironmentError:
            break
    return None


def listens(state):
    """True if it runs and receives jobs, or works without a master."""
    facts = state.facts if state.code == RUNS else None
    return bool(facts) and (any(way.get('ready') for way in facts['masters']) or
                            not facts['masters'] and facts.get('state') == 'without master')


def news(state):
    """One line on whether it listens, None while that is not decided yet."""
    if state.facts is None:
        return None
    masters = state.facts['masters']
    if not masters and state.facts.get('state') == 'without master':
        return 'works without a master'
    listening = [way['master'] for way in masters if way.get('ready')]
    if listening:
        return 'listens to %s' % ', '.join(listening)
    troubles = [way['trouble'] for way in masters if way.get('trouble')]
    return 'does not listen yet: %s' % troubles[0] if troubles else None
