"""A burst of jobs of a real master, and its restart: nothing may be lost, memory must not pile up."""
from __future__ import absolute_import, division, print_function

import shutil
import threading

from minion import compat
from tests.bench import measure, sides
from tests.bench.figures import OURS, REFERENCE
from tests.support import realmaster
from tests.support.waiting import wait_until

JOBS = {OURS: 1000, REFERENCE: 100}              # the reference forks a process a job
TURNS = {OURS: 3, REFERENCE: 1}


class Peak(object):
    """Looks at the memory of a tree until stop(), ten times a second."""

    def __init__(self, pid):
        self.most, self._pid, self._end = 0, pid, threading.Event()
        self._thread = threading.Thread(target=self._run)
        self._thread.daemon = True
        self._thread.start()

    def _run(self):
        while not self._end.wait(0.1):
            try:
                self.most = max(self.most, sum(measure.take(pid).pss for pid in sides.tree(self._pid)))
            except (IOError, OSError, KeyError):     # a process of the tree ended meanwhile
                continue

    def stop(self):
        """Most KiB of PSS that were seen."""
        self._end.set()
        self._thread.join()
        return self.most


def turn(master, minion, count):
    """{what: number} of one minion."""
    name = minion.minion_id
    with minion:
        wait_until(lambda: sides.answers(master, name), 60, minion.tail)
        peak, begun = Peak(minion.pid), compat.monotonic()
        jids = [master.publish(name, 'test.ping') for _ in range(count)]
        published = compat.monotonic()
        missing = _missing(master, jids, 30)
        found = {'rate': count / (published - begun), 'lag': compat.monotonic() - published, 'lost': missing,
                 'peak': peak.stop() / 1024}
        master.kill()
        master.start()
        begun = compat.monotonic()
        wait_until(lambda: sides.answers(master, name, 1), 120, minion.tail, pause=0.01)
        found['recovery'] = compat.monotonic() - begun
        minion.stop(seconds=60)
    wait_until(lambda: master.subscribers() == 0, 60, 'end of the connection')
    return found


def _missing(master, jids, seconds):
    """How many of these jobs the master's cache holds no return for, after it has waited for them."""
    left = list(jids)

    def gone():
        left[:] = [jid for jid in left if not master.cached(jid)]
        return not left
    try:
        wait_until(gone, seconds, 'returns')
    except AssertionError:                           # the number tells
        return len(left)
    return 0


def run(figures, options):
    """All rows."""
    if sides.reference() is None:
        print('not without a real master')
        return
    version, home = sides.reference()
    folder, found = sides.new_folder('burst'), {}
    master = realmaster.RealMaster(version, {'auto_accept': True}, home)
    try:
        master.start()
        for name in sides.names():
            turns = TURNS[name] * (1 if options.quick else 2)
            found[name] = [turn(master, sides.minion(name, folder, master, options.python), JOBS[name])
                           for _ in range(turns)]
    finally:
        master.stop()
        shutil.rmtree(folder, ignore_errors=True)
    note = 'the reference: %d jobs' % JOBS[REFERENCE]
    for key, title, unit, goal in (
            ('lost', 'burst of 1 000 test.ping of a real master: lost', '', '0'),
            ('rate', 'as fast as that master publishes', 'jobs a second', ''),
            ('lag', 'from the last publication to the last return seen in its cache', 's', ''),
            ('peak', 'peak PSS of the whole tree meanwhile', 'MB', 'under 25'),
            ('recovery', 'from the killed master\'s return to an answer', 's', '')):
        ours, reference = [[each[key] for each in found[name]] for name in (OURS, REFERENCE)]
        figures.add('burst', title, unit, ours, reference, goal, note if key in ('lost', 'peak') else '')
