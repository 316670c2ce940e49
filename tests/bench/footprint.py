"""Memory and idleness of this minion and of salt-minion, by turns on the same real master.

Needs the environment of a real master, as bin/check makes it: MINION_REAL_MASTERS='3008.3=FOLDER'. Each minion starts with
its key accepted; a first start of each, not counted, fills the caches.
"""
from __future__ import absolute_import, division, print_function

import select
import shutil

from minion import compat
from tests.bench import measure, sides
from tests.bench.figures import OURS, REFERENCE, median
from tests.support import realmaster
from tests.support.waiting import wait_until

# key, title, unit, factor, goal
FIELDS = (('pss_kib', 'idle: PSS of the whole tree', 'MB', 1 / 1024, 'under 13 (11 on Python 2.7), 1/6'),
          ('anonymous_kib', 'idle: of it without a file behind', 'MB', 1 / 1024, ''),
          ('rss_kib', 'idle: RSS of the whole tree', 'MB', 1 / 1024, ''),
          ('processes', 'idle: processes', '', 1, ''), ('threads', 'idle: threads', '', 1, ''),
          ('descriptors', 'idle: descriptors', '', 1, ''),
          ('switches', 'context switches in 60 idle seconds', '', 1, 'liveness only'),
          ('cpu_ms', 'CPU in 60 idle seconds', 'ms', 1, 'under 6 (0.01 %)'),
          ('ping_ms', 'test.ping as a client sees it', 'ms', 1, ''))


class Turn(object):
    """One start of one minion, measured.

    :param float settle, idle: seconds between the first answer and the look at memory; of idleness that are looked at.
    """

    def __init__(self, master, minion, settle, idle):
        self.master, self.minion, self.settle, self.idle = master, minion, settle, idle

    def run(self):
        """{field: number}"""
        self.minion.start()
        try:
            wait_until(self._answers, 60, self.minion.tail)
            _rest(self.settle)
            found = self._sizes()
            before = self._activity()
            _rest(self.idle)
            after = self._activity()
            share = 60 / self.idle
            found.update(switches=(after[0] - before[0]) * share, cpu_ms=(after[1] - before[1]) * 1000 * share)
            found['ping_ms'] = self._ping()
        finally:
            self.minion.stop(seconds=60)
            wait_until(lambda: self.master.subscribers() == 0, 60, 'end of the connection')
        return found

    def _answers(self):
        return sides.answers(self.master, self.minion.minion_id)

    def _sizes(self):
        return wait_until(self._sizes_now, 10, 'processes that stay while they are looked at')

    def _sizes_now(self):
        pids = sides.tree(self.minion.pid)
        try:
            held = [measure.take(pid) for pid in pids]
        except (IOError, OSError):                   # a child has ended meanwhile
            return None
        return {'pss_kib': sum(each.pss for each in held), 'anonymous_kib': sum(each.anonymous for each in held),
                'rss_kib': sum(measure.rss(pid) for pid in pids), 'processes': len(pids),
                'threads': sum(each.threads for each in held), 'descriptors': sum(each.descriptors for each in held)}

    def _activity(self):
        """(context switches, CPU seconds) of the tree so far."""
        pids = sides.tree(self.minion.pid)
        return sum(measure.switches(pid) for pid in pids), sum(measure.cpu(pid) for pid in pids)

    def _ping(self):
        times = []
        for _ in range(15):
            begun = compat.monotonic()
            assert self._answers()
            times.append((compat.monotonic() - begun) * 1000)
        return median(times)


def _rest(seconds):
    select.select([], [], [], seconds)


def compare(version, home, python, rounds, settle, idle):
    """{'ours': [{field: number}], 'reference': [...]} of so many turns each, after one that is not counted."""
    folder = sides.new_folder('footprint')
    master = realmaster.RealMaster(version, {'auto_accept': True}, home)
    try:
        master.start()
        minions = dict((name, sides.minion(name, folder, master, python)) for name in (REFERENCE, OURS))
        found = dict((name, []) for name in minions)
        for number in range(rounds + 1):
            for name in (REFERENCE, OURS):
                row = Turn(master, minions[name], settle if number else 1, idle if number else 1).run()
                if number:
                    found[name].append(row)
        return found
    finally:
        master.stop()
        shutil.rmtree(folder, ignore_errors=True)


def run(figures, options):
    """All rows."""
    if sides.reference() is None:
        print('not without a real master')
        return
    rounds, settle, idle = (2, 8, 20) if options.quick else (3, 10, 60)
    found = compare(*(sides.reference() + (options.python, rounds, settle, idle)))
    for key, title, unit, factor, goal in FIELDS:
        ours, reference = [[row[key] * factor for row in found[name]] for name in (OURS, REFERENCE)]
        figures.add('footprint', title, unit, ours, reference, goal)
