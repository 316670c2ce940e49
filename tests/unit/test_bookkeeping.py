"""Recent jobs, running jobs, the pool and the announcer."""
from __future__ import absolute_import, division, print_function

import os
import signal
import subprocess
import sys
import threading

import pytest

from minion import compat, connector, errors, payload, pool, phases, recent, running
from tests.support import waiting

JID = '20260101000000%06d'
NONE = recent.Seen(None, 0, None, None)


# ---- recent jobs

def test_recent_jobs_survive_a_restart(tmpdir):
    path = str(tmpdir.join('recent'))
    ring = recent.RecentJobs(path, 3)
    for number in range(5):
        ring.add(JID % number, recent.Seen('ab', number, 'aa', 'ff'))
    again = recent.RecentJobs(path, 3)
    assert [JID % number in again for number in range(5)] == [False, False, True, True, True]
    assert (again.last_serial('ab'), again.last_serial('cd')) == (4, 0)
    assert again.of(JID % 4) == recent.Seen('ab', 4, 'aa', 'ff') and again.of('x') is None


def test_recent_jobs_stay_small_on_disk(tmpdir):
    path = tmpdir.join('recent')
    ring = recent.RecentJobs(str(path), 10)
    for number in range(1000):
        ring.add(JID % number, NONE)
    assert len(path.read().splitlines()) <= 20


@pytest.mark.parametrize('damage', [b'', b'\0' * 100, b'\xff\xfe\n' * 10, b'no such line\n'],
                         ids=['none', 'nuls', 'bytes', 'words'])
def test_damaged_recent_jobs_are_passed_over(tmpdir, damage):
    path = tmpdir.join('recent')
    path.write_binary(damage + compat.to_bytes(JID % 1) + b' - 0 - -\n' + compat.to_bytes(JID % 2))
    ring = recent.RecentJobs(str(path), 10)
    assert JID % 2 not in ring                       # torn before its end
    ring.add(JID % 3, NONE)
    assert JID % 3 in recent.RecentJobs(str(path), 10)


def test_recent_jobs_without_a_disk(tmpdir, caplog):
    path, asked = tmpdir.join('gone', 'recent'), []
    tmpdir.join('gone').write('in the way')
    ring = recent.RecentJobs(str(path), 10, lambda: asked.append(1))
    for number in range(3):
        ring.add(JID % number, NONE)
    assert JID % 1 in ring and len(asked) == 3 and not ring.save()
    assert caplog.text.count('cannot be written') == 1
    tmpdir.join('gone').remove()
    assert ring.save()
    ring.add(JID % 3, NONE)
    again = recent.RecentJobs(str(path), 10)
    assert [JID % number in again for number in range(4)] == [True] * 4


def test_a_line_that_was_cut_is_no_line_and_swallows_none(tmpdir):
    path = tmpdir.join('recent')
    ring = recent.RecentJobs(str(path), 10)
    ring.add(JID % 1, recent.Seen('ab', 1, 'aa', 'ffee'))
    path.write_binary(path.read_binary()[:-3])              # what is left looks like a whole line
    again = recent.RecentJobs(str(path), 10)
    assert JID % 1 not in again
    again.add(JID % 2, NONE)
    assert JID % 2 in recent.RecentJobs(str(path), 10)


def test_a_short_write_is_not_taken_for_a_whole_one(tmpdir, monkeypatch):
    path, write = tmpdir.join('recent'), os.write
    ring = recent.RecentJobs(str(path), 10)
    ring.add(JID % 1, NONE)
    monkeypatch.setattr(os, 'write', lambda handle, data: write(handle, bytes(data)[:5]))
    with pytest.raises(OSError):
        ring._append('a line of text\n')
    monkeypatch.undo()
    ring.add(JID % 2, NONE)
    assert JID % 1 in recent.RecentJobs(str(path), 10)


def test_a_folder_in_the_place_of_recent_jobs_is_set_aside(tmpdir):
    tmpdir.mkdir('recent').join('x').write('')
    recent.RecentJobs(str(tmpdir.join('recent')), 10).add(JID % 1, NONE)
    assert JID % 1 in recent.RecentJobs(str(tmpdir.join('recent')), 10)


# ---- running jobs

def load(number):
    return {'jid': JID % number, 'fun': 'test.sleep', 'arg': [1], 'tgt': '*', 'ret': ''}


def test_a_running_job_is_seen_and_its_file_holds_it(tmpdir):
    jobs = running.RunningJobs(str(tmpdir))
    jobs.enter(load(1))
    jobs.begin(load(1))
    shown = payload.to_text_tree(payload.unpack(tmpdir.join(JID % 1).read_binary()))
    assert shown['fun'] == 'test.sleep' and shown['pid'] > 0
    assert jobs.find(JID % 1) == shown and jobs.find('nosuch') == {}
    assert jobs.running() == []                      # the asking job is not shown to itself
    seen = []
    thread = threading.Thread(target=lambda: seen.extend(jobs.running()))
    thread.start()
    thread.join()
    assert seen == [shown]
    jobs.leave(JID % 1)
    jobs.end(JID % 1)
    assert tmpdir.listdir() == [] and jobs.find(JID % 1) == {}


def test_proc_files_that_cannot_be_written_or_removed(tmpdir, monkeypatch, caplog):
    tasks, remove = [], running.files.remove
    jobs = running.RunningJobs(str(tmpdir.join('proc')), tasks.append)
    jobs.enter(load(1))                              # the folder is made
    monkeypatch.setattr(running.files, 'remove', lambda path: remove(path + '/'))
    for number in (1, 2):
        jobs.end(JID % number)
    assert not tasks[0]() and caplog.text.count('cannot be written') == 1
    monkeypatch.undo()
    assert tasks[0]() and tmpdir.join('proc').listdir() == []


@pytest.mark.parametrize('content', [
    b'', b'\0' * 100, b'\xc1' * 9, payload.pack([1]), payload.pack('x'), payload.pack({'jid': 1, 'fun': 'f', 'arg': []}),
    payload.pack({'jid': JID % 1, 'fun': 7, 'arg': []}), payload.pack({'jid': JID % 1, 'fun': ['f', 7], 'arg': []}),
    payload.pack({'jid': JID % 1, 'fun': 'test.ping', 'arg': {}})])
def test_damaged_proc_files_are_set_aside(tmpdir, content):
    tmpdir.join(JID % 1).write_binary(content)
    tmpdir.mkdir(JID % 2)
    jobs = running.RunningJobs(str(tmpdir))
    jobs.enter(load(3))
    assert [found['jid'] for found in jobs.leftovers()] == [JID % 3]
    assert sum('.corrupt-' in entry.basename for entry in tmpdir.listdir()) == 2


def test_ending_a_job_interrupts_its_python_code_and_its_programs(tmpdir):
    jobs, started, outcome = running.RunningJobs(str(tmpdir)), threading.Event(), []
    program = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'], preexec_fn=os.setsid)

    def work():
        jobs.begin(load(1))
        try:
            try:
                jobs.adopt(program.pid)
                started.set()
                program.wait()
                jobs.release(program.pid)
                while True:
                    pass
            finally:
                jobs.leave(JID % 1)
        except errors.JobEnded:
            outcome.append(jobs.ended_by(JID % 1))
        jobs.end(JID % 1)
    thread = threading.Thread(target=work)
    thread.start()
    assert started.wait(10)
    words = jobs.signal(JID % 1, signal.SIGTERM)
    assert words.startswith('Signal 15 sent to job %s at pid ' % (JID % 1))
    thread.join(10)
    assert outcome == [signal.SIGTERM]
    waiting.wait_until(lambda: program.poll() is not None, 10, 'the end of the program')
    assert jobs.signal(JID % 1, 15) == ''


def test_a_signal_at_any_moment_leaves_no_lock_behind(tmpdir):
    jobs, nobody = running.RunningJobs(str(tmpdir)), 2 ** 22 + 1        # above the pids that kernels give

    def work(number, started):
        jobs.begin(load(number))
        try:
            try:
                started.set()
                while True:
                    jobs.adopt(nobody)
                    jobs.release(nobody)
                    jobs.hold()
                    jobs.go_on()
            finally:
                jobs.leave(JID % number)
        except errors.JobEnded:
            jobs.end(JID % number)
    for number in range(200):
        started = threading.Event()
        thread = threading.Thread(target=work, args=(number % 10, started))
        thread.daemon = True
        thread.start()
        assert started.wait(10)
        jobs.signal(JID % (number % 10), signal.SIGTERM)
        thread.join(10)
        assert not thread.is_alive() and jobs.running() == []


# ---- the pool

def test_the_pool_makes_threads_for_work_and_keeps_none():
    gate, done = threading.Event(), []

    def run(item):
        gate.wait(10)
        done.append(item)
    lane = pool.Pool('t', 2, 3, run)
    assert [lane.submit(number) for number in range(6)] == [True] * 5 + [False]
    waiting.wait_until(lambda: lane.busy() and lane.counts() == (2, 3), 10, 'two threads')
    gate.set()
    waiting.wait_until(lambda: lane.counts() == (0, 0), 10, 'an empty pool')
    assert sorted(done) == [0, 1, 2, 3, 4]
    assert lane.close() == [] and lane.join(compat.monotonic() + 10, compat.monotonic) == []


def test_short_items_at_once_are_done_by_one_thread(monkeypatch):
    """An item that has just begun is waited for; here for so long that nobody looks whether it lasts before all are done."""
    class Time(object):
        """Whose seconds last as long as the test."""
        sleep = staticmethod(lambda seconds: over.wait(60))
    over, gate, done = threading.Event(), threading.Event(), []
    monkeypatch.setattr(pool, 'BRIEF', 600.0)
    monkeypatch.setattr(pool, 'time', Time)

    def run(item):
        gate.wait(10)
        done.append((item, threading.current_thread().name))
    lane = pool.Pool('t', 20, 100, run)
    assert all([lane.submit(number) for number in range(100)])
    assert lane.counts() == (1, 99) and not lane.busy()
    gate.set()
    waiting.wait_until(lambda: len(done) == 100, 10, 'all items')
    assert done == [(number, 't-1') for number in range(100)]
    over.set()
    waiting.wait_until(lambda: lane._watcher is None, 10, 'the end of the watch')


def test_what_waits_for_long_items_gets_threads_of_its_own():
    gate, begun = threading.Event(), []

    def run(item):
        begun.append(item)
        gate.wait(10)
    lane = pool.Pool('t', 20, 100, run)
    assert all([lane.submit(number) for number in range(15)])
    waiting.wait_until(lambda: len(begun) == 15, 10, 'a thread for each')
    waiting.wait_until(lambda: lane._watcher is None, 10, 'the end of the watch')
    assert sorted(begun) == list(range(15)) and lane.counts() == (15, 0)
    assert all([lane.submit(number) for number in range(15, 30)])
    waiting.wait_until(lambda: len(begun) == 20 and lane._watcher is None, 10, 'all threads')
    assert lane.counts() == (20, 10) and lane.busy()
    gate.set()
    waiting.wait_until(lambda: lane.counts() == (0, 0), 10, 'an empty pool')
    assert sorted(begun) == list(range(30))


def test_short_items_behind_a_long_one_are_done():
    gate, done = threading.Event(), []

    def run(item):
        if item == 'long':
            gate.wait(60)
        done.append(item)
    lane = pool.Pool('t', 2, 1000, run)
    assert all([lane.submit(item) for item in ['long'] + list(range(500))])
    waiting.wait_until(lambda: len(done) == 500, 30, 'the short ones')
    assert done == list(range(500)) and lane.counts() == (1, 0)
    gate.set()
    waiting.wait_until(lambda: lane.counts() == (0, 0), 10, 'the long one')


class NoThread(object):
    """A host that has no thread left after the first `left`."""

    def __init__(self, monkeypatch, left):
        self.left = left
        start = threading.Thread.start

        def refused(thread):
            if self.left <= 0:
                raise RuntimeError("can't start new thread")
            self.left -= 1
            start(thread)
        monkeypatch.setattr(threading.Thread, 'start', refused)


@pytest.mark.parametrize('left', [1, 2, 3])
def test_a_host_without_threads_does_all_with_the_one_there_is(monkeypatch, left):
    gate, done = threading.Event(), []

    def run(item):
        gate.wait(10)
        done.append(item)
    lane = pool.Pool('t', 20, 5, run)
    host = NoThread(monkeypatch, left)
    assert [lane.submit(number) for number in range(6)] == [True] * 6
    gate.set()
    waiting.wait_until(lambda: len(done) == 6 and lane.counts() == (0, 0), 10, 'all items')
    host.left = 0
    waiting.wait_until(lambda: not lane._threads or pool.REST, 10, 'the end of the threads')
    lane.close()
    assert lane.join(compat.monotonic() + 10, compat.monotonic) == []
    assert not pool.Pool('t', 20, 5, run).submit(1)


def test_nothing_is_lost_among_threads_that_come_and_go():
    """Items of many lengths, from several threads, some of which end their thread."""
    done = []

    def run(item):
        if item % 7 == 0:
            threading.Event().wait(0.001 * (item % 5))
        done.append(item)
        return item % 11 != 0
    lane = pool.Pool('t', 5, 10000, run, 0.001 if pool.REST else 0.0)

    def put(first):
        for number in range(first, 1500, 3):
            assert lane.submit(number)
    threads = [threading.Thread(target=put, args=(first,)) for first in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    waiting.wait_until(lambda: len(done) == 1500, 60, 'all items')
    assert sorted(done) == list(range(1500))
    lane.close()
    assert lane.join(compat.monotonic() + 10, compat.monotonic) == [] and lane.counts() == (0, 0)


def test_a_thread_of_the_pool_rests_for_a_while_and_then_ends():
    """Where threads rest, which they do not on Python 2."""
    names, threads = [], []

    def run(item):
        names.append(threading.current_thread().name)
        threads.append(threading.current_thread())
    lane = pool.Pool('t', 2, 10, run, 0.05 if pool.REST else 0.0)
    for number in range(3):
        lane.submit(number)
        waiting.wait_until(lambda: len(names) == number + 1 and lane.counts() == (0, 0), 10, 'rest')
    for thread in threads:
        thread.join(10)
        assert not thread.is_alive()
    assert lane.submit(3)
    waiting.wait_until(lambda: len(names) == 4, 10, 'a job after the rest')
    assert names[3] not in names[:3]
    lane.close()
    assert lane.join(compat.monotonic() + 10, compat.monotonic) == []


@pytest.mark.skipif(not pool.REST, reason='threads do not rest on Python 2')
def test_a_resting_thread_is_used_again_and_ended_by_the_close():
    names = []
    lane = pool.Pool('t', 1, 10, lambda item: names.append(threading.current_thread().name), 600.0)
    for number in range(50):
        assert lane.submit(number)
        waiting.wait_until(lambda: len(names) == number + 1 and not lane.busy(), 10, 'rest')
    assert set(names) == set(['t-1']) and lane.counts() == (0, 0)
    assert lane.close() == [] and not lane.submit(50)
    assert lane.join(compat.monotonic() + 10, compat.monotonic) == []


def test_a_thread_that_is_not_to_be_used_again_is_replaced():
    idents = []

    def run(item):
        idents.append(threading.current_thread().name)
        return False
    lane = pool.Pool('t', 1, 10, run)
    for number in range(3):
        lane.submit(number)
    waiting.wait_until(lambda: len(idents) == 3 and lane.counts() == (0, 0), 10, 'three threads')
    assert len(set(idents)) == 3


def test_a_closed_pool_hands_back_what_waits():
    gate = threading.Event()
    lane = pool.Pool('t', 1, 10, lambda item: gate.wait(10))
    assert [lane.submit(number) for number in range(3)] == [True] * 3
    assert lane.close() == [1, 2] and not lane.submit(4)
    assert lane.join(compat.monotonic() + 0.05, compat.monotonic) == ['t-1']
    gate.set()
    assert lane.join(compat.monotonic() + 10, compat.monotonic) == []


# ---- what the main thread says

def test_the_announcer_speaks_on_change_and_then_ever_less():
    now, said = [0.0], []
    announcer = connector.Announcer(lambda: now[0])
    for second in range(0, 3600, 10):
        now[0] = float(second)
        announcer.say(lambda words, text, more: said.append(text + more), 'pending')
    assert 5 <= len(said) <= 10
    announcer.say(lambda words, text, more: said.append(text), 'rejected')
    assert said[-1] == 'rejected'


def test_states_change_by_the_table_only():
    seen = []
    machine = phases.Machine(lambda state, detail: seen.append(state))
    for event in ('prepared', 'keys ready', 'signed in', 'sign in again', 'signed in', 'stop'):
        machine.on(event)
    assert seen == [phases.KEYS, phases.SIGNING_IN, phases.LISTENING, phases.SIGNING_IN, phases.LISTENING,
                    phases.STOPPING]
    with pytest.raises(ValueError):
        phases.Machine().on('signed in')
