"""What execution modules see of the running minion: `__minion__`, narrow and the same in every module."""
from __future__ import absolute_import, division, print_function

import logging
import threading

from minion import compat, errors, files, payload, pillar, request, returns, wake

log = logging.getLogger(__name__)


class Link(object):
    """The way from a job to the master that asked for it, and back.

    :param str minion_id:  :param RunningJobs jobs:  :param float patience: seconds to wait for a sign-in that a request
        needs.
    :param int most: bytes of one event (`max_event_size`).
    """

    def __init__(self, minion_id, jobs, patience, most=1 << 20):
        self.jobs, self._most = jobs, most
        self._minion_id, self._patience = minion_id, patience
        self._own = threading.local()                # each thread's desk and request channel
        self._refresh = self._functions = self._default = self._restart = self._initiative = self._own_pillar = None
        self.files = None                            # the FileClient of this minion; `__file_client__` of the modules

    def on_refresh(self, refresh, functions):
        """Set what `refresh(kind)` and `functions()` do; the agent calls this once, before any job."""
        self._refresh, self._functions = refresh, functions

    def on_initiative(self, initiative):
        """Set where schedule.* and beacons.* find the schedule and the beacons."""
        self._initiative = initiative

    def on_pillar(self, own_pillar):
        """Set what makes the pillar of a minion that asks no master for it."""
        self._own_pillar = own_pillar

    @property
    def schedule(self):
        """The Scheduler of this minion; None in a call without one."""
        return None if self._initiative is None else self._initiative.schedule()

    @property
    def beacons(self):
        """The Beacons of this minion; None in a call without one."""
        return None if self._initiative is None else self._initiative.beacons()

    def own_desk(self):
        """The desk of what the minion does by itself, None without a master."""
        return self._default

    def on_restart(self, restart):
        """Set what `restart()` does."""
        self._restart = restart

    def restart(self):
        """Start the program anew in its process, once the jobs have ended or their time is over; what they return is kept.

        :raises CommandExecutionError: these functions run without a minion.
        """
        if self._restart is None:
            raise errors.CommandExecutionError('there is no running minion here to be started anew')
        self._restart()

    def default(self, desk):
        """Set the desk for threads that work for no job."""
        self._default = desk

    def bind(self, desk):
        """The calling thread works for the master of this desk now; ends with close_channel()."""
        self._own.desk = desk

    def _desk(self):
        desk = getattr(self._own, 'desk', None) or self._default
        if desk is None:
            raise errors.CommandExecutionError('this minion has no master')
        return desk

    def request(self, load):
        """Ask the master and return the answer with text where its bytes are UTF-8.

        :param dict load: docs/protocol.md section 6.3.  :raises MinionError: no answer, or a refusal.
        """
        return request.readable(self._requester().ask(load, self._patience))

    def pillar(self, load):
        """Ask for the pillar: `_pillar` has a private answer.  :raises MinionError: as `request`."""
        return request.readable(self._requester().ask_private(load, self._patience))

    def compiled_pillar(self, grains, **wanted):
        """The pillar as it is now: saltenv, pillarenv, override, external as pillar.fetch takes them.

        :raises MinionError: as `request`.
        """
        if self._own_pillar is not None:
            return self._own_pillar(**wanted)
        return pillar.fetch(self.pillar, self._minion_id, grains, **wanted)

    def _requester(self):
        if getattr(self._own, 'requester', None) is None:
            self._own.bell, self._own.board = wake.Bell(), self._desk().way.board
            self._own.board.listen(self._own.bell)
            self._own.requester = self._desk().way.requester(self._own.bell)
        return self._own.requester

    def close_channel(self):
        """Close the calling thread's channel, if it opened one, and leave its desk; called after each job."""
        self._own.desk = None
        if getattr(self._own, 'requester', None) is None:
            return
        self._own.requester.close()
        self._own.board.ignore(self._own.bell)
        self._own.bell.close()
        self._own.requester = self._own.bell = self._own.board = None

    def fire_event(self, tag, data):
        """Put an event for the master's bus into the spool; True, as event.send returns.

        :raises BadPayload: it cannot be packed.
        """
        tag = compat.to_native(tag)
        self._desk().put(returns.event(self._minion_id, tag, self.bounded(tag, data)))
        return True

    def bounded(self, tag, data):
        """What an event may carry of this, see returns.bounded; a value that is replaced is told to the log."""
        data, replaced = returns.bounded(data, self._most)
        if replaced:
            log.warning('event %s: larger than max_event_size (%d bytes): %d of its values are replaced by %s', tag,
                        self._most, replaced, returns.TRIMMED)
        return data

    @staticmethod
    def unpacked(path):
        """What a msgpack file of this minion holds.  :raises OSError, BadPayload: it cannot be read."""
        return payload.to_text_tree(payload.unpack(files.read(path, limit=64 << 20) or b''))

    def refresh(self, kind):
        """Have `modules`, `grains` or `pillar` read anew; True."""
        if self._refresh is not None:
            self._refresh(kind)
        return True

    def functions(self):
        """The Loader of execution modules, for sys.*."""
        return self._functions()
