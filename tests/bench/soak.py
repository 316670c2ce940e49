"""What thousands of failed sign-ins, pending answers, jobs and lookups leave behind in the minion's process.

Each phase begins with some of its own work (5 in 100), so that caches are full and modules loaded; then the process is
looked at, works, and is looked at again. The exit code is 1 if memory grew by more than LIMIT in a phase, or
descriptors, threads or children by any number.
"""
from __future__ import absolute_import, division, print_function

import argparse
import json
import platform
import shutil
import sys
import tempfile
import time

from minion import compat
from tests.bench import measure
from tests.support import faults, testkeys
from tests.support.minionprocess import MinionProcess
from tests.support.waiting import wait_until

LIMIT = 2048                                     # KiB
WARM_UP = 0.05
WINDOW = 50                                      # jobs under way at a time
STALL = 120                                      # seconds without progress that end the bench
LOOKS = 30
NO_SUCH_HOST = '.'.join(['x' * 63] * 4)          # one byte too long for any name: the resolver itself says no, at once

JOBS = [('test.ping', []), ('test.echo', ['x' * 1000]), ('no.such_function', []), ('test.echo', [{'a': [1, 2.5, None]}]),
        ('test.fib', [5]), ('grains.get', ['id']), ('test.arg', [1, {'__kwarg__': True, 'b': 2}]), ('test.ping', [1, 2, 3])]


class Soak(object):
    """Runs phases against one minion process.

    :param Master master:  :param MinionProcess minion:
    """

    def __init__(self, master, minion):
        self.master, self.minion = master, minion
        self.rows = []

    def phase(self, name, count, work):
        """Measure `work(count)`, a function that returns when so much was done; after work(a part of it)."""
        work(max(1, int(count * WARM_UP)))
        before, begun = self._looked_at(), compat.monotonic()
        work(count)
        took = compat.monotonic() - begun
        self._row(name, count, took, before, self._looked_at())

    def _row(self, name, count, took, before, after):
        growth = dict((field, getattr(after, field) - getattr(before, field)) for field in before._fields)
        bad = [field for field in ('descriptors', 'threads', 'children') if growth[field] > 0]
        bad += [field for field in ('pss', 'anonymous') if growth[field] > LIMIT]
        self.rows.append({'phase': name, 'count': count, 'seconds': round(took, 1), 'before': dict(before._asdict()),
                          'after': dict(after._asdict()), 'growth': growth, 'grew_too_much': bad})
        show(self.rows[-1])

    def _looked_at(self):
        """Holding, the least of each in LOOKS looks: between two tries it has fewer sockets than within one."""
        seen = []
        for _ in range(LOOKS):
            seen.append(measure.take(self.minion.pid))
            time.sleep(0.1)
        return measure.Holding(*[min(column) for column in zip(*seen)])

    # ---- kinds of work

    def sign_ins(self, count):
        """Wait until the minion has asked `count` times more."""
        self._until(lambda: self.master.requests['_auth'], count, 'sign-ins')

    def jobs(self, count):
        """Publish `count` jobs of all kinds and wait for their returns."""
        done = len(self.master.returns)
        for number in range(count):
            fun, arg = ('cmd.run', ['true']) if number % 100 == 0 else JOBS[number % len(JOBS)]
            self.master.publish(fun, arg)
            if number >= WINDOW:
                self._at_least(lambda: len(self.master.returns), done + number - WINDOW, 'returns')
        self._at_least(lambda: len(self.master.returns), done + count, 'returns')

    def _until(self, number, more, what):
        self._at_least(number, number() + more, what)

    def _at_least(self, number, wanted, what):
        """Wait until number() reaches `wanted`; a stall ends the bench."""
        while number() < wanted:
            now = number()
            self.master.wait(lambda: number() > now, STALL, '%s; %s' % (what, self.minion.tail()))


def show(row):
    """Print one row as soon as it is known."""
    words = ['%s %d -> %d (%+d)' % (field, row['before'][field], row['after'][field], row['growth'][field])
             for field in measure.Holding._fields]
    print('%-28s %6d in %6.1f s: %s%s' % (row['phase'], row['count'], row['seconds'], ', '.join(words),
                                          '  TOO MUCH: ' + ', '.join(row['grew_too_much']) if row['grew_too_much'] else ''))
    sys.stdout.flush()


def minion_at(folder, embedded, masters='127.0.0.1', kind='str'):
    """A minion that asks again without a pause worth mentioning."""
    made = MinionProcess(folder, embedded, key=testkeys.path('minion'), log_level='error', log_level_logfile='info',
                         acceptance_wait_time=0.001, auth_tries=1, auth_timeout=1, retry_dns=0.001, job_queue_size=1000)
    made.settings.update(master=masters, master_type=kind)
    return made


# failures of a sign-in, each as function() -> Fault
FAILURES = (
    lambda: faults.refusal(command='_auth', times=None),
    lambda: faults.garbage(command='_auth', times=None),
    lambda: faults.wrong_nonce(times=None),
    lambda: faults.signed_by(testkeys.private('other'), times=None),
    lambda: faults.Truncate(keep=100, command='_auth', times=None),
)


def one_master(folder, scale):
    """Rows of a minion that is refused, left waiting, accepted and then given work."""
    with faults.FaultyMaster(folder + '/master', 3, testkeys.private('master')) as master:
        with minion_at(folder + '/minion', master) as minion:
            soak = Soak(master, minion)
            wait_until(lambda: master.requests['_auth'], 60, lambda: 'the first sign-in; ' + minion.tail())

            def failing(count):
                for failure in FAILURES:
                    master.add(failure())
                    soak.sign_ins(max(1, count // len(FAILURES)))
                    master.clear()
            soak.phase('failed sign-ins', 5000 // scale, failing)
            master.add(faults.Drop(command='_auth', times=None))
            soak.phase('sign-ins without answer', 60 // scale, soak.sign_ins)
            master.clear()
            soak.phase('pending answers', 5000 // scale, soak.sign_ins)
            master.accept('m1')
            master.wait_event('salt/minion/m1/start', 60)
            soak.phase('jobs', 20000 // scale, soak.jobs)
            soak.phase('jobs, after those', 20000 // scale, soak.jobs)
            return soak.rows


def no_name(folder, scale):
    """Row of a minion whose first master has no address; the second refuses it, and so counts the tries."""
    with faults.FaultyMaster(folder + '/master', 3, testkeys.private('master')) as master:
        master.add(faults.refusal(command='_auth', times=None))
        with minion_at(folder + '/minion', master, [NO_SUCH_HOST, '127.0.0.1'], 'failover') as minion:
            soak = Soak(master, minion)
            wait_until(lambda: master.requests['_auth'], 60, lambda: 'the first sign-in; ' + minion.tail())
            soak.phase('names without address', 5000 // scale, soak.sign_ins)
            if 'cannot be resolved' not in minion.text():
                raise AssertionError('no name was looked up; ' + minion.tail())
            return soak.rows


def main(arguments):
    """0: nothing grew; 1: something did."""
    parser = argparse.ArgumentParser(prog='python -m tests.bench soak', description=__doc__.splitlines()[0])
    parser.add_argument('--quick', action='store_true', help='a tenth of the work')
    parser.add_argument('--json', metavar='FILE', help='write all figures to this file, too')
    options = parser.parse_args(arguments)
    scale = 10 if options.quick else 1
    print('Python %s, memory in KiB, at most %d more in a phase' % (platform.python_version(), LIMIT))
    rows = []
    for part in (one_master, no_name):
        folder = tempfile.mkdtemp(prefix='soak-')
        try:
            rows += part(folder, scale)
        finally:
            shutil.rmtree(folder)
    if options.json:
        with open(options.json, 'w') as stream:
            json.dump({'python': platform.python_version(), 'limit_kb': LIMIT, 'phases': rows}, stream, indent=1,
                      sort_keys=True)
    return 1 if any(row['grew_too_much'] for row in rows) else 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
