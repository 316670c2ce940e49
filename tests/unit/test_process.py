"""The process's own affairs: lock, pid file, the outcome of a start, the change of account."""
from __future__ import absolute_import, division, print_function

import ctypes
import errno
import fcntl
import os
import signal
import threading

import pytest

from minion import accounts, compat, errors, process, wake
from tests.support.waiting import wait_until


@pytest.fixture
def path(tmpdir):
    return str(tmpdir.join('file'))


# ---- lock

def test_the_second_lock_names_the_first_process(path):
    first, second = process.Lock(path), process.Lock(path)
    first.acquire()
    with pytest.raises(errors.AlreadyRunning) as caught:
        second.acquire()
    assert 'process %d' % os.getpid() in str(caught.value) and path in str(caught.value)
    first.release()
    second.acquire()
    second.release()
    second.release()


def test_what_a_dead_process_left_does_not_lock(path):
    with open(path, 'w') as stream:
        stream.write('1\n')
    lock = process.Lock(path)
    lock.acquire()
    lock.release()


def test_a_child_that_forgets_the_lock_does_not_give_it_back(path):
    lock = process.Lock(path)
    lock.acquire()
    child = os.fork()
    if not child:
        lock.release()
        os._exit(0)
    os.waitpid(child, 0)
    with pytest.raises(errors.AlreadyRunning):
        process.Lock(path).acquire()
    lock.release()


@pytest.mark.parametrize('number', [errno.ENOLCK, errno.EOPNOTSUPP, errno.EINVAL])
def test_a_file_system_without_locks_is_only_a_warning(path, monkeypatch, caplog, number):
    def flock(handle, how):
        raise IOError(number, os.strerror(number))
    monkeypatch.setattr(fcntl, 'flock', flock)
    process.Lock(path).acquire()
    assert 'no lock against a second start' in caplog.text


def test_a_folder_that_cannot_be_written_is_only_a_warning(tmpdir, caplog):
    process.Lock(str(tmpdir.join('missing', 'lock'))).acquire()
    assert 'no lock against a second start' in caplog.text


def read_only(monkeypatch):
    real = os.open

    def refused(name, flags, *mode):
        if flags & (os.O_RDWR | os.O_WRONLY):
            raise OSError(errno.EROFS, os.strerror(errno.EROFS), name)
        return real(name, flags, *mode)
    monkeypatch.setattr(os, 'open', refused)


def test_on_a_read_only_disk_the_file_of_an_earlier_start_will_do(path, monkeypatch):
    with open(path, 'w') as stream:
        stream.write('1\n')
    read_only(monkeypatch)
    lock = process.Lock(path)
    assert lock.acquire()
    with pytest.raises(errors.AlreadyRunning):
        process.Lock(path).acquire()
    lock.release()


def test_a_lock_that_the_disk_refuses_is_taken_later(path, monkeypatch, caplog):
    read_only(monkeypatch)
    lock = process.Lock(path)
    assert [lock.again() for _ in range(3)] == [False] * 3
    assert caplog.text.count('no lock against a second start') == 1
    monkeypatch.undo()
    other = process.Lock(path)
    other.acquire()
    assert lock.again() and 'end one of the two' in caplog.text
    other.release()
    assert lock.again()
    with pytest.raises(errors.AlreadyRunning):
        other.acquire()
    lock.release()


def test_a_lock_without_space_for_its_text_is_held(path, monkeypatch):
    def full(handle, data):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    monkeypatch.setattr(os, 'write', full)
    lock = process.Lock(path)
    assert lock.acquire()
    monkeypatch.undo()
    with pytest.raises(errors.AlreadyRunning):
        process.Lock(path).acquire()
    lock.release()


def test_a_link_planted_in_its_place_is_not_followed(tmpdir, path, caplog):
    target = tmpdir.join('target')
    target.write('precious')
    os.symlink(str(target), path)
    process.Lock(path).acquire()
    assert target.read() == 'precious' and 'no lock' in caplog.text


# ---- pid file

def test_the_pid_file_is_written_and_removed_by_its_owner(path):
    pidfile = process.PidFile(path)
    pidfile.write()
    with open(path) as stream:
        assert stream.read() == str(os.getpid())
    pidfile.remove()
    assert not os.path.exists(path)


@pytest.mark.parametrize('content', [b'1', b'', b'nonsense', b'1' * 1000])
def test_the_pid_file_of_another_stays(path, content):
    pidfile = process.PidFile(path)
    pidfile.write()
    with open(path, 'wb') as stream:
        stream.write(content)
    pidfile.remove()
    assert os.path.exists(path)


def test_one_who_never_wrote_it_does_not_remove_it(path):
    with open(path, 'w') as stream:
        stream.write(str(os.getpid()))
    process.PidFile(path).remove()
    assert os.path.exists(path)


def test_a_child_does_not_remove_it(path):
    pidfile = process.PidFile(path)
    pidfile.write()
    child = os.fork()
    if not child:
        pidfile.remove()
        os._exit(0)
    os.waitpid(child, 0)
    assert os.path.exists(path)


def test_a_pid_file_that_cannot_be_written_is_only_a_warning(tmpdir, caplog):
    tmpdir.join('file').write('')
    pidfile = process.PidFile(str(tmpdir.join('file', 'pid')))
    assert pidfile.write()                                  # no use in trying again
    pidfile.remove()
    assert 'cannot be written' in caplog.text


@pytest.mark.parametrize('number', [errno.ENOSPC, errno.EROFS])
def test_a_pid_file_that_the_disk_refuses_is_to_be_tried_again(path, monkeypatch, caplog, number):
    def refused(*args, **more):
        raise OSError(number, os.strerror(number))
    monkeypatch.setattr(process.files, 'write', refused)
    pidfile = process.PidFile(path)
    assert [pidfile.write() for _ in range(3)] == [False] * 3
    assert caplog.text.count('cannot be written') == 1
    monkeypatch.undo()
    assert pidfile.write() and os.path.exists(path)


def test_the_folder_of_the_pid_file_is_made(tmpdir):
    assert process.PidFile(str(tmpdir.join('run', 'minion', 'pid'))).write()


# ---- outcome of a start

@pytest.mark.parametrize('tell, outcome', [
    (lambda launch: launch.ready(), (0, '')), (lambda launch: launch.failed(78, 'why not'), (78, 'why not')),
    (lambda launch: launch.failed(1, 'x' * 10000), (1, 'x' * process.LONGEST)),
    (lambda launch: (launch.ready(), launch.failed(1, 'late')), (0, '')),
    (lambda launch: os.close(launch._hammer), (1, 'the minion ended before it was ready; see its log')),
])
def test_what_the_minion_tells_is_the_outcome(tell, outcome):
    ear, hammer = os.pipe()
    tell(process.Launch(hammer=hammer))
    waiting = process.Launch(ear=ear)
    assert waiting.waiting and waiting.outcome() == outcome


def test_nobody_has_to_wait_for_it():
    ear, hammer = os.pipe()
    os.close(ear)
    process.Launch(hammer=hammer).ready()
    in_front = process.Launch()
    in_front.ready()
    in_front.failed(1, 'x')
    assert not in_front.waiting and not in_front.background


# ---- account, signals

def test_becoming_oneself_changes_nothing():
    before = dict(os.environ)
    process.change_user(accounts.current())
    assert dict(os.environ) == before


def test_an_unknown_account():
    with pytest.raises(errors.UnknownUser):
        process.change_user('no-such-account')


@pytest.mark.skipif(os.geteuid() == 0, reason='root may become anybody')
def test_only_root_becomes_somebody_else():
    with pytest.raises(errors.Forbidden):
        process.change_user('root')


@pytest.fixture
def signals():
    numbers = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGUSR1, signal.SIGUSR2, signal.SIGQUIT)
    before = [(number, signal.getsignal(number)) for number in numbers]
    bell = wake.Bell()
    yield bell
    bell.close()
    for number, handler in before:
        signal.signal(number, handler)


@pytest.mark.parametrize('number, stops', [
    (signal.SIGTERM, True), (signal.SIGINT, True), (signal.SIGHUP, False), (signal.SIGUSR1, False),
    (signal.SIGUSR2, False), (signal.SIGQUIT, False)])
def test_signals_ring_the_bell(signals, number, stops):
    called = []
    process.install_signals(signals, lambda: called.append('hup'), lambda: called.append('usr1'))
    os.kill(os.getpid(), number)
    assert signals.wait(10.0) and signals.stopping == stops
    assert called == {signal.SIGHUP: ['hup'], signal.SIGUSR1: ['usr1']}.get(number, [])


def test_a_signal_that_another_thread_takes_rings_too(signals):
    """The kernel may choose any thread, while Python calls handlers on the main thread alone, which is asleep."""
    process.install_signals(signals)
    library = ctypes.CDLL(None)
    library.pthread_self.restype = ctypes.c_ulong
    library.pthread_kill.argtypes = [ctypes.c_ulong, ctypes.c_int]

    def asleep():
        with open('/proc/self/task/%d/stat' % os.getpid()) as stream:
            return stream.read().rpartition(')')[2].split()[0] == 'S'

    def take():
        wait_until(asleep, 10, 'a main thread that sleeps')
        library.pthread_kill(library.pthread_self(), int(signal.SIGTERM))
    thread = threading.Thread(target=take)
    thread.start()
    begun = compat.monotonic()
    while not signals.stopping and compat.monotonic() - begun < 10:
        signals.wait(10)
    thread.join(10)
    assert signals.stopping and compat.monotonic() - begun < 5


def test_a_closed_bell_is_rung_by_no_signal(tmpdir):
    bell = wake.Bell()
    bell.listen_to_signals()
    bell.close()
    assert signal.set_wakeup_fd(-1) == -1


def test_stacks_go_to_the_log(caplog):
    process.log_stacks('three wait')
    assert 'test_stacks_go_to_the_log' in caplog.text and 'three wait' in caplog.text
    assert 'thread MainThread (' in caplog.text


@pytest.mark.skipif(compat.PY2, reason='Python 2 cannot hold signals up')
def test_signals_wait_while_they_are_held():
    told = []
    before = signal.signal(signal.SIGTERM, lambda number, frame: told.append(number))
    try:
        with process.signals_held():
            os.kill(os.getpid(), signal.SIGTERM)
            assert signal.SIGTERM in signal.sigpending() and told == []
        assert told == [signal.SIGTERM] and signal.SIGTERM not in signal.pthread_sigmask(signal.SIG_BLOCK, ())
    finally:
        signal.signal(signal.SIGTERM, before)
