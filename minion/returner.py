"""The returner thread: sole owner of the REQ socket for returns and events; empties the spool, asks for life signs."""
from __future__ import absolute_import, division, print_function

import logging
import threading

from minion import chance, compat, errors, request, wake

log = logging.getLogger(__name__)
REFUSALS = 5                     # a load that the master refuses this often, others passing, will never be taken
BYTES_A_SECOND = 1 << 20         # a large return gets a second more for each of these


class Returner(object):
    """Delivers what the spool holds until stop().

    :param zmq.Context context:  :param SessionBoard board:  :param Identity identity:  :param SocketOptions tuning:
    :param tuple pauses: (shortest, longest) seconds to wait for one answer (`return_retry_timer`, `..._max`).
    :param Timing timing: when a silent master has to prove that it is there.
    :param callable ended: called when the thread ends.
    :param callable emptied: called when what there was has been delivered and nothing is left.
    """

    def __init__(self, context, board, identity, tuning, pauses, timing, ended=lambda: None, emptied=lambda: None):
        self.bell = wake.Bell()
        self.failure = None                    # what ended the thread; read after stop()
        self._settled = threading.Event()      # set while nothing can be sent
        self._board, self._pauses, self._timing = board, pauses, timing
        self._requester = request.Requester(context, board, identity, tuning, self.bell, pauses[0])
        self._spool, self._lost, self._unproven = None, 0, 0
        self._heard, self._known = 0.0, None   # when the master answered last (monotonic), the session of that time
        self._ended, self._emptied, self._thread = ended, emptied, None

    def start(self, spool):
        """Begin to empty `spool`, whose `wake` is this object's bell; again, after the thread has failed."""
        self._spool = spool
        self._thread = threading.Thread(target=self._run, name='returner')
        self._thread.daemon = True
        self._board.listen(self.bell)
        self._thread.start()

    def stop(self, grace):
        """Ring, wait up to `grace` seconds; True if the thread has ended."""
        self.bell.stop()
        if self._thread is not None:
            self._thread.join(grace)
        return not self.alive()

    def alive(self):
        """False before start() and once the thread has ended, on request or by a failure."""
        return self._thread is not None and self._thread.is_alive()

    def drain(self, seconds):
        """Wait until all that can be delivered now is, at most `seconds`; at once when the master does not answer."""
        deadline = compat.monotonic() + seconds
        while self.alive() and not self._lost and compat.monotonic() < deadline:
            if self._settled.wait(0.05) and not len(self._spool):
                return

    def _run(self):
        try:
            delivered = False
            while not self.bell.stopping:
                self._settled.clear()
                if self._deliver():
                    delivered = True
                    continue
                self._settled.set()
                if delivered:
                    delivered = False
                    self._emptied()
                if not self._proof_due():
                    self.bell.wait(self._until_proof())
                elif not self.bell.stopping:
                    self._prove()
        except errors.Interrupted:
            return
        except Exception as exc:               # the thread's outermost function
            self.failure = exc
            log.exception('the returner thread failed')
        finally:
            self._requester.close()
            self._board.ignore(self.bell)
            self._ended()

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
            self._ask(entry, load)
        except errors.Interrupted:
            self._spool.defer(entry)
            raise
        except errors.RequestTimeout as exc:
            self._spool.defer(entry)
            if self._lost and self._timing.quiet:    # the second in a row: is it this return, or the master?
                self._prove()
            self._pause(exc)
        except errors.RequestRefused as exc:
            self._refused(entry, exc)
        except errors.BadPayload as exc:
            self._spool.give_up(entry, str(exc))
        else:
            self._spool.done(entry)
            self._back()
        return True

    def _ask(self, entry, load):
        """Send one entry; it goes to the end of the line before a fault that it may have caused ends this thread."""
        known = False
        try:
            self._requester.ask(load, self._pauses[1], self._answer_time(entry))
            known = True
        except errors.MinionError:
            known = True
            raise
        finally:
            if not known:
                self._spool.postpone(entry)

    # ---- is the master there?

    def _until_proof(self):
        """Seconds until a silent master has to prove that it is there; None: never. A new session is an answer, too."""
        session = self._board.current()
        if session is not self._known:
            self._known, self._heard = session, compat.monotonic()
        if not self._timing.quiet or session is None:
            return None
        return max(0.0, self._heard + self._timing.quiet - compat.monotonic())

    def _proof_due(self):
        return self._until_proof() == 0.0

    def _prove(self):
        """Ask for something cheap, twice if need be; without an answer the connections count as lost.

        Only an encrypted answer shows that the far end is the master and still knows us. A master that signs us in but
        does not answer then is asked to sign us in after 1, 2, 4, 8... proofs that failed in a row, not after each.
        """
        session, trouble = self._board.current(), None
        for seconds in self._timing.answers:
            try:
                self._requester.ask({'cmd': '_master_opts', 'env_only': True}, self._pauses[1], seconds)
                self._unproven = 0
                break
            except errors.Interrupted:
                raise
            except errors.MinionError as exc:
                trouble = exc
        else:
            self._unproven += 1
            if self._unproven & (self._unproven - 1) == 0:
                self._board.lost(session, 'no proof of life: %s' % trouble)
        self._heard = compat.monotonic()             # the next proof is due as long after this one

    def _refused(self, entry, error):
        entry.refusals += 1
        if entry.refusals >= REFUSALS:
            self._spool.give_up(entry, 'the master refused it %d times: %s' % (REFUSALS, error.text))
        else:
            self._spool.postpone(entry)
        self._pause(error)

    def _back(self):
        self._heard, self._unproven = compat.monotonic(), 0
        if self._lost:
            log.info('the master takes returns again after %d tries; %d wait', self._lost, len(self._spool))
        self._lost = 0

    def _answer_time(self, entry):
        shortest, longest = self._pauses
        return chance.uniform(shortest, max(shortest, longest)) + entry.size / BYTES_A_SECOND

    def _pause(self, error):
        """Wait before the next try, longer each time up to the longest retry timer; a new session ends the wait."""
        session = self._board.current()
        seconds = min(self._pauses[1], chance.uniform(0.5, 1.0) * 2 ** min(self._lost, 6))
        self._lost += 1
        if self._lost == 1:
            log.warning('a return was not taken (%s); it is kept and sent again until it is', error)
        deadline = compat.monotonic() + seconds
        while not self.bell.stopping and self._board.current() is session:
            left = deadline - compat.monotonic()
            if left <= 0:
                return
            self.bell.wait(left)
