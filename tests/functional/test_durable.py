"""Nothing is lost: one truthful return for every job that was taken, over dead masters, dead minions and repeats."""
from __future__ import absolute_import, division, print_function

import os
import signal
import threading

import pytest

from minion import compat
from tests.support import faults, testkeys
from tests.support.liveagent import LiveAgent
from tests.support.minionprocess import MinionProcess
from tests.support.waiting import wait_until

KEY = testkeys.private('master')


@pytest.fixture(params=[0, 3], ids=['generation 0', 'generation 3'])
def master(tmpdir, request):
    with faults.FaultyMaster(str(tmpdir.join('master')), request.param, KEY, auto_accept=True) as made:
        yield made


@pytest.fixture
def minion(tmpdir, master):
    """A process, since these tests kill it."""
    made = MinionProcess(str(tmpdir.join('minion')), master, key=testkeys.path('minion'),
                         minimum_auth_version=0 if master.generation == 0 else 2, auth_timeout=1, acceptance_wait_time=0.2,
                         return_retry_timer=3, return_retry_timer_max=3)
    with made:
        master.wait_event('salt/minion/m1/start', 20)
        yield made


def runs(path):
    """How often the jobs of a test ran: each adds a line to a file."""
    return sorted(path.read().split()) if path.check() else []


def held(path, word):
    """The argument list of a job that notes its run in `path` and goes on until the file `path`-held is removed."""
    path.new(basename=path.basename + '-held').write('')
    return ['echo %s >> %s; while test -e %s-held; do sleep 0.05; done' % (word, path, path)]


def let_go(path):
    """Let the job of held() end."""
    path.new(basename=path.basename + '-held').remove()


def note(path, name, seconds=0):
    """The command of a job that adds a line and then takes its time."""
    return ['echo %s >> %s; sleep %s' % (name, path, seconds)]


def one_return_each(master, jids, seconds=20):
    """The returns of jobs by jid, of which the master must have got exactly one each."""
    found = [master.wait_return(jid, 'm1', seconds) for jid in jids]
    got = [load['jid'] for load in master.returns]
    assert sorted(got) == sorted(set(got)), 'a return came twice'
    return found


def restarted(minion, master):
    """Start the minion again after kill -9 and wait until it listens."""
    mark = len(master.events)
    minion.start()
    master.wait_event('salt/minion/m1/start', 20, after=mark)


def test_jobs_that_run_while_the_master_is_dead(tmpdir, master, minion):
    path = tmpdir.join('ran')
    jids = [master.publish('cmd.run', note(path, number, 1)) for number in range(5)]
    wait_until(lambda: len(runs(path)) == 5, 10, 'five jobs to begin')
    master.stop()
    minion.wait_log('a return was not taken', 20)
    master.start()
    for load in one_return_each(master, jids):
        assert (load['retcode'], load['success']) == (0, True)
    assert runs(path) == ['0', '1', '2', '3', '4']


def test_a_return_outlives_minus_nine(tmpdir, master, minion):
    path = tmpdir.join('ran')
    jid = master.publish('cmd.run', held(path, 'once'))
    wait_until(lambda: runs(path), 10, 'the job to begin')
    master.stop()
    let_go(path)
    spool = os.path.join(minion.folder, 'cache', 'spool')
    wait_until(lambda: os.listdir(spool), 10, 'the return in the spool')
    minion.kill()
    master.start()
    restarted(minion, master)
    load, = one_return_each(master, [jid])
    assert load['success'] is True and runs(path) == ['once']
    wait_until(lambda: not os.listdir(spool), 10, 'an empty spool')


def test_a_return_that_was_written_when_minus_nine_came_is_the_only_one(tmpdir, master, minion):
    """The process dies after it wrote the return and before the job's other files say so."""
    path, cache = tmpdir.join('ran'), os.path.join(minion.folder, 'cache')
    jid = master.publish('cmd.run', held(path, 'once'))
    wait_until(lambda: runs(path), 10, 'the job to begin')
    with open(os.path.join(cache, 'proc', jid), 'rb') as stream:
        proc = stream.read()
    master.stop()
    let_go(path)
    wait_until(lambda: not os.listdir(os.path.join(cache, 'proc')), 10, 'the end of the job')
    minion.kill()
    os.remove(os.path.join(cache, 'jobs', 'returned', jid))
    with open(os.path.join(cache, 'proc', jid), 'wb') as stream:
        stream.write(proc)
    master.start()
    restarted(minion, master)
    load, = one_return_each(master, [jid])
    assert load['success'] is True and runs(path) == ['once']
    assert os.listdir(os.path.join(cache, 'proc')) == [] and os.listdir(os.path.join(cache, 'jobs', 'returned')) == [jid]
    minion.wait_log('job %s had been returned before the minion ended' % jid)


def test_a_job_that_minus_nine_ended_is_returned_as_interrupted(tmpdir, master, minion):
    path = tmpdir.join('ran')
    jid = master.publish('cmd.run', held(path, 'once'))
    waiting = master.publish('test.ping', [])
    wait_until(lambda: runs(path), 10, 'the job to begin')
    master.wait_return(waiting, 'm1', 10)
    minion.kill()
    restarted(minion, master)
    load, = one_return_each(master, [jid])
    let_go(path)                                     # what -9 left of it
    assert (load['retcode'], load['success']) == (1, False) and 'interrupted' in load['return']
    assert load['fun'] == 'cmd.run' and load['fun_args'][0].startswith('echo once')
    assert runs(path) == ['once'] and os.listdir(os.path.join(minion.folder, 'cache', 'proc')) == []
    assert master.wait_return(master.publish('test.ping', []), 'm1', 10)['return'] is True


def test_sigterm_during_a_job(tmpdir, master, minion):
    path = tmpdir.join('ran')
    minion.stop()
    minion.settings['stop_timeout'] = 0.5
    restarted(minion, master)
    jids = [master.publish('cmd.run', note(path, 'once', 300)), master.publish('test.sleep', [300])]
    taken = os.path.join(minion.folder, 'cache', 'proc', jids[1])
    wait_until(lambda: runs(path) and os.path.exists(taken), 10, 'both jobs to be there')
    assert minion.stop() == 0
    assert minion.leftovers() == []
    for load in one_return_each(master, jids, 1):
        assert load['success'] is False and 'interrupted' in load['return']


def test_a_stream_of_jobs_over_rotations_and_restarts(tmpdir, master, minion):
    path, jids, disturbed = tmpdir.join('ran'), [], threading.Event()

    def disturb():
        for what in (master.rotate_aes, restart, master.rotate_aes, restart, master.rotate_aes):
            what()
            count = len(jids)
            wait_until(lambda: len(jids) > count + 1, 30, 'another job')
            master.wait_return(jids[count + 1], 'm1', 30)       # one that was published after the disturbance
        disturbed.set()

    def restart():
        known = len(master.journal.subscriptions)
        with publishing:                             # what is published to nobody is not ours to lose
            master.restart()
            master.journal.wait_subscriptions(known + 1, 20)
    publishing = threading.Lock()
    thread = threading.Thread(target=disturb)
    thread.start()
    while not disturbed.is_set() and len(jids) < 2000:
        with publishing:
            jids.append(master.publish('cmd.run', note(path, len(jids))))
        master.wait(lambda: len(master.returns) > len(jids) - 6, 60, 'returns of all but the last five jobs')
    thread.join(60)
    assert disturbed.is_set()
    for load in one_return_each(master, jids):
        assert load['success'] is True, load
    assert len(runs(path)) == len(set(runs(path))) == len(jids)


def test_a_repeated_job_is_answered_not_run(tmpdir, master, minion):
    path = tmpdir.join('ran')
    jid = master.publish('cmd.run', note(path, 'once'))
    first = master.wait_return(jid, 'm1', 10)
    for again in ('now', 'after a restart'):
        if again != 'now':
            minion.kill()
            restarted(minion, master)
        count = len(master.returns)
        master.publish('cmd.run', note(path, 'twice'), jid=jid)
        master.wait(lambda: len(master.returns) > count, 10, 'the stored return, ' + again)
        found = master.returns[-1]
        assert (found['jid'], found['return'], found['fun_args']) == (jid, first['return'], first['fun_args'])
    assert runs(path) == ['once']


def test_a_full_queue_is_told(tmpdir, master):
    settings = {'process_count_max': 1, 'job_queue_size': 2, 'stop_timeout': 0.2,
                'minimum_auth_version': 0 if master.generation == 0 else 2}
    with LiveAgent(tmpdir.join('minion'), master, **settings).ready() as live:
        jids = [master.publish('test.sleep', [60]) for _ in range(4)]
        refused = master.wait_return(jids[3], 'm1', 10)
        assert (refused['retcode'], refused['success']) == (1, False) and 'busy' in refused['return']
        assert live.call('test.ping')['return'] is True
    assert all(master.wait_return(jid, 'm1', 1)['success'] is False for jid in jids)


def test_proc_holds_what_the_reference_writes(tmpdir, master, minion):
    from minion import payload
    jid = master.publish('test.sleep', [60])
    path = os.path.join(minion.folder, 'cache', 'proc', jid)
    wait_until(lambda: os.path.exists(path), 10, 'the proc file')
    with open(path, 'rb') as stream:
        held = payload.to_text_tree(payload.unpack(stream.read()))
    assert (held['pid'], held['jid'], held['fun'], held['arg'], held['tgt']) == (
        minion.pid, jid, 'test.sleep', [60], '*')
    assert compat.is_text(held['user'])
    killed = master.wait_return(master.publish('saltutil.signal_job', [jid, signal.SIGKILL]), 'm1', 10)
    assert killed['return'] == 'Signal 9 sent to job %s at pid %d' % (jid, minion.pid)
    assert 'interrupted' in master.wait_return(jid, 'm1', 10)['return']
