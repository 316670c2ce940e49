"""The keep-alive parent of a daemon: small, forked before the large imports, it starts a minion that died once more.

Between two lives it holds the lock and stands in the pid file itself, so that init scripts see a running service, stop
finds whom to stop, and no other start comes in between.
"""
from __future__ import absolute_import, division, print_function

import errno
import gc
import os
import signal

from minion import compat, errors, files, handover, process, wake

FIRST, LONGEST, STEADY = 1.0, 60.0, 60.0         # seconds: pauses, and the life after which a pause is short again
FINAL = (0, 42, 69, 77)                          # exit codes with which a minion that had started wants to end
CALM = (signal.SIGTERM, signal.SIGINT)           # signals that end it as if it had been told to


def keep(launch, command):
    """Fork; the child goes on as the minion, the parent keeps it alive.

    :param Launch launch: tells the first start's outcome to whoever waits.  :param list command: for further starts.
    :return tuple: in the child (its Launch, None), in the parent, once all is over, (None, exit code).
    :raises MinionError: the system refuses to fork.
    """
    getattr(gc, 'freeze', gc.collect)()          # what the two share stays shared
    ear, hammer = os.pipe()
    try:
        child = os.fork()
    except OSError as exc:
        raise errors.MinionError('no second process can be made: %s; --disable-keepalive does without it'
                                 % files.reason(exc))
    if not child:
        os.close(ear)
        launch.leave()
        return process.Launch(hammer=hammer, kept=True), None
    os.close(hammer)
    return None, Keeper(launch, command).run(child, ear)


class Keeper(object):
    """See the module. One thread."""

    def __init__(self, launch, command, clock=compat.monotonic):
        self._launch, self._command, self._clock = launch, command, clock
        self._bell = wake.Bell()
        self._child, self._pause = None, FIRST
        self._paths = None                           # of lock and pid file, once a minion has told them

    def run(self, child, ear):
        """Until a minion ends for good.  :return int: the exit code."""
        self._child = child
        self._listen()
        try:
            while True:
                born = self._clock()
                code = self._verdict(self._told(ear), self._end())
                if code is not None:
                    return code
                self._pause = FIRST if self._clock() - born > STEADY else self._pause
                ear = self._again()
                if ear is None:
                    return 0
        finally:
            self._bell.close()

    def _listen(self):
        def stop(signum, frame):
            self._bell.stop()
            self._pass_on(signal.SIGTERM)

        def pass_on(signum, frame):
            self._pass_on(signum)
        for number in CALM:
            signal.signal(number, stop)
        for number in (signal.SIGHUP, signal.SIGUSR1, signal.SIGUSR2, signal.SIGQUIT):
            signal.signal(number, pass_on)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)

    def _pass_on(self, number):
        if self._child is not None:
            try:
                os.kill(self._child, number)
            except OSError:                          # it has just ended
                return

    # ---- one life

    def _told(self, ear):
        """Whether the minion said that it runs; its first word goes on to whoever waits for the start."""
        code, text = process.hear(ear)
        if code:
            self._launch.failed(code, text)
        else:
            self._paths = text.split('\0')
            self._launch.ready()
        return code

    def _end(self):
        """Wait for the end of the child; its status."""
        while True:
            try:
                status = os.waitpid(self._child, 0)[1]
            except OSError as exc:
                if exc.errno != errno.EINTR:
                    raise
                continue
            self._child = None
            return status

    def _verdict(self, told, status):
        """The exit code with which it is all over, None: it is to be started again."""
        if self._bell.stopping or os.WIFSIGNALED(status) and os.WTERMSIG(status) in CALM:
            return 0
        code = os.WEXITSTATUS(status) if os.WIFEXITED(status) else None
        if self._paths is None:                      # it never ran: whoever started it has been told why
            return told
        self._why = 'exit code %d' % code if code is not None else 'signal %d' % os.WTERMSIG(status)
        return code if not told and code in FINAL else None

    # ---- from one life to the next

    def _again(self):
        """Start another minion after a pause: the pipe to listen at, None when told to stop or another one runs."""
        lock, pidfile = process.Lock(self._paths[0]), process.PidFile(self._paths[1])
        try:
            lock.acquire()
        except errors.AlreadyRunning:                # somebody was quicker than we
            return None
        pidfile.write()
        if self._bell.stopping or self._waited():
            pidfile.remove()
            lock.release()
            return None
        ear, hammer = os.pipe()
        note = 'the minion had ended with %s; started again after %g s' % (self._why, self._pause)
        self._pause = min(LONGEST, self._pause * 2)
        self._child = self._fork()
        if self._child == 0:
            os.close(ear)
            self._become(handover.Handover(lock.handle, hammer, note))
        os.close(hammer)
        lock.release()                               # the child holds it now
        if self._child is None:
            os.close(ear)
            pidfile.remove()
            return None
        return ear

    def _waited(self):
        """Pause; True if told to stop meanwhile."""
        deadline = self._clock() + self._pause
        while not self._bell.stopping and self._clock() < deadline:
            self._bell.wait(deadline - self._clock())
        return self._bell.stopping

    def _fork(self):
        """The child's pid, 0 in it; a host without room for a process is asked again."""
        while True:
            try:
                return os.fork()
            except OSError:
                if self._waited():
                    return None

    def _become(self, handed):
        try:
            handover.become(self._command, handed)
        except OSError as exc:
            process.Launch(hammer=handed.hammer).failed(1, '%s cannot be started: %s' % (self._command[0], exc))
        process.leave(1)
