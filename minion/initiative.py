"""What the minion does by itself: schedule, beacons, states at start. Their code is loaded where the settings ask for it."""
from __future__ import absolute_import, division, print_function

import logging
import threading

log = logging.getLogger(__name__)
KINDS = 'scheduler', 'beacons'


class Initiative(object):
    """:param dict opts: settings.  :param Jobs jobs:  :param Execution world:  :param Link link: knows the way to a master.
    """

    def __init__(self, opts, jobs, world, link):
        self._opts, self._jobs, self._world, self._link = opts, jobs, world, link
        self._lock = threading.Lock()                # guards all below
        self._schedule = self._beacons = None
        self._started, self._whole, self._stopped = set(), False, False

    def start(self):
        """Begin, once grains and pillar are there."""
        with self._lock:
            self._started, self._whole = set(KINDS), True
        self.renew()
        self._start_states()

    def start_early(self, kinds):
        """Begin with some of KINDS before there is a master: what the settings alone say."""
        with self._lock:
            self._started |= set(kinds)
        self.renew()

    def renew(self):
        """Settings, grains or pillar are new: begin what they ask for now."""
        if not self._started or self._stopped:
            return
        if self._schedule is not None or 'scheduler' in self._started and self._asks_for_schedule():
            schedule = self.schedule()
            schedule.alone = not self._whole
            schedule.renew()
        if self._beacons is not None or 'beacons' in self._started and self._asks_for_beacons():
            self.beacons().renew()

    def stop(self, grace):
        """End what runs; names of the threads that did not end."""
        with self._lock:
            self._stopped = True
            running = [(name, one) for name, one in (('scheduler', self._schedule), ('beacons', self._beacons)) if one]
        return [name for name, one in running if not one.stop(grace)]

    # ---- schedule

    def _asks_for_schedule(self):
        opts, (_, pillar) = self._opts, self._world.view()
        mine = opts.get('mine_enabled') and opts.get('mine_interval') and (
            opts.get('mine_functions') or pillar.get('mine_functions'))
        return bool(opts.get('schedule') or pillar.get('schedule') or mine or opts.get('ping_interval')
                    or opts.get('grains_refresh_every'))

    def schedule(self):
        """The Scheduler; made when it is first asked for."""
        with self._lock:
            if self._schedule is None:
                from minion import scheduler
                self._schedule = scheduler.Scheduler(self._opts, self._run, self._world.view)
                self._schedule.alone = not self._whole
                begin = 'scheduler' in self._started and not self._stopped
            else:
                begin = False
        if begin:
            self._schedule.start()
        return self._schedule

    def _run(self, load, ended, entry):
        self._jobs.start(load, self._link.own_desk(), ended, entry)

    # ---- beacons

    def _asks_for_beacons(self):
        return bool(self._opts.get('beacons') or self._world.view()[1].get('beacons'))

    def beacons(self):
        """The Beacons; made when they are first asked for."""
        with self._lock:
            if self._beacons is None:
                from minion import beaconing
                self._beacons = beaconing.Beacons(self._opts, self._world, self._link)
                begin = 'beacons' in self._started and not self._stopped
            else:
                begin = False
        if begin:
            self._beacons.start()
        return self._beacons

    # ---- states at start

    def _start_states(self):
        wanted = self._opts.get('startup_states')
        if not wanted:
            return
        fun, arg = {'sls': ('state.sls', [self._opts.get('sls_list') or []]),
                    'top': ('state.top', [self._opts.get('top_file') or ''])}.get(wanted, ('state.highstate', []))
        import datetime
        load = {'fun': fun, 'arg': arg, 'jid': datetime.datetime.now().strftime('%Y%m%d%H%M%S%f'), 'ret': '',
                'tgt': self._opts['id'], 'tgt_type': 'glob', 'schedule': 'startup_states'}
        returner = self._opts.get('ext_job_cache') or None
        self._jobs.start(load, self._link.own_desk(), lambda: None, {'returner': returner})
