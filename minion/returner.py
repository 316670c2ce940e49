"""The returner thread: sole owner of the REQ socket for returns and events; empties the spool, waits while it cannot."""
from __future__ import absolute_import, division, print_function

import logging
import random
import threading

from minion import compat, errors, request, wake

log = logging.getLogger(__name__)
REFUSALS = 5                     # a load that the master refuses this often, others passing, will never be taken
BYTES_A_SECOND = 1 << 20         # a large return gets a second more for each of these


class Returner(object):
    """Delivers what the spool holds until stop().

    :param zmq.Context context:  :param SessionBoard board:  :param Identity identity:  :param SocketOptions tuning:
    :param tuple pauses: (shortest, longest) seconds to wait for one answer (`return_retry_timer`, `..._max`).
    :param float liveness: seconds of silence after which the master has to prove that it is there; 0: never.
    """

    def __init__(self, context, board, identity, tuning, pauses, liveness=0.0):
        self.bell = wake.Bell()
        self.failure = None                    # what ended the thread; read after stop()
        self._settled = threading.Event()      # set while nothing can be sent
        self._board, self._pauses, self._liveness = board, pauses, liveness
        self._requester = request.Requester(context, board, identity, tuning, self.bell, pauses[0])
        self._spool, self._lost = None, 0
        self._thread = threading.Thread(target=self._run, name='returner')
        self._thread.daemon = True

    def start(self, spool):
        """Begin to empty `spool`, whose `wake` is this object's bell."""
        self._spool = spool
        self._board.listen(self.bell)
        self._thread.start()

    def stop(self, grace):
        """Ring, wait up to `grace` seconds; True if the thread has ended."""
        self.bell.stop()
        if self._thread.ident is not None:
            self._thread.join(grace)
        return not self._thread.is_alive()

    def drain(self, seconds):
        """Wait until all that can be delivered now is, at most `seconds`; at once when the master does not answer."""
        deadline = compat.monotonic() + seconds
        while not self._lost and compat.monotonic() < deadline:
            if self._settled.wait(0.05) and not len(self._spool):
                return

    def _run(self):
        try:
            while not self.bell.stopping:
                self._settled.clear()
                if not self._deliver():
                    self._settled.set()
                    if not self.bell.wait(self._liveness or None) and not self.bell.stopping:
                        self._prove()
        except errors.Interrupted:
            return
        except Exception as exc:               # the thread's outermost function
            self.failure = exc
            log.exception('the returner thread failed')
        finally:
            self._requester.close()
            self._board.ignore(self.bell)

    def _deliver(self):
        """Send one entry; False when there is none for the connected master."""
        session = self._board.current()
        if session is None:
            return False
        item = self._spool.take(session.master_id)
        if item is None:
            return False
        entry, load = item
        try:
            self._requester.ask(load, self._pauses[1], self._answer_time(entry))
        except errors.Interrupted:
            self._spool.defer(entry)
            raise
        except errors.RequestTimeout as exc:
            self._spool.defer(entry)
            self._pause(exc)
        except errors.RequestRefused as exc:
            self._refused(entry, exc)
        except errors.BadPayload as exc:
            self._spool.give_up(entry, str(exc))
        else:
            self._spool.done(entry)
            self._back()
        return True

    def _prove(self):
        """Ask for something cheap, twice if need be; without an answer the connections count as lost.

        Only an encrypted answer shows that the far end is the master and still knows us.
        """
        session = self._board.current()
        for last in (False, True):
            try:
                self._requester.ask({'cmd': '_master_opts', 'env_only': True}, self._pauses[1], self._pauses[0])
                return
            except errors.Interrupted:
                raise
            except errors.MinionError as exc:
                if last:
                    self._board.lost(session, 'no proof of life: %s' % exc)

    def _refused(self, entry, error):
        entry.refusals += 1
        if entry.refusals >= REFUSALS:
            self._spool.give_up(entry, 'the master refused it %d times: %s' % (REFUSALS, error.text))
        else:
            self._spool.postpone(entry)
        self._pause(error)

    def _back(self):
        if self._lost:
            log.info('the master takes returns again after %d tries; %d wait', self._lost, len(self._spool))
        self._lost = 0

    def _answer_time(self, entry):
        shortest, longest = self._pauses
        return random.uniform(shortest, max(shortest, longest)) + entry.size / BYTES_A_SECOND

    def _pause(self, error):
        """Wait before the next try, longer each time up to the longest retry timer; a new session ends the wait."""
        session, seconds = self._board.current(), min(self._pauses[1], random.uniform(0.5, 1.0) * 2 ** min(self._lost, 6))
        self._lost += 1
        if self._lost == 1:
            log.warning('a return was not taken (%s); it is kept and sent again until it is', error)
        deadline = compat.monotonic() + seconds
        while not self.bell.stopping and self._board.current() is session:
            left = deadline - compat.monotonic()
            if left <= 0:
                return
            self.bell.wait(left)
