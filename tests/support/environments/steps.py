"""Runs steps, a few at a time: each a generator that yields commands, each command with a log and a deadline.

No command can hang the run: at its deadline its whole process group is ended. Every process that a step starts inherits
a mark in its environment, so that what left its group is found as well, ended, and told.
"""
from __future__ import absolute_import, division, print_function

import errno
import os
import signal
import subprocess
import time
import uuid
from collections import namedtuple

from minion import compat
from tests.support import leaks

MARK = 'MINION_CHECK_STEP'
PAUSE = 0.1                    # seconds between two looks at what runs
GRACE = 20.0                   # seconds between asking a group to end and killing it
LINGER = 5.0                   # seconds that a finished step's processes may take to disappear

# words: program and arguments; log: file to append to; seconds: deadline; environment: additions; folder: to run in
Command = namedtuple('Command', 'words log seconds environment folder')


class StepFailed(Exception):
    """A step cannot go on; the text is for the report. `log`: file that tells why."""

    def __init__(self, text, log=None):
        Exception.__init__(self, text)
        self.log = log


def command(words, log, seconds, environment=None, folder=None):
    """A Command; see there."""
    return Command([str(word) for word in words], log, seconds, environment or {}, folder)


class Step(object):
    """A named piece of work.

    :param str name: unique; shown in the report.
    :param work: generator that yields Commands and is sent their exit status, or yields a generator of that kind,
        which is worked off first; it raises StepFailed to give up.
    :param needs: names of steps that must have succeeded before.
    """

    def __init__(self, name, work, needs=()):
        self.name, self.needs = name, tuple(needs)
        self.state = 'waiting'                       # running, done, failed, left out
        self.text, self.log, self.seconds = '', None, 0.0
        self._work, self._process, self._deadline = [work], None, None
        self._started, self._overrun = None, False
        self._mark = uuid.uuid4().hex

    def begin(self):
        """Start its first command."""
        self.state, self._started = 'running', compat.monotonic()
        self._advance(None)

    def look(self):
        """Go on to the next command if the present one has ended or is overdue."""
        status = self._process.poll()
        if status is None:
            if compat.monotonic() > self._deadline:
                self._press()
            return
        _end_group(self._process.pid)
        self._process = None
        if self._overrun:
            self._finish('failed', 'a command ran past its deadline and was ended')
        else:
            self._advance(status)

    def ask_to_stop(self):
        """Ask what runs to end, as Ctrl-C would: a test run then ends the masters that it started."""
        if self._process is not None:
            _signal_group(self._process.pid, signal.SIGINT)

    def stop(self, deadline):
        """End whatever runs: it has until `deadline` (monotonic) to end by itself."""
        while self._process is not None and self._process.poll() is None and compat.monotonic() < deadline:
            time.sleep(PAUSE)
        if self._process is not None:
            _end_group(self._process.pid)
            self._process.wait()
        self._sweep(0)

    def _press(self):
        """First ask the group to end as Ctrl-C would, so that tests clean up; then kill it."""
        if not self._overrun:
            self._overrun, self._deadline = True, compat.monotonic() + GRACE
            _signal_group(self._process.pid, signal.SIGINT)
        else:
            _end_group(self._process.pid)

    def _advance(self, status):
        try:
            following = self._following(status)
        except StepFailed as exc:
            self.log = exc.log or self.log
            self._finish('failed', str(exc))
        else:
            if following is None:
                self._finish('done', self.text)
            else:
                self._start(following)

    def _following(self, status):
        while self._work:
            try:
                following = self._work[-1].send(status)
            except StopIteration:
                self._work.pop()
                status = None
                continue
            if isinstance(following, Command):
                return following
            self._work.append(following)
            status = None
        return None

    def _start(self, following):
        self.log = following.log
        environment = dict(item for item in os.environ.items() if not item[0].startswith(('PYTHON', 'VIRTUAL_ENV')))
        environment.update(following.environment)
        environment[MARK] = self._mark
        with open(following.log, 'ab') as log, open(os.devnull, 'rb') as nothing:
            log.write(compat.to_bytes('$ %s\n' % ' '.join(following.words)))
            log.flush()
            self._process = subprocess.Popen(following.words, stdin=nothing, stdout=log, stderr=log, env=environment,
                                             cwd=following.folder, preexec_fn=_alone)
        self._deadline = compat.monotonic() + following.seconds

    def _finish(self, state, text):
        left = self._sweep(LINGER)
        if left and state == 'done':
            state, text = 'failed', 'processes were left behind: ' + '; '.join(left)
        self.state, self.text = state, text
        self.seconds = compat.monotonic() - self._started

    def _sweep(self, patience):
        """Kill the processes that carry this step's mark; their command lines."""
        deadline = compat.monotonic() + patience
        while True:
            left = leaks.marked('%s=%s' % (MARK, self._mark))
            if not left or compat.monotonic() > deadline:
                break
            time.sleep(PAUSE)
        for pid in left:
            try:
                os.kill(pid, signal.SIGKILL)
            except OSError as exc:
                if exc.errno != errno.ESRCH:
                    raise
        return sorted(left.values())


class Runner(object):
    """Runs steps in their order, `jobs` at a time, each when those that it needs are done."""

    def __init__(self, steps, jobs, tell):
        self.steps, self._jobs, self._tell = list(steps), jobs, tell
        self._start = compat.monotonic()

    def run(self):
        """Run all of them; a step whose need failed is left out. Ends everything when interrupted."""
        before = signal.signal(signal.SIGTERM, _interrupt)
        try:
            while self._turn():
                time.sleep(PAUSE)
        finally:
            for step in self._in('running'):
                step.ask_to_stop()
            deadline = compat.monotonic() + GRACE
            for step in self._in('running'):
                step.stop(deadline)
            signal.signal(signal.SIGTERM, before)

    def _turn(self):
        for step in self._in('running'):
            step.look()
            if step.state != 'running':
                self._say(step)
        for step in self._in('waiting'):
            if len(self._in('running')) < self._jobs:
                self._consider(step)
        return self._in('running') or self._in('waiting')

    def _consider(self, step):
        states = [(need.name, need.state) for need in self.steps if need.name in step.needs]
        broken = [name for name, state in states if state in ('failed', 'left out')]
        if broken:
            step.state, step.text = 'left out', '%s failed' % ', '.join(broken)
            self._say(step)
        elif all(state == 'done' for _, state in states):
            self._tell('%s %s ...' % (self._clock(), step.name))
            step.begin()
            if step.state != 'running':
                self._say(step)

    def _say(self, step):
        self._tell('%s %s %s (%d s)%s' % (self._clock(), step.name, step.state, step.seconds,
                                          ': ' + step.text if step.text else ''))

    def _clock(self):
        return '[%5d s]' % (compat.monotonic() - self._start)

    def _in(self, state):
        return [step for step in self.steps if step.state == state]


def _alone():
    """In the child: a session of its own that Ctrl-C ends, though this run was started in the background by a shell."""
    os.setsid()
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def _interrupt(number, frame):
    raise KeyboardInterrupt


def _signal_group(group, number):
    try:
        os.killpg(group, number)
    except OSError as exc:
        if exc.errno not in (errno.ESRCH, errno.EPERM):       # gone, or only zombies of another owner are left
            raise


def _end_group(group):
    _signal_group(group, signal.SIGKILL)
