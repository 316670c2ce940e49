"""`minion doctor`: each of its findings provoked once, in the words and with the exit code that people get."""
from __future__ import absolute_import, division, print_function

import contextlib
import fcntl
import hashlib
import json
import os
import socket
import time

import pytest

from minion import compat, config, files, pki, trust, versions
from minion.commands import doctor, doctor_host, doctor_master
from minion.demo.master import Master
from tests.support import groups, testkeys

ONCE = {'master': '127.0.0.1', 'id': 'm1', 'auth_timeout': 1}


class Host(object):
    """A configuration of a test's own, and what the doctor says of it."""

    def __init__(self, tmpdir):
        self.root = tmpdir
        self.values = dict(ONCE, root_dir=str(tmpdir), user=None)
        for name in ('etc/salt/pki/minion', 'var/cache/salt/minion', 'var/run', 'var/log/salt', 'conf'):
            self.root.join(name).ensure(dir=True)
        self.pki = str(self.root.join('etc', 'salt', 'pki', 'minion'))
        self.pidfile = str(self.root.join('var', 'run', 'salt-minion.pid'))

    def key(self, name='minion'):
        """Put a private key in its place."""
        files.write(os.path.join(self.pki, 'minion.pem'), files.read(testkeys.path(name)), 0o400, sync=False)

    def pin(self, key):
        """Put a public key in the place of the master's."""
        pki.store_master_key(os.path.join(self.pki, 'minion_master.pub'), key.pem)

    def write(self):
        text = compat.import_yaml().safe_dump(dict(item for item in self.values.items() if item[1] is not None))
        self.root.join('conf', 'minion').write(text)
        return str(self.root.join('conf'))

    def status(self, **way):
        """A status file as that of this process, which passes for a minion."""
        way = dict({'master': '127.0.0.1', 'state': 'listening', 'protocol': 3, 'since': 1.0, 'spool': 0, 'disk': None,
                    'trouble': None, 'ready': True, 'last_publish': None, 'last_jid': None, 'last_job_at': None}, **way)
        facts = {'minion_id': 'm1', 'pid': os.getpid(), 'state': 'listening', 'masters': [way], 'written': time.time(),
                 'jobs': {}, 'version': '1', 'descriptors': 3, 'rss_kb': 1}
        files.write(self.pidfile, b'%d' % os.getpid(), sync=False)
        files.write(self.pidfile.replace('.pid', '.status'), compat.to_bytes(json.dumps(facts)), sync=False)

    def listing(self):
        """{path: digest and times} of everything on this host, for comparing."""
        found = {}
        for folder, _, names in os.walk(str(self.root)):
            for name in names:
                path = os.path.join(folder, name)
                found[path] = hashlib.sha1(files.read(path)).hexdigest(), os.stat(path).st_mtime, os.stat(path).st_mode
        return found


@pytest.fixture
def host(tmpdir):
    return Host(tmpdir.mkdir('host'))


@pytest.fixture
def run(host, capfd):
    """run(*words) -> (exit code, output with its lines joined); checks that nothing was changed."""
    def call(*words):
        folder = host.write()
        before = host.listing()
        code = doctor.main(['-c', folder] + list(words))
        assert host.listing() == before
        return code, ' '.join(capfd.readouterr()[0].split())
    return call


@pytest.fixture
def master(tmpdir, host):
    with Master(str(tmpdir.join('master')), 3, testkeys.private('master')) as found:
        host.values['master_port'] = found.ret_port
        yield found


def told(outcome, code, *sentences):
    """The exit code, and each sentence in the output."""
    assert outcome[0] == code and not [words for words in sentences if words not in outcome[1]], outcome
    return True


def of(findings, level, words):
    """One finding of that level with these words."""
    assert [one for one in findings if one.level == level and words in one.text], findings
    return True


# ---- configuration, id, libraries

def test_a_configuration_that_does_not_load(host, run):
    host.values['master_port'] = 'x'
    assert told(run(), 2, 'error configuration: ', "conf/minion: master_port: 'x' should be", '-> Correct that')


def test_no_configuration(host, capfd):
    assert doctor.main(['-c', str(host.root.join('nothing'))]) == 2
    out = ' '.join(capfd.readouterr()[0].split())
    assert 'warning configuration: ' in out and 'nothing/minion does not exist: the defaults hold.' in out
    assert '-> Write at least `master: ADDRESS` into it.' in out


def test_what_is_odd_in_a_configuration(host, run):
    host.values.update(engines=['x'], master_port=1)
    assert told(run(), 2, 'warning configuration: ', 'engines: not offered by this program, ignored.')


@pytest.mark.skipif(os.geteuid() != 0, reason='only root minds')
def test_files_that_others_may_write(host, run):
    host.root.join('conf').chmod(0o777)
    assert told(run(), 2, 'error permissions: ', 'can be written by others (mode 0777)', '-> See who changed it')


def test_an_id_that_no_master_takes(host, run):
    host.values['id'] = 'a/b'
    assert told(run(), 2, 'error id: ', "the id 'a/b' contains a slash", '-> Set `id` in the configuration.')


def test_an_id_that_every_host_has(host, run):
    host.values['id'] = 'localhost'
    assert told(run(), 2, 'warning id: This minion is localhost (from ', '-> Set `id`: every host is called so.')


@pytest.mark.parametrize('installed, words', [(None, 'The library rsa is not installed'), ('3.3', 'rsa 3.3 is older than 3.4')])
def test_libraries(monkeypatch, installed, words):
    monkeypatch.setattr(versions, 'floors', lambda: [('rsa', '3.4', installed)])
    assert of(doctor_host.libraries(), 'error', words)


def test_no_aes(monkeypatch):
    def nobody():
        raise ImportError('no provider')
    monkeypatch.setattr(versions, 'aes_provider', nobody)
    assert of(doctor_host.libraries(), 'error', 'Nothing here can do AES: no provider.')


# ---- disks

class Facts(object):
    f_bavail, f_frsize, f_files, f_favail, f_flag = 1 << 30, 4096, 100, 50, 0

    def __init__(self, **values):
        self.__dict__.update(values)


@pytest.mark.parametrize('values, level, words', [
    ({'f_bavail': 0}, 'error', 'is full.'), ({'f_favail': 0}, 'error', 'is full.'), ({'f_flag': 1}, 'error', 'read-only.'),
    ({'f_bavail': 1000}, 'warning', 'has only 3 MB left.')])
def test_disks(host, monkeypatch, values, level, words):
    conf = config.load(host.write())
    monkeypatch.setattr(doctor_host.os, 'statvfs', lambda path: Facts(**values))
    assert of(doctor_host.disks(conf), level, words)


@pytest.mark.skipif(os.geteuid() == 0, reason='root may write everywhere')
def test_a_folder_that_may_not_be_written(host, run):
    host.root.join('var', 'cache', 'salt', 'minion').chmod(0o500)
    assert told(run(), 2, 'error disk: cachedir: ', 'may not be written by')


# ---- the process and its jobs

def test_it_does_not_run(host, run):
    assert told(run(), 2, 'warning process: The minion does not run.', '-> Start it: ')


def test_it_died(host, run):
    files.write(host.pidfile, b'99999999', sync=False)
    assert told(run(), 2, 'error process: The minion has died: process 99999999 of the pid file ', '-> See its log ')


def test_the_pid_file_of_another_program(host, run):
    stranger = groups.start(['sleep', '300'], os.devnull, '/')
    try:
        files.write(host.pidfile, b'%d' % stranger.pid, sync=False)
        assert told(run(), 2, 'names process %d, which is another program: sleep 300.' % stranger.pid)
    finally:
        groups.end(stranger)


def test_who_holds_the_lock(host, run):
    with open(str(host.root.join('var', 'cache', 'salt', 'minion', 'minion.lock')), 'w') as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        if doctor_host._holder(stream.name) is None:
            pytest.skip('this kernel does not list flocks in /proc/locks')
        assert told(run(), 2, 'warning process: Process %d holds the lock ' % os.getpid(), 'does not name it')


def work(host, monkeypatch, **way):
    monkeypatch.setattr(doctor_host.service_state.process, 'is_minion', lambda pid: True)
    host.status(**way)
    return doctor_host.work(config.load(host.write()))


def test_jobs_and_clock(host, monkeypatch):
    at = 1700000000.0
    jid = time.strftime('%Y%m%d%H%M%S', time.gmtime(at)) + '000000'
    found = work(host, monkeypatch, last_jid=jid, last_job_at=at + 1)
    assert of(found, 'ok', 'The last job was %s.' % jid) and of(found, 'ok', 'The clock agrees')
    assert of(found, 'ok', '0 returns wait')
    for late, words in ((100, '100 s ahead of'), (-5000, '5000 s behind')):
        assert of(work(host, monkeypatch, last_jid=jid, last_job_at=at + late), 'warning', 'The clock is ' + words)
    for way in ({}, {'last_jid': 'req', 'last_job_at': at}, {'last_jid': '2' * 20, 'last_job_at': at}):
        assert of(work(host, monkeypatch, **way), 'note', 'Not compared with the master\'s')


def test_returns_that_wait(host, monkeypatch):
    assert of(work(host, monkeypatch, spool=500), 'warning', '500 returns wait for a master that takes them.')
    assert of(work(host, monkeypatch, disk='No space left on device'), 'error', 'Returns cannot be kept on the disk: No space')


# ---- the way to the master

@contextlib.contextmanager
def silent_port():
    """A port that takes connections and says nothing."""
    listener = socket.socket()
    try:
        listener.bind(('127.0.0.1', 0))
        listener.listen(5)
        yield listener.getsockname()[1]
    finally:
        listener.close()


def closed_port():
    with silent_port() as port:
        return port


def test_a_name_without_address(host, run):
    host.values['master'] = 'no-such-master.invalid'
    assert told(run(), 2, 'error name: The master: the name no-such-master.invalid ', '-> Correct the setting master')


def test_a_request_port_that_is_closed(host, run):
    host.values['master_port'] = port = closed_port()
    assert told(run(), 2, 'error port: The request port %d of 127.0.0.1 (127.0.0.1) cannot be reached: ' % port,
                '-> See whether the master runs')


def test_a_port_that_takes_connections_only(host, run):
    host.key()
    with silent_port() as port:
        host.values['master_port'] = port
        assert told(run(), 2, 'ok port: The request port', 'error acceptance: The master takes connections but does not answer')


def test_a_publish_port_that_is_closed(host, run):
    with silent_port() as port:
        host.values.update(master_port=port, publish_port=closed_port())
        assert told(run(), 2, 'error port: The publish port ', 'No job can come.', '-> Let a firewall in between')


def test_without_a_key_the_master_is_not_asked(host, run, master):
    assert told(run(), 2 if doctor_master._port('127.0.0.1', 4505) else 1, 'note key: There is no key yet in ')
    assert master.key_state('m1') is None and not master.requests


def test_a_damaged_key(host, run):
    files.write(os.path.join(host.pki, 'minion.pem'), b'', 0o400, sync=False)
    assert told(run(), 2, 'error key: ', 'minion.pem is empty', '-> ')


def test_accepted(host, run, master):
    host.key()
    master.preaccept('m1', testkeys.private('minion').public.pem)
    assert told(run(), 1, 'ok acceptance: The master accepts this minion\'s key.', 'ok port: The publish port ',
                'ok protocol: Protocol version 3 was offered, the master speaks 3.', 'ok key: The fingerprint of this')
    host.pin(master.public_key)
    host.values['master_finger'] = master.fingerprint
    assert told(run(), 1, 'as master_finger wants it')


def test_pending(host, run, master):
    host.key()
    assert told(run(), 2 if doctor_master._port('127.0.0.1', 4505) else 1,
                'warning acceptance: The master has this minion\'s key and waits for an operator.', 'salt-key -a m1')


def test_rejected(host, run, master):
    host.key()
    master.preaccept('m1', testkeys.private('other').public.pem)
    assert told(run(), 2, 'error acceptance: The master rejects this minion\'s key, or has another one for the id m1 '
                          '(rejected or denied).', 'salt-key -d m1')


def test_full(host, run, master):
    host.key()
    master.settings['max_minions'] = 1
    master.preaccept('other', testkeys.private('other').public.pem)
    assert told(run(), 2, 'error acceptance: Not signed in: the master serves as many minions as its max_minions allows.')


@pytest.mark.parametrize('generation, minimum, code, words', [
    (0, 0, 1, 'note protocol: Protocol version 3 was offered, the master speaks 0.'),
    (2, 2, 1, 'note protocol: Protocol version 3 was offered, the master speaks 2.'),
    (0, 2, 2, 'error protocol: the answer is not signed: '),
    (2, 3, 2, 'error acceptance: Not signed in: the master speaks protocol version 2, minimum_auth_version asks for 3')])
def test_older_protocols(host, run, tmpdir, generation, minimum, code, words):
    host.key()
    host.values['minimum_auth_version'] = minimum
    with Master(str(tmpdir.join('master')), generation, testkeys.private('master'), auto_accept=True) as master:
        host.values['master_port'] = master.ret_port
        if code == 2:
            host.values['publish_port'] = master.publish_port
        assert told(run(), code, words)


def test_a_master_with_another_key(host, run, master):
    host.key()
    host.pin(testkeys.private('other').public)
    master.preaccept('m1', testkeys.private('minion').public.pem)
    assert told(run(), 2, 'error acceptance: Not signed in: the master\'s key has changed: ')


def test_fingerprints_that_do_not_agree(host, run, master):
    host.key()
    host.values['master_finger'] = testkeys.private('other').public.fingerprint()
    master.preaccept('m1', testkeys.private('minion').public.pem)
    assert told(run(), 2, 'note master key: The master\'s key is not known yet: the first sign-in learns it',
                'error master key: master_finger is ')
    host.pin(testkeys.private('master').public)
    assert told(run(), 2, 'error master key: ', 'but master_finger is', '-> Correct master_finger, or remove the file')


def test_a_damaged_master_key(host, run, master):
    host.key()
    files.write(os.path.join(host.pki, 'minion_master.pub'), b'nonsense', sync=False)
    files.write(os.path.join(host.pki, 'minion_master.seen'), b'nonsense', sync=False)
    assert told(run(), 2, 'error master key: ', 'minion_master.pub', '-> ')


@pytest.mark.parametrize('kind, words', [('disable', 'no master is contacted'), ('func', 'A function names the master')])
def test_no_master_to_ask(host, kind, words):
    host.values.update(master_type=kind, master='some.function')
    assert of(doctor_master.ways(config.load(host.write()), 'm1', None), 'note', words)


# ---- its output

def test_json_and_quiet(host, run):
    host.values['master_port'] = closed_port()
    code, out = run('--json')
    found = json.loads(out)
    assert found['exit_code'] == code == 2
    assert set(found['findings'][0]) == set(['check', 'level', 'text', 'remedy'])
    assert 'ok ' not in run('-q')[1].split('->')[0] and run('--nosuch')[0] == 64


def test_a_store_that_only_looks(tmpdir):
    store = trust.Trust(str(tmpdir), writes=False)
    key = testkeys.private('master').public
    store.pin(key)
    store.note_version(key, 3)
    assert os.listdir(str(tmpdir)) == [] and store.master_key() is None
