"""What is tried again while the disk is in trouble, and the files that dead processes leave."""
from __future__ import absolute_import, division, print_function

import errno
import os
import threading

import pytest

from minion import disk, files, repairs
from tests.support.waiting import wait_until


@pytest.fixture
def mender():
    made = repairs.Repairs(pause=0.01)
    yield made
    assert made.stop(10)
    made.close()


class Task(object):
    """Succeeds at the call number `wanted`."""

    def __init__(self, wanted):
        self.wanted, self.calls = wanted, 0

    def __call__(self):
        self.calls += 1
        return self.calls >= self.wanted


def threads():
    return [thread for thread in threading.enumerate() if thread.name == 'repairs']


def test_each_task_is_tried_until_it_succeeds_and_no_thread_stays(mender):
    assert threads() == []
    tasks, added = [Task(1), Task(5), Task(3)], threading.Event()
    mender.add(lambda: added.wait(10))               # what is added meanwhile is of the next round
    for task in tasks + tasks:
        mender.add(task)
    added.set()
    wait_until(lambda: not threads(), 10, 'the end of the thread')
    assert [task.calls for task in tasks] == [1, 5, 3]
    mender.add(tasks[0])
    wait_until(lambda: not threads() and tasks[0].calls == 2, 10, 'another round')


def test_a_task_that_fails_again_while_it_is_repaired_is_not_forgotten(mender):
    task = Task(1)
    task.again = 2

    def repair():
        task()
        if task.again:
            task.again -= 1
            mender.add(repair)
        return True
    mender.add(repair)
    wait_until(lambda: task.calls == 3 and not threads(), 10, 'three rounds')


def test_after_the_stop_nothing_is_tried():
    made = repairs.Repairs(pause=60)
    task = Task(1)
    made.add(task)
    assert made.stop(10) and task.calls == 0
    made.add(task)
    assert threads() == []
    made.close()


# ---- what is told

def test_a_disk_tells_of_changes_only(tmpdir, caplog):
    told = []
    one = disk.Disk(str(tmpdir), 'work goes on', told.append)
    one.worked()
    for number in (28, 28, 30):
        one.failed(OSError(number, os.strerror(number)))
    assert one.reason == 'Read-only file system'
    one.worked()
    one.worked()
    assert told == ['No space left on device', None]
    assert caplog.text.count('work goes on') == 1


# ---- files

def test_a_missing_folder_is_made_only_where_asked(tmpdir):
    path = str(tmpdir.join('a', 'b', 'file'))
    with pytest.raises((OSError, IOError)):
        files.write(path, b'x')
    files.write(path, b'x', make_folder=True)
    assert files.read(path) == b'x' and os.stat(os.path.dirname(path)).st_mode & 0o777 == 0o700


def test_a_created_file_is_private_and_its_folder_is_made(tmpdir):
    path = str(tmpdir.join('new', 'file'))
    for content in (b'first', b'second, longer', b'3'):              # what has the name is replaced as a whole
        files.create(path, content)
        assert files.read(path) == content and os.stat(path).st_mode & 0o777 == 0o600
    assert os.listdir(os.path.dirname(path)) == ['file']
    files.create(str(tmpdir.join('new', 'other')), b'')
    assert files.read(str(tmpdir.join('new', 'other'))) == b''


def test_a_file_that_the_disk_took_in_part_only_is_not_left_there(tmpdir, monkeypatch):
    calls, write = [], os.write

    def nearly_full(handle, data):
        calls.append(handle)
        if len(calls) > 1:
            raise OSError(errno.ENOSPC, 'No space left on device')
        return write(handle, data[:3])
    monkeypatch.setattr(files.os, 'write', nearly_full)
    with pytest.raises(OSError):
        files.create(str(tmpdir.join('file')), b'more than three')
    assert len(calls) == 2 and tmpdir.listdir() == []
    with pytest.raises(OSError):
        os.fstat(calls[0])                                           # nor is its descriptor


def test_a_link_in_the_place_of_a_created_file_is_not_followed(tmpdir):
    aim = tmpdir.join('aim')
    os.symlink(str(aim), str(tmpdir.join('file')))
    files.create(str(tmpdir.join('file')), b'ours')
    assert not aim.check() and tmpdir.join('file').read() == 'ours'


def test_what_dead_writers_left_is_swept_and_nothing_else(tmpdir):
    for name in ('.recent.Ab3_xyz9', '.recent.abcdef', '.recent.txt', '.recent2.abcdef', 'recent', '.recent.new.abcdef'):
        tmpdir.join(name).write('x')
    tmpdir.mkdir('.recent.folder')
    path = str(tmpdir.join('recent'))
    files.sweep(path)
    assert len(tmpdir.listdir()) == 7                # one may be writing at this moment
    files.sweep(path, now=os.stat(path).st_mtime + files.STALE + 1)
    assert sorted(entry.basename for entry in tmpdir.listdir()) == [
        '.recent.folder', '.recent.new.abcdef', '.recent.txt', '.recent2.abcdef', 'recent']
    files.sweep(str(tmpdir.join('missing', 'file')))


def test_only_what_is_no_file_is_out_of_the_way(tmpdir):
    tmpdir.join('file').write('')
    tmpdir.mkdir('folder')
    assert files.out_of_the_way(str(tmpdir.join('file'))) is None
    assert files.out_of_the_way(str(tmpdir.join('missing'))) is None
    assert '.corrupt-' in files.out_of_the_way(str(tmpdir.join('folder')))
