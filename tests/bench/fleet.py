"""Many of our minions on this host at one real master: from the first start to all answers, memory of each."""
from __future__ import absolute_import, division, print_function

import shutil

from minion import compat
from tests.bench import measure, sides
from tests.bench.figures import OURS
from tests.support import realmaster
from tests.support.waiting import wait_until

TURNS = 3
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
        found = []
        for _ in range(TURNS):
            folder = sides.new_folder('fleet')
            master = realmaster.RealMaster(version, SETTINGS, home)
            try:
                master.start()
                found.append(turn(master, count, options.python, folder))
            finally:
                master.stop()
                shutil.rmtree(folder, ignore_errors=True)
        many = '%d minions on this host: ' % count
        for key, words in (('connected', 'start of the first to all connected'),
                           ('answered', 'start of the first to all answered'), ('ping', 'test.ping of all')):
            figures.add('fleet', many + words, 's', [each[key] for each in found])
        figures.add('fleet', many + 'PSS of each', 'MB', [pss for each in found for pss in each['pss']])
        figures.add('fleet', many + 'PSS of all', 'MB', [sum(each['pss']) for each in found])
