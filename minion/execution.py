"""What jobs run in: functions, grains and pillar of this minion, put together and renewed as a whole."""
from __future__ import absolute_import, division, print_function

import logging
import threading

from minion import compat, executors, graincollect, handon, loader, matchers, pillar

log = logging.getLogger(__name__)
BY_ID = frozenset(('glob', 'pcre', 'list'))      # targets that need neither grains nor pillar
PATIENCE = 30.0                                  # seconds that a job waits for the first grains and pillar


class _LateFiles(object):
    """The FileClient, made and its module loaded when something is asked of it: 0.1 MB that most minions never need."""

    def __init__(self, opts, ask):
        self._opts, self._ask, self._client = opts, ask, None

    def __getattr__(self, name):
        if name.startswith('__'):
            raise AttributeError(name)
        if self._client is None:
            from minion import fileclient
            self._client = fileclient.FileClient(self._opts, fileclient.door(self._opts, self._ask))
        return getattr(self._client, name)


class Execution(object):
    """Matches and runs jobs; any thread.

    :param Config config: with the id in it.  :param Link link: `__minion__` of the modules.
    :param Apart ahead: see graincollect.ahead.
    """

    def __init__(self, config, minion_id, link, ahead=None):
        self._link, self._minion_id, self._opts = link, minion_id, config.plain()
        self._grains = graincollect.Grains(self._opts, ahead=ahead)
        self._pillar = self._kind_of_pillar()
        link.files = _LateFiles(self._opts, link.request)
        self._loader = loader.Loader(self._opts, {}, {}, link)
        self._named = self._opts.get('master')       # as configured; modules see who signed us in, see meet()
        self._ready = threading.Event()              # grains are there and the pillar was asked for
        self._renewal = threading.Lock()             # one refresh at a time
        self._view = matchers.make_view(minion_id, self._all_grains, lambda: self._pillar.value,
                                   self._opts.get('nodegroups') or {})

    def _kind_of_pillar(self):
        if pillar.is_own(self._opts):
            self._link.on_pillar(self._own_pillar)
            return pillar.Own(self._opts, self._own_pillar)
        kept = pillar.Kept(self._opts) if self._opts.get('minion_pillar_cache') else None
        return pillar.Pillar(self._link.pillar, self._minion_id, self._opts.get('saltenv'), self._opts.get('pillarenv'), kept)

    def _own_pillar(self, **wanted):
        from minion import localpillar                # most minions have a master, and never need it
        return localpillar.compiled(self._loader, **wanted)

    def prepare(self):
        """Collect grains and fetch the first pillar; takes as long as the host and the master need."""
        try:
            with self._renewal:
                self._renew_grains()
                self._renew_pillar()
        finally:
            self._ready.set()

    def meet(self, host, port):
        """From now on modules and grains see this master: of several, the one that has signed us in."""
        met = {'master': host, 'master_port': port}
        if isinstance(self._named, list):
            met['master_list'] = list(self._named)
        self._opts.update(met)
        self._loader.opts.update(met)

    def _all_grains(self):
        found = self._grains.all()
        if found.get('master') == self._named:       # and no grain that somebody has set
            found['master'] = self._opts.get('master')
        return found

    def _renew_grains(self):
        self._loader.update(grains=self._all_grains())

    def _renew_pillar(self):
        try:
            self._pillar.refresh(self._all_grains())
        finally:
            self._link.close_channel()
        self._loader.update(pillar=self._pillar.value)

    # ---- jobs

    def matches(self, load):
        """Is the job for this minion? None when grains or pillar are needed and not there yet."""
        kind = load.get('tgt_type') or 'glob'
        if compat.is_text(kind) and kind not in BY_ID and not self._ready.is_set():
            return None
        return matchers.matches(kind, load['tgt'], self._view, load.get('delimiter') or ':')

    def await_ready(self):
        """Wait on a job's thread for the first grains and pillar, bounded."""
        if not self._ready.is_set() and not self._ready.wait(PATIENCE):
            log.warning('grains or pillar are not there after %g s; going on without them', PATIENCE)
            self._ready.set()

    def run(self, load, progress, desk):
        """Run a job on this thread for the master of `desk`.  :return Outcome:  :raises JobEnded: it was told to end."""
        if 'schedule' not in load:                   # jobs of our own begin when they are meant to
            self.await_ready()
        if self._opts.get('grains_refresh_pre_exec'):
            self.refresh('grains')
        self._link.bind(desk)
        try:
            return executors.run(self._loader, load, progress)
        finally:
            self._link.close_channel()

    def hand_on(self, load, ret, entry=None):
        """The return of a job to the returners that its load, its entry of the schedule or the settings name."""
        opts = self._loader.opts
        if entry is not None:
            wanted = handon.names(entry.get('returner') or opts.get('schedule_returner'))
        else:
            wanted = handon.names(load.get('ret'), opts.get('return'))
        if wanted:
            handon.hand_on(self._loader, wanted, ret)

    def loader(self):
        """The Loader in force."""
        return self._loader

    @property
    def opts(self):
        """The settings that modules see."""
        return self._opts

    def view(self):
        """(grains, pillar) in force."""
        return self._loader.grains, self._pillar.value

    # ---- renewal

    def refresh(self, kind):
        """Read `modules`, `grains` or `pillar` anew, on the calling thread; jobs that run keep what they have."""
        with self._renewal:
            if kind == 'grains':
                self._grains.refresh()
                self._renew_grains()
            elif kind == 'pillar':
                self._renew_pillar()
            else:
                self._loader = loader.Loader(self._opts, self._all_grains(), self._pillar.value, self._link)


def autosign_grains(config, collect=None):
    """The map of grains that a master may sign us in by (`autosign_grains`), None when the setting is unset."""
    names = config.get('autosign_grains')
    if not names:
        return None
    grains = (collect or graincollect.Grains(config.plain()).all)()
    return dict((name, grains.get(name)) for name in names)
