"""Beacons: small functions that look at the host now and then; what they see goes to the master as events.

One thread that sleeps until the next one is due, none where none is configured.
"""
from __future__ import absolute_import, division, print_function

import copy
import logging
import threading

from minion import compat, errors, returns, wake
from minion.helpers import beaconconfig

log = logging.getLogger(__name__)


class _Beacon(object):
    """One configured beacon."""

    def __init__(self, name, config, due):
        self.name, self.config, self.due = name, config, due
        self.rows = beaconconfig.flat(config)
        self.module = compat.to_native(self.rows.get('beacon_module') or name)
        self.trouble = None                          # what was logged last


class Beacons(object):
    """:param dict opts: settings.  :param Execution world: its loader finds the plug-ins.  :param Link link: to the master.
    """

    def __init__(self, opts, world, link, monotonic=compat.monotonic):
        self._opts, self._world, self._link, self._monotonic = opts, world, link, monotonic
        self._lock = threading.RLock()               # guards all below
        own = opts.get('beacons')
        self._own = compat.native_tree(copy.deepcopy(own)) if isinstance(own, dict) else {}
        self._beacons = {}
        self._bell = self._thread = None
        self._started = self._stopping = False

    # ---- life

    def start(self):
        """Begin, once the pillar is there."""
        with self._lock:
            self._started = True
        self.renew()

    def renew(self):
        """Look at the pillar and the settings anew."""
        with self._lock:
            before, self._beacons = self._beacons, {}
            found = self.configured()
            enabled = found.get('enabled', True)
            for name, config in found.items():
                if name == 'enabled' or not enabled or not beaconconfig.flat(config).get('enabled', True):
                    continue
                old = before.get(name)
                self._beacons[name] = old if old is not None and old.config == config else _Beacon(
                    name, config, self._monotonic())
            self._wake()

    def stop(self, grace):
        """End the thread; True if it did."""
        with self._lock:
            self._stopping = True
            thread, bell = self._thread, self._bell
        if bell is not None:
            bell.stop()
        if thread is not None:
            thread.join(grace)
        return thread is None or not thread.is_alive()

    def _wake(self):
        if self._bell is not None:
            self._bell.ring()
        elif self._started and self._beacons and not self._stopping:
            self._bell = wake.Bell()
            self._thread = threading.Thread(target=self._run, name='beacons')
            self._thread.daemon = True
            self._thread.start()

    # ---- the thread

    def _run(self):
        try:
            while not self._bell.stopping and self._turn():
                pass
        except Exception:                            # the thread's outermost function
            log.exception('the thread of the beacons failed; it starts again when they change')
        finally:
            self._link.close_channel()               # a beacon may have asked the master for something
            with self._lock:
                self._bell.close()
                self._bell = self._thread = None

    def _turn(self):
        with self._lock:
            beacons, bell = list(self._beacons.values()), self._bell
        if not beacons:
            return False
        seconds = min(beacon.due for beacon in beacons) - self._monotonic()
        if seconds > 0:
            bell.wait(seconds)
        for beacon in beacons:
            if not bell.stopping and beacon.due <= self._monotonic():
                self._look(beacon)
        return True

    def _look(self, beacon):
        """Run one beacon and send what it saw."""
        interval = beacon.rows.get('interval', self._opts.get('loop_interval') or 1)
        beacon.due = self._monotonic() + (float(interval) if isinstance(interval, (int, float)) else 1.0)
        if beacon.rows.get('disable_during_state_run') and self._states_run():
            return
        try:
            found = self._seen(beacon)
        except (Exception, SystemExit) as exc:       # code of others, as around one job
            text = '%s: %s' % (type(exc).__name__, compat.error_text(exc).split('\n')[0])
            if text != beacon.trouble:
                log.error('beacon %s failed: %s', beacon.name, text)
                log.debug('beacon %s:', beacon.name, exc_info=True)
                beacon.trouble = text
            return
        beacon.trouble = None
        if found:
            self._send(beacon, found)

    def _seen(self, beacon):
        functions = self._world.loader().other('beacons').functions
        try:
            look = functions[beacon.module + '.beacon']
        except KeyError:
            raise errors.FunctionNotAvailable(functions.missing(beacon.module + '.beacon'))
        config = beaconconfig.as_list(beacon.config)
        if beacon.module + '.validate' in functions:
            valid, why = functions[beacon.module + '.validate'](copy.deepcopy(config))
            if not valid:
                raise errors.ConfigError('its configuration is refused: %s' % why)
        return look(copy.deepcopy(config) + [{'_beacon_name': beacon.name}])

    def _states_run(self):
        return any(compat.is_text(job.get('fun')) and compat.to_native(job['fun']).startswith('state.')
                   for job in self._link.jobs.running())

    def _send(self, beacon, found):
        events, minion_id = [], self._opts['id']
        for one in found:
            data = dict(one)
            tag = 'salt/beacon/%s/%s/%s' % (minion_id, beacon.name, compat.to_native(data.pop('tag', '')))
            data.setdefault('id', minion_id)
            events.append({'tag': tag, 'data': self._link.bounded(tag, data), 'beacon_name': beacon.name})
        desk = self._link.own_desk()
        if desk is not None:
            desk.put(returns.events(minion_id, events))

    # ---- for beacons.*

    def configured(self, pillar=True, opts=True):
        """{name: configuration} of pillar and settings, the latter over the former, and `enabled`."""
        with self._lock:
            found = self._world.view()[1].get('beacons') if pillar else None
            found = copy.deepcopy(found) if isinstance(found, dict) else {}
            found.update(copy.deepcopy(self._own) if opts else {})
            return found

    def own(self):
        """Those of the settings and of beacons.add: what beacons.save keeps."""
        return self.configured(pillar=False)

    def change(self, name, config):
        """Put a beacon, or take it away (None); `enabled` is the switch of all."""
        with self._lock:
            if config is None:
                self._own.pop(name, None)
            else:
                self._own[name] = config
            self.renew()

    def reset(self):
        """Forget all of our own."""
        with self._lock:
            self._own = {}
            self.renew()

    def loader(self):
        """The Loader of beacons."""
        return self._world.loader().other('beacons')
