"""Every file of the minion, torn as a loss of power or a careless hand leaves it: it listens, or one line says why not."""
from __future__ import absolute_import, division, print_function

import json
import os
import random
import shutil
import signal
import sys

import pytest

from minion import compat, errors, files, keys, payload, recent, spool
from tests.support import faults, groups, testkeys
from tests.support.liveagent import LiveAgent
from tests.support.minionprocess import PROGRAM, ROOT, MinionProcess
from tests.support.waiting import wait_until

KEY = testkeys.private('master')
PKI, CACHE, STATUS = 'etc/salt/pki/minion/', 'cache/', 'var/run/salt-minion.status'
OLD_JID, SPOOLED, CRASHED = '20250101000000000001', '20250101000000000002', '20250101000000000003'
DAMAGES = ('empty', 'half', 'nuls', 'random', 'folder')
LOCKED = 'mode 000'

# what a start goes on without, or makes anew; lock and pid file belong to the process and come further down
REPAIRED = (PKI + 'minion.pub', PKI + 'minion_master.pub', PKI + 'minion_master.seen', CACHE + 'jobs/recent',
            CACHE + 'jobs/returned/' + OLD_JID, CACHE + 'proc/' + CRASHED, 'spool', STATUS, 'conf/grains')
# nothing is lost by these: the status is of the past, and without content the files are as good as missing
UNSAID = set([(STATUS, damage) for damage in DAMAGES if damage != 'folder'] +
             [(CACHE + 'jobs/recent', 'empty'), ('conf/grains', 'empty')])

# root passes over modes by two capabilities; a start without them meets what other accounts do
WITHOUT_OVERRIDE = (sys.executable, '-c', 'import ctypes, os, sys\n'
                    'libc = ctypes.CDLL(None, use_errno=True)\n'
                    'assert libc.prctl(24, 1, 0, 0, 0) == libc.prctl(24, 2, 0, 0, 0) == 0, ctypes.get_errno()\n'
                    'os.execv(sys.argv[1], sys.argv[1:])')


def torn(data, damage):
    """The bytes that are left of a file."""
    noise = random.Random(7)
    return {'empty': b'', 'half': data[:len(data) // 2 - 3], 'nuls': b'\0' * len(data),
            'random': b'\xff\xfe' + bytes(bytearray(noise.getrandbits(8) for _ in range(300)))}[damage]


def tear(path, damage):
    """Damage a file in its place."""
    if damage == LOCKED:
        os.chmod(path, 0)
    elif damage == 'folder':
        os.unlink(path)
        os.mkdir(path, 0o700)
    else:
        data, mode = files.read(path), os.stat(path).st_mode & 0o777
        os.unlink(path)                              # a second name of it, as kept returns have, stays whole
        files.write(path, torn(data, damage), mode, sync=False)


@pytest.fixture
def master(tmpdir):
    with faults.FaultyMaster(str(tmpdir.join('master')), 3, KEY, auto_accept=True) as made:
        yield made


@pytest.fixture(scope='module')
def seed(tmpdir_factory):
    """A folder as a minion leaves it that was killed: with all of its files."""
    top = tmpdir_factory.mktemp('seed')
    folder = str(top.join('minion'))
    with faults.FaultyMaster(str(top.join('master')), 3, KEY, auto_accept=True) as made:
        with LiveAgent(folder, made).ready():
            made.wait_return(made.publish('test.echo', ['x'], jid=OLD_JID), 'm1', 10)
            wait_until(lambda: not os.listdir(os.path.join(folder, CACHE, 'spool')), 10, 'an empty spool')
            made.add(faults.Drop(command='_return', times=None))
            made.publish('test.ping', jid=SPOOLED)
            wait_until(lambda: os.listdir(os.path.join(folder, CACHE, 'spool')), 10, 'a spooled return')
    job = {'jid': CRASHED, 'fun': 'test.sleep', 'arg': [60], 'tgt': '*', 'ret': '', 'pid': 1}
    files.write(os.path.join(folder, CACHE, 'proc', CRASHED), payload.pack(job))
    files.write(os.path.join(folder, 'conf', 'grains'), b'role: web\nrack: 7\nlist: [1, 2, 3]\n')
    files.write(os.path.join(folder, 'etc', 'salt', 'minion_id'), b'm1')
    files.write(os.path.join(folder, CACHE, 'minion.lock'), b'1\n')
    files.write(os.path.join(folder, 'minion.pid'), b'1')
    return folder


@pytest.fixture
def folder(tmpdir, seed):
    """A copy of it to be damaged."""
    path = str(tmpdir.join('minion'))
    shutil.copytree(seed, path)
    return path


def path_of(folder, name):
    if name == 'spool':
        name = CACHE + 'spool/' + os.listdir(os.path.join(folder, CACHE, 'spool'))[0]
    return os.path.join(folder, name)


def test_untouched_all_of_it_is_used(folder, master):
    """The seed is what the tests below take it for."""
    with LiveAgent(folder, master).ready() as minion:
        assert master.wait_return(SPOOLED, 'm1', 10)['return'] is True
        assert 'interrupted' in master.wait_return(CRASHED, 'm1', 10)['return']
        master.publish('test.echo', ['y'], jid=OLD_JID)
        assert master.wait_return(OLD_JID, 'm1', 10)['return'] == 'x'
        assert minion.call('grains.get', ['role'])['return'] == 'web'
        assert 'ERROR' not in minion.text()


def test_a_job_that_was_returned_is_not_called_interrupted(folder, master):
    """Killed between the return's way into the spool and the end of the proc file."""
    job = {'jid': OLD_JID, 'fun': 'test.echo', 'arg': ['x'], 'tgt': '*', 'ret': '', 'pid': 1}
    files.write(os.path.join(folder, CACHE, 'proc', OLD_JID), payload.pack(job))
    with LiveAgent(folder, master).ready() as minion:
        minion.wait_log('job %s had been returned' % OLD_JID)
        master.wait_return(CRASHED, 'm1', 10)
    assert [load for load in master.returns if load['jid'] == OLD_JID] == []
    assert os.listdir(os.path.join(folder, CACHE, 'proc')) == []


@pytest.mark.parametrize('damage', DAMAGES)
@pytest.mark.parametrize('name', REPAIRED)
def test_it_listens(folder, master, name, damage):
    path = path_of(folder, name)
    tear(path, damage)
    with LiveAgent(folder, master).ready() as minion:
        master.publish('test.echo', ['y'], jid=OLD_JID)          # looks for the kept return
        minion.wait_log('job %s ' % OLD_JID)
        assert minion.call('grains.get', ['rack'])['retcode'] == 0
        said = [line for line in minion.text().splitlines() if os.path.basename(path) in line
                and line.startswith(('WARNING', 'ERROR'))]
        assert len(said) == (0 if (name, damage) in UNSAID else 1), minion.text()
    CHECKS.get(name, lambda *_: None)(folder, path, damage)
    count = len(master.events)
    with LiveAgent(folder, master) as minion:                    # what was repaired stays so
        master.wait_event('salt/minion/m1/start', 15, after=count)
        assert minion.call('test.ping')['return'] is True


def check_public(folder, path, damage):
    assert keys.PublicKey.from_pem(files.read(path)) == testkeys.private('minion').public


def check_master(folder, path, damage):
    assert keys.PublicKey.from_pem(files.read(path)) == KEY.public


def check_seen(folder, path, damage):
    assert KEY.public.fingerprint() in json.loads(files.read(path).decode('ascii'))


def check_recent(folder, path, damage):
    assert len(recent.RecentJobs(path, 100)._known) >= 2


def check_set_aside(folder, path, damage):
    assert not os.path.exists(path)
    assert [name for name in os.listdir(os.path.dirname(path)) if name.startswith(os.path.basename(path) + '.corrupt-')]


def check_status(folder, path, damage):
    assert damage == 'folder' or json.loads(files.read(path).decode('ascii'))['state'] == 'stopped'


CHECKS = {PKI + 'minion.pub': check_public, PKI + 'minion_master.pub': check_master, PKI + 'minion_master.seen': check_seen,
          CACHE + 'jobs/recent': check_recent, 'spool': check_set_aside, CACHE + 'proc/' + CRASHED: check_set_aside,
          STATUS: check_status}


# ---- the whole program

def process(folder, master, damage='', **settings):
    if damage == LOCKED and os.geteuid() == 0:
        program = WITHOUT_OVERRIDE + PROGRAM
    else:
        program = PROGRAM
    return MinionProcess(folder, master, program=program, **dict({
        'root_dir': folder, 'pki_dir': os.path.join(folder, PKI), 'auth_timeout': 1}, **settings))


@pytest.mark.parametrize('damage', DAMAGES + (LOCKED,))
def test_it_listens_with_all_of_them_torn(folder, master, damage):
    together = [name for name in REPAIRED if name != PKI + 'minion_master.pub']       # which the file .seen restores
    if damage == LOCKED:
        together.remove(PKI + 'minion.pub')          # nobody knows what it holds: see below
    for name in together + [CACHE + 'minion.lock', 'minion.pid']:
        tear(path_of(folder, name), damage)
    with process(folder, master, damage) as minion:
        master.wait_event('salt/minion/m1/start', 60)
        assert master.wait_return(master.publish('test.ping'), 'm1', 30)['return'] is True
        assert minion.stop() == 0, minion.tail()
        assert 'Traceback' not in minion.text(), minion.tail()
        assert [name for name in minion.leftovers() if name != 'minion.pid' or damage != 'folder'] == []


@pytest.mark.parametrize('name, damage', [(PKI + 'minion.pem', damage) for damage in DAMAGES + (LOCKED,)] + [
    (PKI + 'minion.pub', LOCKED),
    ('conf/minion', 'nuls'), ('conf/minion', 'random'), ('conf/minion', 'folder'), ('conf/minion', LOCKED),
    ('conf/minion.d/more.conf', 'nuls'), ('conf/minion.d/more.conf', 'random'), ('conf/minion.d/more.conf', LOCKED),
    ('etc/salt/minion_id', 'random'), ('etc/salt/minion_id', 'folder'), ('etc/salt/minion_id', LOCKED)])
def test_one_line_says_why_not(folder, master, name, damage):
    path = os.path.join(folder, name)
    minion = process(folder, master, damage, id=None, log_level='warning')
    minion.write_config()
    minion.write_config = lambda: None               # it is torn from here on
    compat.make_dirs(os.path.join(folder, 'conf', 'minion.d'))
    files.write(os.path.join(folder, 'conf', 'minion.d', 'more.conf'), b'timeout: 5\n')
    tear(path, damage)
    before = os.lstat(path)
    with minion:
        assert minion.wait_end(60) == 78
        said = compat.to_native(files.read(minion.output)).splitlines()
        assert len(said) == 1 and said[0].startswith('minion: ' + path), said
    after = os.lstat(path)
    assert (before.st_ino, before.st_size, before.st_mode) == (after.st_ino, after.st_size, after.st_mode)
    assert not [one for one in os.listdir(os.path.dirname(path)) if '.corrupt-' in one]


@pytest.mark.parametrize('damage', ['empty', 'nuls'])
def test_an_id_without_content_is_found_anew(folder, master, damage):
    tear(os.path.join(folder, 'etc/salt/minion_id'), damage)
    with process(folder, master, id=None):
        found = master.wait_event('salt/minion/*/start', 60)['tag'].split('/')[2]
    assert found != 'm1'


def test_a_schedule_of_nuls_is_left_out(folder, master):
    """The program's own file, not an administrator's: a start does not fail for it."""
    compat.make_dirs(os.path.join(folder, 'conf', 'minion.d'))
    path = os.path.join(folder, 'conf', 'minion.d', '_schedule.conf')
    files.write(path, b'\0' * 512)
    with process(folder, master) as minion:
        master.wait_event('salt/minion/m1/start', 60)
        assert 'ignored: ' + path in minion.text()


def test_the_pinned_key_without_its_memory_is_waited_for(folder, master):
    """Nothing tells which key it was: an operator has to; no restart is needed then."""
    path = os.path.join(folder, PKI, 'minion_master.pub')
    whole = files.read(path)
    os.unlink(os.path.join(folder, PKI, 'minion_master.seen'))
    for damage in DAMAGES:
        if os.path.isdir(path):
            os.rmdir(path)
        files.write(path, whole)
        tear(path, damage)
        with LiveAgent(folder, master) as minion:
            minion.wait_log('ERROR .*minion_master.pub')
            assert minion.alive() and master.events == []
    os.rmdir(path)
    files.write(path, whole)
    with LiveAgent(folder, master).ready() as minion:
        assert minion.call('test.ping')['return'] is True


# ---- kill -9 while they are written

WRITER = '''
import sys
sys.path.insert(0, %r)
from minion import recent, running, spool, status, trust
from tests.support import testkeys
folder, key = sys.argv[1], testkeys.private('master').public
store = spool.Spool(folder + '/spool', 'm1 aa', 'aa11', 1 << 30, 1e9, lambda: None)
store.load(())
ring = recent.RecentJobs(folder + '/recent', 40)
jobs = running.RunningJobs(folder + '/proc')
known, shown = trust.Trust(folder), status.Status(folder + '/status', 'm1')
number = known.version(key)
print('begun')
sys.stdout.flush()
while True:
    number += 1
    jid = '%%020d' %% number
    jobs.enter({'jid': jid, 'fun': 'test.ping', 'arg': []})
    store.put({'cmd': '_return', 'jid': jid, 'return': 'x' * 3000}, 'm')
    ring.add(jid, recent.Seen('ab', number, 'aa', 'ff'))
    known.note_version(key, number)
    shown.stopped()
    if number %% 3:
        store.done(store.take('m')[0])
        jobs.end(jid)
'''


def test_a_kill_at_any_moment_leaves_whole_files(tmpdir):
    folder, chance, output = str(tmpdir.join('state')), random.Random(3), str(tmpdir.join('output'))
    for name in ('spool', 'proc'):
        compat.make_dirs(os.path.join(folder, name))
    script = str(tmpdir.join('writer.py'))
    files.write(script, compat.to_bytes(WRITER % ROOT))
    last = 0
    for _ in range(12):
        files.write(output, b'')
        writer = groups.start([sys.executable, script, folder], output, folder)
        try:
            wait_until(lambda: files.read(output), 30, 'the first word of the writer', pause=0.01)
            pages = chance.randrange(1, 60)          # so many lines later
            wait_until(lambda: number_of(folder) >= last + pages or writer.poll() is not None, 30, 'writing', pause=0.001)
            assert writer.poll() is None, files.read(output)
        finally:
            os.kill(writer.pid, signal.SIGKILL)
            groups.end(writer)
        last = check_all(folder, last)


def number_of(folder):
    try:
        seen = json.loads((files.read(os.path.join(folder, 'minion_master.seen')) or b'{}').decode('ascii'))
    except ValueError:
        raise AssertionError('minion_master.seen is torn')
    return max([0] + [entry['version'] for entry in seen.values()])


def spool_files(folder):
    names = os.listdir(os.path.join(folder, 'spool'))
    return [os.path.join(folder, 'spool', name) for name in names if not name.startswith('.')]


def is_torn(path):
    try:
        assert spool.checked(files.read(path))['load']['cmd'] == '_return'
    except errors.BadPayload:
        return True
    return False


def check_all(folder, last):
    """Each file loads, and holds what it held before; the highest number."""
    number = number_of(folder)
    assert number > last
    ring = recent.RecentJobs(os.path.join(folder, 'recent'), 40)
    assert ring._whole and '%020d' % number in ring
    torn = [path for path in spool_files(folder) if is_torn(path)]
    assert len(torn) <= 1, torn                      # it tells so itself, and the file in proc still owes the return
    for path in torn:
        os.remove(path)
    for name in os.listdir(os.path.join(folder, 'proc')):
        if not name.startswith('.'):
            assert payload.unpack(files.read(os.path.join(folder, 'proc', name)))[b'jid'] == name.encode('ascii')
    json.loads((files.read(os.path.join(folder, 'status')) or b'{}').decode('ascii'))
    leftover = [name for name in os.listdir(folder) if name.startswith('.')]
    assert len(leftover) <= 1, leftover              # one per kill, swept by the next start
    for name in leftover:
        os.utime(os.path.join(folder, name), (1, 1))
    return number
