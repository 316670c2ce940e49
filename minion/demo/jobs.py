"""Jobs of the embedded master: their ids, what came back, and waiting for it."""
from __future__ import absolute_import, division, print_function

import collections
import datetime
import fnmatch
import threading

from minion import compat, errors


def new_jid(last='', now=datetime.datetime.now):
    """20 digits made of the local time, greater than `last`."""
    jid = now().strftime('%Y%m%d%H%M%S%f')
    return jid if jid > last else '%020d' % (int(last) + 1)


class Journal(object):
    """What the master sent and received since it was made. Written on its thread, read and waited for on any.

    `returns`, `events` (maps with `tag`, `data`, `id`), `subscriptions` (topics) and `refusals` only grow;
    `requests` counts requests by command name, refused ones under 'refused'.
    """

    def __init__(self):
        self.returns, self.events, self.subscriptions, self.refusals = [], [], [], []
        self.requests = collections.Counter()
        self._jobs = {}
        self._changed = threading.Condition()     # guards _changes; the lists are only appended to
        self._changes = 0

    def add_return(self, load):
        """Note one `_return` load."""
        self._add(self.returns, load)

    def add_event(self, event):
        """Note one event."""
        self._add(self.events, event)

    def add_subscription(self, topic):
        """Note the topic (bytes) that a minion subscribed to."""
        self._add(self.subscriptions, topic)

    def add_refusal(self, answer):
        """Note what a refused request was answered."""
        self.requests['refused'] += 1
        self._add(self.refusals, answer)

    def count(self, command):
        """Count one request."""
        self.requests[command] += 1
        self.touch()

    def add_job(self, jid, load, minions):
        """Note a publication and the ids that it is meant for."""
        self._jobs[jid] = {'load': load, 'minions': minions}

    def job(self, jid):
        """{load, minions} of a published job, None for any other."""
        return self._jobs.get(jid)

    def _add(self, entries, entry):
        entries.append(entry)
        self.touch()

    def touch(self):
        """Let everybody who waits look again."""
        with self._changed:
            self._changes += 1
            self._changed.notify_all()

    def wait(self, find, timeout, what='something'):
        """The first true value that find() gives, asked again whenever something happened.

        :param float timeout: seconds.  :param str what: for the error.
        :raises RequestTimeout: it did not come.
        """
        deadline = compat.monotonic() + timeout
        while True:
            seen = self._changes
            found = find()                        # without the lock: it may call the master's thread, which touches us
            if found:
                return found
            with self._changed:
                while self._changes == seen:
                    left = deadline - compat.monotonic()
                    if left <= 0:
                        raise errors.RequestTimeout(
                            'the embedded master waited %.1f s in vain for %s' % (timeout, what))
                    self._changed.wait(left)

    def wait_return(self, jid, minion_id, timeout):
        """The `_return` load of one minion for one job. :raises RequestTimeout: none came in `timeout` seconds."""
        return self.wait(lambda: next((load for load in list(self.returns) if load.get('jid') == jid
                                       and load.get('id') == minion_id), None),
                         timeout, 'the return of %s for job %s' % (minion_id, jid))

    def wait_event(self, tag, timeout, after=0):
        """The first event whose tag matches the glob `tag`, the first `after` events left aside."""
        return self.wait(lambda: next((event for event in self.events[after:]
                                       if fnmatch.fnmatchcase(event.get('tag') or '', tag)), None),
                         timeout, 'an event ' + tag)

    def wait_subscriptions(self, count, timeout):
        """Wait until the publish port has seen `count` subscriptions in all."""
        return self.wait(lambda: len(self.subscriptions) >= count, timeout, '%d subscriptions' % count)

    def wait_requests(self, command, count, timeout):
        """Wait until `count` requests of one command came in all."""
        return self.wait(lambda: self.requests[command] >= count, timeout, '%d requests %s' % (count, command))
