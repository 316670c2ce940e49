"""States that only look at the load and the processes of this host."""
from __future__ import absolute_import, division, print_function


def _returned(name, result, comment, data):
    return {'name': name, 'result': result, 'comment': comment, 'changes': {}, 'data': data}


def loadavg(name, maximum=None, minimum=None):
    """The load average `name` (1-min, 5-min or 15-min) is between `minimum` and `maximum`.

    not_too_busy:
      status.loadavg:
        - name: 5-min
        - maximum: 8
    """
    loads = __salt__['status.loadavg']()
    if name not in loads:
        return _returned(name, False, 'Requested load average %s not available ' % name, {})
    load = loads[name]
    if minimum and load < float(minimum):
        return _returned(name, False, 'Load avg is below minimum of %s at %s' % (minimum, load), load)
    if maximum and load > float(maximum):
        return _returned(name, False, 'Load avg above maximum of %s at %s' % (maximum, load), load)
    return _returned(name, True, 'Load avg in acceptable range', load)


def process(name):
    """There is a process whose line in the list of processes matches `name`.

    cron_runs:
      status.process:
        - name: crond
    """
    data = __salt__['status.pid'](name)
    if not data:
        return _returned(name, False, 'Process signature "%s" not found ' % name, {})
    return _returned(name, True, 'Process signature "%s" was found ' % name, {name: data})
