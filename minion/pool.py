"""Threads made when there is work and ended when there is none: an idle minion has no executor."""
from __future__ import absolute_import, division, print_function

import collections
import threading

from minion import compat

# Seconds that a thread waits for another item before it ends: to wake one takes a third of what it takes to make one. On
# Python 2 a wait that ends by itself polls, and notices late: there a thread ends at once.
REST = 0.0 if compat.PY2 else 1.0


class _Thread(threading.Thread):
    """A thread of the pool; while it rests it waits for its lock, which whoever gives it an item releases."""

    def __init__(self, work, item, name):
        threading.Thread.__init__(self, target=work, args=(self,), name=name)
        self.daemon, self.item, self.given = True, item, threading.Lock()
        self.given.acquire()


class Pool(object):
    """Runs items on up to `limit` threads; further ones wait in a queue of at most `bound`.

    :param callable run: called as run(item) on a pool thread; must not raise.  It returns False to end its thread.
    :param float rest: seconds that a thread without work waits for some.
    """

    def __init__(self, name, limit, bound, run, rest=REST):
        self._name, self._limit, self._bound, self._run, self._rest = name, limit, bound, run, rest
        self._lock = threading.Lock()                # guards all below
        self._waiting = collections.deque()
        self._threads, self._resting, self._number, self._closed = set(), [], 0, False

    def submit(self, item):
        """Take an item; False when all threads are busy and the queue is full, or the pool is closed."""
        with self._lock:
            if self._closed:
                return False
            if self._resting:
                self._give(self._resting.pop(), item)
                return True
            if len(self._threads) >= self._limit:
                if len(self._waiting) >= self._bound:
                    return False
                self._waiting.append(item)
                return True
            return self._start(item)

    @staticmethod
    def _give(thread, item):
        """Wake a thread that has left _resting: with an item, or None for its end."""
        thread.item = item
        thread.given.release()

    def _start(self, item):
        self._number += 1
        thread = _Thread(self._work, item, '%s-%d' % (self._name, self._number))
        self._threads.add(thread)
        try:
            thread.start()
        except (RuntimeError, threading.ThreadError):       # the host has no thread left for us
            self._threads.discard(thread)
            if not self._threads or len(self._waiting) >= self._bound:
                return False
            self._waiting.append(item)                      # a running thread takes it when it is done
        return True

    def _work(self, me):
        while me.item is not None:
            item, me.item = me.item, None
            alive = self._run(item)
            del item                                        # a thread that rests holds nothing
            if self._next(me, alive is not False):
                self._await(me)

    def _next(self, me, alive):
        """Give the thread the item that waits longest; True if there is none and it is to rest for one."""
        with self._lock:
            if self._waiting:
                item = self._waiting.popleft()
                if not alive:                               # a fresh thread goes on in the place of this one
                    self._threads.discard(me)
                    if self._start(item):
                        return False
                    self._threads.add(me)
                me.item = item
            elif alive and self._rest and not self._closed:
                self._resting.append(me)
                return True
            else:
                self._threads.discard(me)
        return False

    def _await(self, me):
        """Wait until somebody gives the thread an item; without one it ends."""
        if not me.given.acquire(True, self._rest):
            with self._lock:
                if me in self._resting:
                    self._resting.remove(me)
                    self._threads.discard(me)
                    return
            me.given.acquire()                              # given just now

    def busy(self):
        """True when a new item would have to wait."""
        return not self._resting and len(self._threads) >= self._limit

    def counts(self):
        """(threads at work, waiting items)."""
        return len(self._threads) - len(self._resting), len(self._waiting)

    def close(self):
        """Take no more items; hand back those that still wait."""
        with self._lock:
            self._closed = True
            while self._resting:
                self._give(self._resting.pop(), None)
            waiting = list(self._waiting)
            self._waiting.clear()
        return waiting

    def join(self, deadline, monotonic):
        """Wait until all threads ended or monotonic() passes `deadline`; the names of those that live on."""
        with self._lock:
            threads = list(self._threads)
        for thread in threads:
            thread.join(max(0.0, deadline - monotonic()))
        return [thread.name for thread in threads if thread.is_alive()]
