"""Nothing is lost with real masters: one return for each job, over dead masters and dead minions, and each ran once."""
from __future__ import absolute_import, division, print_function

import os
import shutil
import tempfile
import threading

import pytest

from tests.real.conftest import PYTHONS, ROOT
from tests.support import realmaster
from tests.support.minionprocess import MinionProcess
from tests.support.waiting import wait_until

OUTAGE = float(os.environ.get('MINION_REAL_OUTAGE', 3))            # seconds that a killed master stays away
NAME = 'durable'


@pytest.fixture(scope='module')
def worker(master):
    """A minion of its own, on the first Python of the run: these tests kill it."""
    folder = tempfile.mkdtemp(prefix='durable-')
    settings = {'minimum_auth_version': 0} if realmaster.generation(master.version) == 0 else {}
    made = MinionProcess(folder, master, NAME, (PYTHONS[0][1], os.path.join(ROOT, 'bin', 'minion')), **settings)
    try:
        with made:
            master.wait_for_key(NAME, seconds=90)
            master.salt_key('-a', NAME)
            answering(master, made)
            yield made
    finally:
        shutil.rmtree(folder)


def answering(master, worker):
    """Wait until the minion answers."""
    wait_until(lambda: master.salt(NAME, 'test.ping', timeout=5) == {NAME: True}, 90, worker.tail)


def note(worker, name, seconds):
    """The command of a job that adds a line to a file and then takes its time."""
    return 'echo %s >> %s; sleep %s' % (name, os.path.join(worker.folder, 'ran'), seconds)


def runs(worker):
    """What the jobs wrote; reading it empties the file's memory for the next test."""
    path = os.path.join(worker.folder, 'ran')
    if not os.path.exists(path):
        return []
    with open(path) as stream:
        return sorted(stream.read().split())


@pytest.fixture(autouse=True)
def fresh_file(worker):
    path = os.path.join(worker.folder, 'ran')
    if os.path.exists(path):
        os.remove(path)


def outage(master):
    """The length of the outage is what is tested."""
    threading.Event().wait(OUTAGE)
    master.start()


def returned(master, worker, jid, seconds=90):
    """What jobs.lookup_jid shows for the minion, once it is there."""
    return wait_until(lambda: master.jobs_lookup(jid), seconds, lambda: 'job %s\n%s' % (jid, worker.tail()),
                      pause=1.0)[NAME]


def test_five_jobs_that_run_while_the_master_is_dead(master, worker):
    jids = [master.publish(NAME, 'cmd.run', note(worker, number, 4) + '; echo done') for number in range(5)]
    wait_until(lambda: len(runs(worker)) == 5, 30, 'five jobs to begin\n' + worker.tail())
    master.kill()
    outage(master)
    for jid in jids:
        assert 'done' in str(returned(master, worker, jid))
    assert runs(worker) == ['0', '1', '2', '3', '4']
    answering(master, worker)


def test_a_return_outlives_both(master, worker):
    jid = master.publish(NAME, 'cmd.run', note(worker, 'once', 2) + '; echo done')
    wait_until(lambda: runs(worker), 30, 'the job to begin\n' + worker.tail())
    master.kill()
    spool = os.path.join(worker.folder, 'cache', 'spool')
    wait_until(lambda: os.listdir(spool), 30, 'the return in the spool\n' + worker.tail())
    worker.kill()
    outage(master)
    worker.start()
    assert 'done' in str(returned(master, worker, jid))
    assert runs(worker) == ['once']
    answering(master, worker)


def test_a_job_that_minus_nine_ended_is_returned_as_interrupted(master, worker):
    # What -9 leaves of the job goes on until the file is removed, by the next test or at the end.
    endless = '%s; while test -e %s; do sleep 0.2; done' % (note(worker, 'once', 0), os.path.join(worker.folder, 'ran'))
    jid = master.publish(NAME, 'cmd.run', endless)
    wait_until(lambda: runs(worker), 30, 'the job to begin\n' + worker.tail())
    worker.kill()
    worker.start()
    assert 'interrupted' in str(returned(master, worker, jid))
    assert runs(worker) == ['once']
    answering(master, worker)


def test_a_stream_of_jobs_over_three_rotations_and_two_restarts(master, worker):
    jids = []

    def some(number, seconds=0):
        for _ in range(number):
            jids.append(master.publish(NAME, 'cmd.run', note(worker, len(jids), seconds)))

    def kept(wanted):
        for jid in wanted:
            wait_until(lambda: NAME in master.cached(jid), 60, lambda: 'job %s\n%s' % (jid, worker.tail()))

    def restart():
        """What is published to nobody is not ours to lose: the next jobs wait until the minion is connected again."""
        master.kill()
        wait_until(lambda: not worker.hears, 60, worker.tail)
        outage(master)
        wait_until(lambda: worker.hears and master.subscribers() >= 1, 60, worker.tail)

    for disturb in (master.rotate_aes, restart, master.rotate_aes, restart, master.rotate_aes):
        some(4, 5 if disturb == restart else 0)
        if disturb == restart:
            # A master that dies takes along what it has not sent yet; and one that dies while it writes a return leaves an
            # empty folder for it, and calls the return a duplicate whenever it comes again. So these end while it is dead.
            wait_until(lambda: len(runs(worker)) == len(jids), 60, worker.tail)
            kept(jids[:-4])
        disturb()
        some(4)
        kept(jids[-1:])
    kept(jids)
    assert runs(worker) == sorted(str(number) for number in range(len(jids)))
