"""Running programs: time limits that hold, output that cannot block, nothing left behind. Real processes."""
from __future__ import absolute_import, division, print_function

import os
import signal
import threading
from random import Random

import pytest

from minion import compat
from minion.errors import JobEnded, SaltInvocationError
from minion.helpers import command, processes
from minion.running import RunningJobs
from tests.support import leaks
from tests.support.waiting import wait_until

SLACK = 3.0            # seconds that a busy machine may add
ALL_BYTES = bytes(bytearray(range(256)))


def shell(script, **options):
    return command.run(['/bin/sh', '-c', script], **options)


def timed(call):
    """(what it returned, seconds that it took)."""
    start = compat.monotonic()
    return call(), compat.monotonic() - start


@pytest.fixture
def pids(tmpdir):
    """A file into which scripts write pids; they and the sessions they lead, as far as still there, are ended."""
    path = tmpdir.join('pids')
    path.write('')
    yield path
    for pid in path.read().split():
        processes.signal_one(int(pid), signal.SIGKILL)
        processes.signal_session(int(pid), signal.SIGKILL)


def lives(pid):
    found = processes.look(pid)
    return found is not None and found.state not in processes.DEAD


def gone(pids):
    """Wait until the processes of the file have ended."""
    wait_until(lambda: not [pid for pid in pids.read().split() if lives(pid)], SLACK, 'end of %s' % pids.read().split())


# ---- what comes back

@pytest.mark.parametrize('script, expected', [
    ('echo out; echo err >&2; exit 3', (3, b'out\n', b'err\n', False)),
    ('kill -9 $$', (-9, b'', b'', False)),
    ('exit 300', (44, b'', b'', False)),
    ('cat', (0, b'', b'', False)),
    ('exec >&- 2>&-; exit 4', (4, b'', b'', False)),
])
def test_result(script, expected):
    assert shell(script)[1:] == expected


def test_stderr_merged_in_order():
    assert shell('echo 1; echo 2 >&2; echo 3', merge=True)[2:4] == (b'1\n2\n3\n', b'')


def test_every_byte_comes_back():
    assert command.run(['cat'], stdin=ALL_BYTES).stdout == ALL_BYTES


def test_every_byte_but_nul_in_an_argument():
    word = ALL_BYTES[1:]
    assert command.run(['printf', '%s', word]).stdout == word


def test_text_and_bytes_arguments():
    assert command.run(['printf', '%s', u'h\xe9', b'\xff']).stdout == b'h\xc3\xa9\xff'


@pytest.mark.parametrize('size', [0, 1, 65536, 65537, 1 << 22])
def test_stdin_of_any_size(size):
    data = b'x' * size
    assert command.run(['cat'], stdin=data).stdout == data


def test_stdin_of_a_program_that_writes_more_than_it_reads():
    assert command.run(['sed', 'p'], stdin=b'a line\n' * 150000).stdout == b'a line\n' * 300000


def test_stdin_that_nobody_reads():
    assert command.run(['true'], stdin=b'x' * (1 << 22)).retcode == 0


def test_huge_output_on_both_streams():
    result = shell('head -c 50000000 /dev/zero & head -c 50000000 /dev/zero >&2; wait', timeout=120)
    assert (len(result.stdout), len(result.stderr), result.timed_out) == (50000000, 50000000, False)


def test_output_beyond_the_limit_ends_the_command(pids):
    with pytest.raises(command.OutputTooLong) as caught:
        shell('echo $$ > %s; while :; do echo xxxxxxxxxxxxxxxxxxxx; done' % pids, limit=100000, timeout=60)
    assert str(caught.value) == '/bin/sh wrote more than 100000 bytes and was ended'
    gone(pids)


def test_output_within_the_limit():
    assert len(shell('head -c 1000 /dev/zero', limit=1000).stdout) == 1000


# ---- starting

@pytest.mark.parametrize('argv, options, error', [
    (['nosuchprogram'], {}, OSError),
    (['/'], {}, OSError),
    (['true'], {'cwd': '/no/such'}, OSError),
    (['echo', 'a\0b'], {}, SaltInvocationError),
    (['true'], {'env': {'A': 'a\0b'}}, SaltInvocationError),
])
def test_what_cannot_be_started(argv, options, error):
    for start in (command.run, command.start):
        with pytest.raises(error):
            start(argv, **options)


def test_missing_program_is_named():
    with pytest.raises(OSError) as caught:
        command.run(['nosuchprogram'])
    assert (caught.value.errno, caught.value.filename) == (2, 'nosuchprogram')


def test_unknown_option_is_refused():
    with pytest.raises((ValueError, TypeError)):                 # by Python's age
        command.run(['true'], shell=True)


def test_child_leads_a_session_with_default_signals_and_three_descriptors(tmpdir):
    with open(str(tmpdir.join('open')), 'w') as ours:
        os.dup2(ours.fileno(), 99)                               # inheritable on both Pythons
        try:
            result = shell('echo $$; cat /proc/$$/stat; grep SigIgn /proc/self/status; ls /proc/self/fd')
        finally:
            os.close(99)
    lines = result.stdout.decode('ascii').splitlines()
    pid, stat, ignored, descriptors = lines[0], lines[1].rpartition(')')[2].split(), lines[2].split()[1], lines[3:]
    assert stat[2] == stat[3] == pid
    assert not int(ignored, 16) & (1 << (signal.SIGPIPE - 1))
    assert descriptors == ['0', '1', '2', '3']                   # 3 is the folder that ls reads


def test_umask_is_set_whatever_ours_is():
    before = os.umask(0o077)
    try:
        assert shell('umask').stdout == b'0022\n'
        assert shell('umask', umask=0o27).stdout == b'0027\n'
    finally:
        os.umask(before)


def test_starting_from_many_threads_at_once():
    wrong = []

    def work(number):
        for turn in range(5):
            data = str(number).encode('ascii')
            result = shell('cat; exit %d' % number, stdin=data, timeout=60)
            if (result.retcode, result.stdout) != (number, data):
                wrong.append(result)
    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert wrong == []


# ---- time limits

@pytest.mark.parametrize('script, most', [
    ('echo $$ > PIDS; sleep 300', 0.3),
    ('sleep 300 & echo $! > PIDS; echo now', 0.3),
    ('(sh -c "sleep 300; :" & echo $! > PIDS; wait) & wait', 0.3),
    ("trap '' TERM; sleep 300 & echo $$ $! > PIDS; wait; sleep 300", 0.3 + command.TERM_GRACE),
    ('exec >&- 2>&-; echo $$ > PIDS; sleep 300', 0.3),
    ('echo $$ > PIDS; while :; do echo x; done', 0.3),
])
def test_nothing_is_left_after_the_time_limit(script, most, pids):
    result, took = timed(lambda: shell(script.replace('PIDS', str(pids)), timeout=0.3))
    assert result.timed_out and 0.3 <= took < most + SLACK
    assert pids.read().split()
    gone(pids)


def test_background_jobs_with_groups_of_their_own_end_too(pids):
    result = command.run(['bash', '-c', 'set -m; sleep 300 & echo $! > %s; wait' % pids], timeout=0.5)
    assert result.timed_out
    gone(pids)


def test_output_until_the_time_limit_is_kept():
    result = shell('echo before; sleep 300', timeout=0.5)
    assert (result.timed_out, result.stdout, result.retcode) == (True, b'before\n', -signal.SIGTERM)


def test_output_while_being_ended_is_kept():
    result = shell("trap 'echo bye; exit 0' TERM; echo hi; while :; do sleep 0.05; done", timeout=0.5)
    assert (result.timed_out, result.stdout) == (True, b'hi\nbye\n')


def test_a_daemon_that_holds_the_output_is_not_waited_for(pids, caplog):
    script = 'setsid sh -c "echo \\$\\$ > %s; exec sleep 300" & echo now' % pids
    result, took = timed(lambda: shell(script))
    assert (result.stdout, result.timed_out) == (b'now\n', False)
    assert took < command.TICK + command.ORPHAN_GRACE + SLACK
    daemon = pids.read().strip()
    assert lives(daemon)
    assert '%s (sleep)' % daemon in caplog.text


def test_a_daemon_that_ignores_everything_does_not_hold_up_the_time_limit(pids):
    script = 'setsid sh -c "trap \\"\\" TERM; echo \\$\\$ > %s; sleep 300; :" & sleep 300' % pids
    result, took = timed(lambda: shell(script, timeout=1))
    assert result.timed_out
    assert took < 1 + command.TERM_GRACE + command.KILL_GRACE + SLACK


def test_background_output_of_the_same_session_is_waited_for():
    assert shell('(sleep 1; echo late) & echo now').stdout == b'now\nlate\n'


def test_no_zombie_is_left():
    before = set(process.pid for process in processes.listed() if process.parent == os.getpid())
    for script in ('true', 'kill -9 $$', 'sleep 300'):
        shell(script, timeout=0.3)
    command.start(['true'])
    after = set(process.pid for process in processes.listed() if process.parent == os.getpid())
    assert after <= before


# ---- the job

class Tie(command.NoTie):
    """Notes what a job learns of its programs; may end the job when one starts."""

    def __init__(self, error=None):
        self.seen, self.error = [], error

    def adopt(self, pid):
        self.seen.append(('adopt', pid, lives(pid)))
        if self.error:
            raise self.error

    def release(self, pid):
        self.seen.append(('release', pid, lives(pid)))


def test_the_job_knows_its_process_group():
    tie = Tie()
    result = shell('sleep 0.2', tie=tie)
    assert tie.seen == [('adopt', result.pid, True), ('release', result.pid, False)]


def test_a_signal_to_the_group_ends_the_call():
    class Killer(Tie):
        def adopt(self, pid):
            os.killpg(pid, signal.SIGTERM)
    assert shell('sleep 300', tie=Killer()).retcode == -signal.SIGTERM


def test_a_job_that_is_ended_takes_its_program_with_it(pids):
    class Ended(BaseException):
        pass
    tie = Tie(Ended())
    with pytest.raises(Ended):
        shell('echo $$ > %s; sleep 300' % pids, tie=tie)
    assert [event[0] for event in tie.seen] == ['adopt', 'release'] and not tie.seen[1][2]
    gone(pids)


def test_a_job_that_is_told_to_end_takes_a_stubborn_program_with_it(pids):
    class Told(Tie):
        def told(self):
            return bool(pids.read().strip())

        def go_on(self):
            self.seen.append(('go_on',))
    tie = Told()
    result, took = timed(lambda: shell("trap '' TERM; echo $$ > %s; sleep 300; sleep 300" % pids, tie=tie))
    assert result.retcode == -signal.SIGKILL and took < command.TICK + command.TERM_GRACE + SLACK
    assert [event[0] for event in tie.seen] == ['adopt', 'release', 'go_on']
    gone(pids)


def test_a_job_that_is_killed_at_any_moment_takes_its_program_with_it(tmpdir):
    def work(jid):
        running.begin({'jid': jid})
        try:
            begun.append(jid)
            command.run(['sleep', '300'], stdin=b'x', timeout=60, tie=running)
        except JobEnded:
            ended.append(running.leave(jid))
        finally:
            running.end(jid)
    running, random, before, begun, ended = RunningJobs(str(tmpdir)), Random(7), leaks.take(), [], []
    for number in range(80):
        thread = threading.Thread(target=work, args=(str(number),))
        thread.start()
        wait_until(lambda: len(begun) > number, SLACK, 'begin of the job', pause=0.0005)
        threading.Event().wait(random.random() * 0.008)          # the moment is what varies, nothing is waited for
        assert running.signal(str(number), random.choice((signal.SIGTERM, signal.SIGKILL)))
        thread.join(command.TICK + command.TERM_GRACE + SLACK)
        assert not thread.is_alive()
    leaks.check(before)
    assert len(ended) == 80


def test_a_job_that_is_held_ends_afterwards_and_once(tmpdir):
    running, done = RunningJobs(str(tmpdir)), []

    def work():
        running.begin({'jid': '1'})
        with command.held(running):
            with command.held(running):
                running.signal('1', signal.SIGTERM)
                done.append(running.told())
            done.append('held')
            try:
                running.go_on()
            except JobEnded:
                done.append('ended')
            running.hold()
            done.append(running.told())
        done.append(running.leave('1'))
        running.end('1')
    thread = threading.Thread(target=work)
    thread.start()
    thread.join(SLACK)
    assert done == [True, 'held', 'ended', False, signal.SIGTERM]


# ---- in the background

def test_background_program_is_on_its_own(pids, tmpdir):
    out = tmpdir.join('out')
    script = 'cat > %s; umask >> %s; echo lost; echo $$ > %s; sleep 300' % (out, out, pids)
    pid = command.start(['/bin/sh', '-c', script], stdin=b'fed\n')
    wait_until(lambda: pids.read().strip(), SLACK, 'start of the program')
    found = processes.look(pid)
    assert (pids.read().strip(), out.read()) == (str(pid), 'fed\n0022\n')
    assert found.session == found.group == pid and found.parent != os.getpid()
