"""Runs one program, to its end or a time limit, and never waits for ever for what it leaves behind.

The program leads a session of its own. At the time limit TERM goes to the whole session, KILL to what is left of it
TERM_GRACE seconds later. Processes that made a session of their own are daemons: they are neither ended nor waited for
when all they do is to hold the program's output open; the log names them.
"""
from __future__ import absolute_import, division, print_function

import contextlib
import logging
import os
import signal
from collections import namedtuple

from minion import compat, spawning
from minion.errors import CommandExecutionError, SaltInvocationError
from minion.helpers import environment, processes
from minion.helpers.pump import Pump

log = logging.getLogger(__name__)

TERM_GRACE = 3.0        # seconds between TERM and KILL
KILL_GRACE = 2.0        # seconds that the kernel gets for what was killed
ORPHAN_GRACE = 2.0      # seconds for the output of processes that left the session, once all others have ended
TICK = 0.5              # seconds between two looks at who lives, while pipes are open
LONGEST_PAUSE = 0.1     # seconds between two looks, while the program lives on with its output closed

Result = namedtuple('Result', 'pid retcode stdout stderr timed_out')
"""`retcode` is -N for a program ended by signal N; the outputs are bytes."""

Options = namedtuple('Options', 'cwd env stdin timeout merge limit identity umask tie')


class NoTie(object):
    """A tie for what belongs to no job, and what every tie offers. The one of a job: RunningJobs."""

    def adopt(self, pid):
        """This process group belongs to the job: signals to the job reach it."""

    def release(self, pid):
        """It is gone."""

    def hold(self):
        """Until go_on() the job is not interrupted; told() says that it should end, go_on() ends it."""

    def told(self):
        return False

    def go_on(self):
        """Take hold() back."""


NO_TIE = NoTie()
DEFAULTS = Options(None, None, None, None, False, None, None, 0o022, NO_TIE)


class OutputTooLong(CommandExecutionError):
    """A program wrote more than its limit and was ended."""


def run(argv, **options):
    """Run a program and collect what it writes.

    :param list argv: program and arguments, text or bytes; no shell reads them.
    :param options: cwd; env, a complete environment (None: environment.for_command()); stdin, bytes; timeout, seconds;
        merge, True to have stderr in stdout; limit, bytes of output; identity, see runas.Identity; umask; tie, what
        ties the program to a job, see NoTie.
    :return Result: also after the time limit, with what was written until then.
    :raises OSError: it cannot be started.  :raises OutputTooLong: above `limit`; the program was ended.
    :raises SaltInvocationError: a NUL in an argument or the environment.
    """
    options, in_time = DEFAULTS._replace(**options), None
    with held(options.tie):
        process = _spawn(argv, options)
        pump = Pump(process, options.stdin or b'', options.limit)
        try:
            options.tie.adopt(process.pid)
            in_time = _attend(process, pump, options)
        finally:
            if pump.over or not in_time:                # None: an exception, as by Ctrl-C
                _end(process, pump)
            _report_holders(argv[0], pump)
            pump.close()
            options.tie.release(process.pid)
    if pump.over:
        raise OutputTooLong('%s wrote more than %d bytes and was ended' % (compat.to_native(argv[0]), options.limit))
    return Result(process.pid, process.returncode, pump.output(process.stdout), pump.output(process.stderr),
                  not in_time)


def start(argv, **options):
    """Start a program and leave it alone: it becomes a child of init, its output goes nowhere.

    :param options: as of run(), of which timeout, merge and limit have no meaning here; a tie does not learn of it.
    :return int: its pid.
    :raises OSError: it cannot be started.
    """
    options = DEFAULTS._replace(**options)
    with held(options.tie):
        return _detach(argv, options)


@contextlib.contextmanager
def held(tie):
    """For the time of a `with` the job is not interrupted, so that nothing is left half done; then it ends if told to.

    :param tie: as of run(), or None.
    :raises JobEnded: before, or after the `with`.
    """
    tie = NO_TIE if tie is None else tie
    tie.hold()
    try:
        yield
    finally:
        tie.go_on()


def _detach(argv, options):
    process = _spawn(argv, options, detached=True)
    pid = process.communicate()[0]                      # both ends at once: see spawning.child_options
    if not pid:
        raise OSError(process.returncode, 'the process could not be made')
    return int(pid)


# ---- starting

def _spawn(argv, options, detached=False):
    data = options.stdin
    env = environment.for_command() if options.env is None else options.env
    with open(os.devnull, 'r+b', 0) as nothing, _kept(data if detached else None) as kept:
        stdin = nothing if data is None else kept or spawning.PIPE
        stderr = nothing if detached else spawning.STDOUT if options.merge else spawning.PIPE
        keywords = spawning.child_options(options.identity, options.umask, detached)
        try:
            return spawning.popen([_checked(word) for word in argv], stdin=stdin, stdout=spawning.PIPE, stderr=stderr,
                                cwd=options.cwd and _checked(options.cwd), bufsize=0,
                                env=dict((_checked(name), _checked(env[name])) for name in env), **keywords)
        except OSError as exc:                          # Python 2 does not name the program, Python 3 in two ways
            reason = os.strerror(exc.errno) if exc.filename else exc.strerror
            raise OSError(exc.errno, reason, compat.to_native(exc.filename or argv[0]))


@contextlib.contextmanager
def _kept(data):
    """A file without a name that holds `data`, for a program that nobody feeds; None for None."""
    if data is None:
        yield None
        return
    import tempfile
    with tempfile.TemporaryFile() as stream:
        stream.write(data)
        stream.seek(0)
        yield stream


def _checked(word):
    """The bytes that the system is given."""
    try:
        word = compat.to_bytes(word)
    except UnicodeError as exc:
        raise SaltInvocationError('%r cannot be passed to a program: %s' % (word, exc))
    if b'\0' in word:
        raise SaltInvocationError('%r cannot be passed to a program: it holds a NUL' % (word,))
    return word


# ---- waiting

def _attend(process, pump, options):
    """Serve the pipes until the program is over, or writes too much.

    :return bool: False if the time limit came first, or the job was told to end.
    """
    now, tie = compat.monotonic(), options.tie
    deadline, look_at, pause = None if options.timeout is None else now + options.timeout, now + TICK, 0.001
    while not pump.over:
        now = compat.monotonic()
        late = deadline is not None and now >= deadline or tie.told()
        if late or now >= look_at or not pump.reading:
            look_at = now + TICK
            if _is_over(process, pump):
                return True
        if late:
            return False
        patience = TICK
        if not pump.reading:
            patience, pause = pause, min(pause * 2, LONGEST_PAUSE)
        pump.turn(patience if deadline is None else min(patience, deadline - now))
    return True


def _is_over(process, pump):
    """True once the program has ended, and its output too, or nobody of its session is left to write any."""
    if process.poll() is None:
        return False
    if pump.reading:
        if processes.lives(process.pid):
            return False
        _drain(pump)
    return True


def _drain(pump):
    """Take what processes outside the session still write, for a short while."""
    deadline = compat.monotonic() + ORPHAN_GRACE
    while pump.reading and not pump.over and compat.monotonic() < deadline:
        pump.turn(deadline - compat.monotonic())


# ---- ending

def _end(process, pump):
    """End the whole session, first with TERM, then with KILL; goes on reading, or the program might wait for us."""
    for signum, patience in ((signal.SIGTERM, TERM_GRACE), (signal.SIGKILL, KILL_GRACE)):
        processes.signal_session(process.pid, signum)
        if _wait_for_end(process, pump, patience):
            break
    else:
        log.warning('still there after SIGKILL: %s', processes.described(processes.members(process.pid)))
    turns = 0
    while pump.turn(0) and pump.reading and turns < 64:  # what was in the pipes
        turns += 1


def _wait_for_end(process, pump, patience):
    deadline = compat.monotonic() + patience
    while True:
        if process.poll() is not None and not processes.lives(process.pid):
            return True
        left = deadline - compat.monotonic()
        if left <= 0:
            return False
        pump.turn(min(left, 0.02))


def _report_holders(program, pump):
    if pump.reading:
        log.warning('%s: not waiting for the processes that hold its output open: %s', compat.to_native(program),
                    processes.described(processes.holders(pump.reading)) or 'not found')
