"""A running minion and its host: signals, accounts, a name service that says nothing, what the doctor says of it."""
from __future__ import absolute_import, division, print_function

import os
import pwd
import signal
import socket
import subprocess

import pytest

from minion import compat, files
from minion.commands import doctor
from minion.demo.master import Master
from tests.support import leaks, testkeys
from tests.support.minionprocess import PROGRAM, MinionProcess
from tests.support.waiting import wait_until

LIVE = 30                                        # seconds that anything may take on a busy machine
as_root = pytest.mark.skipif(os.geteuid() != 0, reason='only root does this')


@pytest.fixture
def master(tmpdir):
    with Master(str(tmpdir.join('master')), 3, testkeys.private('master'), auto_accept=True) as found:
        yield found


def started(folder, master, *words, **config):
    """A MinionProcess that has told the master of its start."""
    known = len(master.events)
    minion = MinionProcess(folder, master, key=testkeys.path('minion'), **config).start(*words)
    try:
        master.wait_event('salt/minion/m1/start', LIVE, known)
    except BaseException:
        minion.kill()
        raise
    return minion


def call(master, fun, *args):
    return master.wait_return(master.publish(fun, list(args)), 'm1', LIVE)['return']


def test_a_hang_up_reads_levels_and_grains_anew(tmpdir, master):
    with started(str(tmpdir.join('minion')), master, log_level='warning', log_level_logfile='warning') as minion:
        grains = os.path.join(minion.folder, 'conf', 'grains')
        assert call(master, 'grains.get', 'colour') == ''
        with open(grains, 'w') as stream:
            stream.write('colour: blue\n')
        minion.settings.update(log_level_logfile='debug', log_fmt_logfile='NEW %(message)s')
        minion.write_config()
        minion.send(signal.SIGHUP)
        minion.wait_log('^NEW levels and shapes of the log are those of the configuration files now')
        wait_until(lambda: call(master, 'grains.get', 'colour') == 'blue', LIVE, 'the new grain')
        assert 'NEW job ' in minion.text()
        minion.settings.update(log_level_logfile='loud')
        minion.write_config()
        minion.send(signal.SIGHUP)
        minion.wait_log('^NEW the log stays as it is: .*log_level_logfile')
        assert call(master, 'test.ping') is True
        assert minion.stop() == 0


def test_usr1_shows_what_it_does(tmpdir, master):
    with started(str(tmpdir.join('minion')), master, log_level='warning', log_level_logfile='warning') as minion:
        begun = tmpdir.join('begun')
        jid = master.publish('cmd.run', ['touch %s; while test -e %s; do sleep 0.05; done' % (begun, begun)])
        wait_until(begun.check, LIVE, 'the job')     # proc/JID is there before an executor has it
        minion.send(signal.SIGUSR1)
        minion.wait_log('asked by SIGUSR1 at [0-9.]+: running: 1; waiting: 0; 127.0.0.1: listening, [0-9]+ in the spool')
        for name in ('MainThread', 'subscriber', 'returner', 'executor'):
            assert 'thread %s' % name in minion.text()
        begun.remove()
        assert master.wait_return(jid, 'm1', LIVE)['return'] == ''
        assert minion.stop() == 0


def _above(path):
    """The folders that lead to a file."""
    found, path = [], os.path.realpath(path)
    while path != '/':
        path = os.path.dirname(path)
        found.append(path)
    return found


@as_root
def test_an_account_keeps_its_groups_and_folders(tmpdir, master):
    try:
        nobody = pwd.getpwnam('nobody')
    except KeyError:
        pytest.skip('no account nobody')
    if not all(os.stat(path).st_mode & 0o001 for path in _above(os.__file__) + _above(PROGRAM[1])):
        pytest.skip('this Python lies where only root may look')
    for folder in [tmpdir.mkdir('minion')] + tmpdir.join('minion').parts()[1:-1]:
        folder.chmod(folder.stat().mode & 0o7777 | 0o011)
    with started(str(tmpdir.join('minion')), master, user='nobody') as minion:
        with open('/proc/%d/status' % minion.pid) as stream:
            facts = dict(line.split(':', 1) for line in stream.read().splitlines())
        assert facts['Uid'].split() == [str(nobody.pw_uid)] * 4
        expected = set(entry for entry in os.getgrouplist('nobody', nobody.pw_gid)) if hasattr(os, 'getgrouplist') else None
        assert expected is None or set(int(word) for word in facts['Groups'].split()) == expected
        status = os.path.join(minion.folder, 'minion.status')
        assert os.stat(status).st_uid == nobody.pw_uid and os.stat(status).st_mode & 0o777 == 0o644
        for name in ('cache', 'pki'):
            assert os.stat(os.path.join(minion.folder, name)).st_uid == nobody.pw_uid
        assert minion.stop() == 0


def test_the_doctor_finds_a_running_minion_well(tmpdir, master, capfd):
    with started(str(tmpdir.join('minion')), master, master_finger=master.fingerprint) as minion:
        assert call(master, 'test.ping') is True
        folder = os.path.join(minion.folder, 'conf')

        def well():
            code = doctor.main(['-c', folder])
            out = ' '.join(capfd.readouterr()[0].split())
            return out if code == 0 and 'The last job was ' in out else None
        out = wait_until(well, LIVE, 'exit code 0 and the last job')
        for words in ('The minion runs as process %d and holds its lock.' % minion.pid, 'as master_finger wants it',
                      'The master accepts this minion\'s key.', 'The clock agrees with the master\'s.'):
            assert words in out
        assert minion.stop() == 0


SILENT = '127.77.0.53'                           # a name server that takes questions and says nothing


@as_root
def test_it_listens_at_once_though_the_name_service_is_dead(tmpdir, master):
    """With an empty cache, no id of its own, and every question to the name service left without answer."""
    tmpdir.join('resolv.conf').write('nameserver %s\n' % SILENT)
    tmpdir.join('nsswitch.conf').write('hosts: files dns\n')
    server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    try:
        server.bind((SILENT, 53))
    except socket.error as exc:
        server.close()
        pytest.skip('no name server can be played here: %s' % exc)
    try:
        script = 'mount --bind %s /etc/resolv.conf && mount --bind %s /etc/nsswitch.conf && exec "$@"' % (
            tmpdir.join('resolv.conf'), tmpdir.join('nsswitch.conf'))
        private = ('unshare', '-m', 'sh', '-c', script, 'sh')
        if subprocess.call(private + ('true',), stderr=subprocess.DEVNULL if not compat.PY2 else None):
            pytest.skip('no file system of its own for a process here')
        took = min(_start_time(tmpdir.join('minion%d' % number), master, private) for number in range(3))
    finally:
        server.close()
    idle = os.getloadavg()[0] < os.sysconf('SC_NPROCESSORS_ONLN')
    print('from exec to listening: %.2f s' % took)
    assert took < (1.0 if idle else 4.0), took


def _start_time(folder, master, before):
    """Seconds from exec to the subscription at the master."""
    minion = MinionProcess(str(folder), master, key=testkeys.path('minion'), program=before + tuple(PROGRAM), log_level='info')
    minion.write_config()
    known, begun = len(master.journal.subscriptions), compat.monotonic()
    with minion.start():
        master.journal.wait_subscriptions(known + 1, LIVE)
        took = compat.monotonic() - begun
        assert minion.stop() == 0, minion.tail()
    return took


def test_a_keeper_leaves_no_descriptors_to_jobs(tmpdir, master):
    minion = MinionProcess(str(tmpdir.join('minion')), master, key=testkeys.path('minion'))
    minion.write_config()
    assert subprocess.call(list(PROGRAM) + ['-c', os.path.join(minion.folder, 'conf'), '-d']) == 0
    master.wait_event('salt/minion/m1/start', LIVE)
    pid = int(files.read(os.path.join(minion.folder, 'minion.pid')))
    try:
        listing = call(master, 'cmd.run', 'ls -l /proc/self/fd')
        assert 'minion' not in listing.replace(minion.folder, '') or 'minion.lock' not in listing
        assert [line for line in listing.splitlines() if line.split(' -> ')[0].split()[-1] in ('7', '8', '9')] == []
        assert call(master, 'cmd.run', 'echo "[$MINION_HANDOVER]"') == '[]'
    finally:
        os.kill(pid, signal.SIGTERM)
    wait_until(lambda: not os.path.exists('/proc/%d' % pid), LIVE, 'its end')
    wait_until(lambda: not [line for line in leaks.of_this_run().values() if minion.folder in line], LIVE,
               'the end of its parent')
