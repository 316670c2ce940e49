"""A thread that is there only while it has something to wait for."""
from __future__ import absolute_import, division, print_function

import logging
import threading

from minion import wake

log = logging.getLogger(__name__)


class Turns(object):
    """Base of what looks at something now and then. The subclass says _needed(), renew(), _turn() and, if need be, _leave().

    :param str name: of the thread.
    """

    def __init__(self, name):
        self._name = name
        self._lock = threading.RLock()               # guards all below, and what the subclass keeps
        self._bell = self._thread = None
        self._started = self._stopping = False

    def start(self):
        """Begin, once there is what the turns need."""
        with self._lock:
            self._started = True
        self.renew()

    def renew(self):
        """Look at the settings anew."""
        raise NotImplementedError

    def _needed(self):
        """True when there is something to wait for; with _lock."""
        raise NotImplementedError

    def _turn(self):
        """Wait at the bell and do what is due, on the thread; False when nothing is to come."""
        raise NotImplementedError

    def _leave(self):
        """The thread ends; on the thread."""

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
        """Let the thread look again; make it when it is needed. With _lock."""
        if self._bell is not None:
            self._bell.ring()
        elif self._started and not self._stopping and self._needed():
            self._bell = wake.Bell()
            self._thread = threading.Thread(target=self._run, name=self._name)
            self._thread.daemon = True
            self._thread.start()

    def _run(self):
        failed = True
        try:
            while not self._bell.stopping and self._turn():
                pass
            failed = False
        except Exception:                            # the thread's outermost function
            log.exception('the thread %s failed; it starts again when what it looks after changes', self._name)
        finally:
            try:
                self._leave()
            finally:
                with self._lock:
                    self._bell.close()
                    self._bell = self._thread = None
                    if not failed:
                        self._wake()                 # something may have come just after the last look
