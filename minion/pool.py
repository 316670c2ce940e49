"""Threads made when there is work and ended when there is none: an idle minion has no executor."""
from __future__ import absolute_import, division, print_function

import collections
import threading


class Pool(object):
    """Runs items on up to `limit` threads; further ones wait in a queue of at most `bound`.

    :param callable run: called as run(item) on a pool thread; must not raise.  It returns False to end its thread.
    """

    def __init__(self, name, limit, bound, run):
        self._name, self._limit, self._bound, self._run = name, limit, bound, run
        self._lock = threading.Lock()                # guards all below
        self._waiting = collections.deque()
        self._threads, self._number, self._closed = set(), 0, False

    def submit(self, item):
        """Take an item; False when all threads are busy and the queue is full, or the pool is closed."""
        with self._lock:
            if self._closed:
                return False
            if len(self._threads) >= self._limit:
                if len(self._waiting) >= self._bound:
                    return False
                self._waiting.append(item)
                return True
            return self._start(item)

    def _start(self, item):
        self._number += 1
        thread = threading.Thread(target=self._work, args=(item,), name='%s-%d' % (self._name, self._number))
        thread.daemon = True
        self._threads.add(thread)
        try:
            thread.start()
        except (RuntimeError, threading.ThreadError):       # the host has no thread left for us
            self._threads.discard(thread)
            if not self._threads or len(self._waiting) >= self._bound:
                return False
            self._waiting.append(item)                      # a running thread takes it when it is done
        return True

    def _work(self, item):
        me = threading.current_thread()
        while item is not None:
            alive = self._run(item)
            with self._lock:
                item = self._waiting.popleft() if self._waiting else None
                if item is None:
                    self._threads.discard(me)
                elif alive is False:                        # a fresh thread goes on in the place of this one
                    self._threads.discard(me)
                    if self._start(item):
                        return
                    self._threads.add(me)

    def busy(self):
        """True when a new item would have to wait."""
        return len(self._threads) >= self._limit

    def counts(self):
        """(threads, waiting items)."""
        return len(self._threads), len(self._waiting)

    def close(self):
        """Take no more items; hand back those that still wait."""
        with self._lock:
            self._closed = True
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
