"""The loads that tell the master about jobs and events (docs/protocol.md section 8). Pure."""
from __future__ import absolute_import, division, print_function

import os
import time

from minion import arguments, compat, payload

ECHOED = ('user', 'master_id')


def job_return(minion_id, load, outcome):
    """The `_return` load of one job.

    :param dict load: the job as published.  :param Outcome outcome: value, retcode, success, out of minion.executors.
    """
    made = {'cmd': '_return', 'id': minion_id, 'jid': load['jid'], 'fun': load['fun'],
            'fun_args': arguments.echo(load['arg']),
            'return': outcome.value, 'retcode': outcome.retcode, 'success': outcome.success}
    if outcome.out:
        made['out'] = outcome.out
    for name in ECHOED:
        if name in load:
            made[name] = load[name]
    if isinstance(load.get('metadata'), compat.Mapping):
        made['metadata'] = load['metadata']
    return made


def scheduled(made, load):
    """The return of a job of the schedule: masters see which, and what it would have been published as."""
    return dict(made, schedule=load['schedule'], pid=os.getpid(), tgt=load['tgt'], tgt_type=load['tgt_type'],
                arg=made['fun_args'])


def event(minion_id, tag, data):
    """The `_minion_event` load that puts `data` on the master's bus under `tag`."""
    return {'cmd': '_minion_event', 'id': minion_id, 'pretag': None, 'tag': tag, 'data': data}


def events(minion_id, rows):
    """The `_minion_event` load that puts several events {tag, data} on the master's bus, each as its data alone."""
    return {'cmd': '_minion_event', 'id': minion_id, 'pretag': None, 'events': rows}


TRIMMED = 'VALUE_TRIMMED'


def bounded(data, most):
    """What an event carries, in at most about `most` bytes (`max_event_size`): the largest values of its mappings give way.

    :return tuple: (data, how many values were replaced by VALUE_TRIMMED); the data itself where it is small enough.
    :raises BadPayload: it cannot be packed.
    """
    size = len(payload.pack(data))
    if size <= most:
        return data, 0
    rows = sorted(_leaves(data), key=lambda row: -row[0])
    gone = set()
    for length, path in rows:
        if size <= most or length <= len(TRIMMED):
            break
        gone.add(path)
        size -= length - len(TRIMMED)
    return _without(data, gone), len(gone)


def _leaves(data, path=()):
    """(bytes, path of keys) of all that is no mapping."""
    if not isinstance(data, compat.Mapping):
        yield len(payload.pack(data)), path
        return
    for key, value in data.items():
        for row in _leaves(value, path + (key,)):
            yield row


def _without(data, gone, path=()):
    if path in gone:
        return TRIMMED
    if not isinstance(data, compat.Mapping):
        return data
    return dict((key, _without(value, gone, path + (key,))) for key, value in data.items())


def disk_event(minion_id, path, reason):
    """The event that says that `path` cannot be written (`reason`: text), or can be again (None)."""
    data = {'path': path, 'reason': reason or '', 'state': 'recovered' if reason is None else 'trouble'}
    return event(minion_id, 'salt/minion/%s/disk' % minion_id, data)


def start_events(minion_id, legacy, now, grains=None):
    """The events that say that the minion is up, in the reference's order.

    :param bool legacy: `enable_legacy_startup_events`.  :param float now: Unix seconds.
    :param dict grains: that the master is to see with them (`start_event_grains`).
    """
    words = 'Minion %s started at %s' % (minion_id, time.asctime(time.localtime(now)))
    tags = ['minion_start'] if legacy else []
    made = [event(minion_id, tag, words) for tag in tags + ['salt/minion/%s/start' % minion_id]]
    return [dict(one, grains=grains) for one in made] if grains else made
