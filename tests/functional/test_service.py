"""The init.d script under every shell that is here, with real minions at the embedded master."""
from __future__ import absolute_import, division, print_function

import os
import re
import signal

import pytest

from minion import compat, files
from minion.demo.master import Master
from tests.support import groups, leaks, testkeys
from tests.support.initscript import SCRIPT, SHELLS, Service
from tests.support.waiting import wait_until

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason='a service is started by root')
SLOW = bool(os.environ.get('MINION_SLOW_TESTS'))     # set it for every test under every shell, and 50 restarts
RESTARTS = 50 if SLOW else 5
LIVE = 30                                        # seconds that anything may take on a busy machine
BOTH = ['keeper', 'minion']


@pytest.fixture
def master(tmpdir):
    with Master(str(tmpdir.join('master')), 3, testkeys.private('master'), auto_accept=True) as found:
        yield found


@pytest.fixture(params=SHELLS if SLOW else SHELLS[:1])
def shell(request):
    return request.param


@pytest.fixture
def service(tmpdir, master, shell):
    with Service(str(tmpdir.join('minion')), master, shell, testkeys.path('minion'), stop_timeout=1,
                 log_level='info') as found:
        yield found


def said(outcome, code, *words):
    """That exit code, and the words in the output."""
    assert outcome[0] == code and all(word in outcome[1] for word in words), outcome
    return True


def gone(service):
    """After a start that failed all processes end; the script has told why and does not wait for the last one."""
    wait_until(lambda: service.tree() == {}, LIVE, lambda: 'nothing of %r' % service.tree())


def ping(master, seconds=LIVE):
    return master.wait_return(master.publish('test.ping'), 'm1', seconds)['return'] is True


def announced(master):
    """The number of events once the start was told, so that the next one is not taken for it."""
    master.wait_event('salt/minion/m1/start', LIVE)
    return len(master.events)


@pytest.mark.parametrize('shell', SHELLS)
def test_from_start_to_stop(service, master):
    assert said(service('status'), 3, 'is not running')
    assert said(service('start'), 0, 'runs as process', 'listens to 127.0.0.1')
    assert ping(master)                                      # at once: start returned when it listened
    assert service.roles() == BOTH and service.alive()
    assert said(service('status'), 0, 'is running as process %d (listening)' % service.pid())
    first = service.pid()
    assert said(service('start'), 0, 'already running as process %d' % first)
    for action in ('reload', 'force-reload'):
        assert said(service(action), 0, 'anew')
    assert service.pid() == first and ping(master)
    for action in ('restart', 'try-restart', 'condrestart'):
        before = service.pid()
        assert said(service(action), 0, 'has stopped', 'listens to 127.0.0.1')
        assert service.pid() != before and service.roles() == BOTH
    assert ping(master)
    assert said(service('stop'), 0, 'has stopped')
    assert service.tree() == {} and not os.path.exists(service.pidfile)
    assert said(service('status'), 3) and said(service('stop'), 0, 'is not running')
    assert said(service('reload'), 7) and said(service('force-reload'), 7)
    assert said(service('try-restart'), 0) and said(service('condrestart'), 0) and service.tree() == {}
    assert said(service('nonsense'), 2, 'Usage: ') and said(service(''), 2)
    assert os.listdir(os.path.dirname(service.pidfile)).count('minion.pid.turn') == 0


def test_restarts_leave_one_process_tree(service, master):
    assert said(service('start'), 0)
    for _ in range(RESTARTS):
        assert said(service('restart'), 0, 'listens')
    assert service.roles() == BOTH and service.alive() and ping(master)
    assert said(service('stop'), 0)
    assert service.tree() == {}


def test_many_starts_at_once_leave_one(service, master):
    starts = [service.start_script('start') for _ in range(20)]
    outcomes = [(process.communicate()[0], process.returncode) for process in starts]
    assert [code for _, code in outcomes] == [0] * 20, outcomes
    assert service.roles() == BOTH and service.alive() and ping(master)
    assert said(service('stop'), 0) and service.tree() == {}


def test_a_restart_while_it_starts(service, master):
    first = service.start_script('start')
    wait_until(service.tree, LIVE, 'a start under way')
    second = service.start_script('restart')
    assert [process.communicate() and process.returncode for process in (first, second)] == [0, 0]
    assert service.roles() == BOTH and service.alive() and ping(master)
    assert said(service('stop'), 0) and service.tree() == {}


def test_a_stop_during_a_long_command(service, master):
    assert said(service('start'), 0)
    jid = master.publish('cmd.run', ['exec sleep 300'])
    wait_until(lambda: [line for line in leaks.of_this_run().values() if line == 'sleep 300'], LIVE, 'the command')
    assert said(service('stop'), 0, 'has stopped') and service.tree() == {}
    assert not [line for line in leaks.of_this_run().values() if line == 'sleep 300']
    assert master.wait_return(jid, 'm1', LIVE)['success'] is False       # it was told on the way out


def test_after_a_sudden_death_a_start_works_at_once(service, master):
    assert said(service('start'), 0)
    os.kill(service.pid(), signal.SIGKILL)
    assert said(service('start'), 0, 'listens')
    wait_until(lambda: service.roles() == BOTH and service.alive(), LIVE, 'one tree')
    assert ping(master) and said(service('stop'), 0) and service.tree() == {}


def test_when_all_died_the_pid_file_is_stale(service, master):
    assert said(service('start'), 0)
    for pid in sorted(service.tree()):
        os.kill(pid, signal.SIGKILL)
    wait_until(lambda: not service.tree(), LIVE, 'the end of all')
    assert said(service('status'), 1, 'is dead, but its pid file')
    assert said(service('start'), 0, 'listens') and service.roles() == BOTH
    assert said(service('stop'), 0)


@pytest.mark.parametrize('content', [None, b'999999', b'', b'nonsense\n'] if SLOW else [None, b'nonsense\n'])
def test_the_pid_file_of_a_stranger(service, master, content):
    stranger = groups.start(['sleep', '300'], os.devnull, '/')
    try:
        files.write(service.pidfile, b'%d\n' % stranger.pid if content is None else content, sync=False)
        assert service('status')[0] == (1 if content != b'' else 3)
        assert said(service('stop'), 0, 'is not running') and stranger.poll() is None
        files.write(service.pidfile, b'%d\n' % stranger.pid if content is None else content, sync=False)
        assert said(service('start'), 0, 'listens') and service.alive() and stranger.poll() is None
        assert said(service('stop'), 0) and stranger.poll() is None
    finally:
        groups.end(stranger)


def test_the_parent_starts_it_again_and_stop_finds_the_parent(service, master):
    assert said(service('start'), 0)
    keeper = [pid for pid, line in service.tree().items() if 'keeper.sh' in line][0]
    known = announced(master)
    os.kill(service.pid(), signal.SIGKILL)
    wait_until(lambda: service.pid() == keeper, LIVE, 'the parent in the pid file')
    assert said(service('status'), 0, 'is running as process %d' % keeper)
    master.wait_event('salt/minion/m1/start', LIVE, known)
    assert service.pid() not in (None, keeper) and service.roles() == BOTH
    assert ping(master) and 'the minion had ended with exit status 137' in service.minion.text()
    os.kill(service.pid(), signal.SIGKILL)
    wait_until(lambda: service.pid() == keeper, LIVE, 'the parent in the pid file')
    assert said(service('stop'), 0, 'has stopped') and service.tree() == {}
    assert not os.path.exists(service.pidfile)


def test_without_the_parent(service, master):
    service.settings['OPTIONS'] = '--disable-keepalive'
    assert said(service('start'), 0, 'listens') and service.roles() == ['minion']
    assert said(service('stop'), 0) and service.tree() == {}


def test_what_does_not_stop_is_killed(service, master):
    service.settings['STOP_TIMEOUT'] = '1'
    assert said(service('start'), 0)
    os.kill(service.pid(), signal.SIGSTOP)
    assert said(service('stop'), 0, 'did not stop within 1 s and was killed') and service.tree() == {}
    assert said(service('status'), 3)


def test_a_daemon_that_a_job_started_lives_on(service, master, tmpdir):
    script = tmpdir.join('daemon')
    script.write('#!/bin/sh\n(trap "" HUP; exec sleep 301 </dev/null >/dev/null 2>&1) &\n')
    script.chmod(0o755)
    assert said(service('start'), 0)
    assert master.wait_return(master.publish('cmd.run', [str(script)]), 'm1', LIVE)['retcode'] == 0
    daemon, = [pid for pid, line in leaks.of_this_run().items() if line == 'sleep 301']
    try:
        assert said(service('restart'), 0) and said(service('stop'), 0) and service.tree() == {}
        assert daemon in leaks.of_this_run()
    finally:
        os.kill(daemon, signal.SIGKILL)


def test_a_job_restarts_the_service(service, master):
    assert said(service('start'), 0)
    before, known = service.pid(), announced(master)
    other = master.publish('test.sleep', [1])
    command = 'env MINION_DEFAULTS=%s %s %s restart' % (service.defaults, ' '.join(service.words), SCRIPT)
    loads = [master.wait_return(jid, 'm1', LIVE) for jid in (master.publish('cmd.run', [command]), other)]
    assert loads[0]['retcode'] == 0, repr(loads[0]['return'])
    assert 'starts anew when this job has returned' in loads[0]['return']
    master.wait_event('salt/minion/m1/start', LIVE, known)
    wait_until(lambda: service.roles() == BOTH and service.alive(), LIVE, 'one tree')
    assert service.pid() != before and ping(master)
    assert said(service('stop'), 0) and service.tree() == {}


def test_it_starts_anew_within_its_process(service, master):
    assert said(service('start'), 0)
    before, known = service.pid(), announced(master)
    other = master.publish('test.sleep', [0.5])
    load = master.wait_return(master.publish('minion.restart'), 'm1', LIVE)
    assert load['success'] and load['return']['retcode'] == 0
    assert master.wait_return(other, 'm1', LIVE)['return'] is True
    master.wait_event('salt/minion/m1/start', LIVE, known)
    assert ping(master) and service.pid() == before and service.roles() == BOTH
    assert said(service('stop'), 0) and service.tree() == {}


@pytest.mark.parametrize('settings, code, words', [
    ({'DAEMON': '/nonexistent/minion'}, 5, 'is not installed'), ({'CONFIG_DIR': '/nonexistent'}, 6, 'does not exist'),
    ({'OPTIONS': '-u no-such-account'}, 6, 'The user is not available'), ({'OPTIONS': '--nosuch'}, 1, 'no such option'),
])
def test_why_it_does_not_start(service, master, settings, code, words):
    service.settings.update(settings)
    assert said(service('start'), code, words)
    gone(service)
    assert said(service('status'), 3)


def test_a_configuration_that_cannot_work(service, master):
    service.minion.settings['master_port'] = 'x'
    service.minion.write_config()
    assert said(service('start'), 6, 'did not start: ', 'conf/minion: master_port')
    gone(service)


def test_a_key_that_waits_is_told(tmpdir):
    with Master(str(tmpdir.join('master')), 3, testkeys.private('master')) as master:
        with Service(str(tmpdir.join('minion')), master, SHELLS[0], testkeys.path('minion')) as service:
            assert said(service('start'), 0, 'does not listen yet', 'waits for an operator')
            assert said(service('status'), 0, '(signing in)')
            assert said(service('stop'), 0) and service.tree() == {}


def test_a_master_that_is_away_is_told(tmpdir, master):
    with Service(str(tmpdir.join('minion')), master, SHELLS[0], testkeys.path('minion'), auth_timeout=1,
                 auth_tries=1) as service:
        master.stop()
        assert said(service('start'), 0, 'does not listen yet', 'no answer from tcp://127.0.0.1')
        master.start()
        assert said(service('stop'), 0) and service.tree() == {}


def test_settings_and_headers():
    text = compat.to_native(files.read(SCRIPT))
    for word in ('### BEGIN INIT INFO', '# Provides: ', '# Default-Start: ', '### END INIT INFO', '# chkconfig: 2345 ',
                 '# description: ', '# pidfile: '):
        assert word in text
    assert re.match('#!/bin/sh\n', text) and os.access(SCRIPT, os.X_OK)
