"""What could not be done because of the disk is tried again, on a thread that lives only while there is such a thing."""
from __future__ import absolute_import, division, print_function

import logging
import threading

from minion import wake

log = logging.getLogger(__name__)
PAUSE = 5.0                          # seconds between two tries


class Repairs(object):
    """Tasks that are tried again until they succeed; add() from any thread.

    A task is called as task() -> True when nothing is left to do; it must not raise.
    """

    def __init__(self, pause=PAUSE):
        self._bell, self._pause = wake.Bell(), pause
        self._lock = threading.Lock()                # guards _tasks and _thread
        self._tasks, self._thread = [], None

    def add(self, task):
        """Try `task` after a pause, and then until it succeeds; one that waits already is not added twice."""
        with self._lock:
            if self._bell.stopping:
                return
            if task not in self._tasks:
                self._tasks.append(task)
            if self._thread is None:
                self._start()

    def _start(self):
        self._thread = threading.Thread(target=self._run, name='repairs')
        self._thread.daemon = True
        try:
            self._thread.start()
        except (RuntimeError, threading.ThreadError):       # the host has no thread for us; the next add() tries again
            self._thread = None

    def stop(self, grace):
        """Try nothing more; True if the thread has ended within `grace` seconds."""
        self._bell.stop()
        with self._lock:
            thread = self._thread
        if thread is not None:
            thread.join(grace)
        return thread is None or not thread.is_alive()

    def close(self):
        """Give the bell back; after stop()."""
        self._bell.close()

    def _run(self):
        try:
            while not self._bell.stopping:
                self._bell.wait(self._pause)
                if not self._bell.stopping and not self._round():
                    return
        except Exception:                            # the thread's outermost function
            log.exception('the thread that repairs failed')

    def _round(self):
        """Try each task once; False when none is left and the thread is to end."""
        with self._lock:
            tasks, self._tasks = self._tasks, []     # whoever fails meanwhile may add itself again
        failed = [task for task in tasks if self._bell.stopping or not task()]
        with self._lock:
            self._tasks = failed + [task for task in self._tasks if task not in failed]
            if not self._tasks:
                self._thread = None
            return bool(self._tasks)
