"""What execution modules see of the running minion: `__minion__`, narrow and the same in every module."""
from __future__ import absolute_import, division, print_function

import threading

from minion import compat, request, returns, wake


class Link(object):
    """The way from a job to the master and back.

    :param str minion_id:  :param RunningJobs jobs:  :param Spool spool:  :param SessionBoard board:
    :param callable requester: makes a Requester, called as requester(bell).
    :param float patience: seconds to wait for a sign-in that a request needs.
    """

    def __init__(self, minion_id, jobs, spool, board, requester, patience):
        self.jobs = jobs
        self._minion_id, self._spool, self._board = minion_id, spool, board
        self._make, self._patience = requester, patience
        self._own = threading.local()                # each thread's request channel
        self._refresh = None

    def on_refresh(self, refresh):
        """Set what `refresh(kind)` does; the agent calls this once, before any job."""
        self._refresh = refresh

    def request(self, load):
        """Ask the master and return the answer with text where its bytes are UTF-8.

        :param dict load: PROTOCOL section 6.3.  :raises MinionError: no answer, or a refusal.
        """
        return request.readable(self._requester().ask(load, self._patience))

    def pillar(self, load):
        """Ask for the pillar: `_pillar` has a private answer.  :raises MinionError: as `request`."""
        return request.readable(self._requester().ask_private(load, self._patience))

    def _requester(self):
        if getattr(self._own, 'requester', None) is None:
            self._own.bell = wake.Bell()
            self._board.listen(self._own.bell)
            self._own.requester = self._make(self._own.bell)
        return self._own.requester

    def close_channel(self):
        """Close the calling thread's channel, if it opened one; called after each job."""
        if getattr(self._own, 'requester', None) is None:
            return
        self._own.requester.close()
        self._board.ignore(self._own.bell)
        self._own.bell.close()
        self._own.requester = self._own.bell = None

    def fire_event(self, tag, data):
        """Put an event for the master's bus into the spool; True, as event.send returns.

        :raises BadPayload: it cannot be packed.
        """
        session = self._board.current()
        master = session.master_key.fingerprint() if session else ''
        self._spool.put(returns.event(self._minion_id, compat.to_native(tag), data), master)
        return True

    def refresh(self, kind):
        """Have `modules`, `grains` or `pillar` read anew; True."""
        if self._refresh is not None:
            self._refresh(kind)
        return True
