"""The schedule: jobs that the minion starts by itself. One thread that sleeps until the next is due, none without any."""
from __future__ import absolute_import, division, print_function

import copy
import datetime
import logging
from collections import namedtuple

from minion import arguments, compat, timetable, turns
from minion.helpers import schedulefile

log = logging.getLogger(__name__)
GLOBAL = ('enabled', 'skip_function', 'skip_during_range')       # keys of the schedule that are no jobs
LONGEST = 60.0                   # seconds of one sleep before a time of the wall clock, which may be set meanwhile
MINE, PING, GRAINS = '__mine_interval', '__ping_interval', '__grains_refresh'

Clocks = namedtuple('Clocks', 'wall mono')


class Scheduler(turns.Turns):
    """:param dict opts: settings.  :param callable run: run(load, ended, entry data) takes a job of our own; `ended` is
    called without arguments once it is over.  :param callable view: view() -> (grains, pillar).
    """

    def __init__(self, opts, run, view, clocks=Clocks(datetime.datetime.now, compat.monotonic)):
        turns.Turns.__init__(self, 'scheduler')
        self._opts, self._run_job, self._view, self._clocks = opts, run, view, clocks
        own = opts.get('schedule')
        self._own = compat.native_tree(copy.deepcopy(own)) if isinstance(own, dict) else {}
        self._own.pop(MINE, None)                    # a file of the reference holds it; here it follows from the settings
        self._pillar, self._internal = {}, {}
        self._entries, self._told = {}, set()
        self._jid = '0'
        self.alone = False                           # no master has been met: none of the jobs that need one

    # ---- life

    def renew(self):
        """Look at pillar and settings anew; jobs that did not change keep their time."""
        _, pillar = self._view()
        with self._lock:
            found = pillar.get('schedule')
            self._pillar = copy.deepcopy(found) if isinstance(found, dict) else {}
            self._internal = {} if self.alone else internal_jobs(self._opts, pillar)
            self._build()

    def _jobs(self):
        """{name: data}: pillar, the settings over it, what is our own over both; with _lock."""
        found = {}
        for source in (self._pillar, self._own, self._internal):
            found.update((name, data) for name, data in source.items() if name not in GLOBAL)
        return found

    def _build(self):
        wall, mono = self._clocks.wall(), self._clocks.mono()
        before, self._entries = self._entries, {}
        for name, data in self._jobs().items():
            old = before.get(name)
            if old is not None and old.data == data:
                self._entries[name] = old
                continue
            try:
                made = timetable.Entry(name, data, wall, mono, self._named)
            except timetable.Unusable as exc:
                if (name, str(exc)) not in self._told:
                    log.error('schedule: job %s never runs: %s', name, exc)
                    self._told.add((name, str(exc)))
                continue
            made.running = old.running if old is not None else 0
            self._entries[name] = made
        self._wake()

    def _named(self, text):
        """A time that `whens` in pillar or grains has a name for."""
        for source in self._view():
            names = source.get('whens')
            if isinstance(names, dict) and text in names:
                return names[text]
        return None

    # ---- the thread

    def _needed(self):
        return self._wait() is not None

    def _enabled(self):
        return self._own.get('enabled', self._pillar.get('enabled', True)) is not False

    def _active(self):
        """Entries that may run; with _lock."""
        if not self._enabled():
            return [entry for name, entry in self._entries.items() if name in self._internal]
        return [entry for entry in self._entries.values() if entry.data.get('enabled', True)]

    def _wait(self):
        """Seconds to sleep, None when nothing is to come; with _lock."""
        wall, mono = self._clocks.wall(), self._clocks.mono()
        waits = []
        for entry in self._active():
            seconds = entry.wait(wall, mono)
            if seconds is not None:
                waits.append(min(seconds, LONGEST) if entry.on_wall() else seconds)
        return min(waits) if waits else None

    def _turn(self):
        """Sleep until something is due and start it; False when nothing is to come."""
        with self._lock:
            seconds, bell = self._wait(), self._bell
            if seconds is None:
                return False
        if seconds:
            bell.wait(seconds)
        if not bell.stopping:
            self._start_due()
        return True

    def _start_due(self):
        wall, mono = self._clocks.wall(), self._clocks.mono()
        with self._lock:
            due = [entry for entry in self._active() if entry.take(wall, mono)]
        for entry in due:
            self._start_entry(entry, wall)

    def _start_entry(self, entry, wall, forced=False):
        """Hand the job of an entry to the job queue, unless as many of them run as may."""
        data = entry.data
        with self._lock:
            most = data.get('maxrunning', 1)
            if data.get('jid_include', True) and isinstance(most, int) and entry.running >= most and not forced:
                log.info('schedule: %d of job %s run already, which is maxrunning; it is not started', entry.running,
                         entry.name)
                return
            entry.running += 1
            entry.last = wall
            self._jid = jid = max(wall.strftime('%Y%m%d%H%M%S%f'), '%020d' % (int(self._jid) + 1))
        log.info('schedule: job %s starts: %s', entry.name, data['function'])
        self._run_job(_load(entry, self._opts['id'], jid), lambda: self._ended(entry), data)

    def _ended(self, entry):
        with self._lock:
            entry.running -= 1

    # ---- for schedule.*

    def jobs(self, where=None):
        """{name: data} of the jobs, and `enabled` where that is set: of 'opts', 'pillar' or all."""
        with self._lock:
            if where == 'pillar':
                return copy.deepcopy(self._pillar)
            found = dict(self._pillar) if where is None else {}
            found.update(self._own)
            found.update(self._internal)
            return copy.deepcopy(dict(found, **{}))

    def in_pillar(self, name):
        """True for a job that the pillar alone has."""
        with self._lock:
            return name in self._pillar and name not in self._own

    def change(self, name, data, persist=True):
        """Put a job, or take it away (data None).  :raises OSError, ValueError: it could not be kept on disk."""
        with self._lock:
            if data is None:
                self._own.pop(name, None)
            else:
                self._own[name] = data
            self._build()
            if persist:
                self.save()

    def save(self):
        """Write what is not of the pillar to the file.  :raises OSError, ValueError:"""
        with self._lock:
            schedulefile.write(schedulefile.path(self._opts), self._own)

    def set_own(self, values):
        """Replace all that is not of the pillar (schedule.reload)."""
        with self._lock:
            self._own = values
            self._build()

    def run(self, name, force):
        """Start a job now, though it may be disabled with `force`."""
        with self._lock:
            entry = self._entries.get(name)
        if entry is not None and (force or entry.data.get('enabled', True)):
            self._start_entry(entry, self._clocks.wall(), forced=True)

    def explicit(self, name, **rows):
        """Add rows to skip_explicit and run_explicit of a job."""
        with self._lock:
            entry = self._entries.get(name)
            if entry is None:
                return
            for key, row in rows.items():
                entry.data.setdefault(key, []).append(row)
            if name in self._own:
                self._own[name] = entry.data
            self._wake()

    def status(self, name):
        """What is known of one job, {} for an unknown one."""
        wall, mono = self._clocks.wall(), self._clocks.mono()
        with self._lock:
            entry = self._entries.get(name)
            if entry is None:
                return {}
            found = dict(copy.deepcopy(entry.data), _last_run=entry.last, _next_fire_time=entry.next_time(wall, mono),
                         _splay=entry.splay, _run_on_start=bool(entry.data.get('run_on_start')), run=False,
                         splay=entry.data.get('splay'), name=name)
            if entry.seconds:
                found['_seconds'] = entry.seconds
            return found


def _load(entry, minion_id, jid):
    data, args = entry.data, entry.data.get('args') or []
    args = list(args) if isinstance(args, (list, tuple)) else [args]
    kwargs = data.get('kwargs')
    if isinstance(kwargs, dict) and kwargs:
        args.append(dict(kwargs, **{arguments.MARK: True}))
    load = {'fun': data['function'], 'arg': args, 'jid': jid, 'tgt': minion_id,
            'tgt_type': 'glob', 'ret': '', 'schedule': entry.name}
    if isinstance(data.get('metadata'), dict):
        load['metadata'] = dict(data['metadata'])
    return load


def internal_jobs(opts, pillar):
    """The jobs that settings stand for. The mine is only looked after where there is something to send."""
    found = {}
    if opts.get('mine_enabled') and opts.get('mine_interval') and (
            opts.get('mine_functions') or pillar.get('mine_functions')):
        found[MINE] = {'function': 'mine.update', 'minutes': opts['mine_interval'], 'jid_include': True, 'maxrunning': 2,
                       'run_on_start': True, 'return_job': bool(opts.get('mine_return_job')), 'enabled': True,
                       'name': MINE}
    if opts.get('ping_interval'):
        found[PING] = {'function': 'event.fire_master', 'args': [{'id': opts['id']}, 'minion_ping'],
                       'minutes': opts['ping_interval'], 'return_job': False, 'enabled': True, 'name': PING}
    if opts.get('grains_refresh_every'):
        found[GRAINS] = {'function': 'saltutil.refresh_grains', 'kwargs': {'refresh_pillar': False},
                         'minutes': opts['grains_refresh_every'], 'return_job': False, 'enabled': True, 'name': GRAINS}
    return found
