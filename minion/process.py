"""The process itself: into the background, alone, under its pid file, as the right account, deaf to no signal."""
from __future__ import absolute_import, division, print_function

import contextlib
import errno
import fcntl
import logging
import os
import signal
import sys
import threading
import time
import traceback

from minion import accounts, compat, disk, errors, files

log = logging.getLogger(__name__)

UNSUPPORTED = (errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP, errno.EINVAL)
LONGEST = 4000                                   # bytes of a start's outcome: less than a pipe takes at once


class Launch(object):
    """How a start ends, told through a pipe to the process that the user waits for.

    In that process `waiting` is True and only outcome() is called. In the minion it is False and either ready() or
    failed() is called, once; without a pipe (not a daemon) both do nothing.

    :param int keeper: descriptor of the pipe to the keep-alive parent.  :param bool again: this is not the first start.
    """

    def __init__(self, ear=None, hammer=None, keeper=None, background=False, again=False):
        self.waiting = ear is not None
        self.background = background or hammer is not None
        self.again = again                           # nobody waits for this start, and its failure is not the last word
        self.keeper = keeper
        self._ear, self._hammer = ear, hammer

    def ready(self, pidfile=''):
        """The minion runs, with this pid file."""
        self.again = False
        self._tell(b'0 ')
        if self.keeper is not None:
            _write(self.keeper, compat.to_bytes(pidfile) + b'\n')

    def pass_on(self):
        """The descriptor of the pipe, which another program is to answer through."""
        handle, self._hammer = self._hammer, None
        return handle

    def failed(self, exit_code, text):
        """The minion does not run, and why."""
        self._tell(b'%d ' % exit_code + compat.to_bytes(text)[:LONGEST])

    def _tell(self, data):
        if self._hammer is None:
            return
        handle, self._hammer = self._hammer, None
        try:
            _write(handle, data)
        finally:
            os.close(handle)

    def outcome(self):
        """Wait for the minion's word: (exit code, text)."""
        data = b''
        while True:
            try:
                more = os.read(self._ear, 512)
            except OSError as exc:
                if exc.errno != errno.EINTR:
                    raise
                continue
            if not more:
                break
            data += more
        os.close(self._ear)
        code, _, text = data.partition(b' ')
        if not code:
            return 1, 'the minion ended before it was ready; see its log'
        return int(code), compat.to_native(text)


def _write(handle, data):
    try:
        os.write(handle, data)
    except OSError as exc:
        if exc.errno != errno.EPIPE:                 # nobody waits any more
            raise


def daemonize():
    """Go on in a process without terminal (double fork, umask 077, standard streams closed, working directory /).

    :return Launch: in both processes; the one that was called must end with what outcome() says.
    :raises MinionError: the system refuses to fork.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    ear, hammer = os.pipe()
    try:
        child = os.fork()
    except OSError as exc:
        raise errors.MinionError('no background process can be made: %s' % files.reason(exc))
    if child:
        os.close(hammer)
        os.waitpid(child, 0)
        return Launch(ear=ear)
    os.close(ear)
    os.setsid()
    if os.fork():
        os._exit(0)
    os.chdir('/')
    os.umask(0o077)
    _close_files(hammer)
    fcntl.fcntl(hammer, fcntl.F_SETFD, fcntl.FD_CLOEXEC)
    return Launch(hammer=hammer)


def _close_files(spared):
    """Standard streams to /dev/null, everything else that was inherited closed."""
    null = os.open(os.devnull, os.O_RDWR)
    for handle in (0, 1, 2):
        os.dup2(null, handle)
    try:
        handles = [int(name) for name in os.listdir('/proc/self/fd')]
    except OSError:                                  # no /proc
        handles = range(3, 256)
    for handle in handles:
        if handle > 2 and handle != spared:
            try:
                os.close(handle)
            except OSError as exc:
                if exc.errno != errno.EBADF:         # the one that listed the others
                    raise


class Lock(object):
    """One minion per cache folder: a flock that is held for life and needs no cleaning up after a crash.

    :param tuple owner: (uid, gid) of the account that the process becomes, None when it stays.
    """

    def __init__(self, path, owner=None, handle=None):
        self.path, self._owner, self._handle = path, owner, None
        self._disk = disk.Disk(path, 'no lock against a second start')
        if handle is not None:
            self._adopt(handle)

    handle = property(lambda self: self._handle)

    def _adopt(self, handle):
        """Take over what the image before this one held, if it is this file."""
        try:
            same = os.path.samestat(os.fstat(handle), os.stat(self.path))
        except OSError:                              # the file is gone: made anew
            same = False
        if same:
            self._handle = handle
        else:
            os.close(handle)

    def acquire(self):
        """Take the lock; where the file system has no locks or cannot be written, warn and go on without.

        :return bool: False when the reason is the disk, which may pass.
        :raises AlreadyRunning: names the process that holds it.
        """
        try:
            self._handle, writable = self._opened()
            fcntl.fcntl(self._handle, fcntl.F_SETFD, fcntl.FD_CLOEXEC)
            fcntl.flock(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if writable:
                self._sign()
        except EnvironmentError as exc:
            if exc.errno in (errno.EWOULDBLOCK, errno.EACCES) and self._handle is not None:
                raise self._refused()
            if exc.errno in files.DISK and self._handle is not None:
                return True                          # the lock is there, only its text is not
            self.release()
            self._disk.failed(exc)
            return exc.errno not in files.DISK
        return True

    def again(self):
        """acquire() for a process that runs already: another that was quicker is only logged."""
        try:
            return self.acquire()
        except errors.AlreadyRunning as exc:
            log.error('%s: started while there was no lock to be had; end one of the two', exc)
            return True

    def _opened(self):
        """(descriptor, whether it can be written): on a read-only disk the file of an earlier start will do."""
        if self._handle is not None:
            return self._handle, fcntl.fcntl(self._handle, fcntl.F_GETFL) & (os.O_WRONLY | os.O_RDWR) != 0
        flags = getattr(os, 'O_CLOEXEC', 0) | os.O_NOFOLLOW
        try:
            return os.open(self.path, flags | os.O_RDWR | os.O_CREAT, 0o600), True
        except OSError as exc:
            if exc.errno != errno.EROFS or not os.path.isfile(self.path):
                raise
        return os.open(self.path, flags | os.O_RDONLY), False

    def _sign(self):
        if self._owner is not None:
            os.fchown(self._handle, self._owner[0], self._owner[1])
        os.ftruncate(self._handle, 0)
        os.write(self._handle, b'%d\n' % os.getpid())

    def _refused(self):
        holder = os.read(self._handle, 32).strip()
        self.release()
        who = 'as process %s' % compat.to_native(holder) if holder.isdigit() else 'already'
        return errors.AlreadyRunning('a minion with this configuration runs %s; it holds %s' % (who, self.path))

    def release(self):
        """Give the lock back; in a child that was forked, only forget it."""
        if self._handle is not None:
            handle, self._handle = self._handle, None
            os.close(handle)


class PidFile(object):
    """The file that tells init scripts the process; written by who holds the lock, removed by nobody else.

    :param tuple owner: (uid, gid) of the account that the process becomes, None when it stays.
    """

    def __init__(self, path, owner=None):
        self.path, self._owner, self._pid = path, owner, None
        self._disk = disk.Disk(path, 'init scripts may not find this process')

    def write(self):
        """Write the file; failing that is only logged.

        :return bool: False when the reason is the disk, which may pass.
        """
        self._pid = os.getpid()
        try:
            if files.read(self.path, 64) == b'%d' % self._pid:
                return True                          # of the image before this one, when we perhaps were root
        except EnvironmentError:                     # what stands in the way is told when it cannot be replaced
            pass
        try:
            files.sweep(self.path)
            files.write(self.path, b'%d' % self._pid, 0o644, sync=False, make_folder=True)
            if self._owner is not None:
                os.chown(self.path, self._owner[0], self._owner[1])
        except EnvironmentError as exc:
            self._disk.failed(exc)
            return exc.errno not in files.DISK
        self._disk.worked()
        return True

    def remove(self):
        """Remove the file if it is the one that this process wrote; empty it where it cannot be removed."""
        try:
            if self._pid != os.getpid() or files.read(self.path, 64) != b'%d' % self._pid:
                return
            try:
                files.remove(self.path)
            except OSError as exc:
                if exc.errno not in (errno.EACCES, errno.EPERM):
                    raise
                os.close(os.open(self.path, os.O_WRONLY | os.O_TRUNC))       # /var/run belongs to root
        except EnvironmentError as exc:
            log.warning('pidfile: %s cannot be removed: %s', self.path, files.reason(exc))


def change_user(name):
    """Become the account `name` for good: user, groups, HOME, USER and LOGNAME.

    :raises UnknownUser, Forbidden: no such account; not root.
    """
    if name == accounts.current():
        return
    entry = accounts.lookup(name)
    if entry.pw_uid != os.geteuid():
        try:
            os.setgid(entry.pw_gid)
            os.initgroups(entry.pw_name, entry.pw_gid)
            os.setuid(entry.pw_uid)
        except OSError as exc:
            raise errors.Forbidden('user: %s: cannot become this account: %s' % (name, files.reason(exc)))
    os.environ.update(HOME=entry.pw_dir, USER=entry.pw_name, LOGNAME=entry.pw_name)


def install_signals(bell, on_hup=None, on_usr1=None):
    """Let signals ring `bell`: SIGTERM and SIGINT stop its owner, SIGHUP and SIGUSR1 call their function first.

    SIGUSR1 writes the stacks of all threads to the log unless told otherwise; SIGUSR2 and SIGQUIT do nothing. Handlers
    and not SIG_IGN, which the commands that jobs start would inherit. SIGCHLD gets its default back: where the starter
    had it ignored, every command would seem to end with 0.
    """
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)

    def stop(signum, frame):
        bell.stop()

    def hang_up(signum, frame):
        if on_hup is not None:
            on_hup()
        bell.ring()

    def show(signum, frame):
        (on_usr1 or log_stacks)()

    def nothing(signum, frame):
        return

    for number, handler in ((signal.SIGTERM, stop), (signal.SIGINT, stop), (signal.SIGHUP, hang_up),
                            (signal.SIGUSR1, show), (signal.SIGUSR2, nothing), (signal.SIGQUIT, nothing)):
        signal.signal(number, handler)
    bell.listen_to_signals()


def log_stacks(facts=''):
    """Write what every thread is doing to the log, shown at any usual level.

    :param str facts: what else is to be known, such as the lengths of queues.
    """
    names = dict((thread.ident, thread.name) for thread in threading.enumerate())
    lines = ['asked by SIGUSR1 at %.3f: %s' % (time.time(), facts)]
    for ident, frame in sorted(sys._current_frames().items()):
        lines.append('thread %s (%d)\n%s' % (names.get(ident, 'of the system'), ident,
                                             ''.join(traceback.format_stack(frame)).rstrip()))
    log.warning('%s', '\n'.join(lines))


def is_minion(pid):
    """True for a living process of this program: the minion itself or its keep-alive parent."""
    try:
        with open('/proc/%d/cmdline' % pid, 'rb') as stream:
            words = stream.read().replace(b'\0', b' ').split()
    except EnvironmentError:
        return False
    mine = compat.to_bytes(os.path.basename(sys.argv[0]))
    return any(os.path.basename(word) in (mine, b'minion', b'keeper.sh') for word in words[:5])


def set_title(text):
    """Show this text in lists of processes, where the library for it is installed."""
    try:
        import setproctitle
    except ImportError:
        return
    setproctitle.setproctitle(compat.to_native(text))


@contextlib.contextmanager
def signals_held():
    """Within, signals that end the process wait, see EarlyStop; from Python 3 on. Main thread only, before there are others."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, (signal.SIGTERM, signal.SIGINT, signal.SIGHUP))
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


class EarlyStop(object):
    """Until install_signals(): SIGTERM and SIGINT are only noted, in `told`.

    Nothing is raised from a signal here: this is the time of the large imports, and extension modules that are being
    imported may fail to look for an exception (pyzmq's ends the process with SIGSEGV on Python 3.13). Main thread only.
    """

    def __init__(self):
        self.told = False
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._note)

    def _note(self, signum, frame):
        self.told = True
