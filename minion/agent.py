"""The running minion: keys, then one connection a master; the main thread signs in, waits, and ends it all in order."""
from __future__ import absolute_import, division, print_function

import functools
import logging
import os
import signal
import threading
import time
import zlib

import zmq

from minion import (admission, compat, config as settings, credentials, errors, execution, initiative, jobs, keys, link,
                    liveness, logs, masterlink, memory, phases, recent, repairs, returned, returns, running, settingcall,
                    sockets, spares, status, wake)
from minion.address import parse_address

log = logging.getLogger(__name__)
CONNECTING = 10.0                # seconds that the start events wait for the publish connection
RECENT = 1000                    # jids remembered, more where minion_jid_queue_hwm says so


class Agent(object):
    """One minion, from its keys to its end.

    :param Config config:  :param str minion_id:  :param callable lookup: instead of socket.getaddrinfo.
    """

    def __init__(self, config, minion_id, lookup=None):
        self._config, self._minion_id, self._lookup = config, minion_id, lookup
        self.bell = wake.Bell()                      # of the main thread
        self.repairs = repairs.Repairs()
        self._machine = phases.Machine()
        self._context, self._prepared = None, False
        self._links, self._threads, self._jobs, self._world = [], [], None, None
        self._status = status.Status(status.path(config['pidfile']), minion_id, self.repairs.add)
        self._thrift = memory.Thrift(self.repairs.add)
        self.restarting = False                      # the process is to go on as a new minion once run() has ended
        self._reload_asked = False
        self._way = self._running = self._identity = self._initiative = None
        self._begun = threading.Lock()               # guards _ready_asked
        self._ready_asked = False
        self._left = []

    def close(self):
        """Give back what `prepare` took, when `run` is not to follow."""
        self._end()

    def stop(self):
        """End; may be called from a signal handler or another thread."""
        self.bell.stop()

    def restart(self):
        """End, so that the caller of run() starts the program anew; from any thread."""
        log.info('told to start anew')
        self.restarting = True
        self.bell.stop()

    def reload(self):
        """Read anew what can change while it runs: levels and shapes of the log, modules, grains, pillar.

        May be called by a signal handler.
        """
        self._reload_asked = True
        self.bell.ring()

    def _chores(self):
        """What signal handlers left to do, on the main thread."""
        asked, self._reload_asked = self._reload_asked, False
        if asked:
            reload_log(self._config)
            if self._ready_asked:
                for kind in ('modules', 'grains', 'pillar'):
                    self._jobs.first(functools.partial(self._world.refresh, kind))

    def lengths(self):
        """State of the connections and lengths of the queues, for a look inside."""
        found = ['%s: %s' % (name, count) for name, count in sorted(self._jobs.counts().items())] if self._jobs else []
        for way in self._links:
            told = way.describe()
            found.append('%s: %s, %d in the spool' % (told['master'], told['state'], told['spool']))
        return '; '.join(found)

    def abandoned(self):
        """Names of threads that did not end in time."""
        return list(self._left)

    def prepare(self, ahead=None):
        """Look at the keys or make them, and put everything together; nothing is sent yet.

        :param Apart ahead: collects the first grains already, see graincollect.ahead.
        :raises KeyFileError, UnsafePermissions: the keys cannot be used.
        :raises ConfigError: `master_type: func` names no usable function.  :raises Interrupted: told to stop.
        """
        self._machine.on('prepared')
        self._context = zmq.Context(1)
        rules, store = self._look_at_keys()
        self._build(rules, store, ahead)
        self._prepared = True

    def run(self):
        """Block until told to stop; `prepare` first, if that was not called.

        :return int: the exit code.  :raises: as `prepare`.
        :raises KeyRejected, MasterUnusable: only where the settings ask to end on that.
        """
        try:
            if not self._prepared:
                if self.bell.stopping:               # as prepare() was told already
                    return 0
                self.prepare()
            if not self._links:
                self._without_master()
            else:
                self._start_early()
                self._start_late()
                self._start_others()
                self._serve_first()
        except errors.Interrupted:
            return 0
        finally:
            self._end()
        return 0

    # ---- keys

    def _look_at_keys(self):
        config = self._config
        self._identity = credentials.identity(config, self._minion_id, self._key_progress())
        log.info('this minion is %s, the fingerprint of its key is %s',
                 self._minion_id, keys.fingerprint(self._identity.pem, config['hash_type']))
        return credentials.rules(config), credentials.store(config, self.repairs.add)

    def _key_progress(self):
        """Says that a key is being made, once and then every few seconds: an old host can take long."""
        told = [None]

        def progress():
            if self.bell.stopping:
                raise errors.Interrupted('stopped while making the key')
            now = compat.monotonic()
            if told[0] is None or now - told[0] >= 5.0:
                log.info('making a key of %s bits%s', self._config['keysize'],
                         '' if told[0] is None else ', still at it')
                told[0] = now
        return progress

    # ---- putting it together

    def _build(self, rules, store, ahead):
        config, cachedir = self._config, self._config['cachedir']
        spare = spares.Spares(os.path.join(cachedir, 'jobs', 'spare'))
        self._running = running.RunningJobs(os.path.join(cachedir, 'proc'), self.repairs.add, spare)
        self._way = link.Link(self._minion_id, self._running, float(config['auth_timeout']) * int(config['auth_tries']),
                              int(config['max_event_size']))
        self._world = execution.Execution(config, self._minion_id, self._way, ahead)
        self._way.on_refresh(self._refresh, self._world.loader)
        self._way.on_restart(self.restart)
        recent_jobs = recent.RecentJobs(os.path.join(cachedir, 'jobs', 'recent'),
                                        max(RECENT, int(config['minion_jid_queue_hwm'])),
                                        lambda: self.repairs.add(self._jobs.save_recent))
        self._jobs = jobs.Jobs(self._minion_id, self._world, self._running, recent_jobs,
                               returned.Returned(os.path.join(cachedir, 'jobs', 'returned'), spares=spare),
                               self._threads_allowed(), int(config['job_queue_size']),
                               admission.Admission(float(config['job_free_memory'])).refusal,
                               self._kept_jobs(), config['pub_ret'])
        self._initiative = initiative.Initiative(self._world.opts, self._jobs, self._world, self._way)
        self._way.on_initiative(self._initiative)
        timing = liveness.timing(config, self._minion_id)
        office = masterlink.Office(self._context, config, self._minion_id, self._identity, store, rules, timing,
                                   sockets.options(config, timing.ping, timing.pong), self._lookup, self._jobs,
                                   self._started, self._report, self.repairs, self._chores, self._touched, spare)
        for masters in master_groups(config, self._minion_id, self._named_by_function):
            bell = wake.Bell() if self._links else self.bell         # the first connection is the main thread's
            self._links.append(masterlink.MasterLink(office, masters, bell))
        if self._links:
            self._way.default(self._links[0].desk())
        self._jobs.changed = self._touched
        self._load_spools()
        self._return_interrupted()

    def _kept_jobs(self):
        """What keeps returns on this host (`cache_jobs`), or None."""
        if not self._config['cache_jobs']:
            return None
        from minion import keptjobs
        return keptjobs.KeptJobs(self._config['cachedir'], keptjobs.seconds(self._config)).keep

    def _refresh(self, kind):
        self._world.refresh(kind)
        self._initiative.renew()

    def _threads_allowed(self):
        configured = int(self._config['process_count_max'])
        return configured if configured > 0 else int(self._config['executor_max'])

    def _named_by_function(self, name):
        """The masters that a module's function names (`master_type: func`)."""
        try:
            return settingcall.call(self._config, name, {})
        except errors.MinionError as exc:
            raise errors.ConfigError('master: master_type: func: %s' % exc)

    def _load_spools(self):
        tags = set(way.tag for way in self._links)
        for number, way in enumerate(self._links):
            way.spool.load(tags if number == 0 else None)

    def _return_interrupted(self):
        """Every job that an earlier process took ends in a return, too."""
        if not self._links:
            return
        by_tag, waiting = dict((way.tag, way) for way in self._links), {}
        leftovers = self._running.leftovers()
        for way in self._links if leftovers else ():
            waiting.update(way.spool.waiting())
        for load in leftovers:
            seen = self._jobs.asked_by(load['jid'])
            way = by_tag.get(seen.link if seen else None, self._links[0])
            self._jobs.interrupted(load, way.desk_of(seen.master if seen else None), waiting)
            self._running.end(load['jid'])

    def _start_others(self):
        for number, way in enumerate(self._links[1:], 2):
            thread = threading.Thread(target=self._serve, args=(way,), name='master-%d' % number)
            thread.daemon = True
            self._threads.append(thread)
            thread.start()

    def _serve(self, way):
        """A further master's loop, on its own thread; its end is no other's end."""
        try:
            way.run()
        except errors.Interrupted:
            return
        except errors.MinionError as exc:
            log.error('%s; this minion goes on with its other masters', exc)
        except Exception:                            # the thread's outermost function
            log.exception('the thread of a master failed; this minion goes on with its other masters')
        finally:
            self.bell.ring()

    def _serve_first(self):
        """The first master's loop, here; while others are served its end is not that of the process."""
        try:
            self._links[0].run()
        except errors.Interrupted:
            raise
        except errors.MinionError as exc:
            if not self._others_alive():
                raise
            log.error('%s; this minion goes on with its other masters', exc)
            while self._others_alive() and not self.bell.stopping:
                self.bell.wait()
            if not self.bell.stopping:
                raise

    def _others_alive(self):
        return any(thread.is_alive() for thread in self._threads)

    def _without_master(self):
        """`master_type: disable`: nothing to sign in to."""
        self._status.update(self._links, self._jobs)
        log.info('master_type is disable: no master is contacted')
        self._jobs.first(self._get_ready_alone)
        while not self.bell.stopping:
            self.bell.wait()

    def _start_early(self):
        """`scheduler_before_connect`, `beacons_before_connect`: what these say waits in the spool for a master."""
        early = [kind for kind in ('scheduler', 'beacons') if self._config[kind + '_before_connect']]
        if early:
            self._jobs.first(lambda: (self._world.refresh('grains'), self._initiative.start_early(early)))

    def _start_late(self):
        """`random_startup_delay`: a fleet that is switched on at once does not sign in at once."""
        seconds = float(self._config['random_startup_delay']) * liveness.share(self._minion_id)
        if seconds:
            log.info('signing in in %.1f s (random_startup_delay)', seconds)
        deadline = compat.monotonic() + seconds
        while not self.bell.stopping and compat.monotonic() < deadline:
            self.bell.wait(deadline - compat.monotonic())

    # ---- once a master has signed us in

    def _started(self, way, moved):
        """Called by each connection when its threads run: grains and pillar once, the start events for each master."""
        with self._begun:
            first, self._ready_asked = not self._ready_asked, True
        self._jobs.first(lambda: self._get_ready(way, first, moved))

    def _get_ready(self, way, first, moved):
        """On an executor's thread, while jobs are taken already."""
        if first or moved:
            self._world.meet(*parse_address(
                way.board.current().master, self._config['master_port'], self._config['master_uri_format']))
        if first:
            self._way.default(way.desk())
            self._world.prepare()
        elif moved:                                  # another master may have another pillar
            self._refresh('pillar')
        if not way.subscriber.wait_connected(way.board.current(), CONNECTING):
            log.warning('the publish port does not answer yet; jobs cannot be received before it does')
        desk = way.desk(way.board.current())
        for event in returns.start_events(self._minion_id, self._config['enable_legacy_startup_events'], time.time(),
                                          self._start_grains()):
            desk.put(event)
        log.info('minion is ready to receive jobs')
        if first:
            self._initiative.start()
            self._thrift.soon()

    def _start_grains(self):
        """What start events carry of the grains (`start_event_grains`)."""
        grains = self._world.view()[0]
        return dict((name, grains[name]) for name in self._config['start_event_grains'] if name in grains)

    def _get_ready_alone(self):
        """Without a master: grains, pillar, and what the minion does by itself."""
        self._world.prepare()
        self._initiative.start()
        self._thrift.soon()

    def _report(self, way):
        self._status.update(self._links, self._jobs)

    def _touched(self):
        """Something in the status has changed that may wait a little."""
        self._status.soon(self._links, self._jobs)
        self._thrift.soon()

    # ---- the end

    def _end(self):
        """Stop in the order of the design; each step has its deadline, and who overruns it is named."""
        self._machine.on('stop')
        for way in self._links:
            way.bell.stop()
        for way in self._links:
            self._left += way.stop_listening(1.0)
        if self._jobs is not None:
            self._left += self._initiative.stop(1.0) if self._initiative is not None else []
            self._jobs.close()
            self._left += self._jobs.end(float(self._config['stop_timeout']), signal.SIGTERM)
        self._left += [] if self.repairs.stop(1.0) else ['repairs']
        for way in self._links:
            self._left += way.stop_returning(1.0)
        for thread in self._threads:
            thread.join(1.0)
            self._left += [thread.name] if thread.is_alive() else []
        self._status.stopped()
        if self._left:
            log.warning('threads that did not end in time: %s', ', '.join(self._left))
            return                                   # they may hold sockets and bells; the process ends now anyhow
        for way in self._links:
            way.close()
        self.repairs.close()
        self.bell.close()
        if self._context is not None:
            self._context.term()


def master_groups(config, minion_id, function, shuffle=None):
    """Who is connected to: a list of lists, one for each connection, of the masters that it may use, in order.

    :param callable function: function(name) -> text or list, for `master_type: func`.
    :raises ConfigError: nothing usable comes out of it.
    """
    kind, masters = config['master_type'], config['master']
    if kind == 'disable':
        return []
    if kind == 'func':
        masters = function(masters if compat.is_text(masters) else masters[0])
    masters = [masters] if compat.is_text(masters) else masters
    if not isinstance(masters, (list, tuple)) or not masters or not all(_usable(config, master) for master in masters):
        raise errors.ConfigError('%s: %r: needs the address of a master' % (config.where('master'), masters))
    masters = list(masters)
    if kind == 'str':
        return [[master] for master in masters]
    if kind == 'distributed':
        first = zlib.crc32(compat.to_bytes(minion_id)) % 2 ** 32 % len(masters)
        masters = masters[first:] + masters[:first]
    elif config['random_master'] or config['master_shuffle']:
        keep = 1 if kind == 'failover' and config['master_failback'] else 0      # the first stays the first
        rest = masters[keep:]
        (shuffle or _shuffle)(rest)
        masters = masters[:keep] + rest
    return [masters]


def _shuffle(masters):
    import random                                    # most minions have one master
    random.shuffle(masters)


def _usable(config, master):
    try:
        return compat.is_text(master) and bool(parse_address(master, 4506, config['master_uri_format']))
    except errors.ConfigError:
        return False


def reload_log(config):
    """Levels and shapes of the log as the configuration files have them now; what is wrong in them is only logged."""
    given = dict((name, config[name]) for name in ('user', 'pidfile', 'log_file', 'log_level_logfile')
                 if config.origin(name) == settings.COMMAND_LINE)
    try:
        logs.adjust(settings.load(config.config_dir if os.path.basename(config.conf_file) == settings.NAME else None, given))
    except errors.MinionError as exc:
        log.error('the log stays as it is: %s', exc)
        return
    log.info('levels and shapes of the log are those of the configuration files now')
