"""Many of our minions on this host at one real master: from the first start to all answers, memory of each."""
from __future__ import absolute_import, division, print_function

import shutil

from minion import compat
from tests.bench import measure, sides
from tests.bench.figures import OURS, median
from tests.support import realmaster
from tests.support.waiting import wait_until

SETTINGS = {'auto_accept': True, 'worker_threads': 5, 'max_open_files': 4096, 'sock_pool_size': 5}


def turn(master, count, python, folder):
    """{what: number} of so many minions."""
    minions = [sides.minion(OURS, folder, master, python, 'm%d' % number) for number in range(count)]
    begun = compat.monotonic()
    try:
        for each in minions:
            each.start()
        wait_until(lambda: master.subscribers() >= count, 300, lambda: '%d minions at the master' % master.subscribers())
        connected = compat.monotonic() - begun
        wait_until(lambda: _answers(master) == count, 300, 'answers of all')
        answered = compat.monotonic() - begun
        asked = compat.monotonic()
        if _answers(master) != count:
            raise AssertionError('some minions did not answer the second time')
        return {'connected': connected, 'answered': answered, 'ping': compat.monotonic() - asked,
                'pss': [measure.take(each.pid).pss / 1024 for each in minions]}
    finally:
        for each in minions:
            each.kill()


def _answers(master):
    """How many minions answer; 0 while the master is too busy to take the job."""
    try:
        return len(master.salt('*', 'test.ping', timeout=30))
    except AssertionError:
        return 0


def run(figures, options):
    """All rows."""
    if sides.reference() is None:
        print('not without a real master')
        return
    version, home = sides.reference()
    for count in (50, 200):
        folder = sides.new_folder('fleet')
        master = realmaster.RealMaster(version, SETTINGS, home)
        try:
            master.start()
            found = turn(master, count, options.python, folder)
        finally:
            master.stop()
            shutil.rmtree(folder, ignore_errors=True)
        many = '%d minions on this host: ' % count
        figures.add('fleet', many + 'start of the first to all connected', 's', [found['connected']])
        figures.add('fleet', many + 'start of the first to all answered', 's', [found['answered']])
        figures.add('fleet', many + 'test.ping of all', 's', [found['ping']])
        figures.add('fleet', many + 'PSS of each', 'MB', found['pss'])
        figures.add('fleet', many + 'PSS of all', 'MB', [sum(found['pss'])], note='middle %.1f' % median(found['pss']))
