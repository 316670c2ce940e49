"""A full or read-only disk: the minion answers, tells of it, and is as before once there is space; no restart needed."""
from __future__ import absolute_import, division, print_function

import json
import os

import pytest

from minion import compat, files
from tests.support import faults, testkeys
from tests.support.minionprocess import MinionProcess
from tests.support.smalldisk import BALLAST, SmallDisk
from tests.support.waiting import wait_until

START, ANSWER, REPAIR = 60, 30, 30               # seconds at most
FOLDERS = ('cache', 'log', 'run')                # cachedir with the lock; of the log file; of pidfile and sock_dir
DISK = 'salt/minion/m1/disk'


class Place(object):
    """A minion whose changing folders lie on small disks of their own.

    :param tuple names: of FOLDERS, those on a small disk; the others are ordinary.
    """

    def __init__(self, folder, master, names):
        self.folder = str(folder)
        paths = dict((name, os.path.join(self.folder, name)) for name in FOLDERS)
        for path in paths.values():
            compat.make_dirs(path)
        self.disks = []
        self.minion = MinionProcess(
            self.folder, master, key=testkeys.path('minion'), cachedir=paths['cache'], sock_dir=paths['run'],
            log_file=os.path.join(paths['log'], 'minion'), pidfile=os.path.join(paths['run'], 'minion.pid'))
        self.minion.log = os.path.join(paths['log'], 'minion')
        for name in names:
            self.disks.append(SmallDisk(paths[name]))

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        self.minion.__exit__(kind, error, trace)
        for disk in self.disks:
            disk.close()

    def path(self, *names):
        return os.path.join(self.folder, *names)

    def half_written(self):
        """Files that a write left behind."""
        return [os.path.join(folder, name) for folder, _, names in os.walk(self.folder)
                for name in names if name.startswith('.')]


@pytest.fixture
def master(tmpdir):
    with faults.FaultyMaster(str(tmpdir.join('master')), 3, testkeys.private('master'), auto_accept=True) as made:
        yield made


@pytest.fixture
def place(tmpdir, master):
    """place(names) -> Place, taken away after the test."""
    made = []

    def make(names):
        made.append(Place(tmpdir.join('minion'), master, names))
        return made[0]
    yield make
    for one in made:
        one.__exit__(None, None, None)


def ask(master, fun, *arg):
    return master.wait_return(master.publish(fun, list(arg)), 'm1', ANSWER)['return']


def answers(master):
    """Both kinds of jobs come back."""
    assert ask(master, 'test.ping') is True
    assert ask(master, 'cmd.run', 'echo hello') == 'hello'


def disk_events(master):
    return [event['data'] for event in master.events if event['tag'] == DISK]


def spool_is_on_disk(master, place):
    """A return that the master does not acknowledge lies in the spool."""
    lost = master.add(faults.Drop(command='_return', times=1))
    jid = master.publish('test.ping')
    wait_until(lambda: lost.acted, ANSWER, 'a return that is not acknowledged')
    entries = files_in(place.path('cache', 'spool'))
    assert [name for name in entries if name.endswith('.msg')], place.minion.tail()
    assert jid in files.read(place.path('cache', 'jobs', 'recent')).decode('ascii')
    wait_until(lambda: not files_in(place.path('cache', 'spool')), ANSWER, 'an empty spool')


def files_in(path):
    return os.listdir(path) if os.path.isdir(path) else []


def check_cache(master, here, before, reason):
    """The trouble of the spool was told once, so was its end, and all is written to the disk again."""
    spool = here.path('cache', 'spool')
    master.wait(lambda: len(disk_events(master)) == 2, REPAIR, 'the event of the recovery')
    assert disk_events(master) == [{'path': spool, 'reason': reason, 'state': 'trouble'},
                                   {'path': spool, 'reason': '', 'state': 'recovered'}]
    spool_is_on_disk(master, here)
    said = here.minion.text(before)
    for line in ('%s: cannot be written (%s)' % (spool, reason), '%s: can be written again' % spool):
        assert said.count(line) == 2                 # once on the console, once in the log file
    assert files_in(here.path('cache', 'proc')) == []
    status = wait_until(lambda: json.loads(files.read(here.path('run', 'minion.status')).decode('utf-8')), REPAIR, 'status')
    assert (status['state'], status['masters'][0]['disk']) == ('listening', None)


def check_log(master, here):
    """The file gets lines again."""
    jid = master.publish('test.ping')
    wait_until(lambda: ('job %s done' % jid).encode('ascii') in files.read(here.minion.log, 1 << 24), REPAIR, 'a line')


def check_recovery(master, here, name, before, reason):
    answers(master)
    if name == 'cache':
        check_cache(master, here, before, reason)
    else:
        assert disk_events(master) == []
    if name == 'log':
        check_log(master, here)


def check_end(here):
    """A clean end."""
    assert here.minion.stop() == 0, here.minion.tail()
    assert not os.path.exists(here.path('run', 'minion.pid'))
    assert here.minion.leftovers() == [] and here.half_written() == []


@pytest.mark.parametrize('name', FOLDERS)
def test_a_disk_that_fills_up(master, place, name):
    with place((name,)) as here, here.minion:
        master.wait_event('salt/minion/m1/start', START)
        before, disk = here.minion.mark(), here.disks[0]
        disk.fill()
        for _ in range(2):
            answers(master)
        if name == 'cache':
            master.wait_event(DISK, ANSWER)
        # what an administrator would do about it
        assert ask(master, 'cmd.run', 'rm ' + os.path.join(disk.path, BALLAST)) == ''
        check_recovery(master, here, name, before, 'No space left on device')
        check_end(here)


@pytest.mark.parametrize('name', FOLDERS)
def test_a_disk_that_becomes_read_only(master, place, name):
    with place((name,)) as here, here.minion:
        master.wait_event('salt/minion/m1/start', START)
        before, disk = here.minion.mark(), here.disks[0]
        disk.read_only()
        for _ in range(2):
            answers(master)
        if name == 'cache':
            master.wait_event(DISK, ANSWER)
        disk.writable()
        check_recovery(master, here, name, before, 'Read-only file system')
        check_end(here)


# ---- a start under these conditions

@pytest.mark.parametrize('reason', ['No space left on device', 'Read-only file system'])
def test_a_start_on_such_disks(master, place, reason):
    with place(FOLDERS) as here:
        full = reason.startswith('No space')
        for disk in here.disks:
            if full:
                disk.fill()
            else:
                disk.read_only()
        with here.minion:
            master.wait_event('salt/minion/m1/start', START)
            answers(master)
            wait_until(lambda: disk_events(master), ANSWER, 'the event of the trouble')
            here.minion.wait_log(r'minion\.pid: cannot be written \(%s\)' % reason)
            if not full:
                here.minion.wait_log(r'log_file: .* cannot be written: %s' % reason)
                here.minion.wait_log(r'minion\.lock: cannot be written \(%s\); no lock' % reason)
            for disk in here.disks:
                if full:
                    disk.empty()
                else:
                    disk.writable()
            master.wait(lambda: len(disk_events(master)) == 2, REPAIR, 'the event of the recovery')
            pidfile = here.path('run', 'minion.pid')
            wait_until(lambda: os.path.exists(pidfile), REPAIR, 'the pid file')
            assert files.read(pidfile) == compat.to_bytes(str(here.minion.pid))
            spool_is_on_disk(master, here)
            check_log(master, here)
            refused = MinionProcess(here.folder, master, pidfile=here.path('other.pid'), **dict(
                (key, here.minion.settings[key]) for key in ('cachedir', 'sock_dir', 'log_file')))
            refused.output = here.path('second')
            with refused:                            # the lock is there, too
                assert refused.wait_end() == 1
            check_end(here)


def test_a_second_start_on_a_read_only_disk_is_refused(master, place):
    with place(('cache',)) as here, here.minion:
        master.wait_event('salt/minion/m1/start', START)
        here.disks[0].read_only()
        second = MinionProcess(here.folder, master, pidfile=here.path('other.pid'), cachedir=here.path('cache'))
        second.output = here.path('second')
        with second:
            assert second.wait_end() == 1
        assert b'a minion with this configuration runs as process %d' % here.minion.pid in files.read(second.output)
        here.disks[0].writable()
        check_end(here)
