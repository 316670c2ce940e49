"""Beacons: small functions that look at the host now and then; what they see goes to the master as events.

One thread that sleeps until the next one is due, none where none is configured.
"""
from __future__ import absolute_import, division, print_function

import copy
import logging

from minion import compat, errors, returns, turns
from minion.helpers import beaconconfig

log = logging.getLogger(__name__)


class _Beacon(object):
    """One configured beacon; `memory` is its `__context__`, kept while it is configured."""

    def __init__(self, name, config, due, memory):
        self.name, self.config, self.due, self.memory = name, config, due, memory
        self.rows = beaconconfig.flat(config)
        self.module = _module(name, config)
        self.looked = False                          # it has run, and may have to be closed
        self.trouble = None                          # what was logged last

    def changed(self, config, due):
        """The same one with another configuration."""
        new = _Beacon(self.name, config, due, self.memory)
        new.looked = self.looked
        return new


def _module(name, config):
    return compat.to_native(beaconconfig.flat(config).get('beacon_module') or name)


class Beacons(turns.Turns):
    """:param dict opts: settings.  :param Execution world: its loader finds the plug-ins.  :param Link link: to the master.
    """

    def __init__(self, opts, world, link, monotonic=compat.monotonic):
        turns.Turns.__init__(self, 'beacons')
        self._opts, self._world, self._link, self._monotonic = opts, world, link, monotonic
        own = opts.get('beacons')
        self._own = compat.native_tree(copy.deepcopy(own)) if isinstance(own, dict) else {}
        self._beacons, self._gone = {}, []           # _gone: what is no longer configured and may have to be closed

    # ---- life

    def renew(self):
        """Look at the pillar and the settings anew."""
        with self._lock:
            before, self._beacons = self._beacons, {}
            found = self.configured()
            enabled = found.get('enabled', True)
            for name, config in found.items():
                if name == 'enabled' or not enabled or not beaconconfig.flat(config).get('enabled', True):
                    continue
                old = before.pop(name, None)
                if old is not None and old.module != _module(name, config):
                    self._gone.append(old)
                    old = None
                if old is None:
                    old = _Beacon(name, config, self._monotonic(), {})
                self._beacons[name] = old if old.config == config else old.changed(config, self._monotonic())
            self._gone.extend(before.values())
            self._wake()

    def _needed(self):
        return bool(self._beacons)

    # ---- the thread

    def _leave(self):
        with self._lock:
            if self._bell.stopping:
                self._gone.extend(self._beacons.values())
        self._close_gone()
        self._link.close_channel()                   # a beacon may have asked the master for something

    def _close_gone(self):
        """Tell beacons that are no longer configured, where they have a function `close`: they may hold descriptors."""
        with self._lock:
            gone, self._gone = self._gone, []
        for beacon in [one for one in gone if one.looked]:
            try:
                functions = self._functions(beacon)
                if beacon.module + '.close' in functions:
                    functions[beacon.module + '.close'](self._given(beacon))
            except (Exception, SystemExit) as exc:   # code of others, as around one job
                log.error('beacon %s could not be closed: %s', beacon.name, compat.error_text(exc).split('\n')[0])

    @staticmethod
    def _given(beacon):
        return copy.deepcopy(beaconconfig.as_list(beacon.config)) + [{'_beacon_name': beacon.name}]

    def _turn(self):
        self._close_gone()
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

    def _functions(self, beacon):
        """The functions of beacons, with this one's memory as their `__context__`; that of the modules is empty."""
        modules = self._world.loader()
        loader = modules.other('beacons')
        modules.context.fresh()
        loader.context.adopt(beacon.memory)
        return loader.functions

    def _seen(self, beacon):
        functions = self._functions(beacon)
        try:
            look = functions[beacon.module + '.beacon']
        except KeyError:
            raise errors.FunctionNotAvailable(functions.missing(beacon.module + '.beacon'))
        config = beaconconfig.as_list(beacon.config)
        if beacon.module + '.validate' in functions:
            valid, why = functions[beacon.module + '.validate'](copy.deepcopy(config))
            if not valid:
                raise errors.ConfigError('its configuration is refused: %s' % why)
        beacon.looked = True
        return look(self._given(beacon))

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
