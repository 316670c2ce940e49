"""Memory, start and idleness of this minion and of salt-minion, by turns on the same real master.

Needs the environment of a real master, as bin/check makes it: MINION_REAL_MASTERS='3008.3=FOLDER'. Each minion starts with
its key accepted; a first start of each, not counted, fills the caches. Times are wall time on this host, so that only the
ratios of one run mean anything.
"""
from __future__ import absolute_import, division, print_function

import argparse
import json
import os
import platform
import select
import shutil
import statistics
import sys
import tempfile

from minion import compat
from tests.bench import measure
from tests.support import realmaster
from tests.support.minionprocess import ROOT, MinionProcess
from tests.support.waiting import wait_until

FIELDS = (('listening_ms', 'exec to listening, ms'), ('pss_kib', 'PSS of the whole tree, KiB'),
          ('anonymous_kib', 'of it without a file behind, KiB'), ('rss_kib', 'RSS of the whole tree, KiB'),
          ('processes', 'processes'), ('threads', 'threads'), ('descriptors', 'descriptors'),
          ('switches', 'context switches while idle'), ('cpu_ms', 'CPU while idle, ms'), ('ping_ms', 'test.ping, ms'))


def tree(pid):
    """The pid of a process and those of all its descendants."""
    found = [pid]
    for child in measure.children(pid):
        found += tree(child)
    return found


class Turn(object):
    """One start of one minion, measured.  :param dict options: idle and settle, seconds."""

    def __init__(self, master, minion, settle, idle):
        self.master, self.minion, self.settle, self.idle = master, minion, settle, idle

    def run(self):
        """{field: number}"""
        begun = compat.monotonic()
        self.minion.start()
        try:
            wait_until(lambda: self.master.subscribers() >= 1, 60, self.minion.tail, pause=0.005)
            found = {'listening_ms': (compat.monotonic() - begun) * 1000}
            wait_until(self._answers, 60, self.minion.tail)
            _rest(self.settle)
            found.update(self._sizes())
            before = self._activity()
            _rest(self.idle)
            after = self._activity()
            found.update(switches=after[0] - before[0], cpu_ms=(after[1] - before[1]) * 1000.0)
            found['ping_ms'] = self._ping()
        finally:
            self.minion.stop(seconds=60)
            wait_until(lambda: self.master.subscribers() == 0, 60, 'end of the connection')
        return found

    def _answers(self):
        return self.master.salt(self.minion.minion_id, 'test.ping', timeout=5) == {self.minion.minion_id: True}

    def _sizes(self):
        pids = tree(self.minion.pid)
        held = [measure.take(pid) for pid in pids]
        return {'pss_kib': sum(each.pss for each in held), 'anonymous_kib': sum(each.anonymous for each in held),
                'rss_kib': sum(measure.rss(pid) for pid in pids), 'processes': len(pids),
                'threads': sum(each.threads for each in held), 'descriptors': sum(each.descriptors for each in held)}

    def _activity(self):
        """(context switches, CPU seconds) of the tree so far."""
        pids = tree(self.minion.pid)
        return sum(measure.switches(pid) for pid in pids), sum(measure.cpu(pid) for pid in pids)

    def _ping(self):
        times = []
        for _ in range(15):
            begun = compat.monotonic()
            assert self._answers()
            times.append((compat.monotonic() - begun) * 1000)
        return statistics.median(times)


def _rest(seconds):
    select.select([], [], [], seconds)


def compare(version, home, python, rounds, settle, idle):
    """{'ours': [{field: number}], 'reference': [...]} of so many turns each."""
    folder = tempfile.mkdtemp(prefix='footprint-')
    master = realmaster.RealMaster(version, {'auto_accept': True}, home)
    try:
        master.start()
        programs = {'ours': (python, os.path.join(ROOT, 'bin', 'minion')),
                    'reference': (os.path.join(home, 'bin', 'python'), os.path.join(home, 'bin', 'salt-minion'))}
        quiet = {'log_level': 'warning', 'log_level_logfile': 'warning'}
        minions = dict((name, MinionProcess(os.path.join(folder, name), master, name, program, **quiet))
                       for name, program in programs.items())
        found = dict((name, []) for name in programs)
        for number in range(rounds + 1):
            for name in ('reference', 'ours'):
                row = Turn(master, minions[name], settle if number else 1, idle if number else 1).run()
                if number:
                    found[name].append(row)
        return found
    finally:
        master.stop()
        shutil.rmtree(folder, ignore_errors=True)


def show(found, version, python):
    """Print medians, spread and ratios."""
    print('salt-minion %s and minion with %s, %s, %d turns each; medians (least to most)\n' % (
        version, python, platform.platform(), len(found['ours'])))
    print('%-34s %28s %28s %8s' % ('', 'salt-minion', 'minion', 'ratio'))
    for field, title in FIELDS:
        sides = [[row[field] for row in found[name]] for name in ('reference', 'ours')]
        middles = [statistics.median(values) for values in sides]
        cells = ['%.1f (%.1f to %.1f)' % (middle, min(values), max(values)) for middle, values in zip(middles, sides)]
        print('%-34s %28s %28s %8s' % (title, cells[0], cells[1],
                                       '1/%.1f' % (middles[0] / middles[1]) if middles[1] else '-'))


def main(arguments):
    """Run it; the exit code."""
    parser = argparse.ArgumentParser(prog='python -m tests.bench footprint', description=__doc__.splitlines()[0])
    parser.add_argument('--rounds', type=int, default=3)
    parser.add_argument('--settle', type=float, default=10, help='seconds between the first answer and the look at memory')
    parser.add_argument('--idle', type=float, default=30, help='seconds of idleness that are looked at')
    parser.add_argument('--python', default=sys.executable, help='the Python that our minion runs on')
    parser.add_argument('--json', metavar='FILE', help='keep all numbers there')
    chosen = parser.parse_args(arguments)
    masters = realmaster.installed()
    if not masters:
        sys.stderr.write('MINION_REAL_MASTERS names no master; bin/check makes their environments\n')
        return 64
    version, home = masters[0]
    found = compare(version, home, chosen.python, chosen.rounds, chosen.settle, chosen.idle)
    show(found, version, chosen.python)
    if chosen.json:
        with open(chosen.json, 'w') as stream:
            json.dump({'version': version, 'python': chosen.python, 'found': found}, stream, indent=1, sort_keys=True)
    return 0
