"""What bin/check rests on: steps that cannot hang, cannot leave processes behind and cannot fail in silence."""
from __future__ import absolute_import, division, print_function

import os
import signal
import sys

import pytest

from minion import compat
from tests.support import groups
from tests.support.environments.steps import MARK, Runner, Step, StepFailed, command
from tests.support.waiting import wait_until

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
LEAVE_A_CHILD = ('import os, sys, time\n'
                 'if not os.fork():\n'
                 '    os.setsid()\n'
                 '    open(sys.argv[1], "w").write(str(os.getpid()))\n'
                 '    time.sleep(60)\n'
                 'while not os.path.exists(sys.argv[1]) or not open(sys.argv[1]).read(): time.sleep(0.01)\n')


@pytest.fixture
def log(tmpdir):
    """Path of a log file."""
    return str(tmpdir.join('log'))


def python(log, code, *arguments, **options):
    """A command that runs some Python code."""
    seconds = options.pop('seconds', 30)
    return command([sys.executable, '-c', code] + list(arguments), log, seconds, **options)


def run(*steps):
    """Run steps two at a time; what was told."""
    told = []
    Runner(steps, 2, told.append).run()
    return told


def gone(pid):
    """True if a process has ended (a zombie has)."""
    try:
        with open('/proc/%d/stat' % pid) as stream:
            return stream.read().rpartition(')')[2].split()[0] == 'Z'
    except (IOError, OSError):
        return True


def test_commands_run_in_order_and_tell_their_status(log):
    seen = []

    def work():
        seen.append((yield python(log, 'print("one")')))
        seen.append((yield python(log, 'import sys; sys.exit(3)')))
    step = Step('it', work())
    run(step)
    assert (step.state, seen) == ('done', [0, 3])
    with open(log) as stream:
        assert '\none\n' in stream.read()


def test_work_inside_work(log):
    seen = []

    def inner():
        seen.append((yield python(log, 'import sys; sys.exit(5)')))

    def outer():
        seen.append((yield inner()))
        seen.append((yield python(log, '')))
    run(Step('it', outer()))
    assert seen == [5, None, 0]


def test_failure_is_told_and_what_needs_it_is_left_out(log):
    def work():
        yield python(log, '')
        raise StepFailed('no good', log)
    first = Step('first', work())
    second, third = Step('second', iter(()), ['first']), Step('third', iter(()), ['second'])
    told = run(first, second, third)
    assert [(step.state, step.text) for step in (first, second, third)] == [
        ('failed', 'no good'), ('left out', 'first failed'), ('left out', 'second failed')]
    assert any('first failed' in line and 'no good' in line for line in told)


def test_command_past_its_deadline_is_ended_with_its_children(log, tmpdir, monkeypatch):
    monkeypatch.setattr('tests.support.environments.steps.GRACE', 0.3)
    pid_file = str(tmpdir.join('pid'))
    stubborn = ('import os, signal, sys, time\n'
                'signal.signal(signal.SIGINT, signal.SIG_IGN)\n'
                'if not os.fork():\n'
                '    open(sys.argv[1], "w").write(str(os.getpid()))\n'
                'time.sleep(60)\n')

    def work():
        yield python(log, stubborn, pid_file, seconds=1)
    step = Step('it', work())
    before = compat.monotonic()
    run(step)
    assert step.state == 'failed' and 'deadline' in step.text
    assert compat.monotonic() - before < 20
    with open(pid_file) as stream:
        pid = int(stream.read())
    wait_until(lambda: gone(pid), 5, 'end of the child')


def test_process_left_behind_fails_the_step_and_is_ended(log, tmpdir, monkeypatch):
    monkeypatch.setattr('tests.support.environments.steps.LINGER', 0.5)
    pid_file = str(tmpdir.join('pid'))

    def work():
        yield python(log, LEAVE_A_CHILD, pid_file)
    step = Step('it', work())
    run(step)
    assert step.state == 'failed' and 'left behind' in step.text
    with open(pid_file) as stream:
        pid = int(stream.read())
    wait_until(lambda: gone(pid), 5, 'end of the child')


def test_commands_see_their_additions_and_nothing_of_our_python(log, tmpdir, monkeypatch):
    monkeypatch.setenv('PYTHONPATH', '/nowhere')
    shown = str(tmpdir.join('shown'))
    code = 'import os, sys; open(sys.argv[1], "w").write("\\n".join("%s=%s" % item for item in os.environ.items()))'

    def work():
        yield python(log, code, shown, environment={'MINION_REAL_OUTAGE': '3'})
    run(Step('it', work()))
    with open(shown) as stream:
        names = dict(line.partition('=')[::2] for line in stream.read().splitlines())
    assert names['MINION_REAL_OUTAGE'] == '3' and MARK in names
    assert 'PYTHONPATH' not in names


def test_interrupted_run_lets_its_commands_clean_up(log, tmpdir):
    began, cleaned = str(tmpdir.join('began')), str(tmpdir.join('cleaned'))
    child = ('import sys, time\n'
             'try:\n'
             '    open(%r, "w").close(); time.sleep(60)\n'
             'finally:\n'
             '    open(%r, "w").close()\n' % (began, cleaned))
    whole = ('import sys; sys.path.insert(0, %r)\n'
             'from tests.support.environments.steps import Runner, Step, command\n'
             'work = (one for one in [command([sys.executable, "-c", %r], %r, 60)])\n'
             'Runner([Step("it", work)], 1, lambda text: None).run()\n' % (ROOT, child, log))
    process = groups.start([sys.executable, '-c', whole], str(tmpdir.join('output')), str(tmpdir))
    try:
        wait_until(lambda: os.path.exists(began), 20, 'the command runs')
        os.kill(process.pid, signal.SIGTERM)
        wait_until(lambda: process.poll() is not None, 20, 'end of the run')
        assert os.path.exists(cleaned)
    finally:
        groups.end(process)


def test_standard_input_is_empty(log):
    def work():
        yield python(log, 'import sys; sys.exit(len(sys.stdin.read()))', seconds=10)
    step = Step('it', work())
    run(step)
    assert step.state == 'done'


def test_steps_run_side_by_side(log, tmpdir):
    meet = ('import os, sys, time\n'
            'open(sys.argv[1], "w").close()\n'
            'end = time.time() + 20\n'
            'while not os.path.exists(sys.argv[2]) and time.time() < end: time.sleep(0.01)\n'
            'sys.exit(not os.path.exists(sys.argv[2]))\n')
    one, other, seen = str(tmpdir.join('one')), str(tmpdir.join('other')), []

    def work(mine, theirs):
        seen.append((yield python(log, meet, mine, theirs)))
    run(Step('one', work(one, other)), Step('other', work(other, one)))
    assert seen == [0, 0] and os.path.exists(one)
