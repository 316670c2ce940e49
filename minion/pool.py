"""Threads made when there is work and ended when there is none: an idle minion has no executor.

Many short items at once are done one after the other: the interpreter lets one thread run, and twenty that all want to do so
take a quarter more of the time, most of it to wake each other. So an item waits while another has just begun, which will
soon be over; when it is not, what waits gets threads of its own.
"""
from __future__ import absolute_import, division, print_function

import collections
import threading
import time

from minion import compat

# Seconds that a thread waits for another item before it ends: to wake one takes a third of what it takes to make one. On
# Python 2 a wait that ends by itself polls, and notices late: there a thread ends at once.
REST = 0.0 if compat.PY2 else 1.0
BRIEF = 0.003                    # seconds: an item that began later than so long ago may soon be over


class _Thread(threading.Thread):
    """A thread of the pool; while it rests it waits for its lock, which whoever gives it an item releases."""

    def __init__(self, work, item, name):
        threading.Thread.__init__(self, target=work, args=(self,), name=name)
        self.daemon, self.item, self.given = True, item, threading.Lock()
        self.given.acquire()
        self.begun = None                            # when it got its item (monotonic), None while it has none


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
        self._last = None                            # the thread that got an item last
        self._taken = 0                              # items that a thread took when it was done with another
        self._watcher = None                         # the thread that is there while items wait and threads are free

    def submit(self, item):
        """Take an item; False when all threads are busy and the queue is full, or the pool is closed."""
        with self._lock:
            if self._closed or len(self._waiting) >= self._bound + self._free():
                return False
            self._waiting.append(item)                      # a running thread takes it when it is done
            if self._free() and not self._soon_over():
                self._begin_first()
            if not self._threads:                           # the host has none for us
                self._waiting.pop()
                return False
            if self._waiting and self._free():
                self._watched()
            return True

    def _free(self):
        """How many threads could begin an item now, those counted that are not made yet."""
        return self._limit - len(self._threads) + len(self._resting)

    def _soon_over(self):
        """True when the item that began last may soon be over, and its thread take another."""
        last = self._last
        return last is not None and last.begun is not None and compat.monotonic() - last.begun < BRIEF

    def _begin_first(self):
        """Have a resting thread, or a new one, run what waits longest; it waits on when the host has no thread for us."""
        if self._resting:
            self._give(self._resting.pop(), self._waiting.popleft())
        elif self._start(self._waiting[0]):
            self._waiting.popleft()

    def _give(self, thread, item):
        """Wake a thread that has left _resting: with an item, or None for its end."""
        self._mark(thread, item)
        thread.given.release()

    def _mark(self, thread, item):
        thread.item, thread.begun, self._last = item, compat.monotonic(), thread

    def _start(self, item):
        """Have a new thread run the item; False when that cannot be made."""
        self._number += 1
        thread = _Thread(self._work, item, '%s-%d' % (self._name, self._number))
        self._threads.add(thread)
        self._mark(thread, item)
        try:
            thread.start()
        except (RuntimeError, threading.ThreadError):
            thread.begun = None
            self._threads.discard(thread)
            return False
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
            me.begun = None
            if self._waiting and not (self._soon_over() and self._watched()):
                item = self._waiting.popleft()
                self._taken += 1
                if not alive:                               # a fresh thread goes on in the place of this one
                    self._threads.discard(me)
                    if self._start(item):
                        return False
                    self._threads.add(me)
                self._mark(me, item)
                return False
            if alive and self._rest and not self._closed:
                self._resting.append(me)
                return True
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

    # ---- while items wait though threads are free

    def _watched(self):
        """Have somebody look whether those that run are done soon; False when the host has no thread for that."""
        if self._watcher is None:
            watcher = threading.Thread(target=self._watch, name=self._name + '-watch')
            watcher.daemon = True
            try:
                watcher.start()
            except (RuntimeError, threading.ThreadError):
                return False
            self._watcher = watcher
        return True

    def _watch(self):
        """Begin what waits when no thread has become free in the meantime: one, two, four, eight... at a time."""
        more, before = 1, self._taken
        while True:
            time.sleep(BRIEF)
            with self._lock:
                if self._taken != before:
                    more, before = 1, self._taken
                else:
                    for _ in range(min(more, len(self._waiting), self._free())):
                        self._begin_first()
                    more *= 2
                if not self._waiting or not self._free():
                    self._watcher = None
                    return

    def busy(self):
        """True when all threads are at work."""
        return not self._free()

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
            threads, watcher = list(self._threads), self._watcher
        for thread in threads:
            thread.join(max(0.0, deadline - monotonic()))
        if watcher is not None:                             # once nothing waits it is at its end
            watcher.join(1.0)
        return [thread.name for thread in threads if thread.is_alive()]
