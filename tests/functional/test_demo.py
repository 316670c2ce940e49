"""`minion demo`: the way to it from another terminal, and the whole of it."""
from __future__ import absolute_import, division, print_function

import os
import re
import signal
import socket

import pytest

from minion import compat, errors, keys
from minion.demo import cli, control
from tests.support import groups, testkeys
from tests.support.faults import FaultyMaster
from tests.support.minionprocess import PROGRAM
from tests.support.waiting import wait_until


@pytest.fixture(autouse=True)
def own_places(tmpdir, monkeypatch):
    """Records and temporary folders go where this test can see them."""
    for name in ('run', 'tmp', 'home'):
        tmpdir.join(name).ensure(dir=True)
    monkeypatch.setenv('XDG_RUNTIME_DIR', str(tmpdir.join('run')))
    monkeypatch.setenv('TMPDIR', str(tmpdir.join('tmp')))
    monkeypatch.setenv('HOME', str(tmpdir.join('home')))


@pytest.fixture
def place(tmpdir):
    """Path of a socket, short enough for any system."""
    return str(tmpdir.join('s'))


# ---- the way from another terminal

def test_a_request_and_its_answer(place):
    server = control.Server(place, lambda request, stopping: {'return': request['arg'], 'retcode': 0})
    server.start()
    try:
        assert control.ask({'fun': 'test.echo', 'arg': [u'h\xe9', 1]}, 5) == {'return': [u'h\xe9', 1], 'retcode': 0}
        assert os.stat(place).st_mode & 0o777 == 0o600
        assert os.stat(control.record_path()).st_mode & 0o777 == 0o600
    finally:
        server.stop()
    assert not os.path.exists(place) and not os.path.exists(control.record_path())


def test_no_demo_is_running(capfd):
    assert cli.main(['call', 'test.ping']) == 1
    assert 'no demo is running' in capfd.readouterr()[1]


def test_a_record_that_outlived_its_demo(place):
    with open(control.record_path(), 'w') as stream:
        stream.write(place + '\n')
    os.chmod(control.record_path(), 0o600)
    with pytest.raises(errors.MinionError) as caught:
        control.ask({}, 5)
    assert str(caught.value) == control.NOT_RUNNING


def test_a_record_that_others_may_write_is_not_followed(place):
    server = control.Server(place, lambda request, stopping: {})
    server.start()
    try:
        os.chmod(control.record_path(), 0o666)
        with pytest.raises(errors.UnsafePermissions) as caught:
            control.ask({}, 5)
        assert control.record_path() in str(caught.value)
    finally:
        server.stop()


def test_the_record_of_a_later_demo_stays(place):
    first, second = [control.Server(place + name, lambda request, stopping: {}) for name in 'ab']
    first.start()
    second.start()
    first.stop()
    assert control.ask({}, 5) == {}
    second.stop()


def test_nonsense_does_not_end_the_service(place):
    server = control.Server(place, lambda request, stopping: {'return': request['fun'], 'retcode': 0})
    server.start()
    try:
        for nonsense in ([], {'a': 1}):
            with pytest.raises(errors.MinionError):
                control.ask(nonsense, 5)
        assert control.ask({'fun': 'x'}, 5)['return'] == 'x'
    finally:
        server.stop()


def test_a_socket_that_a_killed_demo_left(place):
    stale = socket.socket(socket.AF_UNIX)
    stale.bind(place)
    stale.close()
    server = control.Server(place, lambda request, stopping: {})
    server.start()
    try:
        assert control.ask({}, 5) == {}
    finally:
        server.stop()


def test_a_path_that_is_too_long_for_a_socket(tmpdir):
    server = control.Server(str(tmpdir.join('x' * 120)), None)
    with pytest.raises(errors.MinionError) as caught:
        server.start()
    assert '--dir' in str(caught.value)
    server.stop()


@pytest.mark.parametrize('words', [['--nosuch'], ['--port', 'x'], ['--protocol', '1'], ['call']])
def test_wrong_usage(words, capfd):
    assert cli.main(words) == 64
    assert 'error' in capfd.readouterr()[1]


def test_help(capfd):
    assert cli.main(['--help']) == 0
    assert '--keep' in capfd.readouterr()[0]


# ---- the whole of it

class Demo(object):
    """A running `minion demo WORDS`."""

    def __init__(self, folder, *words):
        self.output = os.path.join(folder, 'said')
        self.process = groups.start(list(PROGRAM + ('demo',) + words), self.output, folder, dict(os.environ))

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        groups.end(self.process, 15)

    def text(self):
        with open(self.output, 'rb') as stream:
            return compat.to_native(stream.read())

    def wait(self, pattern, seconds=90):
        def look():
            found = re.search(pattern, self.text())
            if not found and self.process.poll() is not None:
                raise AssertionError('it ended and said:\n' + self.text())
            return found
        return wait_until(look, seconds, lambda: '%s in:\n%s' % (pattern, self.text()))

    def end(self, seconds=90):
        wait_until(lambda: self.process.poll() is not None, seconds, lambda: 'the end; it said:\n' + self.text())
        return self.process.returncode


def _minions_below(folder):
    """Command lines of processes whose configuration is below this folder."""
    found = []
    for name in os.listdir('/proc'):
        try:
            with open('/proc/%s/cmdline' % name, 'rb') as stream:
                line = compat.to_native(stream.read())
        except (IOError, OSError):               # no process, or one that ended
            continue
        if str(folder) in line and 'conf' in line:
            found.append(line)
    return found


@pytest.mark.parametrize('protocol', ['0', '2', '3'])
def test_a_demo_runs_all_its_jobs(tmpdir, protocol):
    with Demo(str(tmpdir), '--protocol', protocol) as demo:
        assert demo.end() == 0, demo.text()
    for line in ('master    accepts the key', 'minion    is ready', 'job       test.ping', '3 jobs, 3 good returns',
                 '          ' + os.uname()[0]):
        assert line in demo.text()
    assert tmpdir.join('tmp').listdir() == []                # its folder is gone
    assert _minions_below(tmpdir) == []


@pytest.mark.parametrize('number', [signal.SIGINT, signal.SIGTERM])
def test_a_demo_that_stays_takes_jobs_until_it_is_stopped(tmpdir, number):
    with Demo(str(tmpdir), '--keep') as demo:
        demo.wait('minion demo call')
        log = str(tmpdir.join('called'))
        code, said = groups.call(list(PROGRAM + ('demo', 'call', 'test.echo', u'x y')), log, str(tmpdir))
        assert (code, said) == (0, b'x y\n')
        code, said = groups.call(list(PROGRAM + ('demo', 'call', 'no.such')), log, str(tmpdir))
        assert code == 1 and b'is not available' in said
        os.kill(demo.process.pid, number)
        assert demo.end(20) == 0, demo.text()
    assert tmpdir.join('tmp').listdir() == [] and tmpdir.join('run').listdir() == []
    assert _minions_below(tmpdir) == []


def test_a_second_demo_in_the_same_folder_knows_its_keys(tmpdir):
    fingers = []
    for _ in range(2):
        with Demo(str(tmpdir), '--dir', str(tmpdir.join('d'))) as demo:
            assert demo.end() == 0, demo.text()
        fingers.append(re.findall('fingerprint (.*)', demo.text())[-2:])
    assert fingers[0] == fingers[1]
    assert 'has its key from before' in demo.text() and 'its key is accepted' in demo.text()


def test_a_demo_whose_port_is_taken(tmpdir):
    with FaultyMaster(str(tmpdir.join('m')), 3, testkeys.private('master')) as master:
        with Demo(str(tmpdir), '--port', str(master.ret_port), '--dir', str(tmpdir.join('d'))) as demo:
            assert demo.end() == 1
    assert 'cannot be bound' in demo.text()


def test_a_demo_against_another_master_tells_how_to_accept_the_key(tmpdir):
    with FaultyMaster(str(tmpdir.join('m')), 3, testkeys.private('master')) as master:
        with Demo(str(tmpdir), '--master', '127.0.0.1:%d' % master.ret_port, '--id', 'guest') as demo:
            demo.wait('salt-key -a guest')
            finger = demo.wait('fingerprint ((?:[0-9a-f]{2}:){31}[0-9a-f]{2})').group(1)
            master.wait_key('guest', 'pending', 60)
            assert finger == _fingerprint(master.key_pem('guest'))
            master.accept('guest')
            master.wait_event('salt/minion/guest/start', 90)
            assert master.wait_return(master.publish('test.ping'), 'guest', 30)['return'] is True
            os.kill(demo.process.pid, signal.SIGINT)
            assert demo.end(20) == 0, demo.text()
    assert _minions_below(tmpdir) == []


def _fingerprint(pem):
    return keys.PublicKey.from_pem(pem).fingerprint()
